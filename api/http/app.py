"""The HTTP application: its routes, its one shape of problems, its document."""

from typing import Any, Final

from litestar import Litestar, Response

from api.http import drafts, editions, forum, health, me, proposals
from api.http.contract import document_route
from api.logs import plugin
from api.problems import EXCEPTION_HANDLERS
from application.accord import Accord

HANDLERS: Final[tuple[Any, ...]] = (
    *forum.HANDLERS,
    *me.HANDLERS,
    *editions.HANDLERS,
    *drafts.HANDLERS,
    *proposals.HANDLERS,
    *health.HANDLERS,
)


def application(house: Accord) -> Litestar:
    """The application that serves this forum."""
    kind = house.directory.forum().founded.kind

    async def say_what_it_is(response: Response[Any]) -> Response[Any]:  # noqa: RUF029  Litestar gives a thread to what is not
        """A demonstration or an import says so on every output."""
        if kind != "regular":
            response.headers["Accord-Forum"] = kind
        return response

    app = Litestar(
        [*HANDLERS, document_route(HANDLERS)],
        exception_handlers=EXCEPTION_HANDLERS,
        after_request=say_what_it_is,
        openapi_config=None,
        plugins=[plugin()],
    )
    app.state["accord"] = house
    return app
