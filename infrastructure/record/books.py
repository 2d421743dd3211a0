"""What is stored of the books, as the app reads it: behind row-level security, in its callers' books and nowhere else."""

from collections.abc import Mapping, Sequence, Set
from typing import Any, Final

import msgspec

from application.books import Kept, Opened, Published, Recent
from domain.identity import BookId
from domain.record.leaf import HASH_BYTES
from domain.record.malformed import LARGEST
from domain.record.tiles import HEIGHT, WIDTH, Tile
from infrastructure.projections.readers.wall import Views

KEPT: Final = """
    SELECT t.book, t.size,
           CASE WHEN t.parked IS NOT NULL THEN 'parked' ELSE coalesce(t.signing, 'current') END AS signing,
           array(SELECT jsonb_build_object(
                            'size', r.size,
                            'age', extract(epoch FROM clock_timestamp() - r.signed_at),
                            'cosignatures', array(SELECT s.line
                                                    FROM books.cosignatures AS s
                                                   WHERE s.book = r.book AND s.size = r.size
                                                   ORDER BY s.witness))
                   FROM (SELECT book, size, signed_at
                           FROM books.checkpoints
                          WHERE book = t.book
                          ORDER BY size DESC
                          LIMIT 8) AS r
                  ORDER BY r.size DESC) AS recent
      FROM books.trees AS t
"""
CHECKPOINT: Final = """
    SELECT c.size, c.note,
           array(SELECT s.line FROM books.cosignatures AS s WHERE s.book = c.book AND s.size = c.size ORDER BY s.witness) AS lines
      FROM books.checkpoints AS c
     WHERE c.book = %(book)s
       AND (%(size)s::bigint IS NULL OR c.size = %(size)s)
     ORDER BY c.size DESC
     LIMIT 1
"""
# A full tile stays, whatever the size; a partial one belongs to the sizes at which it is just so wide.
PIECE: Final = """
    SELECT substr(t.data, 1, %(octets)s) AS data
      FROM books.tiles AS t
     WHERE t.book = %(book)s
       AND t.level = %(level)s
       AND t.n = %(n)s
       AND EXISTS (SELECT
                     FROM books.checkpoints AS c
                    WHERE c.book = %(book)s
                      AND c.size >= %(since)s
                      AND (%(until)s::bigint IS NULL OR c.size < %(until)s))
"""
COMMITMENTS: Final = """
    SELECT f.commit
      FROM books.commitments(%(book)s, %(first)s, %(width)s) AS f
     WHERE EXISTS (SELECT
                     FROM books.checkpoints AS c
                    WHERE c.book = %(book)s
                      AND c.size >= %(since)s
                      AND (%(until)s::bigint IS NULL OR c.size < %(until)s))
"""
TILES: Final = """
    SELECT t.level, t.n, t.data
      FROM unnest(%(levels)s::bigint[], %(numbers)s::bigint[]) AS w (level, n)
      JOIN books.tiles AS t ON t.book = %(book)s AND t.level = w.level AND t.n = w.n
"""
OPENINGS: Final = "SELECT salt, envelope FROM books.opening(%(book)s, %(first)s, %(most)s)"
SIZES: Final = "SELECT c.size FROM books.checkpoints AS c WHERE c.book = %(book)s ORDER BY c.size"
CHECKPOINTS: Final = """
    SELECT c.size, c.note,
           array(SELECT s.line FROM books.cosignatures AS s WHERE s.book = c.book AND s.size = c.size ORDER BY s.witness) AS lines
      FROM books.checkpoints AS c
     WHERE c.book = %(book)s
       AND c.size = ANY(%(sizes)s::bigint[])
     ORDER BY c.size
"""


class PostgresBooks:
    """Through the sessions of the views."""

    def __init__(self, views: Views) -> None:
        self._views = views

    async def kept(self, books: Set[BookId]) -> Mapping[BookId, Kept]:
        """How far each of them has come. Raises Busy."""
        rows = await self._views.select(books, KEPT, {})
        return {BookId(row["book"]): _kept(row) for row in rows}

    async def checkpoint(self, books: Set[BookId], book: BookId, size: int | None = None) -> Published | None:
        """The checkpoint of a size, or the last. Raises Busy."""
        rows = await self._views.select(books, CHECKPOINT, {"book": book, "size": size})
        return Published(rows[0]["size"], rows[0]["note"], tuple(rows[0]["lines"])) if rows else None

    async def piece(self, books: Set[BookId], book: BookId, tile: Tile) -> bytes | None:
        """A hash tile that a checkpoint has. Raises Busy."""
        if (covered := _covered(tile)) is None:
            return None
        named = {"book": book, "level": tile.level, "n": tile.n, "octets": tile.width * HASH_BYTES, **covered}
        rows = await self._views.select(books, PIECE, named)
        return rows[0]["data"] if rows else None

    async def commitments(self, books: Set[BookId], book: BookId, tile: Tile) -> Sequence[bytes]:
        """The commitments of a bundle that a checkpoint has. Raises Busy."""
        if (covered := _covered(tile)) is None:
            return ()
        named = {"book": book, "first": tile.n * WIDTH, "width": tile.width, **covered}
        return [row["commit"] for row in await self._views.select(books, COMMITMENTS, named)]

    async def tiles(self, books: Set[BookId], book: BookId, wanted: Set[Tile]) -> Mapping[Tile, bytes]:
        """Hash tiles, cut to their width. Raises Busy."""
        named = {(tile.level, tile.n): tile for tile in wanted}
        asked = {"book": book, "levels": [level for level, _ in named], "numbers": [n for _, n in named]}
        rows = await self._views.select(books, TILES, asked)
        return {(tile := named[row["level"], row["n"]]): row["data"][: tile.width * HASH_BYTES] for row in rows}

    async def opening(self, books: Set[BookId], book: BookId, index: int) -> Opened | None:
        """What opens a commitment. Raises Busy."""
        return next(iter(await self.openings(books, book, index, 1)), None)

    async def openings(self, books: Set[BookId], book: BookId, first: int, most: int) -> Sequence[Opened]:
        """What opens the commitments from an index on. Raises Busy."""
        rows = await self._views.select(books, OPENINGS, {"book": book, "first": first, "most": most})
        return [Opened(row["salt"], row["envelope"]) for row in rows]

    async def sizes(self, books: Set[BookId], book: BookId) -> Sequence[int]:
        """Of all checkpoints. Raises Busy."""
        return [row["size"] for row in await self._views.select(books, SIZES, {"book": book})]

    async def checkpoints(self, books: Set[BookId], book: BookId, sizes: Sequence[int]) -> Sequence[Published]:
        """Those of these sizes. Raises Busy."""
        rows = await self._views.select(books, CHECKPOINTS, {"book": book, "sizes": list(sizes)})
        return [Published(row["size"], row["note"], tuple(row["lines"])) for row in rows]


def _kept(row: Mapping[str, Any]) -> Kept:
    recent = msgspec.convert(row["recent"], tuple[Recent, ...])
    return Kept(row["size"], row["signing"], recent[0].size if recent else 0, recent)


def _covered(tile: Tile) -> Mapping[str, Any] | None:
    """From which size of a book on, and before which, it has this piece; None where no book is so large."""
    level = HEIGHT * (tile.level or 0)
    end = tile.n * WIDTH + tile.width
    since, until = end << level, (end + 1) << level
    if until > LARGEST:
        return None
    return {"since": since, "until": None if tile.width == WIDTH else until}
