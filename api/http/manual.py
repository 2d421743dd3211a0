"""The manual: one page that tells of every address how it is called, rendered from the OpenAPI document."""

import json
import re
from asyncio import to_thread
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from shlex import quote
from typing import Any, Final

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from api.http.bodies import NUMBER_LIMIT
from api.http.contract import described
from api.http.headers import IF_NONE_MATCH
from api.problems import DESCRIPTIONS, MEANING, MEDIA_TYPE, Description
from api.sessions import AnyRequest, accord
from api.web.pages import CSS, HTML, render, served, stylesheet

Schema = Mapping[str, Any]


class Part(Struct, frozen=True):
    """A piece of a sentence; one that ``link``s is the name of a shape."""

    text: str
    link: bool = False


class ParameterShown(Struct, frozen=True):
    """A parameter of the path or the query, or a header field."""

    name: str
    place: str
    sentence: str
    form: tuple[Part, ...]


class BodyShown(Struct, frozen=True):
    """What is said, with an example."""

    name: str
    optional: bool
    example: str


class ContentShown(Struct, frozen=True):
    """What an answer holds."""

    media: str
    form: tuple[Part, ...]


class AnswerShown(Struct, frozen=True):
    """An answer that is no problem."""

    status: str
    sentence: str
    contents: tuple[ContentShown, ...]


class ProblemShown(Struct, frozen=True):
    """A status, and where its problem is described; or all of its problems, where there are several."""

    status: str
    sentence: str
    code: str
    link: str


class RouteShown(Struct, frozen=True):
    """An address with a method."""

    anchor: str
    method: str
    path: str
    sentence: str
    more: str
    who: str
    headers: tuple[str, ...]
    parameters: tuple[ParameterShown, ...]
    body: BodyShown | None
    answers: tuple[AnswerShown, ...]
    problems: tuple[ProblemShown, ...]
    curl: str


class Group(Struct, frozen=True):
    """The addresses of one noun."""

    anchor: str
    title: str
    routes: tuple[RouteShown, ...]


class Status(Struct, frozen=True):
    """All problems of one status."""

    status: int
    sentence: str
    problems: tuple[Description, ...]


class MemberShown(Struct, frozen=True):
    """A member of a shape."""

    name: str
    optional: bool
    form: tuple[Part, ...]


class Shape(Struct, frozen=True):
    """What a body, or a part of one, is made of: members, or a form."""

    name: str
    sentence: str
    members: tuple[MemberShown, ...]
    form: tuple[Part, ...]


class Manual(Struct, frozen=True):
    """All that the page shows."""

    version: str
    groups: tuple[Group, ...]
    headers: tuple[ParameterShown, ...]
    statuses: tuple[Status, ...]
    shapes: tuple[Shape, ...]


def manual(document: Schema) -> Manual:
    """The manual that the document holds."""
    routes = tuple(_routes(document["paths"]))
    return Manual(
        version=document["info"]["version"],
        groups=tuple(_groups(routes)),
        headers=tuple(_header_fields(document["paths"])),
        statuses=tuple(_statuses()),
        shapes=tuple(_shape(name, schema) for name, schema in sorted(document["components"]["schemas"].items())),
    )


def _operations(paths: Schema) -> Iterator[tuple[str, str, Schema]]:
    for path, methods in paths.items():
        for method in sorted(methods, key=("get", "post", "put", "delete").index):
            yield path, method, methods[method]


def _routes(paths: Schema) -> Iterator[RouteShown]:
    for path, method, operation in _operations(paths):
        yield RouteShown(
            anchor=anchor(method, path),
            method=method.upper(),
            path=path,
            sentence=operation["summary"],
            more=operation.get("description", ""),
            who=_who(operation["x-who-may"]),
            headers=tuple(given["name"] for given in operation["parameters"] if given["in"] == "header"),
            parameters=tuple(_parameter(given) for given in operation["parameters"] if given["in"] != "header"),
            body=_body(operation),
            answers=tuple(_answers(operation["responses"])),
            problems=tuple(_problems(operation["responses"])),
            curl=_curl(method, path, operation),
        )


def anchor(method: str, path: str) -> str:
    """The place of an address on the page."""
    return re.sub(r"[^a-z0-9]+", "-", f"{method}{path}".lower()).strip("-")


def _groups(routes: Iterable[RouteShown]) -> Iterator[Group]:
    for noun, several in groupby(sorted(routes, key=lambda route: _noun(route.path)), key=lambda route: _noun(route.path)):
        yield Group(f"about-{noun}", noun.capitalize(), tuple(several))


def _noun(path: str) -> str:
    """What an address is about: its first word beside `api`."""
    words = [word.partition(".")[0] for word in path.split("/") if word and word != "api"]
    return words[0] if words else "manual"


def _who(may: Sequence[str]) -> str:
    *others, last = may
    return f"{', '.join(others)} or {last}" if others else last


def _parameter(given: Schema) -> ParameterShown:
    return ParameterShown(given["name"], given["in"], given.get("description", ""), tuple(_form(given["schema"])))


def _header_fields(paths: Schema) -> Iterable[ParameterShown]:
    fields = {
        given["name"]: _parameter(given)
        for _, _, operation in _operations(paths)
        for given in operation["parameters"]
        if given["in"] == "header"
    }
    return sorted(fields.values(), key=lambda field: field.name)


