"""Where does this proposal stand, now? Asked more often than anything else, so the answer is kept, encoded, while it holds.

It changes with a fact of the proposal, with one of the forum itself, and at an instant that is known beforehand: a silence
ends, a position falls due. It is found only through the fold that its reader may see, so the memory's wall stands before it.
"""

from collections import OrderedDict
from datetime import datetime
from typing import Final

from msgspec import Struct

from application.folds import Folded
from domain.identity import StreamId

KEPT: Final = 1000
"""Answers at most: those asked for last."""


class Current(Struct, frozen=True):
    """The status as JSON, and its entity tag."""

    body: bytes
    etag: str


class Basis(Struct, frozen=True, eq=False):
    """What an answer was made of: a fold, the forum as it was then, and the time for which it holds."""

    folded: Folded
    generation: int
    """Of the memory."""
    since: datetime
    until: datetime | None

    def holds(self, folded: Folded, generation: int, now: datetime) -> bool:
        """Whether the same answer would come of this."""
        same = self.folded is folded and self.generation == generation
        return same and self.since <= now and (self.until is None or now < self.until)


class Answers:
    """Owned by one event loop."""

    def __init__(self) -> None:
        self._kept: OrderedDict[StreamId, tuple[Basis, Current]] = OrderedDict()

    def find(self, stream: StreamId, folded: Folded, generation: int, now: datetime) -> Current | None:
        """The answer, if it still holds."""
        basis, answer = self._kept.get(stream, (None, None))
        if basis is None or not basis.holds(folded, generation, now):
            return None
        self._kept.move_to_end(stream)
        return answer

    def keep(self, stream: StreamId, basis: Basis, answer: Current) -> None:
        """In place of the one before."""
        self._kept[stream] = (basis, answer)
        self._kept.move_to_end(stream)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
