"""Writing a bundle: what is large lies in a temporary file until the whole is handed out, piece by piece.

Each file's SHA-256 stands in the first, and its CRC before its bytes, so all of it is made before any of it is sent.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from importlib.resources import files
from tempfile import TemporaryFile
from typing import Final
from zlib import crc32

import msgspec
from msgspec import Raw, Struct

from application.books import Opened, TooLargeError
from domain.record import bundle
from domain.record.archive import Member, directory, fits, size_of
from domain.record.bundle import DESCRIPTION, OPENINGS, Description, encode, line
from domain.record.envelope import remaining
from infrastructure.record.replayed import Replayed

BEGINS: Final = b'"type":"book.opened"'
PIECE: Final = 1 << 18
"""Bytes that are handed out at once."""


class _Held(Struct, frozen=True):
    member: Member
    offset: int
    digest: str


class Spool:
    """The files of a bundle, on disk for as long as it is open (`application.books.Binder`)."""

    def __init__(self) -> None:
        self._disk = TemporaryFile()  # noqa: SIM115  closed with the spool
        self._held: list[_Held] = []
        self._openings = _Running()
        self._offset: int | None = None
        self._replayed = Replayed()
        self._audience = b"null"

    def close(self) -> None:
        """Forget it."""
        self._disk.close()

    def add(self, name: str, content: bytes) -> None:
        """The next file."""
        offset = self._disk.tell()
        self._disk.write(content)
        self._held.append(_Held(Member(name, len(content), crc32(content)), offset, sha256(content).hexdigest()))

    def open(self, first: int, opened: Sequence[Opened]) -> None:
        """More of the openings, from this index on."""
        if self._offset is None:
            self._offset = self._disk.tell()
        for index, one in enumerate(opened, first):
            content = line(self._line(index, one))
            self._disk.write(content)
            self._openings.take(content)

    def _line(self, index: int, one: Opened) -> bundle.Opened | bundle.Withheld:
        if one.salt is None:
            left = remaining(one.envelope)
            return bundle.Withheld(index, left.withheld, left.erasure)
        self._replayed.take_envelope(one.envelope)
        if BEGINS in one.envelope:
            self._audience = bytes(msgspec.json.decode(one.envelope, type=_Begins).data.audience)
        return bundle.Opened(one.envelope, index, one.salt)

    def close_openings(self) -> None:
        """These were all."""
        offset = self._disk.tell() if self._offset is None else self._offset
        running = self._openings
        self._held.append(_Held(Member(OPENINGS, running.size, running.crc), offset, running.digest.hexdigest()))

    def state(self) -> bytes:
        """What all that was opened comes to."""
        return self._replayed.stated()

    @property
    def audience(self) -> bytes:
        """As the fact has it by which the book was opened, in JSON."""
        return self._audience

    @property
    def digests(self) -> dict[str, str]:
        """The SHA-256 of each file, for the description."""
        return {held.member.name: held.digest for held in self._held}

    def verifier(self) -> bytes:
        """The program that goes with each bundle."""
        return verifier()

    def archive(self, description: Description) -> tuple[int, Iterator[bytes]]:
        """How many bytes the bundle has, and these. The files were added in the order of the format. Raises TooLargeError."""
        assert [held.member.name for held in self._held] == description.names[1:], "the files come in their order"
        head = encode(description)
        members = [Member(DESCRIPTION, len(head), crc32(head)), *(held.member for held in self._held)]
        if not fits(members):
            raise TooLargeError
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


class _Running:
    """The sums over a file that is written bit by bit."""

    def __init__(self) -> None:
        self.digest = sha256()
        self.crc = 0
        self.size = 0

    def take(self, content: bytes) -> None:
        self.digest.update(content)
        self.crc = crc32(content, self.crc)
        self.size += len(content)


class _Opening(Struct, frozen=True):
    audience: Raw


class _Begins(Struct, frozen=True):
    data: _Opening


def verifier() -> bytes:
    """The program that goes with each bundle."""
    return files("infrastructure.record").joinpath("verify.py").read_bytes()
