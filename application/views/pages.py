"""A list, a page at a time, in an order that new things do not shift."""

import struct
from base64 import b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Generic, Protocol, Self, TypeVar
from uuid import UUID

from msgspec import Meta, Struct

LARGEST: Final = 200
"""Items on a page."""

Limit = Annotated[int, Meta(ge=1, le=LARGEST)]

EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)

T = TypeVar("T")


class Page(Struct, Generic[T], frozen=True):
    """Some items of a list."""

    items: tuple[T, ...]
    next: str | None
    """Where the next page begins; None after the last."""
    total: int
    """How many items the list has, as its reader may count them."""


class MalformedCursorError(ValueError):
    """No list ever gave this cursor."""


_layout = struct.Struct("!q16s")


class Bookmark(Struct, frozen=True):
    """The last item that somebody was shown: its instant, by which the list is ordered, and its id."""

    at: datetime
    id: UUID

    def cursor(self) -> str:
        """It, as its reader carries it: opaque, and holding nothing that was not on the page."""
        packed = _layout.pack((self.at - EPOCH) // MICROSECOND, self.id.bytes)
        return urlsafe_b64encode(packed).decode()

    @classmethod
    def read(cls, cursor: str) -> Self:
        """Raises MalformedCursorError."""
        try:
            microseconds, identity = _layout.unpack(b64decode(cursor, b"-_", validate=True))
            bookmark = cls(EPOCH + microseconds * MICROSECOND, UUID(bytes=identity))
        except (ValueError, OverflowError, struct.error) as error:
            raise MalformedCursorError(cursor) from error
        if bookmark.cursor() != cursor:
            raise MalformedCursorError(cursor)
        return bookmark


class ViewsBehindError(Exception):
    """The views have not come as far as the record in time: ask again a little later."""


class Waiting(Protocol):
    """Reading one's own write."""

    async def reached(self, position: int, *views: str) -> None:
        """Return once the views (all of them, if none is named) show the record up to a global position.

        Raises ViewsBehindError after two seconds.
        """
        ...
