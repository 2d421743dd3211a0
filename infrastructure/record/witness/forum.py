"""What a witness asks of the forum that it watches. Nothing of what comes back is believed."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from domain.identity import BookId
from domain.record.proofs import Proof
from domain.record.tiles import Tile


class Listed(Struct, frozen=True):
    """A book that the witness may read, and how far the forum says that it has come: facts recorded, and facts under a checkpoint."""

    id: BookId
    facts: int
    size: int


class Opening(Struct, frozen=True):
    """What opens an entry, or why nothing does."""

    index: int
    salt: bytes | None = None
    envelope: bytes | None = None
    withheld: str | None = None


class LogKeys(Struct, frozen=True):
    """The public keys (Ed25519, 32 octets each) that the forum says are its own: of its books, and of its promises."""

    logs: tuple[bytes, ...]
    promises: tuple[bytes, ...] = ()


class Forum(Protocol):
    """A running forum. Everything raises Away, Unknown, Refused; and Malformed for what cannot be read."""

    async def books(self) -> Sequence[Listed]:
        """All books that the witness may read."""
        ...

    async def keys(self) -> LogKeys:
        """The forum's keys."""
        ...

    async def checkpoint(self, book: BookId) -> bytes:
        """The newest checkpoint."""
        ...

    async def consistency(self, book: BookId, old: int, new: int) -> Proof:
        """The proof that a tree begins with an earlier one."""
        ...

    async def entries(self, book: BookId, tile: Tile) -> bytes:
        """A bundle of entries."""
        ...

    async def openings(self, book: BookId, first: int, end: int) -> Sequence[Opening]:
        """What opens these entries."""
        ...

    async def cosign(self, book: BookId, size: int, line: str) -> None:
        """Hand in a cosignature of the checkpoint of this size."""
        ...
