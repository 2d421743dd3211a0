"""What the clients asked, and what they were told first: in memory for the verdict, in a file for whoever looks into a failure."""

import re
from asyncio import Condition
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BufferedWriter
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct

INVITATION: Final = re.compile(rb'"invitation":(?:null|"[^"]*")')


class Asked(Struct, frozen=True):
    """A command, as it is repeated under its key until it is answered."""

    key: str
    role: str
    path: str
    body: Any = None


class Told(Struct, frozen=True):
    """An answer."""

    status: int
    content: bytes

    @property
    def accepted(self) -> bool:
        return self.status == 201

    def lasting(self) -> "Told":
        """Without what is shown once."""
        return Told(self.status, INVITATION.sub(b'"invitation":null', self.content))


class Fact(Struct, frozen=True):
    """As an answer names it."""

    type: str
    stream: UUID
    book: UUID
    index: int
    at: datetime


class Recorded(Struct, frozen=True):
    """What an accepted command came to."""

    id: UUID
    command: UUID
    position: str
    facts: tuple[Fact, ...]


class _Invited(Struct, frozen=True, forbid_unknown_fields=True):
    recorded: Recorded
    invitation: str | None


def recorded(told: Told) -> Recorded:
    if INVITATION.search(told.content):
        return msgspec.json.decode(told.content, type=_Invited).recorded
    return msgspec.json.decode(told.content, type=Recorded)


@dataclass
class Line:
    """A command, and its first answer."""

    kill: int
    asked: Asked
    told: Told | None = None
    place: int = 0
    """Of the answer, among all."""


class Journal:
    """Owned by one event loop."""

    def __init__(self, file: BufferedWriter) -> None:
        self._file = file
        self._moved = Condition()
        self.lines: dict[str, Line] = {}
        self.answered = 0

    def ask(self, kill: int, asked: Asked) -> Line:
        assert asked.key not in self.lines, "a key is for one command"
        self._write({"kill": kill, "asked": asked})
        line = self.lines[asked.key] = Line(kill, asked)
        return line

    async def tell(self, line: Line, told: Told) -> None:
        assert line.told is None, "the first answer"
        self._write({"key": line.asked.key, "status": told.status, "content": told.content.decode()})
        async with self._moved:
            self.answered += 1
            line.told, line.place = told, self.answered
            self._moved.notify_all()

    async def more(self, count: int) -> None:
        """Wait until so many more are answered."""
        aim = self.answered + count
        async with self._moved:
            await self._moved.wait_for(lambda: self.answered >= aim)

    def accepted(self, kill: int | None = None) -> Iterable[tuple[Asked, Told]]:
        """The commands of all kills, or of one, that were accepted."""
        for line in self.lines.values():
            if line.told is not None and line.told.accepted and kill in {None, line.kill}:
                yield line.asked, line.told

    def unanswered(self, answered: int, at: datetime) -> int:
        """How many were recorded before that instant that were not among the first so many answers."""
        late = (line.told for line in self.lines.values() if line.told and line.told.accepted and line.place > answered)
        return sum(recorded(told).facts[0].at < at for told in late)

    def refused(self) -> Iterable[Asked]:
        return (line.asked for line in self.lines.values() if line.told is not None and not line.told.accepted)

    def _write(self, what: Mapping[str, object]) -> None:
        self._file.write(msgspec.json.encode(what) + b"\n")
        self._file.flush()
