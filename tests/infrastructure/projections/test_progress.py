"""What progress is counted from, before and after what time alone does."""

from collections.abc import Set
from datetime import date, datetime, timedelta
from typing import Final

import pytest
from msgspec.structs import replace

from application.views.progress import Counted, Lot, ProgressAsked
from domain.conferences.events import EditionAnnounced, EditionOpened, EditionPostponed
from domain.identity import BookId, EditionCode
from domain.progress.agreement import Leaning
from domain.proposals.events import (
    AdoptionSetAside,
    ObjectionCameLate,
    Outcome,
    PositionConfirmed,
    ProposalConcluded,
    ProposalDeferred,
    ProposalTakenUp,
    SilenceBroken,
    SilenceEnded,
    SilenceExtended,
    Sponsored,
    Stance,
)
from infrastructure.postgres.embedded import Database
from infrastructure.projections.readers.progress import PostgresProgress
from infrastructure.projections.readers.wall import Views
from tests.domain.cast import (
    AGREEMENT,
    CHN,
    EDITION,
    JAPAN_US,
    JPN,
    KOR,
    MEMBERS,
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
    under_silence,
)
from tests.infrastructure.eventlog.scene import NOON
from tests.infrastructure.projections.scene import (
    DAY,
    FOUNDING,
    HOUR,
    JAPAN_US_BOOK,
    PLENARY_BOOK,
    PUBLIC,
    Record,
    follow,
)

BOOKS: Final = frozenset({PUBLIC, PLENARY_BOOK})
NEXT: Final = EditionCode("2025")
ALL: Final = ProgressAsked()
DEADLINE: Final = NOON + 4 * DAY
MICROSECOND: Final = timedelta(microseconds=1)
FOR, NEITHER, AGAINST = Leaning.FOR, Leaning.NEITHER, Leaning.AGAINST


@pytest.fixture
def progress(views: Views) -> PostgresProgress:
    return PostgresProgress(views)


def announce(record: Record, code: EditionCode = EDITION, *, opened: datetime | None = None) -> None:
    fact = EditionAnnounced(code, int(code), date(int(code), 9, 8), date(int(code), 9, 9), "Tokyo", {})
    record.say(an_id(f"edition {code}"), PUBLIC, fact)
    record.say(an_id(f"edition {code}"), PUBLIC, EditionOpened(), effective=opened)


@pytest.fixture
def edition(record: Record) -> Record:
    """The record, with an edition that was opened."""
    announce(record)
    return record


async def counted(
    progress: PostgresProgress, record: Record, asked: ProgressAsked = ALL, books: Set[BookId] = BOOKS
) -> Counted:
    return await progress.counted(books, asked, now=record.now)


async def only(progress: PostgresProgress, record: Record, asked: ProgressAsked = ALL) -> Lot:
    (lot,) = (await counted(progress, record, asked)).happened
    assert lot.count == 1
    return lot


async def statuses(progress: PostgresProgress, record: Record, asked: ProgressAsked = ALL) -> list[str]:
    return [lot.status for lot in (await counted(progress, record, asked)).happened]


async def test_a_silence_counts_as_adoption_at_the_very_instant_of_its_end(
    database: Database, edition: Record, progress: PostgresProgress
) -> None:
    edition.say(PROPOSAL, PLENARY_BOOK, tabled(), at=NOON)
    edition.say(PROPOSAL, PLENARY_BOOK, endorsed(USA), took(CHN, Stance.ABSTAIN), under_silence(DEADLINE), at=NOON + HOUR)
    await follow(database)

    edition.turn(DEADLINE - MICROSECOND)
    before = await only(progress, edition)
    edition.turn(DEADLINE)
    after = await only(progress, edition)

    assert (before.status, before.acted_on, before.seconds, before.members) == ("under-silence", True, None, ())
    assert (after.status, after.seconds) == ("adopted", 4 * 24 * 60 * 60)
    assert dict(zip(after.members, after.leanings, strict=True)) == {CHN: NEITHER, JPN: FOR, KOR: None, USA: FOR}


