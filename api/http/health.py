"""Is it alive, and does it serve? Says nothing of any book."""

from typing import Any, Literal

from litestar import Response, get
from msgspec import Struct

from api.sessions import AnyRequest, accord


class Health(Struct, frozen=True):
    """Whether the process answers, and whether it has heard from its database just now."""

    status: Literal["live", "ready", "not-ready"]


@get("/health/live", opt={"apart": True})
async def live() -> Health:
    """The process answers."""
    return Health("live")


@get("/health/ready", opt={"apart": True, "else": {503: Health}})
async def ready(request: AnyRequest) -> Response[Health]:
    """The process has heard from its database within the last two seconds."""
    fresh = accord(request).follower.is_fresh
    return Response(Health("ready" if fresh else "not-ready"), status_code=200 if fresh else 503)


HANDLERS: tuple[Any, ...] = (live, ready)
