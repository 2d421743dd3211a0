from datetime import datetime

import pytest
from msgspec.structs import replace

from domain.forum.commands import EndCredential, IssueCredential
from domain.forum.events import CredentialEnded, CredentialIssued, Role
from domain.forum.people import Credentials
from domain.forum.refusals import (
    CredentialEndsBeforeItBegins,
    CredentialHasEnded,
    CredentialHeld,
    CredentialUnknown,
    HeadInPlace,
    LastHead,
    NoticeMissing,
)
from domain.identity import CredentialId, PersonId
from tests.domain.cast import ALICE, BORIS, CHIYO, FIRST, JPN, SECOND, an_id
from tests.domain.scenario import MOMENT, at, given, hours

NOW = at("10:00", day=2)
DAY_5, DAY_9 = at("00:00", day=5), at("00:00", day=9)


def issued(
    person: PersonId,
    role: Role,
    *,
    credential: CredentialId = FIRST,
    begins: datetime = NOW,
    ends: datetime | None = None,
    notice: str | None = None,
) -> CredentialIssued:
    return CredentialIssued(JPN, credential, person, role, begins, ends, notice)


HEAD = issued(ALICE, Role.HEAD, credential=SECOND, begins=at("09:00"))


def test_the_head_names_the_people_of_its_delegation() -> None:
    after = given(HEAD).when(IssueCredential(BORIS, Role.ADVISER), by=JPN, at=NOW).then(issued(BORIS, Role.ADVISER))
    held = after.state(Credentials).of(BORIS, NOW)
    assert held is not None
    assert (held.role, held.role.binds) == (Role.ADVISER, False)


@pytest.mark.parametrize(
    ("role", "binds"),
    [(Role.HEAD, True), (Role.ALTERNATE, True), (Role.DELEGATE, False), (Role.ADVISER, False)],
)
def test_head_and_alternate_bind_and_the_others_prepare(role: Role, binds: bool) -> None:
    assert role.binds is binds


def test_the_secretary_names_a_first_head_on_the_delegations_written_notice() -> None:
    command = IssueCredential(ALICE, Role.HEAD, notice="Note verbale 17")
    given().when(command, by=JPN, at=NOW, by_secretary=True).then(issued(ALICE, Role.HEAD, notice="Note verbale 17"))


@pytest.mark.parametrize("notice", [None, ""])
def test_a_first_head_needs_a_notice(notice: str | None) -> None:
    given().when(IssueCredential(ALICE, Role.HEAD, notice=notice), by=JPN, by_secretary=True).refused(
        NoticeMissing, delegation="JPN"
    )


def test_the_secretary_names_nobody_else() -> None:
    command = IssueCredential(BORIS, Role.ADVISER, notice="Note verbale 17")
    given().when(command, by=JPN, by_secretary=True).refused(HeadInPlace, delegation="JPN")
    second = IssueCredential(BORIS, Role.HEAD, notice="Note verbale 18")
    given(HEAD).when(second, by=JPN, by_secretary=True).refused(HeadInPlace, delegation="JPN")


def test_a_delegation_whose_heads_terms_have_run_out_gets_a_first_head_again() -> None:
    story = given(replace(HEAD, ends=DAY_5))
    command = IssueCredential(BORIS, Role.HEAD, notice="Note verbale 18")
    story.when(command, by=JPN, at=DAY_5 - MOMENT, by_secretary=True).refused(HeadInPlace, delegation="JPN")
    story.when(command, by=JPN, at=DAY_5, by_secretary=True).then(
        issued(BORIS, Role.HEAD, begins=DAY_5, notice="Note verbale 18")
    )


def test_a_person_acts_under_one_credential_at_a_time() -> None:
    given(HEAD).when(IssueCredential(ALICE, Role.ADVISER), by=JPN, at=NOW).refused(
        CredentialHeld, delegation="JPN", role=Role.HEAD
    )


