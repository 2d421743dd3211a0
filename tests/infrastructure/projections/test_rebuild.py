"""Building a view anew comes to the same as following, at every prefix; readers see the live view until then."""

import asyncio
import subprocess
import sys
from asyncio import to_thread
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, LiteralString

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from application.views.proposals import ProposalFilter
from domain.drafts.events import DraftBegun, DraftClosed, DraftEnd, DraftRewritten
from domain.prepared.events import ActPrepared, ActSent
from infrastructure.eventlog import sessions
from infrastructure.eventlog.mapper import READER
from infrastructure.postgres.embedded import Database
from infrastructure.projections import rebuild as house
from infrastructure.projections.drafts import DRAFTS
from infrastructure.projections.prepared import PREPARED
from infrastructure.projections.proposals import PROPOSALS
from infrastructure.projections.readers.proposals import PostgresProposals
from infrastructure.projections.readers.wall import Views
from infrastructure.projections.rebuild import PROJECTIONS, BeingRebuiltError, UnknownProjectionError, named, rebuild
from infrastructure.projections.runner import Projection, filling, progress, swapping
from infrastructure.projections.runner.copying import Lines
from infrastructure.projections.runner.filling import Filling, fill
from infrastructure.projections.runner.swapping import NoOpportunityError, Successor
from tests.domain.cast import EDITION, EN, JPN, KINDS, PLENARY, PROPOSAL, TEXT, USA, an_id, endorsed, tabled, title
from tests.infrastructure.eventlog.scene import NOON, login
from tests.infrastructure.projections.courses import Move, moves
from tests.infrastructure.projections.scene import JPN_BOOK, PLENARY_BOOK, Record, follow, leader
from tests.infrastructure.projections.test_runner import LATER, Unheard

View = list[list[tuple[Any, ...]]]
REAL: Final = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
BY_PAGES: Final = replace(PROPOSALS, build=None)
"""The same view, as one is built whose rows are not those of single streams."""


