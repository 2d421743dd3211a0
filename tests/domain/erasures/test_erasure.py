"""Erasures: words go with the agreement of every delegation that reads them, and nothing else goes."""

import pytest

from domain.erasures.commands import ApproveErasure, AskErasure
from domain.erasures.erasure import Done, Erasures
from domain.erasures.events import (
    Basis,
    ErasureApproved,
    ErasureAsked,
    ErasureCarriedOut,
    ErasureReasoned,
    NamedWords,
)
from domain.erasures.refusals import AlreadyErased, ErasureApprovedAlready, ErasureUnknown, FactUnknown, NotErasable
from domain.identity import DelegationCode
from domain.kernel import Fact, Withheld
from domain.proposals.events import ReasonGiven
from tests.domain.cast import CHN, JPN, KOR, MEMBERS, USA, because, objected, tabled
from tests.domain.scenario import Given, given

TABLE = (tabled(), objected(CHN), because(CHN))
WORDS = (NamedWords(2, ReasonGiven.tag),)
ASK = AskErasure((2,), Basis.PERSONAL_DATA)
ASKED = ErasureAsked(1, WORDS, Basis.PERSONAL_DATA, JPN)
DONE = ErasureCarriedOut(1, WORDS, Basis.PERSONAL_DATA, (CHN, JPN, KOR, USA))


def approved(*delegations: DelegationCode) -> tuple[Fact, ...]:
    return tuple(ErasureApproved(1, delegation) for delegation in delegations)


def test_a_delegation_that_asks_has_approved() -> None:
    given(*TABLE).when(ASK, by=JPN).then(ASKED, *approved(JPN))


def test_the_secretary_asks_and_approves_for_nobody() -> None:
    given(*TABLE).when(ASK).then(ErasureAsked(1, WORDS, Basis.PERSONAL_DATA, None))


def test_its_reason_is_a_fact_of_its_own() -> None:
    asked = AskErasure((2,), Basis.PERSONAL_DATA, "At the person's request.")
    given(*TABLE).when(asked, by=JPN).then(ASKED, ErasureReasoned(1, "At the person's request."), *approved(JPN))


def test_a_reason_without_words_is_none() -> None:
    given(*TABLE).when(AskErasure((2,), Basis.PERSONAL_DATA, " \n"), by=JPN).then(ASKED, *approved(JPN))


def test_words_are_named_once_and_in_their_order() -> None:
    story = given(*TABLE, objected(USA), because(USA))
    both = (*WORDS, NamedWords(4, ReasonGiven.tag))
    story.when(AskErasure((4, 2, 4), Basis.MISPLACED)).then(ErasureAsked(1, both, Basis.MISPLACED, None))


def test_the_last_delegation_carries_it_out() -> None:
    story = given(*TABLE, ASKED, *approved(JPN, USA))
    pending = story.when(ApproveErasure(1), by=CHN).then(*approved(CHN))
    done = pending.when(ApproveErasure(1), by=KOR).then(*approved(KOR), DONE)
    (erasure,) = done.state(Erasures).asked
    assert (erasure.done, set(erasure.approvals)) == (Done(done.clock, len(done.record) - 1), MEMBERS)


def test_erasures_are_numbered_in_their_book() -> None:
    story = given(*TABLE, ASKED, *approved(JPN))
    story.when(ASK, by=USA).then(ErasureAsked(2, WORDS, Basis.PERSONAL_DATA, USA), ErasureApproved(2, USA))


def test_one_approval_of_each_is_enough() -> None:
    story = given(*TABLE, ASKED, *approved(JPN))
    story.when(ApproveErasure(1), by=JPN).refused(ErasureApprovedAlready, delegation=JPN)


@pytest.mark.parametrize("number", [0, 2, -1])
def test_what_nobody_asked_for_is_not_approved(number: int) -> None:
    given(*TABLE, ASKED).when(ApproveErasure(number), by=KOR).refused(ErasureUnknown, erasure=number, count=1)
    given(*TABLE).when(ApproveErasure(number), by=KOR).refused(ErasureUnknown, erasure=number, count=0)


def test_an_act_and_a_text_stay() -> None:
    story = given(*TABLE)
    story.when(AskErasure((1,), Basis.MISPLACED), by=JPN).refused(NotErasable, index=1, kind="proposal.position-taken")
    story.when(AskErasure((2, 0), Basis.MISPLACED), by=JPN).refused(NotErasable, index=0, kind="proposal.tabled")


def test_what_does_not_stand_in_the_book_does_not_go() -> None:
    given(*TABLE).when(AskErasure((2, 3), Basis.MISPLACED), by=JPN).refused(FactUnknown, index=3)


def gone() -> Given:
    """The reason was erased by the fact at 7; another erasure had been asked for as well."""
    story = given(*TABLE, ASKED, *approved(CHN, JPN, USA))
    other = story.when(ASK, by=KOR).then(ErasureAsked(2, WORDS, Basis.PERSONAL_DATA, KOR), ErasureApproved(2, KOR))
    return given(*TABLE[:2], Withheld(ReasonGiven.tag, 7), *(recorded.fact for recorded in other.record[3:]))


def test_what_is_gone_does_not_go_again() -> None:
    gone().when(ASK, by=JPN).refused(AlreadyErased, index=2, erasure=7)
    gone().when(ApproveErasure(2), by=JPN).refused(AlreadyErased, index=2, erasure=7)


def test_the_reason_of_an_erasure_can_be_erased() -> None:
    reasoned = given(*TABLE, ASKED, ErasureReasoned(1, "At the person's request."))
    own = (NamedWords(4, ErasureReasoned.tag),)
    reasoned.when(AskErasure((4,), Basis.MISPLACED)).then(ErasureAsked(2, own, Basis.MISPLACED, None))
    (erasure,) = given(*TABLE, ASKED, Withheld(ErasureReasoned.tag, 9)).state(Erasures).asked
    assert erasure.reason is None
