"""Releases: a text and its outcome, given to a wider audience with the consent of each delegation of its format."""

from typing import Any, Final
from uuid import UUID

from litestar import Response, delete, get, post
from litestar.params import FromPath

from api.http import filters
from api.http.answers import MOMENTS, Recorded, asking, carry_out, moments, shown
from api.http.bodies import read_body
from api.http.headers import known, needed
from api.http.parameters import NAMES
from api.sessions import AnyRequest, accord
from application.acts.proposals import on_proposal
from application.etags import etag
from application.views.pages import Page
from application.views.releases import ReleaseRow, ReleaseShown, page, show_release
from domain.identity import ProposalId, StreamId
from domain.proposals.commands import AskRelease, ConsentToRelease, WithdrawReleaseConsent
from domain.proposals.events import Wider
from domain.releases.release import Release

FILTERS: Final = ("edition", "kind", "to", "as_of", "effective_at", "limit", "after")


WIDER: Final[tuple[str, dict[str, Any]]] = ("To whom it is given.", {"type": "string", "enum": sorted(Wider)})
TO: Final[tuple[str, dict[str, Any]]] = ("Only what was given to these.", NAMES)


@get("/api/releases", opt={"query": FILTERS, "parameters": {"to": TO}})
async def get_releases(request: AnyRequest) -> Response[Page[ReleaseRow]]:
    """What was released to the public; and, for its delegations, chairs and secretaries, what was to the forum."""
    house, moment, what = accord(request), moments(request), filters.releases(request)
    who = await asking(request)
    found = await house.all_of(Release, who.books, moment)
    return shown(request, page(found, what, forum_book=house.directory.forum_book()))


@get("/api/releases/{release:uuid}", opt={"query": MOMENTS})
async def get_release(request: AnyRequest, release: FromPath[UUID]) -> Response[ReleaseShown]:
    """A text, its outcome, and those who let themselves be named; now or at a moment before (`as_of`, `effective_at`)."""
    house, asked = accord(request), moments(request)
    who = await asking(request)
    folded, _ = await house.at(StreamId(release), who.books, Release, asked)
    return shown(request, show_release(folded, forum_book=house.directory.forum_book()), etag(folded.version))


@post("/api/proposals/{proposal:uuid}/release", opt={"body": AskRelease})
async def ask_release(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Recorded]:
    """Ask each delegation whether text and outcome may be released; a delegation that says `attributions` consents itself."""
    said = await read_body(request, AskRelease)
    return await carry_out(request, on_proposal(ProposalId(proposal), said), said=said)


@post("/api/proposals/{proposal:uuid}/release/consent", opt={"body": ConsentToRelease})
async def consent_to_release(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Recorded]:
    """Consent, and say whether one may be named. With the last consent it is released."""
    said = await read_body(request, ConsentToRelease)
    return await carry_out(request, on_proposal(ProposalId(proposal), said), said=said)


@delete(
    "/api/proposals/{proposal:uuid}/release/consent",
    status_code=200,
    opt={"query": ("to",), "required": ("to",), "parameters": {"to": WIDER}, "gives": (WithdrawReleaseConsent,)},
)
async def withdraw_consent(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Recorded]:
    """Take one's consent back, before it is released."""
    to = known("to", needed("to", request.query_params.get("to")), tuple(Wider))
    said = WithdrawReleaseConsent(to)
    return await carry_out(request, on_proposal(ProposalId(proposal), said), said=said)


HANDLERS: tuple[Any, ...] = (get_releases, get_release, ask_release, consent_to_release, withdraw_consent)
