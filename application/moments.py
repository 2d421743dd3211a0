"""Of which moment a question is."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from domain.kernel import Fact, Recorded


class Moments(Struct, frozen=True):
    """What the record said at ``as_of``, of what held at ``effective_at``; None: now."""

    as_of: datetime | None = None
    effective_at: datetime | None = None

    @property
    def is_now(self) -> bool:
        """Whether the question is of now."""
        return self.as_of is None and self.effective_at is None

    def of(self, facts: Iterable[Recorded[Fact]]) -> Iterable[Recorded[Fact]]:
        """The facts that count at that moment."""
        return (
            recorded
            for recorded in facts
            if (self.as_of is None or recorded.at <= self.as_of)
            and (self.effective_at is None or recorded.happened <= self.effective_at)
        )

    def settled(self, now: datetime) -> datetime:
        """The instant at which to settle what these facts come to: never after now."""
        return min(instant for instant in (self.as_of, self.effective_at, now) if instant is not None)
