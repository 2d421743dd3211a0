"""Year over year: what became of what was proposed, and how the delegations stood to each other."""

from hashlib import sha256
from typing import Any

import msgspec
from litestar import Response, get

from api.http.answers import asking, moments, shown
from api.http.filters import formats, progress
from api.http.headers import render_positions
from api.sessions import AnyRequest, accord
from application.views.figures import progress as figures
from application.views.progress import Progress, chosen

FILTERS = ("format", "edition", "day", "as_of", "effective_at")


@get("/api/progress", opt={"query": FILTERS})
async def get_progress(request: AnyRequest) -> Response[Progress]:
    """Each edition, year, and all together, as the audience may see it: the formats that I read, or those of `format`."""
    house, asked = accord(request), progress(request, moments(request))
    who = await asking(request, "progress")
    audience = chosen(house.directory.books_of_formats(who.books), formats(request))
    books = house.directory.public_books() | frozenset(audience.values())
    listed = await house.listed(who.seen, "progress", as_of=asked.as_of)
    counted = await house.progress.counted(books, asked, now=listed.at, reached=listed.position)
    body = msgspec.json.encode(figures(counted, asked, tuple(audience), render_positions(counted.reached)))
    return shown(request, body, f'"{sha256(body).hexdigest()[:32]}"')


HANDLERS: tuple[Any, ...] = (get_progress,)
