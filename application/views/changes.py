"""What is different between two answers? By path, with what stood there before and what stands there now."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeVar, cast

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

KEYS: Final = ("delegation", "id", "number", "to")
"""The members by which an entry of a list is known, the first that it has: a list is compared entry by entry, in any order."""

T = TypeVar("T")
Json = dict[str, Any] | list[Any] | tuple[Any, ...] | str | int | float | bool | None
Path = tuple[str, ...]


class ChangeShown(Struct, frozen=True, omit_defaults=True):
    """One thing that changed."""

    path: str
    """A JSON pointer into the answer, in which an entry of a list stands under what it is known by: /positions/CHN/hold."""
    old: Raw | UnsetType = UNSET
    """What stood there; absent where nothing did."""
    new: Raw | UnsetType = UNSET
    """What stands there; absent where nothing does."""


def plain(view: object) -> Json:
    """The answer as JSON has it, the same whatever order a set came in."""
    return msgspec.to_builtins(view, str_keys=True, order="sorted")


def compare(before: Json, after: Json) -> tuple[ChangeShown, ...]:
    """What changed between two answers: nothing in just the case that both are the same."""
    return tuple(_between(before, after, ()))


def appeared(after: Json) -> tuple[ChangeShown, ...]:
    """All of it is new."""
    return (ChangeShown("", new=_raw(after)),)


def vanished(before: Json) -> tuple[ChangeShown, ...]:
    """None of it is there any more."""
    return (ChangeShown("", old=_raw(before)),)


def _between(before: Json, after: Json, path: Path) -> Iterator[ChangeShown]:
    match before, after:
        case dict(), dict():
            yield from _by_member(before, after, path)
        case list() | tuple(), list() | tuple() if (keyed := _keyed(before, after)) is not None:
            yield from _by_member(*keyed, path)
        case _ if _said(before) != _said(after):
            yield ChangeShown(_pointer(path), _raw(before), _raw(after))
        case _:
            pass


def _by_member(before: dict[str, Any], after: dict[str, Any], path: Path) -> Iterator[ChangeShown]:
    for name in dict.fromkeys((*before, *after)):
        inner = (*path, name)
        if name not in after:
            yield ChangeShown(_pointer(inner), old=_raw(before[name]))
        elif name not in before:
            yield ChangeShown(_pointer(inner), new=_raw(after[name]))
        else:
            yield from _between(before[name], after[name], inner)


def _keyed(before: Sequence[Any], after: Sequence[Any]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Both lists by what their entries are known by; None where one entry is known by nothing, or two by the same."""
    key = next((key for key in KEYS if all(_has(entry, key) for entry in (*before, *after))), None)
    if key is None or not (before or after):
        return None
    keyed = _by(key, before), _by(key, after)
    is_whole = len(keyed[0]) == len(before) and len(keyed[1]) == len(after)
    return keyed if is_whole and _in_order(*keyed) else None


def _has(entry: object, key: str) -> bool:
    return isinstance(entry, dict) and isinstance(cast("dict[str, object]", entry).get(key), str | int)


def _by(key: str, entries: Sequence[T]) -> dict[str, T]:
    return {str(cast("dict[str, object]", entry)[key]): entry for entry in entries}


def _in_order(before: dict[str, object], after: dict[str, object]) -> bool:
    """Whether what both have stands in one order: else the order is what changed."""
    return [name for name in before if name in after] == [name for name in after if name in before]


def _pointer(path: Path) -> str:
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in path)


def _said(value: Json) -> bytes:
    """As it is said in JSON, where false is not 0."""
    return msgspec.json.encode(value, order="sorted")


def _raw(value: Json) -> Raw:
    return Raw(msgspec.json.encode(value))
