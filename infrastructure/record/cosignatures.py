"""Cosignatures as they are kept under their checkpoints."""

from collections.abc import Set
from typing import Final

from application.desk import NotThereError
from domain.identity import BookId
from domain.record.note import Signature
from infrastructure.projections.readers.wall import Views

KEEP: Final = "SELECT books.cosign(%(book)s, %(size)s, %(witness)s, %(line)s) AS kept"


class PostgresCosignatures:
    """Through the sessions of the views, in the caller's books and nowhere else."""

    def __init__(self, views: Views) -> None:
        self._views = views

    async def keep(self, books: Set[BookId], book: BookId, size: int, line: Signature) -> None:
        """Put a line under a checkpoint; of one key the first is kept. Raises Busy, NotThereError."""
        named = {"book": book, "size": size, "witness": f"{line.name}+{line.id.hex()}", "line": str(line)}
        (row,) = await self._views.select(books, KEEP, named)
        if not row["kept"]:
            raise NotThereError
