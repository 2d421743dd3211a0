"""What happens to a forum: who sits in it, in which formats, and who may act for whom."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Literal

from msgspec import Struct

from domain.identity import CredentialId, DelegationCode, FormatCode, KeyId, Language, PersonId
from domain.kernel import Fact
from domain.rules import Rules

ForumKind = Literal["regular", "demonstration", "import"]
"""A demonstration or an import says so in its first fact and on every output, for ever."""


class Role(StrEnum):
    """What a credential makes of a person in the delegation. Head and alternate bind it; the others prepare."""

    HEAD = "head"
    ALTERNATE = "alternate"
    DELEGATE = "delegate"
    ADVISER = "adviser"

    @property
    def binds(self) -> bool:
        """Whether an act of this person is the delegation's."""
        return self in {Role.HEAD, Role.ALTERNATE}


class AudienceKind(StrEnum):
    """Whom a book is for."""

    PUBLIC = "public"
    FORUM = "forum"
    FORMAT = "format"
    DELEGATIONS = "delegations"
    SECRETARIAT = "secretariat"


class Audience(Struct, frozen=True, forbid_unknown_fields=True):
    """Whom a book is for: of a format its code and members, of delegations that share it their codes in order."""

    kind: AudienceKind
    format: FormatCode | None = None
    members: tuple[DelegationCode, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What tells this audience from every other."""
        return (self.kind, self.format or "+".join(self.members))


class ForumFounded(Fact, frozen=True):
    """The forum exists, under these rules."""

    tag: ClassVar[str] = "forum.founded"

    name: dict[Language, str]
    host: str
    kind: ForumKind
    languages: tuple[Language, ...]
    time_zone: str
    """An IANA name: whose calendar the meeting days follow."""
    proposal_kinds: tuple[str, ...]
    rules: Rules


class DelegationAdmitted(Fact, frozen=True):
    """A national group of participants has a seat."""

    tag: ClassVar[str] = "forum.delegation-admitted"

    code: DelegationCode
    names: dict[Language, str]
    time_zone: str


class SignerKeyAnnounced(Fact, frozen=True):
    """From here on these keys sign, and no others: a signer was met whose keys were not announced yet.

    While keys overlap, the old one signs the tree that holds this. Nobody's act.
    """

    tag: ClassVar[str] = "forum.signer-key-announced"

    logs: tuple[bytes, ...]
    """The public keys (Ed25519, in JSON as base64) under the checkpoints of all books, the newest first."""
    promises: tuple[bytes, ...]
    """The same, under ``<host>/promise``."""


class FormatDefined(Fact, frozen=True):
    """These delegations meet as such. Of an unlisted format only its own book says so."""

    tag: ClassVar[str] = "format.defined"

    code: FormatCode
    letter: str
    names: dict[Language, str]
    members: tuple[DelegationCode, ...]
    listed: bool


class LetterReserved(Fact, frozen=True):
    """The letter that begins the numbers of a format's proposals is taken; told where the format itself is."""

    tag: ClassVar[str] = "letter.reserved"

    letter: str
    format: FormatCode


class BookOpened(Fact, frozen=True):
    """A record book begins, for this audience."""

    tag: ClassVar[str] = "book.opened"

    audience: Audience


class ReaderConsented(Fact, frozen=True):
    """One member of the audience lets a person read the book; it opens once every member has."""

    tag: ClassVar[str] = "book.reader-consented"

    person: PersonId
    delegation: DelegationCode


class ReaderEnded(Fact, frozen=True):
    """One member of the audience takes that back; the book is closed to the person at once."""

    tag: ClassVar[str] = "book.reader-ended"

    person: PersonId
    delegation: DelegationCode


class CredentialIssued(Fact, frozen=True):
    """A person may act for a delegation, as this, from then until then."""

    tag: ClassVar[str] = "credential.issued"

    delegation: DelegationCode
    credential: CredentialId
    person: PersonId
    role: Role
    begins: datetime
    ends: datetime | None
    notice: str | None
    """Where the secretary names a delegation's first head: the reference of the delegation's written notice."""


class CredentialEnded(Fact, frozen=True):
    """A person acts for the delegation no longer."""

    tag: ClassVar[str] = "credential.ended"

    credential: CredentialId


class KeyPurpose(StrEnum):
    """What a delegation signs with a key: never two things with one."""

    ACTS = "acts"
    """Its own positions: that the act is the delegation's."""
    WITNESS = "witness"
    """The books that it may read: that it saw them grow, and nothing in them change."""


class KeyKind(StrEnum):
    """How a key signs."""

    ED25519 = "ed25519"
    """RFC 8032."""
    ML_DSA_44 = "ml-dsa-44"
    """FIPS 204; where the forum asks for witnesses that hold against a quantum computer."""


class KeyRegistered(Fact, frozen=True):
    """A delegation signs with this key from now on. Its id follows from kind and octets (`domain.forum.keys.key_id`)."""

    tag: ClassVar[str] = "delegation.key-registered"

    delegation: DelegationCode
    purpose: KeyPurpose
    kind: KeyKind
    public: bytes
    """The octets of the public key alone: in JSON as base64, with padding."""


class KeyEnded(Fact, frozen=True):
    """The delegation signs with this key no longer. What it signed before stands."""

    tag: ClassVar[str] = "delegation.key-ended"

    delegation: DelegationCode
    key: KeyId


class SecretaryAppointed(Fact, frozen=True):
    """A person serves the forum."""

    tag: ClassVar[str] = "secretariat.secretary-appointed"

    person: PersonId


class SecretaryEnded(Fact, frozen=True):
    """A person serves the forum no longer."""

    tag: ClassVar[str] = "secretariat.secretary-ended"

    person: PersonId


FACTS: tuple[type[Fact], ...] = (
    ForumFounded,
    DelegationAdmitted,
    SignerKeyAnnounced,
    FormatDefined,
    LetterReserved,
    BookOpened,
    ReaderConsented,
    ReaderEnded,
    CredentialIssued,
    CredentialEnded,
    KeyRegistered,
    KeyEnded,
    SecretaryAppointed,
    SecretaryEnded,
)
