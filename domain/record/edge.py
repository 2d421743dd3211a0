"""The right edge of a tree: the nodes in its partial tiles. With these alone it goes on; no full tile is read again."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct

from domain.record.tiles import HEIGHT, WIDTH
from domain.record.tree import folded, root

Nodes = tuple[bytes, ...]


class Edge(Struct, frozen=True):
    """By storey, from the leaves upwards, the nodes that fill no tile yet: fewer than 256 of each."""

    storeys: tuple[Nodes, ...] = ()

    def __post_init__(self) -> None:
        assert all(len(nodes) < WIDTH for nodes in self.storeys), "what fills a tile is at no edge"

    @property
    def size(self) -> int:
        """How many leaves the tree has."""
        return sum(len(nodes) << HEIGHT * level for level, nodes in enumerate(self.storeys))

    @property
    def root(self) -> bytes:
        """The root of the tree as it is now."""
        return folded([found for nodes in reversed(self.storeys) for found in _complete(nodes)])

    def grown(self, leaves: Sequence[bytes]) -> "Grown":
        """With these leaf hashes added at the end."""
        edge: list[Nodes] = []
        added: list[Nodes] = []
        rising = tuple(leaves)
        while rising or len(edge) < len(self.storeys):
            nodes = (*self._storey(len(edge)), *rising)
            full = len(nodes) - len(nodes) % WIDTH
            edge.append(nodes[full:])
            added.append(rising)
            rising = tuple(root(nodes[at : at + WIDTH]) for at in range(0, full, WIDTH))
        return Grown(Edge(tuple(edge)), tuple(added))

    def _storey(self, level: int) -> Nodes:
        return self.storeys[level] if level < len(self.storeys) else ()


class Grown(NamedTuple):
    """A tree after it grew, and by storey the nodes that its tiles then hold in addition."""

    edge: Edge
    added: tuple[Nodes, ...]


def _complete(nodes: Nodes) -> Iterator[bytes]:
    """The roots of the complete subtrees over the nodes of one storey, each larger than the next."""
    start = 0
    for height in reversed(range(HEIGHT)):
        if len(nodes) >> height & 1:
            yield root(nodes[start : start + (1 << height)])
            start += 1 << height
