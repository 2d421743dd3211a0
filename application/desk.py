"""One attempt at a decision: what it read, in which versions, and what it would have recorded."""

from collections.abc import Iterable, Set
from datetime import datetime
from typing import Final, TypeVar

from application.access import Acting, Person, act_as
from application.directory import Directory
from application.folds import Folded, State
from application.ids import Ids
from application.memory import Memory, read
from application.ports import Entry, EventLog
from domain.forum.events import Audience, AudienceKind
from domain.forum.forum import Forum
from domain.forum.people import Credentials
from domain.identity import BookId, PersonId, StreamId
from domain.kernel import Command, Decision, Fact, Recorded, earliest
from domain.record import signedact
from domain.record.cosignature import Check

ANY_STATE: Final = "*"
"""The entity tag that stands for whatever state a thing has."""

S = TypeVar("S", bound=State)


class NotThereError(Exception):
    """There is no such thing, or not for whoever asks: the same answer."""


class UnknownPersonError(Exception):
    """The public does not act."""


class PreconditionMissingError(Exception):
    """This write needs to say which state of the thing it is meant for."""


class ChangedError(Exception):
    """The thing is not as it was when its writer read it."""

    def __init__(self, etag: str) -> None:
        self.etag = etag
        super().__init__(etag)


class MovedOnError(Exception):
    """While the decision was made, its author ceased to be what they were: it is made again."""


class Desk:
    """Reads streams and keeps their versions; takes facts. Whoever sits at it reads only their own books.

    What the forum consists of stands in the process's memory, which with ``fresh`` was just caught up with the record; then
    each stream is caught up, too.
    """

    def __init__(
        self,
        *,
        log: EventLog,
        memory: Memory,
        directory: Directory,
        ids: Ids,
        check: Check,
        person: PersonId | None,
        is_reaction: bool,
        now: datetime,
        fresh: bool,
        if_match: Set[str] | None = None,
    ) -> None:
        self._log = log
        self._memory = memory
        self.directory = directory
        self.ids = ids
        self.check = check
        self.now = now
        self._fresh = fresh
        self._if_match = if_match
        self.person: Person
        self.books: frozenset[BookId]
        self.person, self.books = directory.person(person, now)
        if is_reaction:
            self.books = directory.all_books()
        self.acting: Acting | None = None
        self.expected: dict[StreamId, int] = {}
        self.entries: list[Entry] = []
        self.until: datetime | None = None
        self.effective: datetime | None = None

    async def find(self, stream: StreamId, kind: type[S], *, rely: bool = True) -> tuple[Folded | None, S | None]:
        """The stream, if it is there for this person. ``rely``: the decision stands only while it has not moved on."""
        folded = await self._read(stream)
        if rely:
            self.expected[stream] = folded.version if folded else 0
        if folded is None or not isinstance(folded.state, kind):
            return None, None
        return folded, folded.state

    async def get(self, stream: StreamId, kind: type[S], *, rely: bool = True) -> tuple[Folded, S]:
        """The stream. Raises NotThereError."""
        folded, state = await self.find(stream, kind, rely=rely)
        if folded is None or state is None:
            raise NotThereError
        return folded, state

    async def rely_on(self, stream: StreamId) -> None:
        """The decision stands only while the stream has not moved on, whatever it is."""
        folded = await self._read(stream)
        self.expected[stream] = folded.version if folded else 0

    async def standing_at(self, book: BookId, index: int) -> Recorded[Fact] | None:
        """What stands at an index of a book of this person's. It never changes, unless its words go."""
        assert book in self.books, "whoever sits here reads only their own books"
        found = await self._log.following({book: index - 1}, 1)
        return next((recorded for recorded in found if recorded.index == index), None)

    async def forum(self) -> Forum:
        """The forum: its rules and languages never change, so that a decision need not rely on its stream."""
        return (await self.get(StreamId(self.directory.forum_id), Forum, rely=False))[1]

    async def act(self, command: type[Command], capacities: tuple[Acting, ...]) -> Acting:
        """Take the capacity in which the person may do this. For a delegation, its credentials must not move on.

        Raises MayNot; UnknownPersonError where nobody says who asks; MovedOnError where the credential has ended since the
        person sat down.
        """
        if self.person.id is None:
            raise UnknownPersonError
        self.acting = act_as(command, capacities)
        if self.acting.delegation is not None:
            stream = self.directory.stream_of("credentials", self.acting.delegation)
            folded = await self._read_always(stream)
            assert folded is not None, "who acts for a delegation was named by a fact"
            assert isinstance(folded.state, Credentials), "which stands in the stream of its credentials"
            self.expected[stream] = folded.version
            held = folded.state.of(self.person.id, self.now)
            if held is None or held.id != self.acting.credential:
                raise MovedOnError
            self.holds_until(folded.state.next_change(self.now))
        return self.acting

    def unchanged(self, etag: str) -> None:
        """Go on only if the thing is as the person had it before them. Raises PreconditionMissingError, ChangedError."""
        if self._if_match is None:
            raise PreconditionMissingError
        if self._if_match.isdisjoint({etag, ANY_STATE}):
            raise ChangedError(etag)

    def write(
        self, stream: StreamId, book: BookId, facts: Iterable[Fact], *, by_all: bool = False, signature: str | None = None
    ) -> None:
        """Have facts recorded at the end of the stream, as it was read; of a stream not read, at its beginning.

        ``by_all``: of nobody in particular, though this person's act completes them. ``signature``: of the fact among them
        that is the act itself.
        """
        self.expected.setdefault(stream, 0)
        for fact in facts:
            signed = signature if fact.tag in signedact.ACTS else None
            self.entries.append(Entry(stream, book, fact, by_all, signed))

    def decide(self, stream: StreamId, book: BookId, decision: Decision, *, signature: str | None = None) -> None:
        """Have a decision recorded, and stand by it only as long as it holds."""
        self.write(stream, book, decision.facts, signature=signature)
        self.holds_until(decision.until)

    def holds_until(self, until: datetime | None) -> None:
        """The decision must be recorded before this instant, or made again."""
        self.until = earliest((self.until, until))

    def book(self, audience: Audience) -> BookId | None:
        """The book for an audience that the person belongs to."""
        folded = self.directory.book_of(audience)
        return folded.book if folded else None

    def forum_book(self) -> BookId:
        """The book of all delegations."""
        return self.directory.forum_book()

    def public_book(self) -> BookId:
        """The book that needs no token."""
        return self._must(Audience(AudienceKind.PUBLIC))

    def secretariat_book(self) -> BookId:
        """The secretariat's own."""
        return self._must(Audience(AudienceKind.SECRETARIAT))

    def _must(self, audience: Audience) -> BookId:
        book = self.book(audience)
        assert book is not None, "a founding opens it"
        return book

    async def _read(self, stream: StreamId) -> Folded | None:
        return await self._read_in(stream, self.books)

    async def _read_always(self, stream: StreamId) -> Folded | None:
        return await self._read_in(stream, self.books | {self.forum_book()})

    async def _read_in(self, stream: StreamId, books: frozenset[BookId]) -> Folded | None:
        held = self._memory.find(stream, books)
        if held is not None and not self._fresh:
            return held
        return await read(self._log, self._memory, stream, books)
