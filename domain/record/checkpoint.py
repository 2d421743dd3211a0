"""What a book's tree was at one size: the text that the log signs, and its witnesses after it (c2sp.org/tlog-checkpoint).

Three lines: the origin, which names the book for ever; the size; the root. More lines may follow. This program writes none,
since nobody can audit them, and an ML-DSA-44 cosignature does not cover them; it reads them, so as to check others' logs.
"""

from msgspec import Struct

from domain.identity import BookId
from domain.record.leaf import HASH_BYTES
from domain.record.malformed import LARGEST, Malformed, base64, decimal, lines, octets


class Checkpoint(Struct, frozen=True):
    """The root of a book at a size."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        assert 0 <= self.size <= LARGEST, "a size lies between 0 and 2**63 - 1"
        assert len(self.root) == HASH_BYTES, "a root has 32 bytes"
        assert all((self.origin, *self.extensions)), "no line is empty"

    def __str__(self) -> str:
        return "".join(f"{line}\n" for line in (self.origin, self.size, base64(self.root), *self.extensions))


def origin_of(host: str, book: BookId) -> str:
    """What names a book for ever: the forum's host and the book's id."""
    return f"{host}/book/{book}"


def parsed(text: str) -> Checkpoint:
    """Read the text of a note."""
    found = lines(text.encode("utf-8", "surrogatepass"))
    if len(found) < 3:  # noqa: PLR2004  as many as the format has
        raise Malformed(len(found) + 1, "three lines: origin, size and root")
    origin, size, root, *extensions = found
    for number, line in enumerate(found, start=1):
        if not line:
            raise Malformed(number, "a line that is not empty")
    return Checkpoint(origin, decimal(size, 2, "a size"), octets(root, 3, "a root", HASH_BYTES), tuple(extensions))
