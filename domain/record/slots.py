"""What a slot of an epoch holds: a commitment to a book's checkpoint, or to padding, which nobody can tell apart.

``commitment = SHA-256("accord/slot/v1" 0x00 || salt[32] || content)``. The content is the text of a checkpoint as the log
signed it, or the padding of just this epoch and slot. Padding can be opened like a checkpoint, so that nothing can be hidden as
what looks random.
"""

from datetime import datetime
from hashlib import sha256
from typing import Final

import msgspec

from domain.record.envelope import SALT_BYTES, instant

SLOT_TAG: Final = b"accord/slot/v1\0"

_encode = msgspec.json.Encoder(order="sorted").encode


def commitment(salt: bytes, content: bytes) -> bytes:
    """What the epoch's fact says of a slot."""
    assert len(salt) == SALT_BYTES, "a salt has 32 bytes"
    return sha256(SLOT_TAG + salt + content).digest()


def padding(forum: str, begins: datetime, slot: int) -> bytes:
    """What a slot holds in an epoch in which no book has anything to put there. ``forum``: its host."""
    return _encode({"epoch": instant(begins), "forum": forum, "padding": "accord/padding/v1", "slot": slot})
