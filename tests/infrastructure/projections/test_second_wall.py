"""What PostgreSQL itself keeps apart, whatever the program forgets."""

from datetime import date
from typing import Any, Final, LiteralString

import psycopg
import pytest
from msgspec.structs import replace
from psycopg.errors import InsufficientPrivilege

from application.ports import Busy
from application.views.drafts import DraftFilter
from application.views.prepared import PreparedFilter
from application.views.proposals import ProposalFilter
from domain.conferences.events import EditionAnnounced, EditionOpened
from domain.drafts.events import DraftBegun
from domain.identity import BookId, EditionCode
from domain.prepared.events import ActPrepared
from infrastructure.postgres.embedded import Database
from infrastructure.projections.readers.drafts import PostgresDrafts
from infrastructure.projections.readers.prepared import PostgresPrepared
from infrastructure.projections.readers.proposals import PostgresProposals
from infrastructure.projections.readers.wall import Views
from infrastructure.projections.rebuild import PROJECTIONS
from tests.domain.cast import (
    CHN,
    EDITION,
    EN,
    JAPAN_US,
    JPN,
    KINDS,
    PLENARY,
    TEXT,
    USA,
    an_id,
    tabled,
    under_silence,
)
from tests.infrastructure.eventlog.scene import NOON, end_sessions, login
from tests.infrastructure.projections.scene import (
    CHN_BOOK,
    DAY,
    JAPAN_US_BOOK,
    JPN_BOOK,
    PLENARY_BOOK,
    VIEWS,
    Record,
    follow,
)

BOOKS: Final = (PLENARY_BOOK, JAPAN_US_BOOK, JPN_BOOK, CHN_BOOK)


@pytest.fixture
async def filled(database: Database, record: Record) -> Record:
    """Something in every view, in each of two books."""
    silent = under_silence(NOON + DAY)
    record.say(an_id("open"), PLENARY_BOOK, tabled(), silent)
    record.say(an_id("secret"), JAPAN_US_BOOK, replace(tabled(by=USA), format=JAPAN_US, number="B24-01"), silent)
    for code, book in (("2024", PLENARY_BOOK), ("2025", JAPAN_US_BOOK)):
        announced = EditionAnnounced(EditionCode(code), int(code), date(int(code), 9, 8), date(int(code), 9, 9), "Tokyo", {})
        record.say(an_id(f"edition {code}"), book, announced, EditionOpened())
    for code, book in ((JPN, JPN_BOOK), (CHN, CHN_BOOK)):
        record.say(an_id(f"draft of {code}"), book, DraftBegun(KINDS[0], PLENARY, EDITION, EN, TEXT, (code,), None))
        record.say(an_id(f"act of {code}"), book, ActPrepared(code, "endorse", "/"))
    await follow(database)
    return record


def books_seen(session: psycopg.Connection[Any], view: LiteralString, *books: BookId) -> set[BookId]:
    """The books whose rows a query without a WHERE finds."""
    named = "{" + ",".join(map(str, books)) + "}"
    with session.pipeline():
        session.execute("SELECT set_config('accord.books', %s, true)", [named])
        return {book for (book,) in session.execute(f"SELECT book FROM {view}").fetchall()}


@pytest.mark.parametrize("view", VIEWS)
async def test_a_query_finds_the_books_that_it_names_and_no_others(
    filled: Record, app: psycopg.Connection[Any], view: LiteralString
) -> None:
    inside = [book for book in BOOKS if book in _in(filled, view)]

    assert app.execute(f"SELECT count(*) FROM {view}").fetchone() == (0,), "nothing was named yet"
    assert books_seen(app, view) == set()
    assert len(inside) == 2
    assert books_seen(app, view, inside[0]) == {inside[0]}
    assert books_seen(app, view, *inside) == set(inside)
    assert app.execute(f"SELECT count(*) FROM {view}").fetchone() == (0,), "the setting ended with its query"


def _in(filled: Record, view: LiteralString) -> set[BookId]:
    return {book for (book,) in filled.projector.execute(f"SELECT book FROM {view}")}


async def test_a_setting_that_was_emptied_names_no_book(filled: Record, app: psycopg.Connection[Any]) -> None:
    del filled
    app.execute("SET accord.books = ''")
    for view in VIEWS:
        assert app.execute(f"SELECT count(*) FROM {view}").fetchone() == (0,)


async def test_a_search_finds_what_lies_in_the_books_that_were_named(filled: Record, app: psycopg.Connection[Any]) -> None:
    search = "SELECT proposal FROM views.search('{%%signals%%}', %s, 'infinity')"

    assert app.execute(search, [filled.now]).fetchall() == []
    app.execute("SELECT set_config('accord.books', %s, false)", [f"{{{JAPAN_US_BOOK}}}"])
    assert app.execute(search, [filled.now]).fetchall() == [(an_id("secret"),)]


