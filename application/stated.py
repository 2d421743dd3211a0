"""What the facts of a book come to, in a shape that other programs and later versions of this one can compare: ``accord/state/v1``.

A summary and not the states themselves, whose shape is this program's own: of each stream its room and how many facts it has; of a
text where it stands, on which words, and who stands where on it; of an edition, an agenda, a draft how far it is. Words that can be
erased are no part of it, so that it stays what it was when they are gone.
"""

from typing import Final, Literal

import msgspec
from msgspec import Struct

from application.folds import Folded, State, advance, room_of
from domain.conferences.agenda import Agenda
from domain.conferences.edition import Edition
from domain.drafts.draft import Draft
from domain.identity import DelegationCode, StreamId
from domain.kernel import Fact, Recorded
from domain.prepared.prepared import PreparedAct
from domain.proposals.proposal import Proposal
from domain.record.envelope import instant

FORMAT: Final = "accord/state/v1"

MIXED: Final = "mixed"
"""In place of the room, where facts of several stand in one stream. This program records none such; whoever lies may."""

_encode: Final = msgspec.json.Encoder(order="sorted").encode


class Stood(Struct, frozen=True):
    """What a delegation took last, of the revision that it named."""

    revision: int
    stance: str


class Stated(Struct, frozen=True, omit_defaults=True):
    """A stream, after its last fact."""

    room: str
    facts: int
    number: str | None = None
    status: str | None = None
    revision: int | None = None
    fingerprint: str | None = None
    sponsors: tuple[DelegationCode, ...] = ()
    positions: dict[DelegationCode, Stood] = {}


class StateStated(Struct, frozen=True):
    """A book, after its last fact."""

    at: str
    facts: int
    streams: dict[str, Stated]
    """By their ids."""
    format: Literal["accord/state/v1"] = FORMAT


class Replaying:
    """Facts of one book, taken in one after another, in their order."""

    def __init__(self) -> None:
        self._streams: dict[StreamId, tuple[str, int, Folded | None]] = {}
        self._facts = 0
        self._at = ""

    def next_version(self, stream: StreamId) -> int:
        """A stream lies wholly in one book, so that its facts are counted there."""
        return self._streams[stream][1] + 1 if stream in self._streams else 1

    def take(self, recorded: Recorded[Fact]) -> None:
        """The next fact."""
        room = room_of(recorded.fact)
        before, count, folded = self._streams.get(recorded.stream, (room, 0, None))
        if room == before:
            self._streams[recorded.stream] = (room, count + 1, advance(folded, recorded))
        else:
            self._streams[recorded.stream] = (MIXED, count + 1, None)
        self._facts += 1
        self._at = instant(recorded.at)

    def stated(self) -> bytes:
        """The summary, as JSON in its one spelling."""
        streams = {str(stream): _stated(room, count, folded) for stream, (room, count, folded) in self._streams.items()}
        return _encode(StateStated(self._at, self._facts, streams))


def _stated(room: str, count: int, folded: Folded | None) -> Stated:
    return Stated(room, count) if folded is None else _of(room, count, folded.state)


def _of(room: str, count: int, state: State) -> Stated:
    match state:
        case Proposal():
            return _of_proposal(room, count, state)
        case Edition() | PreparedAct():
            return Stated(room, count, status=state.status.value)
        case Agenda():
            return Stated(room, count, status="closed" if state.closed else "open")
        case Draft():
            return Stated(room, count, status="open" if state.end is None else state.end.value)
        case _:
            return Stated(room, count)


def _of_proposal(room: str, count: int, state: Proposal) -> Stated:
    return Stated(
        room,
        count,
        number=state.number,
        status=state.status,
        revision=state.current.number,
        fingerprint=state.current.fingerprint,
        sponsors=state.sponsors,
        positions={code: Stood(one.revision, one.stance.value) for code, one in state.positions.items()},
    )
