"""Which books there are for a reader, how far each is signed, and who watches it."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from application import trust
from application.books import Kept
from application.directory import Directory
from application.trust import Watched
from domain.forum.events import Audience
from domain.identity import BookId
from domain.record.checkpoint import origin_of


class BookListed(Struct, frozen=True):
    """A book, as its reader finds it."""

    id: BookId
    origin: str
    """What names it for ever, in its checkpoints."""
    audience: Audience
    size: int
    """How many facts its tree has."""
    checkpoint: int
    """How many of them the last checkpoint covers; 0: nothing was signed yet."""
    signing: str
    """``current``, or what keeps the rest from being signed: ``away``, ``rollback``, ``inconsistent``, ``state-lost``,
    ``malformed`` of the signer; ``parked``, where the book itself is not as it must be."""
    watched: Watched


class BooksListed(Struct, frozen=True):
    """The books that the reader may read."""

    items: tuple[BookListed, ...]


def show_books(directory: Directory, kept: Mapping[BookId, Kept], now: datetime) -> BooksListed:
    """The books that are kept by now, in the order of their audiences."""
    listed = [_listed(directory, book, found, now) for book, found in kept.items()]
    return BooksListed(tuple(sorted(listed, key=lambda book: (book.audience.names, book.id))))


def _listed(directory: Directory, book: BookId, found: Kept, now: datetime) -> BookListed:
    audience = directory.audience_of(book)
    return BookListed(
        id=book,
        origin=origin_of(directory.forum().founded.host, book),
        audience=audience,
        size=found.size,
        checkpoint=found.checkpoint,
        signing=found.signing,
        watched=trust.watched(directory, audience, found.recent, now),
    )
