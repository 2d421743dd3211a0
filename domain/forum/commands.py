"""What can be asked about a forum, its delegations, formats, books and people."""

from typing import Annotated

from msgspec import Meta, Struct

from domain.forum.events import ForumKind, KeyKind, KeyPurpose, Role
from domain.identity import (
    CredentialId,
    DelegationCode,
    KeyId,
    Language,
    Letter,
    NewDelegationCode,
    NewFormatCode,
    NewLanguage,
    PersonId,
)
from domain.kernel import Command, Instant
from domain.rules import Rules


class DelegationDescribed(Struct, frozen=True, forbid_unknown_fields=True):
    """A delegation as a founding names it."""

    code: NewDelegationCode
    names: dict[Language, str]
    time_zone: str


class FormatDescribed(Struct, frozen=True, forbid_unknown_fields=True):
    """A format as a founding names it."""

    code: NewFormatCode
    letter: Letter
    names: dict[Language, str]
    members: tuple[DelegationCode, ...]
    listed: bool = True


class FoundForum(Command, frozen=True):
    """Found the forum, once."""

    name: dict[Language, str]
    host: str
    kind: ForumKind
    languages: Annotated[tuple[NewLanguage, ...], Meta(min_length=1)]
    time_zone: str
    proposal_kinds: tuple[str, ...]
    delegations: tuple[DelegationDescribed, ...]
    formats: tuple[FormatDescribed, ...]
    rules: Rules = Rules()


class AdmitDelegation(Command, frozen=True):
    """Give a national group of participants a seat."""

    code: NewDelegationCode
    names: dict[Language, str]
    time_zone: str


class DefineFormat(Command, frozen=True):
    """Let a set of delegations meet as such."""

    code: NewFormatCode
    letter: Letter
    names: dict[Language, str]
    members: tuple[DelegationCode, ...]
    listed: bool = True


class IssueCredential(Command, frozen=True):
    """Let a person act for a delegation. ``notice`` is the reference of the written notice for a first head."""

    person: PersonId
    role: Role
    begins: Instant | None = None
    ends: Instant | None = None
    notice: str | None = None


class EndCredential(Command, frozen=True):
    """End what a person may do for the delegation."""

    credential: CredentialId


class RegisterKey(Command, frozen=True):
    """Name a key with which the delegation signs from now on. ``public``: its octets, in JSON as base64."""

    purpose: KeyPurpose
    kind: KeyKind
    public: bytes


class EndKey(Command, frozen=True):
    """End a key: nothing that it signs counts any more."""

    key: KeyId


class AppointSecretary(Command, frozen=True):
    """Let a person serve the forum."""

    person: PersonId


class EndSecretary(Command, frozen=True):
    """End a person's service to the forum."""

    person: PersonId


class ConsentToReader(Command, frozen=True):
    """Let a person read one's book, for one's own part."""

    person: PersonId


class EndReader(Command, frozen=True):
    """Take one's consent back."""

    person: PersonId
