"""From the record to the trees."""

import asyncio
from typing import Final, LiteralString

import pytest
from psycopg import OperationalError
from structlog.testing import capture_logs

from domain.record.leaf import EMPTY_ROOT
from domain.record.tiles import content, of_size
from domain.record.tree import nodes, root
from infrastructure.postgres.embedded import Database
from tests.infrastructure.eventlog.scene import Session, book, login
from tests.infrastructure.record.keeping import Notary, Stored, checkpoints, keeping, leaves, speak, tiles, tree

ONE, OTHER = book(), book()
LARGEST: Final = 600
END_WHO_WAITS: Final = """
    SELECT pg_terminate_backend(pid)
      FROM pg_stat_activity
     WHERE datname = current_database()
       AND usename = 'accord_projector'
       AND wait_event_type = 'Lock'
"""


async def test_at_every_size_up_to_600_the_stored_tiles_are_those_of_the_tree(
    database: Database, owner: Session, app: Session, notary: Notary
) -> None:
    async with keeping(database, notary) as hands:
        for size in range(1, LARGEST + 1):
            speak(app, ONE)
            await hands.integrate()
            known = leaves(owner, ONE)
            assert tree(owner, ONE) == Stored(size, root(known))
            if size % 37 == 0 or size in (1, 255, 256, 257, 511, 512, 513, LARGEST):
                read = nodes(known)
                assert tiles(owner, ONE) == {(tile.level, tile.n): content(read, tile) for tile in of_size(size)}


@pytest.mark.parametrize("page", [1, 7, 1000])
async def test_pages_of_any_length_come_to_the_same_trees(
    database: Database, owner: Session, app: Session, notary: Notary, page: int
) -> None:
    for times in (1, 300, 2, 256):
        speak(app, ONE, times)
        speak(app, OTHER, times + 1)
    async with keeping(database, notary, page) as hands:
        await hands.integrate()
    for each, size in ((ONE, 559), (OTHER, 563)):
        read = nodes(leaves(owner, each))
        assert tree(owner, each) == Stored(size, root(leaves(owner, each)))
        assert tiles(owner, each) == {(tile.level, tile.n): content(read, tile) for tile in of_size(size)}


async def test_two_that_integrate_at_once_take_each_page_once(
    database: Database, owner: Session, app: Session, notary: Notary
) -> None:
    for _ in range(40):
        speak(app, ONE, 9)
        speak(app, OTHER, 4)
    async with keeping(database, notary, 11) as first, keeping(database, notary, 7) as second:
        await asyncio.gather(first.integrate(), second.integrate())
        await first.integrate()
    assert tree(owner, ONE) == Stored(360, root(leaves(owner, ONE)))
    assert tree(owner, OTHER) == Stored(160, root(leaves(owner, OTHER)))


async def test_who_is_killed_in_the_middle_of_a_page_has_changed_nothing(
    database: Database, owner: Session, app: Session, superuser: Session, notary: Notary
) -> None:
    speak(app, ONE, 3)
    async with keeping(database, notary) as hands:
        await hands.integrate()
    before = (tree(owner, ONE), tiles(owner, ONE))
    speak(app, ONE, 300)
    async with keeping(database, notary) as hands:
        with login(database.superuser_url) as other, other.transaction():
            other.execute("LOCK TABLE books.tiles IN EXCLUSIVE MODE")
            task = asyncio.create_task(hands.integrate())
            while not superuser.execute(END_WHO_WAITS).fetchall():
                await asyncio.sleep(0)
            with pytest.raises(OperationalError):
                await task
    assert (tree(owner, ONE), tiles(owner, ONE)) == before
    async with keeping(database, notary) as hands:
        await hands.integrate()
    assert tree(owner, ONE) == Stored(303, root(leaves(owner, ONE)))


async def test_a_book_whose_indices_have_a_gap_is_parked_and_the_others_go_on(
    database: Database, owner: Session, app: Session, notary: Notary
) -> None:
    speak(app, ONE, 5)
    speak(app, OTHER, 5)
    owner.execute("DELETE FROM record.facts WHERE book = %s AND index = 2", [ONE])
    async with keeping(database, notary) as hands:
        with capture_logs() as said:
            await hands.integrate()
        speak(app, ONE)
        speak(app, OTHER)
        await hands.keep()
    flaw = "index 3 stands where 2 is due"
    assert said == [{"event": "book.parked", "log_level": "error", "book": str(ONE), "error": flaw}]
    assert tree(owner, ONE) == Stored(0, EMPTY_ROOT, flaw, None)
    assert tree(owner, OTHER) == Stored(6, root(leaves(owner, OTHER)))
    assert checkpoints(owner, ONE) == []