async def test_writing_the_end_down_or_an_objection_after_it_changes_nothing(
    database: Database, edition: Record, progress: PostgresProgress
) -> None:
    edition.say(PROPOSAL, PLENARY_BOOK, tabled(), under_silence(DEADLINE))
    edition.turn(DEADLINE)
    await follow(database)
    ended = await counted(progress, edition)
    edition.say(PROPOSAL, PLENARY_BOOK, ObjectionCameLate(CHN, 0, DEADLINE), at=DEADLINE + HOUR)
    edition.say(PROPOSAL, PLENARY_BOOK, SilenceEnded(0, AGREEMENT), at=DEADLINE + DAY, effective=DEADLINE)
    await follow(database)

    after = await counted(progress, edition)

    assert (after.happened, after.cohort) == (ended.happened, ended.cohort)


async def test_an_extension_or_a_breach_takes_the_adoption_back(
    database: Database, edition: Record, progress: PostgresProgress
) -> None:
    edition.say(PROPOSAL, PLENARY_BOOK, tabled(), under_silence(DEADLINE))
    await follow(database)
    edition.say(PROPOSAL, PLENARY_BOOK, SilenceExtended(DEADLINE + DAY), at=DEADLINE - HOUR)
    await follow(database)
    edition.turn(DEADLINE)
    assert await statuses(progress, edition) == ["under-silence"]

    edition.say(PROPOSAL, PLENARY_BOOK, objected(CHN), SilenceBroken(CHN), at=DEADLINE + HOUR)
    await follow(database)
    edition.turn(DEADLINE + 2 * DAY)

    assert await statuses(progress, edition) == ["open"]
    assert [(lot.opened, lot.broken) for lot in (await counted(progress, edition)).silences] == [(1, 1)]


async def test_positions_count_as_they_hold_on_the_last_revision_when_it_closes(
    database: Database, edition: Record, progress: PostgresProgress
) -> None:
    edition.say(PROPOSAL, PLENARY_BOOK, tabled(), endorsed(USA), objected(CHN), took(KOR, Stance.RESERVE))
    edition.say(PROPOSAL, PLENARY_BOOK, substantive(1))
    edition.say(PROPOSAL, PLENARY_BOOK, decided(on=1, objecting=(CHN,)))
    edition.say(PROPOSAL, PLENARY_BOOK, ProposalConcluded(Outcome.NO_CONSENSUS))
    await follow(database)

    found = await only(progress, edition)

    assert (found.status, found.acted_on) == ("no-consensus", True)
    held = dict(zip(found.members, found.leanings, strict=True))
    assert held == {JPN: FOR, CHN: AGAINST, USA: None, KOR: None}, "superseded; awaiting instructions"


async def test_what_was_confirmed_or_maintained_counts(database: Database, edition: Record, progress: PostgresProgress) -> None:
    edition.say(PROPOSAL, PLENARY_BOOK, tabled(), took(KOR, Stance.RESERVE, due=NOON + DAY), took(USA, Stance.DISSOCIATE))
    edition.say(PROPOSAL, PLENARY_BOOK, PositionConfirmed(KOR, 0), took(CHN, Stance.AD_REFERENDUM, due=NOON + DAY))
    edition.say(PROPOSAL, PLENARY_BOOK, ProposalConcluded(Outcome.LAPSED), at=NOON + 2 * DAY)
    await follow(database)

    found = await only(progress, edition)

    held = dict(zip(found.members, found.leanings, strict=True))
    assert held == {JPN: FOR, KOR: NEITHER, USA: NEITHER, CHN: None}, "an endorsement ad referendum fell away when due"


async def test_revisions_and_days_to_adoption_are_by_when_things_are_said_to_have_happened(
    database: Database, edition: Record, progress: PostgresProgress
) -> None:
    edition.say(PROPOSAL, PLENARY_BOOK, tabled(), at=NOON + DAY, effective=NOON - 10 * DAY)
    edition.say(PROPOSAL, PLENARY_BOOK, editorial(1), at=NOON + DAY + HOUR)
    edition.say(PROPOSAL, PLENARY_BOOK, decided(on=1), at=NOON + 3 * DAY, effective=NOON - 8 * DAY)
    await follow(database)

    found = await only(progress, edition)

    assert (found.revisions, found.seconds) == (1, 2 * 24 * 60 * 60)