@pytest.mark.parametrize("view", VIEWS[1:])
async def test_the_owner_sees_no_more_unless_it_takes_the_wall_down(filled: Record, view: LiteralString) -> None:
    assert filled.owner.execute(f"SELECT count(*) FROM {view}").fetchone() == (0,)


async def test_lists_totals_searches_and_cursors_count_what_lies_in_the_readers_books(filled: Record, views: Views) -> None:
    del filled
    proposals, drafts, prepared = PostgresProposals(views), PostgresDrafts(views), PostgresPrepared(views)
    hidden = {an_id("secret"), an_id("draft of CHN"), an_id("act of CHN")}

    for asked in (ProposalFilter(), ProposalFilter(q="signals"), ProposalFilter(limit=1)):
        page = await proposals.page(frozenset({PLENARY_BOOK, JPN_BOOK}), asked)
        assert ([row.id for row in page.items], page.next, page.total) == ([an_id("open")], None, 1)
    for page in (
        await drafts.page(frozenset({JPN_BOOK}), DraftFilter(limit=1)),
        await prepared.page(frozenset({JPN_BOOK}), PreparedFilter(limit=1)),
    ):
        assert (len(page.items), page.next, page.total) == (1, None, 1)
        assert not hidden & {row.id for row in page.items}
    nothing = await proposals.page(frozenset(), ProposalFilter())
    assert (nothing.items, nothing.next, nothing.total) == ((), None, 0)


async def test_drafts_and_prepared_acts_are_listed_by_what_is_asked(filled: Record, views: Views) -> None:
    del filled
    drafts, prepared = PostgresDrafts(views), PostgresPrepared(views)
    both = frozenset({JPN_BOOK, CHN_BOOK})

    first = await drafts.page(both, DraftFilter(limit=1))
    second = await drafts.page(both, DraftFilter(limit=1, after=first.next))
    assert [row.owners for page in (first, second) for row in page.items] == [(CHN,), (JPN,)]
    assert (second.next, second.total) == (None, 2)
    assert (await drafts.page(both, DraftFilter(ended=True))).total == 0
    assert (await drafts.page(both, DraftFilter(ended=False, edition=(EDITION,), format=(PLENARY,)))).total == 2
    assert (await drafts.page(both, DraftFilter(format=(JAPAN_US,)))).total == 0
    assert [row.delegation for row in (await prepared.page(both, PreparedFilter(delegation=(JPN,)))).items] == [JPN]


async def test_a_read_whose_session_was_ended_asks_another(database: Database, filled: Record) -> None:
    del filled
    async with Views(database.app_url, most=1) as views:
        proposals = PostgresProposals(views)
        before = await proposals.page(frozenset({PLENARY_BOOK}), ProposalFilter())
        with login(database.superuser_url) as superuser:
            end_sessions(superuser, "%proposal_versions%")
        assert await proposals.page(frozenset({PLENARY_BOOK}), ProposalFilter()) == before


async def test_who_waits_in_vain_for_the_database_is_told_so(database: Database) -> None:
    async with Views(database.app_url, most=1, patience=0.1) as views, views._pool.connection():
        with pytest.raises(Busy):
            await PostgresProposals(views).page(frozenset(), ProposalFilter())


FORBIDDEN: Final[tuple[LiteralString, ...]] = (
    *(f"INSERT INTO {view} SELECT * FROM {view}" for view in VIEWS),
    *(f"DELETE FROM {view}" for view in VIEWS),
    *(f"TRUNCATE {view}" for view in VIEWS),
    "UPDATE views.proposal_versions SET status = 'adopted'",
    "UPDATE views.checkpoints SET position = 0",
    "SELECT parked_error FROM views.checkpoints",
    "SELECT parked_position FROM views.checkpoints",
    "ALTER TABLE views.drafts NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY reader ON views.drafts",
    "CREATE TABLE views.mine ()",
    "SELECT envelope FROM record.facts",
)


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_app_may_not_write_and_sees_no_error(app: psycopg.Connection[Any], statement: LiteralString) -> None:
    with pytest.raises(InsufficientPrivilege):
        app.execute(statement)


async def test_the_app_may_see_how_far_the_views_are(filled: Record, app: psycopg.Connection[Any]) -> None:
    del filled
    assert len(app.execute("SELECT name, position FROM views.checkpoints").fetchall()) == len(PROJECTIONS)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO record.facts SELECT * FROM record.facts",
        "UPDATE record.head SET position = 0",
        "DELETE FROM record.books",
        f"SELECT record.append({', '.join(['NULL'] * 21)})",
        "SELECT sha256 FROM people.token",
    ],
)
def test_the_projector_may_not_record(record: Record, statement: LiteralString) -> None:
    with pytest.raises(InsufficientPrivilege):
        record.projector.execute(statement)
