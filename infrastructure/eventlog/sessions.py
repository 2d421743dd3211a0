"""Sessions with the database of the record: each statement commits by itself, times are UTC, and nothing waits for ever."""

from datetime import timedelta
from typing import Any, Final

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

Session = AsyncConnection[TupleRow]

LIMIT: Final = timedelta(seconds=10)
"""No statement of the log runs longer, waiting for a lock included."""

_milliseconds = LIMIT // timedelta(milliseconds=1)

TRANSPORT: Final[dict[str, Any]] = {
    "autocommit": True,
    # A peer that is gone without a word is noticed.
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": _milliseconds,
}


RECONNECT: Final = 2.0
"""Seconds for which a pool tries by itself to replace a lost session; after them, whoever asks for one has it try anew. Its
pauses double: with the library's five minutes it would keep everybody waiting about as long again as the database was away."""


WIDE: Final = "SELECT repeat(' ', 131072)"
"""The driver's buffer grows to the largest value that comes, and stays so. In a wide one a page of facts arrives in a few pieces;
in a fresh one in dozens, for each of which the event loop wakes up."""


async def connect(url: str) -> Session:
    """A session that takes in pages. Raises psycopg.OperationalError."""
    session = await AsyncConnection.connect(url, **TRANSPORT)
    try:
        await prepare(session)
        await session.execute(WIDE)
    except BaseException:  # also where it is called off: nobody else would close it
        await session.close()
        raise
    return session


async def prepare(session: Session) -> None:
    """Set up a session that was just connected."""
    await session.execute(
        "SELECT set_config('TimeZone', 'UTC', false), set_config('statement_timeout', %s, false)", [str(_milliseconds)]
    )


async def taken(session: Session, lock: int) -> bool:
    """Take an advisory lock for as long as the session lasts, if nobody holds it."""
    cursor = await session.execute("SELECT pg_try_advisory_lock(%s)", (lock,))
    return await cursor.fetchone() == (True,)
