"""Founding the forum: once, as the first command of its record.

It opens the books of the public, of all delegations, of the secretariat, of each delegation and of each format, so that
nobody's first act has to.
"""

from collections.abc import Iterable

from application.ids import Ids
from application.ports import Entry
from domain.epochs.epochs import check_room
from domain.forum.commands import FormatDescribed, FoundForum
from domain.forum.decide import admit, define, found
from domain.forum.events import Audience, AudienceKind, BookOpened, SecretaryAppointed
from domain.forum.forum import Format, Forum, Letter
from domain.identity import BookId, DelegationCode, ForumId, PersonId, StreamId, stream_of


class _Books:
    """Opens books and remembers where they are."""

    def __init__(self, forum: ForumId, ids: Ids) -> None:
        self._forum = forum
        self._ids = ids
        self.opened: list[Entry] = []

    def open(self, audience: Audience) -> BookId:
        book = BookId(self._ids.new())
        self.opened.append(Entry(stream_of(self._forum, "book", *audience.names), book, BookOpened(audience)))
        return book


def entries(command: FoundForum, secretary: PersonId, ids: Ids) -> tuple[ForumId, tuple[Entry, ...]]:
    """All facts of a founding, in order. Raises the refusals of admitting delegations and defining formats."""
    check_room(len(command.formats), command.rules.slots)
    forum_id = ForumId(ids.new())
    books = _Books(forum_id, ids)
    public = books.open(Audience(AudienceKind.PUBLIC))
    all_delegations = books.open(Audience(AudienceKind.FORUM))
    books.open(Audience(AudienceKind.SECRETARIAT))
    founded = found(command)
    recorded = [Entry(StreamId(forum_id), public, founded)]
    forum = Forum(founded)
    for described in command.delegations:
        admitted = admit(forum, described)
        forum = Forum(founded, {**forum.delegations, described.code: admitted})
        recorded.append(Entry(StreamId(forum_id), public, admitted))
        books.open(delegations_audience((described.code,)))
    recorded.extend(_formats(command.formats, forum, books, forum_id=forum_id, public=public))
    recorded.append(Entry(stream_of(forum_id, "secretariat"), all_delegations, SecretaryAppointed(secretary)))
    return forum_id, (*books.opened, *recorded)


def _formats(
    described: Iterable[FormatDescribed], forum: Forum, books: _Books, *, forum_id: ForumId, public: BookId
) -> Iterable[Entry]:
    letters: dict[str, Letter] = {}
    known: dict[str, Format] = {}
    for format_ in described:
        defined, reserved = define(forum, known.get(format_.code), letters.get(format_.letter), format_)
        known[format_.code] = Format(defined)
        letters[format_.letter] = Letter(format_.code)
        own = books.open(Audience(AudienceKind.FORMAT, format_.code, defined.members))
        book = public if format_.listed else own
        yield Entry(stream_of(forum_id, "format", format_.code), book, defined)
        yield Entry(stream_of(forum_id, "letter", format_.letter), book, reserved)


def delegations_audience(codes: Iterable[DelegationCode]) -> Audience:
    """The audience of a delegation, or of several that share a draft."""
    return Audience(AudienceKind.DELEGATIONS, members=tuple(sorted(codes)))
