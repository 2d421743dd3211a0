"""What a delegation checks when a book is opened to it that it could not read before: that nothing in it was backdated.

It holds the epochs of the forum's book, which it witnessed without knowing what they say. Now it is told in which slot the book
stood, and what opens the slot in each epoch. What opens as committed is a checkpoint that was there when the epoch was sealed:
so each fact below its size was there, too, with just these words.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from msgspec import Struct

from domain.record import checkpoint
from domain.record.checkpoint import Checkpoint
from domain.record.malformed import Malformed
from domain.record.promise import WITHIN
from domain.record.slots import commitment, padding
from domain.record.tree import Frontier


class Epoch(Struct, frozen=True):
    """An epoch as the forum's book tells of it."""

    index: int
    """Of its fact in the forum's book."""
    at: datetime
    """When that was recorded."""
    begins: datetime
    seconds: int
    slots: tuple[str, ...]


class Opening(Struct, frozen=True):
    """What opens a slot of an epoch."""

    index: int
    """Of the epoch's fact in the forum's book."""
    slot: int
    salt: bytes
    content: bytes


class Verdict(StrEnum):
    """What an epoch says of the book. All but the first three show that something is wrong."""

    WITNESSED = "witnessed"
    """It holds the root of the book at a size."""
    PADDED = "padded"
    """The slot held padding: the book had no checkpoint yet, or the host put none there."""
    UNOPENED = "unopened"
    """Nothing opens the slot: a gap."""
    NOT_COMMITTED = "not-committed"
    """What was handed in is not what the slot holds."""
    OTHER_SLOT = "other-slot"
    """It opens a slot that is not the book's."""
    MALFORMED = "malformed"
    """The slot held neither a checkpoint nor its padding."""
    OTHER_BOOK = "other-book"
    """The checkpoint is of another origin."""
    OTHER_ROOT = "other-root"
    """The book is not what it was at that size."""
    BEYOND = "beyond"
    """The book had more entries then than were handed in now."""
    SHRUNK = "shrunk"
    """An earlier epoch holds a larger size."""


GOOD: Final = frozenset({Verdict.WITNESSED, Verdict.PADDED, Verdict.UNOPENED})


class Said(Struct, frozen=True):
    """An epoch, and what it says of the book; of a checkpoint its size."""

    epoch: Epoch
    verdict: Verdict
    size: int | None = None


class Missed(Struct, frozen=True):
    """So many epochs of the grid that nobody sealed, between two that are there."""

    after: datetime
    before: datetime
    count: int


class Unseen(Struct, frozen=True):
    """Facts, from ``first`` to before ``end``, that say to be older than an epoch which does not hold them.

    They were backdated, or the tree had fallen behind: the one cannot be told from the other.
    """

    epoch: Epoch
    first: int
    end: int


class Witnessing(Struct, frozen=True):
    """All that the epochs say of a book."""

    said: tuple[Said, ...]
    missed: tuple[Missed, ...]
    unseen: tuple[Unseen, ...]
    strays: tuple[Opening, ...]
    """They open what is no epoch of the book's."""

    @property
    def holds(self) -> bool:
        """Whether nothing is shown to be wrong. Gaps show nothing."""
        return not self.strays and all(said.verdict in GOOD for said in self.said)

    def proven(self, index: int) -> Epoch | None:
        """The first epoch that proves a fact of the book to have been there."""
        return next((said.epoch for said in self.said if _reaches(said, index)), None)


class Place(Struct, frozen=True):
    """Where a book stands in the epochs, by its own fact of drawing the slot."""

    forum: str
    """Its host."""
    origin: str
    slot: int
    drawn: datetime


def examine(
    place: Place,
    epochs: Sequence[Epoch],
    openings: Iterable[Opening],
    leaves: Sequence[bytes],
    times: Sequence[datetime] = (),
) -> Witnessing:
    """Examine a book: the hashes of its leaves, and the times that its facts say, by index, if they are known.

    ``epochs``: all of the forum's book, in order. Those from before the slot was drawn say nothing of the book.
    """
    own = [epoch for epoch in epochs if epoch.at >= place.drawn]
    found = {opening.index: opening for opening in openings}
    said = tuple(_in_order(_said(place, own, found), leaves))
    known = {epoch.index for epoch in own}
    return Witnessing(
        said=said,
        missed=tuple(_missed(own)),
        unseen=tuple(_unseen(said, times)),
        strays=tuple(opening for index, opening in sorted(found.items()) if index not in known),
    )


Read = Verdict | Checkpoint


def _said(place: Place, epochs: Sequence[Epoch], openings: Mapping[int, Opening]) -> Iterator[tuple[Epoch, Read]]:
    for epoch in epochs:
        opening = openings.get(epoch.index)
        yield epoch, Verdict.UNOPENED if opening is None else _read(place, epoch, opening)


def _read(place: Place, epoch: Epoch, opening: Opening) -> Read:
    """What a slot holds, if what opens it is what was committed to."""
    if opening.slot != place.slot:
        return Verdict.OTHER_SLOT
    if not is_opened(epoch, opening):
        return Verdict.NOT_COMMITTED
    if opening.content == padding(place.forum, epoch.begins, place.slot):
        return Verdict.PADDED
    try:
        found = checkpoint.parsed(opening.content.decode())
    except (Malformed, UnicodeDecodeError):
        return Verdict.MALFORMED
    return found if found.origin == place.origin else Verdict.OTHER_BOOK


def is_opened(epoch: Epoch, opening: Opening) -> bool:
    """Whether this is what the epoch's slot holds."""
    if not 0 <= opening.slot < len(epoch.slots):
        return False
    return commitment(opening.salt, opening.content).hex() == epoch.slots[opening.slot]


def _in_order(read: Iterable[tuple[Epoch, Read]], leaves: Sequence[bytes]) -> Iterator[Said]:
    """Each checkpoint beside the tree of its size, which is built up once from the first leaf to the last."""
    tree = Frontier()
    for epoch, found in read:
        if isinstance(found, Verdict):
            yield Said(epoch, found)
        elif found.size < tree.size:
            yield Said(epoch, Verdict.SHRUNK, found.size)
        elif found.size > len(leaves):
            yield Said(epoch, Verdict.BEYOND, found.size)
        else:
            tree = tree.extended(leaves[tree.size : found.size])
            yield Said(epoch, Verdict.WITNESSED if tree.root == found.root else Verdict.OTHER_ROOT, found.size)


def _missed(epochs: Sequence[Epoch]) -> Iterator[Missed]:
    for before, after in pairwise(epochs):
        count = (after.begins - before.begins) // timedelta(seconds=before.seconds) - 1
        if count > 0:
            yield Missed(before.begins, after.begins, count)


def _unseen(said: Sequence[Said], times: Sequence[datetime]) -> Iterator[Unseen]:
    for one in said:
        if one.verdict is not Verdict.WITNESSED or one.size is None:
            continue
        end = one.size
        while end < len(times) and times[end] < one.epoch.at - WITHIN:
            end += 1
        if end > one.size:
            yield Unseen(one.epoch, one.size, end)


def _reaches(said: Said, index: int) -> bool:
    return said.verdict is Verdict.WITNESSED and said.size is not None and index < said.size
