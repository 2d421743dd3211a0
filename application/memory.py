"""What a process remembers of the record: streams, folded.

Owned by one event loop. Two hands advance it, the follower of the feed and the tracker that has just recorded something;
each fact is applied once, by its version. What the forum consists of (its delegations, people, books, editions, agendas)
is kept whole; texts are kept as long as there is room and are read again when needed.

The second wall: a stream is filed under its book, and a lookup finds nothing outside the books that it is handed.
"""

from collections import OrderedDict
from collections.abc import Iterator, Set
from datetime import datetime
from typing import Final, TypeVar

from msgspec import Struct

from application.folds import Folded, State, advance, fold, room_of
from application.ports import EventLog
from domain.conferences.agenda import Agenda
from domain.forum.events import ForumFounded
from domain.identity import AgreementId, BookId, DelegationCode, ForumId, PersonId, StreamId
from domain.kernel import Erasing, Fact, Recorded
from domain.proposals.events import (
    AdoptionSetAside,
    PositionConfirmed,
    PositionDeclined,
    PositionFellAway,
    PositionTaken,
    ProposalWithdrawn,
    SilenceBroken,
    SilenceCancelled,
    SilenceEnded,
    SilenceExtended,
    SilenceOpened,
)

TEXTS: Final = frozenset({"draft", "prepared", "proposal"})
"""The rooms whose streams come and go; those of all others stay. Releases do, too: they are few, and are listed from here."""

TELL_NOTHING: Final = frozenset({"delegation", "epoch", "erasure", "release", "slot"})
"""The rooms of which nothing tells who may read what."""

S = TypeVar("S", bound=State)


class Silence(Struct, frozen=True):
    """When it ends, and the agreement that it then brings."""

    deadline: datetime
    agreement: AgreementId


class Memory:
    """Streams by id; of texts the most recently used ``capacity``."""

    def __init__(self, capacity: int = 10_000) -> None:
        self.forum_id: ForumId | None = None
        self.generation = 0
        """Grows whenever the forum itself changed: what was derived from it is derived again."""
        self._capacity = capacity
        self._lasting: dict[StreamId, Folded] = {}
        self._texts: OrderedDict[StreamId, Folded] = OrderedDict()
        self.silences: dict[StreamId, Silence] = {}
        """The silences that nobody has written down the end of; for what time does to them, never for showing."""
        self.pending: dict[tuple[StreamId, DelegationCode], datetime] = {}
        """When the positions are due that are neither confirmed nor known to have fallen away; for the same."""

    def advance(self, recorded: Recorded[Fact]) -> None:
        """Apply a fact, if it is the next of its stream; else it was applied already, or the stream is not kept.

        One by which words went is not applied, since the words would stay: whoever hears of it has the stream ``read_anew``.
        """
        self._note_silence(recorded.stream, recorded.fact)
        self._note_pending(recorded.stream, recorded.fact)
        if isinstance(recorded.fact, Erasing):
            return
        held = self._lasting.get(recorded.stream) or self._texts.get(recorded.stream)
        if recorded.version != (held.version if held else 0) + 1:
            return
        if isinstance(recorded.fact, ForumFounded):
            self.forum_id = ForumId(recorded.stream)
        if (folded := advance(held, recorded)) is not None:
            self._keep(recorded.stream, folded, room_of(recorded.fact))

    def keep(self, stream: StreamId, folded: Folded, room: str) -> None:
        """File a stream that was read, unless more of it is known already."""
        held = self._lasting.get(stream) or self._texts.get(stream)
        if held is None or held.version < folded.version:
            self._keep(stream, folded, room)

    def replace(self, stream: StreamId, folded: Folded, room: str) -> None:
        """File a stream that was read from its beginning, in place of what was remembered: that may hold words that are gone."""
        held = self._lasting.get(stream) or self._texts.get(stream)
        if held is None or held.version <= folded.version:
            self._keep(stream, folded, room)

    def find(self, stream: StreamId, books: Set[BookId]) -> Folded | None:
        """The stream, if it is remembered and lies in one of the books."""
        held = self._lasting.get(stream)
        if held is None and (held := self._texts.get(stream)) is not None:
            self._texts.move_to_end(stream)
        return held if held is not None and held.book in books else None

    def lasting(self, stream: StreamId) -> Folded | None:
        """Something that the forum consists of. For deciding who may read what, and for filing, never for showing."""
        return self._lasting.get(stream)

    def everything(self, kind: type[S]) -> Iterator[tuple[StreamId, Folded, S]]:
        """All of one kind that the forum consists of. For deciding who may read what, never for showing."""
        for stream, folded in self._lasting.items():
            if isinstance(folded.state, kind):
                yield stream, folded, folded.state

    def _keep(self, stream: StreamId, folded: Folded, room: str) -> None:
        if room not in TEXTS:
            before = self._lasting.get(stream)
            self._lasting[stream] = folded
            if _may_let_read(room, before, folded):
                self.generation += 1
            return
        self._texts[stream] = folded
        self._texts.move_to_end(stream)
        if len(self._texts) > self._capacity:
            self._texts.popitem(last=False)

    def _note_silence(self, stream: StreamId, fact: Fact) -> None:
        """By the fact alone: the text may be out of mind, and a late objection finds the silence settled, but not written down."""
        match fact:
            case SilenceOpened(deadline=deadline, agreement=agreement):
                self.silences[stream] = Silence(deadline, agreement)
            case SilenceExtended(deadline=deadline) if stream in self.silences:
                self.silences[stream] = Silence(deadline, self.silences[stream].agreement)
            case SilenceBroken() | SilenceCancelled() | SilenceEnded() | ProposalWithdrawn() | AdoptionSetAside():
                self.silences.pop(stream, None)
            case _:
                pass

    def _note_pending(self, stream: StreamId, fact: Fact) -> None:
        match fact:
            case PositionTaken(delegation=delegation, due=datetime() as due):
                self.pending[stream, delegation] = due
            case (
                PositionTaken(delegation=delegation)
                | PositionConfirmed(delegation=delegation)
                | PositionDeclined(delegation=delegation)
                | PositionFellAway(delegation=delegation)
            ):
                self.pending.pop((stream, delegation), None)
            case _:
                pass


async def read(log: EventLog, memory: Memory, stream: StreamId, books: Set[BookId]) -> Folded | None:
    """A stream as the record has it by now, and as it is remembered from then on. Raises Busy."""
    held = memory.find(stream, books)
    facts = await log.stream(stream, after=held.version if held else 0, books=books)
    if held is not None and any(isinstance(recorded.fact, Erasing) for recorded in facts):
        return await read_anew(log, memory, stream, books)
    if facts and (folded := fold(facts, held)) is not None:
        memory.keep(stream, folded, room_of(facts[0].fact))
        return folded
    return held


async def read_anew(log: EventLog, memory: Memory, stream: StreamId, books: Set[BookId]) -> Folded | None:
    """A stream from its beginning, since words of it are gone: so are they from memory. Raises Busy."""
    facts = await log.stream(stream, books=books)
    if facts and (folded := fold(facts)) is not None:
        memory.replace(stream, folded, room_of(facts[0].fact))
        return folded
    return None


def _may_let_read(room: str, before: Folded | None, after: Folded) -> bool:
    """Whether what the forum consists of changed: of an agenda nothing but its chair does that."""
    return room not in TELL_NOTHING and (room != "agenda" or _chair(before) != _chair(after))


def _chair(folded: Folded | None) -> PersonId | None:
    return folded.state.chair if folded is not None and isinstance(folded.state, Agenda) else None