@pytest.fixture(autouse=True)
def _in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that few facts come in several pages, several transactions, and several pieces of one."""
    monkeypatch.setattr(filling, "PAGE", 3)
    monkeypatch.setattr(filling, "ENOUGH", 1000)
    monkeypatch.setattr(filling, "MOST", 1500)


def commands(told: Sequence[Move]) -> Iterator[list[Move]]:
    """What happens to a proposal at once, together."""
    together: list[Move] = []
    for move in told:
        if together and (move.after or move.proposal != together[-1].proposal):
            yield together
            together = []
        together.append(move)
    if together:
        yield together


def say(record: Record, together: Sequence[Move]) -> int:
    first, facts = together[0], [move.fact for move in together]
    at = record.now + first.after
    return record.say(an_id(f"proposal {first.proposal}"), PLENARY_BOOK, *facts, at=at, effective=at - first.ago)


def filled(database: Database, record: Record, projection: Projection, target: int) -> View:
    """What the next tables of a view hold once the facts up to there are filled in."""
    record.projector.execute(house.BEGIN, [list(projection.tables)])
    list(fill(database.projector_url, Filling(projection, target, None), READER))
    return [_all(record, f"views_next.{table}") for table in projection.tables]


def live(record: Record, projection: Projection) -> View:
    """What its live tables hold."""
    return [_all(record, f"views.{table}") for table in projection.tables]


def _all(record: Record, table: LiteralString) -> list[tuple[Any, ...]]:
    return record.projector.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4, 5, 6").fetchall()


async def anew(database: Database, projections: Sequence[Projection] = PROJECTIONS) -> list[str]:
    """Build views anew; what is said to the operator."""
    said: list[str] = []
    for projection in projections:
        await to_thread(rebuild, database.projector_url, projection, said.append, grace=0)
    return said


def built(database: Database, record: Record, projection: Projection) -> None:
    """Build up to where the next tables follow, and stop there."""
    house._build(database.projector_url, record.projector, projection, READER, print)


@settings(REAL, max_examples=10)
@given(told=moves(NOON, proposals=3))
async def test_filling_comes_to_the_same_as_following_at_every_prefix(
    *, database: Database, record: Record, told: Sequence[Move]
) -> None:
    record.begin()
    for together in commands(told):
        position = say(record, together)
        await follow(database)
        assert await to_thread(filled, database, record, PROPOSALS, position) == live(record, PROPOSALS)


@REAL
@given(
    told=moves(NOON, proposals=3),
    cut=st.floats(0, 1),
    page=st.integers(2, 9),
    capacity=st.integers(0, 2),
    projection=st.sampled_from([PROPOSALS, BY_PAGES]),
)
async def test_building_anew_comes_to_the_same_as_following(
    *,
    database: Database,
    record: Record,
    told: Sequence[Move],
    cut: float,
    page: int,
    capacity: int,
    projection: Projection,
) -> None:
    """Up to the cut it is filled; it follows what came after."""
    record.begin()
    steps = list(commands(told))
    half = int(cut * len(steps))
    for together in steps[:half]:
        say(record, together)
    await to_thread(built, database, record, projection)
    for together in steps[half:]:
        say(record, together)
    await follow(database, page=page, capacity=capacity)
    followed = record.shown()

    assert "It was begun, and goes on." in await anew(database, [projection])

    assert record.shown() == followed


async def test_drafts_and_prepared_acts_are_built_anew(database: Database, record: Record) -> None:
    draft, act = an_id("draft"), an_id("act")
    record.say(draft, JPN_BOOK, DraftBegun(KINDS[0], PLENARY, EDITION, EN, TEXT, (JPN,), None))
    begun = record.say(act, JPN_BOOK, ActPrepared(JPN, "endorse", "/api/proposals/x/endorsements"))
    await follow(database)
    shown = [live(record, projection) for projection in (DRAFTS, PREPARED)]
    record.say(draft, JPN_BOOK, DraftRewritten(KINDS[0], PLENARY, EDITION, EN, TEXT[:1], None))
    record.say(draft, JPN_BOOK, DraftClosed(DraftEnd.DISCARDED, None))
    record.say(act, JPN_BOOK, ActSent())
    await follow(database, page=1)
    closed = record.shown()

    for projection, then in zip((DRAFTS, PREPARED), shown, strict=True):
        assert await to_thread(filled, database, record, projection, begun) == then
        assert live(record, projection) != then
    await anew(database)
    assert record.shown() == closed


STRANGE: Final = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])) | st.sampled_from(
    ["\\N", "\\.", "NULL", '{"a"}', "a\tb\r\n\\", '"', ",", ""]
)


@REAL
@given(word=STRANGE, words=st.lists(STRANGE).map(tuple), said=st.dictionaries(STRANGE, STRANGE))
def test_any_words_arrive_as_they_were(*, record: Record, word: str, words: tuple[str, ...], said: Mapping[str, str]) -> None:
    values = (word, words, said, None, True, 7, NOON, PROPOSAL, DraftEnd.DISCARDED)
    with record.owner.transaction(force_rollback=True), record.owner.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE views_next.words"
            " (a text, b text[], c jsonb, d text, e boolean, f bigint, g timestamptz, h uuid, i text)"
        )
        with cursor.copy("COPY views_next.words FROM STDIN") as copy:
            lines = Lines()
            copy.write(lines.line(values) + lines.line(values) + lines.line(("", *values[1:])))
        rows = cursor.execute("SELECT * FROM views_next.words").fetchall()
    rest = (list(words), said, None, True, 7, NOON, PROPOSAL, "discarded")
    assert rows == [(word, *rest), (word, *rest), ("", *rest)]


def test_what_no_column_takes_is_a_fault_of_the_projection() -> None:
    with pytest.raises(TypeError):
        Lines().line([1.5])


SHAPE: Final[tuple[LiteralString, ...]] = (
    """
    SELECT c.relname, c.relkind, c.relpersistence, c.reloptions, c.relrowsecurity, c.relforcerowsecurity, c.relacl::text,
           pg_get_userbyid(c.relowner)
      FROM pg_class AS c
     WHERE c.relnamespace = 'views'::regnamespace
     ORDER BY 1
    """,
    """
    SELECT c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attstorage, a.attacl::text,
           pg_get_expr(d.adbin, d.adrelid)
      FROM pg_class AS c
      JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
      LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE c.relnamespace = 'views'::regnamespace
       AND c.relkind = 'r'
     ORDER BY 1, 2
    """,
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'views' ORDER BY 1, 2",
    "SELECT * FROM pg_policies WHERE schemaname = 'views' ORDER BY tablename, policyname",
    """
    SELECT c.relname, x.conname, x.contype, pg_get_constraintdef(x.oid)
      FROM pg_constraint AS x
      JOIN pg_class AS c ON c.oid = x.conrelid
     WHERE c.relnamespace = 'views'::regnamespace
     ORDER BY 1, 2
    """,
    "SELECT oid, proname, proacl::text, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'views'::regnamespace ORDER BY 1",
    "SELECT nspname, relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE nspname LIKE 'views\\_%'",
)


def shape(record: Record) -> list[list[tuple[Any, ...]]]:
    """All that the catalogue says of the views."""
    return [record.owner.execute(question).fetchall() for question in SHAPE]


async def test_the_new_tables_are_in_everything_like_those_that_they_replace(database: Database, record: Record) -> None:
    record.say(PROPOSAL, PLENARY_BOOK, tabled())
    await follow(database)
    with record.owner.transaction():
        record.owner.execute("ALTER TABLE views.drafts SET (fillfactor = 80)")
        record.owner.execute(
            "CREATE POLICY none ON views.drafts AS RESTRICTIVE FOR UPDATE TO public USING (true) WITH CHECK (true)"
        )
        record.owner.execute("GRANT SELECT (id) ON views.drafts TO public")
    before, oid = shape(record), record.owner.execute("SELECT 'views.drafts'::regclass::oid").fetchone()

    await anew(database)

    assert shape(record) == before
    assert record.owner.execute("SELECT 'views.drafts'::regclass::oid").fetchone() != oid


async def test_statements_that_were_prepared_and_searches_find_the_new_tables(
    database: Database, record: Record, proposals: PostgresProposals
) -> None:
    books = frozenset({PLENARY_BOOK})
    record.say(PROPOSAL, PLENARY_BOOK, tabled())
    async with leader(database) as leading:
        await leading.step()
        asked = (ProposalFilter(), ProposalFilter(q="signals"), ProposalFilter(q="no such"))
        before = [[await proposals.page(books, one) for one in asked] for _ in range(8)][-1]
        assert [page.total for page in before] == [1, 1, 0]

        await anew(database)
        after = [await proposals.page(books, one) for one in asked]
        record.say(an_id("other"), PLENARY_BOOK, tabled(title("Signals ashore")))
        leading.forget()
        while await leading.step():
            pass

    assert after == before
    assert [(await proposals.page(books, one)).total for one in asked] == [2, 2, 0]
    assert (await proposals.page(frozenset({JPN_BOOK}), ProposalFilter())).total == 0


@asynccontextmanager
async def read_all_the_time(proposals: PostgresProposals) -> AsyncGenerator[list[int]]:
    """How many proposals a reader sees, again and again."""
    seen: list[int] = []

    async def read() -> None:
        while True:
            seen.append((await proposals.page(frozenset({PLENARY_BOOK}), ProposalFilter(q="signals"))).total)

    task = asyncio.create_task(read())
    yield seen
    assert not task.done(), task.exception()
    task.cancel()


async def test_readers_never_see_less_while_a_view_is_built_anew(database: Database, record: Record) -> None:
    for number in range(5):
        record.say(an_id(f"proposal {number}"), PLENARY_BOOK, tabled())
    await follow(database)
    async with Views(database.app_url) as views, read_all_the_time(PostgresProposals(views)) as seen:
        for number in range(5, 9):
            building = asyncio.create_task(anew(database, [PROPOSALS]))
            record.say(an_id(f"proposal {number}"), PLENARY_BOOK, tabled())
            async with leader(database) as leading:
                while not building.done():
                    await leading.step()
                    leading.forget()
                    await asyncio.sleep(0)
            assert (await building)[-1].startswith("Swapped at position ")
            await follow(database)

    assert seen == sorted(seen)
    assert seen[0] >= 5
    assert seen[-1] >= 8


async def test_who_reads_without_a_pause_keeps_its_view_and_what_was_built_waits(
    database: Database, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swapping, "TRIES", 2)
    monkeypatch.setattr(swapping, "PAUSE", 0)
    monkeypatch.setattr(swapping, "PATIENCE", "1ms")
    record.say(PROPOSAL, PLENARY_BOOK, tabled())
    await follow(database)
    shown = record.shown()
    with login(database.app_url) as app, app.transaction():
        app.execute("SELECT FROM views.needs")
        with pytest.raises(NoOpportunityError):
            await anew(database, [PROPOSALS])

    assert record.shown() == shown
    record.say(PROPOSAL, PLENARY_BOOK, endorsed(USA))
    monkeypatch.setattr(swapping, "PATIENCE", "10s")
    assert await anew(database, [PROPOSALS]) == [
        "It was begun, and goes on.",
        "Caught up with the record.",
        f"Swapped at position {5}: readers see the new view.",
    ]
    await follow(database)
    assert len(record.shown()[0]) == 2


async def test_a_view_is_built_by_one_at_a_time(database: Database, record: Record) -> None:
    house._alone(record.projector, DRAFTS)
    with pytest.raises(BeingRebuiltError):
        await anew(database, [DRAFTS])
    await anew(database, [PROPOSALS])
    record.projector.execute("SELECT pg_advisory_unlock_all()")


async def test_a_bad_fact_leaves_the_live_view_as_it_was(database: Database, record: Record) -> None:
    record.say(an_id("one"), PLENARY_BOOK, tabled())
    record.say(PROPOSAL, PLENARY_BOOK, replace(tabled(), kind="secret\0"))
    last = record.say(an_id("three"), PLENARY_BOOK, tabled())
    await follow(database)
    before = record.shown(), shape(record)[:-1]

    with pytest.raises(psycopg.DataError):
        await anew(database, [PROPOSALS])
    assert (record.shown(), shape(record)[:-1]) == before

    async with await sessions.connect(database.app_url) as session:
        assert [one.position for one in await progress(session) if one.name == "proposals"] == [last - 2]


async def test_what_held_a_view_up_is_behind_it_once_the_program_knows_the_fact(database: Database, record: Record) -> None:
    record.say(PROPOSAL, PLENARY_BOOK, tabled())
    last = record.say(PROPOSAL, PLENARY_BOOK, Unheard())
    await follow(database)

    await to_thread(rebuild, database.projector_url, PROPOSALS, print, reader=LATER, grace=0)

    async with await sessions.connect(database.app_url) as session:
        (proposals,) = [one for one in await progress(session) if one.name == "proposals"]
        assert (proposals.position, proposals.parked) == (last, False)
    assert [version for *_, version in record.projector.execute("SELECT version FROM views.proposal_versions")] == [1, 2]


ENDED: Final = """
import sys
from infrastructure.projections import rebuild
from infrastructure.projections.runner import filling

