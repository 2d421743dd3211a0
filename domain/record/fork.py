"""Evidence of a fork: two signed checkpoints of one book that cannot both be true, in a file that anybody can check.

Of two trees of one size the roots differ. Of a smaller and a larger one the larger does not begin with the smaller: its own root
at that size comes beside them, with the proof that leads from it to the larger, and is another than was signed. Who holds the
log's key has then told two pasts; nobody else can make such a file.
"""

from collections.abc import Collection
from typing import Final, Literal

import msgspec
from msgspec import Struct

from domain.record import checkpoint, note
from domain.record.malformed import UNREADABLE, Malformed
from domain.record.note import Holds, Note, Unproven, VerifierKey, key, signers
from domain.record.proofs import Proof, consistency, is_consistent
from domain.record.tree import Read, spanned

FORMAT: Final = "accord/fork/v1"

_encode = msgspec.json.Encoder(order="sorted").encode


class NoFork(Unproven):
    """The two checkpoints can both be true, or are not of one book."""


class Fork(Struct, frozen=True):
    """Two notes, the smaller tree's first; ``root`` is that of the second's tree at the size of the first.

    ``keys`` are of the log, as whoever found the fork knew them. Nothing vouches for them here: compare them with the printed ones.
    """

    first: Note
    second: Note
    root: bytes
    proof: Proof
    keys: tuple[VerifierKey, ...]

    def __bytes__(self) -> bytes:
        told = _Told(
            bytes(self.first).decode(), FORMAT, tuple(map(str, self.keys)), self.proof, self.root, bytes(self.second).decode()
        )
        return _encode(told) + b"\n"


class _Told(Struct, frozen=True, forbid_unknown_fields=True):
    """As the file has it."""

    first: str
    format: Literal["accord/fork/v1"]
    keys: tuple[str, ...]
    proof: tuple[bytes, ...]
    root: bytes
    second: str


def found(first: Note, second: Note, read: Read, keys: Collection[VerifierKey]) -> Fork | None:
    """The evidence, if the second's tree, whose nodes are read, does not begin with the first's. The first is no larger."""
    old, new = checkpoint.parsed(first.text), checkpoint.parsed(second.text)
    assert 0 < old.size <= new.size, "the smaller one comes first, and begins with something"
    begins = spanned(read, 0, old.size)
    return None if begins == old.root else Fork(first, second, begins, consistency(read, old.size, new.size), tuple(keys))


def parsed(content: bytes) -> Fork:
    """Read a file of evidence: one line of JSON, spelt as it would be written. Raises Malformed."""
    try:
        told = msgspec.json.decode(content, type=_Told)
    except UNREADABLE as error:
        raise Malformed(1, f"evidence of a fork, {FORMAT}: {error}") from None
    read = Fork(
        note.parsed(told.first.encode()), note.parsed(told.second.encode()), told.root, told.proof, tuple(map(key, told.keys))
    )
    if bytes(read) != content:
        raise Malformed(1, "the one spelling of what it says")
    return read


def shown(fork: Fork, keys: Collection[VerifierKey], holds: Holds) -> frozenset[VerifierKey]:
    """Believe that there is a fork, and which of these keys signed its sides: two of them, while keys overlap. Or say why not.

    Raises Malformed, NoFork, and what `note.signers` raises.
    """
    old, new = checkpoint.parsed(fork.first.text), checkpoint.parsed(fork.second.text)
    if old.origin != new.origin:
        raise NoFork(f"the checkpoints are of two books: {old.origin} and {new.origin}")
    if not is_consistent(fork.root, old.size, new.root, new.size, fork.proof):
        raise NoFork(f"the proof does not lead from the stated root at {old.size} to the root of {new.size}")
    if fork.root == old.root:
        raise NoFork(f"the tree of {new.size} begins with that of {old.size}: both can be true")
    named = [key for key in keys if key.name == old.origin]
    return signers(fork.first, named, holds) | signers(fork.second, named, holds)
