"""What requests may say beside their bodies: each header field and parameter with its sentence and its form."""

from collections.abc import Iterable
from typing import Any, Final

from litestar.handlers import HTTPRouteHandler

from api.http.headers import DAY_LIMIT, INDEX_LIMIT, KEY_LIMIT, LISTED_LIMIT, PAGE_DEFAULT, PAGE_LIMIT, REVISION_LIMIT

_UUID: Final = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_PLACE: Final = rf"{_UUID}:(?:0|[1-9][0-9]{{0,17}})"
_TAG: Final = r'(?:W/)?"[!#-~]*"'
_CHARACTER: Final = r"[!#-\[\]-~]"

WORDS: Final = {"type": "string"}
NAMES: Final = {"type": "array", "items": {"type": "string", "minLength": 1}, "maxItems": LISTED_LIMIT}
POSITIONS: Final = {"type": "string", "minLength": 1, "pattern": f"^{_PLACE}(?:,{_PLACE})*$"}
TAGS: Final = {"type": "string", "minLength": 1, "pattern": rf"^(?:\*|{_TAG}(?:, {_TAG})*)$"}
KEY: Final = {
    "type": "string",
    "minLength": 1,
    "pattern": rf'^(?:[!#-~][!-~]{{0,{KEY_LIMIT - 1}}}|"(?:{_CHARACTER}|\\["\\]){{1,{KEY_LIMIT}}}")$',
}
MOMENT: Final = {"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]}
"""A date is the end of that day by the forum's calendar."""
UUID_TEXT: Final = {"type": "string", "format": "uuid"}


def whole(least: int, most: int, **more: int) -> dict[str, Any]:
    """A whole number."""
    return {"type": "integer", "minimum": least, "maximum": most, **more}


INDEX: Final = whole(0, INDEX_LIMIT - 1)
"""Of a fact in its book."""

HEADERS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "Idempotency-Key": ("By it a repeated request finds the first answer, for ever.", KEY),
    "If-Match": ("The entity tag of the state that the write is meant for; * for any.", {**TAGS, "examples": ["*"]}),
    "If-None-Match": (
        "The entity tag of what the reader has: the answer is 304 if it is still so.",
        {**TAGS, "examples": ['"0"']},
    ),
    "Accord-Position": (
        "A position that an answer gave: the read shows at least that much.",
        {**POSITIONS, "examples": ["0a000000-0000-4000-8000-000000000001:0"]},
    ),
    "Accord-Promise": (
        "1: the answer's field of this name promises what was recorded, signed, each note in base64.",
        {"type": "string", "enum": ["1"]},
    ),
    "Accept-Language": ("The language of a problem's sentence: en, ja, zh-Hans or ko.", {**WORDS, "examples": ["ja"]}),
    "Last-Event-ID": ("Where to go on from, as the last event said; it counts before `after`.", POSITIONS),
}
QUERY: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "as_of": ("What the record said at this instant.", MOMENT),
    "effective_at": ("What held at this instant, as known now.", MOMENT),
    "from": ("The number of a revision; else the one before the other.", whole(0, REVISION_LIMIT)),
    "to": ("The number of a revision; else the current one.", whole(0, REVISION_LIMIT)),
    "language": ("In which language words are compared; else in the master.", WORDS),
    "after": ("Where to go on from, as an answer gave it.", WORDS),
    "limit": (f"How many items, up to {PAGE_LIMIT}; else {PAGE_DEFAULT}.", whole(1, PAGE_LIMIT, default=PAGE_DEFAULT)),
    "day": ("Each edition so many days after it was opened; one that has not come so far shows none.", whole(0, DAY_LIMIT)),
    "predecessor": ("Only those that follow one of these.", {**NAMES, "items": UUID_TEXT}),
    "needs": ("`me`: only what waits for me.", {"type": "string", "enum": ["me"]}),
    "q": ("Only those with these words in number or title, in any language.", WORDS),
    "edition": ("Only of these editions.", NAMES),
    "format": ("Only of these formats.", NAMES),
    "kind": ("Only of these kinds.", NAMES),
    "status": ("Only those that stand so.", NAMES),
    "sponsor": ("Only those that one of these delegations sponsors.", NAMES),
}


READING: Final = ("Accord-Position", "If-None-Match")
WRITING: Final = ("Idempotency-Key", "If-Match", "Accord-Promise")


def documented(method: str, handler: HTTPRouteHandler) -> Iterable[dict[str, Any]]:
    """All that a route reads beside its path and body, as the document says it.

    A handler names its parameters in ``opt["query"]``, further header fields in ``opt["headers"]``, and parameters that have
    another sense or form here in ``opt["parameters"]``; which of them must be there, in ``opt["required"]``.
    """
    own: dict[str, tuple[str, dict[str, Any]]] = handler.opt.get("parameters", {})
    for name in _headers(method, handler):
        yield _parameter("header", name, *HEADERS[name])
    for name in handler.opt.get("query", ()):
        assert name in own or name in QUERY, f"the parameter {name} has no sentence"
        is_required = name in handler.opt.get("required", ())
        yield {**_parameter("query", name, *(own.get(name) or QUERY[name])), "required": is_required}


def _headers(method: str, handler: HTTPRouteHandler) -> tuple[str, ...]:
    more: tuple[str, ...] = handler.opt.get("headers", ())
    if handler.opt.get("apart"):
        return more
    usual: tuple[str, ...] = READING if method == "get" else WRITING
    if handler.opt.get("bare"):
        return (*more, "Accept-Language")
    return (*usual, *more, "Accept-Language")


def _parameter(place: str, name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": place, "required": False, "description": description, "schema": schema}
