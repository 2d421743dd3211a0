"""Reading the views as the app, behind row-level security: a query sees what lies in its caller's books, and nothing else."""

import asyncio
from collections.abc import Mapping, Set
from functools import partial
from types import TracebackType
from typing import Any, Final, LiteralString, NamedTuple, Self

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from application.ports import Busy
from domain.identity import BookId
from infrastructure.eventlog import sessions
from infrastructure.eventlog.sessions import Session
from infrastructure.replica import Replica

OPEN: Final = "SELECT set_config('accord.books', %s, true)"
PATIENCE: Final = 5.0
"""Seconds for which a read waits for the database."""
PAUSE: Final = 0.05
"""Seconds before it is tried again."""


class Reached(NamedTuple):
    """How far a view has come: what an answer must hold."""

    view: str
    position: int


class Views:
    """Open between ``async with`` and its end."""

    def __init__(self, url: str, *, most: int = 8, patience: float = PATIENCE, replica: Replica | None = None) -> None:
        self._patience = patience
        self._replica = replica
        self._pool = AsyncConnectionPool(
            url,
            kwargs=sessions.TRANSPORT,
            configure=sessions.prepare,
            min_size=1,
            max_size=most,
            timeout=patience,
            reconnect_timeout=sessions.RECONNECT,
            open=False,
        )

    async def __aenter__(self) -> Self:
        await self._pool.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._pool.close()

    async def select(
        self, books: Set[BookId], query: LiteralString, parameters: Mapping[str, Any], reached: Reached | None = None
    ) -> list[DictRow]:
        """The rows of a query that lie in these books. Where a session was lost, another is asked. Raises Busy.

        ``reached``: what the view has reached, for a query that reads no clock. A replica on which it has, too, may answer.

        The setting and the query go out together, without BEGIN: the implicit transaction of the pipeline ends with it, and
        the setting with the transaction.
        """
        named = "{" + ",".join(str(book) for book in books) + "}"
        if self._replica is not None and reached is not None:
            question = partial(_rows, named=named, query=query, parameters=parameters)
            if (rows := await self._replica.ask(question, *reached)) is not None:
                return rows
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._patience
        while True:
            try:
                return await self._select(named, query, parameters)
            except psycopg.OperationalError as error:
                if loop.time() > deadline:
                    raise Busy(f"the views cannot be read: {error}") from error
            await asyncio.sleep(PAUSE)

    async def _select(self, named: str, query: LiteralString, parameters: Mapping[str, Any]) -> list[DictRow]:
        async with self._pool.connection() as session, session.pipeline():
            return await _rows(session, named, query, parameters)


async def _rows(session: Session, named: str, query: LiteralString, parameters: Mapping[str, Any]) -> list[DictRow]:
    async with session.cursor(row_factory=dict_row) as cursor:
        await session.execute(OPEN, (named,))
        await cursor.execute(query, parameters)
        return await cursor.fetchall()
