"""HEAD and OPTIONS, which each address answers by itself."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from litestar import Response
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler


def with_head_and_options(handlers: Sequence[HTTPRouteHandler]) -> Iterator[HTTPRouteHandler]:
    """These handlers, and what follows from them: HEAD wherever there is GET, and OPTIONS with all that the address takes.

    One that says in its ``opt`` that it is ``endless`` has no HEAD: to begin a stream is all that there is to ask of it.
    Litestar answers no HEAD by itself; its OPTIONS would know only the first handler of an address, so ours come first.
    """
    yield from (_options(path, methods) for path, methods in _taken(handlers).items())
    yield from handlers
    yield from (_head(handler) for handler in handlers if _has_head(handler))


def _taken(handlers: Iterable[HTTPRouteHandler]) -> Mapping[str, Set[str]]:
    """By address the methods that it takes."""
    taken: dict[str, set[str]] = {}
    for handler in handlers:
        for path in handler.paths:
            taken.setdefault(path, {"OPTIONS"}).update(handler.http_methods, ("HEAD",) if _has_head(handler) else ())
    return taken


def _has_head(handler: HTTPRouteHandler) -> bool:
    return "GET" in handler.http_methods and not handler.opt.get("endless")


def _head(handler: HTTPRouteHandler) -> HTTPRouteHandler:
    """The same answer, of which the server sends no body (RFC 9110, 9.3.2)."""
    route = HTTPRouteHandler(sorted(handler.paths), http_method=HttpMethod.HEAD, include_in_schema=False, opt=handler.opt)
    return route(handler.fn)


def _options(path: str, methods: Set[str]) -> HTTPRouteHandler:
    allow = ", ".join(sorted(methods))

    async def options() -> Response[None]:
        return Response(None, status_code=204, headers={"Allow": allow})

    return HTTPRouteHandler(path, http_method=HttpMethod.OPTIONS, include_in_schema=False, status_code=204)(options)
