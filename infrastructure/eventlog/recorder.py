"""The eventsourcing library's recorder over the record: it reads the view ``log``, and adds through the append function.

For scripts, auditors' notebooks and the library's own subscriptions. Its statements that make or lock tables are never
run: migrations own the tables, and every writer takes the head lock.
"""

from collections.abc import Sequence
from os import urandom
from uuid import UUID

from eventsourcing.persistence import IntegrityError, InterfaceError, OperationalError, ProgrammingError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.utils import retry
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import tuple_row

from application.ports import Receipt
from domain.identity import StreamId
from domain.record.envelope import SALT_BYTES
from infrastructure.eventlog.batch import APPEND, KEY_BYTES, Answer, Encoded, Entropy, Line, outcomes, parameters
from infrastructure.eventlog.mapper import Unfilled


def datastore(url: str) -> PostgresDatastore:
    """The library's pool of connections to the database of this URL."""
    parts = {"host": "", "port": "", "password": "", **conninfo_to_dict(url)}
    return PostgresDatastore(
        dbname=str(parts["dbname"]),
        host=str(parts["host"]),
        port=str(parts["port"]),
        user=str(parts["user"]),
        password=str(parts["password"]),
        pool_size=2,
        max_overflow=8,
        schema="record",
    )


class LogRecorder(PostgresApplicationRecorder):
    """Reads as a role that may select from ``log``, adds as one that may execute ``append``."""

    def __init__(self, datastore: PostgresDatastore, entropy: Entropy = urandom) -> None:
        super().__init__(datastore, events_table_name="log")
        self._entropy = entropy

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: object) -> Sequence[int] | None:
        """Record the events as one command, and answer with their positions. Raises IntegrityError where one clashes."""
        if not stored_events:
            return None
        return self._append(_command([_unfilled(event) for event in stored_events], self._entropy))

    # Under a key, so that a try after a lost answer finds what the one before recorded.
    @retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)
    def _append(self, command: Encoded) -> Sequence[int]:
        with self.datastore.get_connection() as session, session.cursor(binary=True, row_factory=tuple_row) as cursor:
            row = cursor.execute(APPEND, parameters([command]), prepare=True).fetchone()
        assert row is not None, "append answers with a row"
        (outcome,) = outcomes([command], Answer._make(row))
        if not isinstance(outcome, Receipt):
            raise IntegrityError("another event stands at one of these versions")
        return list(range(outcome.position - len(command.lines) + 1, outcome.position + 1))


def _unfilled(event: StoredEvent) -> Unfilled:
    if not isinstance(event, Unfilled):
        raise ProgrammingError("the record takes what EnvelopeMapper maps")
    return event


def _command(events: Sequence[Unfilled], entropy: Entropy) -> Encoded:
    """All in one command, after what their streams hold."""
    command, *others = {event.command for event in events}
    if others:
        raise ProgrammingError("what is saved together is one command")
    return Encoded(
        command=command,
        key=entropy(KEY_BYTES),
        expected=tuple(_expected(events).items()),
        lines=tuple(_line(event, entropy(SALT_BYTES)) for event in events),
    )


def _expected(events: Sequence[Unfilled]) -> dict[StreamId, int]:
    """The version of each stream before these events. Raises IntegrityError where they do not follow one another."""
    before: dict[StreamId, int] = {}
    last: dict[StreamId, int] = {}
    for event in events:
        stream = StreamId(UUID(str(event.originator_id)))
        before.setdefault(stream, event.originator_version - 1)
        if event.originator_version != last.setdefault(stream, before[stream]) + 1:
            raise IntegrityError(f"version {event.originator_version} does not follow version {last[stream]}")
        last[stream] = event.originator_version
    return before


def _line(event: Unfilled, salt: bytes) -> Line:
    return Line(event.topic, StreamId(UUID(str(event.originator_id))), event.book, salt, event.pieces)
