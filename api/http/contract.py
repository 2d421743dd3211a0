"""The OpenAPI document: what Litestar says of the routes, with the bodies, headers and problems that the edge itself reads.

Bodies are read strictly by `api.http.bodies`, so Litestar does not know them. A handler says in its ``opt`` what it has of its
own: its ``body``, ``query``, ``headers`` (``bare``: none of the usual ones) and further ``problems``; the commands that it ``gives``, or ``who`` may; other ``media``
of its answer, and what it answers ``else``. ``apart`` is one that asks for no forum, reads no header and has no usual problems.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from inspect import getdoc
from typing import Any, Final, cast, get_args, get_origin

import msgspec
from litestar import Litestar, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.routes import HTTPRoute

from api.http.bodies import NUMBER_LIMIT
from api.http.examples import example_of
from api.http.parameters import documented
from api.http.who import EVERYONE
from api.problems import MEANING, MEDIA_TYPE, Problem
from api.sessions import AnyRequest
from application.access import MAY, Capacity

DOCUMENT: Final = "application/vnd.oai.openapi+json"
REF: Final = "#/components/schemas/{name}"

_PROBLEMS: Final = {
    "get": (400, 401, 404, 503),
    "post": (400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503),
    "put": (400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503),
    "delete": (400, 401, 403, 404, 409, 412, 422, 428, 503),
}
_UNRECORDED: Final = (400, 401, 403, 404, 413, 415, 503)
"""Of an act that stands in no record: it has no rules, and no state that it is meant for."""


@cache
def described(handlers: tuple[HTTPRouteHandler, ...]) -> dict[str, Any]:
    """The document of these handlers."""
    # An application of its own, since Litestar's would also serve pages that load their parts from other hosts.
    return document(Litestar(handlers, openapi_config=OpenAPIConfig(title="Accord", version=version("accord"))))


def document(app: Litestar) -> dict[str, Any]:
    """The whole document."""
    schema = app.openapi_schema.to_schema()
    handlers = list(_handlers(app))
    refs, components = _schemas(handler for _, handler in handlers)
    schema["components"] = {
        "schemas": dict(sorted(components.items())),
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
    }
    for path, handler in handlers:
        for method in sorted(handler.http_methods):
            operation = schema["paths"].get(path, {}).get(method.lower())
            if operation is not None:
                _fill(operation, method.lower(), handler, refs)
    return schema


def _handlers(app: Litestar) -> Iterable[tuple[str, HTTPRouteHandler]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                yield route.path_format, handler


def _schemas(handlers: Iterable[HTTPRouteHandler]) -> tuple[Mapping[Any, Any], dict[str, Any]]:
    """Of each kind of body and answer where its schema is, and all schemas. Whole numbers are those that all readers keep."""
    kinds: set[Any] = {Problem}
    for handler in handlers:
        kinds |= {kind for kind in (handler.opt.get("body"), _shown(handler), *handler.opt.get("else", {}).values()) if kind}
    ordered = sorted(kinds, key=str)
    refs, components = msgspec.json.schema_components(ordered, ref_template=REF)
    _bound(components)
    return dict(zip(ordered, refs, strict=True)), components


def _bound(node: Any) -> None:  # noqa: ANN401  any part of a schema
    if isinstance(node, list):
        for entry in cast("list[Any]", node):
            _bound(entry)
    elif isinstance(node, dict):
        members = cast("dict[str, Any]", node)
        if members.get("type") == "integer":
            members.setdefault("minimum", -NUMBER_LIMIT)
            members.setdefault("maximum", NUMBER_LIMIT)
        for entry in members.values():
            _bound(entry)


def _shown(handler: HTTPRouteHandler) -> Any:  # noqa: ANN401  a Struct, or a generic one with its argument
    """The kind of view that a handler answers with: of `Response[Kind]` the kind."""
    kinds = get_args(handler.parsed_fn_signature.return_type.annotation)
    found = kinds[0] if kinds else handler.parsed_fn_signature.return_type.annotation
    kind = get_origin(found) or found
    return found if isinstance(kind, type) and issubclass(kind, msgspec.Struct) else None


def _fill(operation: dict[str, Any], method: str, handler: HTTPRouteHandler, refs: Mapping[Any, Any]) -> None:
    summary, _, rest = (getdoc(handler.fn) or "").partition("\n\n")
    who = who_may(method, handler)
    operation.update(
        summary=" ".join(summary.split()),
        parameters=[*operation.get("parameters", ()), *documented(method, handler)],
        security=[{}] if handler.opt.get("apart") else [{"token": []}, {}] if who == EVERYONE else [{"token": []}],
        responses=_answers(method, handler, refs),
        **{"x-who-may": list(who)},
        **({"description": " ".join(rest.split())} if rest else {}),
    )
    if (body := handler.opt.get("body")) is not None:
        operation["requestBody"] = {
            "required": not is_optional(body),
            "content": {"application/json": {"schema": refs[body], "example": example_of(body)}},
        }


def who_may(method: str, handler: HTTPRouteHandler) -> tuple[str, ...]:
    """In what capacities one may do this: as the command is given that the handler names, or that its body is."""
    if (who := handler.opt.get("who")) is not None:
        return who
    commands = handler.opt.get("gives", (handler.opt.get("body"),))
    may = {capacity for command in commands if command in MAY for capacity in MAY[command]}
    assert may or method == "get", f"{handler} does not say who may"
    return tuple(capacity.value for capacity in Capacity if capacity in may) or EVERYONE


def is_optional(body: type[msgspec.Struct]) -> bool:
    """Whether a body of this kind may be absent: it need not say anything."""
    return all(not field.required for field in msgspec.structs.fields(body))


def _answers(method: str, handler: HTTPRouteHandler, refs: Mapping[Any, Any]) -> dict[str, Any]:
    opt = handler.opt
    answers: dict[int, Any] = {
        handler.status_code: {"description": "Shown." if method == "get" else "Done.", **_content(handler, refs)}
    }
    if any(given["name"] == "If-None-Match" for given in documented(method, handler)):
        answers[304] = {"description": "Unchanged since the entity tag that the reader named."}
    usual = () if opt.get("apart") else _UNRECORDED if opt.get("bare") and method != "get" else _PROBLEMS[method]
    for status in (*usual, *opt.get("problems", ())):
        answers[status] = {"description": MEANING[status], "content": {MEDIA_TYPE: {"schema": refs[Problem]}}}
    for status, kind in opt.get("else", {}).items():
        answers[status] = {"description": MEANING[status], "content": {"application/json": {"schema": refs[kind]}}}
    return {str(status): answers[status] for status in sorted(answers)}


def _content(handler: HTTPRouteHandler, refs: Mapping[Any, Any]) -> dict[str, Any]:
    """What the answer holds; a handler names in ``opt["media"]`` the schemas of other media types."""
    shown = _shown(handler)
    usual = {} if shown is None else {"application/json": refs[shown]}
    schemas: dict[str, Any] = usual | handler.opt.get("media", {})
    return {"content": {media: {"schema": schema} for media, schema in schemas.items()}} if schemas else {}


@cache
def _encoded(handlers: tuple[HTTPRouteHandler, ...]) -> bytes:
    return msgspec.json.encode(described(handlers), order="sorted")


@get("/api/openapi.json", opt={"apart": True, "media": {DOCUMENT: {"type": "object"}}})
async def get_document(request: AnyRequest) -> Response[bytes]:
    """This API as an OpenAPI document."""
    return Response(_encoded(request.app.state["handlers"]), media_type=DOCUMENT)


HANDLERS: tuple[Any, ...] = (get_document,)
