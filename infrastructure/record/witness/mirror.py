"""A witness's own copy of a book: static files as the specification of tiled logs names them, which standard clients read.

    checkpoint                   the last that was verified, with the witness's own cosignature once it gave one
    tile/<level>/...             hash tiles, and  tile/entries/...  bundles of entries
    openings.jsonl               index, salt and envelope of each entry, or why it is withheld: a line each, in order

What a checkpoint speaks of is on the disk before it is. One process writes, under the folder's lock.
"""

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec

from domain.record import checkpoint, note
from domain.record.checkpoint import Checkpoint
from domain.record.leaf import leaf
from domain.record.malformed import Malformed
from domain.record.note import Note
from domain.record.tiles import HEIGHT, LEVELS, WIDTH, Tile, bundled, bundles, content, nodes, of_size, unbundled
from domain.record.tree import Frontier, Read, frontier, root
from infrastructure.record import durable
from infrastructure.record.witness.errors import WitnessError
from infrastructure.record.witness.forum import Opening

CHECKPOINT: Final = "checkpoint"
OPENINGS: Final = "openings.jsonl"


class Mirror:
    """The copy of one book. What it holds was verified before it was kept."""

    def __init__(self, folder: Path) -> None:
        """Raises WitnessError, as whatever reads it does, where it is not as it was kept."""
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.note = self._read()
        self.tree: Checkpoint | None = None if self.note is None else checkpoint.parsed(self.note.text)
        self.opened = 0
        self.close_from(self.size)
        if self.opened < self.size:
            raise self._spoilt(OPENINGS)

    @property
    def size(self) -> int:
        """How many entries the last checkpoint speaks of."""
        return 0 if self.tree is None else self.tree.size

    def frontier(self) -> Frontier:
        """What the tree goes on from."""
        return frontier(self.nodes(), self.size)

    def nodes(self) -> Read:
        """The nodes of the tree as it was verified."""
        return nodes(self._fetch, self.size)

    def entries(self, first: int) -> list[bytes]:
        """The entries from an index on."""
        found = [entry for tile in bundles(self.size, first) for entry in self._unbundled(tile)]
        return found[first % WIDTH :]

    def _unbundled(self, tile: Tile) -> list[bytes]:
        try:
            return unbundled(tile, self._fetch(tile))
        except Malformed:
            raise self._spoilt(tile.path) from None

    def grow(self, tree: Checkpoint, entries: Sequence[bytes]) -> None:
        """Put entries behind those that are there, and the tiles over them, durably. They were checked to make up the tree."""
        assert self.size + len(entries) == tree.size, "what is added is what was missing"
        old = self.size
        start = old - old % WIDTH
        kept = self.entries(start)
        self._write_bundles(old, tree.size, [*kept, *entries], start)
        read = self._growing(old, [leaf(entry) for entry in (*kept, *entries)], start)
        for tile in of_size(tree.size, old):
            self._write(tile, content(read, tile))

    def open(self, openings: Iterable[Opening]) -> None:
        """Keep openings behind those that are there, durably."""
        with open(self._folder / OPENINGS, "ab", opener=durable.private) as file:
            for opening in openings:
                assert opening.index == self.opened, "openings are kept in order"
                file.write(msgspec.json.encode(opening) + b"\n")
                self.opened += 1
            file.flush()
            os.fsync(file.fileno())

    def close_from(self, end: int) -> None:
        """Forget openings from an index on, which no checkpoint speaks of, and what a crash tore."""
        file = self._folder / OPENINGS
        if not file.exists():
            return
        with file.open("r+b") as kept:
            lines = list(islice((len(line) for line in kept if line.endswith(b"\n")), end))
            kept.truncate(sum(lines))
        self.opened = len(lines)

    def keep(self, found: Note) -> None:
        """Make this the last checkpoint. Entries, tiles and openings are there; narrower tiles of the one before go."""
        before = self.size
        durable.replace(self._folder / CHECKPOINT, bytes(found))
        self.note, self.tree = found, checkpoint.parsed(found.text)
        if before < self.size:
            self._drop_partial(before)

    def _read(self) -> Note | None:
        try:
            found = note.parsed((self._folder / CHECKPOINT).read_bytes())
            checkpoint.parsed(found.text)
        except FileNotFoundError:
            return None
        except Malformed:
            raise self._spoilt(CHECKPOINT) from None
        return found

    def _growing(self, old: int, leaves: Sequence[bytes], start: int) -> Read:
        """Nodes of the greater tree: those over new leaves are made, once each, and the others are on the disk."""
        before = nodes(self._fetch, old)
        made: dict[tuple[int, int], bytes] = {}

        def read(level: int, n: int) -> bytes:
            first, end = n << level, (n + 1) << level
            if first >= start and level == 0:
                return leaves[first - start]
            if end <= old:
                return before(level, n)
            if (level, n) not in made:
                made[level, n] = root([read(level - 1, 2 * n), read(level - 1, 2 * n + 1)])
            return made[level, n]

        return read

    def _write_bundles(self, old: int, new: int, entries: Sequence[bytes], start: int) -> None:
        for tile in bundles(new, old):
            first = tile.n * WIDTH - start
            self._write(tile, bundled(entries[first : first + tile.width]))

    def _write(self, tile: Tile, data: bytes) -> None:
        file = self._folder / tile.path
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        durable.replace(file, data)

    def _fetch(self, tile: Tile) -> bytes:
        try:
            return (self._folder / tile.path).read_bytes()
        except FileNotFoundError:
            raise self._spoilt(tile.path) from None

    def _spoilt(self, part: str) -> WitnessError:
        return WitnessError(f"{self._folder / part} is not as it was kept: remove {self._folder}, and it is made again.")

    def _drop_partial(self, before: int) -> None:
        """The narrower tiles of the last checkpoint, which wider ones hold."""
        for tile in _partial(before):
            narrow = self._folder / tile.path
            wider = self._folder / Tile(tile.level, tile.n).path
            if wider.exists():
                shutil.rmtree(narrow.parent, ignore_errors=True)
            elif any(other != narrow and int(other.name) > tile.width for other in _siblings(narrow)):
                narrow.unlink(missing_ok=True)


def _partial(size: int) -> Iterator[Tile]:
    """The tiles and the bundle of a tree that are not full."""
    for level in (None, *range(LEVELS)):
        n, width = divmod(size >> HEIGHT * (level or 0), WIDTH)
        if width:
            yield Tile(level, n, width)


def _siblings(file: Path) -> Iterator[Path]:
    """Other widths of a tile, without what a crash left behind half-written."""
    return (found for found in file.parent.iterdir() if found.name.isdigit()) if file.parent.exists() else iter(())
