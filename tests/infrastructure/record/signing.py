"""A signer's folder, and trees to have signed."""

from hashlib import sha256
from pathlib import Path

from application.ports import Behind
from domain.record.checkpoint import Checkpoint
from domain.record.leaf import entry, leaf
from domain.record.note import Signature
from domain.record.proofs import consistency
from domain.record.tree import nodes, root
from infrastructure.record.signer import folder
from infrastructure.record.signer.core import Core

ORIGIN = "forum.example/book/7c"


def made(home: Path) -> Path:
    """A signer's folder."""
    folder.make(home / "signer")
    return home / "signer"


class Book:
    """A book that grows; two of one seed are alike up to where they part."""

    def __init__(self, origin: str = ORIGIN, seed: str = "") -> None:
        self.origin = origin
        self.leaves: list[bytes] = []
        self.seed = seed

    def grown(self, size: int, seed: str | None = None) -> "Book":
        """With leaves up to a size, from here on of this seed."""
        self.seed = self.seed if seed is None else seed
        for number in range(len(self.leaves), size):
            self.leaves.append(leaf(entry(sha256(f"{self.seed}{number}".encode()).digest())))
        return self

    def tree(self, size: int | None = None) -> Checkpoint:
        found = self.leaves[:size]
        return Checkpoint(self.origin, len(found), root(found))

    def proof(self, old: int, new: int | None = None) -> tuple[bytes, ...]:
        new = len(self.leaves) if new is None else new
        return consistency(nodes(self.leaves[:new]), old, new) if 0 < old < new else ()

    def sign(self, core: Core, old: int, size: int | None = None) -> tuple[Signature, ...] | Behind:
        tree = self.tree(size)
        return core.sign(str(tree), old, self.proof(old, tree.size))
