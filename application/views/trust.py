"""The public keys behind the books, and the policy of one, as a person compares them with what they were given elsewhere."""

from collections.abc import Iterable, Set
from datetime import datetime
from hashlib import sha256
from typing import Final

from msgspec import Struct

from application import trust
from application.directory import Directory
from application.ports import SignerKeys
from domain.forum.events import Audience
from domain.identity import BookId
from domain.record.checkpoint import origin_of
from domain.record.note import VerifierKey

GROUP: Final = 4


class KeyListed(Struct, frozen=True):
    """A public key: what it signs, whose or of what it is, and how two people compare it."""

    role: str
    """``log``, ``promise`` or ``witness``."""
    of: str
    """The audience of a book, the forum's host, or a delegation."""
    key: str
    """As it is handed round: name, id and octets."""
    fingerprint: str
    """SHA-256 of its octets in hexadecimal, in groups of four."""


class KeysListed(Struct, frozen=True):
    """The keys of the books that a reader reads, of promises, and of witnesses."""

    host: str
    items: tuple[KeyListed, ...]


class PolicyShown(Struct, frozen=True):
    """The policy of a book, and the keys that it names."""

    origin: str
    file: str
    items: tuple[KeyListed, ...]


def show_keys(directory: Directory, books: Set[BookId], keys: SignerKeys, now: datetime) -> KeysListed:
    """All keys that a reader of these books may need."""
    host = directory.forum().founded.host
    audiences = sorted((directory.audience_of(book).names, book) for book in books)
    logs = (found for _, book in audiences for found in _logs(directory, host, book, keys))
    return KeysListed(host, (*logs, *_promises(host, keys), *_witnesses(directory, directory.delegations(), now)))


def show_policy(directory: Directory, book: BookId, keys: SignerKeys, now: datetime) -> PolicyShown:
    """Whom to believe about a book. The key of promises stands in a comment: the format has no word for it."""
    host = directory.forum().founded.host
    audience = directory.audience_of(book)
    promises = "".join(f"# promise {key}\n" for key in trust.promise_keys(host, keys))
    policy = trust.policy_of(directory, book, audience, keys, now)
    members = trust.members_of(directory, audience)
    return PolicyShown(
        origin=origin_of(host, book),
        file=promises + bytes(policy).decode(),
        items=(*_logs(directory, host, book, keys), *_promises(host, keys), *_witnesses(directory, members, now)),
    )


def _logs(directory: Directory, host: str, book: BookId, keys: SignerKeys) -> Iterable[KeyListed]:
    of = name_of(directory.audience_of(book))
    return (_listed("log", of, key) for key in trust.log_keys(host, book, keys))


def _promises(host: str, keys: SignerKeys) -> Iterable[KeyListed]:
    return (_listed("promise", host, key) for key in trust.promise_keys(host, keys))


def _witnesses(directory: Directory, members: Iterable[str], now: datetime) -> Iterable[KeyListed]:
    return (
        _listed("witness", code, key)
        for code in sorted(directory.delegations() & set(members))
        for key in trust.witness_keys(directory, code, now)
    )


def name_of(audience: Audience) -> str:
    """What the book of an audience is called: its kind, or its format, or its delegations."""
    return audience.format or "+".join(audience.members) or audience.kind


def _listed(role: str, of: str, key: VerifierKey) -> KeyListed:
    return KeyListed(role, of, str(key), fingerprint(key.public))


def fingerprint(public: bytes) -> str:
    """The same for the same key, under whatever name it signs."""
    digits = sha256(public).hexdigest()
    return " ".join(digits[at : at + GROUP] for at in range(0, len(digits), GROUP))
