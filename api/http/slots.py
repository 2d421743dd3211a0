"""What opens the slots of epochs."""

from typing import Any, Final
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from api.http.answers import asking, shown
from api.http.headers import INDEX_LIMIT, limit, whole
from api.http.parameters import INDEX
from api.sessions import AnyRequest, accord
from application.slots import SlotsShown, slots
from domain.identity import BookId

PARAMETERS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "from": ("Only epochs whose fact has this index in the forum's book, or a later one.", INDEX),
    "to": ("Only epochs whose fact has an earlier index than this.", INDEX),
}


@get("/book/{book:uuid}/slots", opt={"query": ("from", "to", "limit"), "parameters": PARAMETERS})
async def get_slots(request: AnyRequest, book: FromPath[UUID]) -> Response[SlotsShown]:
    """What opens the slot of a format's book in each epoch; of the forum's book, the padding that is old enough.

    A page has at most `limit` epochs; go on `from` what `next` says.
    """
    query = request.query_params
    first = whole("from", query.get("from", "0"))
    end = whole("to", query["to"]) if "to" in query else INDEX_LIMIT - 1
    most = limit(query.get("limit"))
    who = await asking(request)
    return shown(request, await slots(accord(request), who.books, BookId(book), first=first, end=end, limit=most))


HANDLERS: Final = (get_slots,)
