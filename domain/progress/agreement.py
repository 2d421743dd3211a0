"""How alike delegations stood: the agreement of each pair, and who alone objected.

*The voting data of Voeten code yes, abstain and no at equal steps; S is Signorino and Ritter's (1999), on one dimension with
equal weights.*
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum
from itertools import combinations

from msgspec import Struct

from domain.identity import DelegationCode
from domain.progress.measures import Share, share


class Leaning(IntEnum):
    """Where a position stands between objection and endorsement, in halves."""

    AGAINST = 0
    NEITHER = 1
    FOR = 2


Leanings = Mapping[DelegationCode, Leaning | None]
"""How each delegation of a format stood on one text; None: it took no position."""

Pair = tuple[DelegationCode, DelegationCode]


class Alike(Struct, frozen=True):
    """Texts on which everybody stood alike, and how many they are."""

    leanings: Leanings
    count: int


class Agreement(Struct, frozen=True):
    """How two delegations stood to each other, over several texts. Counts add up; shares are taken at the end."""

    n: int = 0
    """Texts on which both took a position."""
    same: int = 0
    """Those on which both stand at the same."""
    apart: int = 0
    """The sum of their distances, in halves."""
    excluded: int = 0
    """Texts on which one of them took none."""

    def __add__(self, other: "Agreement") -> "Agreement":
        return Agreement(self.n + other.n, self.same + other.same, self.apart + other.apart, self.excluded + other.excluded)

    @property
    def strict(self) -> Share:
        """The share on which both stand at the same."""
        return share(self.same, self.n)

    @property
    def half_credit(self) -> Share:
        """1 less the mean distance, in halves of a text."""
        return share(2 * self.n - self.apart, 2 * self.n)

    @property
    def s(self) -> Share:
        """From -1, always opposed, to 1, always the same: twice half-credit less 1."""
        return share(self.n - self.apart, self.n)


def of_two(one: Leaning | None, other: Leaning | None, count: int = 1) -> Agreement:
    """Of two delegations on so many texts, on each of which they stood so."""
    if one is None or other is None:
        return Agreement(excluded=count)
    return Agreement(count, count * (one == other), count * abs(one - other))


def agreements(texts: Iterable[Alike]) -> dict[Pair, Agreement]:
    """Of each pair that ever sat together, in alphabetical order."""
    found: dict[Pair, Agreement] = {}
    for text in texts:
        for pair, agreement in _pairs(text):
            found[pair] = found.get(pair, Agreement()) + agreement
    return dict(sorted(found.items()))


def _pairs(text: Alike) -> Iterator[tuple[Pair, Agreement]]:
    for one, other in combinations(sorted(text.leanings), 2):
        yield (one, other), of_two(text.leanings[one], text.leanings[other], text.count)


def sole_objectors(texts: Iterable[Alike]) -> dict[DelegationCode, int]:
    """On how many texts each delegation objected while no other did. Who never did so is not named."""
    found: Counter[DelegationCode] = Counter()
    for text in texts:
        objecting = [delegation for delegation, leaning in text.leanings.items() if leaning is Leaning.AGAINST]
        if len(objecting) == 1:
            found[objecting[0]] += text.count
    return dict(sorted(found.items()))
