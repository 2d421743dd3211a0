"""The list of drafts."""

from collections.abc import Mapping, Set
from typing import Any, Final

import msgspec

from application.views.drafts import DraftFilter, DraftRow
from application.views.pages import Bookmark, Page
from domain.identity import BookId
from infrastructure.projections.readers import lists
from infrastructure.projections.readers.wall import Views

PAGE: Final = """
    WITH found AS MATERIALIZED (
        SELECT d.id, d.begun
          FROM views.drafts AS d
         WHERE (%(edition)s::text[] = '{}' OR d.edition = ANY(%(edition)s))
           AND (%(format)s::text[] = '{}' OR d.format = ANY(%(format)s))
           AND (%(ended)s::boolean IS NULL OR (d.end IS NOT NULL) = %(ended)s)
    ),
    page AS (
        SELECT f.id
          FROM found AS f
         WHERE %(after_at)s::timestamptz IS NULL
            OR f.begun < %(after_at)s
            OR (f.begun = %(after_at)s AND f.id > %(after_id)s)
         ORDER BY f.begun DESC, f.id
         LIMIT %(most)s
    )
    SELECT t.total, d.id, d.owners, d.kind, d.format, d.edition, d.title, d.end, d.version, d.begun, d.updated
      FROM (SELECT count(*) AS total FROM found) AS t
      LEFT JOIN page AS p ON true
      LEFT JOIN views.drafts AS d USING (id)
     ORDER BY d.begun DESC, d.id
"""


class PostgresDrafts:
    """The list of drafts, read from the view."""

    def __init__(self, views: Views) -> None:
        self._views = views

    async def page(self, books: Set[BookId], asked: DraftFilter) -> Page[DraftRow]:
        """The drafts in these books, the last begun first. Raises MalformedCursorError, Busy."""
        rows = await self._views.select(books, PAGE, _parameters(asked))
        return lists.page(rows, asked.limit, _item, _bookmark)


def _parameters(asked: DraftFilter) -> Mapping[str, Any]:
    return {
        "edition": list(asked.edition),
        "format": list(asked.format),
        "ended": asked.ended,
        **lists.parameters(asked.limit, asked.after),
    }


def _item(row: Mapping[str, Any]) -> DraftRow:
    return msgspec.convert(row, DraftRow)


def _bookmark(row: DraftRow) -> Bookmark:
    return Bookmark(row.begun, row.id)
