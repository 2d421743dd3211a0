"""From counts to figures. Where there is nothing to measure there is no figure.

Statuses are data here: those that a proposal takes appear by themselves.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Final, TypeVar

from application.views.progress import (
    AdoptionRate,
    Cohort,
    Counted,
    DaysToAdoption,
    EditionCounted,
    EditionProgress,
    Happened,
    Lot,
    PairAgreement,
    Progress,
    ProgressAsked,
    Proposals,
    ProposalsBy,
    RevisionsToAdoption,
    SilenceLot,
    Silences,
    SoleObjector,
    TotalProgress,
    YearProgress,
)
from domain.identity import EditionCode, FormatCode
from domain.progress.agreement import Agreement, Alike, Pair, agreements, sole_objectors
from domain.progress.definitions import (
    ADOPTION_RATE,
    AGREEMENT,
    DAYS_TO_ADOPTION,
    DEFINITIONS,
    PROPOSALS,
    REVISIONS_TO_ADOPTION,
    SILENCES,
    SOLE_OBJECTOR,
)
from domain.progress.measures import median, share
from domain.proposals.events import Outcome

ADOPTED: Final = "adopted"
DECIDED_OR_LAPSED: Final = frozenset({ADOPTED, *(outcome.value for outcome in Outcome)})
"""What a proposal must have come to, to say how delegations stood to each other."""
ALL_STATUSES: Final = ("open", "under-silence", ADOPTED, *(outcome.value for outcome in Outcome), "deferred", "withdrawn")
"""Named where there are figures at all, also if nothing has come to them; any other once something has."""
DAY: Final = 24 * 60 * 60
"""Seconds."""

K = TypeVar("K")
T = TypeVar("T")


def progress(counted: Counted, asked: ProgressAsked, formats: Sequence[FormatCode], position: str) -> Progress:
    """The figures, of these counts."""
    lots = _Lots(counted)
    editions = sorted(counted.editions, key=_in_time)
    years = _grouped(editions, lambda edition: (edition.year,))
    return Progress(
        formats=tuple(formats),
        position=position,
        asked=asked,
        definitions=DEFINITIONS,
        editions=tuple(EditionProgress(one.edition, one.year, one.opened, *lots.of([one.edition])) for one in editions),
        years=tuple(_year(lots, year, together) for year, together in years.items()),
        total=TotalProgress(*lots.of([edition.edition for edition in editions])),
    )


def _in_time(edition: EditionCounted) -> tuple[int, bool, float, str]:
    opened = edition.opened
    return edition.year, opened is None, opened.timestamp() if opened else 0.0, edition.edition


def _year(lots: "_Lots", year: int, editions: Sequence[EditionCounted]) -> YearProgress:
    codes = tuple(edition.edition for edition in editions)
    return YearProgress(year, codes, *lots.of(codes))


class _Lots:
    """The lots, by edition."""

    def __init__(self, counted: Counted) -> None:
        self._happened = _grouped(counted.happened, lambda lot: (lot.edition,))
        self._cohort = _grouped(counted.cohort, lambda lot: (lot.edition,))
        self._silences = {lot.edition: lot for lot in counted.silences}
        lots = (*counted.happened, *counted.cohort)
        self._statuses = (*ALL_STATUSES, *sorted({lot.status for lot in lots} - set(ALL_STATUSES)))

    def of(self, editions: Sequence[EditionCode]) -> tuple[Happened, Cohort]:
        """Of these editions together."""
        happened = [lot for edition in editions for lot in self._happened.get(edition, ())]
        cohort = [lot for edition in editions for lot in self._cohort.get(edition, ())]
        silences = [lot for edition in editions if (lot := self._silences.get(edition))]
        return self._happened_of(happened, silences), Cohort(*self._common(cohort))

    def _happened_of(self, lots: Sequence[Lot], silences: Sequence[SilenceLot]) -> Happened:
        return Happened(*self._common(lots), _silences(silences, shown=bool(lots)), _sole_objector(lots), _agreement(lots))

    def _common(self, lots: Sequence[Lot]) -> tuple[ProposalsBy, AdoptionRate, DaysToAdoption, RevisionsToAdoption]:
        adopted = [lot for lot in lots if lot.status == ADOPTED]
        return self._proposals_by(lots), _adoption_rate(lots), _days(adopted), _revisions(adopted)

    def _proposals_by(self, lots: Sequence[Lot]) -> ProposalsBy:
        whole = self._proposals(lots)
        return ProposalsBy(
            definition=whole.definition,
            n=whole.n,
            tabled=whole.tabled,
            statuses=whole.statuses,
            by_kind=self._broken_down(lots, lambda lot: (lot.kind,)),
            by_format=self._broken_down(lots, lambda lot: (lot.format,)),
            by_sponsor=self._broken_down(lots, lambda lot: lot.sponsors),
        )

    def _broken_down(self, lots: Iterable[Lot], keys: Callable[[Lot], Iterable[K]]) -> dict[K, Proposals]:
        return {key: self._proposals(some) for key, some in _grouped(lots, keys).items()}

    def _proposals(self, lots: Sequence[Lot]) -> Proposals:
        n = _total(lots)
        if n == 0:
            return Proposals(PROPOSALS.label, 0, None, None)
        found = _counter((lot.status, lot.count) for lot in lots)
        tabled = _total(lot for lot in lots if lot.tabled)
        return Proposals(PROPOSALS.label, n, tabled, {status: found[status] for status in self._statuses})


def _grouped(things: Iterable[T], keys: Callable[[T], Iterable[K]]) -> dict[K, list[T]]:
    """Things by each of their keys, in the order of these."""
    found: dict[K, list[T]] = defaultdict(list)
    for thing in things:
        for key in keys(thing):
            found[key].append(thing)
    return dict(sorted(found.items(), key=lambda item: str(item[0])))


def _counter(counted: Iterable[tuple[K, int]]) -> Counter[K]:
    found: Counter[K] = Counter()
    for key, count in counted:
        found[key] += count
    return found


def _total(lots: Iterable[Lot]) -> int:
    return sum(lot.count for lot in lots)


def _adoption_rate(lots: Sequence[Lot]) -> AdoptionRate:
    acted_on = _total(lot for lot in lots if lot.acted_on)
    adopted = _total(lot for lot in lots if lot.acted_on and lot.status == ADOPTED)
    return AdoptionRate(ADOPTION_RATE.label, acted_on, share(adopted, acted_on))


def _days(adopted: Sequence[Lot]) -> DaysToAdoption:
    seconds = _counter((lot.seconds, lot.count) for lot in adopted if lot.seconds is not None)
    middle = median(seconds)
    return DaysToAdoption(DAYS_TO_ADOPTION.label, seconds.total(), None if middle is None else _rounded(middle / DAY))


def _revisions(adopted: Sequence[Lot]) -> RevisionsToAdoption:
    revisions = _counter((lot.revisions, lot.count) for lot in adopted)
    middle = median(revisions)
    return RevisionsToAdoption(
        REVISIONS_TO_ADOPTION.label,
        revisions.total(),
        None if middle is None else float(middle),
        max(revisions, default=None),
    )


def _rounded(days: Fraction) -> float:
    """To a thousandth, which is a minute and a half."""
    return round(float(days), 3)


def _silences(lots: Sequence[SilenceLot], *, shown: bool) -> Silences:
    """An edition in which something stood, and nothing under silence, had none; one in which nothing stood is a gap."""
    if not shown:
        return Silences(SILENCES.label, 0, None, None)
    opened = sum(lot.opened for lot in lots)
    return Silences(SILENCES.label, opened, opened, sum(lot.broken for lot in lots))


def _sole_objector(lots: Sequence[Lot]) -> SoleObjector:
    blocked = [lot for lot in lots if lot.status == Outcome.NO_CONSENSUS]
    found = sole_objectors(lot.alike for lot in blocked)
    return SoleObjector(SOLE_OBJECTOR.label, _total(blocked), found if blocked else None)


def _agreement(lots: Sequence[Lot]) -> tuple[PairAgreement, ...]:
    found = agreements(_together(lot for lot in lots if lot.status in DECIDED_OR_LAPSED))
    return tuple(_pair(pair, agreement) for pair, agreement in found.items())


def _together(lots: Iterable[Lot]) -> Iterable[Alike]:
    """The texts on which the same delegations stood alike, whatever else tells them apart."""
    counted = _counter(((lot.members, lot.leanings), lot.count) for lot in lots)
    for (members, leanings), count in counted.items():
        yield Alike(dict(zip(members, leanings, strict=True)), count)


def _pair(pair: Pair, found: Agreement) -> PairAgreement:
    return PairAgreement(AGREEMENT.label, pair, found.n, found.excluded, found.strict, found.half_credit, found.s)
