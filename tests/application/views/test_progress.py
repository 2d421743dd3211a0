"""What the figures say of counts."""

from datetime import UTC, datetime
from typing import Final

from application.views.figures import progress
from application.views.progress import (
    Counted,
    EditionCounted,
    Happened,
    Lot,
    Progress,
    ProgressAsked,
    SilenceLot,
    chosen,
)
from domain.identity import BookId, DelegationCode, EditionCode
from domain.progress.agreement import Leaning
from domain.progress.measures import Share
from tests.domain.cast import CHN, JAPAN_US, JPN, KINDS, KOR, PLENARY, USA, an_id

ED22, ED23, ED24 = (EditionCode(code) for code in ("2022", "2023", "2024"))
FOUR: Final = (CHN, JPN, KOR, USA)
FOR, NEITHER, AGAINST = Leaning.FOR, Leaning.NEITHER, Leaning.AGAINST
HOURS_36: Final = 36 * 60 * 60


def opened(edition: EditionCode) -> EditionCounted:
    return EditionCounted(edition, int(edition), datetime(int(edition), 3, 1, tzinfo=UTC))


def lot(
    status: str,
    count: int = 1,
    *,
    edition: EditionCode = ED24,
    kind: str = KINDS[0],
    sponsors: tuple[DelegationCode, ...] = (JPN,),
    acted_on: bool = False,
    tabled: bool = True,
    seconds: int | None = None,
    revisions: int = 0,
    leanings: tuple[Leaning | None, ...] = (),
) -> Lot:
    members = FOUR if leanings else ()
    return Lot(edition, kind, PLENARY, sponsors, status, acted_on, tabled, seconds, revisions, members, leanings, count)


def adopted(count: int = 1, seconds: int = 0, revisions: int = 0, edition: EditionCode = ED24) -> Lot:
    leanings = (FOR, FOR, FOR, NEITHER)
    return lot("adopted", count, edition=edition, acted_on=True, seconds=seconds, revisions=revisions, leanings=leanings)


def of(*lots: Lot, editions: tuple[EditionCode, ...] = (ED24,), silences: tuple[SilenceLot, ...] = ()) -> Progress:
    counted = Counted(tuple(map(opened, editions)), lots, lots, silences, {})
    return progress(counted, ProgressAsked(), [PLENARY], "")


def happened(*lots: Lot, silences: tuple[SilenceLot, ...] = ()) -> Happened:
    return of(*lots, silences=silences).total.happened


def test_each_status_is_counted_and_one_that_is_new_to_the_figures_appears_by_itself() -> None:
    found = happened(adopted(2), lot("lapsed", 3), lot("suspended", 1, tabled=False)).proposals
    assert (found.n, found.tabled) == (6, 5)
    assert found.statuses == {
        "open": 0,
        "under-silence": 0,
        "adopted": 2,
        "no-consensus": 0,
        "lapsed": 3,
        "deferred": 0,
        "withdrawn": 0,
        "suspended": 1,
    }


def test_an_edition_in_which_nothing_stood_is_a_gap_and_not_zero() -> None:
    gap, full = of(adopted(edition=ED24), editions=(ED23, ED24)).editions
    assert (gap.edition, full.edition) == (ED23, ED24)
    assert (gap.happened.proposals.n, gap.happened.proposals.tabled, gap.happened.proposals.statuses) == (0, None, None)
    assert gap.happened.adoption_rate.rate == Share(None, 0, None)
    assert (gap.happened.days_to_adoption.median, gap.happened.revisions_to_adoption.maximum) == (None, None)
    assert (gap.happened.silences.opened, gap.happened.silences.broken) == (None, None)
    assert (gap.happened.sole_objector.delegations, gap.happened.agreement) == (None, ())
    assert (full.happened.silences.opened, full.happened.silences.broken) == (0, 0)


def test_the_adoption_rate_is_of_what_was_acted_upon() -> None:
    found = happened(adopted(2), lot("no-consensus", acted_on=True), lot("open", acted_on=True), lot("lapsed", 9))
    assert found.adoption_rate.n == 4
    assert found.adoption_rate.rate == Share(2, 4, 0.5)


def test_days_and_revisions_to_adoption_are_medians_over_the_adopted() -> None:
    found = happened(adopted(3, seconds=HOURS_36, revisions=1), adopted(1, seconds=0, revisions=4), lot("lapsed", revisions=9))
    assert (found.days_to_adoption.n, found.days_to_adoption.median) == (4, 1.5)
    assert (found.revisions_to_adoption.median, found.revisions_to_adoption.maximum) == (1.0, 4)


