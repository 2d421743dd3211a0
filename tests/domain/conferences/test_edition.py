from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from domain.conferences.commands import AnnounceEdition, CancelEdition, CloseEdition, OpenEdition, PostponeEdition
from domain.conferences.edition import Edition, EditionStatus
from domain.conferences.events import (
    EditionAnnounced,
    EditionCancelled,
    EditionClosed,
    EditionOpened,
    EditionPostponed,
)
from domain.conferences.refusals import EditionEndsBeforeItStarts, EditionExists, EditionNotSo
from domain.kernel import Fact
from tests.domain.cast import EDITION, EN
from tests.domain.scenario import Given, given

FIRST_DAY, LAST_DAY = date(2024, 10, 1), date(2024, 10, 3)
ANNOUNCED = EditionAnnounced(EDITION, 2024, FIRST_DAY, LAST_DAY, "Tokyo", {EN: "Accidents at sea"})
ANNOUNCE = AnnounceEdition(EDITION, 2024, FIRST_DAY, LAST_DAY, "Tokyo", {EN: "Accidents at sea"})
LATER = (date(2024, 12, 2), date(2024, 12, 4))
POSTPONED = EditionPostponed(*LATER)

STORIES: dict[str, tuple[Fact, ...]] = {
    "announced": (ANNOUNCED,),
    "open": (ANNOUNCED, EditionOpened()),
    "postponed": (ANNOUNCED, POSTPONED),
    "closed": (ANNOUNCED, EditionOpened(), EditionClosed()),
    "cancelled": (ANNOUNCED, EditionCancelled()),
}
MOVES: list[tuple[OpenEdition | CloseEdition | PostponeEdition | CancelEdition, Fact, tuple[str, ...]]] = [
    (OpenEdition(), EditionOpened(), ("announced", "postponed")),
    (CloseEdition(), EditionClosed(), ("open",)),
    (PostponeEdition(*LATER), POSTPONED, ("announced", "open", "postponed")),
    (CancelEdition(), EditionCancelled(), ("announced", "open", "postponed")),
]


def edition(story: Given) -> Edition:
    return story.state(Edition)


def test_an_edition_is_announced_once_under_its_code() -> None:
    after = given().when(ANNOUNCE).then(ANNOUNCED)
    assert edition(after).status is EditionStatus.ANNOUNCED
    after.when(ANNOUNCE).refused(EditionExists, edition="2024")


@pytest.mark.parametrize("status", STORIES)
@pytest.mark.parametrize(("command", "fact", "allowed"), MOVES)
def test_an_edition_moves_on_only_from_where_it_may(
    status: str,
    command: OpenEdition | CloseEdition | PostponeEdition | CancelEdition,
    fact: Fact,
    allowed: tuple[str, ...],
) -> None:
    story = given(*STORIES[status])
    if status in allowed:
        story.when(command).then(fact)
    else:
        story.when(command).refused(EditionNotSo, status=status, allowed=allowed)


@pytest.mark.parametrize(("status", "takes"), [(s, s in {"announced", "open"}) for s in STORIES])
def test_proposals_are_tabled_in_an_announced_or_open_edition(status: str, takes: bool) -> None:
    assert edition(given(*STORIES[status])).takes_proposals is takes


def test_the_meeting_days_do_not_end_before_they_start() -> None:
    backwards = msgspec.structs.replace(ANNOUNCE, ends_on=date(2024, 9, 30))
    given().when(backwards).refused(EditionEndsBeforeItStarts, starts_on=FIRST_DAY, ends_on=date(2024, 9, 30))
    given(ANNOUNCED).when(PostponeEdition(LAST_DAY, FIRST_DAY)).refused(
        EditionEndsBeforeItStarts, starts_on=LAST_DAY, ends_on=FIRST_DAY
    )
    given(ANNOUNCED).when(PostponeEdition(LAST_DAY, LAST_DAY)).then(EditionPostponed(LAST_DAY, LAST_DAY))


@pytest.mark.parametrize(
    ("moment", "in_session"),
    [
        (datetime(2024, 9, 30, 14, 59, 59, tzinfo=UTC), False),
        (datetime(2024, 9, 30, 15, tzinfo=UTC), True),
        (datetime(2024, 10, 3, 14, 59, 59, tzinfo=UTC), True),
        (datetime(2024, 10, 3, 15, tzinfo=UTC), False),
    ],
)
def test_the_meeting_days_follow_the_forums_calendar(moment: datetime, in_session: bool) -> None:
    assert edition(given(ANNOUNCED)).in_session(moment, ZoneInfo("Asia/Tokyo")) is in_session


def test_after_a_postponement_the_new_days_are_the_meeting_days() -> None:
    after = edition(given(ANNOUNCED, POSTPONED, EditionOpened()))
    assert (after.status, after.starts_on, after.ends_on) == (EditionStatus.OPEN, *LATER)


@pytest.mark.parametrize("year", [0, 10_000, 2**60])
def test_a_year_is_one_of_the_calendar(year: int) -> None:
    asked = msgspec.json.encode(msgspec.structs.replace(ANNOUNCE, year=year))
    with pytest.raises(msgspec.ValidationError, match=r"\$\.year"):
        msgspec.json.decode(asked, type=AnnounceEdition)
