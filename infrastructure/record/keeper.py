"""Keeps the trees up to the record and their roots signed, in one process of all at a time."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Final, NoReturn

import psycopg
import structlog

from application.ports import Signer
from infrastructure.eventlog import sessions
from infrastructure.eventlog.sessions import Session
from infrastructure.record.integrator import Integrator
from infrastructure.record.publisher import Publisher

LOCK: Final = 0x4143434F5242
"""The advisory lock of who keeps the books. Held by the session that writes, so that whoever lost it cannot write either."""
TURN: Final = timedelta(seconds=0.5)
"""From one look at the record to the next at the least: many facts are signed for at once.

Turns stand on a grid, whatever happened before. Were a look taken at once where nothing was recorded for a while, then how long
a fact waits, and at which sizes a book is signed, would show who reads one book that something was recorded in another.
"""
POLL: Final = timedelta(seconds=1)
"""How long it listens before it looks again: a notice may be lost, and a signer may be back."""

_log = structlog.get_logger()


class Keeper:
    """As the projector. Where another process keeps the books, it waits to take its place."""

    def __init__(
        self, url: str, signer: Signer, host: Callable[[], str | None], *, turn: timedelta = TURN, poll: timedelta = POLL
    ) -> None:
        self._url = url
        self._signer = signer
        self._host = host
        self._turn = turn.total_seconds()
        self._poll = poll.total_seconds()

    async def run(self) -> None:
        """Until it is cancelled, or the database is away: then it is to be started again."""
        try:
            async with await sessions.connect(self._url) as session:
                await self._wait_to_lead(session)
                await self._keep(session)
        except psycopg.OperationalError as error:
            _log.warning("books.unavailable", error=str(error))

    async def _wait_to_lead(self, session: Session) -> None:
        """Asks, and does not queue: a statement that waits would hold back the vacuum."""
        while not await sessions.taken(session, LOCK):
            await self._listen(session)

    async def _keep(self, session: Session) -> NoReturn:
        # What a power cut takes back is made again out of the record, and the same comes out. Checkpoints it does not take back.
        await session.execute("SET synchronous_commit = off")
        await session.execute("LISTEN log")
        integrator, publisher = Integrator(session), Publisher(session, self._signer, self._host)
        differing = await integrator.check()
        _log.info("books.kept", differing=len(differing))
        loop = asyncio.get_running_loop()
        began = loop.time()
        while True:
            while await integrator.step():
                pass
            await publisher.step()
            await self._listen(session)
            await asyncio.sleep(self._turn - (loop.time() - began) % self._turn)

    async def _listen(self, session: Session) -> None:
        """Until there is a notice, or for so long that one may have been lost."""
        async for _ in session.notifies(timeout=self._poll, stop_after=1):
            pass
