"""The commitments of facts as they are recorded, before any tree has them."""

from collections.abc import Sequence, Set
from typing import Final

from domain.identity import BookId
from infrastructure.projections.readers.wall import Views

COMMITMENTS: Final = "SELECT commit FROM books.commitments(%(book)s, %(first)s, %(most)s)"


class PostgresCommitments:
    """Through the sessions of the views; of the primary, since a replica may not have them yet."""

    def __init__(self, views: Views) -> None:
        self._views = views

    async def commitments(self, books: Set[BookId], book: BookId, first: int, most: int) -> Sequence[bytes]:
        """So many of a book from an index on. Raises Busy."""
        rows = await self._views.select(books, COMMITMENTS, {"book": book, "first": first, "most": most})
        return [row["commit"] for row in rows]
