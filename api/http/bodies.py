"""Reading what a request says: strictly, and in one form, before anybody decides on it.

What leaves here has text in NFC with LF, instants in UTC, and nothing that the types do not name.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from hashlib import sha256
from typing import Any, Final, NoReturn, TypeVar, cast
from unicodedata import normalize

import msgspec
from litestar import Request
from msgspec import Struct, inspect, structs

from api.flaws import YEARS, Flaw, Wrong, heard, pointer
from api.problems import BODY_LIMIT, Malformed, TooLarge, UnsupportedMediaType

DEPTH_LIMIT: Final = 32
TEXT_LIMIT: Final = 64 * 1024
"""Bytes of UTF-8 in one text, a provision's words among them."""
ENTRIES_LIMIT: Final = 500
"""Entries of one list or object, a text's provisions among them."""
NUMBER_LIMIT: Final = 2**53 - 1
"""The whole numbers that every reader of JSON keeps (RFC 7493)."""

REQUEST_TAG: Final = b"accord/request/v1\0"

T = TypeVar("T", bound=Struct)

Step = str | int

_encode = msgspec.json.Encoder(order="sorted").encode


async def read_body(request: Request[Any, Any, Any], kind: type[T], *, may_be_absent: bool = False) -> T:
    """What the request says. Nothing at all is read as ``{}`` where it may be absent.

    Raises Malformed, TooLarge, UnsupportedMediaType.
    """
    raw = await _received(request)
    if may_be_absent and not raw:
        return decode(b"{}", kind)
    check_media_type(request.headers.get("Content-Type", ""), request.headers.get("Content-Encoding", "identity"))
    return decode(raw, kind)


async def _received(request: Request[Any, Any, Any]) -> bytes:
    """The whole body. Reading stops at the limit, whatever length was announced."""
    body, is_more = bytearray(), True
    while is_more:
        message = await request.receive()
        if message["type"] != "http.request":  # the client went away in the middle of it
            _flawed(Wrong.CUT_SHORT)
        body += message.get("body", b"")
        if len(body) > BODY_LIMIT:
            raise TooLarge
        is_more = message.get("more_body", False)
    return bytes(body)


_MEDIA_TYPE: Final = re.compile(r"application/json\s*(?:;\s*charset\s*=\s*(?:utf-8|\"utf-8\")\s*)?", re.IGNORECASE | re.ASCII)


def check_media_type(media_type: str, encoding: str = "identity") -> None:
    """Turn away everything but JSON in UTF-8 as it is. Raises UnsupportedMediaType."""
    if not _MEDIA_TYPE.fullmatch(media_type) or encoding.strip().lower() != "identity":
        raise UnsupportedMediaType


def decode(raw: bytes, kind: type[T]) -> T:
    """What the bytes say, checked and in one form. Raises Malformed, TooLarge."""
    shape = _shape(kind)
    if len(raw) > BODY_LIMIT:
        raise TooLarge
    if not raw.strip():
        _flawed(Wrong.EMPTY)
    _check_characters(raw)
    _check_depth(raw)
    said = _typed(raw, kind, shape)
    _check_once(raw.decode())
    return _typed(_encode(_cleaned(said, ())), kind, shape)  # again: what the types bound is the text in its one form


def digest(method: str, path: str, said: Struct | None = None) -> bytes:
    """SHA-256 of what is asked for: the same for the same request, however its JSON was written."""
    body = b"" if said is None else _encode(said)
    return sha256(REQUEST_TAG + b"\0".join((method.upper().encode(), path.encode(), body))).digest()


def _flawed(wrong: Wrong, *steps: Step, **values: object) -> NoReturn:
    raise Malformed((Flaw(wrong, pointer(*steps), values=values),))


def _check_characters(raw: bytes) -> None:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        _flawed(Wrong.NOT_UTF8)
    if text.startswith("\ufeff"):
        _flawed(Wrong.NOT_UTF8)


_STRING: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
"""A string, closed or not: that it matches from each quotation mark on keeps the time linear."""
_ONE_KIND: Final = bytes.maketrans(b"{}", b"[]")
_NO_BRACKET: Final = bytes(set(range(256)) - set(b"[]"))


def _check_depth(raw: bytes) -> None:
    """Refuse what is nested too deep, without recursion: each round takes away the innermost level."""
    if raw.count(b"{") + raw.count(b"[") <= DEPTH_LIMIT:
        return
    brackets = _STRING.sub(b"", raw).translate(_ONE_KIND).translate(None, _NO_BRACKET)
    for _ in range(DEPTH_LIMIT):
        brackets = brackets.replace(b"[]", b"")
    if b"[]" in brackets or brackets.count(b"[") > DEPTH_LIMIT:
        _flawed(Wrong.TOO_DEEP, limit=DEPTH_LIMIT)


def _typed(raw: bytes, kind: type[T], shape: inspect.StructType) -> T:
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        raise Malformed((_located(str(error), shape),)) from error
    except msgspec.DecodeError as error:
        _not_json(str(error))


def _not_json(message: str) -> NoReturn:
    if message == "Input data was truncated":
        _flawed(Wrong.CUT_SHORT)
    _flawed(Wrong.NOT_JSON, said=message.removeprefix("JSON is malformed: "))


