"""From fact to bytes: the canonical envelope of record.md, for ever.

``envelope = JSON, sorted keys: actor, at, book, command, credential, data, delegation, effective, index, signature,
stream, type, v``. ``at`` and ``index`` are known only under the head lock, so a fact is encoded as three pieces around
these two holes. What is hashed is what is stored; nothing encodes it again.

In the subset used here (no floats, integers within 2**53, NFC strings, ASCII keys) sorted msgspec JSON equals RFC 8785;
the tests prove it with the rfc8785 package.
"""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Final, Literal

import msgspec
from msgspec import Raw, Struct

from domain.identity import BookId, CommandId, CredentialId, DelegationCode, PersonId, StreamId
from domain.kernel import Fact
from domain.record.malformed import Malformed

COMMIT_TAG: Final = b"accord/commit/v1\0"
SALT_BYTES: Final = 32

_encode = msgspec.json.Encoder(order="sorted").encode


class Envelope(Struct, frozen=True):
    """An envelope read back. ``data`` is left as it stands: its shape follows from ``type`` and ``v``."""

    actor: PersonId | None
    at: datetime
    book: BookId
    command: CommandId
    credential: CredentialId | None
    data: Raw
    delegation: DelegationCode | None
    effective: datetime | None
    index: int
    signature: str | None
    stream: StreamId
    type: str
    v: int


class Remains(Struct, frozen=True):
    """What stands in place of an envelope whose words were erased: the rest of it, and the index of the fact that erased them.

    The signature goes, too: over words that somebody guesses it would say whether the guess is right. So does the salt, for the
    same reason. Nothing here can be proved any more but by what stands beside it; the commitment stays in the tree.
    """

    actor: PersonId | None
    at: datetime
    book: BookId
    command: CommandId
    credential: CredentialId | None
    delegation: DelegationCode | None
    effective: datetime | None
    erasure: int
    index: int
    stream: StreamId
    type: str
    withheld: Literal["erased"]


class Pieces(Struct, frozen=True):
    """An envelope around its two holes: head, ``at``, middle, ``index``, tail."""

    head: bytes
    middle: bytes
    tail: bytes

    def filled(self, at: datetime, index: int) -> bytes:
        """The whole envelope. The append function does the same in SQL."""
        return b"".join((self.head, instant(at).encode(), self.middle, str(index).encode(), self.tail))


def pieces(
    fact: Fact,
    *,
    stream: StreamId,
    book: BookId,
    command: CommandId,
    actor: PersonId | None = None,
    delegation: DelegationCode | None = None,
    credential: CredentialId | None = None,
    effective: datetime | None = None,
    signature: str | None = None,
) -> Pieces:
    """Encode all of a fact that is known before it is recorded."""
    said = None if effective is None else instant(effective)
    return Pieces(
        head=b'{"actor":%b,"at":"' % _encode(actor),
        middle=b'","book":%b,"command":%b,"credential":%b,"data":%b,"delegation":%b,"effective":%b,"index":'
        % (_encode(book), _encode(command), _encode(credential), _encode(fact), _encode(delegation), _encode(said)),
        tail=b',"signature":%b,"stream":%b,"type":%b,"v":%b}'
        % (_encode(signature), _encode(stream), _encode(fact.tag), _encode(fact.version)),
    )


def instant(at: datetime) -> str:
    """An instant as every envelope writes it: UTC, six digits of a second, Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def moment(text: str, line: int) -> datetime:
    """Read an instant as `instant` writes it, and in no other spelling. Raises Malformed."""
    try:
        found = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    except ValueError:
        found = None
    if found is None or instant(found) != text:
        raise Malformed(line, "a time such as 2026-05-01T12:00:00.000000Z")
    return found


def commitment(salt: bytes, envelope: bytes) -> bytes:
    """``SHA-256("accord/commit/v1" 0x00 || salt[32] || envelope)``: what the book's tree holds of a fact."""
    assert len(salt) == SALT_BYTES, "a salt has 32 bytes"
    return sha256(COMMIT_TAG + salt + envelope).digest()


def opened(envelope: bytes) -> Envelope:
    """Read an envelope."""
    return _decoder.decode(envelope)


REMAINS: Final = b',"withheld":"erased"}'
"""How remains end, and no envelope does: the record writes them in the same canonical form (0012_erasure.sql)."""


def remaining(remains: bytes) -> Remains:
    """Read what is left of an envelope."""
    return _remains.decode(remains)


_decoder = msgspec.json.Decoder(Envelope)
_remains = msgspec.json.Decoder(Remains)
