"""From the record to the trees: page by page, tiles, size and root in one transaction with how far that is.

The row of `books.integrated` is held meanwhile: whoever else integrates waits for it, and then goes on from where this one
ended. So a page is taken once, however many processes there are, and whoever is killed in the middle has changed nothing.

A book whose facts or tiles are not what they must be is parked, with an alarm: its tree stays as it was, and nothing of it is
signed any more; the others go on. What is wrong is looked at again whenever a process takes over.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import structlog
from msgspec import Struct

from domain.identity import BookId
from domain.record.leaf import HASH_BYTES, entry, leaf
from infrastructure.eventlog.sessions import Session
from infrastructure.record import trees
from infrastructure.record.trees import Tree

PAGE: Final = 1000
"""Facts in a page."""

HOLD: Final = "SELECT position FROM books.integrated WHERE id = 1 FOR UPDATE"
MOVE: Final = "UPDATE books.integrated SET position = %b WHERE id = 1"
# Positions have no gap, and whoever sees one sees all before it: the head is locked until the COMMIT that shows it.
LINES: Final = """
    SELECT book, index, commit, position
      FROM record.facts
     WHERE position > %b
     ORDER BY position
     LIMIT %b
"""
REST: Final = """
    SELECT book, index, commit, position
      FROM record.facts
     WHERE book = %b
       AND index >= %b
       AND position <= %b
     ORDER BY index
     LIMIT %b
"""
BOOKS: Final = "SELECT book FROM record.books UNION SELECT book FROM books.trees"
# The last tile of leaves, and the facts under it.
LAST: Final = """
    SELECT coalesce((SELECT data FROM books.tiles WHERE book = %(book)b AND level = 0 AND n = (%(size)b - 1) / 256), ''),
           array(SELECT commit
                   FROM record.facts
                  WHERE book = %(book)b
                    AND index >= (%(size)b - 1) / 256 * 256
                    AND index < %(size)b
                  ORDER BY index)
"""

_log = structlog.get_logger()


class Line(Struct, frozen=True):
    """What a tree takes of a fact."""

    book: BookId
    index: int
    commit: bytes
    position: int


class Integrator:
    """For one session of the projector."""

    def __init__(self, session: Session, page: int = PAGE) -> None:
        self._session = session
        self._page = page

    async def step(self) -> bool:
        """Take a page of the record into the trees. False where that was all that there is for now."""
        async with self._session.transaction():
            lines = await self._lines(LINES, await self._hold(), self._page)
            if lines:
                await self._take(lines)
                await self._session.execute(MOVE, (lines[-1].position,), binary=True)
        return len(lines) == self._page

    async def check(self) -> Mapping[BookId, str]:
        """Compare each tree with the record, by its size and its last tile, and say what differs; that book is parked.

        A book that was parked, and in which nothing differs any more, catches up and goes on.
        """
        cursor = await self._session.execute(BOOKS)
        found = [(BookId(book), await self._check(BookId(book))) for (book,) in await cursor.fetchall()]
        return {book: flaw for book, flaw in found if flaw is not None}

    async def _check(self, book: BookId) -> str | None:
        async with self._session.transaction():
            position = await self._hold()
            tree = await self._tree(book)
            if (flaw := _differs(tree, *await self._last(book, tree.size))) is not None:
                await self._park(book, flaw)
            elif tree.parked is not None:
                await trees.release(self._session, book)
            while flaw is None and (lines := await self._lines(REST, book, tree.size, position, self._page)):
                flaw = await self._extend(book, tree, lines)
                tree = await self._tree(book)
            return flaw

    async def _tree(self, book: BookId) -> Tree:
        return (await trees.read(self._session, [book])).get(book, Tree())

    async def _last(self, book: BookId, size: int) -> tuple[bytes, Sequence[bytes]]:
        cursor = await self._session.execute(LAST, {"book": book, "size": size}, binary=True)
        ((tile, commits),) = await cursor.fetchall()
        return tile, commits

    async def _hold(self) -> int:
        cursor = await self._session.execute(HOLD, binary=True)
        ((position,),) = await cursor.fetchall()
        return int(position)

    async def _lines(self, query: str, *parameters: object) -> list[Line]:
        cursor = await self._session.execute(query.encode(), parameters, binary=True)
        return [Line(*row) for row in await cursor.fetchall()]

    async def _take(self, lines: Sequence[Line]) -> None:
        books = _by_book(lines)
        known = await trees.read(self._session, books)
        for book, grown in books.items():
            tree = known.get(book, Tree())
            if tree.parked is None:
                await self._extend(book, tree, grown)

    async def _extend(self, book: BookId, tree: Tree, lines: Sequence[Line]) -> str | None:
        """Have a tree take these facts, or park its book, and say why."""
        if (flaw := _flaw(tree, lines)) is not None:
            await self._park(book, flaw)
            return flaw
        grown = tree.edge.grown([leaf(entry(line.commit)) for line in lines])
        await trees.grow(self._session, book, tree.edge, grown)
        return None

    async def _park(self, book: BookId, flaw: str) -> None:
        _log.error("book.parked", book=str(book), error=flaw)
        await trees.park(self._session, book, flaw)


def _by_book(lines: Iterable[Line]) -> Mapping[BookId, list[Line]]:
    books: dict[BookId, list[Line]] = {}
    for line in lines:
        books.setdefault(line.book, []).append(line)
    return books


def _flaw(tree: Tree, lines: Sequence[Line]) -> str | None:
    """Why these facts cannot follow in the tree."""
    if not tree.stands:
        return "its tiles do not give its root"
    for due, line in enumerate(lines, start=tree.size):
        if line.index != due:
            return f"index {line.index} stands where {due} is due"
        if len(line.commit) != HASH_BYTES:
            return f"the commitment at index {due} has {len(line.commit)} bytes"
    return None


def _differs(tree: Tree, tile: bytes, commits: Sequence[bytes]) -> str | None:
    """What is wrong with a tree, beside the record."""
    if not tree.stands:
        return "its tiles do not give its root"
    if any(len(commit) != HASH_BYTES for commit in commits) or b"".join(leaf(entry(each)) for each in commits) != tile:
        return f"the last of its {tree.size} leaves are not the record's"
    return None
