"""Agreements: what was agreed, by whom, how."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from api.http.answers import MOMENTS, asking, moments, shown
from api.http.filters import agreements as filtered
from api.sessions import AnyRequest, accord
from application import across
from application.views.agreements import AgreementShown
from application.views.pages import Page
from domain.identity import AgreementId

FILTERS = ("edition", "format", "kind", "as_of", "effective_at", "limit", "after")


@get("/api/agreements", opt={"query": FILTERS})
async def get_agreements(request: AnyRequest) -> Response[Page[AgreementShown]]:
    """The agreements that I may read, the latest first, with their number; also those whose adoption was set aside."""
    house, asked = accord(request), filtered(request, moments(request))
    who = await asking(request, "proposals")
    now = await house.listed_at(who.seen, as_of=asked.as_of)
    return shown(request, await across.agreements(house, who.books, asked, now=now))


@get("/api/agreements/{agreement:uuid}", opt={"query": MOMENTS})
async def get_agreement(request: AnyRequest, agreement: FromPath[UUID]) -> Response[AgreementShown]:
    """An agreement: its words, parties, reservations, statements and date, now or at a moment before."""
    house, asked = accord(request), moments(request)
    who = await asking(request, "proposals")
    now = await house.listed_at(who.seen, as_of=asked.as_of)
    return shown(request, await across.agreement(house, who.books, AgreementId(agreement), asked, now=now))


HANDLERS: tuple[Any, ...] = (get_agreements, get_agreement)
