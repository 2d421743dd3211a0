"""Group commit: one task takes what waits to be recorded and hands it to the database in one statement, batch after batch.

Half of what waits goes at a time, so that commands are encoded and answered while the other half is flushed to disk.
Batches go over one session, one after another: the order in which commands were handed in is the order in which they are
decided. No wait is added: with nobody else waiting, a command goes alone and at once.

A lost connection leaves open whether the batch was recorded. So the same batch goes again, under the same keys, until the
database answers: what had been recorded is found by its key and answers as it would have, what had not been is decided
now, and should the lost statement still run after all, it finds the keys taken or is as stale, and records nothing.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from types import TracebackType
from typing import Final, NamedTuple, Self

import psycopg
import structlog
from psycopg import AsyncCursor
from psycopg.rows import TupleRow

from application.ports import Busy, Late, Receipt, Stale
from infrastructure.eventlog.batch import APPEND, Answer, Encoded, Outcome, outcomes, parameters
from infrastructure.eventlog.sessions import Session

MOST: Final = 64
"""Commands in a batch."""
ROOM: Final = 1024
"""Commands that may wait; more are refused."""
PATIENCE: Final = timedelta(seconds=10)
"""How long a batch waits for the database to come back."""

CLOCK_JUMPED: Final = "AC001"
PASSING: Final = frozenset({"08", "25", "40", "53", "55", "57", "58"})
"""The classes of SQLSTATE that say nothing against the batch: no connection, a standby, a deadlock, no room, a lock, a
shutdown, a disk."""

_log = structlog.get_logger()


class ClockJumped(Busy):
    """The record reaches more than a minute past its clock. Nothing is recorded until somebody sets the clock right."""


class _Waiting(NamedTuple):
    command: Encoded
    answer: asyncio.Future[Outcome | Exception]

    def tell(self, outcome: Outcome | Exception) -> None:
        """Answer the caller, unless he has left."""
        if not self.answer.done():
            self.answer.set_result(outcome)


class Writer:
    """Owns the queue, and the one session that appends. For the tasks of one event loop."""

    def __init__(self, connect: Callable[[], Awaitable[Session]], *, room: int = ROOM, patience: timedelta = PATIENCE) -> None:
        self._connect = connect
        self._room = room
        self._patience = patience.total_seconds()
        self._queue: deque[_Waiting] = deque()
        self._answered = 0
        self._wake = asyncio.Event()
        self._open = False
        self._cursor: AsyncCursor[TupleRow] | None = None
        """Of the session that appends. One for all batches: it remembers how the statement's values go over."""

    async def __aenter__(self) -> Self:
        self._open = True
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Answer all that waits, then stop."""
        self._open = False
        self._wake.set()
        await self._task
        await self._leave()

    async def append(self, command: Encoded) -> Receipt | Stale | Late:
        """Record a command durably, or say why not. Cancelled while it waits, it is not recorded.

        Raises Busy, KeyReused, BackwardsError, RevokedError.
        """
        if not self._open:
            raise Busy("the log is closed")
        if len(self._queue) >= self._room:
            raise Busy(f"{self._room} commands wait to be recorded, and no more may")
        answer: asyncio.Future[Outcome | Exception] = asyncio.get_running_loop().create_future()
        self._queue.append(_Waiting(command, answer))
        self._wake.set()
        outcome = await answer
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def _run(self) -> None:
        while self._open or self._queue:
            if not self._queue:
                await self._wake.wait()
                self._wake.clear()
            elif batch := self._next():
                await self._record(batch)

    def _next(self) -> list[_Waiting]:
        """Half of those who wait or were just answered, who are the next to come; without those who have left."""
        half = (self._answered + len(self._queue)) // 2
        taken = [self._queue.popleft() for _ in range(min(len(self._queue), max(1, min(MOST, half))))]
        self._answered = len(taken)
        return [waiting for waiting in taken if not waiting.answer.done()]

    async def _record(self, batch: Sequence[_Waiting]) -> None:
        """Answer each of the batch, whatever happens."""
        try:
            answers = await self._patiently([waiting.command for waiting in batch])
        except Busy as busy:
            for waiting in (*batch, *self._queue):
                waiting.tell(type(busy)(*busy.args))
            self._queue.clear()
        except Exception as fault:  # noqa: BLE001  a fault of one command is told to its caller and stops nobody else
            await self._isolate(batch, fault)
        else:
            for waiting, answer in zip(batch, answers, strict=True):
                waiting.tell(answer)

    async def _isolate(self, batch: Sequence[_Waiting], fault: Exception) -> None:
        """The database refused the batch as a whole: hand its commands in one by one."""
        if len(batch) > 1:
            for waiting in batch:
                await self._record([waiting])
        else:
            batch[0].tell(fault)

    async def _patiently(self, batch: Sequence[Encoded]) -> list[Outcome]:
        """The outcomes, as soon as the database answers. Raises Busy when patience runs out, ClockJumped at once."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._patience
        pause = 0.05
        while True:
            try:
                return await self._append(batch)
            except psycopg.Error as error:
                if error.sqlstate == CLOCK_JUMPED:
                    _log.critical("record.clock-jumped", error=str(error))
                    raise ClockJumped(str(error)) from error
                if not _passes(error):
                    raise
                await self._leave()
                _log.warning("record.unavailable", error=str(error))
                if loop.time() + pause > deadline:
                    raise Busy(f"the database did not answer: {error}") from error
            await asyncio.sleep(pause)
            pause = min(2 * pause, 1)

    async def _append(self, batch: Sequence[Encoded]) -> list[Outcome]:
        if self._cursor is None:
            self._cursor = (await self._connect()).cursor(binary=True)
        await self._cursor.execute(APPEND, parameters(batch), prepare=True)
        answer = await self._cursor.fetchone()
        assert answer is not None, "append answers with a row"
        return list(outcomes(batch, Answer._make(answer)))

    async def _leave(self) -> None:
        cursor, self._cursor = self._cursor, None
        if cursor is not None:
            await cursor.connection.close()


def _passes(error: psycopg.Error) -> bool:
    """Whether the same batch may well be recorded a little later."""
    if error.sqlstate is None:
        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    return error.sqlstate[:2] in PASSING
