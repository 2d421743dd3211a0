"""The record's clock, as a process estimates it: never ahead of it.

The database reads its clock before its answer arrives here. So the reading, plus what has passed here since the answer
came, is at most the database's time now; a little is taken off for clocks of different speed.
"""

from asyncio import sleep
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from application.ports import EventLog

SLOWER: Final = 0.999


class RecordClock:
    """Owned by one event loop. ``heard`` is called with every reading of the database's clock."""

    def __init__(self, elapsed: Callable[[], float] = monotonic) -> None:
        self._elapsed = elapsed
        self._reading: datetime | None = None
        self._since = 0.0

    def heard(self, reading: datetime) -> None:
        """Take a reading that has just arrived, if it is not behind the estimate."""
        if self._reading is None or reading > self.now():
            self.set(reading)

    def set(self, reading: datetime) -> None:
        """Take a reading that has just arrived, even if it is behind: the clock itself says so."""
        self._reading = reading
        self._since = self._elapsed()

    def now(self) -> datetime:
        """The estimate. There must have been a reading."""
        assert self._reading is not None, "the record's clock was never read"
        return self._reading + timedelta(seconds=(self._elapsed() - self._since) * SLOWER)


async def keep(clock: RecordClock, log: EventLog, *, every: float = 1.0) -> None:
    """Read the database's clock once a second, for ever, so that an idle process does not fall behind."""
    while True:
        clock.heard((await log.horizon()).at)
        await sleep(every)
