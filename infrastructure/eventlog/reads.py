"""Asking the database: a few sessions, each with a cursor that remembers how the values of its statements go over."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, LiteralString

import psycopg
from psycopg import AsyncCursor
from psycopg.rows import TupleRow

from application.ports import Busy
from infrastructure.eventlog.sessions import Session

MOST: Final = 4
"""Sessions at a time."""
PAUSE: Final = 0.05
"""Seconds before a question is asked again."""


class Reads:
    """For the tasks of one event loop. A session is connected when all others are busy, and left when a statement failed on it.

    Leaner by a quarter than a pool that hands sessions out: nothing but questions goes over these.
    """

    def __init__(self, connect: Callable[[], Awaitable[Session]], patience: float) -> None:
        self._connect = connect
        self._patience = patience
        self._room = asyncio.Semaphore(MOST)
        self._idle: list[AsyncCursor[TupleRow]] = []

    async def rows(self, query: LiteralString, *parameters: object) -> list[TupleRow]:
        """The rows of a query. Asked again on another session where one was lost: reading twice does no harm.

        Raises Busy after as many seconds as there is patience.
        """
        lost: psycopg.OperationalError | None = None
        try:
            async with asyncio.timeout(self._patience):
                while True:
                    try:
                        return await self._once(query, parameters)
                    except psycopg.OperationalError as error:
                        lost = error
                    await asyncio.sleep(PAUSE)
        except TimeoutError:
            raise Busy(f"the database did not answer: {lost or 'nothing came'}") from lost

    async def _once(self, query: LiteralString, parameters: tuple[object, ...]) -> list[TupleRow]:
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
        """Leave the sessions, once nobody asks any more."""
        while self._idle:
            await self._idle.pop().connection.close()