def test_a_proposal_of_two_sponsors_counts_for_each_and_once_in_the_whole() -> None:
    found = happened(lot("lapsed", 2, sponsors=(KOR, JPN)), lot("open", 1, sponsors=()), lot("open", 1)).proposals
    assert found.n == 4
    assert {sponsor: some.n for sponsor, some in found.by_sponsor.items()} == {JPN: 3, KOR: 2}
    assert {kind: some.n for kind, some in found.by_kind.items()} == {KINDS[0]: 4}
    assert {code: some.n for code, some in found.by_format.items()} == {PLENARY: 4}


def test_agreement_is_over_what_was_decided_on_or_lapsed() -> None:
    withdrawn = lot("withdrawn", 5, leanings=(AGAINST, FOR, FOR, FOR))
    found = happened(adopted(2), lot("lapsed", 3, leanings=(None, FOR, FOR, AGAINST)), withdrawn).agreement
    by_pair = {one.pair: one for one in found}
    assert len(by_pair) == 6
    assert (by_pair[CHN, JPN].n, by_pair[CHN, JPN].excluded) == (2, 3)
    assert (by_pair[JPN, USA].n, by_pair[JPN, USA].excluded) == (5, 0)
    assert by_pair[JPN, USA].strict == Share(0, 5, 0.0)
    assert by_pair[JPN, USA].half_credit == Share(2, 10, 0.2)
    assert by_pair[JPN, USA].s == Share(-3, 5, -0.6)


def test_who_alone_objected_is_counted_over_what_ended_without_consensus() -> None:
    alone = lot("no-consensus", 2, acted_on=True, leanings=(FOR, FOR, FOR, AGAINST))
    lapsed = lot("lapsed", 4, leanings=(FOR, FOR, AGAINST, FOR))
    found = happened(alone, lapsed).sole_objector
    assert (found.n, found.delegations) == (2, {USA: 2})


def test_silences_are_counted_where_they_were_opened() -> None:
    found = happened(lot("open"), silences=(SilenceLot(ED24, 3, 1),)).silences
    assert (found.n, found.opened, found.broken) == (3, 3, 1)


def test_editions_of_a_year_are_shown_together_too_and_all_in_the_total() -> None:
    late = EditionCounted(EditionCode("2023b"), 2023, None)
    lots = (adopted(2, edition=ED23), adopted(1, edition=late.edition), adopted(4, edition=ED22))
    found = progress(Counted((late, opened(ED23), opened(ED22)), lots, lots, (), {}), ProgressAsked(), [PLENARY], "")
    assert [one.edition for one in found.editions] == [ED22, ED23, late.edition]
    assert [(one.year, one.editions, one.happened.proposals.n) for one in found.years] == [
        (2022, (ED22,), 4),
        (2023, (ED23, late.edition), 3),
    ]
    assert found.total.happened.proposals.n == found.total.cohort.proposals.n == 7


def test_an_edition_and_its_cohort_are_counted_apart() -> None:
    went_on = lot("adopted", edition=ED24, acted_on=True, tabled=False, seconds=0, leanings=(FOR,) * 4)
    left = lot("deferred", edition=ED23)
    became = lot("adopted", edition=ED23, acted_on=True, seconds=0)
    counted = Counted((opened(ED23), opened(ED24)), (left, went_on), (became,), (), {})
    first, second = progress(counted, ProgressAsked(), [PLENARY], "").editions
    assert first.happened.adoption_rate.rate == Share(None, 0, None)
    assert first.cohort.adoption_rate.rate == Share(1, 1, 1.0)
    assert (second.happened.proposals.n, second.happened.proposals.tabled) == (1, 0)
    assert second.cohort.proposals.n == 0


def test_every_figure_names_a_definition_that_is_given() -> None:
    found = of(adopted())
    known = {definition.label for definition in found.definitions}
    of_edition = found.total.happened
    named = {figure.definition for figure in (of_edition.proposals, of_edition.adoption_rate, of_edition.days_to_adoption)}
    named |= {figure.definition for figure in (of_edition.revisions_to_adoption, of_edition.silences)}
    named |= {figure.definition for figure in (of_edition.sole_objector, *of_edition.agreement)}
    assert named == known


def test_the_audience_is_what_one_reads_narrowed_and_never_widened() -> None:
    plenary, two = BookId(an_id("plenary book")), BookId(an_id("book of two"))
    readable = {PLENARY: plenary, JAPAN_US: two}
    assert chosen(readable, ()) == readable
    assert chosen(readable, (JAPAN_US,)) == {JAPAN_US: two}
    assert chosen({PLENARY: plenary}, (JAPAN_US,)) == {}
