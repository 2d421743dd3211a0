"""How far each projection has come, and what holds it up. Written by who leads, and by the operator who resumes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec
from msgspec import Struct
from psycopg import AsyncCursor
from psycopg.rows import TupleRow

from infrastructure.eventlog.sessions import Session

TOLD: Final = "projected"
"""The channel on which each step is told: a JSON object from names to positions."""
CALL: Final = "projections"
"""The channel on which the runner is called to look at its checkpoints again."""

BEGIN: Final = "INSERT INTO views.checkpoints (name) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING"
READ: Final = "SELECT name, position, parked_at IS NOT NULL FROM views.checkpoints WHERE name = ANY(%s)"
MOVE: Final = """
    UPDATE views.checkpoints
       SET position = %s
     WHERE name = ANY(%s)
       AND position = %s
       AND parked_at IS NULL
"""
PARK: Final = """
    UPDATE views.checkpoints
       SET parked_at = record.clock(), parked_position = %s, parked_error = %s
     WHERE name = %s
       AND position = %s
       AND parked_at IS NULL
"""
RESUME: Final = """
    UPDATE views.checkpoints
       SET parked_at = NULL, parked_position = NULL, parked_error = NULL
     WHERE name = %s
"""
HOLD: Final = "SELECT position FROM views.checkpoints WHERE name = %s FOR UPDATE"
PUT: Final = """
    UPDATE views.checkpoints
       SET position = %s, parked_at = NULL, parked_position = NULL, parked_error = NULL
     WHERE name = %s
"""
PARKED: Final = "SELECT name, parked_position, parked_error FROM views.checkpoints WHERE parked_at IS NOT NULL ORDER BY name"
PROGRESS: Final = "SELECT name, position, lag, parked FROM views.progress()"


class OvertakenError(Exception):
    """The checkpoint is not where it was read: somebody reset it, parked it, or leads as well. Nothing was written."""


class Checkpoint(NamedTuple):
    """How far a projection has come."""

    name: str
    position: int
    parked: bool


class Progress(Struct, frozen=True):
    """How far a projection has come, as the operator sees it."""

    name: str
    position: int
    lag: int
    """How many facts of the record it does not show yet."""
    parked: bool
    """Whether something holds it up."""


class Parked(Struct, frozen=True):
    """What holds a projection up."""

    name: str
    position: int
    """Of the first fact of the command that holds it up, over all books."""
    error: str


async def begin(session: Session, names: Sequence[str]) -> None:
    """Put a checkpoint before the first fact where there is none."""
    await session.execute(BEGIN, (list(names),))


async def read(session: Session, names: Sequence[str]) -> list[Checkpoint]:
    """The checkpoints of these projections."""
    cursor = await session.execute(READ, (list(names),))
    return [Checkpoint(*row) for row in await cursor.fetchall()]


class Moved(NamedTuple):
    """A move on its way to the database. Whether it was made is known once the pipeline that it went in has ended."""

    names: Sequence[str]
    cursor: AsyncCursor[TupleRow]

    def check(self) -> None:
        """Within the transaction. Raises OvertakenError."""
        if self.cursor.rowcount != len(self.names):
            raise OvertakenError(*self.names)


async def move(session: Session, names: Sequence[str], before: int, after: int) -> Moved:
    """Move them on, and tell so: within the transaction that writes the rows, which stands only if this is checked."""
    cursor = await session.execute(MOVE, (after, list(names), before))
    await tell(session, dict.fromkeys(names, after))
    return Moved(names, cursor)


async def park(session: Session, name: str, before: int, position: int, error: str) -> None:
    """Hold a projection up, before the command whose first fact is there."""
    await session.execute(PARK, (position, error, name, before))


async def resume(session: Session, name: str) -> bool:
    """As the owner or the projector: have a parked projection try again what held it up. False where none bears the name."""
    cursor = await session.execute(RESUME, (name,))
    await call(session)
    return cursor.rowcount == 1


async def hold(session: Session, name: str) -> int:
    """How far it has come; nobody moves it until the transaction ends."""
    cursor = await session.execute(HOLD, (name,))
    row = await cursor.fetchone()
    assert row is not None, "begun before it is held"
    return int(row[0])


async def put(session: Session, name: str, position: int) -> None:
    """Put it there, whatever held it up: within the transaction that gives it other tables."""
    await session.execute(PUT, (position, name))
    await call(session)
    await tell(session, {name: position})


async def parked(session: Session) -> list[Parked]:
    """As the owner or the projector: what is held up, and by what."""
    cursor = await session.execute(PARKED)
    return [Parked(*row) for row in await cursor.fetchall()]


async def progress(session: Session) -> list[Progress]:
    """As any role: how far each projection has come."""
    cursor = await session.execute(PROGRESS)
    return [Progress(*row) for row in await cursor.fetchall()]


async def call(session: Session) -> None:
    """Have the runner look at its checkpoints."""
    await session.execute("SELECT pg_notify(%s, '')", (CALL,))


async def tell(session: Session, positions: Mapping[str, int]) -> None:
    """Say how far these are."""
    await session.execute("SELECT pg_notify(%s, %s)", (TOLD, msgspec.json.encode(positions).decode()))


def at(checkpoints: Iterable[Checkpoint], position: int) -> list[str]:
    """Those that have come just so far."""
    return [checkpoint.name for checkpoint in checkpoints if checkpoint.position == position]