async def test_a_commitment_of_another_length_parks_its_book(
    database: Database, owner: Session, app: Session, notary: Notary
) -> None:
    speak(app, ONE, 2)
    owner.execute("UPDATE record.facts SET commit = '' WHERE index = 1")
    async with keeping(database, notary) as hands:
        await hands.integrate()
    assert tree(owner, ONE) == Stored(0, EMPTY_ROOT, "the commitment at index 1 has 0 bytes", None)


async def test_a_book_whose_tiles_do_not_give_its_root_is_parked(
    database: Database, owner: Session, app: Session, notary: Notary
) -> None:
    speak(app, ONE, 2)
    async with keeping(database, notary) as hands:
        await hands.integrate()
        owner.execute("UPDATE books.tiles SET data = set_byte(data, 7, get_byte(data, 7) # 1)")
        speak(app, ONE)
        await hands.integrate()
    stored = tree(owner, ONE)
    assert (stored.size, stored.parked) == (2, "its tiles do not give its root")


CHANGES: Final[dict[str, tuple[LiteralString, str]]] = {
    "a tile": ("UPDATE books.tiles SET data = set_byte(data, 7, get_byte(data, 7) # 1)", "its tiles do not give its root"),
    "a root": ("UPDATE books.trees SET root = sha256('')", "its tiles do not give its root"),
    "a fact": (
        "UPDATE record.facts SET commit = sha256('') WHERE index = 257",
        "the last of its 258 leaves are not the record's",
    ),
    "no fact": ("DELETE FROM record.facts WHERE index = 257", "the last of its 258 leaves are not the record's"),
    "no tiles": ("DELETE FROM books.tiles", "its tiles do not give its root"),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_whoever_begins_to_keep_the_books_says_what_differs_from_the_record(
    database: Database, owner: Session, app: Session, notary: Notary, change: str
) -> None:
    statement, flaw = CHANGES[change]
    speak(app, ONE, 258)
    async with keeping(database, notary) as hands:
        await hands.integrate()
        assert await hands.integrator.check() == {}
        owner.execute(statement)
        assert await hands.integrator.check() == {ONE: flaw}
    assert tree(owner, ONE).parked == flaw


@pytest.mark.parametrize("size", [1, 256, 257, 512])
async def test_a_last_tile_that_is_full_is_compared_as_well(
    database: Database, owner: Session, app: Session, notary: Notary, size: int
) -> None:
    speak(app, ONE, size)
    async with keeping(database, notary) as hands:
        await hands.integrate()
        assert await hands.integrator.check() == {}
        owner.execute("UPDATE record.facts SET commit = sha256('') WHERE index = %s", [size - 1])
        assert await hands.integrator.check() == {ONE: f"the last of its {size} leaves are not the record's"}


async def test_a_parked_book_whose_fault_was_mended_catches_up_when_somebody_begins_to_keep_it(
    database: Database, owner: Session, app: Session, notary: Notary
) -> None:
    async with keeping(database, notary, 100) as hands:
        speak(app, ONE, 5)
        await hands.integrate()
        speak(app, ONE, 1000)
        owner.execute("UPDATE record.facts SET index = 5000 WHERE index = 7")
        await hands.integrate()
        speak(app, ONE, 3)
        await hands.integrate()
        assert await hands.integrator.check() == {ONE: "index 8 stands where 7 is due"}
        owner.execute("UPDATE record.facts SET index = 7 WHERE index = 5000")
        assert await hands.integrator.check() == {}
        assert tree(owner, ONE) == Stored(1008, root(leaves(owner, ONE)))


async def test_a_parked_book_whose_tiles_were_mended_goes_on(
    database: Database, owner: Session, app: Session, notary: Notary
) -> None:
    async with keeping(database, notary) as hands:
        speak(app, ONE, 5)
        await hands.integrate()
        for verdict in ({ONE: "its tiles do not give its root"}, {}):
            owner.execute("UPDATE books.tiles SET data = set_byte(data, 7, get_byte(data, 7) # 1)")
            assert await hands.integrator.check() == verdict
        speak(app, ONE)
        await hands.integrate()
        assert tree(owner, ONE) == Stored(6, root(leaves(owner, ONE)))


async def test_trees_that_were_lost_are_built_again_out_of_the_record(
    database: Database, owner: Session, app: Session, notary: Notary
) -> None:
    speak(app, ONE, 700)
    async with keeping(database, notary, 100) as hands:
        await hands.keep()
        before = (tree(owner, ONE), tiles(owner, ONE))
        owner.execute("DELETE FROM books.tiles; DELETE FROM books.trees")
        assert await hands.integrator.check() == {}
    assert (tree(owner, ONE), tiles(owner, ONE)) == before
