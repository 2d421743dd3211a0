"""Who may act for a delegation, who serves the forum, and who reads a book: people as opaque ids, with their terms."""

from datetime import UTC, datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from domain.forum.events import (
    Audience,
    BookOpened,
    CredentialEnded,
    CredentialIssued,
    ReaderConsented,
    ReaderEnded,
    Role,
    SecretaryAppointed,
    SecretaryEnded,
)
from domain.identity import BookId, CredentialId, DelegationCode, PersonId
from domain.kernel import Fact, Recorded, earliest

LATEST: Final = datetime.max.replace(tzinfo=UTC)
"""The end of a term that has none."""


class Credential(Struct, frozen=True):
    """A person's term in a delegation: from ``begins`` on, before ``ends``."""

    id: CredentialId
    person: PersonId
    role: Role
    begins: datetime
    ends: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether the person may act under it now."""
        return self.begins <= now and (self.ends is None or now < self.ends)

    def overlaps(self, begins: datetime, ends: datetime | None) -> bool:
        """Whether the person may act under it at any instant of that term."""
        last, first = min(self.ends or LATEST, ends or LATEST), max(self.begins, begins)
        return first < last


class Credentials(Struct, frozen=True):
    """All credentials that a delegation ever gave."""

    delegation: DelegationCode
    issued: dict[CredentialId, Credential] = {}

    def of(self, person: PersonId, now: datetime) -> Credential | None:
        """The credential under which the person acts for the delegation now."""
        return next((c for c in self.issued.values() if c.person == person and c.holds(now)), None)

    def within(self, person: PersonId, begins: datetime, ends: datetime | None) -> Credential | None:
        """A credential under which the person acts for the delegation at some time of that term."""
        return next((c for c in self.issued.values() if c.person == person and c.overlaps(begins, ends)), None)

    def heads(self, now: datetime) -> list[Credential]:
        """The heads in office now."""
        return [c for c in self.issued.values() if c.role is Role.HEAD and c.holds(now)]

    def next_change(self, now: datetime) -> datetime | None:
        """When a credential next begins or ends."""
        terms = (instant for c in self.issued.values() for instant in (c.begins, c.ends))
        return earliest(instant for instant in terms if instant is not None and instant > now)


class Secretariat(Struct, frozen=True):
    """Who serves the forum."""

    secretaries: frozenset[PersonId] = frozenset()


class Book(Struct, frozen=True):
    """A record book, whom it is for, and whose consent each further reader has."""

    id: BookId
    audience: Audience
    consents: dict[PersonId, frozenset[DelegationCode]] = {}


def evolve_credentials(credentials: Credentials | None, recorded: Recorded[Fact]) -> Credentials | None:
    """The delegation's credentials after a fact."""
    known = credentials.issued if credentials else {}
    match recorded.fact:
        case CredentialIssued() as fact:
            issued = Credential(fact.credential, fact.person, fact.role, fact.begins, fact.ends)
            return Credentials(fact.delegation, {**known, issued.id: issued})
        case CredentialEnded(credential=ended) if credentials is not None and ended in known:
            return replace(credentials, issued={**known, ended: replace(known[ended], ends=recorded.at)})
        case _:
            return credentials


def evolve_secretariat(secretariat: Secretariat | None, recorded: Recorded[Fact]) -> Secretariat | None:
    """The secretariat after a fact."""
    serving: frozenset[PersonId] = secretariat.secretaries if secretariat else frozenset()
    match recorded.fact:
        case SecretaryAppointed(person=person):
            return Secretariat(serving | {person})
        case SecretaryEnded(person=person):
            return Secretariat(serving - {person})
        case _:
            return secretariat


def evolve_book(book: Book | None, recorded: Recorded[Fact]) -> Book | None:
    """The book's audience and readers after a fact."""
    match recorded.fact, book:
        case BookOpened(audience=audience), None:
            return Book(recorded.book, audience)
        case ReaderConsented(person=person, delegation=delegation), Book():
            return _with_consents(book, person, book.consents.get(person, frozenset()) | {delegation})
        case ReaderEnded(person=person, delegation=delegation), Book():
            return _with_consents(book, person, book.consents.get(person, frozenset()) - {delegation})
        case _:
            return book


def _with_consents(book: Book, person: PersonId, consents: frozenset[DelegationCode]) -> Book:
    return replace(book, consents={**book.consents, person: consents})
