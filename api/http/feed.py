"""The feed: what happened in all that one reads, as CloudEvents, a page at a time or live."""

from asyncio import timeout
from collections.abc import AsyncGenerator, Iterator, Sequence
from typing import Any, Final
from urllib.parse import quote

import msgspec
import structlog
from litestar import Response, get
from litestar.response.sse import ServerSentEventMessage
from litestar.response.streaming import ASGIStreamingResponse
from litestar.types import Message, Receive, Scope, Send

from api.http.answers import PRIVATE, asking
from api.http.contract import REF
from api.http.headers import POSITION, Positions, limit, positions, render_positions
from api.http.parameters import POSITIONS
from api.problems import VARY
from api.sessions import AnyRequest, accord, caller
from application.accord import Accord, Caller
from application.listeners import Listener, ListeningEndedError
from application.ports import Busy
from application.views.feed import CloudEvent, FeedPage, passed, show_event
from domain.kernel import Fact, Recorded

JSON: Final = "application/json"
BATCH: Final = "application/cloudevents-batch+json"
LAST_EVENT_ID: Final = "Last-Event-ID"
RETRY: Final = 2000
"""Milliseconds after which a client that lost its stream comes again."""
PIECE: Final = 64 * 1024
"""Bytes of a stream that are handed over at once, and one event more."""

PLACED: Final = {"after": ("The position to go on from, as an answer gave it.", POSITIONS)}

_QUIET: Final = ServerSentEventMessage(data=None, comment="nothing more for now", sep="\n").encode()
_log = structlog.get_logger()
_EVENTS: Final = {"type": "array", "items": {"$ref": REF.format(name=CloudEvent.__name__)}}


@get(
    "/api/events",
    opt={"query": ("after", "limit"), "bare": True, "headers": (POSITION,), "parameters": PLACED, "media": {BATCH: _EVENTS}},
)
async def get_events(request: AnyRequest) -> Response[FeedPage]:
    """What happened in all that I read, from a position on: by time, book and index. As a batch of CloudEvents, if so accepted."""
    most = limit(request.query_params.get("limit"))
    house = accord(request)
    who, after = await _placed(request, positions(request.query_params.get("after"), name="after", place="parameter"))
    facts = await house.log.following({book: after.get(book, -1) for book in who.books}, most)
    items = tuple(show_event(recorded, _source(house)) for recorded in facts)
    going_on = render_positions({**after, **{recorded.book: recorded.index for recorded in facts}})
    headers = {**PRIVATE, "Vary": f"{VARY}, Accept", POSITION: going_on}
    kind = request.accept.best_match([JSON, BATCH]) or JSON
    content: Any = items if kind == BATCH else FeedPage(items, going_on)
    return Response(content, headers=headers, media_type=kind)


@get(
    "/api/stream",
    opt={
        "query": ("after",),
        "bare": True,
        "endless": True,
        "headers": (POSITION, LAST_EVENT_ID),
        "parameters": PLACED,
        "media": {"text/event-stream": {"type": "string"}},
        "problems": (429,),
    },
)
async def get_stream(request: AnyRequest) -> ASGIStreamingResponse:
    """The same, live: Server-Sent Events, from a position on (`Last-Event-ID`, or `after`)."""
    given = request.headers.get(LAST_EVENT_ID)
    after = positions(request.query_params.get("after"), name="after", place="parameter")
    if given is not None:
        after = positions(given, name=LAST_EVENT_ID)
    _, after = await _placed(request, after)
    who = await caller(request, binding=True)
    house = accord(request)
    listener = house.listeners.enter(who.person.id, who.token, after)
    return _Telling(house, listener)


async def _placed(request: AnyRequest, given: Positions) -> tuple[Caller, Positions]:
    """Who asks, and where they are in the books that they read, once all of that is here. Raises LaggingError, Busy."""
    who = await asking(request)
    house = accord(request)
    if not given.keys() <= who.books:
        await house.follower.catch_up()  # a book that was opened to them may be news here
        who = await caller(request)
    await house.seen(given, who.books)
    return who, {book: index for book, index in given.items() if book in who.books}


def _source(house: Accord) -> str:
    """Where the forum's facts come from. Nothing need answer there."""
    return f"https://{quote(house.directory.forum().founded.host)}"


class _Telling(ASGIStreamingResponse):
    """The answer to a listener, who leaves with its end, whatever ends it."""

    def __init__(self, house: Accord, listener: Listener) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType]  its iterator may hold anything
            iterator=_told(listener, _source(house)),
            media_type="text/event-stream",
            headers={**PRIVATE, "X-Accel-Buffering": "no"},
        )
        self._house = house
        self._listener = listener

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._house.listeners.leave(self._listener)

    async def send_body(self, send: Send, receive: Receive) -> None:
        """A client that takes nothing for too long is left; it goes on from the last event that it got."""

        async def patiently(message: Message) -> None:
            async with timeout(self._house.listeners.patience):
                await send(message)

        try:
            await super().send_body(patiently, receive)
        except* TimeoutError:
            _log.info("stream.left", reason="slow")


async def _told(listener: Listener, source: str) -> AsyncGenerator[bytes]:
    yield ServerSentEventMessage(data=None, retry=RETRY, sep="\n").encode()
    try:
        while True:
            before = dict(listener.places)
            facts = await listener.heard()
            before = {book: index for book, index in before.items() if book in listener.places}  # some may be closed now
            for piece in _pieces(before, facts, source):
                if not listener.may_be_told(facts):
                    return
                yield piece
    except (ListeningEndedError, Busy):
        return  # they come again, and are then told why not, if that is so


def _pieces(before: Positions, facts: Sequence[Recorded[Fact]], source: str) -> Iterator[bytes]:
    """The events, some at a time; nothing happened: a comment, by which the connection is seen to live."""
    if not facts:
        yield _QUIET
    piece = bytearray()
    for recorded, places in passed(before, facts):
        piece += ServerSentEventMessage(
            data=msgspec.json.encode(show_event(recorded, source)),
            event=recorded.fact.tag,
            id=render_positions(places),
            sep="\n",
        ).encode()
        if len(piece) >= PIECE:
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)


HANDLERS: tuple[Any, ...] = (get_events, get_stream)
