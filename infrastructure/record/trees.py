"""The trees of the books as they are stored: read with their right edge, and written as they grow. As the projector."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Final, NamedTuple

from domain.identity import BookId
from domain.record.edge import Edge, Grown, Nodes
from domain.record.leaf import EMPTY_ROOT, HASH_BYTES
from domain.record.tiles import HEIGHT, WIDTH, Tile
from infrastructure.eventlog.sessions import Session

# A storey of 256 ** 7 nodes lies beyond the largest size.
READ: Final = """
    SELECT t.book, t.size, t.root, t.parked,
           array(SELECT coalesce(x.data, '')
                   FROM generate_series(0, 6) AS s (level)
                   LEFT JOIN books.tiles AS x
                     ON x.book = t.book
                    AND x.level = s.level
                    AND x.n = t.size >> (8 * s.level + 8)
                  ORDER BY s.level)
      FROM books.trees AS t
     WHERE t.book = ANY(%b)
"""
GROW: Final = """
    INSERT INTO books.trees (book, size, root)
    VALUES (%b, %b, %b)
    ON CONFLICT (book)
    DO UPDATE SET size = excluded.size, root = excluded.root
"""
ADD: Final = """
    INSERT INTO books.tiles AS t (book, level, n, data)
    SELECT %b, * FROM unnest(%b::bigint[], %b::bigint[], %b::bytea[])
    ON CONFLICT (book, level, n)
    DO UPDATE SET data = t.data || excluded.data
"""
PARK: Final = """
    INSERT INTO books.trees (book, size, root, parked)
    VALUES (%b, 0, %b, %b)
    ON CONFLICT (book)
    DO UPDATE SET parked = excluded.parked
"""
RELEASE: Final = "UPDATE books.trees SET parked = NULL WHERE book = %b"
FETCH: Final = """
    SELECT x.level, x.n, x.data
      FROM unnest(%b::bigint[], %b::bigint[]) AS w (level, n)
      JOIN books.tiles AS x ON x.book = %b AND x.level = w.level AND x.n = w.n
"""


class Tree(NamedTuple):
    """A stored tree."""

    size: int = 0
    root: bytes = EMPTY_ROOT
    parked: str | None = None
    edge: Edge = Edge()

    @property
    def stands(self) -> bool:
        """Whether its tiles give the root that is said to be theirs."""
        return (self.edge.size, self.edge.root) == (self.size, self.root)


async def read(session: Session, books: Iterable[BookId]) -> Mapping[BookId, Tree]:
    """The trees of these books; of one that has none yet, nothing."""
    cursor = await session.execute(READ, (list(books),), binary=True)
    return {BookId(book): Tree(size, root, parked, _edge(tiles)) for book, size, root, parked, tiles in await cursor.fetchall()}


def _edge(tiles: Sequence[bytes]) -> Edge:
    return Edge(tuple(_hashes(data) for data in tiles))


def _hashes(data: bytes) -> Nodes:
    return tuple(data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES))


async def grow(session: Session, book: BookId, before: Edge, grown: Grown) -> None:
    """Store a tree that has grown. Within the transaction in which it was read."""
    pieces = [*chain(*(_pieces(level, before, added) for level, added in enumerate(grown.added)))]
    levels, numbers, hashes = (list(column) for column in zip(*pieces, strict=True))
    await session.execute(GROW, (book, grown.edge.size, grown.edge.root), binary=True)
    await session.execute(ADD, (book, levels, numbers, hashes), binary=True)


def _pieces(level: int, before: Edge, added: Nodes) -> Iterable[tuple[int, int, bytes]]:
    """What each tile of a storey gets: the storey, the tile, the hashes."""
    start = before.size >> HEIGHT * level
    end = start + len(added)
    for n in range(start // WIDTH, (end + WIDTH - 1) // WIDTH if added else 0):
        first, last = max(start, n * WIDTH), min(end, (n + 1) * WIDTH)
        yield level, n, b"".join(added[first - start : last - start])


async def park(session: Session, book: BookId, flaw: str) -> None:
    """Leave the tree of a book as it is, because of this."""
    await session.execute(PARK, (book, EMPTY_ROOT, flaw), binary=True)


async def release(session: Session, book: BookId) -> None:
    """Have the tree of a parked book grow again."""
    await session.execute(RELEASE, (book,), binary=True)


async def fetch(session: Session, book: BookId, tiles: Iterable[Tile]) -> Mapping[Tile, bytes]:
    """What is stored of these hash tiles, cut to their width."""
    wanted = {(tile.level, tile.n): tile for tile in tiles}
    levels, numbers = [level for level, _ in wanted], [n for _, n in wanted]
    cursor = await session.execute(FETCH, (levels, numbers, book), binary=True)
    return {(tile := wanted[level, n]): data[: tile.width * HASH_BYTES] for level, n, data in await cursor.fetchall()}
