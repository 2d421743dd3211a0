"""The record in PostgreSQL: the event log that the application asks for.

It touches no table: it may execute nine functions, and PostgreSQL holds it to that (`grant` in the migrations).
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence, Set
from datetime import datetime, timedelta
from functools import partial
from os import urandom
from types import TracebackType
from typing import Final, Self
from uuid import UUID

import msgspec
import psycopg
import structlog
from psycopg.rows import TupleRow

from application.ports import Beginning, Horizon, Late, Receipt, Stale, Submission
from domain.identity import BookId, StreamId
from domain.kernel import Fact, Recorded
from infrastructure.eventlog import sessions
from infrastructure.eventlog.arrays import bigints, texts, uuids
from infrastructure.eventlog.batch import Entropy, encoded
from infrastructure.eventlog.mapper import READER, Reader
from infrastructure.eventlog.reads import Reads
from infrastructure.eventlog.repetition import Original, receipt
from infrastructure.eventlog.sessions import Session
from infrastructure.eventlog.writer import PATIENCE, ROOM, Writer
from infrastructure.replica import RECORD, Replica

PAGE: Final = 1000
"""Facts in a page of the feed."""
QUIET: Final = timedelta(milliseconds=500)
"""How long the feed listens before it asks without a notice, which may be lost; and who follows is to hear once a second."""

STREAM: Final = "SELECT type, version, envelope FROM record.stream(%b, %b, %b)"
FOLLOWING: Final = "SELECT type, version, envelope FROM record.following(%b, %b, %b)"
KNOWN: Final = "SELECT record.known(%b)::text"
REACHED: Final = "SELECT index FROM record.reached(%b, %b)"
BEGINNINGS: Final = "SELECT stream, index, total FROM record.beginnings(%b, %b, %b, %b)"
ENDING: Final = "SELECT stream FROM record.ending(%b, %b, %b, %b, %b, %b)"
HORIZON: Final = "SELECT at, position FROM record.horizon()"
FEED: Final = "SELECT type, version, envelope, position FROM record.feed(%b, %b)"

_original = msgspec.json.Decoder(Original).decode
_log = structlog.get_logger()


class PostgresEventLog:
    """The record: append, one stream, and all of it in order. Open between ``async with`` and its end.

    Reads and writes that find no database wait for it as long as their patience lasts, then raise Busy.
    """

    def __init__(
        self,
        url: str,
        *,
        entropy: Entropy = urandom,
        reader: Reader = READER,
        room: int = ROOM,
        patience: timedelta = PATIENCE,
        quiet: timedelta = QUIET,
        replica: Replica | None = None,
    ) -> None:
        self._connect = partial(sessions.connect, url)
        self._entropy = entropy
        self._reader = reader
        self._quiet = quiet.total_seconds()
        self._replica = replica
        self._writer = Writer(self._connect, room=room, patience=patience)
        self._reads = Reads(self._connect, patience.total_seconds())

    async def __aenter__(self) -> Self:
        await self._writer.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._writer.__aexit__(kind, error, trace)
        await self._reads.close()

    async def append(self, submission: Submission) -> Receipt | Stale | Late:
        """Record the facts durably, or say why not. Answers after COMMIT.

        Raises KeyReused, Busy, BackwardsError, RevokedError.
        """
        return await self._writer.append(encoded(submission, self._entropy))

    async def known(self, key: bytes, request: bytes) -> Receipt | None:
        """The receipt of the command that was recorded under this key, if any. Raises KeyReused, Busy."""
        ((original,),) = await self._reads.rows(KNOWN, UUID(bytes=key))
        return None if original is None else receipt(_original(original), request)

    async def stream(
        self, stream: StreamId, *, after: int = 0, books: Set[BookId], reached: int | None = None
    ) -> Sequence[Recorded[Fact]]:
        """The facts of a stream above a version, as far as it lies in one of the books. Raises Busy.

        ``reached``: up to this position, for a question: a replica that has come so far may answer. Else all, for a decision.
        """
        asked = (stream, after, uuids([book.bytes for book in books]))
        rows = None
        if self._replica is not None and reached is not None:
            rows = await self._replica.ask(partial(_stream, asked=asked), RECORD, reached)
        if rows is None:
            rows = await self._reads.rows(STREAM, *asked)
        return [self._reader.recorded(*row) for row in rows]

    async def following(self, places: Mapping[BookId, int], most: int) -> Sequence[Recorded[Fact]]:
        """At most so many facts of these books, of each those above an index, by time, book and index. Raises Busy."""
        books, after = uuids([book.bytes for book in places]), bigints(places.values())
        return [self._reader.recorded(*row) for row in await self._reads.rows(FOLLOWING, books, after, most)]

    async def reached(self, book: BookId, at: datetime) -> int:
        """The index of a book's last fact at an instant; -1 if there was none. Raises Busy."""
        ((index,),) = await self._reads.rows(REACHED, book, at)
        return -1 if index is None else index

    async def beginnings(self, book: BookId, *, after: int, until: int, most: int) -> Sequence[Beginning]:
        """The streams that begin in a book above an index and up to another, in order, at most so many. Raises Busy."""
        return [Beginning(*row) for row in await self._reads.rows(BEGINNINGS, book, after, until, most)]

    async def ending(
        self, book: BookId, *, until: int, since: datetime, ends: datetime, members: Mapping[str, str]
    ) -> Sequence[StreamId]:
        """The streams of a book in which a fact up to an index names an end between these instants. Raises Busy."""
        types, names = texts(members.keys()), texts(members.values())
        return [stream for (stream,) in await self._reads.rows(ENDING, book, until, since, ends, types, names)]

    async def horizon(self) -> Horizon:
        """The record's clock, with no append in flight that could get an earlier time. Raises Busy."""
        ((at, position),) = await self._reads.rows(HORIZON)
        return Horizon(at, position)

    async def feed(self, after: int) -> AsyncGenerator[tuple[int, Sequence[Recorded[Fact]]]]:
        """Every fact above a position, in order, in pages, each with the position of its last; then what follows.

        An empty page comes at least once a second while the database answers; while it does not, none.
        """
        while True:
            try:
                async with await self._connect() as session:
                    await session.execute("LISTEN log")
                    async for page in self._pages(session, after):
                        after, _ = page
                        yield page
            except psycopg.OperationalError as error:
                _log.warning("feed.unavailable", error=str(error), after=after)
            await asyncio.sleep(self._quiet)

    async def _pages(self, session: Session, after: int) -> AsyncGenerator[tuple[int, Sequence[Recorded[Fact]]]]:
        """While a full page is read, the database makes the next."""
        coming = asyncio.create_task(_page(session, after))
        try:
            while True:
                rows = await coming
                if rows:
                    *_, after = rows[-1]
                if is_full := len(rows) == PAGE:
                    coming = asyncio.create_task(_page(session, after))
                    await asyncio.sleep(0)  # it is asked for before the reading keeps everybody waiting
                yield after, [self._reader.recorded(tag, version, envelope) for tag, version, envelope, _ in rows]
                if not is_full:
                    async for _ in session.notifies(timeout=self._quiet, stop_after=1):
                        pass
                    coming = asyncio.create_task(_page(session, after))
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)


async def _stream(session: Session, asked: tuple[object, ...]) -> list[TupleRow]:
    async with session.cursor(binary=True) as cursor:
        await cursor.execute(STREAM, asked, prepare=True)
        return await cursor.fetchall()


async def _page(session: Session, after: int) -> list[TupleRow]:
    cursor = await session.execute(FEED, (after, PAGE), prepare=True, binary=True)
    return await cursor.fetchall()
