"""Facts in order, each with its stream folded up to it.

Streams that were used lately are remembered; any other is folded from the record when a fact of it comes. A remembered
stream is used only if it stands just before that fact, so that nothing has to be forgotten when a page is tried again.
"""

from collections import OrderedDict
from collections.abc import Sequence, Set
from datetime import datetime
from typing import Final, LiteralString, NamedTuple
from uuid import UUID

from application.folds import advance, room_of
from application.views.proposals import last_change
from domain.kernel import Erasing, Fact, Recorded
from domain.proposals.proposal import Proposal
from infrastructure.eventlog.facts import FACTS
from infrastructure.eventlog.mapper import Reader
from infrastructure.eventlog.sessions import Session
from infrastructure.projections.runner.house import TYPES, House, evolve_house
from infrastructure.projections.runner.projection import Followed, Step

# Positions have no gap, and the facts of a command stand together: the page ends with the command at its last position.
LINES: Final = """
    WITH cut AS (
        SELECT position, command
          FROM record.facts
         WHERE position = %b::bigint + %b::bigint
    ),
    next AS (
        SELECT f.position
          FROM record.facts AS f, cut
         WHERE f.position > cut.position
           AND f.command <> cut.command
         ORDER BY f.position
         LIMIT 1
    )
    SELECT position, command, stream, version, type, envelope
      FROM record.facts
     WHERE position > %b
       AND position < coalesce((SELECT position FROM next), 9223372036854775807)
     ORDER BY position
"""
BEFORE: Final = """
    SELECT type, version, envelope
      FROM record.facts
     WHERE stream = ANY(%b)
       AND position <= %b
     ORDER BY stream, version
"""
# The condition is the index's own, word for word, so that the planner knows it again.
HOUSE: Final = """
    SELECT type, version, envelope
      FROM record.facts
     WHERE type IN ('forum.founded', 'format.defined')
       AND position <= %b
     ORDER BY position
"""


ERASING: Final = frozenset(tag for tag, fact in FACTS.items() if issubclass(fact, Erasing))
"""After any of these a stream is read anew."""


class Line(NamedTuple):
    """A fact as it is stored."""

    position: int
    command: UUID
    stream: UUID
    version: int
    type: str
    envelope: bytes

    @property
    def room(self) -> str:
        """Whose fact it is."""
        return self.type.partition(".")[0]


class Streams:
    """Owned by the runner, for one session. Remembers at most ``capacity`` streams between pages."""

    def __init__(self, session: Session, reader: Reader, capacity: int) -> None:
        self._session = session
        self._reader = reader
        self._capacity = capacity
        self._known: OrderedDict[UUID, Followed] = OrderedDict()
        self._house = (0, House())

    async def lines(self, after: int, most: int) -> list[Line]:
        """So many facts above a position, as they are stored, and the rest of the last command."""
        cursor = await self._session.execute(LINES, (after, most, after), prepare=True, binary=True)
        return [Line(*row) for row in await cursor.fetchall()]

    async def steps(self, after: int, lines: Sequence[Line], rooms: Set[str]) -> list[Step]:
        """The facts of these rooms among the lines, which follow that position. Raises as Reader.recorded."""
        house = await self._house_at(after)
        wanted = [line for line in lines if line.room in rooms]
        await self._catch_up(after, wanted)
        steps: list[Step] = []
        for line in lines:
            if line.room in rooms or line.type in TYPES:
                recorded = self._reader.recorded(line.type, line.version, line.envelope)
                house = evolve_house(house, recorded.fact)
                if line.room in rooms:
                    steps.append(self._step(recorded, house))
        self._house = (lines[-1].position, house)
        self._forget()
        return steps

    async def _house_at(self, position: int) -> House:
        if self._house[0] != position:
            house = House()
            for recorded in await self._read(HOUSE, position):
                house = evolve_house(house, recorded.fact)
            self._house = (position, house)
        return self._house[1]

    async def _catch_up(self, after: int, lines: Sequence[Line]) -> None:
        """Have every stream of the lines stand just before its first fact among them; without words that are gone."""
        first: dict[UUID, int] = {}
        for line in lines:
            first.setdefault(line.stream, line.version)
        erased = {line.stream for line in lines if line.type in ERASING}
        behind = [s for s, version in first.items() if s in erased or self._version(s) != version - 1]
        for stream in behind:
            self._known.pop(stream, None)
        if missing := [stream for stream in behind if first[stream] > 1]:
            for recorded in await self._read(BEFORE, missing, after):
                self._follow(recorded)

    def _version(self, stream: UUID) -> int:
        known = self._known.get(stream)
        return known.folded.version if known else 0

    def _step(self, recorded: Recorded[Fact], house: House) -> Step:
        before = self._known.get(recorded.stream)
        return Step(recorded, before, self._follow(recorded), house)

    def _follow(self, recorded: Recorded[Fact]) -> Followed:
        followed = self._known[recorded.stream] = follow(self._known.get(recorded.stream), recorded)
        self._known.move_to_end(recorded.stream)
        return followed

    async def _read(self, query: LiteralString, *parameters: object) -> list[Recorded[Fact]]:
        cursor = await self._session.execute(query, parameters, prepare=True, binary=True)
        return [self._reader.recorded(*row) for row in await cursor.fetchall()]

    def _forget(self) -> None:
        while len(self._known) > self._capacity:
            self._known.popitem(last=False)


def follow(known: Followed | None, recorded: Recorded[Fact]) -> Followed:
    """The stream after its next fact."""
    folded = advance(known.folded if known else None, recorded)
    assert folded is not None, f"{recorded.fact.tag} begins no {room_of(recorded.fact)}"
    begun = known.begun if known else recorded.at
    return Followed(folded, begun, recorded.at, _happened(known, recorded))


def _happened(known: Followed | None, recorded: Recorded[Fact]) -> datetime:
    """What time alone did before the fact has happened, too: it counts where the fact is said to be older."""
    if known is None:
        return recorded.happened
    match known.folded.state:
        case Proposal() as proposal if recorded.effective is not None:
            passed = last_change(proposal, known.at, recorded.at)
            return max(known.happened, recorded.happened, *([] if passed is None else [passed]))
        case _:
            return max(known.happened, recorded.happened)
