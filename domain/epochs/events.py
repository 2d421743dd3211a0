"""What happens to the slots: a format draws one for good, and once an epoch each is filled."""

from datetime import datetime
from typing import ClassVar

from domain.identity import FormatCode
from domain.kernel import Fact


class SlotDrawn(Fact, frozen=True):
    """From now on this slot holds what the format's book was.

    Told in that book alone: who does not read it cannot tell the slot from one that holds padding.
    """

    tag: ClassVar[str] = "slot.drawn"

    slot: int
    """From 0."""
    format: FormatCode


class EpochSealed(Fact, frozen=True):
    """Each slot holds a commitment, whatever happened in the forum or did not."""

    tag: ClassVar[str] = "epoch.sealed"

    begins: datetime
    """An instant of the grid, whole epochs after 1970 began."""
    seconds: int
    """How long an epoch is: so that one that was missed can be told."""
    slots: tuple[str, ...]
    """By slot its commitment, as 64 hex digits."""


FACTS: tuple[type[Fact], ...] = (SlotDrawn, EpochSealed)