def _once(members: Sequence[tuple[str, object]]) -> None:
    seen: set[str] = set()
    for name, _ in members:
        if name in seen:
            _flawed(Wrong.TWICE, name=name)
        seen.add(name)


_check_once: Final = json.JSONDecoder(object_pairs_hook=_once).decode
"""Refuse a member that stands twice: readers of JSON differ in which of them they take."""


def _cleaned(value: object, steps: tuple[Step, ...]) -> object:
    match value:
        case Enum() | bool() | None:
            return value
        case str():
            return _text(value, steps)
        case int():
            return _number(value, steps)
        case datetime():
            return _instant(value, steps)
        case Struct():
            return _members(value, steps)
        case dict():
            return _entries(cast("dict[str, object]", value), steps)
        case tuple() | list():
            return _items(cast("Sequence[object]", value), steps)
        case _:
            return value


def _text(text: str, steps: tuple[Step, ...]) -> str:
    if "\0" in text:
        _flawed(Wrong.NUL, *steps)
    one_form = normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    size = len(one_form.encode())
    if size > TEXT_LIMIT:
        _flawed(Wrong.TEXT_TOO_LONG, *steps, size=size, limit=TEXT_LIMIT)
    return one_form


def _number(number: int, steps: tuple[Step, ...]) -> int:
    if abs(number) > NUMBER_LIMIT:
        _flawed(Wrong.NUMBER, *steps)
    return number


def _instant(instant: datetime, steps: tuple[Step, ...]) -> datetime:
    if instant.tzinfo is None:
        _flawed(Wrong.DATE_TIME, *steps)
    first, last = YEARS
    if not first <= instant.year <= last:
        _flawed(Wrong.YEAR, *steps, first=first, last=last)
    return instant.astimezone(UTC)


def _members(said: Struct, steps: tuple[Step, ...]) -> Struct:
    clean = {name: _cleaned(getattr(said, name), (*steps, member)) for name, member in _named(type(said))}
    return type(said)(**clean)


@cache
def _named(kind: type[Struct]) -> tuple[tuple[str, str], ...]:
    """Each attribute with its name in JSON."""
    return tuple((field.name, field.encode_name) for field in structs.fields(kind))


def _entries(entries: Mapping[str, object], steps: tuple[Step, ...]) -> dict[str, object]:
    _check_count(len(entries), steps)
    clean: dict[str, object] = {}
    for name, value in entries.items():
        key = _text(name, steps)
        if key in clean:  # two ways to write the same word
            _flawed(Wrong.TWICE, *steps, name=key)
        clean[key] = _cleaned(value, (*steps, name))
    return clean


def _items(items: Sequence[object], steps: tuple[Step, ...]) -> tuple[object, ...]:
    _check_count(len(items), steps)
    return tuple(_cleaned(item, (*steps, place)) for place, item in enumerate(items))


def _check_count(count: int, steps: tuple[Step, ...]) -> None:
    if count > ENTRIES_LIMIT:
        _flawed(Wrong.TOO_MANY_ENTRIES, *steps, count=count, limit=ENTRIES_LIMIT)


_WHERE: Final = re.compile(r" - at (?:`key` in )?`\$(?P<path>[^`]*)`$")
_STEP: Final = re.compile(r"\.(?P<member>[^.\[]+)|\[(?P<place>[0-9]+)\]|\[\.\.\.\]")


def _located(message: str, shape: inspect.StructType) -> Flaw:
    """What msgspec complains of, and where: as far as it says, since it does not name the entry of an object."""
    where = _WHERE.search(message)
    wrong, values = heard(message[: where.start()] if where else message)
    steps = _steps(where["path"] if where else "")
    at = pointer(*(step for step in steps if step is not None))
    match wrong:
        case Wrong.MEMBER_UNKNOWN | Wrong.VALUE_UNKNOWN:
            return Flaw(wrong, at, values={**values, "known": _known(shape, steps)})
        case _:
            return Flaw(wrong, at, values=values)


def _steps(path: str) -> list[Step | None]:
    """The steps of a path in msgspec's writing; None for an entry that it does not name."""
    return [found["member"] or (int(found["place"]) if found["place"] else None) for found in _STEP.finditer(path)]


@cache
def _shape(kind: type[Struct]) -> inspect.StructType:
    shape = inspect.type_info(kind)
    assert isinstance(shape, inspect.StructType)
    assert shape.forbid_unknown_fields, f"{kind.__name__} would let unknown members pass"
    return shape


def _known(shape: inspect.Type, steps: Sequence[Step | None]) -> tuple[str, ...]:
    """The members or values that the type knows at a place."""
    match shape:
        case inspect.UnionType(types=types):
            return tuple(name for one in types for name in _known(one, steps))
        case inspect.Metadata(type=within):
            return _known(within, steps)
        case inspect.EnumType(cls=words) if not steps:
            return tuple(str(word.value) for word in words)
        case inspect.LiteralType(values=values) if not steps:
            return tuple(map(str, values))
        case inspect.StructType(fields=fields) if not steps:
            return tuple(field.encode_name for field in fields)
        case inspect.StructType(fields=fields):
            return tuple(name for field in fields if field.encode_name == steps[0] for name in _known(field.type, steps[1:]))
        case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item) if steps:
            return _known(item, steps[1:])
        case inspect.DictType(value_type=entry) if steps:
            return _known(entry, steps[1:])
        case _:
            return ()
