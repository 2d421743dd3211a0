"""Two texts side by side, provision by provision: by their ids, which stay whatever is moved, renumbered or reworded."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import chain

from msgspec import Struct

from domain.identity import Language, ProvisionId
from domain.text.provisions import Provision
from domain.text.redline import Allowance, Redline, Segmenter, redline


class Difference(StrEnum):
    """What became of a provision."""

    UNCHANGED = "unchanged"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    """Nothing but its place is new."""
    CHANGED = "changed"


class Compared(Struct, frozen=True):
    """A provision in both texts, or in the one that has it."""

    id: ProvisionId
    before: Provision | None
    after: Provision | None
    moved: bool
    """It changed places among those that stayed."""
    redline: Redline

    @property
    def difference(self) -> Difference:
        """What became of it."""
        if self.before is None:
            return Difference.ADDED
        if self.after is None:
            return Difference.REMOVED
        if self.before != self.after:
            return Difference.CHANGED
        return Difference.MOVED if self.moved else Difference.UNCHANGED


def compare(
    base: Sequence[Provision], text: Sequence[Provision], language: Language, words: Segmenter, allowance: Allowance
) -> tuple[Compared, ...]:
    """Each provision of either text, its words in one language; one that was removed stands behind what it stood behind."""
    before, after = {part.id: part for part in base}, {part.id: part for part in text}
    elsewhere = moved(base, text)

    def compared(provision: ProvisionId) -> Compared:
        old, new = before.get(provision), after.get(provision)
        beside = redline(_in(language, old), _in(language, new), words, allowance)
        return Compared(provision, old, new, provision in elsewhere, beside)

    return tuple(compared(provision) for provision in _in_order(base, text, after))


def moved(base: Sequence[Provision], text: Sequence[Provision]) -> set[ProvisionId]:
    """The provisions that changed places among those that stayed."""
    kept = {part.id for part in base} & {part.id for part in text}
    old = [part.id for part in base if part.id in kept]
    new = [part.id for part in text if part.id in kept]
    in_place: set[ProvisionId] = set()
    for block in SequenceMatcher(a=old, b=new, autojunk=False).get_matching_blocks():
        in_place.update(old[block.a : block.a + block.size])
    return kept - in_place


def _in(language: Language, part: Provision | None) -> str:
    return "" if part is None else part.text.get(language, "")


def _in_order(
    base: Sequence[Provision], text: Sequence[Provision], after: Mapping[ProvisionId, Provision]
) -> Iterator[ProvisionId]:
    behind: dict[ProvisionId | None, list[ProvisionId]] = {}
    last: ProvisionId | None = None
    for part in base:
        if part.id in after:
            last = part.id
        else:
            behind.setdefault(last, []).append(part.id)
    return chain(behind.get(None, ()), chain.from_iterable((part.id, *behind.get(part.id, ())) for part in text))
