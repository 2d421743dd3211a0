import pytest

from domain.conferences.commands import CloseAgenda
from domain.kernel import Fact
from domain.proposals.commands import Conclude, Issue, OpenSilence, PutToSitting, Sponsor, TakePosition, Withdraw
from domain.proposals.events import (
    Outcome,
    ProposalConcluded,
    ProposalWithdrawn,
    SilenceBroken,
    SilenceCancelled,
    Sponsored,
    Stance,
    StatementIssued,
)
from domain.proposals.refusals import (
    IsAChairsStatement,
    NotAChairsStatement,
    NotMainSponsor,
    OutcomeDoesNotFit,
    ProposalClosed,
    SilenceRuns,
)
from tests.domain.cast import CHN, JPN, MEMBERS, USA, decided, objected, substantive, tabled, took, under_silence
from tests.domain.scenario import MOMENT, at, given

END = at("10:00", day=5)
NO_CONSENSUS, LAPSED = Outcome.NO_CONSENSUS, Outcome.LAPSED

DECIDED: list[tuple[Fact, ...]] = [
    (objected(CHN), decided(objecting=(CHN,))),
    (under_silence(END), objected(CHN), SilenceBroken(CHN)),
    (under_silence(END), SilenceCancelled()),
    (objected(CHN), decided(objecting=(CHN,)), substantive(1)),
]
NEVER: list[tuple[Fact, ...]] = [(), (objected(CHN),), (took(USA, Stance.ABSTAIN), substantive(1))]
CLOSED: list[tuple[Fact, str]] = [
    (decided(), "adopted"),
    (ProposalWithdrawn(), "withdrawn"),
    (ProposalConcluded(LAPSED), "lapsed"),
    (ProposalConcluded(NO_CONSENSUS), "no-consensus"),
]


@pytest.mark.parametrize("story", DECIDED)
def test_closing_the_agenda_finds_no_consensus_on_what_was_put_to_decision_or_under_silence(story: tuple[Fact, ...]) -> None:
    after = given(tabled(), *story).when(CloseAgenda()).then(ProposalConcluded(NO_CONSENSUS))
    assert after.proposal().status == "no-consensus"


@pytest.mark.parametrize("story", NEVER)
def test_closing_the_agenda_lets_lapse_what_never_was(story: tuple[Fact, ...]) -> None:
    after = given(tabled(), *story).when(CloseAgenda()).then(ProposalConcluded(LAPSED))
    assert after.proposal().status == "lapsed"


def test_the_agenda_does_not_close_while_a_silence_runs() -> None:
    story = given(tabled(), under_silence(END))
    story.when(CloseAgenda(), at=END - MOMENT).refused(SilenceRuns, revision=0, deadline=END)


def test_once_the_silence_has_ended_the_agenda_closes_and_the_text_stays_adopted() -> None:
    given(tabled(), under_silence(END)).when(CloseAgenda(), at=END).then()


@pytest.mark.parametrize(("closing", "status"), CLOSED)
def test_closing_the_agenda_leaves_an_outcome_as_it_is(closing: Fact, status: str) -> None:
    after = given(tabled(), closing).when(CloseAgenda()).then()
    assert after.proposal().status == status


@pytest.mark.parametrize("story", DECIDED)
def test_the_chair_records_no_consensus_and_nothing_else_of_what_was_acted_on(story: tuple[Fact, ...]) -> None:
    given(tabled(), *story).when(Conclude(NO_CONSENSUS)).then(ProposalConcluded(NO_CONSENSUS))
    given(tabled(), *story).when(Conclude(LAPSED)).refused(OutcomeDoesNotFit, outcome=LAPSED, fitting=NO_CONSENSUS)


@pytest.mark.parametrize("story", NEVER)
def test_the_chair_records_lapsed_and_nothing_else_of_what_never_was(story: tuple[Fact, ...]) -> None:
    given(tabled(), *story).when(Conclude(LAPSED)).then(ProposalConcluded(LAPSED))
    given(tabled(), *story).when(Conclude(NO_CONSENSUS)).refused(OutcomeDoesNotFit, outcome=NO_CONSENSUS, fitting=LAPSED)


@pytest.mark.parametrize(("closing", "status"), CLOSED)
def test_what_is_closed_is_not_closed_again(closing: Fact, status: str) -> None:
    story = given(tabled(), closing)
    story.when(Conclude(LAPSED)).refused(ProposalClosed, status=status)
    story.when(Withdraw(), by=JPN).refused(ProposalClosed, status=status)
    story.when(TakePosition(0, Stance.ENDORSE), by=USA).refused(ProposalClosed, status=status)


def test_the_main_sponsor_withdraws_it() -> None:
    after = given(tabled(), Sponsored(USA, 0)).when(Withdraw(), by=JPN).then(ProposalWithdrawn())
    assert after.proposal().status == "withdrawn"


def test_nobody_else_withdraws_it() -> None:
    story = given(tabled(), Sponsored(USA, 0))
    for delegation in (USA, CHN, None):
        story.when(Withdraw(), by=delegation).refused(NotMainSponsor, sponsor="JPN")


def test_an_objection_does_not_keep_its_sponsor_from_withdrawing_it() -> None:
    given(tabled(), objected(CHN)).when(Withdraw(), by=JPN).then(ProposalWithdrawn())


def test_a_chairs_statement_is_issued_by_the_chair_alone_and_no_objection_stops_it() -> None:
    after = given(tabled(by=None), objected(CHN)).when(Issue(0)).then(StatementIssued(0))
    assert after.proposal().status == "issued"
    after.when(TakePosition(0, Stance.ENDORSE), by=USA).refused(ProposalClosed, status="issued")


def test_all_else_is_agreed_and_not_issued() -> None:
    given(tabled()).when(Issue(0)).refused(NotAChairsStatement, kind="confidence-building-measure")


def test_a_chairs_statement_is_neither_put_to_decision_or_under_silence_nor_sponsored() -> None:
    story = given(tabled(by=None))
    story.when(PutToSitting(1, 0), present=MEMBERS).refused(IsAChairsStatement)
    story.when(OpenSilence(0, END)).refused(IsAChairsStatement)
    story.when(Sponsor(), by=USA).refused(IsAChairsStatement)


def test_a_chairs_statement_that_was_not_issued_lapses_with_its_agenda() -> None:
    given(tabled(by=None)).when(CloseAgenda()).then(ProposalConcluded(LAPSED))
