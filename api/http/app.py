"""The HTTP application: its routes, its one shape of problems, its document."""

from typing import Any, Final

from litestar import Litestar
from litestar.types import Message, Scope

from api.http import (
    agreements,
    books,
    contract,
    cosignatures,
    drafts,
    editions,
    erasures,
    explained,
    feed,
    forum,
    health,
    manual,
    me,
    people,
    progress,
    proposals,
    releases,
    replay,
    slots,
)
from api.http.methods import with_head_and_options
from api.logs import plugin
from api.problems import EXCEPTION_HANDLERS
from application.accord import Accord

HANDLERS: Final[tuple[Any, ...]] = (
    *forum.HANDLERS,
    *erasures.HANDLERS,
    *me.HANDLERS,
    *people.HANDLERS,
    *editions.HANDLERS,
    *drafts.HANDLERS,
    *proposals.HANDLERS,
    *agreements.HANDLERS,
    *releases.HANDLERS,
    *feed.HANDLERS,
    *progress.HANDLERS,
    *replay.HANDLERS,
    *books.HANDLERS,
    *slots.HANDLERS,
    *cosignatures.HANDLERS,
    *manual.HANDLERS,
    *contract.HANDLERS,
    *explained.HANDLERS,
    *health.HANDLERS,
)


def application(house: Accord) -> Litestar:
    """The application that serves this forum."""
    kind = house.directory.forum().founded.kind

    async def say_what_it_is(message: Message, _: Scope) -> None:
        """A demonstration or an import says so on every output, a problem too."""
        if kind != "regular" and message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (b"accord-forum", kind.encode())]

    app = Litestar(
        [*with_head_and_options(HANDLERS)],
        exception_handlers=EXCEPTION_HANDLERS,
        before_send=[say_what_it_is],
        openapi_config=None,
        plugins=[plugin()],
    )
    app.state["accord"] = house
    app.state["handlers"] = HANDLERS
    return app
