"""What a reader has seen: every checkpoint that verified, and the evidence that a log has told two pasts.

    <sha256 of the origin, half of it>/<size>-<root>     a signed note
    evidence/<size>-<root>.fork                          a file that `accord verify` checks

One folder a user. Files are whole or not there, and none is ever changed.
"""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from domain.record import checkpoint, note
from domain.record.fork import Fork
from domain.record.malformed import Malformed
from domain.record.note import Note
from infrastructure.record import durable

EVIDENCE: Final = "evidence"


class Seen:
    """The folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def remembered(self, origin: str) -> list[Note]:
        """The checkpoints of a book. A file that is none was put there by nobody's program, and is passed over."""
        found: list[Note] = []
        for file in sorted(self._of(origin).glob("*-*")):
            with suppress(Malformed, OSError):
                found.append(note.parsed(file.read_bytes()))
        return found

    def keep(self, seen: Note) -> None:
        """Remember a checkpoint that its log has signed."""
        tree = checkpoint.parsed(seen.text)
        self._write(self._of(tree.origin) / f"{tree.size}-{tree.root.hex()}", bytes(seen))

    def evidence(self, fork: Fork) -> Path:
        """Keep evidence, and say where."""
        tree = checkpoint.parsed(fork.first.text)
        file = self._folder / EVIDENCE / f"{tree.size}-{tree.root.hex()[:16]}-{sha256(bytes(fork)).hexdigest()[:8]}.fork"
        self._write(file, bytes(fork))
        return file

    def _of(self, origin: str) -> Path:
        return self._folder / sha256(origin.encode()).hexdigest()[:32]

    @staticmethod
    def _write(file: Path, content: bytes) -> None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            durable.create(file, content)
