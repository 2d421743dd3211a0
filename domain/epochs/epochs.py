"""Epochs stand on a fixed grid of the record's clock, and each format keeps the slot that it drew."""

from collections.abc import Set
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

from domain.epochs.events import EpochSealed, SlotDrawn
from domain.epochs.refusals import NoSlotLeft
from domain.identity import FormatCode
from domain.kernel import Fact, Recorded

GRID: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Where the first epoch of any length begins."""


class Slot(Struct, frozen=True):
    """A slot, and the format whose it is."""

    slot: int
    format: FormatCode


class Epochs(Struct, frozen=True):
    """When the last epoch began that was sealed."""

    last: datetime


def evolve_slot(slot: Slot | None, recorded: Recorded[Fact]) -> Slot | None:
    """The slot after a fact: it is drawn once."""
    match recorded.fact:
        case SlotDrawn() as drawn if slot is None:
            return Slot(drawn.slot, drawn.format)
        case _:
            return slot


def evolve_epochs(epochs: Epochs | None, recorded: Recorded[Fact]) -> Epochs | None:
    """The epochs after a fact."""
    match recorded.fact:
        case EpochSealed(begins=begins):
            return Epochs(begins if epochs is None else max(begins, epochs.last))
        case _:
            return epochs


def begun(now: datetime, length: timedelta) -> datetime:
    """When the epoch that runs now began."""
    return now - (now - GRID) % length


def draw(format_: FormatCode, taken: Set[int], slots: int, lot: int) -> SlotDrawn:
    """Give a format one of the slots that are left. ``lot``: a random number, much larger than there are slots."""
    left = [slot for slot in range(slots) if slot not in taken]
    if not left:
        raise NoSlotLeft(slots)
    return SlotDrawn(left[lot % len(left)], format_)


def check_room(formats: int, slots: int) -> None:
    """Refuse more formats than there are slots."""
    if formats > slots:
        raise NoSlotLeft(slots)
