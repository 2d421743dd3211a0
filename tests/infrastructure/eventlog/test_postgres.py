"""The event log that the application asks for, over PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from datetime import timedelta
from itertools import count

import pytest
from anyio import fail_after

from application.ports import Beginning, Busy, EventLog, KeyReused, Late, Receipt, Stale
from domain.identity import StreamId
from domain.kernel import Fact, Recorded
from infrastructure.eventlog.mapper import UnknownFactError
from infrastructure.eventlog.postgres import PAGE, QUIET, PostgresEventLog
from infrastructure.postgres.embedded import Database
from tests.infrastructure.eventlog.scene import (
    HOUR,
    MICROSECOND,
    NOON,
    READER,
    Answered,
    Hands,
    Session,
    Spoken,
    append,
    audited,
    book,
    end_sessions,
    entry,
    someone,
    stream,
    submission,
)

pytestmark = pytest.mark.anyio


def log_of(database: Database) -> PostgresEventLog:
    return PostgresEventLog(database.app_url, reader=READER)


@pytest.fixture
async def log(database: Database) -> AsyncIterator[PostgresEventLog]:
    async with log_of(database) as log:
        yield log


async def test_what_is_appended_is_read_back(log: EventLog, owner: Session) -> None:
    Hands(owner)
    s, t, into, who = stream(), stream(), book(), someone()
    command = submission(entry(s, into, Spoken("言葉", 5)), entry(t, into), entry(s, into, Answered(NOON)), **who.said())
    receipt = await log.append(command)
    assert isinstance(receipt, Receipt)
    assert receipt.position == 3
    assert await log.stream(s, books={into}) == [
        Recorded(Spoken("言葉", 5), s, 1, into, 0, NOON, command.command, *who.names()),
        Recorded(Answered(NOON), s, 2, into, 2, NOON, command.command, *who.names()),
    ]
    assert [(mark.type, mark.stream, mark.book, mark.index, mark.at) for mark in receipt.marks] == [
        ("test.spoken", s, into, 0, NOON),
        ("test.spoken", t, into, 1, NOON),
        ("test.answered", s, into, 2, NOON),
    ]


async def test_a_stream_is_read_from_a_version_on_and_only_in_the_books_that_are_named(log: PostgresEventLog) -> None:
    s, into, other = stream(), book(), book()
    await log.append(submission(*[entry(s, into, Spoken("", number)) for number in range(4)]))
    assert [recorded.version for recorded in await log.stream(s, after=2, books={into, other})] == [3, 4]
    assert await log.stream(s, books={other}) == []
    assert await log.stream(s, books=set()) == []
    assert await log.stream(stream(), books={into}) == []


async def test_what_follows_in_some_books_comes_by_time_book_and_index_and_depends_on_no_other(
    log: PostgresEventLog, owner: Session
) -> None:
    one, other = sorted((book(), book()))
    hands = Hands(owner)
    for moment, into in ((NOON, (other, other, one)), (NOON + HOUR, (one, other))):
        hands.move(moment)
        for each in into:
            await log.append(submission(entry(stream(), each), entry(stream(), book())))
    all_of_it = await log.following({one: -1, other: -1}, 100)
    assert [(recorded.book, recorded.index) for recorded in all_of_it] == [
        (one, 0),
        (other, 0),
        (other, 1),
        (one, 1),
        (other, 2),
    ]
    assert await log.following({other: -1, one: -1}, 3) == all_of_it[:3]
    assert await log.following({one: 0, other: 1}, 3) == all_of_it[3:]
    assert await log.following({other: 0}, 3) == [all_of_it[2], all_of_it[4]]
    assert await log.following({one: 1, other: 2, book(): -1}, 3) == []
    assert await log.following({}, 3) == []


async def test_what_begins_in_a_book_is_found_in_its_order(log: PostgresEventLog) -> None:
    s, t, into, other = stream(), stream(), book(), book()
    await log.append(submission(entry(s, into, Spoken("", 0)), entry(stream(), other), entry(s, into, Spoken("", 1))))
    await log.append(submission(entry(t, into, Spoken("", 2)), entry(s, into, Spoken("", 3)), expected=((s, 2),)))
    assert await log.beginnings(into, after=-1, until=3, most=9) == [Beginning(s, 0, 2), Beginning(t, 2, 2)]
    assert await log.beginnings(into, after=0, until=3, most=1) == [Beginning(t, 2, 2)]
    assert await log.beginnings(into, after=-1, until=1, most=1) == [Beginning(s, 0, 1)]


async def test_how_far_a_book_had_come_at_an_instant(log: PostgresEventLog, owner: Session) -> None:
    hands = Hands(owner)
    into = book()
    for minutes in range(5):
        hands.move(NOON + minutes * HOUR)
        await log.append(submission(entry(stream(), into), entry(stream(), into)))
    assert await log.reached(into, NOON - MICROSECOND) == -1
    for hours in range(5):
        assert await log.reached(into, NOON + hours * HOUR) == 2 * hours + 1
        assert await log.reached(into, NOON + (hours + 1) * HOUR - MICROSECOND) == 2 * hours + 1
    assert await log.reached(book(), NOON) == -1


async def test_what_names_an_end_between_two_instants_is_found_in_its_book(log: PostgresEventLog) -> None:
    early, late, unsaid, elsewhere, into, other = stream(), stream(), stream(), stream(), book(), book()
    await log.append(
        submission(
            entry(early, into, Answered(NOON)),
            entry(late, into, Answered(NOON + HOUR)),
            entry(unsaid, into, Answered(None)),
            entry(elsewhere, other, Answered(NOON + HOUR)),
        )
    )
    members = {Answered.tag: "by"}
    assert await log.ending(into, until=2, since=NOON, ends=NOON + HOUR, members=members) == [late]
    assert await log.ending(into, until=0, since=NOON, ends=NOON + HOUR, members=members) == []
    found = await log.ending(into, until=2, since=NOON - MICROSECOND, ends=NOON + HOUR, members=members)
    assert set(found) == {early, late}
    assert await log.ending(into, until=2, since=NOON, ends=NOON + HOUR, members={Spoken.tag: "by"}) == []


async def test_a_stale_and_a_late_command_are_told_so(log: PostgresEventLog, owner: Session) -> None:
    Hands(owner)
    s = stream()
    assert await log.append(submission(entry(s, book()), expected=((s, 1),))) == Stale()
    assert await log.append(submission(entry(s, book()), until=NOON)) == Late(NOON)


async def test_a_key_is_known_for_ever_and_to_every_process(database: Database) -> None:
    key, request = b"k" * 16, b"r" * 32
    async with log_of(database) as log:
        assert await log.known(key, request) is None
        first = await log.append(submission(entry(stream(), book()), entry(stream(), book()), key=key, request=request))
    assert isinstance(first, Receipt)
    async with log_of(database) as log:
        again = await log.known(key, request)
        assert again == Receipt(first.command, first.position, first.marks, repeated=True)
        assert again == await log.append(submission(entry(stream(), book()), key=key, request=request))
        with pytest.raises(KeyReused):
            await log.known(key, b"s" * 32)


async def test_the_horizon_is_the_clock_and_what_was_reached(log: PostgresEventLog, owner: Session) -> None:
    Hands(owner)
    assert (await log.horizon()).position == 0
    await log.append(submission(entry(stream(), book())))
    horizon = await log.horizon()
    assert (horizon.at, horizon.position) == (NOON, 1)


async def test_reads_outlive_the_sessions_that_they_began_on(log: PostgresEventLog, superuser: Session) -> None:
    s, into = stream(), book()
    await log.append(submission(entry(s, into)))
    for _ in range(3):
        end_sessions(superuser)
        assert len(await log.stream(s, books={into})) == 1
        assert isinstance(await log.append(submission(entry(stream(), into))), Receipt)


async def test_without_a_database_everything_is_busy() -> None:
    async with PostgresEventLog("host=/nowhere dbname=none", patience=timedelta(milliseconds=80)) as log:
        for ask in (log.append(submission(entry(stream(), book()))), log.horizon(), log.known(b"k" * 16, b"r" * 32)):
            with pytest.raises(Busy):
                await ask


async def test_a_fact_that_this_program_does_not_know_is_an_error(database: Database, app: Session) -> None:
    append(app, submission(entry(s := stream(), into := book())))
    async with PostgresEventLog(database.app_url) as log:
        with pytest.raises(UnknownFactError):
            await log.stream(s, books={into})


async def _pages(log: PostgresEventLog, number: int) -> list[tuple[int, Sequence[Recorded[Fact]]]]:
    async with aclosing(log.feed(0)) as feed:
        return [await anext(feed) for _ in range(number)]


async def followed(log: PostgresEventLog, *, after: int, last: int) -> list[tuple[int, Sequence[Recorded[Fact]]]]:
    """The pages of the feed up to a position."""
    pages: list[tuple[int, Sequence[Recorded[Fact]]]] = []
    with fail_after(10):
        async with aclosing(log.feed(after)) as feed:
            async for page in feed:
                pages.append(page)
                if page[0] >= last:
                    break
    return pages


async def test_the_feed_misses_nothing_and_repeats_nothing_under_eight_writers(database: Database, owner: Session) -> None:
    async def write() -> list[StreamId]:
        streams = [stream() for _ in range(5)]
        async with log_of(database) as log:
            for of in streams:
                into = book()
                await log.append(submission(*[entry(of, into, Spoken("", number)) for number in range(20)]))
        return streams

    async with log_of(database) as log:
        reading = asyncio.create_task(followed(log, after=0, last=800))
        written = await asyncio.gather(*[write() for _ in range(8)])
        pages = await reading
    seen = [(recorded.stream, recorded.version) for _, facts in pages for recorded in facts]
    assert len(seen) == 800
    assert set(seen) == {(of, version) for streams in written for of in streams for version in range(1, 21)}
    positions = count(1)
    assert [last for last, facts in pages if facts] == [[next(positions) for _ in facts][-1] for _, facts in pages if facts]
    assert audited(owner) == 800


async def test_the_feed_comes_in_pages_and_wakes_at_a_notice(database: Database) -> None:
    into = book()
    async with PostgresEventLog(database.app_url, reader=READER, quiet=HOUR) as log, aclosing(log.feed(2)) as feed:
        with fail_after(20):
            await log.append(submission(*[entry(stream(), into, Spoken("", number)) for number in range(PAGE + 5)]))
            pages = [await anext(feed), await anext(feed)]
            await log.append(submission(entry(stream(), into, Spoken("", PAGE + 5))))
            pages.append(await anext(feed))
    assert [(last, len(facts)) for last, facts in pages] == [(PAGE + 2, PAGE), (PAGE + 5, 3), (PAGE + 6, 1)]
    numbers = [recorded.fact.number for _, facts in pages for recorded in facts if isinstance(recorded.fact, Spoken)]
    assert numbers == list(range(2, PAGE + 6))


async def test_a_quiet_feed_is_heard_from_once_a_second(log: PostgresEventLog) -> None:
    assert timedelta(seconds=1) > QUIET
    with fail_after(5):
        assert await _pages(log, 3) == [(0, [])] * 3


async def test_the_feed_goes_on_after_its_session_was_lost(log: PostgresEventLog, superuser: Session, app: Session) -> None:
    append(app, submission(entry(stream(), book())))
    async with aclosing(log.feed(0)) as feed:
        assert (await anext(feed))[0] == 1
        end_sessions(superuser, "%record.feed%")
        append(app, submission(entry(stream(), book())))
        with fail_after(5):
            last, facts = await anext(feed)
    assert (last, len(facts)) == (2, 1)
