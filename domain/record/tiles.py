"""The tree and its entries in pieces that never change (c2sp.org/tlog-tiles).

A tile of level L holds up to 256 nodes of the tree's level 8 L; a bundle, up to 256 entries. A piece that is not full yet is
partial, and its path says how wide it is; what is in it stands at the beginning of the full one.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from domain.record.leaf import HASH_BYTES
from domain.record.malformed import LARGEST, Malformed
from domain.record.tree import Read, root

HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
LEVELS: Final = 64
LENGTH_BYTES: Final = 2
"""What stands before each entry: its length, big-endian."""

_PATH: Final = re.compile(
    r"tile/(?P<level>entries|[0-9]{1,2})/(?P<n>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[0-9]{1,3}))?", re.ASCII
)


class Tile(Struct, frozen=True, order=True):
    """Where a piece stands: the n-th of its level, from 0. ``level`` None: a bundle of entries."""

    level: int | None
    n: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        assert self.level is None or 0 <= self.level < LEVELS, "a level lies between 0 and 63"
        assert 0 <= self.n <= LARGEST, "a tile is counted from 0"
        assert 0 < self.width <= WIDTH, "a tile holds 1 to 256"

    @property
    def path(self) -> str:
        """As its address ends: ``tile/0/x001/x234/067.p/12``."""
        level = "entries" if self.level is None else self.level
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{_grouped(self.n)}{partial}"


def _grouped(n: int) -> str:
    """Three digits a step of the path, and an x before all but the last."""
    above, last = divmod(n, 1000)
    groups = [f"{last:03}"]
    while above:
        above, group = divmod(above, 1000)
        groups.append(f"x{group:03}")
    return "/".join(reversed(groups))


def parsed(path: str) -> Tile:
    """Read a path. Each tile has one."""
    found = _PATH.fullmatch(path)
    n = int(re.sub("[x/]", "", found["n"])) if found else 0
    width = int(found["width"] or WIDTH) if found else 0
    level = None if found is None or found["level"] == "entries" else int(found["level"])
    if 0 < width <= WIDTH and n <= LARGEST and (level or 0) < LEVELS and (tile := Tile(level, n, width)).path == path:
        return tile
    raise Malformed(1, "tile/<level or entries>/<three digits a step, x before all but the last>[.p/<1 to 255>]")


def of_size(size: int, since: int = 0) -> Iterator[Tile]:
    """All tiles of a tree, from the leaves upwards; ``since`` an earlier size, only those that it did not have."""
    for level in range(LEVELS):
        yield from _added(level, since >> HEIGHT * level, size >> HEIGHT * level)


def bundles(size: int, since: int = 0) -> Iterator[Tile]:
    """All bundles of entries of a book; ``since`` an earlier size, only those that it did not have."""
    yield from _added(None, since, size)


def _added(level: int | None, old: int, new: int) -> Iterator[Tile]:
    """The tiles of one level as it grows from so many nodes to so many."""
    if old < new:
        for n in range(old // WIDTH, (new + WIDTH - 1) // WIDTH):
            yield Tile(level, n, min(WIDTH, new - n * WIDTH))


def content(read: Read, tile: Tile) -> bytes:
    """The bytes of a tile: its nodes side by side."""
    assert tile.level is not None, "a bundle holds entries, not nodes"
    level = HEIGHT * tile.level
    return b"".join(read(level, tile.n * WIDTH + at) for at in range(tile.width))


def hashes(tile: Tile, found: bytes) -> list[bytes]:
    """The nodes that the bytes of a tile hold."""
    if len(found) != tile.width * HASH_BYTES:
        raise Malformed(1, f"{tile.width} hashes of {HASH_BYTES} bytes")
    return [found[at : at + HASH_BYTES] for at in range(0, len(found), HASH_BYTES)]


def bundled(entries: Sequence[bytes]) -> bytes:
    """The bytes of a bundle: each entry after its length in two bytes."""
    assert 0 < len(entries) <= WIDTH, "a bundle holds 1 to 256"
    return b"".join(len(entry).to_bytes(LENGTH_BYTES, "big") + entry for entry in entries)


def unbundled(tile: Tile, found: bytes) -> list[bytes]:
    """The entries that the bytes of a bundle hold."""
    entries: list[bytes] = []
    at = 0
    while at < len(found):
        start = at + LENGTH_BYTES
        at = start + int.from_bytes(found[at:start], "big")
        entries.append(found[start:at])
    if len(entries) != tile.width or at != len(found):
        raise Malformed(1, f"{tile.width} entries, each after its length in two bytes")
    return entries


def wanted(size: int, made: Callable[[Read], object]) -> frozenset[Tile]:
    """The tiles out of which a proof is made. Which nodes it asks for follows from sizes, never from what the nodes are."""
    asked: set[Tile] = set()

    def fetch(tile: Tile) -> bytes:
        asked.add(tile)
        return bytes(HASH_BYTES * tile.width)

    made(nodes(fetch, size))
    return frozenset(asked)


def nodes(fetch: Callable[[Tile], bytes], size: int) -> Read:
    """The nodes of a tree of this size, out of its tiles. Nothing is kept: who fetches from afar keeps what was fetched."""

    def read(level: int, n: int) -> bytes:
        storey, height = divmod(level, HEIGHT)
        first = n << height
        start = first // WIDTH
        tile = Tile(storey, start, min(WIDTH, (size >> HEIGHT * storey) - start * WIDTH))
        within = first % WIDTH
        return root(hashes(tile, fetch(tile))[within : within + (1 << height)])

    return read
