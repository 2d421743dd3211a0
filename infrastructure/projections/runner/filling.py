"""The next tables of a view are filled from the record: one stream after the other, so that each row is made once, and ended.

What has been filled in stands in one transaction with its rows, at the end of a stream. Facts are read a page at a time in
statements of their own: a long one would keep the vacuum from the few rows that every append writes anew.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count, groupby
from operator import attrgetter
from typing import Any, Final, NamedTuple
from uuid import UUID

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from domain.kernel import Fact, Recorded
from infrastructure.eventlog.mapper import Reader
from infrastructure.projections.runner.copying import Lines
from infrastructure.projections.runner.house import House, evolve_house
from infrastructure.projections.runner.projection import Followed, Projection, Row, Step
from infrastructure.projections.runner.streams import follow

PAGE: Final = 2000
"""Facts that are read at once."""
ENOUGH: Final = 1 << 20
"""Characters that are sent at the end of a stream."""
MOST: Final = 2 * ENOUGH
"""Characters that are held."""
LAST: Final = (1 << 63) - 1
"""No stream has a version above it."""
BEGINNING: Final = UUID(int=0)

# By the index of streams, whatever the statistics say. Where few facts are of these rooms, it passes over the others there.
PLANNED: Final = "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off; SET jit = off"
FACTS: Final = """
    SELECT stream, position, type, version, envelope
      FROM record.facts
     WHERE (stream, version) > (%b, %b)
       AND position <= %b
       AND split_part(type, '.', 1) = ANY(%b)
     ORDER BY stream, version
     LIMIT %b
"""
# As in streams.py, with the positions.
HOUSE: Final = """
    SELECT position, type, version, envelope
      FROM record.facts
     WHERE type IN ('forum.founded', 'format.defined')
     ORDER BY position
"""
FILLED: Final = "UPDATE views.rebuilds SET stream = %s WHERE name = %s"

Session = Connection[Any]


class Filling(NamedTuple):
    """What there is to fill in."""

    projection: Projection
    target: int
    """The facts up to this position."""
    after: UUID | None
    """The streams after this one; all, where there is none."""


class Filled(NamedTuple):
    """How far it has come."""

    stream: UUID
    facts: int
    """How many were taken since it began, or went on."""


class _Placed(NamedTuple):
    """A fact, and where it stands over all books."""

    stream: UUID
    position: int
    recorded: Recorded[Fact]


def fill(url: str, filling: Filling, reader: Reader) -> Iterator[Filled]:
    """As the projector: fill the tables. Says from time to time how far that is. Raises as Reader.recorded.

    It reads ahead and writes behind, so that the database works beside it.
    """
    with (
        psycopg.connect(url, autocommit=True) as reading,
        psycopg.connect(url) as writing,
        ThreadPoolExecutor(1) as ahead,
        ThreadPoolExecutor(1) as behind,
    ):
        reading.execute(PLANNED)
        writing.execute("SET synchronous_commit = off")
        houses, sheet = _houses(reading, reader), _Sheet(writing, behind, filling.projection)
        taken = 0
        for stream, facts in groupby(_facts(reading, ahead, filling, reader), attrgetter("stream")):
            taken += _take(filling.projection, _steps(facts, houses), sheet)
            if sheet.ended(stream):
                yield Filled(stream, taken)
        sheet.close()


def _take(projection: Projection, steps: Iterator[Step], sheet: "_Sheet") -> int:
    """How many facts a stream has."""
    assert projection.build is not None, "only such a view is filled"
    counted = count()
    for row in projection.build(step for step, _ in zip(steps, counted, strict=False)):
        sheet.add(row)
    return next(counted)


def _facts(session: Session, ahead: ThreadPoolExecutor, filling: Filling, reader: Reader) -> Iterator[_Placed]:
    """In the order of streams; while a page is taken, the next is read. Raises as Reader.recorded."""
    page = _page(session, filling, filling.after or BEGINNING, LAST if filling.after else 0)
    while page:
        last, _, _, version, _ = page[-1]
        following = ahead.submit(_page, session, filling, last, version)
        for stream, position, *stored in page:
            yield _Placed(stream, position, reader.recorded(*stored))
        page = following.result()


def _page(session: Session, filling: Filling, stream: UUID, version: int) -> list[tuple[Any, ...]]:
    asked = (stream, version, filling.target, sorted(filling.projection.rooms), PAGE)
    return session.cursor(binary=True).execute(FACTS, asked, prepare=True).fetchall()


def _steps(facts: Iterable[_Placed], houses: "_Houses") -> Iterator[Step]:
    """The facts of a stream, from its first."""
    before: Followed | None = None
    for _, position, recorded in facts:
        after = follow(before, recorded)
        yield Step(recorded, before, after, houses.at(position))
        before = after


class _Houses:
    """The house as it was at any position."""

    def __init__(self, changes: Sequence[tuple[int, House]]) -> None:
        self._positions = [position for position, _ in changes]
        self._houses = [House(), *(house for _, house in changes)]

    def at(self, position: int) -> House:
        return self._houses[bisect_right(self._positions, position)]


def _houses(session: Session, reader: Reader) -> _Houses:
    changes: list[tuple[int, House]] = []
    house = House()
    for position, *stored in session.cursor(binary=True).execute(HOUSE):
        house = evolve_house(house, reader.recorded(*stored).fact)
        changes.append((position, house))
    return _Houses(changes)


class _Leaf(NamedTuple):
    """Rows of one table."""

    columns: tuple[str, ...]
    lines: Lines
    texts: list[str]


class _Sheet:
    """Rows that are on their way into the tables, in transactions each of which ends with a stream."""

    def __init__(self, session: Session, behind: ThreadPoolExecutor, projection: Projection) -> None:
        self._session = session
        self._behind = behind
        self._name = projection.name
        self._leaves: dict[str, _Leaf] = {}
        self._size = 0
        self._last: UUID | None = None
        self._sent: Future[None] | None = None

    def add(self, row: Row) -> None:
        if (leaf := self._leaves.get(row.table)) is None:
            leaf = self._leaves[row.table] = _Leaf(tuple(row.columns), Lines(), [])
        text = leaf.lines.line(tuple(row.columns.values()))
        leaf.texts.append(text)
        self._size += len(text)
        if self._size > MOST:  # of a stream that comes to more than is held
            self._send(None)

    def ended(self, stream: UUID) -> bool:
        """A stream has ended. Whether so much has come together that it was sent."""
        self._last = stream
        if enough := self._size > ENOUGH:
            self._send(stream)
        return enough

    def close(self) -> None:
        """Send the rest, and wait until all has come."""
        self._send(self._last)
        self._arrived()

    def _send(self, ended: UUID | None) -> None:
        """Once what was sent before has come: no more is under way than is held."""
        self._arrived()
        self._sent, self._leaves, self._size = self._behind.submit(self._write, self._leaves, ended), {}, 0

    def _arrived(self) -> None:
        if self._sent is not None:
            self._sent.result()

    def _write(self, leaves: Mapping[str, "_Leaf"], ended: UUID | None) -> None:
        for table, leaf in leaves.items():
            columns = SQL(", ").join(map(Identifier, leaf.columns))
            into = SQL("COPY views_next.{} ({}) FROM STDIN").format(Identifier(table), columns)
            with self._session.cursor() as cursor, cursor.copy(into) as copy:
                copy.write("".join(leaf.texts))
        if ended is not None:
            self._session.execute(FILLED, (ended, self._name))
            self._session.commit()
