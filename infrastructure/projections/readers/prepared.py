"""The list of prepared acts."""

from collections.abc import Mapping, Set
from typing import Any, Final

import msgspec

from application.views.pages import Bookmark, Page
from application.views.prepared import PreparedFilter, PreparedRow
from domain.identity import BookId
from infrastructure.projections.readers import lists
from infrastructure.projections.readers.wall import Views

PAGE: Final = """
    WITH found AS MATERIALIZED (
        SELECT a.id, a.begun
          FROM views.prepared AS a
         WHERE (%(delegation)s::text[] = '{}' OR a.delegation = ANY(%(delegation)s))
           AND (%(status)s::text[] = '{}' OR a.status = ANY(%(status)s))
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
    SELECT t.total, a.id, a.delegation, a.act, a.target, a.status, a.version, a.begun, a.updated
      FROM (SELECT count(*) AS total FROM found) AS t
      LEFT JOIN page AS p ON true
      LEFT JOIN views.prepared AS a USING (id)
     ORDER BY a.begun DESC, a.id
"""


class PostgresPrepared:
    """The list of prepared acts, read from the view."""

    def __init__(self, views: Views) -> None:
        self._views = views

    async def page(self, books: Set[BookId], asked: PreparedFilter) -> Page[PreparedRow]:
        """The prepared acts in these books, the last prepared first. Raises MalformedCursorError, Busy."""
        rows = await self._views.select(books, PAGE, _parameters(asked))
        return lists.page(rows, asked.limit, _item, _bookmark)


def _parameters(asked: PreparedFilter) -> Mapping[str, Any]:
    return {
        "delegation": list(asked.delegation),
        "status": list(asked.status),
        **lists.parameters(asked.limit, asked.after),
    }


def _item(row: Mapping[str, Any]) -> PreparedRow:
    return msgspec.convert(row, PreparedRow)


def _bookmark(row: PreparedRow) -> Bookmark:
    return Bookmark(row.begun, row.id)
