"""One file that shows that an entry stands in a book, without asking anybody (c2sp.org/tlog-proof).

Its index, the hashes that lead from it to the root, and the checkpoint with its signatures as it was published.
"""

from typing import Final

from msgspec import Struct

from domain.record import note
from domain.record.leaf import HASH_BYTES, leaf
from domain.record.malformed import LARGEST, Malformed, base64, decimal, lines, octets
from domain.record.note import Holds, Note, Unproven
from domain.record.policy import Policy, Witnessed, accepted
from domain.record.proofs import Proof, includes

HEADER: Final = "c2sp.org/tlog-proof@v1"
LONGEST: Final = LARGEST.bit_length()
"""No tree is higher."""


class TlogProof(Struct, frozen=True):
    """A proof to be handed round. ``extra`` is signed by nobody and shows nothing."""

    index: int
    proof: Proof
    checkpoint: Note
    extra: bytes | None = None

    def __post_init__(self) -> None:
        assert 0 <= self.index <= LARGEST, "an index lies between 0 and 2**63 - 1"
        assert all(len(found) == HASH_BYTES for found in self.proof), "a hash has 32 bytes"
        assert self.extra != b"", "no extra data, no line for it"

    def __bytes__(self) -> bytes:
        extra = () if self.extra is None else (f"extra {base64(self.extra)}",)
        head = (HEADER, *extra, f"index {self.index}", *map(base64, self.proof), "")
        return "".join(f"{line}\n" for line in head).encode() + bytes(self.checkpoint)


class NotIncluded(Unproven):
    """The hashes do not lead from this entry to the root of the checkpoint."""


def parsed(content: bytes) -> TlogProof:
    """Read a proof; the checkpoint in it is a note, and its text is read when the proof is checked."""
    head, parted, rest = content.partition(b"\n\n")
    found = lines(head + b"\n")
    if found[0] != HEADER:
        raise Malformed(1, HEADER)
    if not parted:
        raise Malformed(len(found) + 1, "an empty line before the checkpoint")
    extra, line = (None, 2) if not _after("extra ", found, 2) else (octets(_after("extra ", found, 2), 2, "extra data"), 3)
    index = decimal(_after("index ", found, line), line, "index, a space and")
    return TlogProof(index, _proof(found[line:], line + 1), note.parsed(rest, len(found) + 2), extra)


def _after(word: str, found: list[str], line: int) -> str:
    """What stands in a line after a word; nothing, if it does not begin so or is not there."""
    text = found[line - 1] if line <= len(found) else ""
    return text.removeprefix(word) if text.startswith(word) else ""


def _proof(found: list[str], first: int) -> Proof:
    if len(found) > LONGEST:
        raise Malformed(first + LONGEST, f"at most {LONGEST} hashes, then an empty line")
    return tuple(octets(text, number, "a hash", HASH_BYTES) for number, text in enumerate(found, start=first))


def shown(proof: TlogProof, entry: bytes, policy: Policy, holds: Holds) -> Witnessed:
    """Believe that the entry stands where the proof says, or say why not.

    Raises what `policy.accepted` raises, and NotIncluded.
    """
    found = accepted(policy, proof.checkpoint, holds)
    tree = found.checkpoint
    if not includes(tree.root, tree.size, proof.index, leaf(entry), proof.proof):
        raise NotIncluded(f"the proof does not lead from this entry at {proof.index} to the root of {tree.size}")
    return found
