from datetime import date

import pytest
from msgspec.structs import replace

from domain.conferences.agenda import Agenda, list_again, number, number_next
from domain.conferences.commands import AppointChair, ConveneSitting, MarkAttendance
from domain.conferences.events import (
    AgendaClosed,
    AgendaDrawnUp,
    AttendanceMarked,
    ChairAppointed,
    ProposalListed,
    ProposalNumbered,
    SittingConvened,
)
from domain.conferences.refusals import AgendaHasClosed, ChairInPlace, NotOfTheFormat, SittingUnknown
from domain.identity import EditionCode, ProposalId
from tests.domain.cast import ALICE, BORIS, CHN, EARLIER, EDITION, JPN, KOR, PLENARY, PROPOSAL, RUS, USA
from tests.domain.scenario import given

DRAWN_UP = AgendaDrawnUp(EDITION, PLENARY)
MEMBERS = ("CHN", "JPN", "KOR", "USA")
DAY = date(2024, 10, 1)


def the_next(agenda: Agenda) -> ProposalNumbered:
    return number_next(agenda, PROPOSAL, letter="P", year=2024)


def test_a_person_chairs_until_another_is_appointed() -> None:
    after = given(DRAWN_UP).when(AppointChair(ALICE)).then(ChairAppointed(ALICE))
    after.when(AppointChair(ALICE)).refused(ChairInPlace)
    assert after.when(AppointChair(BORIS)).then(ChairAppointed(BORIS)).state(Agenda).chair == BORIS


@pytest.mark.parametrize(
    ("edition", "year", "count", "expected"),
    [
        ("2024", 2024, 3, "P24-03"),
        ("2005", 2005, 1, "P05-01"),
        ("unga-22", 1967, 3, "P-unga-22-03"),
        ("2024", 2025, 1, "P-2024-01"),
        ("2024", 2024, 123, "P24-123"),
    ],
)
def test_a_number_is_of_format_edition_and_place(edition: str, year: int, count: int, expected: str) -> None:
    assert number("P", EditionCode(edition), year, count) == expected


def test_numbers_are_counted_per_agenda_without_a_gap() -> None:
    first = given(DRAWN_UP, ProposalNumbered(EARLIER, "P24-01"))
    after = first.when(the_next).then(ProposalNumbered(PROPOSAL, "P24-02"))
    assert list(after.state(Agenda).proposals.items()) == [(EARLIER, "P24-01"), (PROPOSAL, "P24-02")]


def test_the_agenda_of_another_edition_counts_anew() -> None:
    unga = AgendaDrawnUp(EditionCode("unga-22"), PLENARY)
    third = ProposalId(EARLIER)
    numbered = given(unga, ProposalNumbered(third, "P-unga-22-01"))
    numbered.when(the_next).then(ProposalNumbered(PROPOSAL, "P-unga-22-02"))


def test_sittings_are_numbered_from_1() -> None:
    first = given(DRAWN_UP).when(ConveneSitting(DAY, "on-record")).then(SittingConvened(1, DAY, "on-record"))
    first.when(ConveneSitting(DAY, "closed")).then(SittingConvened(2, DAY, "closed"))


def test_attendance_is_marked_in_place_of_what_was_marked_before() -> None:
    story = given(DRAWN_UP, SittingConvened(1, DAY, "chatham-house"), SittingConvened(2, DAY, "closed"))
    once = story.when(MarkAttendance(1, (USA, JPN, USA))).then(AttendanceMarked(1, (JPN, USA)))
    again = once.when(MarkAttendance(1, (KOR,))).then(AttendanceMarked(1, (KOR,)))
    assert [sitting.present for sitting in again.state(Agenda).sittings] == [{KOR}, set()]
    assert again.state(Agenda).sitting(1).rule == "chatham-house"


@pytest.mark.parametrize("sitting", [-1, 0, 2])
def test_attendance_is_at_a_sitting_of_this_agenda(sitting: int) -> None:
    story = given(DRAWN_UP, SittingConvened(1, DAY, "closed"))
    story.when(MarkAttendance(sitting, (JPN,))).refused(SittingUnknown, sitting=sitting, count=1)


def test_only_delegations_of_the_format_sit_in_it() -> None:
    story = given(DRAWN_UP, SittingConvened(1, DAY, "closed"))
    story.when(MarkAttendance(1, (CHN, RUS))).refused(NotOfTheFormat, delegation="RUS", members=MEMBERS)


@pytest.mark.parametrize("command", [AppointChair(ALICE), ConveneSitting(DAY, "closed"), MarkAttendance(1, (JPN,)), the_next])
def test_a_closed_agenda_takes_nothing_more(command: AppointChair) -> None:
    story = given(DRAWN_UP, SittingConvened(1, DAY, "closed"), AgendaClosed())
    story.when(command).refused(AgendaHasClosed, edition="2024")


def test_an_agenda_is_drawn_up_once() -> None:
    story = given(DRAWN_UP, ChairAppointed(ALICE), replace(DRAWN_UP, edition=EditionCode("2025")))
    assert (story.state(Agenda).edition, story.state(Agenda).chair) == (EDITION, ALICE)


def test_what_was_deferred_is_listed_under_its_number_once_and_takes_no_number_of_the_agenda() -> None:
    listed = ProposalListed(EARLIER, "P23-03")
    after = given(DRAWN_UP).when(lambda agenda: list_again(agenda, EARLIER, "P23-03")).then(listed)
    after.when(lambda agenda: list_again(agenda, EARLIER, "P23-03")).then()
    assert the_next(after.state(Agenda)).number == "P24-01"


def test_a_closed_agenda_lists_nothing_again_that_stood_on_it_or_not() -> None:
    for story in (given(DRAWN_UP, AgendaClosed()), given(DRAWN_UP, ProposalListed(EARLIER, "P23-03"), AgendaClosed())):
        story.when(lambda agenda: list_again(agenda, EARLIER, "P23-03")).refused(AgendaHasClosed, edition=EDITION)
