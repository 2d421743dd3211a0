import pytest

from domain.kernel import Fact
from domain.proposals.commands import JoinStatement, MakeStatement
from domain.proposals.events import (
    Outcome,
    ProposalConcluded,
    ProposalDeferred,
    StatementJoined,
    StatementKind,
    StatementMade,
    StatementWorded,
)
from domain.proposals.refusals import (
    DissociationUnclear,
    IsDeferred,
    LanguageNotOfForum,
    NotAMember,
    NotInvited,
    ProvisionNotInRevision,
    RevisionNotCurrent,
    StatementEmpty,
    StatementTooLate,
    StatementUnknown,
)
from tests.domain.cast import CHN, EN, FR, JA, JPN, KOR, P2, P8, RUS, USA, decided, substantive, tabled, under_silence
from tests.domain.scenario import at, given

END = at("10:00", day=5)
WORDS = {EN: "'Hegemony' names no State.", JA: "「覇権」は特定の国を指さない。"}
INTERPRETATION, RESERVATION = StatementKind.INTERPRETATION, StatementKind.RESERVATION
EXPLANATION, DISSOCIATION = StatementKind.EXPLANATION, StatementKind.DISSOCIATION


def test_a_delegation_makes_a_statement_on_the_text() -> None:
    made = StatementMade(1, USA, INTERPRETATION, 0, None, ())
    after = given(tabled()).when(MakeStatement(INTERPRETATION, 0, WORDS), by=USA).then(made, StatementWorded(1, WORDS))
    (statement,) = after.proposal().statements
    assert (statement.delegation, statement.text) == (USA, WORDS)


def test_another_joins_it_on_invitation_once() -> None:
    asked = given(tabled()).when(MakeStatement(DISSOCIATION, 0, WORDS, P2, (KOR, USA, KOR)), by=USA)
    story = asked.then(StatementMade(1, USA, DISSOCIATION, 0, P2, (KOR,)), StatementWorded(1, WORDS))
    story = story.when(JoinStatement(1), by=KOR).then(StatementJoined(1, KOR))
    assert story.proposal().statements[0].joined == (KOR,)
    for delegation in (KOR, CHN, USA):
        story.when(JoinStatement(1), by=delegation).refused(NotInvited, delegation=delegation, statement=1)
    story.when(JoinStatement(2), by=KOR).refused(StatementUnknown, statement=2, count=1)


def test_only_delegations_of_the_format_are_invited() -> None:
    invited = MakeStatement(EXPLANATION, 0, WORDS, None, (RUS,))
    given(tabled()).when(invited, by=USA).refused(NotAMember, delegation="RUS", members=("CHN", "JPN", "KOR", "USA"))


def test_statements_are_made_under_silence() -> None:
    asked = given(tabled(), under_silence(END)).when(MakeStatement(RESERVATION, 0, WORDS), by=CHN)
    asked.then(StatementMade(1, CHN, RESERVATION, 0, None, ()), StatementWorded(1, WORDS))


CLOSED: list[tuple[Fact, str]] = [(decided(), "adopted"), (ProposalConcluded(Outcome.LAPSED), "lapsed")]


@pytest.mark.parametrize(("closing", "status"), CLOSED)
def test_after_the_outcome_a_position_is_explained_and_a_text_interpreted_and_no_more(closing: Fact, status: str) -> None:
    story = given(tabled(), closing)
    for kind in (EXPLANATION, INTERPRETATION):
        story.when(MakeStatement(kind, 0, WORDS), by=CHN).then(
            StatementMade(1, CHN, kind, 0, None, ()), StatementWorded(1, WORDS)
        )
    for kind in (RESERVATION, DISSOCIATION):
        story.when(MakeStatement(kind, 0, WORDS, P2), by=CHN).refused(StatementTooLate, status=status, form=kind)


@pytest.mark.parametrize(("closing", "status"), CLOSED)
def test_a_statement_is_joined_as_long_as_it_could_be_made(closing: Fact, status: str) -> None:
    for kind in (EXPLANATION, INTERPRETATION):
        story = given(tabled(), StatementMade(1, USA, kind, 0, P2, (KOR,)), closing)
        story.when(JoinStatement(1), by=KOR).then(StatementJoined(1, KOR))
    for kind in (RESERVATION, DISSOCIATION):
        story = given(tabled(), StatementMade(1, USA, kind, 0, P2, (KOR,)), closing)
        story.when(JoinStatement(1), by=KOR).refused(StatementTooLate, status=status, form=kind)


def test_none_is_made_or_joined_while_the_text_is_deferred() -> None:
    made = StatementMade(1, USA, INTERPRETATION, 0, None, (KOR,))
    story = given(tabled(), made, ProposalDeferred(None))
    story.when(MakeStatement(INTERPRETATION, 0, WORDS), by=CHN).refused(IsDeferred)
    story.when(JoinStatement(1), by=KOR).refused(IsDeferred)


def test_a_statement_is_on_the_current_text_and_a_provision_of_it() -> None:
    story = given(tabled(), substantive(1))
    story.when(MakeStatement(INTERPRETATION, 0, WORDS), by=USA).refused(RevisionNotCurrent, revision=0, current=1)
    named = MakeStatement(INTERPRETATION, 1, WORDS, P8)
    story.when(named, by=USA).refused(ProvisionNotInRevision, provision="p8", revision=1)


def test_a_dissociation_names_its_provision() -> None:
    given(tabled()).when(MakeStatement(DISSOCIATION, 0, WORDS), by=CHN).refused(DissociationUnclear)


def test_a_statement_has_words_in_languages_of_the_forum() -> None:
    story = given(tabled())
    for text in ({}, {EN: " "}):
        story.when(MakeStatement(EXPLANATION, 0, text), by=JPN).refused(StatementEmpty)
    known = ("en", "ja", "zh-Hans", "ko")
    story.when(MakeStatement(EXPLANATION, 0, {FR: "Non."}), by=JPN).refused(LanguageNotOfForum, language="fr", known=known)