def _body(operation: Schema) -> BodyShown | None:
    if (body := operation.get("requestBody")) is None:
        return None
    content = body["content"]["application/json"]
    return BodyShown(_name(content["schema"]["$ref"]), not body["required"], _json(content["example"]))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _answers(responses: Schema) -> Iterator[AnswerShown]:
    for status, response in responses.items():
        contents = response.get("content", {})
        if MEDIA_TYPE not in contents:
            shown = (ContentShown(media, tuple(_form(content["schema"]))) for media, content in contents.items())
            yield AnswerShown(status, response["description"], tuple(shown))


def _problems(responses: Schema) -> Iterator[ProblemShown]:
    for status, response in responses.items():
        if MEDIA_TYPE in response.get("content", {}):
            codes = [about.code for about in DESCRIPTIONS.values() if str(about.status) == status]
            code = codes[0] if len(codes) == 1 else ""
            yield ProblemShown(status, response["description"], code, f"/problems/{code}" if code else f"#status-{status}")


def _statuses() -> Iterator[Status]:
    for status, sentence in MEANING.items():
        problems = sorted((about for about in DESCRIPTIONS.values() if about.status == status), key=lambda about: about.code)
        yield Status(status, sentence, tuple(problems))


def _shape(name: str, schema: Schema) -> Shape:
    required = schema.get("required", ())
    members = tuple(
        MemberShown(member, member not in required, tuple(_form(form))) for member, form in schema.get("properties", {}).items()
    )
    sentence = " ".join(schema.get("description", "").split())
    return Shape(name, sentence, members, () if members else tuple(_form(schema)))


def _name(reference: str) -> str:
    return reference.rpartition("/")[2]


def _form(schema: Schema) -> Iterator[Part]:
    """What a value looks like, in words."""
    match schema:
        case {"$ref": reference}:
            yield Part(_name(reference), link=True)
        case {"anyOf": several}:
            yield from _either(several)
        case {"enum": values}:
            yield Part(" | ".join(map(str, values)))
        case {"type": "array", "prefixItems": items}:
            yield Part("list of ")
            yield from _either(items, " and ")
        case {"type": "array", "items": items}:
            yield Part("list of ")
            yield from _form(items)
        case {"type": "object", "additionalProperties": {} as entries}:
            yield Part("by name ")
            yield from _form(entries)
        case {"type": "integer", "minimum": least, "maximum": most} if most < NUMBER_LIMIT:
            yield Part(f"whole number from {least} to {most}")
        case _:
            yield Part(_WORDS.get(schema.get("format", ""), _WORDS.get(schema.get("type", ""), "anything")))


def _either(several: Sequence[Schema], word: str = " or ") -> Iterator[Part]:
    for place, schema in enumerate(several):
        if place:
            yield Part(word)
        yield from _form(schema)


_WORDS: Final = {
    "date-time": "date-time",
    "date": "date",
    "uuid": "UUID",
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "null": "null",
    "object": "object",
}


def _curl(method: str, path: str, operation: Schema) -> str:
    """The call, to be pasted into a shell that knows the forum's address, a token and the names in the path."""
    address = re.sub(r"\{(\w+)\}", lambda found: f"${found[1].upper()}", path)
    lines = [f'curl -s{_method(method)} "$ACCORD{address}{_needed(operation)}"']
    if {"token": []} in operation["security"]:
        lines.append('-H "Authorization: Bearer $TOKEN"')
    if "{" in path and _reads(operation, "If-Match") and not _names_its_revision(operation):
        lines.append("-H 'If-Match: *'")
    if "requestBody" in operation and (example := operation["requestBody"]["content"]["application/json"]["example"]):
        lines += ["-H 'Content-Type: application/json'", f"-d {quote(json.dumps(example, ensure_ascii=False))}"]
    return " \\\n  ".join(lines)


def _needed(operation: Schema) -> str:
    """The query of what must be there: the first word that the document knows, or the least number."""
    named = (given for given in operation["parameters"] if given["in"] == "query" and given["required"])
    pairs = [f"{given['name']}={_first(given['schema'])}" for given in named]
    return f"?{'&'.join(pairs)}" if pairs else ""


def _first(schema: Schema) -> str | int:
    return schema["enum"][0] if "enum" in schema else schema["minimum"]


def _reads(operation: Schema, field: str) -> bool:
    return any(given["name"] == field for given in operation["parameters"] if given["in"] == "header")


def _method(method: str) -> str:
    return "" if method == "get" else f"X {method.upper()}"


def _names_its_revision(operation: Schema) -> bool:
    """An act on a text says which: it needs no entity tag."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return not {"revision", "base"}.isdisjoint(content.get("example", {}))


@cache
def _page(handlers: tuple[HTTPRouteHandler, ...], kind: str) -> str:
    return render("manual.html", manual=manual(described(handlers)), kind=kind)


_TEXT: Final = {"type": "string"}


@get("/api", opt={"apart": True, "headers": (IF_NONE_MATCH,), "problems": (400,), "media": {HTML: _TEXT}})
async def get_manual(request: AnyRequest) -> Response[str | None]:
    """This page."""
    kind = accord(request).directory.forum().founded.kind
    return served(request, await to_thread(_page, request.app.state["handlers"], kind))  # some tenths of a second, once


@get("/web/accord.css", opt={"apart": True, "headers": (IF_NONE_MATCH,), "problems": (400,), "media": {CSS: _TEXT}})
async def get_stylesheet(request: AnyRequest) -> Response[str | None]:
    """How the pages look."""
    return served(request, stylesheet(), CSS)


HANDLERS: tuple[Any, ...] = (get_manual, get_stylesheet)
