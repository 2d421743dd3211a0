"""What is said of bytes that are not of their format, and how numbers and octets are read without a second spelling.

Whoever signs or compares bytes may not read two spellings as one: base64 is the one that would be written (RFC 4648, section 4,
with its padding and no stray bits), decimals have no sign and no leading zero.
"""

import re
from base64 import b64decode, b64encode
from typing import Final

import msgspec

LARGEST: Final = 2**63 - 1
"""Sizes, indices and timestamps end here (c2sp.org/tlog-cosignature, for timestamps; what 64 bits with a sign hold)."""

UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What msgspec raises at JSON that is none, or not of its shape."""

_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


class Malformed(ValueError):
    """Bytes that are not of their format: the line, counted from 1, and what was expected there."""

    def __init__(self, line: int, expected: str) -> None:
        super().__init__(f"line {line}: expected {expected}")
        self.line = line
        self.expected = expected


def decimal(text: str, line: int, what: str) -> int:
    """Read a number from 0 to 2**63 - 1."""
    if _DECIMAL.fullmatch(text) is None or int(text) > LARGEST:
        raise Malformed(line, f"{what}: a decimal without leading zeros, at most {LARGEST}")
    return int(text)


def octets(text: str, line: int, what: str, length: int | None = None) -> bytes:
    """Read base64 as this program would write it; where a length is given, of just so many octets."""
    try:
        found = b64decode(text, validate=True)
    except ValueError:
        raise Malformed(line, f"{what} in base64") from None
    if base64(found) != text:
        raise Malformed(line, f"{what} in base64 of one spelling")
    if length is not None and len(found) != length:
        raise Malformed(line, f"{what} of {length} octets")
    return found


def base64(found: bytes) -> str:
    """Write octets: the standard alphabet, padded."""
    return b64encode(found).decode("ascii")


def lines(content: bytes) -> list[str]:
    """Read UTF-8 text whose every line ends in a newline, without control characters (c2sp.org/signed-note)."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as unread:
        raise Malformed(content.count(b"\n", 0, unread.start) + 1, "UTF-8") from None
    found = text.split("\n")
    for number, line in enumerate(found, start=1):
        if any(character < " " for character in line):
            raise Malformed(number, "no control characters")
    if found.pop():
        raise Malformed(len(found) + 1, "a newline at the end")
    return found
