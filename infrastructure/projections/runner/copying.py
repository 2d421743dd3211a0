"""Rows as lines for COPY, in PostgreSQL's text form."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import msgspec

SPECIAL: Final = re.compile(r"[\\\t\n\r]")
"""What COPY gives a meaning, or would."""
MEANT: Final = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}

_json = msgspec.json.Encoder().encode


class Lines:
    """The rows of one table. What a row has in common with the one before, to the very object, is written as it was there."""

    def __init__(self) -> None:
        self._last: Sequence[object] = ()
        self._texts: list[str] = []

    def line(self, values: Sequence[object]) -> str:
        """A row of as many columns as the others. Raises TypeError for a value that no column of a view takes."""
        if not self._texts:
            self._texts = [_text(value) for value in values]
        else:
            known = zip(values, self._last, self._texts, strict=True)
            self._texts = [text if value is last else _text(value) for value, last, text in known]
        self._last = values
        return "\t".join(self._texts) + "\n"


def _text(value: object) -> str:
    return (_TEXTS.get(type(value)) or _kind(value))(value)


def _string(value: str) -> str:
    return SPECIAL.sub(_meant, value)


def _meant(found: re.Match[str]) -> str:
    return MEANT[found[0]]


def _array(values: tuple[str, ...]) -> str:
    """Quoted, each of them: what stands bare might be read as NULL or as a bracket."""
    quoted = ['"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values]
    return _string("{" + ",".join(quoted) + "}")


def _object(value: Mapping[str, object]) -> str:
    return _string(_json(value).decode())


def _kind(value: object) -> Callable[[Any], str]:
    """An enumeration is written as its word."""
    if isinstance(value, StrEnum):
        return _string
    raise TypeError(f"no column of a view takes a {type(value).__name__}")


_TEXTS: Final[dict[type, Callable[[Any], str]]] = {
    type(None): lambda _: "\\N",
    bool: lambda value: "t" if value else "f",
    int: str,
    str: _string,
    UUID: str,
    datetime: datetime.isoformat,
    tuple: _array,
    dict: _object,
}
