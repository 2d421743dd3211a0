"""The same request twice: by its key it finds the first answer, by its digest it is known to be the same request.

The record keeps the digest under a salt of its own, so that the row of a fact whose words were erased does not tell what
the request said.
"""

from hashlib import sha256
from typing import Final

from msgspec import Struct

from application.ports import KeyReused, Mark, Receipt
from domain.identity import CommandId

DIGEST_BYTES: Final = 32
SALT_BYTES: Final = 16


class Original(Struct, frozen=True):
    """What ``record.known`` says of the command that stands under a key."""

    command: CommandId
    position: int
    """Of its last fact."""
    facts: tuple[Mark, ...]
    request: str | None
    """As sealed, in hex; None where nobody can ask again."""


def sealed(request: bytes, salt: bytes) -> bytes:
    """The digest of a request as the record keeps it: 16 bytes of salt, then ``SHA-256(salt || digest)``."""
    assert (len(request), len(salt)) == (DIGEST_BYTES, SALT_BYTES), "a digest has 32 bytes, its salt 16"
    return salt + sha256(salt + request).digest()


def receipt(original: Original, request: bytes | None, *, repeated: bool = True) -> Receipt:
    """The first answer. Raises KeyReused where the key stands with another request."""
    if not _same(original.request, request):
        raise KeyReused
    return Receipt(original.command, original.position, original.facts, repeated)


def _same(kept: str | None, request: bytes | None) -> bool:
    if kept is None or request is None:
        return kept is request
    seal = bytes.fromhex(kept)
    return sealed(request, seal[:SALT_BYTES]) == seal