def test_also_in_time_to_come() -> None:
    later = issued(BORIS, Role.DELEGATE, begins=DAY_5, ends=DAY_9)
    story = given(HEAD, later)
    story.when(IssueCredential(BORIS, Role.ADVISER), by=JPN, at=NOW).refused(
        CredentialHeld, delegation="JPN", role=Role.DELEGATE
    )
    overlapping = IssueCredential(BORIS, Role.ADVISER, begins=DAY_9 - MOMENT)
    story.when(overlapping, by=JPN, at=NOW).refused(CredentialHeld, delegation="JPN", role=Role.DELEGATE)


def test_terms_that_meet_do_not_overlap() -> None:
    later = issued(BORIS, Role.DELEGATE, credential=SECOND, begins=DAY_5, ends=DAY_9)
    before = IssueCredential(BORIS, Role.ADVISER, ends=DAY_5)
    given(later).when(before, by=JPN, at=NOW).then(issued(BORIS, Role.ADVISER, ends=DAY_5))
    after = IssueCredential(BORIS, Role.ADVISER, begins=DAY_9)
    given(later).when(after, by=JPN, at=NOW).then(issued(BORIS, Role.ADVISER, begins=DAY_9))


def test_a_term_ended_before_it_began_is_in_nobodys_way() -> None:
    later = issued(BORIS, Role.DELEGATE, credential=SECOND, begins=DAY_5)
    story = given(later, CredentialEnded(SECOND))
    story.when(IssueCredential(BORIS, Role.ADVISER), by=JPN, at=NOW).then(issued(BORIS, Role.ADVISER))


@pytest.mark.parametrize("ends", [NOW, NOW - hours(1)])
def test_a_term_ends_after_it_begins(ends: datetime) -> None:
    given(HEAD).when(IssueCredential(BORIS, Role.ADVISER, ends=ends), by=JPN, at=NOW).refused(
        CredentialEndsBeforeItBegins, begins=NOW, ends=ends
    )


def test_a_credential_holds_from_its_beginning_on_and_before_its_end() -> None:
    credentials = given(issued(BORIS, Role.ADVISER, begins=DAY_5, ends=DAY_9)).state(Credentials)
    held = [credentials.of(BORIS, moment) is not None for moment in (DAY_5 - MOMENT, DAY_5, DAY_9 - MOMENT, DAY_9)]
    assert held == [False, True, True, False]
    assert credentials.of(CHIYO, DAY_5) is None


def test_a_credential_is_ended() -> None:
    story = given(HEAD, issued(BORIS, Role.ADVISER))
    after = story.when(EndCredential(FIRST), at=DAY_5).then(CredentialEnded(FIRST))
    assert after.state(Credentials).of(BORIS, DAY_5 - MOMENT) is not None
    assert after.state(Credentials).of(BORIS, DAY_5) is None


def test_only_a_credential_of_the_delegation_is_ended() -> None:
    unknown = CredentialId(an_id("nobody's"))
    given(HEAD).when(EndCredential(unknown)).refused(CredentialUnknown, delegation="JPN")


def test_a_credential_ends_once() -> None:
    story = given(HEAD, issued(BORIS, Role.ADVISER, ends=DAY_5))
    story.when(EndCredential(FIRST), at=DAY_5).refused(CredentialHasEnded, ended=DAY_5)
    story.when(EndCredential(FIRST), at=DAY_5 - MOMENT).then(CredentialEnded(FIRST))


def test_the_last_head_stays_until_the_next_is_in_office() -> None:
    given(HEAD).when(EndCredential(SECOND), at=NOW).refused(LastHead, delegation="JPN")
    next_head = issued(BORIS, Role.HEAD, begins=DAY_5)
    story = given(HEAD, next_head)
    story.when(EndCredential(SECOND), at=DAY_5 - MOMENT).refused(LastHead, delegation="JPN")
    story.when(EndCredential(SECOND), at=DAY_5).then(CredentialEnded(SECOND))
    given(HEAD, issued(BORIS, Role.ALTERNATE)).when(EndCredential(SECOND), at=NOW).refused(LastHead, delegation="JPN")


def test_the_next_change_of_a_delegations_people_is_a_beginning_or_an_end() -> None:
    credentials = given(HEAD, issued(BORIS, Role.ADVISER, begins=DAY_5, ends=DAY_9)).state(Credentials)
    assert [credentials.next_change(now) for now in (NOW, DAY_5, DAY_9)] == [DAY_5, DAY_9, None]
