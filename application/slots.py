"""What opens the slots of a book, for who reads it: so the epochs that they saw go by say what the book was."""

from collections.abc import Set
from datetime import datetime

from msgspec import Struct

from application.accord import Accord
from application.desk import NotThereError
from application.ports import Opened
from domain.identity import BookId


class SlotOpened(Struct, frozen=True):
    """What opens a slot in an epoch: where `SHA-256("accord/slot/v1" 0x00 || salt || content)` stands."""

    epoch: datetime
    """When it began."""
    index: int
    """Of the epoch's fact in the forum's book."""
    slot: int
    salt: bytes
    content: str
    """The text of a checkpoint, or padding."""


class SlotsShown(Struct, frozen=True):
    """A page of what opens a book's slots."""

    book: BookId
    forum: BookId
    """The book in which the epochs stand."""
    slot: int | None
    """The book's own; none where it has drawn none, and of the forum's book, whose are all that nobody has drawn."""
    items: tuple[SlotOpened, ...]
    next: int | None = None
    """From which index to go on."""


async def slots(house: Accord, books: Set[BookId], book: BookId, *, first: int, end: int, limit: int) -> SlotsShown:
    """At most so many epochs whose fact has an index from ``first`` on and before ``end``. Raises NotThereError, Busy.

    Whoever does not read the forum's book has no epochs to open, and is told of no index in it.
    """
    forum = house.directory.forum_book()
    has_slots = book == forum or book in house.directory.books_of_formats(books).values()
    if not has_slots or not books >= {book, forum}:
        raise NotThereError
    found = await house.slots.openings(books, book, forum=forum, first=first, end=end, most=limit + 1)
    indices = list(dict.fromkeys(opened.index for opened in found))
    following = indices[limit] if len(indices) > limit else None
    items = tuple(_show(opened) for opened in found if following is None or opened.index < following)
    return SlotsShown(book, forum, house.directory.slots().get(book), items, following)


def _show(opened: Opened) -> SlotOpened:
    return SlotOpened(opened.epoch, opened.index, opened.slot, opened.salt, opened.content.decode())