filling.PAGE, filling.ENOUGH, filling.MOST = 3, 1000, 1500
left = int(sys.argv[2])

def say(words):
    global left
    left -= 1
    if not left:
        print(flush=True)
        sys.stdin.read()

rebuild.rebuild(sys.argv[1], rebuild.PROPOSALS, say, grace=0)
"""


def kill_a_rebuild(database: Database, words: int) -> None:
    """While it says so many words."""
    command = [sys.executable, "-c", ENDED, database.projector_url, str(words)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as building:
        assert building.stdout is not None
        assert building.stdout.readline() == b"\n"
        building.kill()


@pytest.mark.parametrize("words", [2, 4])
async def test_what_was_killed_goes_on_where_it_was(database: Database, record: Record, words: int) -> None:
    for number in range(9):
        record.say(an_id(f"proposal {number}"), PLENARY_BOOK, tabled(), endorsed(USA))
        record.say(an_id(f"proposal {number}"), PLENARY_BOOK, endorsed(JPN))
    await follow(database)
    before = record.shown()

    await to_thread(kill_a_rebuild, database, words)

    assert record.shown() == before
    assert record.projector.execute("SELECT stream IS NOT NULL, position FROM views.rebuilds").fetchall() == [(True, None)]
    kept = record.projector.execute("SELECT xmin, ctid FROM views_next.proposal_versions").fetchall()
    assert kept
    begun, *_ = await anew(database, [PROPOSALS])
    assert begun == "It was begun, and goes on."
    assert record.shown() == before
    assert kept == record.projector.execute("SELECT xmin, ctid FROM views.proposal_versions").fetchall()[: len(kept)]


async def test_another_program_begins_again(database: Database, record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    record.say(PROPOSAL, PLENARY_BOOK, tabled())
    await follow(database)
    shown = record.shown()
    await to_thread(built, database, record, PROPOSALS)
    record.projector.execute("DELETE FROM views_next.proposal_versions")
    monkeypatch.setattr(house, "program", lambda: b"another")

    assert "It was begun, and goes on." not in await anew(database, [PROPOSALS])

    assert record.shown() == shown


async def test_what_a_swap_left_is_dropped_by_the_next(database: Database, record: Record) -> None:
    record.say(PROPOSAL, PLENARY_BOOK, tabled())
    await follow(database)
    await to_thread(built, database, record, PROPOSALS)
    async with await sessions.connect(database.projector_url) as session:
        await Successor(session, PROPOSALS, READER).swap()
    assert shape(record)[-1]
    shown = record.shown()

    await anew(database, [PROPOSALS])

    assert (shape(record)[-1], record.shown()) == ([], shown)


@pytest.mark.parametrize("name", ["checkpoints", "rebuilds", "facts", "nothing"])
@pytest.mark.parametrize("function", ["begin_next", "finish_next", "swap_next"])
def test_the_projector_swaps_what_readers_see_and_nothing_else(record: Record, function: LiteralString, name: str) -> None:
    with pytest.raises(psycopg.errors.RaiseException):
        record.projector.execute(f"SELECT views.{function}(%s)", [[name]])


def test_a_projection_is_known_by_its_name() -> None:
    assert {named(projection.name) for projection in PROJECTIONS} == set(PROJECTIONS)
    with pytest.raises(UnknownProjectionError):
        named("unheard of")
