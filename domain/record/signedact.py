"""A delegation's own signature under an act: that it is the delegation's, and of which words, nobody else can say.

    message = "accord/act/v1" 0x00 || JSON, sorted keys: act, book, credential, delegation, fingerprint, forum, key, nonce,
              proposal, revision, signed_at, stance

It is signed with Ed25519, by a key that the delegation registered. What of it the envelope of the act does not say itself
stands in the envelope's ``signature``: ``accord/act/v1 <key> <signed_at> <nonce> <value>``. So a signature that is moved to
another stance, text, proposal, book or forum does not hold there; and one nonce of a key is accepted once.

What an act says in words (a reason, a reservation) and until when it is due are not signed: words can be erased, and whoever
knew what was signed could find out erased words by trying.

No signature is made or checked here: a cipher comes in as a function.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec
from msgspec import Raw, Struct

from domain.identity import BookId, CredentialId, DelegationCode, KeyId, ProposalId
from domain.record.cosignature import Check
from domain.record.envelope import Envelope, instant, moment
from domain.record.malformed import UNREADABLE, Malformed, base64, octets
from domain.record.note import Kind

TAG: Final = "accord/act/v1"

LATEST: Final = timedelta(hours=24)
"""How long after it was signed an act can be recorded: for who signs on a machine apart."""
AHEAD: Final = timedelta(minutes=5)
"""How far a signer's clock may be ahead of the record's."""

NONCE: Final = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)

ACTS: Final[Mapping[str, str]] = {
    "proposal.position-taken": "take",
    "proposal.objection-came-late": "take",
    "proposal.position-reaffirmed": "reaffirm",
    "proposal.position-contested": "contest",
    "proposal.objection-lifted": "lift",
    "proposal.position-confirmed": "confirm",
    "proposal.position-declined": "decline",
    "proposal.given-act-disowned": "disown",
    "proposal.sponsored": "sponsor",
}
"""The facts that are acts to be signed, by tag, each with the word for the act. A command records one of them, and what it
brings about beside it."""

LATE_OBJECTION: Final = "proposal.objection-came-late"


class Named(Struct, frozen=True):
    """An act, the revision that it is about, and of a position the stance."""

    act: str
    revision: int
    stance: str | None = None


class Act(Struct, frozen=True):
    """Whose act it is, on which words, and where: all that is signed, but for how."""

    act: str
    book: BookId
    credential: CredentialId
    delegation: DelegationCode
    fingerprint: str
    """Of the revision, with its proposal and number (`domain.text.fingerprint`)."""
    forum: str
    """Its host."""
    proposal: ProposalId
    revision: int
    stance: str | None


class ActSignature(Struct, frozen=True):
    """How an act was signed."""

    key: KeyId
    signed_at: datetime
    nonce: str
    value: bytes

    def __str__(self) -> str:
        """As the envelope keeps it."""
        return " ".join((TAG, self.key, instant(self.signed_at), self.nonce, base64(self.value)))


class SigningKey(Struct, frozen=True):
    """A key for acts, as the delegation registered it. ``ended``: from then on nothing that it signs counts."""

    delegation: DelegationCode
    public: bytes
    registered: datetime
    ended: datetime | None = None


class Fault(StrEnum):
    """Why a signature does not hold."""

    MALFORMED = "malformed"
    """It is no signature of this form."""
    UNFIT = "unfit"
    """It stands under a fact that no delegation signs."""
    KEY_UNKNOWN = "key-unknown"
    """The delegation had no such key."""
    KEY_ENDED = "key-ended"
    BEFORE_KEY = "before-key"
    """It was signed before the key was registered."""
    OUT_OF_TIME = "out-of-time"
    """It was signed too long before it was recorded, or after."""
    WRONG = "wrong"
    """The key did not sign this."""


class _Message(Struct, frozen=True):
    act: str
    book: BookId
    credential: CredentialId
    delegation: DelegationCode
    fingerprint: str
    forum: str
    key: KeyId
    nonce: str
    proposal: ProposalId
    revision: int
    signed_at: str
    stance: str | None


class _Data(Struct, frozen=True):
    """Of an act's data what is signed."""

    revision: int
    stance: str | None = None


