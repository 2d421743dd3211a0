"""How the edge carries out a command, once, and answers a question with its entity tag and position."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response
from msgspec import Struct, structs

from api.http.bodies import digest
from api.http.headers import (
    IDEMPOTENCY_KEY,
    IF_MATCH,
    IF_NONE_MATCH,
    POSITION,
    PROMISE,
    entity_tags,
    idempotency_key,
    instant,
    is_unchanged,
    positions,
    render_positions,
    render_promises,
    wants_promise,
)
from api.problems import CACHE_CONTROL, VARY
from api.sessions import AnyRequest, accord, caller
from application.accord import Caller
from application.desk import NotThereError
from application.folds import State
from application.moments import Moments
from application.ports import Mark, Receipt
from application.promises import NoPromise
from application.tracker import Request, Task
from domain.identity import BookId, StreamId

S = TypeVar("S", bound=State)
T = TypeVar("T")

MOMENTS: Final = ("as_of", "effective_at")
"""The parameters of a question about a moment before."""
PRIVATE: Final = {"Vary": VARY, "Cache-Control": CACHE_CONTROL}


class MarkShown(Struct, frozen=True):
    """One fact that the command recorded."""

    type: str
    stream: UUID
    book: BookId
    index: int
    at: datetime


class Recorded(Struct, frozen=True):
    """What a command came to; the same at each repetition of the request."""

    id: UUID
    """Of the thing that it made, or that it is about."""
    command: UUID
    position: str
    """As in the header Accord-Position: a read that sends it back shows this command's effect."""
    facts: tuple[MarkShown, ...]


class Done(Struct, frozen=True):
    """A command as carried out, and whether it had been before."""

    recorded: Recorded
    repeated: bool
    promise: Mapping[str, str] = {}
    """The header field that holds what was promised, or why nothing was; empty where nobody asked."""


async def carry_out(
    request: AnyRequest, task: Task, *, said: Struct | None = None, made: str | None = None
) -> Response[Recorded]:
    """Carry out a command in the name of whoever asks.

    ``said`` is the request's body: with method and path it is what a repetition must repeat. ``made`` is the tag of the fact
    that made a thing, whose id the answer gives; else it gives the id of what the act was on.
    """
    done = await carried_out(request, task, said=said, made=made)
    return recorded(request, done.recorded, done)


async def carried_out(request: AnyRequest, task: Task, *, said: Struct | None = None, made: str | None = None) -> Done:
    """The same, for an answer that holds more."""
    wanted = wants_promise(request.headers.get(PROMISE))
    who = await caller(request)
    person = who.person.id
    asked = Request(
        person,
        token=who.token,
        key=None if person is None else idempotency_key(request.headers.get(IDEMPOTENCY_KEY), person),
        digest=digest(request.method, request.scope["path"], said),
        if_match=_if_match(request.headers.get(IF_MATCH)),
    )
    receipt = await accord(request).tracker.execute(task, asked)
    books = who.books | accord(request).caller(person).books
    marks = [mark for mark in receipt.marks if mark.book in books]
    done = Done(_recorded(receipt, marks, task, made), receipt.repeated)
    return structs.replace(done, promise=await _promised(request, marks)) if wanted else done


async def _promised(request: AnyRequest, marks: Sequence[Mark]) -> Mapping[str, str]:
    """In a field of the header, since the body is the same at each repetition, whether the signer is there or not."""
    house = accord(request)
    try:
        notes = await house.promises.of(house.directory.forum().founded.host, marks)
    except NoPromise as none:
        return {PROMISE: f"none; reason={none.why}"}
    return {PROMISE: render_promises(map(bytes, notes))} if notes else {}


def _recorded(receipt: Receipt, marks: Sequence[Mark], task: Task, made: str | None) -> Recorded:
    """What of it its author may read."""
    return Recorded(
        id=next((mark.stream for mark in marks if mark.type == made), task.turn),
        command=receipt.command,
        position=render_positions(_furthest(marks)),
        facts=tuple(MarkShown(mark.type, mark.stream, mark.book, mark.index, mark.at) for mark in marks),
    )


def recorded(request: AnyRequest, content: T, done: Done) -> Response[T]:
    """The answer to a command. 201 is for a POST: a PUT or DELETE is about what is there already (RFC 9110, 9.3.4)."""
    headers = {**PRIVATE, POSITION: done.recorded.position, **done.promise}
    return Response(content, status_code=201 if request.method == "POST" else 200, headers=headers)


def _furthest(marks: Iterable[Mark]) -> Mapping[BookId, int]:
    furthest: dict[BookId, int] = {}
    for mark in marks:
        furthest[mark.book] = max(furthest.get(mark.book, -1), mark.index)
    return furthest


def _if_match(given: str | None) -> frozenset[str] | None:
    return None if given is None else frozenset(entity_tags(given))


async def asking(request: AnyRequest, *views: str) -> Caller:
    """Who asks a question, once everything that they have seen before is here, also in the views that will answer."""
    who = await caller(request)
    if position := positions(request.headers.get(POSITION)):
        seen = await accord(request).seen(position, who.books, *views)
        who = structs.replace(await caller(request), seen=seen)
    return who


async def about(request: AnyRequest, stream: StreamId, kind: type[S]) -> S:
    """What a command is about, as far as that is needed beforehand; it is given up only on what the record says now.

    Raises NotThereError.
    """
    house = accord(request)
    try:
        _, state = await house.find(stream, (await asking(request)).books, kind)
    except NotThereError:
        await house.follower.catch_up()
        _, state = await house.find(stream, (await caller(request)).books, kind)
    return state


def shown(request: AnyRequest, content: Any, etag: str | None = None) -> Response[Any]:  # noqa: ANN401  any view
    """Show a view; nothing but its tag where the reader has it already."""
    return unchanged(request, etag) or Response(content, headers=_tagged(etag))


def unchanged(request: AnyRequest, etag: str | None) -> Response[Any] | None:
    """The answer to a reader who has the view of this tag already, so that it need not be made. No tag is like no other."""
    if is_unchanged(request.headers.get(IF_NONE_MATCH), etag or ""):
        return Response(None, status_code=304, headers=_tagged(etag))
    return None


def _tagged(etag: str | None) -> dict[str, str]:
    return dict(PRIVATE) if etag is None else {**PRIVATE, "ETag": etag}


def moments(request: AnyRequest) -> Moments:
    """Of which moment the question is. Raises Malformed."""
    zone = ZoneInfo(accord(request).directory.forum().founded.time_zone)
    query = request.query_params
    return Moments(
        instant("as_of", query.get("as_of"), zone=zone),
        instant("effective_at", query.get("effective_at"), zone=zone),
    )
