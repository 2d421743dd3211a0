"""What the forum consists of, looked up by the codes that people use; and what each person is in it."""

from collections.abc import Mapping, Set
from datetime import datetime
from uuid import UUID

from application.access import Office, Person, may_read
from application.folds import Folded
from application.memory import Memory
from domain.conferences.agenda import Agenda
from domain.epochs.epochs import Slot
from domain.forum.events import Audience, AudienceKind, Role
from domain.forum.forum import Forum
from domain.forum.keys import Keys
from domain.forum.people import Book, Credentials, Secretariat
from domain.identity import BookId, CredentialId, DelegationCode, FormatCode, ForumId, PersonId, StreamId, stream_of
from domain.kernel import earliest


class Directory:
    """Over a process's memory. What a person may read is derived again whenever the forum changed or a term ended."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._people: dict[PersonId, tuple[int, datetime | None, datetime, Person, frozenset[BookId]]] = {}
        self._public: tuple[int, frozenset[BookId]] = (-1, frozenset())

    @property
    def is_founded(self) -> bool:
        """Whether there is a forum."""
        return self._memory.forum_id is not None

    @property
    def forum_id(self) -> ForumId:
        """The forum's id; there is one once it is founded."""
        assert self._memory.forum_id is not None, "no forum is founded"
        return self._memory.forum_id

    def stream_of(self, *names: str) -> StreamId:
        """The stream of a thing that is known by a code."""
        return stream_of(self.forum_id, *names)

    def forum(self) -> Forum:
        """The forum."""
        folded = self._memory.find(StreamId(self.forum_id), self.public_books())
        assert folded is not None, "a founded forum is in the public book"
        assert isinstance(folded.state, Forum), "its stream bears the forum's id"
        return folded.state

    def delegations(self) -> Set[DelegationCode]:
        """The codes of all delegations."""
        return self.forum().delegations.keys()

    def book_of(self, audience: Audience) -> Folded | None:
        """The book for an audience, if there is one. For filing, never for showing."""
        return self._memory.lasting(self.stream_of("book", *audience.names))

    def books_of_formats(self, books: Set[BookId]) -> Mapping[FormatCode, BookId]:
        """The formats whose book is among these."""
        audiences = ((book.audience, book.id) for _, _, book in self._memory.everything(Book) if book.id in books)
        return {audience.format: book for audience, book in audiences if audience.format is not None}

    def slots(self) -> Mapping[BookId, int]:
        """The slot that each format's book has in the epochs. For filling them; shown to who reads the book, its own alone."""
        return {folded.book: slot.slot for _, folded, slot in self._memory.everything(Slot)}

    def stream_of_book(self, book: BookId) -> StreamId | None:
        """The stream in which a book's audience and readers stand."""
        return next((stream for stream, folded, _ in self._memory.everything(Book) if folded.book == book), None)

    def audience_of(self, book: BookId) -> Audience:
        """Whom a book is for. It is known of every book that anybody may read."""
        return next(found.audience for _, _, found in self._memory.everything(Book) if found.id == book)

    def person(self, person: PersonId | None, now: datetime) -> tuple[Person, frozenset[BookId]]:
        """What the person is now, and the books that it may read."""
        if person is None:
            return Person(), self.public_books()
        known = self._people.get(person)
        if known and known[0] == self._memory.generation and known[2] <= now and (known[1] is None or now < known[1]):
            return known[3], known[4]
        found, until = self._offices(person, now)
        books = self._books(found)
        self._people[person] = (self._memory.generation, until, now, found, books)
        return found, books

    def books_of(self, delegation: DelegationCode) -> frozenset[BookId]:
        """The books that everybody of a delegation may read."""
        member = Office(delegation, CredentialId(UUID(int=0)), Role.ADVISER)  # of none in particular: nobody acts under it
        return self._books(Person(offices=(member,)))

    def forum_book(self) -> BookId:
        """The book of all delegations."""
        folded = self.book_of(Audience(AudienceKind.FORUM))
        assert folded is not None, "a founding opens it"
        return folded.book

    def keys(self, delegation: DelegationCode) -> Keys:
        """The keys of a delegation. They stand in the forum's book; whom that is closed to, they are told by a policy alone."""
        folded = self._memory.lasting(self.stream_of("keys", delegation))
        return folded.state if folded is not None and isinstance(folded.state, Keys) else Keys(delegation)

    def all_books(self) -> frozenset[BookId]:
        """Every book: for what time alone does."""
        return frozenset(book.id for _, _, book in self._memory.everything(Book))

    def public_books(self) -> frozenset[BookId]:
        """The books that need no token."""
        if self._public[0] != self._memory.generation:
            books = (book for _, _, book in self._memory.everything(Book))
            public = frozenset(book.id for book in books if may_read(Person(), book, frozenset()))
            self._public = (self._memory.generation, public)
        return self._public[1]

    def people(self, books: Set[BookId]) -> frozenset[PersonId]:
        """Those whom a reader of these books meets there: who holds or held a credential, serves, or chairs."""
        held = (c.issued.values() for _, f, c in self._memory.everything(Credentials) if f.book in books)
        serving = (s.secretaries for _, f, s in self._memory.everything(Secretariat) if f.book in books)
        chairs = (a.chair for _, f, a in self._memory.everything(Agenda) if f.book in books)
        holders = frozenset(credential.person for credentials in held for credential in credentials)
        return holders.union(*serving, (chair for chair in chairs if chair is not None))

    def _offices(self, person: PersonId, now: datetime) -> tuple[Person, datetime | None]:
        offices: list[Office] = []
        changes: list[datetime | None] = []
        for _, _, credentials in self._memory.everything(Credentials):
            changes.append(credentials.next_change(now))
            if held := credentials.of(person, now):
                offices.append(Office(credentials.delegation, held.id, held.role))
        chairs = frozenset((a.edition, a.format) for _, _, a in self._memory.everything(Agenda) if a.chair == person)
        serves = any(person in s.secretaries for _, _, s in self._memory.everything(Secretariat))
        return Person(person, tuple(offices), chairs, serves), earliest(changes)

    def _books(self, person: Person) -> frozenset[BookId]:
        delegations = self.delegations()
        books = (book for _, _, book in self._memory.everything(Book))
        return frozenset(book.id for book in books if may_read(person, book, delegations))