_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder(_Data).decode


def message(act: Act, key: KeyId, signed_at: datetime, nonce: str) -> bytes:
    """The octets that are signed."""
    return TAG.encode() + b"\0" + text(act, key, signed_at, nonce).encode()


def text(act: Act, key: KeyId, signed_at: datetime, nonce: str) -> str:
    """The same without the tag, as a person can read it."""
    said = _Message(
        act=act.act,
        book=act.book,
        credential=act.credential,
        delegation=act.delegation,
        fingerprint=act.fingerprint,
        forum=act.forum,
        key=key,
        nonce=nonce,
        proposal=act.proposal,
        revision=act.revision,
        signed_at=instant(signed_at),
        stance=act.stance,
    )
    return _encode(said).decode()


def named(tag: str, data: bytes | Raw) -> Named | None:
    """The act that a fact is, by its tag and data; None for a fact that nobody signs."""
    if tag not in ACTS:
        return None
    said = _decode(data)
    return Named(ACTS[tag], said.revision, "object" if tag == LATE_OBJECTION else said.stance)


def parsed(signature: str) -> ActSignature:
    """Read what an envelope keeps: in the one spelling in which it is written. Raises Malformed."""
    words = signature.split(" ")
    if len(words) != 5 or words[0] != TAG:  # noqa: PLR2004  as many as the form has
        raise Malformed(1, f"{TAG}, a key, a time, a nonce and a value")
    _, key, signed_at, nonce, value = words
    if NONCE.fullmatch(nonce) is None:
        raise Malformed(1, "a nonce of 16 to 64 letters, digits, - and _")
    return ActSignature(KeyId(key), moment(signed_at, 1), nonce, octets(value, 1, "a value"))


def spent(signature: str | None) -> tuple[KeyId, str] | None:
    """What can be accepted once: the key and its nonce. None where nothing was signed, or nothing that can be read."""
    if signature is None:
        return None
    try:
        found = parsed(signature)
    except Malformed:
        return None
    return found.key, found.nonce


def fault(act: Act, given: ActSignature, at: datetime, key: SigningKey | None, check: Check) -> Fault | None:
    """Why a signature does not hold of an act that is recorded at ``at``; None if it does."""
    if key is None or key.delegation != act.delegation or at < key.registered:
        return Fault.KEY_UNKNOWN
    if key.ended is not None and key.ended <= at:
        return Fault.KEY_ENDED
    if given.signed_at < key.registered:
        return Fault.BEFORE_KEY
    if not -AHEAD <= at - given.signed_at < LATEST:
        return Fault.OUT_OF_TIME
    signed = check(Kind.ED25519, key.public, message(act, given.key, given.signed_at, given.nonce), given.value)
    return None if signed else Fault.WRONG


def fault_of(
    envelope: Envelope, *, forum: str, fingerprints: Sequence[str], keys: Mapping[KeyId, SigningKey], check: Check
) -> Fault | None:
    """Why the signature in an envelope does not hold; None if it does, or if there is none.

    ``fingerprints``: of the proposal's revisions, by number. ``keys``: all for acts that were ever registered, with their ends.
    That it was accepted once is for the caller to see: no two facts of a proposal may have `spent` the same.
    """
    if envelope.signature is None:
        return None
    try:
        given = parsed(envelope.signature)
    except Malformed:
        return Fault.MALFORMED
    act = _act_in(envelope, forum, fingerprints)
    return Fault.UNFIT if act is None else fault(act, given, envelope.at, keys.get(given.key), check)


def _act_in(envelope: Envelope, forum: str, fingerprints: Sequence[str]) -> Act | None:
    try:
        said = named(envelope.type, envelope.data)
    except UNREADABLE:
        return None
    if said is None or envelope.delegation is None or envelope.credential is None:
        return None
    if not 0 <= said.revision < len(fingerprints):
        return None
    return Act(
        act=said.act,
        book=envelope.book,
        credential=envelope.credential,
        delegation=envelope.delegation,
        fingerprint=fingerprints[said.revision],
        forum=forum,
        proposal=ProposalId(envelope.stream),
        revision=said.revision,
        stance=said.stance,
    )
