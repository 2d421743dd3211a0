"""The tree over a book's leaves (RFC 6962, section 2.1): its root at once, its root as leaves are added, and its nodes.

Position ``(level, n)`` is the root of the leaves from ``n * 2**level`` up to, and without, ``(n + 1) * 2**level``. It stands
only where all of these are there; it then never changes.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from hashlib import sha256

from msgspec import Struct

from domain.record.leaf import EMPTY_ROOT, HASH_BYTES, node

Read = Callable[[int, int], bytes]
"""Give the node at ``(level, n)``; from memory, from tiles, from wherever the nodes are kept."""


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes: the fastest way, if all of them are at hand (10**6 in about a second)."""
    level = leaves
    while len(level) > 1:
        level = _above(level) + list(level[len(level) & ~1 :])
    return level[0] if level else EMPTY_ROOT


def _above(level: Sequence[bytes]) -> list[bytes]:
    """The complete nodes of the next level. Written out rather than through `node`: the call alone costs a third."""
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)]


def nodes(leaves: Sequence[bytes]) -> Read:
    """All nodes over leaf hashes, in memory: 64 bytes a leaf and what Python adds to them."""
    levels: list[Sequence[bytes]] = [leaves]
    while len(levels[-1]) > 1:
        levels.append(_above(levels[-1]))
    return lambda level, n: levels[level][n]


class Frontier(Struct, frozen=True):
    """All that the next root depends on: the complete subtrees from left to right, one for each bit of the size.

    It is what a book keeps of its tree to go on from (a compact range that begins at 0), at most 63 hashes.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        assert self.size >= 0, "a tree has no fewer than no leaves"
        assert len(self.hashes) == self.size.bit_count(), "one subtree for each bit of the size"
        assert all(len(found) == HASH_BYTES for found in self.hashes), "a hash has 32 bytes"

    def extended(self, leaves: Iterable[bytes]) -> "Frontier":
        """With these leaf hashes added at the end."""
        size, hashes = self.size, list(self.hashes)
        for leaf in leaves:
            found, ones = leaf, size
            while ones & 1:
                found, ones = node(hashes.pop(), found), ones >> 1
            hashes.append(found)
            size += 1
        return Frontier(size, tuple(hashes))

    @property
    def root(self) -> bytes:
        """The root of the tree as it is now."""
        return folded(self.hashes)


def folded(hashes: Sequence[bytes]) -> bytes:
    """The root over complete subtrees that stand side by side, each larger than the next."""
    return reduce(lambda right, left: node(left, right), reversed(hashes)) if hashes else EMPTY_ROOT


def spanned(read: Read, start: int, end: int) -> bytes:
    """The root over the leaves from ``start`` to before ``end``, where ``start`` is a multiple of the size rounded up to 2**k."""
    hashes: list[bytes] = []
    for level in reversed(range((end - start).bit_length())):
        if (end - start) >> level & 1:
            hashes.append(read(level, start >> level))
            start += 1 << level
    return folded(hashes)


def frontier(read: Read, size: int) -> Frontier:
    """What the tree of this size goes on from, taken from its nodes."""
    levels = [level for level in reversed(range(size.bit_length())) if size >> level & 1]
    return Frontier(size, tuple(read(level, (size >> level) - 1) for level in levels))
