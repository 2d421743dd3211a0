"""The record itself, without HTTP: appending, reading all of it, loading a stream and deciding, following the feed."""

import asyncio
from asyncio import Runner
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from datetime import UTC, datetime
from itertools import cycle
from os import urandom
from time import perf_counter
from typing import Final
from uuid import uuid4

import psycopg
import uvloop

from application.folds import fold
from application.ports import Entry, Receipt, Signer, Submission
from domain.identity import (
    BookId,
    CommandId,
    CredentialId,
    DelegationCode,
    EditionCode,
    FormatCode,
    Language,
    PersonId,
    ProvisionId,
    StreamId,
)
from domain.kernel import Fact
from domain.proposals.circumstances import Circumstances
from domain.proposals.commands import TakePosition
from domain.proposals.decide import decide
from domain.proposals.events import PositionTaken, ProposalTabled, Stance
from domain.proposals.proposal import Proposal
from domain.rules import Rules
from domain.text.provisions import Provision, ProvisionKind
from infrastructure.eventlog import sessions
from infrastructure.eventlog.postgres import PAGE, PostgresEventLog
from infrastructure.eventlog.sessions import Session
from infrastructure.postgres.embedded import Database
from infrastructure.record.keeper import Keeper
from tests.benchmarks.library import LOADS
from tests.benchmarks.measures import Figures, middle

SINCE: Final = datetime(2000, 1, 1, tzinfo=UTC)
CODES: Final = tuple(map(DelegationCode, ("JPN", "USA", "CHN", "KOR")))
EN: Final = Language("en")
STREAM: Final = 10
"""Facts in a stream that is appended to; then another is begun."""
WRITERS: Final = 8
FACTS: Final = 20
"""In each command of a writer."""
MOST: Final = 50_000
"""Facts that are read as the whole log, the last ones."""

TABLED: Final = ProposalTabled(
    number="P26-01",
    kind="crisis-management-mechanism",
    format=FormatCode("plenary"),
    edition=EditionCode("2026"),
    master=EN,
    provisions=(
        Provision(ProvisionId("p1"), ProvisionKind.TITLE, {EN: "Hotline protocol"}),
        Provision(ProvisionId("p2"), ProvisionKind.OPERATIVE, {EN: "Each side answers a call on the line within two hours."}),
    ),
    fingerprint="5f" * 32,
    sponsor=CODES[0],
    predecessor=None,
)
AROUND: Final = Circumstances(SINCE, Rules(), frozenset(CODES), (EN,), delegation=CODES[3])

CURSOR: Final = "SELECT type, version, envelope, position, at FROM record.facts WHERE position > %s ORDER BY position"
RECORDED: Final = "SELECT size FROM record.books"
COVERED: Final = "SELECT FROM books.checkpoints WHERE size >= %s LIMIT 1"
HOST: Final = "forum.example"
LOOK: Final = 0.02
"""Seconds between two looks for a checkpoint."""
SAMPLE: Final = "SELECT envelope FROM record.facts WHERE type = %s LIMIT 1"


