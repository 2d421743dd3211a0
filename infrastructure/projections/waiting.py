"""Waiting until the views have come to a position of the record: they say so, whichever process leads."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from types import TracebackType
from typing import Final, NamedTuple, Self

import msgspec
import psycopg
import structlog
from psycopg import AsyncConnection

from application.views.pages import ViewsBehindError
from infrastructure.eventlog import sessions

PATIENCE: Final = timedelta(seconds=2)
PAUSE: Final = 0.5
"""Seconds before the database is tried again."""

_positions = msgspec.json.Decoder(dict[str, int]).decode
_log = structlog.get_logger()


class _Waiter(NamedTuple):
    position: int
    views: tuple[str, ...]
    here: asyncio.Future[None]


class Projected:
    """For the tasks of one event loop, as the app. Listens between ``async with`` and its end."""

    def __init__(self, url: str, *, patience: timedelta = PATIENCE) -> None:
        self._url = url
        self._patience = patience.total_seconds()
        self._positions: dict[str, int] = {}
        self._waiters: set[_Waiter] = set()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def reached(self, position: int, *views: str) -> None:
        """Return once the views (all of them, if none is named) show the record up to a global position.

        Raises ViewsBehindError after two seconds.
        """
        if self._shows(position, views):
            return
        waiter = _Waiter(position, views, asyncio.get_running_loop().create_future())
        self._waiters.add(waiter)
        try:
            async with asyncio.timeout(self._patience):
                await waiter.here
        except TimeoutError as error:
            raise ViewsBehindError(position) from error
        finally:
            self._waiters.discard(waiter)

    def _shows(self, position: int, views: tuple[str, ...]) -> bool:
        known = [self._positions.get(view, 0) for view in views or self._positions]
        return min(known, default=0) >= position

    async def _run(self) -> None:
        while True:
            try:
                async with await AsyncConnection.connect(self._url, **sessions.TRANSPORT) as session:
                    await sessions.prepare(session)
                    await session.execute("LISTEN projected")
                    await self._read(session)
                    async for notice in session.notifies():
                        self._heard(_positions(notice.payload))
            except psycopg.Error as error:
                _log.warning("projected.unavailable", error=str(error))
                # A crash takes back what the views' last steps wrote: how far they are is read again.
                self._positions.clear()
            await asyncio.sleep(PAUSE)

    async def _read(self, session: sessions.Session) -> None:
        """How far they are. What is told from now on comes as a notice."""
        cursor = await session.execute("SELECT name, position FROM views.checkpoints")
        self._heard({str(name): int(position) for name, position in await cursor.fetchall()})

    def _heard(self, positions: dict[str, int]) -> None:
        self._positions |= positions
        for waiter in [waiter for waiter in self._waiters if self._shows(waiter.position, waiter.views)]:
            if not waiter.here.done():
                waiter.here.set_result(None)
