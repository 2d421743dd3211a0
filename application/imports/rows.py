"""The rows of a file of comma-separated values, each with its line: whatever is wrong with one, the next is found.

No row is longer than LONGEST, so that a file without line ends, or with a quote that nobody closes, takes no memory.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

LONGEST: Final = 1 << 17
"""Characters of a row, with its line ends."""

UNDECODED: Final = re.compile("[\ud800-\udfff]")


class Row(Struct, frozen=True):
    """The fields of a row, and the line on which it begins, from 1."""

    line: int
    fields: list[str]


class Unreadable(Struct, frozen=True):
    """What is wrong with a line that is no row, and how it begins."""

    line: int
    reason: str
    beginning: str


class _UnfitError(Exception):
    """Why the line at hand is no text."""


class _Lines:
    """The lines of a file, counted. Those of the row at hand are kept, so that all but the first can be read again."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = iter(pieces)
        self._again: list[str] = []
        self._taken: list[str] = []
        self._length = 0
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        piece = self._again.pop() if self._again else next(self._pieces)
        self.number += 1
        self._taken.append(piece)
        self._length += len(piece)
        if self._length > LONGEST:
            raise _UnfitError(f"its row is longer than {LONGEST:,} characters")
        if "\0" in piece:
            raise _UnfitError("it holds a NUL character")
        if not piece.isascii() and UNDECODED.search(piece):
            raise _UnfitError("it is not UTF-8 text")
        return piece

    def begin(self) -> int:
        """Begin a row. The number of its line."""
        self._taken.clear()
        self._length = 0
        return self.number + 1

    def begin_again_after_first(self) -> str:
        """Give back all lines of the row but the first; that one."""
        first, *others = self._taken
        self._again.extend(reversed(others))
        self.number -= len(others)
        if not others:
            self._pass_over(first)
        return first

    def _pass_over(self, piece: str) -> None:
        """Pass over what is left of a line that came in pieces."""
        while len(piece) > LONGEST and not piece.endswith(("\n", "\r")):
            piece = next(self._pieces, "")


def rows(pieces: Iterable[str]) -> Iterator[Row | Unreadable]:
    """The rows. Empty lines are passed over.

    A line that is longer than LONGEST may come in pieces, all but the last longer than that. Bytes that are no text come in
    as lone surrogates.
    """
    lines = _Lines(pieces)
    reader = csv.reader(lines, strict=True)
    while True:
        line = lines.begin()
        try:
            fields = next(reader)
        except StopIteration:
            return
        except (csv.Error, _UnfitError) as error:
            yield Unreadable(line, str(error), lines.begin_again_after_first())
        else:
            if fields:
                yield Row(line, fields)
