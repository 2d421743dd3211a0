"""From an envelope to a recorded fact and back."""

from datetime import UTC, datetime
from typing import ClassVar

import msgspec
import pytest

from domain.identity import BookId, CommandId, StreamId
from domain.kernel import Fact, Recorded
from domain.record.envelope import pieces
from infrastructure.eventlog.mapper import EnvelopeMapper, Event, Reader, UnknownFactError
from infrastructure.eventlog.upcast import Data, UnknownShapeError
from tests.infrastructure.eventlog.scene import NOON, READER, Answered, Spoken, book, fresh, someone, stream


class Held(Fact, frozen=True):
    """The present shape; at first it had a title."""

    tag: ClassVar[str] = "test.held"
    version: ClassVar[int] = 2

    name: str
    opens: datetime | None = None


class FirstHeld(Fact, frozen=True):
    tag: ClassVar[str] = "test.held"

    title: str


class LaterHeld(Fact, frozen=True):
    tag: ClassVar[str] = "test.held"
    version: ClassVar[int] = 3


def renamed(data: Data) -> Data:
    return {"name": data["title"], "opens": "2024-11-24T12:00:00Z"}


HELD = Reader({"test.held": Held}, {("test.held", 1): renamed})


def envelope_of(fact: Fact) -> bytes:
    return pieces(fact, stream=stream(), book=book(), command=CommandId(fresh())).filled(NOON, 0)


def recorded(fact: Fact) -> Recorded[Fact]:
    return Recorded(fact, stream(), 4, book(), 7, NOON, CommandId(fresh()), *someone().names(), "signed")


@pytest.mark.parametrize("fact", [Spoken("言葉", 2**53), Answered(), Answered(NOON)])
def test_what_was_recorded_is_read_back(fact: Fact) -> None:
    event = Event(recorded(fact))
    mapper = EnvelopeMapper(READER)
    stored = mapper.to_stored_event(event)
    assert (stored.originator_id, stored.originator_version, stored.topic) == (event.recorded.stream, 4, fact.tag)
    assert mapper.to_domain_event(stored) == event


def test_time_alone_has_no_actor_and_happens_when_it_is_recorded() -> None:
    into, of, command = BookId(fresh()), StreamId(fresh()), CommandId(fresh())
    envelope = pieces(Spoken(""), stream=of, book=into, command=command).filled(datetime(1, 2, 3, tzinfo=UTC), 0)
    read = READER.recorded("test.spoken", 1, envelope)
    assert read == Recorded(Spoken(""), of, 1, into, 0, datetime(1, 2, 3, tzinfo=UTC), command)
    assert read.happened == read.at


def test_an_old_shape_is_read_in_the_present_one() -> None:
    assert HELD.recorded("test.held", 1, envelope_of(FirstHeld("Summit"))).fact == Held("Summit", NOON)
    assert HELD.recorded("test.held", 1, envelope_of(Held("Summit"))).fact == Held("Summit")


def test_what_a_later_program_stored_is_not_guessed_at() -> None:
    with pytest.raises(UnknownShapeError):
        HELD.recorded("test.held", 1, envelope_of(LaterHeld()))
    with pytest.raises(UnknownFactError, match=r"test\.spoken is no fact that this program knows"):
        HELD.recorded("test.spoken", 1, envelope_of(Spoken("")))


def test_data_of_another_shape_is_an_error_and_not_a_fact() -> None:
    with pytest.raises(msgspec.ValidationError):
        Reader({"test.spoken": Answered}, {}).recorded("test.spoken", 1, envelope_of(Spoken("")))
