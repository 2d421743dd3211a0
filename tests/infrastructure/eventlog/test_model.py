"""The append function against a model of it in plain Python, over random batches, and an audit of what it left."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from application.ports import BackwardsError, KeyReused, Late, Mark, Receipt, Stale, Submission
from domain.identity import BookId, StreamId
from infrastructure.eventlog.batch import Outcome
from tests.infrastructure.eventlog.scene import (
    HOUR,
    LONG_AGO,
    MICROSECOND,
    NOON,
    Hands,
    Session,
    T,
    append,
    audited,
    book,
    entry,
    fresh,
    stream,
    submission,
    tell,
)

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


class ClockJumped(Exception):
    pass


class Model:
    """The record as it should be; one call of ``decide`` for each command, in order."""

    def __init__(self, place: int, latest: datetime) -> None:
        self.place = place
        self.latest = latest
        self.versions: dict[StreamId, int] = {}
        self.books: dict[BookId, tuple[int, datetime | None]] = {}
        self.keys: dict[bytes, tuple[Receipt, bytes | None]] = {}

    def check(self, clock: datetime, *, told: bool) -> None:
        if not told and self.latest > clock + MINUTE:
            raise ClockJumped

    def decide(self, command: Submission, clock: datetime, *, told: bool) -> Outcome:
        if command.key in self.keys:
            receipt, request = self.keys[command.key]
            return receipt if request == command.request else KeyReused()
        if any(self.versions.get(of, 0) != version for of, version in command.expected):
            return Stale()
        lasts = {entry.book: self.books.get(entry.book, (0, None))[1] for entry in command.entries}
        if command.told and (not told or command.told > clock or any(last and command.told < last for last in lasts.values())):
            return BackwardsError()
        now = command.told or clock
        times = {of: now if last is None else max(now, last + MICROSECOND) for of, last in lasts.items()}
        if min(times.values()) < command.since or (command.until and max(times.values()) >= command.until):
            return Late(min(times.values()))
        return self._record(command, times)

    def _record(self, command: Submission, times: dict[BookId, datetime]) -> Receipt:
        marks: list[Mark] = []
        for line in command.entries:
            size, _ = self.books.get(line.book, (0, None))
            self.books[line.book] = (size + 1, times[line.book])
            self.versions[line.stream] = self.versions.get(line.stream, 0) + 1
            marks.append(Mark(line.fact.tag, line.stream, line.book, size, times[line.book]))
        self.place += len(marks)
        self.latest = max(self.latest, *times.values())
        receipt = Receipt(command.command, self.place, tuple(marks))
        if command.key:
            self.keys[command.key] = (Receipt(receipt.command, receipt.position, receipt.marks, repeated=True), command.request)
        return receipt


class Asked(Struct, frozen=True):
    """A command before its streams, books and keys have ids; times are counted from the clock."""

    expected: list[tuple[int, int]]
    facts: list[tuple[int, int]]
    since: timedelta
    until: timedelta | None
    told: timedelta | None
    key: int | None
    request: int | None


def mostly(usual: T, *others: T) -> st.SearchStrategy[T]:
    return st.sampled_from([*[usual] * (2 * len(others)), *others])


few = st.integers(0, 3)
asked = st.builds(
    Asked,
    expected=st.lists(st.tuples(few, mostly(0, 1, -1)), max_size=3),
    facts=st.lists(st.tuples(few, few), min_size=1, max_size=4),
    since=mostly(-HOUR, timedelta(), MICROSECOND, 2 * MICROSECOND),
    until=mostly(None, timedelta(), MICROSECOND, 2 * MICROSECOND, 3 * MICROSECOND, HOUR),
    told=mostly(None, -HOUR, -MICROSECOND, timedelta(), MICROSECOND),
    key=mostly(None, 0, 1, 2),
    request=mostly(0, 1, None),
)
batches = st.lists(
    st.tuples(mostly(SECOND, timedelta(), MICROSECOND, -59 * SECOND, -61 * SECOND), st.lists(asked, min_size=1, max_size=8)),
    min_size=1,
    max_size=5,
)


class Cast:
    """The ids of one example."""

    def __init__(self) -> None:
        self.streams = [stream() for _ in range(4)]
        self.books = [book() for _ in range(4)]
        self.keys = [fresh().bytes for _ in range(4)]

    def submission(self, said: Asked, versions: dict[StreamId, int], clock: datetime) -> Submission:
        return submission(
            *[entry(self.streams[s], self.books[b]) for s, b in said.facts],
            expected=tuple((of := self.streams[s], max(0, versions.get(of, 0) + off)) for s, off in said.expected),
            since=clock + said.since,
            until=None if said.until is None else clock + said.until,
            told=None if said.told is None else clock + said.told,
            key=None if said.key is None else self.keys[said.key],
            request=None if said.request is None else bytes([said.request]) * 32,
        )


class Rig(Struct):
    """A database whose clock is in our hands, and what it has seen so far: examples follow one another in it."""

    owner: Session
    app: Session
    hands: Hands
    clock: datetime = NOON

    def head(self) -> tuple[int, datetime]:
        """The last position and the latest time."""
        ((position, latest),) = self.owner.execute("SELECT position, nullif(last_at, '-infinity') FROM record.head").fetchall()
        return position, latest or LONG_AGO


@pytest.fixture
def rig(owner: Session, app: Session) -> Iterator[Rig]:
    yield Rig(owner, app, Hands(owner))
    assert audited(owner) > 0


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=batches, told=st.sampled_from([False, False, True]))
def test_append_decides_as_the_model_does(rig: Rig, *, batches: list[tuple[timedelta, list[Asked]]], told: bool) -> None:
    tell(rig.owner, told=told)
    cast, model = Cast(), Model(*rig.head())
    rig.clock = max(rig.clock, model.latest) + SECOND
    for step, commands in batches:
        rig.clock += step
        rig.hands.move(rig.clock)
        try:
            model.check(rig.clock, told=told)
        except ClockJumped:
            with pytest.raises(psycopg.DatabaseError, match="the clock jumped"):
                append(rig.app, submission(entry(stream(), book())))
            return
        submissions: list[Submission] = []
        expected: list[Outcome] = []
        for said in commands:
            command = cast.submission(said, model.versions, rig.clock)
            submissions.append(command)
            expected.append(model.decide(command, rig.clock, told=told))
        assert [_plain(one) for one in append(rig.app, *submissions)] == [_plain(one) for one in expected]
        assert rig.head() == (model.place, model.latest)


def _plain(outcome: Outcome) -> object:
    """Exceptions are equal if they are of one type."""
    return type(outcome) if isinstance(outcome, Exception) else outcome
