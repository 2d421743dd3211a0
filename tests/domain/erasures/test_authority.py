"""Whoever holds a book can tell by what right words are missing from it."""

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from domain.erasures.authority import Authority, Lacking, authorities
from domain.erasures.events import Basis, ErasureApproved, ErasureAsked, ErasureCarriedOut, NamedWords
from domain.identity import DelegationCode
from domain.kernel import Fact, Withheld
from domain.proposals.events import ReasonGiven
from tests.domain.cast import CHN, JPN, KOR, MEMBERS, USA, objected, tabled
from tests.domain.scenario import at, given

WORDS = (NamedWords(2, ReasonGiven.tag),)
TABLE = (tabled(), objected(CHN), Withheld(ReasonGiven.tag, 8))
ASKED = ErasureAsked(1, WORDS, Basis.PERSONAL_DATA, JPN)
DONE = ErasureCarriedOut(1, WORDS, Basis.PERSONAL_DATA, (CHN, JPN, KOR, USA))
ALL = (CHN, JPN, KOR, USA)


def judged(
    *facts: Fact, members: frozenset[DelegationCode] = MEMBERS, by: DelegationCode | None = None
) -> Mapping[int, Authority]:
    """``by``: who recorded the approvals; each its own, where nothing is said."""
    record = [
        replace(recorded, delegation=by or recorded.fact.delegation) if isinstance(recorded.fact, ErasureApproved) else recorded
        for recorded in given(*TABLE, *facts).record
    ]
    return authorities(record, lambda _: members)


def approved(*delegations: DelegationCode) -> tuple[Fact, ...]:
    return tuple(ErasureApproved(1, delegation) for delegation in delegations)


def test_what_every_delegation_agreed_to_is_rightly_gone() -> None:
    assert judged(ASKED, *approved(*ALL), DONE) == {2: Authority(8, ReasonGiven.tag)}
    assert judged(ASKED, *approved(*ALL), DONE)[2].lacking is None


def test_what_no_erasure_names_has_no_authority() -> None:
    assert judged(ASKED, *approved(*ALL)) == {}


def test_an_approval_that_is_missing_is_named() -> None:
    judgement = judged(ASKED, *approved(CHN, USA), DONE)[2]
    assert (judgement.lacking, judgement.missing) == (Lacking.APPROVALS, (JPN, KOR))


def test_an_approval_that_comes_after_it_is_missing() -> None:
    assert judged(ASKED, *approved(CHN, USA, JPN), DONE, *approved(KOR))[2].missing == (KOR,)


def test_a_delegation_approves_for_itself_alone() -> None:
    assert judged(ASKED, *approved(*ALL), DONE, by=USA)[2].missing == (CHN, JPN, KOR)


def test_what_was_agreed_to_is_what_goes() -> None:
    other = ErasureAsked(1, (NamedWords(1, "proposal.position-taken"),), Basis.PERSONAL_DATA, JPN)
    assert judged(other, *approved(*ALL), DONE)[2].lacking is Lacking.REQUEST
    assert judged(*approved(*ALL), DONE)[2].lacking is Lacking.REQUEST


def test_a_book_without_delegations_erases_nothing() -> None:
    assert judged(ASKED, DONE, members=frozenset())[2].lacking is Lacking.MEMBERS


def test_an_erasure_stands_after_what_it_erases() -> None:
    later = (NamedWords(30, ReasonGiven.tag),)
    asked, done = ErasureAsked(1, later, Basis.MISPLACED, JPN), ErasureCarriedOut(1, later, Basis.MISPLACED, ALL)
    assert judged(asked, *approved(*ALL), done)[30].lacking is Lacking.WORDS


def test_who_sits_there_is_asked_of_the_moment_of_the_erasure() -> None:
    record = given(*TABLE, ASKED, at("12:00"), DONE).record
    moments: list[datetime] = []

    def members(moment: datetime) -> frozenset[DelegationCode]:
        moments.append(moment)
        return MEMBERS

    authorities(record, members)
    assert set(moments) == {at("12:00")}
