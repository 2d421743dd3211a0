"""The books as logs that anybody checks who may read them: their checkpoints, tiles, proofs and openings.

Everything goes through the caller's books: of another book there is nothing, as of none. What was never under a published
checkpoint is not there either, but for its opening.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import Protocol, TypeVar

from msgspec import Struct

from application.desk import NotThereError
from domain.identity import BookId
from domain.record import note, proofs, tiles
from domain.record.bundle import Description
from domain.record.leaf import entry
from domain.record.note import Note
from domain.record.proofs import Proof
from domain.record.tiles import Tile
from domain.record.tlogproof import TlogProof
from domain.record.tree import Read

T = TypeVar("T")


class Recent(Struct, frozen=True):
    """One of a book's newest checkpoints, how old it is in seconds, and the lines under it."""

    size: int
    age: float
    cosignatures: tuple[str, ...]


class Kept(Struct, frozen=True):
    """How far a book has come as a tree, and as what was signed of it."""

    size: int
    signing: str
    """``current``; or what keeps its last size from being signed: ``away``, ``rollback``, ``inconsistent``, ``state-lost``,
    ``malformed`` of the signer, ``parked`` where the book itself is not as it must be."""
    checkpoint: int
    """The size that was signed last; 0: none."""
    recent: tuple[Recent, ...]
    """The newest checkpoints, the last first: as many as are signed while witnesses follow."""


class Published(Struct, frozen=True):
    """A checkpoint with the log's signatures, and the lines of those who say to have seen it."""

    size: int
    note: str
    cosignatures: tuple[str, ...]

    @property
    def whole(self) -> Note:
        """All that was signed, the log first."""
        signed = note.parsed(self.note.encode())
        lines = (note.signature(line.rstrip("\n")) for line in self.cosignatures)
        return Note(signed.text, (*signed.signatures, *lines))


class Opened(Struct, frozen=True):
    """What opens the commitment of a fact; without salt, what is left of the envelope of words that were erased."""

    salt: bytes | None
    envelope: bytes


class Books(Protocol):
    """What is stored of the books. A question names its reader's books, and finds nothing outside of them. All raise Busy."""

    async def kept(self, books: Set[BookId]) -> Mapping[BookId, Kept]:
        """How far each of them has come. One that was opened just now may be missing."""
        ...

    async def checkpoint(self, books: Set[BookId], book: BookId, size: int | None = None) -> Published | None:
        """The checkpoint of a size, or the last."""
        ...

    async def piece(self, books: Set[BookId], book: BookId, tile: Tile) -> bytes | None:
        """A hash tile: a full one once a checkpoint covers it, a partial one if a checkpoint has just this one."""
        ...

    async def commitments(self, books: Set[BookId], book: BookId, tile: Tile) -> Sequence[bytes]:
        """The commitments of a bundle of entries, which is there as the tile of the leaves is; else none."""
        ...

    async def tiles(self, books: Set[BookId], book: BookId, wanted: Set[Tile]) -> Mapping[Tile, bytes]:
        """Hash tiles as wide as they are wanted, for proofs."""
        ...

    async def opening(self, books: Set[BookId], book: BookId, index: int) -> Opened | None:
        """What opens the commitment of a fact."""
        ...

    async def openings(self, books: Set[BookId], book: BookId, first: int, most: int) -> Sequence[Opened]:
        """What opens the commitments from an index on, at most so many."""
        ...

    async def sizes(self, books: Set[BookId], book: BookId) -> Sequence[int]:
        """Of all checkpoints, from the smallest on."""
        ...

    async def checkpoints(self, books: Set[BookId], book: BookId, sizes: Sequence[int]) -> Sequence[Published]:
        """Those of these sizes, from the smallest on."""
        ...


class TooLargeError(Exception):
    """One archive cannot hold it; parts of it can."""


class Binder(Protocol):
    """Who keeps the files of a bundle until they are handed out. Belongs to one thread at a time."""

    def add(self, name: str, content: bytes) -> None:
        """The next file."""
        ...

    def open(self, first: int, opened: Sequence[Opened]) -> None:
        """More of the openings, from this index on, and of the replay."""
        ...

    def close_openings(self) -> None:
        """These were all."""
        ...

    def state(self) -> bytes:
        """What all that was opened comes to."""
        ...

    @property
    def audience(self) -> bytes:
        """As the fact has it by which the book was opened, in JSON; null where that was not among the openings."""
        ...

    @property
    def digests(self) -> dict[str, str]:
        """The SHA-256 of each file."""
        ...

    def verifier(self) -> bytes:
        """The program that goes with each bundle."""
        ...

    def archive(self, description: Description) -> tuple[int, Iterator[bytes]]:
        """How many bytes the bundle has, and these. Raises TooLargeError."""
        ...

    def close(self) -> None:
        """Forget it."""
        ...


class Reading:
    """One book, as one reader reads it. What is not there, or not for them, raises NotThereError."""

    def __init__(self, kept: Books, books: Set[BookId], book: BookId) -> None:
        if book not in books:
            raise NotThereError
        self._kept = kept
        self._books = books
        self._book = book

    async def checkpoint(self, size: int | None = None) -> Published:
        """The checkpoint of a size, or the last."""
        return _there(await self._kept.checkpoint(self._books, self._book, size))

    async def tile(self, tile: Tile) -> bytes:
        """A hash tile, or a bundle of entries."""
        if tile.level is not None:
            return _there(await self._kept.piece(self._books, self._book, tile))
        commitments = await self._kept.commitments(self._books, self._book, tile)
        return tiles.bundled([entry(commitment) for commitment in _there(commitments or None)])

    async def inclusion(self, index: int, size: int | None = None) -> TlogProof:
        """That a fact stands in the tree of a checkpoint; of the last, if no size is named."""
        under = await self.checkpoint(size)
        if index >= under.size:
            raise NotThereError
        proof = await self._proven(under.size, lambda read: proofs.inclusion(read, index, under.size))
        return TlogProof(index, proof, under.whole)

    async def consistency(self, old: int, new: int) -> Proof:
        """That the tree of one size began with that of another: any two up to the last checkpoint. Of 0 there is no proof."""
        if not old <= new <= (await self.checkpoint()).size:
            raise NotThereError
        return await self._proven(new, lambda read: proofs.consistency(read, old, new)) if old else ()

    async def opening(self, index: int) -> Opened:
        """What opens the commitment of a fact."""
        return _there(await self._kept.opening(self._books, self._book, index))

    async def _proven(self, size: int, prove: Callable[[Read], Proof]) -> Proof:
        found = await self._kept.tiles(self._books, self._book, tiles.wanted(size, prove))
        return prove(tiles.nodes(found.__getitem__, size))


def _there(found: T | None) -> T:
    if found is None:
        raise NotThereError
    return found
