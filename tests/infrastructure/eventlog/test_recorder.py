"""The eventsourcing library's own tests of a recorder, on the record.

Between them and the record stands an adapter, for two things that are ours: a state is an envelope, so the library's bytes
travel as the words of a fact; and versions begin with 1, where some of its tests begin with 0.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

import pytest
from eventsourcing.persistence import IntegrityError, Notification, ProgrammingError, StoredEvent
from eventsourcing.tests import persistence

from domain.identity import CommandId, StreamId
from domain.record.envelope import pieces
from infrastructure.eventlog.mapper import Unfilled
from infrastructure.eventlog.recorder import LogRecorder, datastore
from infrastructure.postgres.embedded import Database
from tests.infrastructure.eventlog.scene import READER, Session, Spoken, audited, book, fresh

BOOK = book()
E = TypeVar("E", bound=StoredEvent)


class Adapter(LogRecorder):
    def insert_events(self, stored_events: Sequence[StoredEvent], **_: object) -> Sequence[int] | None:
        command = CommandId(fresh())
        return super().insert_events([_wrapped(event, command) for event in stored_events])

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        after, last = (None if version is None else version + 1 for version in (gt, lte))
        events = super().select_events(originator_id, gt=after, lte=last, desc=desc, limit=limit)
        return [_unwrapped(event) for event in events]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        events = super().select_notifications(start, limit, stop, topics, inclusive_of_start=inclusive_of_start)
        return [_unwrapped(event) for event in events]


def _wrapped(event: StoredEvent, command: CommandId) -> Unfilled:
    of = StreamId(UUID(str(event.originator_id)))
    around = pieces(Spoken(event.state.decode()), stream=of, book=BOOK, command=command)
    return Unfilled(of, event.originator_version + 1, event.topic, b"", command, BOOK, around)


def _unwrapped(event: E) -> E:
    fact = READER.recorded(Spoken.tag, 1, event.state).fact
    assert isinstance(fact, Spoken)
    return replace(event, originator_version=event.originator_version - 1, state=fact.words.encode())


class TestLogRecorder(persistence.ApplicationRecorderTestCase[Adapter]):
    INITIAL_VERSION = 0

    @pytest.fixture(autouse=True)
    def _of_a_fresh_database(self, database: Database, owner: Session) -> None:
        self.store = datastore(database.owner_url)
        self.addCleanup(self.store.close)
        self.owner = owner

    def create_recorder(self) -> Adapter:
        return Adapter(self.store)

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


def test_versions_that_do_not_follow_one_another_are_refused(database: Database, owner: Session) -> None:
    store, of = datastore(database.owner_url), fresh()
    events = [StoredEvent(of, version, "test.spoken", b"") for version in (0, 2)]
    with pytest.raises(IntegrityError, match="version 3 does not follow version 1"):
        Adapter(store).insert_events(events)
    store.close()
    assert audited(owner) == 0


def test_only_mapped_events_are_taken(database: Database) -> None:
    store = datastore(database.owner_url)
    with pytest.raises(ProgrammingError, match="the record takes what EnvelopeMapper maps"):
        LogRecorder(store).insert_events([StoredEvent(fresh(), 1, "test.spoken", b"{}")])
    store.close()
