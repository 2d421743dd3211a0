"""Keeps the views up to the record, in one process of all at a time."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final, NoReturn

import psycopg
import structlog
from psycopg import AsyncConnection

from infrastructure.eventlog import sessions
from infrastructure.eventlog.mapper import READER, Reader
from infrastructure.eventlog.sessions import Session
from infrastructure.projections.runner import checkpoints
from infrastructure.projections.runner.leader import PAGE, Leader
from infrastructure.projections.runner.projection import Projection
from infrastructure.projections.runner.streams import Streams

LOCK: Final = 0x4143434F5256
"""The advisory lock of who leads. Held by the session that writes, so that whoever lost it cannot write either."""
LOG: Final = "log"
"""The channel on which an append is told."""
REST: Final = 0.003
"""Seconds between two steps: a step for many facts costs little more than one for a single fact, and who asks goes first."""
LONG_REST: Final = 0.01
"""After a step that took several commands: where one follows another, fewer steps leave the time to them."""
POLL: Final = timedelta(seconds=1)
"""How long the runner listens before it looks again: a notice may be lost."""
CAPACITY: Final = 10_000
"""Streams remembered."""
SHORTEST: Final = 0.1
"""Seconds before the database is tried again; twice as long each time."""
LONGEST: Final = 5.0

_log = structlog.get_logger()


class Runner:
    """As the projector. Where another process leads, it waits to take its place."""

    def __init__(
        self,
        url: str,
        projections: Sequence[Projection],
        *,
        reader: Reader = READER,
        poll: timedelta = POLL,
        page: int = PAGE,
        capacity: int = CAPACITY,
    ) -> None:
        self._url = url
        self._projections = projections
        self._reader = reader
        self._poll = poll.total_seconds()
        self._page = page
        self._capacity = capacity
        self._pause = SHORTEST
        self.leads = False

    async def run(self) -> NoReturn:
        """Until it is cancelled. A database that is away is waited for."""
        while True:
            try:
                async with await AsyncConnection.connect(self._url, **sessions.TRANSPORT) as session:
                    await sessions.prepare(session)
                    await self._wait_to_lead(session)
                    await self._lead(session)
            except psycopg.Error as error:
                _log.warning("projections.unavailable", error=str(error))
            finally:
                self.leads = False
            await asyncio.sleep(self._pause)
            self._pause = min(2 * self._pause, LONGEST)

    async def _wait_to_lead(self, session: Session) -> None:
        """Asks, and does not queue: a statement that waits would hold back the vacuum."""
        while not await sessions.taken(session, LOCK):
            self._pause = SHORTEST
            await asyncio.sleep(self._poll)

    async def _lead(self, session: Session) -> NoReturn:
        # What a power cut takes back, rows and checkpoint alike, is done again.
        await session.execute("SET synchronous_commit = off")
        await session.execute("LISTEN log")
        await session.execute("LISTEN projections")
        await checkpoints.begin(session, [projection.name for projection in self._projections])
        self.leads = True
        _log.info("projections.leading")
        leader = Leader(session, self._projections, Streams(session, self._reader, self._capacity), self._page)
        while True:
            if not await leader.step():
                await asyncio.sleep(LONG_REST if leader.taken > 1 else REST)
                heard = {notice.channel async for notice in session.notifies(timeout=self._poll, stop_after=1)}
                if heard != {LOG}:  # called, or nothing for so long that a call may have been lost
                    leader.forget()
            self._pause = SHORTEST
