"""A text under signatures, each by a key with a name (c2sp.org/signed-note).

A line of signature: em dash, space, name, space, ``base64(id[4] || signature)``. The text ends in a newline and is parted from
its signatures by the last empty line. Name and id together say which key signed, and how; signatures by other keys are passed
over, so that keys may change and witnesses may sign beside the log.
"""

from collections.abc import Callable, Collection, Iterable
from enum import IntEnum
from hashlib import sha256
from typing import Final

from msgspec import Struct

from domain.record.malformed import Malformed, base64, lines, octets

DASH: Final = "\N{EM DASH} "
ID_BYTES: Final = 4
MOST_SIGNATURES: Final = 100
"""A note of more is refused. The format wants 16 at the least."""
MOST_OCTETS: Final = 1_000_000


class Kind(IntEnum):
    """How a key signs: the byte that stands before its octets."""

    ED25519 = 0x01
    """The text itself (RFC 8032)."""
    COSIGNATURE = 0x04
    """The text and the time, with Ed25519 (c2sp.org/tlog-cosignature)."""
    COSIGNATURE_ML_DSA_44 = 0x06
    """A tree and the time, with ML-DSA-44 (the same)."""


KEY_BYTES: Final = {Kind.ED25519: 32, Kind.COSIGNATURE: 32, Kind.COSIGNATURE_ML_DSA_44: 1312}
SIGNATURE_BYTES: Final = {Kind.ED25519: 64, Kind.COSIGNATURE: 64, Kind.COSIGNATURE_ML_DSA_44: 2420}
"""Of the bare signature, without id and time."""


class VerifierKey(Struct, frozen=True):
    """Who signs, how, and the key to check it with."""

    name: str
    kind: Kind
    public: bytes

    def __post_init__(self) -> None:
        assert is_name(self.name), "a name is not empty, and without spaces and plus"
        assert len(self.public) == KEY_BYTES[self.kind], "a key of another length is of another kind"

    @property
    def id(self) -> bytes:
        """Four bytes that tell the keys of one name apart. They are no proof of which key it is."""
        return sha256(self.name.encode() + b"\n" + self._typed).digest()[:ID_BYTES]

    @property
    def _typed(self) -> bytes:
        return bytes([self.kind]) + self.public

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64(self._typed)}"


class Signature(Struct, frozen=True):
    """One line under a note. What the octets hold depends on the kind of the key."""

    name: str
    id: bytes
    octets: bytes

    def __post_init__(self) -> None:
        assert is_name(self.name), "a name is not empty, and without spaces and plus"
        assert len(self.id) == ID_BYTES, "an id has 4 bytes"
        assert self.octets, "a signature is not empty"

    def __str__(self) -> str:
        return f"{DASH}{self.name} {base64(self.id + self.octets)}\n"


class Note(Struct, frozen=True):
    """A text and what was signed under it."""

    text: str
    signatures: tuple[Signature, ...]

    def __post_init__(self) -> None:
        assert self.text.endswith("\n"), "a text ends in a newline"
        assert self.signatures, "a note is signed"

    def __bytes__(self) -> bytes:
        return "".join((self.text, "\n", *map(str, self.signatures))).encode()

    def beside(self, added: Signature) -> "Note":
        """With one more signature, unless this very one is there."""
        return self if added in self.signatures else Note(self.text, (*self.signatures, added))


class Unproven(Exception):
    """What was handed in is well-formed, and does not show what it is to show."""


class Unsigned(Unproven):
    """No key that is known has signed."""


class SignatureFails(Unproven):
    """A known key's signature does not hold: the whole note is refused, whoever else signed it."""

    def __init__(self, key: VerifierKey) -> None:
        super().__init__(f"the signature of {key.name} does not hold")
        self.key = key


Holds = Callable[[VerifierKey, str, bytes], bool]
"""Whether a key signed a text with these octets, as its kind has it (`cosignature.holds` makes one)."""


def is_name(text: str) -> bool:
    """Whether a key may have this name."""
    return bool(text) and not any(
        found.isspace() or found < " " or found == "+" or "\ud800" <= found <= "\udfff" for found in text
    )


def key(text: str, line: int = 1) -> VerifierKey:
    """Read a key as it is handed round: name, id and octets, with plus between."""
    parts = text.split("+", 2)
    if len(parts) < 3 or not is_name(parts[0]):  # noqa: PLR2004  as many as the format has
        raise Malformed(line, "a verifier key: <name>+<id>+<octets>")
    typed = octets(parts[2], line, "a key")
    kind = next((kind for kind, length in KEY_BYTES.items() if typed[:1] == bytes([kind]) and len(typed) == 1 + length), None)
    if kind is None:
        raise Malformed(line, "a key of 32 octets after 01 or 04, or of 1312 after 06")
    found = VerifierKey(parts[0], kind, typed[1:])
    if parts[1] != found.id.hex():
        raise Malformed(line, f"the id of this key, {found.id.hex()}")
    return found


def parsed(content: bytes, first: int = 1) -> Note:
    """Read a note. ``first``: the number of its first line, where it stands in a longer file."""
    if len(content) > MOST_OCTETS:
        raise Malformed(first, f"no more than {MOST_OCTETS} octets")
    try:
        return _parted(lines(content))
    except Malformed as wrong:
        raise Malformed(wrong.line + first - 1, wrong.expected) from None


def _parted(found: list[str]) -> Note:
    """The text may have empty lines of its own: the last one parts it from the signatures."""
    if "" not in found[1:]:
        raise Malformed(len(found) + 1, "an empty line between the text and its signatures")
    end = len(found) - 1 - found[::-1].index("")
    return Note("".join(f"{line}\n" for line in found[:end]), _signatures(found[end + 1 :], end + 2))


def _signatures(found: Collection[str], first: int) -> tuple[Signature, ...]:
    if not 0 < len(found) <= MOST_SIGNATURES:
        raise Malformed(first, f"1 to {MOST_SIGNATURES} signatures")
    return tuple(signature(line, number) for number, line in enumerate(found, start=first))


def signature(text: str, line: int = 1) -> Signature:
    """Read one line of signature, without its newline."""
    name, parted, rest = text.removeprefix(DASH).partition(" ")
    if not (text.startswith(DASH) and parted and is_name(name)):
        raise Malformed(line, "a signature: an em dash, a name, octets, with one space between")
    found = octets(rest, line, "a signature")
    if len(found) <= ID_BYTES:
        raise Malformed(line, "a signature of more than its id of 4 octets")
    return Signature(name, found[:ID_BYTES], found[ID_BYTES:])


def signers(note: Note, keys: Iterable[VerifierKey], holds: Holds) -> frozenset[VerifierKey]:
    """Who of these signed the note. Two keys may share name and id by an ill chance: then either may have signed."""
    known = [(key.name, key.id, key) for key in keys]
    signed: set[VerifierKey] = set()
    for line in note.signatures:
        named = [key for name, identity, key in known if (name, identity) == (line.name, line.id)]
        held = [key for key in named if holds(key, note.text, line.octets)]
        if named and not held:
            raise SignatureFails(named[0])
        signed.update(held)
    if not signed:
        raise Unsigned("no known key has signed this note")
    return frozenset(signed)
