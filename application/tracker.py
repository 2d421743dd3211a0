"""The one door to the record: load, decide, append.

A decision is made on what this process remembers and recorded only if nothing that it relied on has moved on; else the memory
is caught up with the record, and it is made again, up to five times. A refusal is given only on what the record says now.
Commands on one stream from one process are decided one after another, each on the state that includes those before it.
"""

from asyncio import Lock
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final
from weakref import WeakValueDictionary

from msgspec import Struct

from application.clock import RecordClock
from application.desk import ChangedError, Desk, MovedOnError, NotThereError
from application.directory import Directory
from application.follower import Follower
from application.ids import Ids
from application.memory import Memory, read_anew
from application.ports import Busy, EventLog, Late, Receipt, Stale, Submission
from domain.identity import CommandId, PersonId, StreamId
from domain.kernel import Erasing, Fact, Recorded, Refusal
from domain.record.cosignature import Check

ATTEMPTS: Final = 5

Act = Callable[[Desk], Awaitable[None]]
"""Reads at the desk what it needs, decides, and writes what is to be recorded; or refuses."""


class Task(Struct, frozen=True):
    """An act, and the stream on which acts are decided one after another."""

    turn: StreamId
    act: Act


class Request(Struct, frozen=True):
    """Who asks, and how a repetition of the same request is known."""

    person: PersonId | None
    """None for the public, and where time alone acts."""
    is_reaction: bool = False
    """Whether time alone acts: a reaction reads whatever it needs."""
    token: bytes | None = None
    """SHA-256 of the person's token: nothing is recorded once it is revoked or has expired."""
    key: bytes | None = None
    digest: bytes | None = None
    told: datetime | None = None
    """The record's time, told by a demonstration."""
    effective: datetime | None = None
    if_match: frozenset[str] | None = None
    """The entity tags of the states that a write is meant for."""


class Tracker:
    """Owned by one event loop."""

    def __init__(
        self,
        log: EventLog,
        memory: Memory,
        follower: Follower,
        directory: Directory,
        clock: RecordClock,
        ids: Ids,
        check: Check,
    ) -> None:
        self._log = log
        self._memory = memory
        self._follower = follower
        self.directory = directory
        self.clock = clock
        self.ids = ids
        self._check = check
        self._turns: WeakValueDictionary[StreamId, Lock] = WeakValueDictionary()

    async def execute(self, task: Task, request: Request) -> Receipt:
        """Decide and record. Raises a Refusal, NotThereError, ChangedError, RevokedError, KeyReused or Busy."""
        lock = self._turns.setdefault(task.turn, Lock())
        async with lock:
            receipt = await self._attempts(task.act, request)
        if receipt.repeated:
            # Perhaps another process recorded it just now, and what its author may read of it is not known here yet.
            await self._catch_up()
        return receipt

    async def _attempts(self, act: Act, request: Request) -> Receipt:
        now = request.told or self.clock.now()
        fresh = False
        for _ in range(ATTEMPTS):
            if fresh:
                await self._catch_up()
                now = request.told or self.clock.now()
            desk = self._desk(request, now, fresh=fresh)
            try:
                await act(desk)
            except MovedOnError:
                fresh = True
                continue
            except (Refusal, NotThereError, ChangedError) as answer:
                if not isinstance(answer, NotThereError) and (receipt := await self._known(request)):
                    return receipt
                if fresh:
                    raise
                fresh = True
                continue
            match await self._append(desk, request):
                case Receipt() as receipt:
                    return receipt
                case Late(now=reading):
                    self.clock.set(reading)
                    now = request.told or reading
                case Stale():
                    fresh = True
        raise Busy

    async def _catch_up(self) -> None:
        """Know all that is recorded by now, and the time on the record's clock."""
        self.clock.heard((await self._follower.catch_up()).at)

    def _desk(self, request: Request, now: datetime, *, fresh: bool) -> Desk:
        return Desk(
            log=self._log,
            memory=self._memory,
            directory=self.directory,
            ids=self.ids,
            check=self._check,
            person=request.person,
            is_reaction=request.is_reaction,
            now=now,
            fresh=fresh,
            if_match=request.if_match,
        )

    async def _known(self, request: Request) -> Receipt | None:
        if request.key is None or request.digest is None:
            return None
        return await self._log.known(request.key, request.digest)

    async def _append(self, desk: Desk, request: Request) -> Receipt | Stale | Late:
        submission = Submission(
            command=CommandId(self.ids.new()),
            entries=tuple(desk.entries),
            expected=tuple(desk.expected.items()),
            since=desk.now,
            until=desk.until,
            actor=desk.person.id,
            delegation=desk.acting.delegation if desk.acting else None,
            credential=desk.acting.credential if desk.acting else None,
            effective=desk.effective or request.effective,
            told=request.told,
            key=request.key,
            request=request.digest,
            token=request.token,
        )
        answer = await self._log.append(submission)
        if isinstance(answer, Receipt) and not answer.repeated:
            await self._remember(submission, answer)
        return answer

    async def _remember(self, submission: Submission, receipt: Receipt) -> None:
        """Apply what was just recorded, without waiting for the feed to bring it; words that went are gone here, too."""
        versions = dict(submission.expected)
        if submission.told is None:
            self.clock.heard(max(mark.at for mark in receipt.marks))
        facts = recorded_as(submission, receipt, versions)
        for recorded in facts:
            self._memory.advance(recorded)
        for recorded in facts:
            if isinstance(recorded.fact, Erasing):
                with suppress(Busy):  # it was recorded; the feed brings it
                    await read_anew(self._log, self._memory, recorded.stream, {recorded.book})


def recorded_as(submission: Submission, receipt: Receipt, versions: dict[StreamId, int]) -> Sequence[Recorded[Fact]]:
    """The facts of a submission as the record now keeps them."""
    recorded: list[Recorded[Fact]] = []
    for entry, mark in zip(submission.entries, receipt.marks, strict=True):
        versions[entry.stream] = versions.get(entry.stream, 0) + 1
        recorded.append(
            Recorded(
                fact=entry.fact,
                stream=entry.stream,
                version=versions[entry.stream],
                book=entry.book,
                index=mark.index,
                at=mark.at,
                command=submission.command,
                actor=None if entry.by_all else submission.actor,
                delegation=None if entry.by_all else submission.delegation,
                credential=None if entry.by_all else submission.credential,
                effective=submission.effective,
                signature=entry.signature,
            )
        )
    return recorded
