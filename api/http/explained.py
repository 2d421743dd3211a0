"""What is behind the address that a problem's `type` gives."""

from typing import Any, Final

from litestar import Response, get
from litestar.params import FromPath

from api.http.answers import shown
from api.http.headers import IF_NONE_MATCH
from api.problems import DESCRIPTIONS, Description
from api.sessions import AnyRequest, accord
from api.web.pages import HTML, render, served
from application.desk import NotThereError

JSON: Final = "application/json"


@get(
    "/problems/{code:str}",
    opt={"apart": True, "headers": (IF_NONE_MATCH,), "problems": (400, 404), "media": {HTML: {"type": "string"}}},
)
async def explain(request: AnyRequest, code: FromPath[str]) -> Response[Description]:
    """A kind of problem: its status, its sentence, and the rule behind it. As a page, if so accepted."""
    if code not in DESCRIPTIONS:
        raise NotThereError
    if request.accept.best_match([JSON, HTML]) == HTML:
        return _page(request, DESCRIPTIONS[code])
    answer = shown(request, DESCRIPTIONS[code])
    answer.headers["Vary"] = "Accept"
    return answer


def _page(request: AnyRequest, problem: Description) -> Response[Any]:
    kind = accord(request).directory.forum().founded.kind
    return served(request, render("problem.html", problem=problem, kind=kind), Vary="Accept")


HANDLERS: tuple[Any, ...] = (explain,)
