"""What was signed: the last size and root of each origin, in a file that only grows.

One line for each tree: ``origin size root check``, the root in base64, the check being the first eight hex digits of the SHA-256
of what stands before it. A line is on the disk before its signature leaves the signer. So a last line without its newline, torn
by a crash, was answered to nobody, and is cut off; anything else that is not as it was written is refused.

One process writes, under the folder's lock.
"""

import errno
import os
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct

from domain.record.checkpoint import Checkpoint
from domain.record.leaf import EMPTY_ROOT, HASH_BYTES
from domain.record.malformed import Malformed, base64, decimal, octets
from domain.record.note import is_name
from infrastructure.record import durable
from infrastructure.record.signer.errors import FolderError, StateSpoiltError

HEADING: Final = "accord/signer/state/v1\n"


class Last(Struct, frozen=True):
    """The largest tree of an origin that was signed."""

    size: int = 0
    root: bytes = EMPTY_ROOT


class StateLostError(Exception):
    """There are keys, but nobody knows what they have signed."""


def make(file: Path, trees: Iterable[Checkpoint] = ()) -> None:
    """A new state, in which these were signed. Raises FileExistsError."""
    durable.create(file, HEADING.encode() + b"".join(_line(tree) for tree in trees))


class State:
    """The state, open for writing. What it knows is what the file holds."""

    def __init__(self, file: Path) -> None:
        """Raises StateLostError, StateSpoiltError, FolderError."""
        self._file = file
        try:
            self._writer: BinaryIO = file.open("r+b", buffering=0)
        except FileNotFoundError:
            raise StateLostError from None
        except OSError as error:
            raise FolderError(f"{file} cannot be written to: {error.strerror}.") from None
        self.trees: dict[str, Last] = {}
        """By origin. Written here alone."""
        try:
            self._read()
        except BaseException:
            self._writer.close()
            raise

    def close(self) -> None:
        """Nothing is left to write."""
        self._writer.close()

    @property
    def stands(self) -> bool:
        """Whether the file is where it was opened. One that was taken away or replaced would be written to in vain."""
        ours = os.fstat(self._writer.fileno())
        try:
            found = self._file.stat()
        except FileNotFoundError:
            return False
        return (found.st_dev, found.st_ino) == (ours.st_dev, ours.st_ino)

    def last(self, origin: str) -> Last:
        """Of an origin that is not there: the empty tree."""
        return self.trees.get(origin, Last())

    def covers(self, other: "State") -> bool:
        """Whether everything that another knows is known here, or more."""
        return all(self.last(origin) == last or self.last(origin).size > last.size for origin, last in other.trees.items())

    def write(self, tree: Checkpoint) -> None:
        """Make known, durably, that a tree will be signed.

        After an OSError (a full disk) the state must be read anew.
        """
        line = _line(tree)
        if self._writer.write(line) < len(line):  # so a disk that fills up begins to say it
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._file))
        os.fdatasync(self._writer.fileno())
        self.trees[tree.origin] = Last(tree.size, tree.root)

    def _read(self) -> None:
        content = self._writer.read()
        whole = content.rfind(b"\n") + 1
        heading, *lines = content[:whole].split(b"\n")[:-1] or [b""]
        if heading != HEADING.strip().encode():
            raise self._refused(1)
        for number, line in enumerate(lines, start=2):
            self._take(number, line)
        if whole < len(content):
            self._writer.truncate(whole)
            os.fsync(self._writer.fileno())
        self._writer.seek(whole)

    def _take(self, number: int, line: bytes) -> None:
        try:
            tree = _parsed(line)
        except ValueError:
            raise self._refused(number) from None
        last = self.last(tree.origin)
        if tree.size < last.size or (tree.size == last.size and tree.root != last.root):
            raise self._refused(number)
        self.trees[tree.origin] = Last(tree.size, tree.root)

    def _refused(self, number: int) -> StateSpoiltError:
        return StateSpoiltError(f"Line {number} of {self._file} is not as it was written: nothing is signed on what it says.")


def _line(tree: Checkpoint) -> bytes:
    said = f"{tree.origin} {tree.size} {base64(tree.root)}"
    return f"{said} {_check(said)}\n".encode()


def _check(said: str) -> str:
    return sha256(said.encode()).hexdigest()[:8]


def _parsed(line: bytes) -> Checkpoint:
    """Raises ValueError."""
    said, _, check = line.decode().rpartition(" ")
    origin, size, root = said.split(" ")
    found = octets(root, 1, "a root")
    if check != _check(said) or not is_name(origin) or len(found) != HASH_BYTES:
        raise Malformed(1, "a line as it was written")
    return Checkpoint(origin, decimal(size, 1, "a size"), found)
