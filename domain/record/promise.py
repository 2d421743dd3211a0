"""What the forum promises of facts that it has just recorded: that they will stand in the tree of their book.

The text of a note, signed under ``<host>/promise``: ``accord/promise/v1``, the book's origin, then of each fact three lines: its
index, its commitment in base64, and its ``at`` as the envelope has it. Whoever holds one and finds the tree of that index without
that commitment, or so long after `WITHIN` no tree of that index, holds evidence against the forum.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from domain.record.envelope import instant, moment
from domain.record.leaf import HASH_BYTES
from domain.record.malformed import Malformed, base64, decimal, lines, octets
from domain.record.note import is_name

HEADING: Final = "accord/promise/v1"
WITHIN: Final = timedelta(seconds=10)
"""After ``at``, by when the tree holds the fact."""
BOOK: Final = "/book/"
LINES: Final = 3
"""Of each fact."""


class Promised(Struct, frozen=True):
    """One fact, as far as the tree and its envelope will show it."""

    index: int
    commit: bytes
    at: datetime


class Promise(Struct, frozen=True):
    """Of facts of one book."""

    origin: str
    facts: tuple[Promised, ...]

    def __post_init__(self) -> None:
        assert is_origin(self.origin), "a book has an origin"
        assert self.facts, "something is promised"

    @property
    def signer(self) -> str:
        """The name under which a promise of this book is signed."""
        return f"{self.origin.partition(BOOK)[0]}/promise"

    def __str__(self) -> str:
        said = [HEADING, self.origin]
        for fact in self.facts:
            said += [str(fact.index), base64(fact.commit), instant(fact.at)]
        return "".join(f"{line}\n" for line in said)


def is_origin(text: str) -> bool:
    """Whether a book may be called so."""
    return is_name(text) and not text.startswith(BOOK) and BOOK in text


def parsed(text: str) -> Promise:
    """Read the text of a promise."""
    found = lines(text.encode("utf-8", "surrogatepass"))
    if found[:1] != [HEADING]:
        raise Malformed(1, HEADING)
    if len(found) < 2 or not is_origin(found[1]):  # noqa: PLR2004  the second line
        raise Malformed(2, "the origin of a book")
    rest = found[2:]
    if not rest or len(rest) % LINES:
        raise Malformed(len(found) + 1, "index, commitment and time of one fact or more, a line each")
    return Promise(found[1], tuple(_facts(rest)))


def _facts(rest: Sequence[str]) -> Iterable[Promised]:
    for number in range(0, len(rest), LINES):
        index, commit, at = rest[number : number + LINES]
        line = number + 3
        yield Promised(
            decimal(index, line, "an index"), octets(commit, line + 1, "a commitment", HASH_BYTES), moment(at, line + 2)
        )
