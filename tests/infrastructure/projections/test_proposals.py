"""What a list of proposals shows, before and after what time alone does."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import pytest
from msgspec.structs import replace

from application.views.pages import Bookmark, MalformedCursorError
from application.views.proposals import CHAIR, Need, Needing, ProposalFilter, ProposalRow, What
from domain.identity import BookId, EditionCode
from domain.kernel import Fact
from domain.proposals.events import (
    PositionConfirmed,
    ReceiptAcknowledged,
    SilenceBroken,
    SilenceCancelled,
    SilenceEnded,
    SilenceExtended,
    Stance,
)
from infrastructure.postgres.embedded import Database
from infrastructure.projections.readers.proposals import PostgresProposals
from tests.domain.cast import (
    AGREEMENT,
    CHN,
    EDITION,
    JAPAN_US,
    JPN,
    KINDS,
    KOR,
    PLENARY,
    PROPOSAL,
    USA,
    an_id,
    editorial,
    endorsed,
    objected,
    substantive,
    tabled,
    title,
    took,
    under_silence,
)
from tests.infrastructure.eventlog.scene import NOON
from tests.infrastructure.projections.scene import (
    DAY,
    HOUR,
    JAPAN_US_BOOK,
    PLENARY_BOOK,
    SECOND,
    Record,
    follow,
)

BOOKS: Final = frozenset({PLENARY_BOOK})
ALL: Final = ProposalFilter()
DEADLINE: Final = NOON + 4 * DAY
MICROSECOND: Final = timedelta(microseconds=1)


async def only(proposals: PostgresProposals, asked: ProposalFilter = ALL) -> ProposalRow:
    page = await proposals.page(BOOKS, asked)
    (row,) = page.items
    assert page.total == 1
    return row


async def statuses(proposals: PostgresProposals, asked: ProposalFilter = ALL) -> list[str]:
    return [row.status for row in (await proposals.page(BOOKS, asked)).items]


def table(record: Record, name: str, words: str, *, book: BookId = PLENARY_BOOK, **changed: object) -> UUID:
    proposal = an_id(name)
    record.say(proposal, book, replace(tabled(title(words)), number=name, **changed))
    return proposal


async def test_a_list_shows_a_silence_and_its_end_at_the_very_instant(
    database: Database, record: Record, proposals: PostgresProposals
) -> None:
    record.say(PROPOSAL, PLENARY_BOOK, tabled())
    record.say(PROPOSAL, PLENARY_BOOK, under_silence(DEADLINE), at=NOON + HOUR)
    await follow(database)

    record.turn(DEADLINE - MICROSECOND)
    before = await only(proposals)
    record.turn(DEADLINE)
    after = await only(proposals)

    assert (before.status, before.deadline, before.closed) == ("under-silence", DEADLINE, None)
    assert (after.status, after.agreement, after.closed) == ("adopted", AGREEMENT, DEADLINE)
    assert await statuses(proposals, ProposalFilter(status=("under-silence",))) == []
    assert await statuses(proposals, ProposalFilter(status=("adopted", "lapsed"))) == ["adopted"]


async def test_writing_the_end_down_changes_nothing(database: Database, record: Record, proposals: PostgresProposals) -> None:
    record.say(PROPOSAL, PLENARY_BOOK, tabled(), under_silence(DEADLINE))
    await follow(database)
    record.turn(DEADLINE)
    ended = await only(proposals)

    record.say(PROPOSAL, PLENARY_BOOK, SilenceEnded(0, AGREEMENT), at=DEADLINE + HOUR, effective=DEADLINE)
    await follow(database)

    assert await only(proposals) == replace(ended, version=ended.version + 1)
    at_deadline = ProposalFilter(effective_at=DEADLINE)
    assert (await only(proposals, at_deadline)).status == "adopted"


@pytest.mark.parametrize(
    ("fact", "then"),
    [
        (SilenceBroken(CHN), ["open", "open"]),
        (SilenceCancelled(), ["open", "open"]),
        (SilenceExtended(DEADLINE + DAY), ["under-silence", "adopted"]),
    ],
)
async def test_what_time_would_have_done_is_taken_back(
    database: Database, record: Record, proposals: PostgresProposals, fact: Fact, then: list[str]
) -> None:
    record.say(PROPOSAL, PLENARY_BOOK, tabled(), under_silence(DEADLINE))
    await follow(database)
    record.say(PROPOSAL, PLENARY_BOOK, fact, at=DEADLINE - HOUR)
    await follow(database)

    shown: list[str] = []
    for moment in (DEADLINE, DEADLINE + DAY):
        record.turn(moment)
        shown += await statuses(proposals)

    assert shown == then


async def test_an_endorsement_to_be_confirmed_falls_away_when_due(
    database: Database, record: Record, proposals: PostgresProposals
) -> None:
    due = NOON + DAY
    record.say(PROPOSAL, PLENARY_BOOK, tabled())
    record.say(PROPOSAL, PLENARY_BOOK, took(USA, Stance.AD_REFERENDUM, due=due))
    await follow(database)

    record.turn(due - MICROSECOND)
    pending = await only(proposals)
    record.turn(due)
    fallen = await only(proposals)

    assert (pending.endorsing, fallen.endorsing) == (2, 1)
    assert Need(USA, What.CONFIRM, due) in pending.needs
    assert [need for need in fallen.needs if need.whom == USA] == [Need(USA, What.POSITION)]


async def test_a_confirmation_in_time_keeps_it(database: Database, record: Record, proposals: PostgresProposals) -> None:
    due = NOON + DAY
    record.say(PROPOSAL, PLENARY_BOOK, tabled(), took(USA, Stance.AD_REFERENDUM, due=due))
    record.say(PROPOSAL, PLENARY_BOOK, PositionConfirmed(USA, 0), at=due - HOUR)
    await follow(database)

    record.turn(due + HOUR)

    assert (await only(proposals)).endorsing == 2


async def test_the_past_is_listed_as_the_record_said_it_then(
    database: Database, record: Record, proposals: PostgresProposals
) -> None:
    record.say(PROPOSAL, PLENARY_BOOK, tabled(), at=NOON + HOUR)
    record.say(PROPOSAL, PLENARY_BOOK, under_silence(DEADLINE), at=NOON + 2 * HOUR)
    record.say(PROPOSAL, PLENARY_BOOK, objected(CHN), SilenceBroken(CHN), at=NOON + 3 * HOUR)
    await follow(database)

    asked = [ProposalFilter(as_of=NOON + HOUR * hour) for hour in (0, 1, 2, 3, 1000)]

    assert [await statuses(proposals, one) for one in asked] == [[], ["open"], ["under-silence"], ["open"], ["open"]]
    assert [(await only(proposals, one)).objections for one in asked[2:4]] == [(), (CHN,)]


async def test_an_act_counts_from_when_it_is_said_to_have_happened(
    database: Database, record: Record, proposals: PostgresProposals
) -> None:
    record.say(PROPOSAL, PLENARY_BOOK, tabled(), at=NOON)
    record.say(PROPOSAL, PLENARY_BOOK, endorsed(USA), at=NOON + 2 * DAY, effective=NOON + HOUR)
    await follow(database)

    async def endorsing(asked: ProposalFilter) -> int:
        return (await only(proposals, asked)).endorsing

    assert await endorsing(ProposalFilter(effective_at=NOON + HOUR - MICROSECOND)) == 1
    assert await endorsing(ProposalFilter(effective_at=NOON + HOUR)) == 2
    assert await endorsing(ProposalFilter(as_of=NOON + DAY)) == 1
    assert await endorsing(ProposalFilter(as_of=NOON + DAY, effective_at=NOON + DAY)) == 1
    assert await endorsing(ProposalFilter(as_of=NOON + 2 * DAY, effective_at=NOON + DAY)) == 2


async def test_when_an_act_was_recorded_says_nothing_of_when_it_happened(
    database: Database, record: Record, proposals: PostgresProposals
) -> None:
    record.say(PROPOSAL, PLENARY_BOOK, tabled(), at=NOON, effective=NOON - 9 * DAY)
    record.say(PROPOSAL, PLENARY_BOOK, endorsed(USA), at=NOON + HOUR, effective=NOON - 8 * DAY)
    await follow(database)

    shown = [await only(proposals, ProposalFilter(effective_at=NOON - days * DAY)) for days in (9, 8)]

    assert [row.endorsing for row in shown] == [1, 2]


async def test_an_act_said_to_be_older_does_not_come_before_what_time_did(
    database: Database, record: Record, proposals: PostgresProposals
) -> None:
    due = NOON + DAY
    record.say(PROPOSAL, PLENARY_BOOK, tabled(), took(USA, Stance.AD_REFERENDUM, due=due))
    await follow(database)
    record.say(PROPOSAL, PLENARY_BOOK, endorsed(KOR), at=due + DAY, effective=NOON + HOUR)
    await follow(database, capacity=0)

    shown = [await only(proposals, ProposalFilter(effective_at=moment)) for moment in (due - MICROSECOND, due)]

    assert [row.endorsing for row in shown] == [2, 2]
    effective = "SELECT effective_from, effective_to FROM views.proposal_versions ORDER BY at_from"
    assert record.projector.execute(effective).fetchall() == [(NOON + SECOND, due), (due, due), (due, None)]


async def test_needs_are_listed_for_a_delegation_and_for_the_chair_of_an_agenda(
    database: Database, record: Record, proposals: PostgresProposals
) -> None:
    waiting = table(record, "P24-01", "One")
    record.say(waiting, PLENARY_BOOK, endorsed(USA), editorial(1))
    silent = table(record, "P24-02", "Two")
    record.say(silent, PLENARY_BOOK, under_silence(DEADLINE), *(ReceiptAcknowledged(d) for d in (USA, CHN, KOR)))
    await follow(database)

    async def needing(*delegations: str, chairs: frozenset[EditionCode] = frozenset()) -> set[str]:
        asked = Needing(frozenset(delegations), frozenset((edition, PLENARY) for edition in chairs))  # type: ignore[arg-type]
        page = await proposals.page(BOOKS, ProposalFilter(needs=asked))
        assert page.total == len(page.items)
        return {row.number for row in page.items}

    assert await needing(JPN) == {"P24-02"}
    assert await needing(USA) == {"P24-01"}
    assert await needing(USA, JPN) == {"P24-01", "P24-02"}
    assert await needing() == set()
    assert await needing(chairs=frozenset({EDITION})) == {"P24-01"}
    assert await needing(chairs=frozenset({EditionCode("2025")})) == set()
    assert await needing(JPN, chairs=frozenset({EDITION})) == {"P24-01"}, "a chair acts for no delegation"

    record.turn(DEADLINE - DAY)
    assert await needing(chairs=frozenset({EDITION})) == {"P24-01", "P24-02"}
    record.turn(DEADLINE)
    assert await needing(JPN, chairs=frozenset({EDITION})) == {"P24-01"}


async def test_each_filter_asks_for_any_of_its_values(database: Database, record: Record, proposals: PostgresProposals) -> None:
    table(record, "one", "One")
    table(record, "two", "Two", kind=KINDS[1], edition=EditionCode("2025"), sponsor=None)
    table(record, "three", "Three", book=JAPAN_US_BOOK, format=JAPAN_US, sponsor=USA)
    await follow(database)

    async def found(asked: ProposalFilter) -> set[str]:
        page = await proposals.page(frozenset({PLENARY_BOOK, JAPAN_US_BOOK}), asked)
        assert page.total == len(page.items)
        return {row.number for row in page.items}

    assert await found(ALL) == {"one", "two", "three"}
    assert await found(ProposalFilter(edition=(EDITION,))) == {"one", "three"}
    assert await found(ProposalFilter(kind=(KINDS[1], "unheard of"))) == {"two"}
    assert await found(ProposalFilter(format=(JAPAN_US, PLENARY))) == {"one", "two", "three"}
    assert await found(ProposalFilter(format=(JAPAN_US,))) == {"three"}
    assert await found(ProposalFilter(sponsor=(JPN, USA))) == {"one", "three"}
    assert await found(ProposalFilter(sponsor=(USA,), edition=(EDITION,))) == {"three"}
    assert await found(ProposalFilter(status=("adopted",))) == set()


SOUGHT: Final = {
    "信号": {"sea"},
    "の信号": {"sea"},
    "해상 신호": {"sea"},
    "海上信号": {"sea"},
    "SIGNALS": {"sea"},
    "ｓｉｇｎａｌｓ": {"sea"},  # noqa: RUF001  as a Japanese keyboard may write it
    "sea signals": {"sea"},
    "ﾎｯﾄﾗｲﾝ": {"hotline"},
    "straße": {"hotline"},
    "STRASSE": {"hotline"},
    "100%": {"share"},
    "%": {"share"},
    "a_b": {"share"},
    "a\\b": set[str](),
    "signals hotline": set[str](),
    "  ": {"sea", "hotline", "share"},
}


async def test_a_search_finds_words_of_a_title_in_any_language(
    database: Database, record: Record, proposals: PostgresProposals
) -> None:
    sea = title("Signals at sea", ja="海上の信号", ko="해상 신호", zh="海上信号")
    hotline, share = title("Hotline Straße", ja="ホットライン"), title("100% of a_b")
    for name, words in {"sea": sea, "hotline": hotline, "share": share}.items():
        record.say(an_id(name), PLENARY_BOOK, replace(tabled(words), number=name))
    await follow(database)

    pages = {q: await proposals.page(BOOKS, ProposalFilter(q=q)) for q in SOUGHT}

    assert {q: {row.number for row in page.items} for q, page in pages.items()} == SOUGHT
    assert all(page.total == len(page.items) for page in pages.values())


async def test_a_search_looks_at_the_title_of_the_moment(
    database: Database, record: Record, proposals: PostgresProposals
) -> None:
    record.say(PROPOSAL, PLENARY_BOOK, tabled(), at=NOON)
    renamed = replace(substantive(1), provisions=(title("Lights ashore"),))
    record.say(PROPOSAL, PLENARY_BOOK, renamed, at=NOON + HOUR)
    await follow(database)

    assert await statuses(proposals, ProposalFilter(q="sea")) == []
    assert await statuses(proposals, ProposalFilter(q="ashore")) == ["open"]
    assert await statuses(proposals, ProposalFilter(q="sea", as_of=NOON)) == ["open"]
    assert await statuses(proposals, ProposalFilter(q="sea", effective_at=NOON)) == ["open"]


async def test_a_walk_by_cursor_meets_each_proposal_once(
    database: Database, record: Record, proposals: PostgresProposals
) -> None:
    numbers = [f"P24-{place:02}" for place in range(1, 8)]
    for number in numbers:
        table(record, number, "A text")
    record.say(an_id("twin"), PLENARY_BOOK, replace(tabled(), number="twin"), at=record.now)  # a microsecond later
    record.turn(record.now + DAY)
    await follow(database)

    walked: list[str] = []
    asked = ProposalFilter(limit=3)
    while True:
        page = await proposals.page(BOOKS, asked)
        walked += [row.number for row in page.items]
        assert page.total == 8
        if page.next is None:
            break
        asked = replace(asked, after=page.next)

    assert walked == ["twin", *reversed(numbers)]


async def test_a_page_that_holds_all_has_no_next(database: Database, record: Record, proposals: PostgresProposals) -> None:
    table(record, "one", "One")
    await follow(database)

    page = await proposals.page(BOOKS, ProposalFilter(limit=1))

    assert (len(page.items), page.next, page.total) == (1, None, 1)


@pytest.mark.parametrize("cursor", ["", "x", "é", "AAAA", "A" * 31, "A" * 36, "_" * 32 + "=", "f" + "_" * 31])
def test_a_cursor_that_no_list_gave_is_malformed(cursor: str) -> None:
    with pytest.raises(MalformedCursorError):
        Bookmark.read(cursor)


async def test_the_versions_of_a_proposal_follow_one_another_without_a_gap(database: Database, record: Record) -> None:
    record.say(PROPOSAL, PLENARY_BOOK, tabled(), took(USA, Stance.RESERVE, due=NOON + DAY))
    record.say(PROPOSAL, PLENARY_BOOK, under_silence(DEADLINE), at=NOON + HOUR)
    await follow(database, page=1)

    ranges = record.projector.execute("SELECT at_from, at_to, status FROM views.proposal_versions ORDER BY 1").fetchall()

    first = ranges[0][0]
    assert ranges == [
        (first, NOON + HOUR, "open"),
        (NOON + HOUR, NOON + DAY, "under-silence"),
        (NOON + DAY, DEADLINE - DAY, "under-silence"),
        (DEADLINE - DAY, DEADLINE, "under-silence"),
        (DEADLINE, None, "adopted"),
    ]
    needs = record.projector.execute("SELECT at_from, what FROM views.needs WHERE whom = %s", [CHAIR]).fetchall()
    assert needs == [(DEADLINE - DAY, "receipts")]
