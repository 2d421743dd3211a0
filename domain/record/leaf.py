"""From a commitment to a leaf, and from two nodes to the one above (RFC 6962, section 2.1).

A leaf is hashed under 0x00 and a node under 0x01, so that nobody can pass off a node, whose bytes are 64, as an entry. An entry
begins with 0x01, which says that a commitment of 32 bytes follows; another kind of entry would begin with another byte.
"""

from hashlib import sha256
from typing import Final

HASH_BYTES: Final = 32
ENTRY_BYTES: Final = 1 + HASH_BYTES
COMMITMENT: Final = b"\x01"
EMPTY_ROOT: Final = sha256().digest()
"""The root of a book in which nothing stands yet."""


def entry(commitment: bytes) -> bytes:
    """What a bundle of entries holds of a fact."""
    assert len(commitment) == HASH_BYTES, "a commitment has 32 bytes"
    return COMMITMENT + commitment


def leaf(content: bytes) -> bytes:
    """The hash of an entry."""
    return sha256(b"\0" + content).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash above two others."""
    return sha256(b"\x01" + left + right).digest()
