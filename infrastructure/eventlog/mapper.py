"""From a stored envelope to a recorded fact, and both as the eventsourcing library names them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, TypeVar
from uuid import UUID

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent
from msgspec import Struct

from domain.identity import BookId, CommandId, CredentialId, DelegationCode, PersonId, StreamId
from domain.kernel import Fact, Recorded, Withheld
from domain.record.envelope import REMAINS, Envelope, Pieces, Remains, opened, pieces, remaining
from infrastructure.eventlog.facts import FACTS
from infrastructure.eventlog.upcast import UPCASTS, Upcast, present

F = TypeVar("F", bound=Fact)


class UnknownFactError(Exception):
    """Stored under a tag that this program does not know: by a later version of it."""


class _Opened(Struct, Generic[F], frozen=True, gc=False):
    """An envelope whose data has the present shape of its fact."""

    actor: PersonId | None
    at: datetime
    book: BookId
    command: CommandId
    credential: CredentialId | None
    data: F
    delegation: DelegationCode | None
    effective: datetime | None
    index: int
    signature: str | None
    stream: StreamId


class Reader:
    """Reads the envelopes of facts.

    Everything comes from the envelope, since that is what was hashed; the stream's version alone stands beside it.
    """

    def __init__(self, facts: Mapping[str, type[Fact]], upcasts: Mapping[tuple[str, int], Upcast]) -> None:
        self._types = {tag: _Type(fact, upcasts) for tag, fact in facts.items()}

    def recorded(self, tag: str, version: int, envelope: bytes) -> Recorded[Fact]:
        """The fact of this envelope, or of what is left of it. Raises UnknownFactError, UnknownShapeError, msgspec.ValidationError."""
        if tag not in self._types:
            raise UnknownFactError(f"{tag} is no fact that this program knows")
        if envelope.endswith(REMAINS):
            return _withheld(version, remaining(envelope))
        said = self._types[tag].open(envelope)
        return Recorded(
            said.data,
            said.stream,
            version,
            said.book,
            said.index,
            said.at,
            said.command,
            said.actor,
            said.delegation,
            said.credential,
            said.effective,
            said.signature,
        )


def _withheld(version: int, left: Remains) -> Recorded[Fact]:
    """It needs no upcast: of whatever shape the words were, they are gone."""
    return Recorded(
        Withheld(left.type, left.erasure),
        left.stream,
        version,
        left.book,
        left.index,
        left.at,
        left.command,
        left.actor,
        left.delegation,
        left.credential,
        left.effective,
    )


class _Type:
    """How one type of fact is read."""

    def __init__(self, fact: type[Fact], upcasts: Mapping[tuple[str, int], Upcast]) -> None:
        self._fact = fact
        self._upcasts = upcasts
        self._decode = msgspec.json.Decoder(_Opened[fact]).decode
        self._present = b',"v":%d}' % fact.version

    def open(self, envelope: bytes) -> _Opened[Fact]:
        """An envelope ends with the version of its shape, so one look tells whether it can be read in one go."""
        return self._decode(envelope) if envelope.endswith(self._present) else self._brought_up(opened(envelope))

    def _brought_up(self, old: Envelope) -> _Opened[Fact]:
        data = present(
            self._fact.tag, msgspec.json.decode(old.data), stored=old.v, now=self._fact.version, upcasts=self._upcasts
        )
        return _Opened(
            old.actor,
            old.at,
            old.book,
            old.command,
            old.credential,
            msgspec.json.decode(msgspec.json.encode(data), type=self._fact),
            old.delegation,
            old.effective,
            old.index,
            old.signature,
            old.stream,
        )


READER: Final = Reader(FACTS, UPCASTS)


class Event(Struct, frozen=True):
    """A recorded fact under the names by which the library knows an event."""

    recorded: Recorded[Fact]

    @property
    def originator_id(self) -> UUID:
        """The stream."""
        return self.recorded.stream

    @property
    def originator_version(self) -> int:
        """The version in the stream."""
        return self.recorded.version


@dataclass(frozen=True)
class Unfilled(StoredEvent):
    """An event on its way into the record, which gives it its time and its index; those in ``state`` are provisional."""

    command: CommandId
    book: BookId
    pieces: Pieces


class EnvelopeMapper(Mapper[UUID]):
    """Events as envelopes, and topics as tags: no import path is ever stored."""

    def __init__(self, reader: Reader = READER) -> None:
        super().__init__(JSONTranscoder())
        self._reader = reader

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """An envelope whose two holes stand open beside it."""
        assert isinstance(domain_event, Event), "the record takes facts"
        recorded = domain_event.recorded
        assert not isinstance(recorded.fact, Withheld), "what is withheld was recorded once"
        around = pieces(
            recorded.fact,
            stream=recorded.stream,
            book=recorded.book,
            command=recorded.command,
            actor=recorded.actor,
            delegation=recorded.delegation,
            credential=recorded.credential,
            effective=recorded.effective,
            signature=recorded.signature,
        )
        return Unfilled(
            originator_id=recorded.stream,
            originator_version=recorded.version,
            topic=recorded.fact.tag,
            state=around.filled(recorded.at, recorded.index),
            command=recorded.command,
            book=recorded.book,
            pieces=around,
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Event:
        """The event of a stored envelope. Raises as Reader.recorded."""
        return Event(self._reader.recorded(stored_event.topic, stored_event.originator_version, stored_event.state))
