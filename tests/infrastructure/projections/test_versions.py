"""The versions of a proposal that are written beforehand, without a database."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from application.folds import advance
from application.moments import Moments
from application.views.proposals import CHAIR, Need, ProposalRow, What, row
from domain.identity import CommandId, StreamId
from domain.kernel import Fact, Recorded
from domain.proposals.events import (
    ChangesCertified,
    PositionContested,
    ReceiptAcknowledged,
    SilenceBroken,
    Stance,
)
from domain.proposals.proposal import fold
from domain.rules import Rules
from infrastructure.projections.proposals import Version, course_of
from infrastructure.projections.runner import Followed, House, Step
from tests.domain.cast import (
    CHN,
    JPN,
    KOR,
    MEMBERS,
    PLENARY,
    PROPOSAL,
    USA,
    an_id,
    decided,
    editorial,
    endorsed,
    objected,
    substantive,
    tabled,
    took,
    translated,
    under_silence,
)
from tests.infrastructure.eventlog.scene import NOON
from tests.infrastructure.projections.courses import Move, moves
from tests.infrastructure.projections.scene import DAY, HOUR, PLENARY_BOOK, RULES

DEADLINE: Final = NOON + 4 * DAY
MICROSECOND: Final = timedelta(microseconds=1)


def recorded(told: Sequence[Move]) -> Iterator[Recorded[Fact]]:
    now = NOON
    for version, move in enumerate(told, 1):
        now += move.after
        yield Recorded(move.fact, StreamId(PROPOSAL), version, PLENARY_BOOK, version, now, CommandId(an_id("command")))


def course(told: Sequence[Move]) -> tuple[list[Recorded[Fact]], Sequence[Version]]:
    facts = list(recorded(told))
    return facts, course_of(list(steps(facts))).versions


def steps(facts: Sequence[Recorded[Fact]]) -> Iterator[Step]:
    before: Followed | None = None
    for fact in facts:
        folded = advance(before.folded if before else None, fact)
        assert folded is not None
        after = Followed(folded, NOON, fact.at, fact.at)
        yield Step(fact, before, after, House(RULES, {PLENARY: MEMBERS}))
        before = after


def shown(versions: Sequence[Version], moment: datetime) -> ProposalRow | None:
    return next((version.row for version in reversed(versions) if version.at <= moment), None)


def answered(facts: Sequence[Recorded[Fact]], moment: datetime) -> ProposalRow | None:
    """As the page of the proposal says it, of that moment."""
    proposal = fold(Moments(as_of=moment).of(facts))
    version = sum(fact.at <= moment for fact in facts)
    return proposal and row(proposal, moment, version, members=MEMBERS, rules=RULES)


@given(moves(NOON, proposals=1), st.timedeltas(timedelta(0), 30 * DAY))
def test_a_list_says_at_any_moment_what_the_page_says(told: Sequence[Move], later: timedelta) -> None:
    facts, versions = course(told)

    edges = [version.at for version in versions]
    for moment in [NOON, *edges, *(edge - MICROSECOND for edge in edges), facts[-1].at + later]:
        assert shown(versions, moment) == answered(facts, moment)


@given(moves(NOON, proposals=1))
def test_versions_follow_one_another(told: Sequence[Move]) -> None:
    _, versions = course(told)

    for before, after in pairwise(versions):
        assert before.at < after.at
        assert before.effective <= after.effective


def test_time_brings_nothing_to_what_is_closed() -> None:
    pending = took(USA, Stance.AD_REFERENDUM, due=NOON + DAY)
    _, versions = course([Move(1, fact, HOUR, HOUR) for fact in (tabled(), pending, decided())])

    assert [version.row.status for version in versions] == ["open", "open", "adopted"]


def needs(*facts: Fact, after: timedelta = HOUR, rules: Rules = RULES) -> set[Need]:
    """Where these facts happened, a moment apart, so long after the last."""
    proposal = fold(recorded([Move(1, fact, MICROSECOND, MICROSECOND) for fact in facts]))
    assert proposal is not None
    return set(row(proposal, NOON + after, len(facts), members=MEMBERS, rules=rules).needs)


def test_a_delegation_without_a_position_needs_one() -> None:
    assert needs(tabled()) == {Need(who, What.POSITION) for who in (USA, CHN, KOR)}


ALL_ENDORSE: Final = (tabled(), endorsed(USA), endorsed(CHN), endorsed(KOR))


def test_who_stands_on_the_current_revision_needs_nothing() -> None:
    assert needs(*ALL_ENDORSE) == set()
    assert needs(tabled(), endorsed(USA), objected(CHN), took(KOR, Stance.ABSTAIN)) == set()


def test_a_superseded_position_needs_to_be_reaffirmed() -> None:
    assert needs(*ALL_ENDORSE, substantive(1)) == {Need(who, What.REAFFIRM) for who in (USA, CHN, KOR)}


def test_an_objection_stands_and_needs_nothing() -> None:
    assert needs(tabled(), endorsed(USA), objected(CHN), took(KOR, Stance.ABSTAIN), substantive(1)) == {
        Need(USA, What.REAFFIRM),
        Need(KOR, What.REAFFIRM),
    }


def test_a_maintained_position_may_be_contested_once() -> None:
    contest = {Need(who, What.CONTEST) for who in (USA, CHN, KOR)}
    assert needs(*ALL_ENDORSE, translated(1)) == contest
    assert needs(*ALL_ENDORSE, translated(1), PositionContested(CHN, 1)) == contest - {Need(CHN, What.CONTEST)} | {
        Need(CHN, What.REAFFIRM)
    }


def test_an_editorial_change_waits_for_the_chair_to_certify_it() -> None:
    certify = Need(CHAIR, What.CERTIFY)
    assert needs(*ALL_ENDORSE, editorial(1)) == {certify, *(Need(who, What.REAFFIRM) for who in (USA, CHN, KOR))}
    assert certify in needs(*ALL_ENDORSE, editorial(1), translated(2))
    assert certify not in needs(*ALL_ENDORSE, editorial(1), ChangesCertified(1))
    assert certify not in needs(*ALL_ENDORSE, editorial(1), substantive(2))
    assert certify not in needs(*ALL_ENDORSE, editorial(1), rules=Rules(editorial_certification=False))


def test_a_pending_position_needs_to_be_confirmed_before_it_is_due() -> None:
    due = NOON + DAY
    pending = (tabled(), endorsed(USA), took(CHN, Stance.AD_REFERENDUM, due=due), took(KOR, Stance.RESERVE, due=due))
    both = {Need(CHN, What.CONFIRM, due), Need(KOR, What.CONFIRM, due)}

    assert needs(*pending) == both
    assert needs(*pending, after=DAY) == {Need(CHN, What.POSITION), Need(KOR, What.POSITION)}
    assert both <= needs(*pending, under_silence(DEADLINE))
    assert needs(*pending, translated(1)) == both | {Need(USA, What.CONTEST), Need(CHN, What.CONTEST)}


def test_a_silence_needs_each_delegation_to_acknowledge_receipt() -> None:
    silent = {Need(who, What.SILENCE, DEADLINE) for who in (JPN, CHN)}
    under = (tabled(), under_silence(DEADLINE), ReceiptAcknowledged(USA), ReceiptAcknowledged(KOR))

    assert needs(*under) == silent
    assert needs(*under, after=3 * DAY - MICROSECOND) == silent
    assert needs(*under, after=3 * DAY) == silent | {Need(CHAIR, What.RECEIPTS, DEADLINE)}
    assert needs(*under, after=4 * DAY) == set()
    assert needs(*under, *(ReceiptAcknowledged(who) for who in (JPN, CHN)), after=3 * DAY) == set()
    assert Need(JPN, What.SILENCE, DEADLINE) not in needs(*under, SilenceBroken(CHN))


def test_what_is_closed_waits_for_nobody() -> None:
    assert needs(tabled(), decided()) == set()
