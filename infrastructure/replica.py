"""A streaming replica, asked in place of the primary for what it holds already. For all else the primary answers.

No answer of it is behind. Whoever asks names a position that the answer must hold, which the primary gave them: that of the
record's horizon, taken after all that the reader has seen, and for a list one that the view has reached. Then

1. A replica replays the commits of the primary in their order, and shows a transaction whole or not at all. So a snapshot of
   it is a state that the primary went through.
2. A view's rows are written in one transaction with its checkpoint, or before it where tables change places, and facts in one
   with the head. So a state whose checkpoint (or head) has reached a position holds all that comes before.
3. Checkpoints and the head only grow, and replay only goes forward. How far they are is read first and the question asked
   then, on one session: whatever the first snapshot had reached, the second has. Not both in one snapshot: names are looked
   up as of now, and it would see tables that changed places meanwhile without their last rows.
4. An answer before which too little was reached is thrown away. One that knows more is what the primary would say a moment
   later; and a list is settled at the horizon's instant, and shows nothing of what came after.

So a deadline shows on a replica what it shows on the primary: a slower objection lies within the horizon. Who may read what is
not asked here; the books come from memory, and tokens from the primary. Its clock is never asked either.

That it is a replica of this record is looked at with each session, and that it still follows after each answer. What it
follows is not looked at again: whoever fails over has to end the old primary, else there are two records.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from types import TracebackType
from typing import Final, Self, TypeVar

import psycopg
import structlog
from psycopg.rows import TupleRow

from infrastructure.eventlog import sessions
from infrastructure.eventlog.sessions import Session

T = TypeVar("T")

Question = Callable[[Session], Awaitable[T]]
"""Asks, on a session in pipeline mode."""

RECORD: Final = "record"
"""In place of a view's name: the record itself."""
MOST: Final = 8
"""Sessions at a time."""
PATIENCE: Final = 2.0
"""Seconds for which the replica is waited for."""
BEHIND: Final = 0.05
"""Seconds until a replica that was behind is looked at again."""
AWAY: Final = 1.0
"""The same where it did not answer."""

PLACES: Final = "SELECT name, position, position + lag FROM views.progress()"
FOLLOWS: Final = "SELECT pg_is_in_recovery()"
FACT: Final = "SELECT envelope FROM record.feed(%s, 1)"

_log = structlog.get_logger()


class NotAReplicaError(Exception):
    """It could give an answer that the primary never would."""


FAILURES: Final = (psycopg.Error, OSError, TimeoutError, NotAReplicaError)
"""After any of them the primary is asked, which says so if the question itself was at fault."""


class Replica:
    """For the tasks of one event loop, as the app.

    One that was behind or away is not asked, and nobody waits for it: while there are questions, one task looks at it again.
    """

    def __init__(self, url: str, primary: str, *, patience: float = PATIENCE) -> None:
        self._url = url
        self._primary = primary
        self._patience = patience
        self._room = asyncio.Semaphore(MOST)
        self._idle: list[Session] = []
        self._owed: dict[str, int] = {}
        """What it lacked when it was asked last: it is not asked again before it has that."""
        self._tasks: set[asyncio.Task[object]] = set()
        self._looking = False
        self._away = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        while self._idle:
            await self._idle.pop().close()

    async def ask(self, question: Question[T], name: str, position: int) -> T | None:
        """The answer, if the view of that name (or RECORD) has reached the position; else None, without an error."""
        if name not in self._owed:
            try:
                answer, places = await self._exchange(question)
            except FAILURES as error:
                self._left(error)
            else:
                if places.get(name, 0) >= position:
                    return answer
            self._owed[name] = position
        if not self._looking:
            self._looking = True
            self._beside(self._look())
        return None

    async def _look(self) -> None:
        try:
            _, places = await self._exchange(_nothing)
        except FAILURES as error:
            self._left(error)
        else:
            self._owed = {name: position for name, position in self._owed.items() if places.get(name, 0) < position}
        await asyncio.sleep(AWAY if self._away else BEHIND)
        self._looking = False

    async def _exchange(self, question: Question[T]) -> tuple[T, Mapping[str, int]]:
        """The answer, and what it holds of each view and of the record. Raises as FAILURES, at the latest when patience ends.

        The task is left to itself then: to call a statement off takes as long as the other end takes to answer.
        """
        task = self._beside(self._asked(question))
        try:
            await asyncio.wait({task}, timeout=self._patience)
        finally:
            task.cancel()
        if not task.done():
            raise TimeoutError(f"nothing came within {self._patience} s")
        found = task.result()
        self._away = False
        return found

    async def _asked(self, question: Question[T]) -> tuple[T, Mapping[str, int]]:
        async with self._room:
            session = self._idle.pop() if self._idle else await self._connect()
            try:
                async with session.pipeline():
                    cursor = await session.execute(PLACES)
                    answer = await question(session)
                    follows = await session.execute(FOLLOWS)
                    places = _places(await cursor.fetchall())
                    _check_follows(await follows.fetchall())
            except BaseException:
                await session.close()
                raise
            self._idle.append(session)
            return answer, places

    async def _connect(self) -> Session:
        session = await sessions.connect(self._url)
        try:
            await self._prove(session)
        except BaseException:
            await session.close()
            raise
        return session

    async def _prove(self, session: Session) -> None:
        """Its last fact stands in our record, at the same place: so do all before it. The salt in an envelope is random.

        It is not so in another database, and where our record was restored to a time before that fact.
        """
        _check_follows(await (await session.execute(FOLLOWS)).fetchall())
        last = _places(await (await session.execute(PLACES)).fetchall()).get(RECORD, 0)
        async with await sessions.connect(self._primary) as primary:
            theirs, ours = await _fact(session, last), await _fact(primary, last)
        if theirs is None or theirs != ours:
            raise NotAReplicaError("its record is not this one")

    def _left(self, error: BaseException) -> None:
        if not self._away:
            _log.warning("replica.away", error=str(error))
        self._away = True

    def _beside(self, asked: Coroutine[object, object, T]) -> "asyncio.Task[T]":
        task = asyncio.create_task(asked)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[object]") -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # of a task that was left to itself nobody else asks


async def _nothing(_: Session) -> None:
    """How far it has come is all that is asked."""


def _places(rows: Iterable[TupleRow]) -> Mapping[str, int]:
    places = {RECORD: 0}
    for name, position, end in rows:
        places |= {name: position, RECORD: end}
    return places


def _check_follows(rows: Iterable[TupleRow]) -> None:
    if [*rows] != [(True,)]:
        raise NotAReplicaError("it follows no other server, or not any more")


async def _fact(session: Session, position: int) -> bytes | None:
    row = await (await session.execute(FACT, (position - 1,))).fetchone()
    return None if row is None else bytes(row[0])
