"""What opens the slots: kept once, for whoever comes first, and given to who reads the book, once its epoch is sealed."""

from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

import psycopg
import pytest

from application.ports import Filling
from domain.epochs.events import EpochSealed
from domain.identity import BookId
from domain.record.slots import commitment
from infrastructure.postgres.embedded import Database
from infrastructure.projections.readers.wall import Views
from infrastructure.record.slots import PostgresSlots
from tests.infrastructure.eventlog.scene import NOON, Session, append, book, entry, fresh, login, stream, submission
from tests.infrastructure.record.keeping import HOST, Notary, keeping, speak

FORUM: Final = book()
OWN: Final = book()
BOTH: Final = frozenset({FORUM, OWN})
HOUR: Final = timedelta(hours=1)
EPOCHS: Final = stream()


@pytest.fixture
async def slots(database: Database, owner: Session) -> AsyncGenerator[PostgresSlots]:
    owner.execute("TRUNCATE books.openings")
    async with Views(database.app_url) as views:
        yield PostgresSlots(views)


def filling(of: BookId, words: str, **more: object) -> Filling:
    return Filling(of, sha256(words.encode()).digest(), words.encode(), **more)  # type: ignore[arg-type]


def committed(*filled: Filling) -> list[bytes]:
    return [commitment(one.salt, one.content) for one in filled]


def seal(app: Session, key: bytes, number: int = 0) -> None:
    """Record the epoch's fact under its key; what it says of the slots is nothing to the store."""
    fact = EpochSealed(NOON, 3600, ())
    append(app, submission(entry(EPOCHS, FORUM, fact), expected=((EPOCHS, number),), key=key, request=key * 2))


async def test_what_fills_the_slots_is_committed_to_in_their_order(slots: PostgresSlots) -> None:
    filled = (filling(OWN, "a checkpoint"), filling(FORUM, "padding"))
    assert await slots.prepare(fresh().bytes, NOON, filled) == committed(*filled)


async def test_who_comes_first_fills_the_slots_and_later_ones_commit_to_the_same(slots: PostgresSlots) -> None:
    key, first = fresh().bytes, (filling(OWN, "first"), filling(FORUM, "padding"))
    await slots.prepare(key, NOON, first)
    again = await slots.prepare(key, NOON, (filling(OWN, "second"), filling(FORUM, "other padding")))
    assert again == committed(*first)


@pytest.mark.usefixtures("slots")
async def test_two_at_once_commit_to_what_one_of_them_filled(database: Database) -> None:
    key = fresh().bytes
    words = ("one", "other")
    said = {one: [filling(OWN, f"{one} {slot}") for slot in range(64)] for one in words}
    with psycopg.connect(database.app_url) as holding, ThreadPoolExecutor() as pool:
        first = _prepared(holding, key, said["one"])
        waiting = pool.submit(_alone, database.app_url, key, said["other"])
        holding.commit()
        assert first == waiting.result() == committed(*said["one"])


def _alone(url: str, key: bytes, filled: list[Filling]) -> list[bytes]:
    with login(url) as session:
        return _prepared(session, key, filled)


def _prepared(session: Session, key: bytes, filled: list[Filling]) -> list[bytes]:
    row = session.execute(
        "SELECT books.prepare(encode(%b, 'hex')::uuid, %b, %b::uuid[], %b::timestamptz[], %b::bytea[], %b::bytea[])",
        [
            key,
            NOON,
            [one.book for one in filled],
            [one.opens for one in filled],
            [one.salt for one in filled],
            [one.content for one in filled],
        ],
    ).fetchone()
    assert row is not None
    return row[0]


async def opened(slots: PostgresSlots, books: frozenset[BookId], of: BookId = OWN, **span: int) -> list[tuple[int, int, bytes]]:
    asked = {"first": 0, "end": 1000, "most": 100, **span}
    return [(one.index, one.slot, one.content) for one in await slots.openings(books, of, forum=FORUM, **asked)]


async def test_an_epoch_that_was_never_sealed_opens_nothing(slots: PostgresSlots, app: Session) -> None:
    sealed, orphan = fresh().bytes, fresh().bytes
    await slots.prepare(orphan, NOON, [filling(OWN, "never recorded")])
    await slots.prepare(sealed, NOON, [filling(OWN, "recorded")])
    speak(app, FORUM, 3)
    seal(app, sealed)
    assert await opened(slots, BOTH) == [(3, 0, b"recorded")]


async def test_only_who_reads_both_books_is_given_what_opens_them(slots: PostgresSlots, app: Session) -> None:
    key = fresh().bytes
    await slots.prepare(key, NOON, [filling(OWN, "own")])
    seal(app, key)
    assert await opened(slots, BOTH) == [(0, 0, b"own")]
    assert [await opened(slots, books) for books in (frozenset({OWN}), frozenset({FORUM}), frozenset[BookId]())] == [[], [], []]


async def test_a_book_is_not_given_what_opens_the_slot_of_another(slots: PostgresSlots, app: Session) -> None:
    key, other = fresh().bytes, book()
    await slots.prepare(key, NOON, [filling(OWN, "own"), filling(other, "another's")])
    seal(app, key)
    assert await opened(slots, BOTH | {other}) == [(0, 0, b"own")]


async def test_padding_is_given_once_it_is_old_enough(slots: PostgresSlots, app: Session) -> None:
    key, now = fresh().bytes, datetime.now(UTC)
    soon, old = filling(FORUM, "too young", opens=now + HOUR), filling(FORUM, "old enough", opens=now - HOUR)
    await slots.prepare(key, NOON, [filling(OWN, "own"), soon, old])
    seal(app, key)
    assert await opened(slots, frozenset({FORUM}), FORUM) == [(0, 2, b"old enough")]


async def test_a_page_has_whole_epochs_of_the_span_that_is_asked_for(slots: PostgresSlots, app: Session) -> None:
    for number in range(4):
        key = fresh().bytes
        await slots.prepare(key, NOON, [filling(OWN, f"{number} {slot}") for slot in range(2)])
        seal(app, key, number)
        speak(app, FORUM)
    assert {index for index, _, _ in await opened(slots, BOTH)} == {0, 2, 4, 6}
    page = await opened(slots, BOTH, first=1, end=6, most=1)
    assert page == [(2, 0, b"1 0"), (2, 1, b"1 1")]
    assert {index for index, _, _ in await opened(slots, BOTH, first=1, end=6)} == {2, 4}


async def test_the_latest_checkpoint_is_the_text_that_was_signed_last(
    database: Database, slots: PostgresSlots, app: Session, notary: Notary
) -> None:
    async with keeping(database, notary) as keeper:
        speak(app, OWN)
        await keeper.keep()
        speak(app, OWN, 2)
        await keeper.keep()
    latest = await slots.latest(BOTH)
    assert list(latest) == [OWN]
    assert latest[OWN].splitlines()[:2] == [f"{HOST}/book/{OWN}", "3"]


def test_the_app_reads_no_opening_by_itself(app: Session) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("SELECT FROM books.openings")
