"""The OpenAPI document: what Litestar says of the routes, with the bodies, headers and problems that the edge itself reads.

Bodies are read strictly by `api.http.bodies`, so Litestar does not know them; a handler names its own in ``opt["body"]``.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from typing import Any, Final, get_args

import msgspec
from litestar import Litestar, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.routes import HTTPRoute

from api.problems import MEANING, MEDIA_TYPE, Problem

REF: Final = "#/components/schemas/{name}"

_HEADERS: Final = {
    "Idempotency-Key": "By it a repeated request finds the first answer, for ever.",
    "If-Match": "The entity tag of the state that the write is meant for.",
    "Accord-Position": "A position that an answer gave: the read shows at least that much.",
    "Accept-Language": "The language of a problem's sentence: en, ja, zh-Hans or ko.",
}
_QUERY: Final = {
    "as_of": "What the record said at this instant.",
    "effective_at": "What held at this instant, as known now.",
    "from": "The number of a revision; else the one before the other.",
    "to": "The number of a revision; else the current one.",
    "language": "In which language words are compared; else in the master.",
    "after": "Where to go on from, as an answer gave it.",
    "limit": "How many items, up to 200; else 50.",
    "day": "Each edition so many days after it was opened; one that has not come so far shows none.",
}
_PROBLEMS: Final = {
    "get": (400, 401, 404, 503),
    "post": (400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503),
    "put": (400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503),
    "delete": (400, 401, 403, 404, 409, 412, 422, 428, 503),
}


def document(app: Litestar) -> dict[str, Any]:
    """The whole document."""
    schema = app.openapi_schema.to_schema()
    handlers = list(_handlers(app))
    shown = {handler: _shown(handler) for _, handler in handlers}
    kinds = (
        {kind for _, handler in handlers if (kind := handler.opt.get("body"))} | {k for k in shown.values() if k} | {Problem}
    )
    refs, components = msgspec.json.schema_components(sorted(kinds, key=lambda kind: kind.__name__), ref_template=REF)
    by_kind = dict(zip(sorted(kinds, key=lambda kind: kind.__name__), refs, strict=True))
    schema["components"] = {
        "schemas": dict(sorted(components.items())),
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
    }
    schema["security"] = [{"token": []}, {}]
    for path, handler in handlers:
        for method in sorted(handler.http_methods):
            operation = schema["paths"].get(path, {}).get(method.lower())
            if operation is not None:
                _fill(operation, method.lower(), handler, shown[handler], by_kind)
    return schema


def _handlers(app: Litestar) -> Iterable[tuple[str, HTTPRouteHandler]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                yield route.path_format, handler


def _shown(handler: HTTPRouteHandler) -> type[Any] | None:
    """The kind of view that a handler answers with: of `Response[Kind]` the kind."""
    kinds = get_args(handler.parsed_fn_signature.return_type.annotation)
    found = kinds[0] if kinds else handler.parsed_fn_signature.return_type.annotation
    return found if isinstance(found, type) and issubclass(found, msgspec.Struct) else None


def _fill(
    operation: dict[str, Any],
    method: str,
    handler: HTTPRouteHandler,
    shown: type[Any] | None,
    refs: Mapping[type[Any], Any],
) -> None:
    operation["parameters"] = [*operation.get("parameters", ()), *_parameters(method, handler)]
    if (body := handler.opt.get("body")) is not None:
        operation["requestBody"] = {
            "required": body.__name__ != "Nothing",
            "content": {"application/json": {"schema": refs[body]}},
        }
    success = str(handler.status_code if method != "post" else 201)
    content = _content(handler, shown, refs)
    operation["responses"] = {success: {"description": "Done." if method != "get" else "Shown.", **content}} | {
        str(status): {"description": MEANING[status], "content": {MEDIA_TYPE: {"schema": refs[Problem]}}}
        for status in sorted({*_PROBLEMS[method], *handler.opt.get("problems", ())})
    }


def _content(handler: HTTPRouteHandler, shown: type[Any] | None, refs: Mapping[type[Any], Any]) -> dict[str, Any]:
    """What the answer holds; a handler names in ``opt["media"]`` the schemas of other media types."""
    usual = {} if shown is None else {"application/json": refs[shown]}
    schemas: dict[str, Any] = usual | handler.opt.get("media", {})
    return {"content": {media: {"schema": schema} for media, schema in schemas.items()}} if schemas else {}


def _parameters(method: str, handler: HTTPRouteHandler) -> Iterable[dict[str, Any]]:
    headers = ("Accord-Position",) if method == "get" else ("Idempotency-Key", "If-Match")
    for name in (*headers, "Accept-Language"):
        yield _parameter(name, "header", _HEADERS[name])
    for name in handler.opt.get("query", ()):
        yield _parameter(name, "query", _QUERY.get(name, "Only these."))


def _parameter(name: str, place: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": place, "required": False, "description": description, "schema": {"type": "string"}}


def document_route(handlers: Sequence[HTTPRouteHandler]) -> HTTPRouteHandler:
    """The route that serves the document of these handlers."""

    @cache
    def encoded() -> bytes:
        # An application of its own, since Litestar's would also serve pages that load their parts from other hosts.
        app = Litestar(handlers, openapi_config=OpenAPIConfig(title="Accord", version=version("accord")))
        return msgspec.json.encode(document(app), order="sorted")

    @get("/api/openapi.json", include_in_schema=False)
    async def openapi() -> Response[bytes]:
        """The document."""
        return Response(encoded(), media_type="application/vnd.oai.openapi+json")

    return openapi
