"""The record as an application of the eventsourcing library, over PostgreSQL and in memory."""

from collections.abc import Iterable, Iterator
from uuid import UUID

import pytest
from eventsourcing.application import AggregateNotFoundError
from eventsourcing.persistence import IntegrityError, ProgrammingError
from msgspec import Struct

from domain.identity import CommandId, StreamId
from domain.kernel import Fact, Recorded
from infrastructure.eventlog.application import RecordApplication
from infrastructure.eventlog.mapper import Event
from infrastructure.eventlog.recorder import LogRecorder, datastore
from infrastructure.postgres.embedded import Database
from tests.infrastructure.eventlog.scene import NOON, READER, Session, Spoken, audited, book, fresh, stream

S, T, BOOK = stream(), stream(), book()


@pytest.fixture
def in_postgres(database: Database) -> Iterator[RecordApplication]:
    store = datastore(database.owner_url)
    with RecordApplication(LogRecorder(store), reader=READER) as application:
        yield application
    store.close()


@pytest.fixture
def in_memory() -> Iterator[RecordApplication]:
    with RecordApplication(reader=READER) as application:
        yield application


@pytest.fixture(params=["in_postgres", "in_memory"])
def application(request: pytest.FixtureRequest) -> RecordApplication:
    return request.getfixturevalue(request.param)


def events(*said: tuple[StreamId, int, str]) -> list[Event]:
    """What one command says."""
    command = CommandId(fresh())
    return [Event(Recorded(Spoken(words), of, version, BOOK, 0, NOON, command)) for of, version, words in said]


class Speech(Struct, frozen=True):
    """What was said in a stream."""

    id: UUID
    version: int
    words: list[str]


def folded(_: object, read: Iterable[Event]) -> Speech | None:
    """A projector, as the library calls it."""
    recorded = [event.recorded for event in read]
    return Speech(recorded[-1].stream, recorded[-1].version, [*_words(recorded)]) if recorded else None


def _words(recorded: Iterable[Recorded[Fact]]) -> Iterator[str]:
    for one in recorded:
        assert isinstance(one.fact, Spoken)
        yield one.fact.words


def test_events_are_saved_selected_and_folded(application: RecordApplication) -> None:
    application.save(*events((S, 1, "one"), (S, 2, "two")))
    recordings = application.save(*events((T, 1, "elsewhere"), (S, 3, "three")))
    assert [recording.notification.id for recording in recordings] == [3, 4]
    assert application.repository.get(S, projector_func=folded) == Speech(S, 3, ["one", "two", "three"])
    assert application.repository.get(S, version=2, projector_func=folded) == Speech(S, 2, ["one", "two"])
    assert [notification.topic for notification in application.notification_log.select(2, 2)] == ["test.spoken"] * 2
    section = application.notification_log["1,1000"]
    read = [application.mapper.to_domain_event(notification) for notification in section.items]
    assert [(event.originator_id, event.originator_version) for event in read] == [(S, 1), (S, 2), (T, 1), (S, 3)]


def test_a_version_that_is_taken_is_refused_and_nothing_is_saved(application: RecordApplication) -> None:
    application.save(*events((S, 1, "one")))
    with pytest.raises(IntegrityError):
        application.save(*events((T, 1, "elsewhere"), (S, 1, "again")))
    with pytest.raises(AggregateNotFoundError):
        application.repository.get(T, projector_func=folded)


def test_the_record_gives_index_and_time(in_postgres: RecordApplication, owner: Session) -> None:
    in_postgres.save(*events((S, 1, "one"), (S, 2, "two")))
    assert audited(owner) == 2
    read = [event.recorded for event in in_postgres.events.get(S) if isinstance(event, Event)]
    assert [recorded.index for recorded in read] == [0, 1]
    assert read[0].at == read[1].at > NOON


def test_what_is_saved_together_is_one_command(in_postgres: RecordApplication, owner: Session) -> None:
    with pytest.raises(ProgrammingError, match="what is saved together is one command"):
        in_postgres.save(*events((S, 1, "one")), *events((S, 2, "two")))
    assert audited(owner) == 0
