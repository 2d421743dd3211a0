"""What the tests of the views share: a record whose clock they move, and hands that follow it."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Final, LiteralString
from uuid import UUID

from application.ports import Entry, Receipt, Submission
from domain.forum.events import FormatDefined, ForumFounded
from domain.identity import BookId, CommandId, DelegationCode, FormatCode, StreamId
from domain.kernel import Fact
from domain.rules import Rules
from infrastructure.eventlog import sessions
from infrastructure.eventlog.mapper import READER, Reader
from infrastructure.postgres.embedded import Database
from infrastructure.projections.rebuild import PROJECTIONS
from infrastructure.projections.runner import checkpoints
from infrastructure.projections.runner.leader import Leader
from infrastructure.projections.runner.projection import Projection
from infrastructure.projections.runner.streams import Streams
from tests.domain.cast import EN, JAPAN_US, JPN, KINDS, LANGUAGES, MEMBERS, PLENARY, USA, an_id
from tests.infrastructure.eventlog.scene import LONG_AGO, NOON, Hands, append, fresh, login

PUBLIC, PLENARY_BOOK, JAPAN_US_BOOK, JPN_BOOK, CHN_BOOK = (
    BookId(an_id(f"book of {name}")) for name in ("all", "plenary", "japan-us", "JPN", "CHN")
)
FOUNDING: Final = 3
"""Facts by which the forum is founded."""
SECOND: Final = timedelta(seconds=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
VIEWS: Final[tuple[LiteralString, ...]] = tuple(f"views.{table}" for each in PROJECTIONS for table in each.tables)
RULES: Final = Rules()

FOUNDED: Final = ForumFounded({EN: "Forum"}, "forum.example", "regular", LANGUAGES, "Asia/Tokyo", KINDS, RULES)


def format_(code: FormatCode, letter: str, members: Iterable[DelegationCode]) -> FormatDefined:
    return FormatDefined(code, letter, {EN: code}, tuple(sorted(members)), listed=True)


class Record:
    """The record of a forum that is founded until noon, with the hands of its clock."""

    def __init__(self, database: Database) -> None:
        self.app = login(database.app_url)
        self.owner = login(database.owner_url)
        self.projector = login(database.projector_url)
        self.hands = Hands(self.owner)
        self.begin()

    def begin(self) -> None:
        """From the beginning, whatever was there."""
        self.owner.execute(
            "DELETE FROM record.facts; DELETE FROM record.books; DELETE FROM views.checkpoints; DELETE FROM views.rebuilds"
        )
        self.owner.execute("UPDATE record.head SET position = 0, last_at = '-infinity'")
        for view in VIEWS:
            self.projector.execute(f"DELETE FROM {view}")
        self.now = NOON - FOUNDING * SECOND
        forum = StreamId(an_id("forum"))
        self.say(forum, PUBLIC, FOUNDED)
        self.say(StreamId(an_id("plenary")), PUBLIC, format_(PLENARY, "P", MEMBERS))
        self.say(StreamId(an_id("japan-us")), PUBLIC, format_(JAPAN_US, "B", (JPN, USA)))

    def close(self) -> None:
        self.app.close()
        self.owner.close()
        self.projector.close()

    def say(
        self,
        stream: UUID,
        book: BookId,
        *facts: Fact,
        at: datetime | None = None,
        effective: datetime | None = None,
    ) -> int:
        """Record the facts as one command, at this time (a second later than before), and answer with the last's position."""
        self.turn(at or self.now + SECOND)
        entries = tuple(Entry(StreamId(stream), book, fact) for fact in facts)
        (outcome,) = append(self.app, Submission(CommandId(fresh()), entries, (), LONG_AGO, effective=effective))
        assert isinstance(outcome, Receipt)
        return outcome.position

    def turn(self, at: datetime) -> None:
        """Have the record's clock say so."""
        self.now = at
        self.hands.move(at)

    def shown(self) -> list[list[tuple[Any, ...]]]:
        """All that the views hold, seen without the wall."""
        return [self.projector.execute(f"SELECT * FROM {view} ORDER BY 1, 2, 3, 4, 5, 6").fetchall() for view in VIEWS]


@asynccontextmanager
async def leader(
    database: Database,
    projections: Sequence[Projection] = PROJECTIONS,
    *,
    reader: Reader = READER,
    page: int = 1000,
    capacity: int = 100,
) -> AsyncGenerator[Leader]:
    """Who leads, one step at a time."""
    async with await sessions.connect(database.projector_url) as session:
        await checkpoints.begin(session, [projection.name for projection in projections])
        yield Leader(session, projections, Streams(session, reader, capacity), page)


async def follow(database: Database, *, page: int = 1000, capacity: int = 100) -> None:
    """Bring the views up to the record."""
    async with leader(database, page=page, capacity=capacity) as leading:
        while await leading.step():
            pass
