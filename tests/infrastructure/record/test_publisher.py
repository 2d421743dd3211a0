"""From the trees to checkpoints."""

import pytest
from structlog.testing import capture_logs

from application.ports import SignerRefuses
from domain.record import checkpoint, note
from domain.record.checkpoint import Checkpoint, origin_of
from domain.record.note import Kind, VerifierKey, signers
from domain.record.tree import root
from infrastructure.postgres.embedded import Database
from infrastructure.record.ciphers import HOLDS
from tests.infrastructure.eventlog.scene import Session, book
from tests.infrastructure.record.keeping import HOST, Notary, Stored, checkpoints, keeping, leaves, speak, tree

ONE, OTHER = book(), book()


async def test_each_book_that_grew_is_signed_with_its_size_and_root(
    database: Database, owner: Session, app: Session, notary: Notary
) -> None:
    async with keeping(database, notary) as hands:
        for times in (1, 300, 5):
            speak(app, ONE, times)
            await hands.keep()
        speak(app, OTHER)
        await hands.keep()
    known = leaves(owner, ONE)
    found = checkpoints(owner, ONE)
    assert [(size, found_root) for size, found_root, _ in found] == [(size, root(known[:size])) for size in (1, 301, 306)]
    ours = VerifierKey(origin_of(HOST, ONE), Kind.ED25519, (await notary.keys()).logs[0])
    for size, found_root, text in found:
        signed = note.parsed(text.encode())
        assert signers(signed, [ours], HOLDS) == {ours}
        assert checkpoint.parsed(signed.text) == Checkpoint(ours.name, size, found_root)
    assert [size for size, *_ in checkpoints(owner, OTHER)] == [1]


async def test_a_book_that_did_not_grow_is_not_signed_again(database: Database, app: Session, notary: Notary) -> None:
    speak(app, ONE)
    async with keeping(database, notary) as hands:
        await hands.keep()
        await hands.keep()
    assert len(notary.asked) == 1


def standing(owner: Session) -> list[tuple[int, str | None]]:
    return [(stored.size, stored.signing) for stored in (tree(owner, ONE), tree(owner, OTHER))]


async def test_while_the_signer_is_away_the_trees_grow_and_their_books_say_so(
    database: Database, owner: Session, app: Session, notary: Notary
) -> None:
    async with keeping(database, notary) as hands:
        speak(app, ONE)
        await hands.keep()
        notary.away = True
        speak(app, ONE)
        speak(app, OTHER)
        with capture_logs() as said:
            await hands.keep()
            await hands.keep()
        assert standing(owner) == [(2, "away"), (1, "away")]
        assert [entry["event"] for entry in said] == ["book.unsigned"] * 2, "each book says it once"
        assert len(notary.asked) == 3, "who is away is asked once a turn, not once a book"
        assert [size for size, *_ in checkpoints(owner, ONE)] == [1]
        notary.away = False
        await hands.keep()
    assert standing(owner) == [(2, None), (1, None)]
    assert [size for size, *_ in checkpoints(owner, ONE)] == [1, 2]


async def test_what_the_signer_refuses_is_not_published_and_keeps_nobody_from_writing(
    database: Database, owner: Session, app: Session, notary: Notary
) -> None:
    notary.refusing = SignerRefuses("inconsistent")
    async with keeping(database, notary) as hands:
        for _ in range(2):
            speak(app, ONE)
            await hands.keep()
    assert tree(owner, ONE) == Stored(2, root(leaves(owner, ONE)), None, "inconsistent")
    assert checkpoints(owner, ONE) == []


async def test_of_a_record_that_was_put_back_the_signer_signs_nothing_until_it_has_grown_as_before(
    database: Database, owner: Session, app: Session, notary: Notary
) -> None:
    async with keeping(database, notary) as hands:
        speak(app, ONE, 5)
        await hands.keep()
        owner.execute("TRUNCATE books.trees, books.tiles, books.checkpoints, books.cosignatures")
        owner.execute("DELETE FROM record.facts WHERE index > 2")
        owner.execute("UPDATE record.books SET size = 3; UPDATE record.head SET position = 3")
        owner.execute("UPDATE books.integrated SET position = 0")
        await hands.keep()
        assert tree(owner, ONE) == Stored(3, root(leaves(owner, ONE)), None, "rollback")
        speak(app, ONE, 4)
        await hands.keep()
    assert tree(owner, ONE) == Stored(7, root(leaves(owner, ONE)), None, "inconsistent")
    assert checkpoints(owner, ONE) == []


@pytest.mark.parametrize("more", [0, 1, 300])
async def test_what_was_signed_and_not_stored_is_signed_again_from_where_the_signer_is(
    database: Database, owner: Session, app: Session, notary: Notary, more: int
) -> None:
    async with keeping(database, notary) as hands:
        for times in (3, 4):
            speak(app, ONE, times)
            await hands.keep()
        owner.execute("DELETE FROM books.checkpoints WHERE size = 7")
        if more:
            speak(app, ONE, more)
        await hands.keep()
    assert [size for size, *_ in checkpoints(owner, ONE)] == [3, 7 + more]
    assert tree(owner, ONE) == Stored(7 + more, root(leaves(owner, ONE)))
