"""Who leads brings the views up to the record: page by page, rows and checkpoint in one transaction.

Projections that have come equally far go together. A command that one of them cannot take is found by halving the page, and
parks that projection before it; the others go on. Nothing is ever passed over, and of no command is half shown.
"""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from itertools import chain, groupby
from operator import attrgetter
from typing import Final, cast

import psycopg
import structlog

from infrastructure.eventlog.sessions import Session
from infrastructure.projections.runner import checkpoints
from infrastructure.projections.runner.checkpoints import Checkpoint, OvertakenError
from infrastructure.projections.runner.projection import Projection, Statement, Step
from infrastructure.projections.runner.streams import Line, Streams

PAGE: Final = 1000
"""Facts in a page, up to the end of a command."""
AT_ONCE: Final = 32
"""Facts for whose rows nobody who asks is kept waiting noticeably."""
TOGETHER: Final = 1 << 14
"""Bytes of parameters that any socket takes at once."""
ITEM: Final = 64
"""Bytes of one value among many, at most."""
TOO_COMPLEX: Final = "54"
"""The class of SQLSTATE that the driver counts among the faults of operation, and that is one of the fact."""
LONGEST: Final = 1000
"""Characters kept of what was wrong."""

_log = structlog.get_logger()


class Leader:
    """For one session, which holds the lock of those who lead."""

    def __init__(self, session: Session, projections: Sequence[Projection], streams: Streams, page: int = PAGE) -> None:
        self._session = session
        self._projections = {projection.name: projection for projection in projections}
        self._streams = streams
        self._page = page
        self._known: list[Checkpoint] = []
        """The checkpoints, as long as nobody else has moved them."""
        self.taken = 0
        """How many commands the last step took."""

    def forget(self) -> None:
        """Read the checkpoints again: somebody may have moved them."""
        self._known = []

    async def step(self) -> bool:
        """Take the projections that are furthest behind a page on. False where that was all that there is for now."""
        known, self._known = self._known or await checkpoints.read(self._session, list(self._projections)), []
        going = [checkpoint for checkpoint in known if not checkpoint.parked]
        if not going:
            return False
        after, most = self._reach(going)
        lines = await self._streams.lines(after, most)
        self.taken = len({line.command for line in lines})
        names = checkpoints.at(going, after)
        if not lines or await self._take([self._projections[name] for name in names], after, lines):
            last = lines[-1].position if lines else after
            self._known = [one._replace(position=last) if one.name in names else one for one in known]
        return len(lines) >= most or not self._known

    def _reach(self, going: Sequence[Checkpoint]) -> tuple[int, int]:
        """After which position to read, and how much: not beyond the next projections, which are then joined."""
        first, *later = sorted({checkpoint.position for checkpoint in going})
        return first, min([self._page, *(position - first for position in later)])

    async def _take(self, group: Sequence[Projection], after: int, lines: Sequence[Line]) -> bool:
        """Whether all of the group have got to the end of the lines."""
        try:
            await self._write(group, after, lines)
        except OvertakenError as overtaken:
            _log.info("projection.overtaken", names=overtaken.args)
            return False
        except Exception as error:
            if _passes(error):
                raise
            return await self._narrow(group, after, lines, error)
        return True

    async def _narrow(self, group: Sequence[Projection], after: int, lines: Sequence[Line], error: Exception) -> bool:
        """Find whom a command stops, and which."""
        if len(group) > 1:
            return all([await self._take([projection], after, lines) for projection in group])
        commands = [list(facts) for _, facts in groupby(lines, key=attrgetter("command"))]
        if len(commands) > 1:
            half = len(commands) // 2
            first, second = list(chain(*commands[:half])), list(chain(*commands[half:]))
            return await self._take(group, after, first) and await self._take(group, first[-1].position, second)
        (projection,), line = group, lines[0]
        said = sentence(error)
        _log.error("projection.parked", name=projection.name, position=line.position, type=line.type, error=said)
        await checkpoints.park(self._session, projection.name, after, line.position, said)
        return False

    async def _write(self, group: Sequence[Projection], after: int, lines: Sequence[Line]) -> None:
        """All that the lines come to, and how far that is, or nothing. Raises OvertakenError."""
        rooms = frozenset[str]().union(*(projection.rooms for projection in group))
        steps = await self._streams.steps(after, lines, rooms)
        # What many facts come to takes seconds where many delegations sit: meanwhile the process does its other work.
        many = len(steps) > AT_ONCE
        statements = await asyncio.to_thread(_statements, group, steps) if many else _statements(group, steps)
        names = [projection.name for projection in group]
        async with self._session.transaction():
            async with self._together(statements):  # within the transaction: around it, each of its own steps is waited for
                for statement in statements:
                    await self._session.execute(statement.query, statement.parameters)
                moved = await checkpoints.move(self._session, names, after, lines[-1].position)
            moved.check()

    def _together(self, statements: Sequence[Statement]) -> AbstractAsyncContextManager[object]:
        """Little goes out in one trip.

        Much does not: of what the socket does not take at once the driver's pipeline may leave a rest unsent, and then waits
        for ever for the answer (psycopg 3.3, `_pipeline_communicate`).
        """
        weight = sum(_weight(parameter) for statement in statements for parameter in statement.parameters)
        return self._session.pipeline() if weight <= TOGETHER else nullcontext()


def _statements(group: Sequence[Projection], steps: Sequence[Step]) -> list[Statement]:
    found: list[Statement] = []
    for projection in group:
        if mine := [step for step in steps if step.room in projection.rooms]:
            found.extend(projection.apply(mine))
    return found


def _weight(parameter: object) -> int:
    """About how many bytes it is on the wire."""
    match parameter:
        case str() | bytes():
            return len(parameter)
        case list():
            return ITEM * len(cast("list[object]", parameter))
        case _:
            return ITEM


def _passes(error: Exception) -> bool:
    """Whether it says nothing against the fact: the database is away, busy, or short of something."""
    if not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return False
    return not (error.sqlstate or "").startswith(TOO_COMPLEX)


def sentence(error: Exception) -> str:
    """What was wrong. Of a refused statement without its DETAIL, and without a traceback: these quote the fact."""
    words = error.diag.message_primary if isinstance(error, psycopg.Error) else str(error)
    return f"{type(error).__name__}: {words}"[:LONGEST]
