"""The cosignatures of delegations, under the checkpoints of books."""

from typing import Any
from uuid import UUID

from litestar import Response, post
from litestar.params import FromPath
from msgspec import Struct

from api.flaws import Flaw, Wrong, pointer
from api.http.answers import PRIVATE
from api.http.bodies import read_body
from api.http.who import MYSELF
from api.problems import Malformed, Unauthenticated
from api.sessions import AnyRequest, accord, caller
from application.desk import NotThereError
from domain.identity import BookId
from domain.record import note
from domain.record.malformed import Malformed as MalformedLine
from domain.record.note import Signature


class Cosignature(Struct, frozen=True, forbid_unknown_fields=True):
    """That a witness has seen a checkpoint. ``line``: as it stands under the note, from the dash on."""

    size: int
    line: str


@post("/book/{book:uuid}/cosignature", opt={"bare": True, "body": Cosignature, "problems": (422,), "who": MYSELF})
async def cosign(request: AnyRequest, book: FromPath[UUID]) -> Response[Cosignature]:
    """Put a cosignature under a checkpoint: by a key that a delegation of the book has registered for its witness.

    It is checked before it is kept. The first that a witness gave of a checkpoint stays; the same again changes nothing.
    """
    said = await read_body(request, Cosignature)
    line = _line(said.line)
    who = await caller(request, binding=True)
    if BookId(book) not in who.books:
        raise NotThereError
    if who.person.id is None:
        raise Unauthenticated
    await accord(request).cosigning.cosign(who.books, BookId(book), said.size, line, who.now)
    return Response(Cosignature(said.size, str(line)), status_code=201, headers=PRIVATE)


def _line(text: str) -> Signature:
    """Raises Malformed."""
    try:
        return note.signature(text.removesuffix("\n"))
    except MalformedLine:
        raise Malformed((Flaw(Wrong.COSIGNATURE, pointer("line")),)) from None


HANDLERS: tuple[Any, ...] = (cosign,)
