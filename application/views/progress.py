"""What became of what was proposed, year over year, and how did the delegations stand to each other?

Two questions have two answers. *Happened*: each outcome is counted in the edition where it happened. *Cohort*: each proposal is
counted in the edition where it was tabled, whatever became of it and wherever.

Figures by delegation (sponsors, pairs, who alone objected) are made of rows in the books of formats alone. Whoever reads such a
row is of the format, or reads the format's book as its auditor or as secretariat; so nothing that was said under the Chatham
House Rule goes outside by them. What is released to a wider book would come in as rows of that book: those of a proposal that a
sitting under the rule, or a closed one, handled must come without sponsors and without leanings.
"""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from domain.identity import BookId, DelegationCode, EditionCode, FormatCode
from domain.progress.agreement import Alike, Leaning, Pair
from domain.progress.definitions import Definition
from domain.progress.measures import Share

# What is counted


class ProgressAsked(Struct, frozen=True):
    """Of which editions, as of when."""

    edition: tuple[EditionCode, ...] = ()
    """None: of all."""
    as_of: datetime | None = None
    """What the record said then: as published."""
    effective_at: datetime | None = None
    """What held then."""
    day: int | None = None
    """Each edition so many days after it was opened; one that has not come so far is a gap."""


class Lot(Struct, frozen=True):
    """Proposals of an edition that are alike in all that figures know, and how many they are."""

    edition: EditionCode
    kind: str
    format: FormatCode
    sponsors: tuple[DelegationCode, ...]
    status: str
    acted_on: bool
    tabled: bool
    """In this edition."""
    seconds: int | None
    """Of an adopted one: from its tabling."""
    revisions: int
    members: tuple[DelegationCode, ...]
    leanings: tuple[Leaning | None, ...]
    count: int

    @property
    def alike(self) -> Alike:
        """How all of them were stood on."""
        return Alike(dict(zip(self.members, self.leanings, strict=True)), self.count)


class SilenceLot(Struct, frozen=True):
    """The silences of an edition."""

    edition: EditionCode
    opened: int
    broken: int


class EditionCounted(Struct, frozen=True):
    """An edition that is known at the moment."""

    edition: EditionCode
    year: int
    opened: datetime | None
    """When that is said to have happened."""


class Counted(Struct, frozen=True):
    """What the record comes to, in whole numbers, at one position."""

    editions: tuple[EditionCounted, ...]
    happened: tuple[Lot, ...]
    cohort: tuple[Lot, ...]
    silences: tuple[SilenceLot, ...]
    reached: dict[BookId, int]
    """The index of the last fact in each book that was counted from."""


class ProgressFigures(Protocol):
    """Where the counts come from."""

    async def counted(self, books: Set[BookId], asked: ProgressAsked, *, now: datetime, reached: int | None = None) -> Counted:
        """All that lies in these books at the moment; ``now``: the latest instant to look at. Raises Busy.

        ``reached``: a position that the answer must hold; then it need not be the latest.
        """
        ...


# What is shown


class Proposals(Struct, frozen=True):
    """How many proposals stood in the edition, and what became of them."""

    definition: str
    n: int
    tabled: int | None
    statuses: dict[str, int] | None


class ProposalsBy(Proposals, frozen=True):
    """The same, also by kind, format and sponsor."""

    by_kind: dict[str, Proposals]
    by_format: dict[FormatCode, Proposals]
    by_sponsor: dict[DelegationCode, Proposals]


class AdoptionRate(Struct, frozen=True):
    """Adopted over acted upon."""

    definition: str
    n: int
    rate: Share


class DaysToAdoption(Struct, frozen=True):
    """From tabling to adoption."""

    definition: str
    n: int
    median: float | None


class RevisionsToAdoption(Struct, frozen=True):
    """From the text as tabled to the text as adopted."""

    definition: str
    n: int
    median: float | None
    maximum: int | None


class Silences(Struct, frozen=True):
    """Opened, and broken."""

    definition: str
    n: int
    opened: int | None
    broken: int | None


class SoleObjector(Struct, frozen=True):
    """Who alone stood against a text that ended without consensus, and how often."""

    definition: str
    n: int
    delegations: dict[DelegationCode, int] | None


class PairAgreement(Struct, frozen=True):
    """How alike two delegations stood."""

    definition: str
    pair: Pair
    n: int
    """Proposals on which both took a position."""
    excluded: int
    """Proposals on which one of them took none."""
    strict: Share
    half_credit: Share
    s: Share


class Cohort(Struct, frozen=True):
    """What became of the proposals that were tabled in an edition, wherever it happened."""

    proposals: ProposalsBy
    adoption_rate: AdoptionRate
    days_to_adoption: DaysToAdoption
    revisions_to_adoption: RevisionsToAdoption


class Happened(Cohort, frozen=True):
    """What happened in an edition, wherever it was tabled."""

    silences: Silences
    sole_objector: SoleObjector
    agreement: tuple[PairAgreement, ...]


class EditionProgress(Struct, frozen=True):
    """An edition."""

    edition: EditionCode
    year: int
    opened: datetime | None
    happened: Happened
    cohort: Cohort


class YearProgress(Struct, frozen=True):
    """The editions of a year, together."""

    year: int
    editions: tuple[EditionCode, ...]
    happened: Happened
    cohort: Cohort


class TotalProgress(Struct, frozen=True):
    """All editions, together."""

    happened: Happened
    cohort: Cohort


class Progress(Struct, frozen=True):
    """Year over year, for one audience."""

    formats: tuple[FormatCode, ...]
    """The audience: the formats whose proposals are counted."""
    position: str
    """Of the record, where every figure was computed: `book:index` of each book that was counted from."""
    asked: ProgressAsked
    definitions: tuple[Definition, ...]
    editions: tuple[EditionProgress, ...]
    """In the order in which they were opened."""
    years: tuple[YearProgress, ...]
    total: TotalProgress


def chosen(readable: Mapping[FormatCode, BookId], formats: Sequence[FormatCode]) -> Mapping[FormatCode, BookId]:
    """The audience: of the formats that somebody reads those that were asked for, or all; and their books."""
    return {code: book for code, book in sorted(readable.items()) if not formats or code in formats}
