"""What goes over the signer's socket: a line of JSON for each question, and one for its answer, in the same order."""

from typing import Final, Literal

import msgspec
from msgspec import Struct

from application.ports import Behind, SignerKeys, SignerRefuses
from domain.record import note
from domain.record.note import Note, Signature

LONGEST: Final = 1 << 20
"""Bytes of a line."""


class AskToSign(Struct, frozen=True, tag_field="ask", tag="sign"):
    """See `application.ports.Signer`, as the two others."""

    text: str
    old: int
    proof: tuple[bytes, ...]


class AskToPromise(Struct, frozen=True, tag_field="ask", tag="promise"):
    """The promise to be signed."""

    text: str


class AskForKeys(Struct, frozen=True, tag_field="ask", tag="keys"):
    """With nothing to say."""


Question = AskToSign | AskToPromise | AskForKeys


class Signed(Struct, frozen=True, tag_field="answer", tag="signed"):
    """The lines of signature, each with its newline."""

    lines: tuple[str, ...]


class FromThere(Struct, frozen=True, tag_field="answer", tag="behind"):
    """The size from which the tree is to be proven to have grown."""

    size: int


class Promised(Struct, frozen=True, tag_field="answer", tag="promised"):
    """The signed note."""

    note: str


class Keys(Struct, frozen=True, tag_field="answer", tag="keys"):
    """The public keys that sign now."""

    logs: tuple[bytes, ...]
    promises: tuple[bytes, ...]


class Refused(Struct, frozen=True, tag_field="answer", tag="refused"):
    """It will not sign this."""

    reason: Literal["rollback", "inconsistent", "state-lost", "malformed"]
    size: int | None = None


class Failed(Struct, frozen=True, tag_field="answer", tag="failed"):
    """It could not: a disk is full, a file cannot be read."""

    why: str


Answer = Signed | FromThere | Promised | Keys | Refused | Failed

question: Final = msgspec.json.Decoder(Question).decode
answer: Final = msgspec.json.Decoder(Answer).decode


def line(said: Question | Answer) -> bytes:
    """One question, or one answer."""
    return msgspec.json.encode(said) + b"\n"


def signed(found: tuple[Signature, ...] | Behind) -> Signed | FromThere:
    """The answer to who asked for a signature."""
    return FromThere(found.size) if isinstance(found, Behind) else Signed(tuple(map(str, found)))


def refused(refusal: SignerRefuses) -> Refused:
    """The refusal as an answer."""
    return Refused(refusal.reason, refusal.size)


def signatures(found: Signed) -> tuple[Signature, ...]:
    """Read them. Raises Malformed."""
    return tuple(note.signature(line.removesuffix("\n")) for line in found.lines)


def promised(found: Promised) -> Note:
    """Read it. Raises Malformed."""
    return note.parsed(found.note.encode())


def public(found: Keys) -> SignerKeys:
    """As the application has them."""
    return SignerKeys(found.logs, found.promises)
