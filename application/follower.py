"""What keeps a process's memory fresh: its own follower of the feed."""

from asyncio import Condition, timeout
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Final

from application.memory import Memory, read_anew
from application.ports import Busy, EventLog, Horizon
from domain.identity import BookId
from domain.kernel import Erasing, Fact, Recorded

Heard = Callable[[Sequence[Recorded[Fact]]], None]

SILENT_SECONDS: Final = 2.0
"""For how long memory answers without the database having been heard from."""


class Follower:
    """Owned by one event loop: the one reader of the feed in a process."""

    def __init__(self, log: EventLog, memory: Memory, tell: Heard | None = None) -> None:
        self._log = log
        self._tell = tell
        self._memory = memory
        self._moved = Condition()
        self._heard = float("-inf")
        self._last: dict[BookId, int] = {}
        self.position = 0

    async def run(self) -> None:
        """Follow for ever. Ends with the feed's own error; whoever runs it starts it again."""
        async for position, page in self._log.feed(self.position):
            for recorded in page:
                self._memory.advance(recorded)
                if isinstance(recorded.fact, Erasing):
                    await read_anew(self._log, self._memory, recorded.stream, {recorded.book})
                self._last[recorded.book] = recorded.index
            if self._tell is not None and page:
                self._tell(page)
            async with self._moved:
                self.position = position
                self._heard = monotonic()
                self._moved.notify_all()

    @property
    def is_fresh(self) -> bool:
        """Whether the database was heard from just now."""
        return monotonic() - self._heard < SILENT_SECONDS

    async def reached(self, book: BookId, index: int) -> int:
        """Wait until the memory holds that fact; a position of the record at which it does."""
        async with self._moved:
            await self._moved.wait_for(lambda: self._last.get(book, -1) >= index)
            return self.position

    async def caught_up(self, position: int) -> None:
        """Wait until the memory holds everything up to a position."""
        async with self._moved:
            await self._moved.wait_for(lambda: self.position >= position)

    async def catch_up(self) -> Horizon:
        """Wait until the memory holds everything that is recorded by now. Raises Busy where the feed is not heard from."""
        horizon = await self._log.horizon()
        try:
            async with timeout(SILENT_SECONDS):
                await self.caught_up(horizon.position)
        except TimeoutError:
            raise Busy("the feed is not heard from") from None
        return horizon
