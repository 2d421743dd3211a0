"""Reading the views as the app, behind row-level security: a query sees what lies in its caller's books, and nothing else."""

import asyncio
from collections.abc import Mapping, Set
from types import TracebackType
from typing import Any, Final, LiteralString, Self

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from application.ports import Busy
from domain.identity import BookId
from infrastructure.eventlog import sessions

OPEN: Final = "SELECT set_config('accord.books', %s, true)"
PATIENCE: Final = 5.0
"""Seconds for which a read waits for the database."""
PAUSE: Final = 0.05
"""Seconds before it is tried again."""


class Views:
    """Open between ``async with`` and its end."""

    def __init__(self, url: str, *, most: int = 8, patience: float = PATIENCE) -> None:
        self._patience = patience
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

    async def select(self, books: Set[BookId], query: LiteralString, parameters: Mapping[str, Any]) -> list[DictRow]:
        """The rows of a query that lie in these books. Where a session was lost, another is asked. Raises Busy.

        The setting and the query go out together, without BEGIN: the implicit transaction of the pipeline ends with it, and
        the setting with the transaction.
        """
        named = "{" + ",".join(str(book) for book in books) + "}"
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
        async with self._pool.connection() as session, session.pipeline(), session.cursor(row_factory=dict_row) as cursor:
            await session.execute(OPEN, (named,))
            await cursor.execute(query, parameters)
            return await cursor.fetchall()
