"""What is stored of the books, as the app reads it."""

from collections.abc import AsyncIterator

import pytest

from domain.identity import BookId
from domain.record.envelope import commitment
from domain.record.tiles import Tile
from infrastructure.postgres.embedded import Database
from infrastructure.projections.readers.wall import Views
from infrastructure.record.books import PostgresBooks
from tests.infrastructure.eventlog.scene import Session, append, book, entry, stream, submission
from tests.infrastructure.eventlog.test_erasure import REASON, erasing
from tests.infrastructure.record.keeping import Notary, keeping, speak, tiles

ONE, OTHER = book(), book()


@pytest.fixture
async def books(database: Database) -> AsyncIterator[PostgresBooks]:
    async with Views(database.app_url) as views:
        yield PostgresBooks(views)


async def test_a_question_finds_nothing_outside_of_the_books_that_it_names(
    database: Database, app: Session, notary: Notary, books: PostgresBooks
) -> None:
    speak(app, ONE, 300)
    speak(app, OTHER, 300)
    async with keeping(database, notary) as hands:
        await hands.keep()
    leaves, bundle = Tile(0, 0), Tile(None, 1, 44)
    assert (await books.kept({ONE})).keys() == {ONE}
    for named, there in (({ONE, OTHER}, True), ({OTHER}, False), (frozenset[BookId](), False)):
        answers = (
            await books.checkpoint(named, ONE),
            await books.checkpoint(named, ONE, 300),
            await books.piece(named, ONE, leaves),
            await books.commitments(named, ONE, bundle),
            await books.tiles(named, ONE, {leaves}),
            await books.opening(named, ONE, 7),
        )
        assert [bool(answer) for answer in answers] == [there] * len(answers)


async def test_tiles_are_cut_to_the_width_that_is_wanted(
    database: Database, owner: Session, app: Session, notary: Notary, books: PostgresBooks
) -> None:
    speak(app, ONE, 20)
    async with keeping(database, notary) as hands:
        await hands.keep()
        speak(app, ONE, 20)
        await hands.keep()
    whole = tiles(owner, ONE)[0, 0]
    wanted = Tile(0, 0, 7)
    assert await books.tiles({ONE}, ONE, {wanted}) == {wanted: whole[: 7 * 32]}
    assert [await books.piece({ONE}, ONE, Tile(0, 0, width)) for width in (7, 20, 40)] == [None, whole[: 20 * 32], whole]


async def test_of_words_that_were_erased_there_is_no_salt_and_their_commitment_stays(
    database: Database, owner: Session, app: Session, notary: Notary, books: PostgresBooks
) -> None:
    append(app, submission(entry(stream(), ONE, REASON)))
    opened = await books.opening({ONE}, ONE, 0)
    assert opened is not None
    assert opened.salt is not None
    append(app, submission(erasing(ONE, 0)))
    left = await books.opening({ONE}, ONE, 0)
    assert left is not None
    assert left.salt is None
    async with keeping(database, notary) as hands:
        await hands.keep()
    (kept, _) = await books.commitments({ONE}, ONE, Tile(None, 0, 2))
    assert kept == commitment(opened.salt, opened.envelope)
    assert owner.execute("SELECT parked FROM books.trees").fetchall() == [(None,)]
