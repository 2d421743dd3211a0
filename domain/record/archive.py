"""The canonical zip: files side by side as any program unpacks them, in the one spelling that is accepted.

Stored and not compressed, dated 1 January 1980, plain files that their owner may write, no comment, no extra field, nothing before,
between or after. So equal files are equal archives, and none hides what another program would see: who reads one writes again
what was read, and compares.
"""

from collections.abc import Iterable, Iterator
from struct import Struct as Layout
from typing import Final
from zlib import crc32

from msgspec import Struct

from domain.record.note import Unproven

MOST_FILES: Final = 65_534
MOST_BYTES: Final = 2**32 - 2
"""One more of either needs another kind of zip, which is not written; a book that large is handed out in parts."""

_LOCAL: Final = Layout("<4s5H3I2H")
_CENTRAL: Final = Layout("<4s6H3I5H2I")
_END: Final = Layout("<4s4H2IH")
_VERSION: Final = 10
_MADE_BY: Final = 3 << 8 | 10
"""Unix, as the mode is; 1.0, the version that knows stored files."""
_MODE: Final = 0o100644 << 16
_DAY: Final = 1 << 5 | 1
"""1 January 1980, the first that the format can say."""


class NotCanonical(Unproven):
    """This is no zip, or not the one that would be written of what is in it."""


class Member(Struct, frozen=True):
    """A file to be: its name in ASCII, and of its bytes the number and the CRC-32."""

    name: str
    size: int
    crc: int

    def __post_init__(self) -> None:
        assert self.name.isascii(), "no name needs a flag for its letters"

    @property
    def _common(self) -> tuple[int, ...]:
        """What both headers say: flags, method, time, day, CRC, size twice, length of the name, of extra fields."""
        return (0, 0, 0, _DAY, self.crc, self.size, self.size, len(self.name), 0)

    @property
    def header(self) -> bytes:
        """What stands before its bytes."""
        return _LOCAL.pack(b"PK\3\4", _VERSION, *self._common) + self.name.encode()

    def listed(self, offset: int) -> bytes:
        """Its line of the directory at the end."""
        return _CENTRAL.pack(b"PK\1\2", _MADE_BY, _VERSION, *self._common, 0, 0, 0, _MODE, offset) + self.name.encode()


def member(name: str, content: bytes) -> Member:
    """A file of these bytes."""
    return Member(name, len(content), crc32(content))


def size_of(members: Iterable[Member]) -> int:
    """How many bytes the archive of these files has."""
    end = _END.size
    return end + sum(len(one.header) + one.size + len(one.listed(0)) for one in members)


def fits(members: list[Member]) -> bool:
    """Whether an archive can hold these files."""
    return len(members) <= MOST_FILES and size_of(members) <= MOST_BYTES


def directory(members: Iterable[Member]) -> bytes:
    """What stands after all files, in their order: where each of them is."""
    lines: list[bytes] = []
    offset = 0
    for one in members:
        lines.append(one.listed(offset))
        offset += len(one.header) + one.size
    listed = b"".join(lines)
    return listed + _END.pack(b"PK\5\6", 0, 0, len(lines), len(lines), len(listed), offset, 0)


def written(files: Iterable[tuple[str, bytes]]) -> bytes:
    """The archive of these files, in their order."""
    held = [(member(name, content), content) for name, content in files]
    members = [one for one, _ in held]
    assert fits(members), "whoever makes an archive sees to it that it is not too large"
    return b"".join((*(piece for one, content in held for piece in (one.header, content)), directory(members)))


class Archive:
    """The files of an archive, in their order. They stay where they are: a copy is made of what is asked for."""

    def __init__(self, content: bytes, places: dict[str, tuple[int, int]]) -> None:
        self._content = content
        self._places = places

    @property
    def names(self) -> list[str]:
        """Of all files."""
        return list(self._places)

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def __getitem__(self, name: str) -> bytes:
        start, end = self._places[name]
        return self._content[start:end]

    def view(self, name: str) -> memoryview:
        """The bytes of a file, without a copy."""
        start, end = self._places[name]
        return memoryview(self._content)[start:end]

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a file, each with its newline; the last may lack it."""
        start, end = self._places[name]
        while start < end:
            after = self._content.find(b"\n", start, end) + 1 or end
            yield self._content[start:after]
            start = after


def parsed(content: bytes) -> Archive:
    """Read an archive: only one that is just as it would be written. Raises NotCanonical."""
    members: list[Member] = []
    places: dict[str, tuple[int, int]] = {}
    at = 0
    while content[at : at + 4] == b"PK\3\4":
        one, at = _member(content, at)
        if one.name in places:
            raise NotCanonical(f"two files are named {one.name}")
        places[one.name] = (at, at + one.size)
        at += one.size
        members.append(one)
    if content[at:] != directory(members):
        raise NotCanonical(f"from byte {at} on it is not what would be written after these {len(members)} files")
    return Archive(content, places)


def _member(content: bytes, at: int) -> tuple[Member, int]:
    """The file whose header stands there, and where its bytes begin."""
    if len(content) < at + _LOCAL.size:
        raise NotCanonical(f"it ends within the header at byte {at}")
    length = _LOCAL.unpack_from(content, at)[-2]
    size = _LOCAL.unpack_from(content, at)[-3]
    start = at + _LOCAL.size + length
    name = content[at + _LOCAL.size : start]
    if not name.isascii():
        raise NotCanonical(f"the name at byte {at} is not ASCII")
    one = Member(name.decode("ascii"), size, crc32(memoryview(content)[start : start + size]))
    if content[at:start] != one.header:
        raise NotCanonical(f"the header of {one.name!r} is not the one of its bytes")
    return one, start
