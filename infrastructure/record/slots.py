"""What opens the slots of epochs, in PostgreSQL: it touches no table but the checkpoints, and these behind the wall."""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from typing import Final
from uuid import UUID

from application.ports import Filling, Opened
from domain.identity import BookId
from domain.record import note
from infrastructure.projections.readers.wall import Views

PREPARE: Final = """
    SELECT books.prepare(%(key)s, %(epoch)s, %(books)s::uuid[], %(opens)s::timestamptz[], %(salts)s::bytea[],
                         %(contents)s::bytea[]) AS commitments
"""
OPENINGS: Final = """
    SELECT index, epoch, slot, salt, content
      FROM books.slots(%(book)s, %(forum)s, %(first)s, %(beyond)s, %(most)s)
"""
LATEST: Final = """
    SELECT b.book, c.note
      FROM unnest(%(books)s::uuid[]) AS b (book)
     CROSS JOIN LATERAL (SELECT note FROM books.checkpoints WHERE book = b.book ORDER BY size DESC LIMIT 1) AS c
"""


class PostgresSlots:
    """Over the views' sessions. What cannot be read now raises Busy."""

    def __init__(self, views: Views) -> None:
        self._views = views

    async def prepare(self, key: bytes, epoch: datetime, filled: Sequence[Filling]) -> Sequence[bytes]:
        """Keep what fills each slot, and give the commitments to what is kept: prepared again, it is the same."""
        said = {
            "key": UUID(bytes=key),
            "epoch": epoch,
            "books": [one.book for one in filled],
            "opens": [one.opens for one in filled],
            "salts": [one.salt for one in filled],
            "contents": [one.content for one in filled],
        }
        (row,) = await self._views.select(frozenset(), PREPARE, said)
        return row["commitments"]

    async def openings(
        self, books: Set[BookId], book: BookId, *, forum: BookId, first: int, end: int, most: int
    ) -> Sequence[Opened]:
        """What opens the slots of a book, in at most so many epochs."""
        said = {"book": book, "forum": forum, "first": first, "beyond": end, "most": most}
        return [Opened(**row) for row in await self._views.select(books, OPENINGS, said)]

    async def latest(self, books: Set[BookId]) -> Mapping[BookId, str]:
        """The text of the last checkpoint of each book that has one."""
        rows = await self._views.select(books, LATEST, {"books": list(books)})
        return {BookId(row["book"]): note.parsed(row["note"].encode()).text for row in rows}
