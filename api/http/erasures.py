"""Words that go from a book, as those who read it agree."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from msgspec import Struct

from api.http.answers import Recorded, asking, carry_out, shown
from api.http.bodies import read_body
from api.http.forum import Nothing
from api.sessions import AnyRequest, accord
from application.access import members_of
from application.acts import erasures as acts
from application.desk import NotThereError
from application.views.erasures import ErasureShown, show_erasures
from domain.erasures.commands import ApproveErasure, AskErasure
from domain.erasures.erasure import Erasures
from domain.identity import BookId


class ErasuresShown(Struct, frozen=True):
    """The erasures of a book, the first that was asked for first."""

    items: tuple[ErasureShown, ...]


@get("/api/books/{book:uuid}/erasures")
async def get_erasures(request: AnyRequest, book: FromPath[UUID]) -> Response[ErasuresShown]:
    """What was to go from the book, who agreed, and what went."""
    who = await asking(request)
    house = accord(request)
    if BookId(book) not in who.books:
        raise NotThereError
    members = members_of(house.directory.audience_of(BookId(book)), house.directory.delegations())
    known: Erasures | None = None
    with suppress(NotThereError):  # nobody asked for any yet
        _, known = await house.find(acts.erasures_of(house.directory, BookId(book)), who.books, Erasures)
    return shown(request, ErasuresShown(show_erasures(known, members)))


@post("/api/books/{book:uuid}/erasures", opt={"body": AskErasure})
async def ask_erasure(request: AnyRequest, book: FromPath[UUID]) -> Response[Recorded]:
    """Ask that words go from the book, by the indices of their facts. As a head, one agrees with it."""
    said = await read_body(request, AskErasure)
    return await carry_out(request, acts.ask_erasure(accord(request).directory, BookId(book), said), said=said)


@post("/api/books/{book:uuid}/erasures/{erasure:int}/approve", opt={"body": Nothing, "gives": (ApproveErasure,)})
async def approve_erasure(request: AnyRequest, book: FromPath[UUID], erasure: FromPath[int]) -> Response[Recorded]:
    """Agree, as head; with the last delegation the words go, for good."""
    said = await read_body(request, Nothing, may_be_absent=True)
    task = acts.approve_erasure(accord(request).directory, BookId(book), ApproveErasure(erasure))
    return await carry_out(request, task, said=said)


HANDLERS: tuple[Any, ...] = (get_erasures, ask_erasure, approve_erasure)
