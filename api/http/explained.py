"""What is behind the address that a problem's `type` gives."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from api.http.answers import shown
from api.problems import DESCRIPTIONS, Description
from api.sessions import AnyRequest
from application.desk import NotThereError


@get("/problems/{code:str}")
async def explain(request: AnyRequest, code: FromPath[str]) -> Response[Description]:
    """A kind of problem: its status, its sentence, and the rule behind it."""
    if code not in DESCRIPTIONS:
        raise NotThereError
    return shown(request, DESCRIPTIONS[code])


HANDLERS: tuple[Any, ...] = (explain,)
