"""One's own tokens, and the exchange of an invitation for the first one. None of it stands in the record."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, delete, get, post
from litestar.params import FromPath
from msgspec import Struct

from api.flaws import Flaw, Wrong, pointer
from api.http.answers import PRIVATE, asking, shown
from api.http.bodies import read_body
from api.http.who import EVERYONE, MYSELF
from api.problems import Malformed, Unauthenticated
from api.sessions import AnyRequest, accord, caller
from application.desk import NotThereError
from application.people import Issued, TokenId, TokenShown
from domain.identity import PersonId


class NewToken(Struct, frozen=True, forbid_unknown_fields=True):
    """A further token of one's own."""

    expires: datetime
    label: str = ""


class Invitation(Struct, frozen=True, forbid_unknown_fields=True):
    """An invitation, to be exchanged for a token once."""

    invitation: str
    expires: datetime
    label: str = ""


class Tokens(Struct, frozen=True):
    """One's own tokens, without their secrets."""

    items: tuple[TokenShown, ...]


@get("/api/me/tokens", opt={"who": MYSELF})
async def get_tokens(request: AnyRequest) -> Response[Tokens]:
    """My tokens."""
    person = _known((await asking(request)).person.id)
    return shown(request, Tokens(tuple(await accord(request).people.tokens(person))))


@post("/api/me/tokens", opt={"bare": True, "body": NewToken, "who": MYSELF})
async def issue_token(request: AnyRequest) -> Response[Issued]:
    """Make a further token. It is shown this once."""
    said = await read_body(request, NewToken)
    person = _known((await caller(request, binding=True)).person.id)
    _is_to_come(request, said.expires)
    issued = await accord(request).people.issue(person, said.label, said.expires)
    return Response(issued, status_code=201, headers=PRIVATE)


@delete("/api/me/tokens/{token:uuid}", status_code=204, opt={"bare": True, "who": MYSELF})
async def revoke_token(request: AnyRequest, token: FromPath[UUID]) -> None:
    """Revoke one of my tokens, at once."""
    person = _known((await caller(request, binding=True)).person.id)
    if not await accord(request).people.revoke(person, TokenId(token)):
        raise NotThereError


@post("/api/invitations", opt={"bare": True, "body": Invitation, "who": EVERYONE})
async def exchange_invitation(request: AnyRequest) -> Response[Issued]:
    """Exchange an invitation for a token, once."""
    said = await read_body(request, Invitation)
    _is_to_come(request, said.expires)
    issued = await accord(request).people.exchange(said.invitation, said.label, said.expires)
    if issued is None:
        raise NotThereError
    return Response(issued, status_code=201, headers=PRIVATE)


def _is_to_come(request: AnyRequest, expires: datetime) -> None:
    """Nobody gets a token that holds no longer, least of all for an invitation that serves once. Raises Malformed."""
    if expires <= accord(request).tracker.clock.now():
        raise Malformed((Flaw(Wrong.PAST, pointer("expires")),))


def _known(person: PersonId | None) -> PersonId:
    if person is None:
        raise Unauthenticated
    return person


HANDLERS: tuple[Any, ...] = (get_tokens, issue_token, revoke_token, exchange_invitation)