async def test_as_published_then_and_as_known_now_are_two_answers(
    database: Database, edition: Record, progress: PostgresProgress
) -> None:
    edition.say(PROPOSAL, PLENARY_BOOK, tabled(), at=NOON)
    edition.say(PROPOSAL, PLENARY_BOOK, decided(), at=NOON + 9 * DAY, effective=NOON + DAY)
    await follow(database)

    async def at(as_of: datetime | None = None, effective_at: datetime | None = None) -> list[str]:
        return await statuses(progress, edition, ProgressAsked(as_of=as_of, effective_at=effective_at))

    assert await at(as_of=NOON - MICROSECOND) == []
    assert await at(as_of=NOON + 5 * DAY) == ["open"]
    assert await at(effective_at=NOON + DAY - MICROSECOND) == ["open"]
    assert await at(effective_at=NOON + DAY) == ["adopted"]
    assert await at(as_of=NOON + 5 * DAY, effective_at=NOON + 5 * DAY) == ["open"]
    assert await at(as_of=NOON + 9 * DAY, effective_at=NOON + 5 * DAY) == ["adopted"]


async def test_editions_are_compared_at_equal_days_from_their_opening(
    database: Database, record: Record, progress: PostgresProgress
) -> None:
    announce(record, EDITION, opened=NOON - 100 * DAY)
    announce(record, NEXT)
    record.say(an_id("one"), PLENARY_BOOK, tabled(), effective=NOON - 99 * DAY)
    record.say(an_id("one"), PLENARY_BOOK, decided(), effective=NOON - 90 * DAY)
    record.say(an_id("two"), PLENARY_BOOK, replace(tabled(), edition=NEXT), at=NOON + DAY)
    record.turn(NOON + 5 * DAY)
    await follow(database)

    async def at(day: int) -> dict[EditionCode, str]:
        found = await counted(progress, record, ProgressAsked(day=day))
        return {lot.edition: lot.status for lot in found.happened}

    assert await at(0) == {}
    assert await at(2) == {EDITION: "open", NEXT: "open"}
    assert await at(4) == {EDITION: "open", NEXT: "open"}
    assert await at(30) == {EDITION: "adopted"}, "the later edition has not come so far"


async def test_silences_and_openings_count_from_when_they_are_said_to_have_happened(
    database: Database, record: Record, progress: PostgresProgress
) -> None:
    announce(record, opened=NOON)
    stream = an_id(f"edition {EDITION}")
    record.say(stream, PUBLIC, EditionPostponed(date(2024, 10, 1), date(2024, 10, 2)), EditionOpened(), at=NOON + 7 * DAY)
    record.say(PROPOSAL, PLENARY_BOOK, tabled(), under_silence(DEADLINE + 30 * DAY), at=NOON + 8 * DAY, effective=NOON + HOUR)
    await follow(database)

    (known,) = (await counted(progress, record)).editions
    assert known.opened == NOON, "the first opening"

    async def opened_at(effective_at: datetime) -> int:
        return sum(lot.opened for lot in (await counted(progress, record, ProgressAsked(effective_at=effective_at))).silences)

    assert [await opened_at(NOON + HOUR - MICROSECOND), await opened_at(NOON + HOUR)] == [0, 1]


async def test_one_reads_what_lies_in_ones_books(database: Database, edition: Record, progress: PostgresProgress) -> None:
    edition.say(an_id("four"), PLENARY_BOOK, tabled())
    secret = replace(tabled(by=USA), format=JAPAN_US)
    edition.say(an_id("two"), JAPAN_US_BOOK, secret, under_silence(DEADLINE))
    await follow(database)

    four = await counted(progress, edition, books={PUBLIC, PLENARY_BOOK})
    two = await counted(progress, edition, books={PUBLIC, JAPAN_US_BOOK})
    nobody = await counted(progress, edition, books={PUBLIC})

    assert [(lot.format, lot.sponsors) for lot in four.happened] == [("plenary", (JPN,))]
    assert (four.silences, four.reached) == ((), {PUBLIC: FOUNDING + 1, PLENARY_BOOK: 0})
    assert [(lot.format, lot.sponsors) for lot in two.happened] == [(JAPAN_US, (USA,))]
    assert (nobody.happened, nobody.silences, len(nobody.editions)) == ((), (), 1)


