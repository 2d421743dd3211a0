"""A witness says when it saw which tree, and that nothing was rewritten since the last (c2sp.org/tlog-cosignature, v1).

Octets: the time in whole seconds since 1970 in eight bytes, big-endian, then the signature. With Ed25519 that is over two
lines and the whole text; with ML-DSA-44 over a structure that holds names, time, size and root, and no extension lines.
No signature is made or checked here: a cipher comes in as a function.
"""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from domain.record import checkpoint
from domain.record.malformed import LARGEST, Malformed
from domain.record.note import SIGNATURE_BYTES, Holds, Kind, Signature, VerifierKey

TIME_BYTES: Final = 8
LONGEST_NAME: Final = 255
"""In octets: as much as the length before a name can say."""

Check = Callable[[Kind, bytes, bytes, bytes], bool]
"""Whether, for a kind of key, its public octets, a message and a bare signature belong together. It raises nothing."""


class Cosignature(Struct, frozen=True):
    """When, in seconds since 1970, and the bare signature."""

    at: int
    bare: bytes

    def __bytes__(self) -> bytes:
        return self.at.to_bytes(TIME_BYTES, "big") + self.bare


def parsed(kind: Kind, octets: bytes) -> Cosignature:
    """Read what a witness's line holds."""
    if len(octets) != TIME_BYTES + SIGNATURE_BYTES[kind]:
        raise Malformed(1, f"a cosignature of {TIME_BYTES} and {SIGNATURE_BYTES[kind]} octets")
    at = int.from_bytes(octets[:TIME_BYTES], "big")
    if at > LARGEST:
        raise Malformed(1, f"a time of at most {LARGEST}")
    return Cosignature(at, octets[TIME_BYTES:])


def message(key: VerifierKey, text: str, at: int = 0) -> bytes:
    """What a key of its kind signs, given the text of a checkpoint and, if it is a witness's, the time."""
    match key.kind:
        case Kind.ED25519:
            return text.encode()
        case Kind.COSIGNATURE:
            return f"cosignature/v1\ntime {at}\n{text}".encode()
        case Kind.COSIGNATURE_ML_DSA_44:
            return _structure(key.name, checkpoint.parsed(text), at)


def _structure(cosigner: str, tree: checkpoint.Checkpoint, at: int) -> bytes:
    begins_at = 0  # the tree is the subtree from the first leaf on
    numbers = (at, begins_at, tree.size)
    time, start, end = (number.to_bytes(8, "big") for number in numbers)
    return b"".join((b"subtree/v1\n\0", _named(cosigner), time, _named(tree.origin), start, end, tree.root))


def _named(name: str) -> bytes:
    octets = name.encode()
    if len(octets) > LONGEST_NAME:
        raise Malformed(1, f"a name of at most {LONGEST_NAME} octets")
    return bytes([len(octets)]) + octets


def line(key: VerifierKey, found: Cosignature) -> Signature:
    """The line under a note that a witness sends."""
    return Signature(key.name, key.id, bytes(found))


def holds(check: Check) -> Holds:
    """Check the signatures of notes, each as the kind of its key has it. What cannot be read does not hold."""

    def signed(key: VerifierKey, text: str, octets: bytes) -> bool:
        try:
            if key.kind is Kind.ED25519:
                whole = len(octets) == SIGNATURE_BYTES[key.kind]
                return whole and check(key.kind, key.public, message(key, text), octets)
            found = parsed(key.kind, octets)
            return check(key.kind, key.public, message(key, text, found.at), found.bare)
        except Malformed:
            return False

    return signed
