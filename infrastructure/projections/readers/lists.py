"""What all lists have in common: a page, its total, and the cursor of the next."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from application.views.pages import Bookmark, Page

T = TypeVar("T")

Rows = Sequence[Mapping[str, Any]]


def parameters(limit: int, after: str | None) -> Mapping[str, Any]:
    """Where a page begins, and its size. One row more than shown tells whether there is a next. Raises MalformedCursorError."""
    bookmark = Bookmark.read(after) if after is not None else None
    return {
        "after_at": bookmark.at if bookmark else None,
        "after_id": bookmark.id if bookmark else None,
        "most": limit + 1,
    }


def page(rows: Rows, limit: int, item: Callable[[Mapping[str, Any]], T], bookmark: Callable[[T], Bookmark]) -> Page[T]:
    """The page of these rows. Each says the total; an empty list is one row without an id."""
    found = [item(row) for row in rows if row["id"] is not None]
    shown = tuple(found[:limit])
    following = bookmark(shown[-1]).cursor() if len(found) > limit else None
    return Page(shown, following, rows[0]["total"])
