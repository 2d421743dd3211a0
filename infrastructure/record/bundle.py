"""Writing a bundle: what is large lies in a temporary file until the whole is handed out, piece by piece.

Each file's SHA-256 stands in the first, and its CRC before its bytes, so all of it is made before any of it is sent.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib.resources import files
from tempfile import TemporaryFile
from types import TracebackType
from typing import Final, Self
from zlib import crc32

from msgspec import Struct

from domain.record.archive import Member, directory, fits, size_of
from domain.record.bundle import DESCRIPTION, Description, encode

PIECE: Final = 1 << 18
"""Bytes that are handed out at once."""


class BundleTooLarge(Exception):
    """One archive cannot hold it; parts of it can."""


class _Held(Struct, frozen=True):
    member: Member
    offset: int
    digest: str


class Spool:
    """The files of a bundle, on disk for as long as it is open. Belongs to one thread at a time."""

    def __init__(self) -> None:
        self._disk = TemporaryFile()  # noqa: SIM115  closed with the spool
        self._held: list[_Held] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Forget it."""
        self._disk.close()

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """The next file."""
        offset = self._disk.seek(0, 2)
        digest, crc, size = sha256(), 0, 0
        for piece in pieces:
            self._disk.write(piece)
            digest.update(piece)
            crc = crc32(piece, crc)
            size += len(piece)
        self._held.append(_Held(Member(name, size, crc), offset, digest.hexdigest()))

    @property
    def digests(self) -> dict[str, str]:
        """The SHA-256 of each file, for the description."""
        return {held.member.name: held.digest for held in self._held}

    def archive(self, description: Description) -> tuple[int, Iterator[bytes]]:
        """How many bytes the bundle has, and these. The files must have been added in the order of the format. Raises BundleTooLarge."""
        assert [held.member.name for held in self._held] == description.names[1:], "the files come in their order"
        head = encode(description)
        members = [Member(DESCRIPTION, len(head), crc32(head)), *(held.member for held in self._held)]
        if not fits(members):
            raise BundleTooLarge
        return size_of(members), self._pieces(head, members)

    def _pieces(self, head: bytes, members: list[Member]) -> Iterator[bytes]:
        yield members[0].header + head
        for held in self._held:
            yield held.member.header
            yield from self._content(held)
        yield directory(members)

    def _content(self, held: _Held) -> Iterator[bytes]:
        self._disk.seek(held.offset)
        left = held.member.size
        while left:
            piece = self._disk.read(min(PIECE, left))
            left -= len(piece)
            yield piece


def verifier() -> bytes:
    """The program that goes with each bundle."""
    return files("infrastructure.record").joinpath("verify.py").read_bytes()