async def test_the_position_is_that_of_the_view_and_of_the_moment(
    database: Database, edition: Record, progress: PostgresProgress
) -> None:
    edition.say(PROPOSAL, PLENARY_BOOK, tabled(), at=NOON + HOUR)
    edition.say(PROPOSAL, PLENARY_BOOK, Sponsored(USA, 0), endorsed(KOR), at=NOON + 2 * HOUR)
    await follow(database)
    edition.say(PROPOSAL, PLENARY_BOOK, endorsed(CHN))

    assert (await counted(progress, edition)).reached[PLENARY_BOOK] == 2, "the last fact is not in the view"
    assert (await counted(progress, edition, ProgressAsked(as_of=NOON + HOUR))).reached[PLENARY_BOOK] == 0


async def test_editions_narrow(database: Database, edition: Record, progress: PostgresProgress) -> None:
    announce(edition, NEXT)
    edition.say(an_id("one"), PLENARY_BOOK, tabled(), under_silence(DEADLINE))
    edition.say(an_id("two"), PLENARY_BOOK, replace(tabled(), edition=NEXT))
    await follow(database)

    found = await counted(progress, edition, ProgressAsked(edition=(NEXT,)))

    assert [one.edition for one in found.editions] == [NEXT]
    assert [lot.edition for lot in (*found.happened, *found.cohort)] == [NEXT, NEXT]
    assert found.silences == ()


async def test_alike_proposals_are_counted_together(database: Database, edition: Record, progress: PostgresProgress) -> None:
    for name in ("one", "two", "three"):
        edition.say(an_id(name), PLENARY_BOOK, tabled(), ProposalConcluded(Outcome.LAPSED))
    await follow(database)

    (lot,) = (await counted(progress, edition)).happened

    assert (lot.count, lot.status, set(lot.members)) == (3, "lapsed", MEMBERS)


async def test_one_that_went_on_counts_in_each_edition_by_what_happened_there_and_once_in_its_cohort(
    database: Database, edition: Record, progress: PostgresProgress
) -> None:
    announce(edition, NEXT)
    edition.say(PROPOSAL, PLENARY_BOOK, tabled(), at=NOON + HOUR)
    edition.say(PROPOSAL, PLENARY_BOOK, ProposalDeferred(NEXT), at=NOON + DAY)
    await follow(database)
    edition.say(PROPOSAL, PLENARY_BOOK, ProposalTakenUp(NEXT), at=NOON + 2 * DAY)
    edition.say(PROPOSAL, PLENARY_BOOK, decided(), at=NOON + 3 * DAY)
    await follow(database)

    async def at(asked: ProgressAsked = ALL) -> tuple[dict[EditionCode, tuple[str, bool]], dict[EditionCode, str]]:
        found = await counted(progress, edition, asked)
        happened = {lot.edition: (lot.status, lot.tabled) for lot in found.happened}
        return happened, {lot.edition: lot.status for lot in found.cohort}

    left = {EDITION: ("deferred", True)}
    assert await at(ProgressAsked(as_of=NOON + HOUR)) == ({EDITION: ("open", True)}, {EDITION: "open"})
    assert await at(ProgressAsked(as_of=NOON + DAY)) == (left, {EDITION: "deferred"})
    assert await at(ProgressAsked(as_of=NOON + 2 * DAY)) == (left | {NEXT: ("open", False)}, {EDITION: "open"})
    assert await at() == (left | {NEXT: ("adopted", False)}, {EDITION: "adopted"})
    assert await at(ProgressAsked(edition=(EDITION,))) == (left, {EDITION: "adopted"})
    assert await at(ProgressAsked(edition=(NEXT,))) == ({NEXT: ("adopted", False)}, {})


async def test_an_adoption_that_was_set_aside_counts_no_longer_but_was_published(
    database: Database, edition: Record, progress: PostgresProgress
) -> None:
    edition.say(PROPOSAL, PLENARY_BOOK, tabled(), decided(), at=NOON + HOUR)
    edition.say(PROPOSAL, PLENARY_BOOK, AdoptionSetAside(0, AGREEMENT, (CHN,)), at=NOON + DAY)
    await follow(database)

    assert await statuses(progress, edition) == ["open"]
    assert await statuses(progress, edition, ProgressAsked(as_of=NOON + HOUR)) == ["adopted"]
