"""The next tables of a view follow the record, as the live ones do, until they stand at the same fact; then they change places.

Whoever leads goes on meanwhile. For the last step the live tables are closed to it, and only for the change itself to readers.
Who waits for a lock has others wait behind it, so it gives up soon, and tries again.
"""

import asyncio
from collections.abc import Iterable
from typing import Final, LiteralString

from psycopg.errors import DeadlockDetected, LockNotAvailable
from psycopg.sql import SQL, Identifier

from infrastructure.eventlog.mapper import Reader
from infrastructure.eventlog.sessions import Session
from infrastructure.projections.runner import checkpoints
from infrastructure.projections.runner.projection import Projection, Statement
from infrastructure.projections.runner.streams import Streams

PAGE: Final = 1000
"""Facts in a page, up to the end of a command."""
CAPACITY: Final = 1000
"""Streams remembered."""
PATIENCE: Final = "300ms"
"""How long it waits for a lock, and so has readers wait at most."""
TRIES: Final = 200
PAUSE: Final = 0.3
"""Seconds between two."""

FOLLOWS: Final = "SELECT position FROM views.rebuilds WHERE name = %s"
FOLLOWED: Final = "UPDATE views.rebuilds SET position = %s WHERE name = %s"
SWAP: Final = "SELECT views.swap_next(%s)"
DONE: Final = "DELETE FROM views.rebuilds WHERE name = %s"
DROP: Final = "SELECT views.drop_last(%s)"


class NoOpportunityError(Exception):
    """Somebody reads the live tables without a pause. What was built is kept."""


class Successor:
    """The next tables of one view, for one session of the projector."""

    def __init__(self, session: Session, projection: Projection, reader: Reader, *, page: int = PAGE) -> None:
        self._session = session
        self._projection = projection
        self._streams = Streams(session, reader, CAPACITY)
        self._page = page

    async def catch_up(self) -> None:
        """Follow to the end of the record. Raises as Reader.recorded, and what PostgreSQL says of a row."""
        while True:
            async with self._session.transaction():
                if not await self._step(self._page):
                    return

    async def swap(self) -> int:
        """Take the place of the live tables, and say at which position. Raises NoOpportunityError, and as catch_up."""
        for _ in range(TRIES):
            try:
                async with self._session.transaction():
                    return await self._swap()
            except (LockNotAvailable, DeadlockDetected):
                await asyncio.sleep(PAUSE)
                await self.catch_up()
        raise NoOpportunityError(self._projection.name)

    async def drop_last(self) -> None:
        """Drop what was live, once nobody reads it any more."""
        for _ in range(TRIES):
            try:
                async with self._session.transaction():
                    await self._limit()
                    await self._session.execute(DROP, (self._names,))
                    return
            except LockNotAvailable:
                await asyncio.sleep(PAUSE)

    @property
    def _names(self) -> list[str]:
        return list(self._projection.tables)

    async def _swap(self) -> int:
        """The tables first, then the checkpoint: in the order in which the leader writes."""
        await self._limit()
        tables = SQL(", ").join(Identifier("views", table) for table in self._projection.tables)
        await self._session.execute(SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(tables))
        live = await checkpoints.hold(self._session, self._projection.name)
        position = await self._position()
        while position < live:
            position = await self._step(live - position)
        await self._session.execute(SWAP, (self._names,))
        await checkpoints.put(self._session, self._projection.name, position)
        await self._session.execute(DONE, (self._projection.name,))
        return position

    async def _limit(self) -> None:
        await self._session.execute("SELECT set_config('lock_timeout', %s, true)", (PATIENCE,))

    async def _position(self) -> int:
        cursor = await self._session.execute(FOLLOWS, (self._projection.name,))
        row = await cursor.fetchone()
        assert row is not None, "only what was begun follows"
        return int(row[0])

    async def _step(self, most: int) -> int:
        """Take so many facts, and the rest of the last command; to which position. 0 where there are none."""
        after = await self._position()
        if not (lines := await self._streams.lines(after, min(most, self._page))):
            return 0
        steps = await self._streams.steps(after, lines, self._projection.rooms)
        for statement in self._projection.apply(steps) if steps else ():
            await self._session.execute(*redirected(statement, self._projection.tables))
        await self._session.execute(FOLLOWED, (lines[-1].position, self._projection.name))
        return lines[-1].position


def redirected(statement: Statement, tables: Iterable[LiteralString]) -> Statement:
    """The same, for the next tables."""
    query = statement.query
    for table in tables:
        query = query.replace(f"views.{table}", f"views_next.{table}")
    return statement._replace(query=query)