class Record:
    """In a database of its own, in which nothing projects. For one thread."""

    def __init__(self, database: Database, *, seconds: float = 1.0) -> None:
        self._database = database
        self._seconds = seconds
        self._runner = Runner(loop_factory=uvloop.new_event_loop)  # as the program runs
        self._log = PostgresEventLog(database.app_url)
        self._book = BookId(uuid4())
        self._runner.run(self._log.__aenter__())
        self._long = {length: self._tabled(length) for length in LOADS}

    def close(self) -> None:
        self._runner.run(self._log.__aexit__(None, None, None))
        self._runner.close()

    def envelope(self) -> bytes:
        """One that it stored, as wide as they come."""
        with psycopg.connect(self._database.owner_url) as session:
            row = session.execute(SAMPLE, [PositionTaken.tag]).fetchone()
        assert row is not None, "streams were laid on the record"
        return bytes(row[0])

    def append(self, callers: int) -> Figures:
        """Commands a second, durable, by callers each of whom waits for an answer before the next."""
        return {f"append {callers}": self._runner.run(self._appended(callers))}

    async def _appended(self, callers: int) -> float:
        begun = perf_counter()
        end = begun + self._seconds
        numbers = await asyncio.gather(*[self._append_on(end) for _ in range(callers)])
        return sum(numbers) / (perf_counter() - begun)

    async def _append_on(self, end: float) -> int:
        number = 0
        for submission in _commands(self._book):
            if perf_counter() > end:
                break
            assert isinstance(await self._log.append(submission), Receipt), "nobody else writes to these streams"
            number += 1
        return number

    def kept(self, signer: Signer) -> Figures:
        """The same by 64 callers while the process keeps the books beside it, as `accord serve` does.

        With it, how many seconds after a fact was recorded a checkpoint of it was published meanwhile: in the middle, and at most.
        """
        rate, delays = self._runner.run(self._kept(signer))
        return {"append kept": rate, "published": middle(delays), "published last": max(delays)}

    def unkept(self) -> Figures:
        """The same without."""
        return {"append unkept": self._runner.run(self._appended(64))}

    async def _kept(self, signer: Signer) -> tuple[float, list[float]]:
        async with await sessions.connect(self._database.owner_url) as session:
            keeper = asyncio.create_task(Keeper(self._database.projector_url, signer, lambda: HOST).run())
            try:
                await _published(session)  # what was recorded meanwhile, so that each slice has just its own to keep
                appending = asyncio.create_task(self._appended(64))
                delays = [await _published(session)]
                while not appending.done():
                    delays.append(await _published(session))
                return await appending, delays
            finally:
                keeper.cancel()
                await asyncio.gather(keeper, return_exceptions=True)

    def log(self) -> Figures:
        """Facts a second: the whole log, each as its type."""
        return {"log": self._runner.run(self._followed())}

    async def _followed(self) -> float:
        last = (await self._log.horizon()).position
        first = max(last - MOST, 0)
        begun = perf_counter()
        async with aclosing(self._log.feed(first)) as feed:
            async for position, _ in feed:
                if position == last:
                    break
        return (last - first) / (perf_counter() - begun)

    def cursor(self) -> Figures:
        """Rows a second: the same, as bytes."""
        last = self._runner.run(self._log.horizon()).position
        begun = perf_counter()
        with psycopg.connect(self._database.owner_url) as session, session.cursor("log", binary=True) as cursor:
            cursor.itersize = PAGE
            cursor.execute(CURSOR, [max(last - MOST, 0)])
            number = sum(1 for _ in cursor)
        return {"cursor": number / (perf_counter() - begun)}

    def load(self) -> Figures:
        """Seconds to load a stream and decide on it, by its length."""
        return {f"load {length}": middle(self._runner.run(self._loads(length))) for length in LOADS}

    async def _loads(self, length: int) -> list[float]:
        return [await self._load_and_decide(self._long[length]) for _ in range(LOADS[length])]

    async def _load_and_decide(self, stream: StreamId) -> float:
        begun = perf_counter()
        folded = fold(await self._log.stream(stream, books={self._book}))
        assert folded is not None
        assert isinstance(folded.state, Proposal)
        assert decide(folded.state, TakePosition(0, Stance.ABSTAIN), AROUND).facts
        return perf_counter() - begun

    def _tabled(self, length: int) -> StreamId:
        stream = StreamId(uuid4())
        stances = cycle([Stance.ENDORSE, Stance.NO_OBJECTION])
        taken = [_taken(CODES[number % 3], next(stances)) for number in range(length - 1)]
        submission = _command(self._book, stream, 0, TABLED, *taken)
        assert isinstance(self._runner.run(self._log.append(submission)), Receipt)
        return stream

    def feed(self) -> Figures:
        """What a follower missed and what it saw twice, while writers of their own sessions appended many facts at a time."""
        return self._runner.run(self._fed())

    async def _fed(self) -> Figures:
        after = (await self._log.horizon()).position
        writing = asyncio.gather(*[self._write() for _ in range(WRITERS)])
        seen: Counter[int] = Counter()
        async for positions in self._seen(after):
            seen.update(positions)
            if writing.done() and not positions:
                break
        written = sum(await writing)
        missed = written - len(seen)
        return {"missed": missed, "repeated": seen.total() - len(seen)}

    async def _seen(self, after: int) -> AsyncIterator[list[int]]:
        """What the feed gives, by the index in the one book."""
        async with aclosing(self._log.feed(after)) as feed:
            async for _, page in feed:
                yield [recorded.index for recorded in page]

    async def _write(self) -> int:
        """Facts written through a session of its own, as another process would."""
        end = perf_counter() + self._seconds
        number = 0
        async with PostgresEventLog(self._database.app_url) as log:
            while perf_counter() < end:
                taken = [_taken(CODES[place % 4], Stance.ENDORSE) for place in range(FACTS)]
                assert isinstance(await log.append(_command(self._book, StreamId(uuid4()), 0, *taken)), Receipt)
                number += FACTS
        return number


async def _published(session: Session) -> float:
    """Seconds until a checkpoint covers what is recorded in a moment: some of it then since the last one."""
    await asyncio.sleep(LOOK)
    begun = perf_counter()
    recorded = await (await session.execute(RECORDED)).fetchone()
    while await (await session.execute(COVERED, recorded)).fetchone() is None:
        await asyncio.sleep(LOOK)
    return perf_counter() - begun


def _commands(book: BookId) -> Iterator[Submission]:
    """Without end, on one stream after another."""
    while True:
        stream = StreamId(uuid4())
        for version in range(STREAM):
            yield _command(book, stream, version, _taken(CODES[version % 4], Stance.ENDORSE))


def _taken(code: DelegationCode, stance: Stance) -> PositionTaken:
    return PositionTaken(code, 0, stance, None)


def _command(book: BookId, stream: StreamId, version: int, *facts: Fact) -> Submission:
    """As the tracker hands one in: somebody's, under a key."""
    return Submission(
        command=CommandId(uuid4()),
        entries=tuple(Entry(stream, book, fact) for fact in facts),
        expected=((stream, version),),
        since=SINCE,
        actor=PersonId(uuid4()),
        delegation=CODES[0],
        credential=CredentialId(uuid4()),
        key=urandom(16),
        request=urandom(32),
    )
