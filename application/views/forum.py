"""What is this forum, and what am I in it?"""

from collections.abc import Iterable, Set
from datetime import datetime

from msgspec import Struct

from application.access import MAY, Office, Person
from application.directory import Directory
from application.memory import Memory
from domain.forum.events import Audience, ForumKind
from domain.forum.forum import Format
from domain.forum.keys import Key, Keys
from domain.forum.people import Book, Credential, Credentials
from domain.identity import (
    BookId,
    CredentialId,
    DelegationCode,
    EditionCode,
    FormatCode,
    KeyId,
    Language,
    PersonId,
    StreamId,
)
from domain.rules import Rules


class DelegationShown(Struct, frozen=True):
    """A delegation: a national group of participants, not a state."""

    code: DelegationCode
    names: dict[Language, str]
    time_zone: str


class FormatShown(Struct, frozen=True):
    """A format that the reader may know of."""

    code: FormatCode
    letter: str
    names: dict[Language, str]
    members: tuple[DelegationCode, ...]
    listed: bool


class ForumShown(Struct, frozen=True):
    """The forum."""

    name: dict[Language, str]
    host: str
    kind: ForumKind
    languages: tuple[Language, ...]
    time_zone: str
    proposal_kinds: tuple[str, ...]
    rules: Rules
    delegations: tuple[DelegationShown, ...]
    formats: tuple[FormatShown, ...]


class BookShown(Struct, frozen=True):
    """A book that the reader may read."""

    id: BookId
    audience: Audience


class MeShown(Struct, frozen=True):
    """Who the reader is here, what it may read, and what it may do somewhere."""

    person: PersonId | None
    offices: tuple[Office, ...]
    chairs: tuple[tuple[EditionCode, FormatCode], ...]
    secretary: bool
    books: tuple[BookShown, ...]
    may: tuple[str, ...]


class CredentialShown(Struct, frozen=True):
    """A term in a delegation."""

    id: CredentialId
    person: PersonId
    role: str
    begins: datetime
    ends: datetime | None


class KeyShown(Struct, frozen=True):
    """A key with which a delegation signs, or signed."""

    id: KeyId
    purpose: str
    kind: str
    public: bytes
    """Its octets, in base64."""
    registered: datetime
    ended: datetime | None


def show_forum(memory: Memory, directory: Directory, books: Set[BookId]) -> ForumShown:
    """The forum, with the formats that stand in one of the reader's books."""
    forum = directory.forum()
    founded = forum.founded
    return ForumShown(
        name=founded.name,
        host=founded.host,
        kind=founded.kind,
        languages=founded.languages,
        time_zone=founded.time_zone,
        proposal_kinds=founded.proposal_kinds,
        rules=founded.rules,
        delegations=tuple(DelegationShown(d.code, d.names, d.time_zone) for d in forum.delegations.values()),
        formats=tuple(formats(memory, books)),
    )


def formats(memory: Memory, books: Set[BookId]) -> Iterable[FormatShown]:
    """The formats that the reader may know of, by letter."""
    known = [state.defined for _, folded, state in memory.everything(Format) if folded.book in books]
    for defined in sorted(known, key=lambda defined: defined.letter):
        yield FormatShown(defined.code, defined.letter, defined.names, defined.members, defined.listed)


def show_me(memory: Memory, person: Person, books: Set[BookId]) -> MeShown:
    """The reader."""
    capacities = {office.role.value for office in person.offices}
    capacities |= {"chair"} if person.chairs else set()
    capacities |= {"secretary"} if person.is_secretary else set()
    readable = [BookShown(book.id, book.audience) for _, _, book in memory.everything(Book) if book.id in books]
    return MeShown(
        person=person.id,
        offices=person.offices,
        chairs=tuple(sorted(person.chairs)),
        secretary=person.is_secretary,
        books=tuple(sorted(readable, key=lambda book: (book.audience.names, book.id))),
        may=tuple(sorted(command.__name__ for command, allowed in MAY.items() if allowed & capacities)),
    )


def show_credentials(memory: Memory, stream: StreamId, books: Set[BookId]) -> tuple[tuple[CredentialShown, ...], int]:
    """A delegation's credentials, and the version of their stream: none and 0 where none was issued yet."""
    folded = memory.find(stream, books)
    if folded is None or not isinstance(folded.state, Credentials):
        return (), 0
    return tuple(_credential(credential) for credential in folded.state.issued.values()), folded.version


def _credential(credential: Credential) -> CredentialShown:
    return CredentialShown(credential.id, credential.person, credential.role, credential.begins, credential.ends)


def show_keys(memory: Memory, stream: StreamId, books: Set[BookId]) -> tuple[tuple[KeyShown, ...], int]:
    """A delegation's keys in the order of their registration, and the version of their stream: none and 0 where there is none."""
    folded = memory.find(stream, books)
    if folded is None or not isinstance(folded.state, Keys):
        return (), 0
    return tuple(_key(key) for key in folded.state.registered.values()), folded.version


def _key(key: Key) -> KeyShown:
    return KeyShown(key.id, key.purpose, key.kind, key.public, key.registered, key.ended)
