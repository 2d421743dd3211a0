"""The evidence bundle: all that somebody needs who wants to check a book offline, as files in a canonical zip.

    bundle.json              what it is of, and the SHA-256 of every other file
    policy                   whom its maker believes; the reader may have a policy of their own
    checkpoint               the signed note that all of it is checked against
    checkpoints/<size>       earlier ones
    tile/entries/...         every entry of the book, up to the size of the checkpoint
    openings.jsonl           of each fact asked for its salt and envelope, or why these are withheld
    slots.jsonl              openings of the slots of epochs, where there are any
    state.json               what the facts come to, where all from the first on are there
    verify.py                a program that checks this by itself

Nobody signs ``bundle.json``: each word in it is compared with something that is signed, or with the files beside it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Final, Literal, TypeVar

import msgspec
from msgspec import Meta, Raw, Struct

from domain.record.malformed import UNREADABLE, Malformed
from domain.record.note import Unproven
from domain.record.tiles import WIDTH, bundles

FORMAT: Final = "accord/bundle/v1"
DESCRIPTION: Final = "bundle.json"
POLICY: Final = "policy"
CHECKPOINT: Final = "checkpoint"
CHECKPOINTS: Final = "checkpoints/"
OPENINGS: Final = "openings.jsonl"
SLOTS: Final = "slots.jsonl"
STATE: Final = "state.json"
VERIFIER: Final = "verify.py"

UNDISCLOSED: Final = "not-disclosed"

Kind = Literal["regular", "demonstration", "import"]
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Hex = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]

T = TypeVar("T")

encode: Final = msgspec.json.Encoder(order="sorted").encode
"""JSON in its one spelling: members in order, no spaces."""

_EARLIER: Final = re.compile(rf"{CHECKPOINTS}(0|[1-9][0-9]{{0,18}})", re.ASCII)


class Description(Struct, frozen=True, forbid_unknown_fields=True, rename={"start": "from", "end": "to"}):
    """What a bundle is of. It opens the facts from ``start`` to before ``end``."""

    forum: str
    """Its host, with which the origins of its books begin."""
    kind: Kind
    origin: str
    book: str
    audience: Raw
    """As the fact has it by which the book was opened, if the bundle opens that; else null."""
    start: Count
    end: Count
    size: Count
    sha256: dict[str, Hex]
    format: Literal["accord/bundle/v1"] = FORMAT

    @property
    def names(self) -> list[str]:
        """The files of the bundle, in their order."""
        return [DESCRIPTION, *self.sha256]


class Opened(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """What makes an entry readable. Its line has the members in the order of the alphabet, as it stands here."""

    envelope: bytes
    index: int
    salt: bytes


class Withheld(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """That something is not opened, and why: it was erased, by the fact at ``erasure``; or its holder does not disclose it."""

    index: int
    withheld: Literal["erased", "not-disclosed"]
    erasure: int | None = None


class NotAsStated(Unproven):
    """The files of a bundle and what it says of them differ."""


def line(opening: Opened | Withheld) -> bytes:
    """A line of the openings."""
    return encode(opening) + b"\n"


def names(size: int, earlier: Iterable[int], *, slots: bool, state: bool) -> list[str]:
    """The files of a bundle beside its description, in their order."""
    return [
        POLICY,
        CHECKPOINT,
        *(f"{CHECKPOINTS}{one}" for one in sorted(earlier)),
        *(tile.path for tile in bundles(size)),
        OPENINGS,
        *([SLOTS] if slots else []),
        *([STATE] if state else []),
        VERIFIER,
    ]


def earlier(found: Iterable[str]) -> list[int]:
    """The sizes of the earlier checkpoints among these files."""
    return [int(match[1]) for name in found if (match := _EARLIER.fullmatch(name))]


def described(content: bytes) -> Description:
    """Read a description, in its one spelling. Raises Malformed, NotAsStated."""
    read = exactly(content, Description, DESCRIPTION)
    if not 0 <= read.start <= read.end <= read.size or read.size == 0:
        raise NotAsStated(f"a bundle opens facts of its book: not from {read.start} to {read.end} of {read.size}")
    if read.size > WIDTH * len(read.sha256):
        raise NotAsStated(f"{len(read.sha256)} files cannot hold {read.size} entries")
    if read.origin != f"{read.forum}/book/{read.book}":
        raise NotAsStated(f"the origin {read.origin} is not of the book {read.book} of {read.forum}")
    expected = names(read.size, earlier(read.sha256), slots=SLOTS in read.sha256, state=read.start == 0)
    if sorted(read.sha256) != sorted(expected):
        raise NotAsStated(_unlike(sorted(read.sha256), sorted(expected)))
    return msgspec.structs.replace(read, sha256={name: read.sha256[name] for name in expected})


def exactly(content: bytes, kind: type[T], name: str) -> T:
    """Read JSON that is spelt as it would be written. Raises Malformed."""
    try:
        read = msgspec.json.decode(content, type=kind)
    except UNREADABLE as error:
        raise Malformed(1, f"{name}: {error}") from None
    if encode(msgspec.json.decode(content)) != content:
        raise Malformed(1, f"{name}: members in order, no spaces")
    return read


def _unlike(found: Sequence[str], expected: Sequence[str]) -> str:
    missing, more = (sorted(set(one) - set(other)) for one, other in ((expected, found), (found, expected)))
    return f"its files are not those of such a bundle: {', '.join([*_few('without', missing), *_few('with', more)])}"


def _few(word: str, found: Sequence[str]) -> Iterator[str]:
    if found:
        yield f"{word} {found[0]}" + (f" and {len(found) - 1} more" if len(found) > 1 else "")


def spread(sizes: Sequence[int], most: int) -> list[int]:
    """Of many sizes at most so many, evenly, the first and the last among them."""
    if len(sizes) <= most:
        return list(sizes)
    return [sizes[at * (len(sizes) - 1) // (most - 1)] for at in range(most)]
