"""The books as logs: checkpoints, tiles, proofs and openings, as clients of c2sp.org/tlog-tiles read them; keys and policies."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath
from litestar.response.streaming import ASGIStreamingResponse
from litestar.types import Receive, Scope, Send
from msgspec import Struct

from api.flaws import Flaw, Wrong
from api.http.answers import PRIVATE, asking, shown
from api.http.headers import identifier, needed, whole
from api.http.parameters import INDEX, UUID_TEXT
from api.problems import CACHE_CONTROL, VARY
from api.problems import Malformed as MalformedRequest
from api.sessions import AnyRequest, accord
from api.web.pages import HTML, render, served
from application.books import Binder, Reading
from application.bundling import SpanError, bind
from application.desk import NotThereError
from application.views.books import BooksListed, show_books
from application.views.trust import KeyListed, show_keys, show_policy
from domain.identity import BookId
from domain.record import tiles
from domain.record.envelope import remaining
from domain.record.malformed import LARGEST, Malformed, base64
from domain.record.tiles import Tile

PLAIN: Final = "text/plain"
OCTETS: Final = "application/octet-stream"
ZIP: Final = "application/zip"
A_YEAR: Final = "max-age=31536000, immutable"

_TEXT: Final = {PLAIN: {"type": "string"}}
_OCTETS: Final = {OCTETS: {"type": "string", "format": "binary"}}


class OpeningShown(Struct, frozen=True, omit_defaults=True):
    """What opens the commitment at an index, octets in base64; or why nothing does, and the index of the fact that says so."""

    index: int
    salt: bytes | None = None
    envelope: bytes | None = None
    withheld: str | None = None
    erasure: int | None = None


@get("/api/books")
async def get_books(request: AnyRequest) -> Response[BooksListed]:
    """The books that I may read: whom each is for, how far it is signed, who cosigned, and whether these are enough."""
    who = await asking(request)
    return shown(request, show_books(accord(request).directory, await accord(request).books.kept(who.books), who.now))


@get("/book/{book:uuid}/checkpoint", opt={"media": _TEXT})
async def get_checkpoint(request: AnyRequest, book: FromPath[UUID]) -> Response[str | None]:
    """The last checkpoint: a signed note of origin, size and root; under it the log, then the witnesses."""
    reading, _ = await _reading(request, book)
    return _changing(request, bytes((await reading.checkpoint()).whole))


@get("/book/{book:uuid}/checkpoint/{size:int}", opt={"media": _TEXT})
async def get_checkpoint_of(request: AnyRequest, book: FromPath[UUID], size: FromPath[int]) -> Response[str | None]:
    """The checkpoint of a size. All that were ever signed are there."""
    reading, _ = await _reading(request, book)
    return _changing(request, bytes((await reading.checkpoint(_number(size))).whole))


@get("/book/{book:uuid}/tile/{tile:path}", opt={"media": _OCTETS})
async def get_tile(request: AnyRequest, book: FromPath[UUID], tile: FromPath[str]) -> Response[bytes]:
    """A tile of hashes (`tile/0/x001/234`, `tile/0/000.p/7`) or a bundle of entries (`tile/entries/000`).

    A partial one is there for each checkpoint that has it.
    """
    reading, lasting = await _reading(request, book)
    return Response(await reading.tile(_tile(tile)), media_type=OCTETS, headers=lasting)


@get(
    "/book/{book:uuid}/proof/inclusion",
    opt={
        "media": _TEXT,
        "query": ("index", "size"),
        "required": ("index",),
        "parameters": {
            "index": ("Of the fact in the book.", INDEX),
            "size": ("Of a checkpoint; else the last.", INDEX),
        },
    },
)
async def get_inclusion(request: AnyRequest, book: FromPath[UUID]) -> Response[str | None]:
    """That a fact stands in the book: a file that shows it to whoever holds the policy (c2sp.org/tlog-proof)."""
    index, size = whole("index", needed("index", request.query_params.get("index"))), request.query_params.get("size")
    reading, _ = await _reading(request, book)
    return _changing(request, bytes(await reading.inclusion(index, None if size is None else whole("size", size))))


@get(
    "/book/{book:uuid}/proof/consistency",
    opt={
        "media": _TEXT,
        "query": ("old", "new"),
        "required": ("old", "new"),
        "parameters": {
            "old": ("A size; of 0 there is nothing to prove.", INDEX),
            "new": ("A size that is no smaller, up to that of the last checkpoint.", INDEX),
        },
    },
)
async def get_consistency(request: AnyRequest, book: FromPath[UUID]) -> Response[str]:
    """That the tree of one size begins with that of another: hashes in base64, a line each."""
    old, new = (whole(name, needed(name, request.query_params.get(name))) for name in ("old", "new"))
    reading, lasting = await _reading(request, book)
    proof = await reading.consistency(old, new)
    return Response("".join(f"{base64(found)}\n" for found in proof), media_type=PLAIN, headers=lasting)


@get("/book/{book:uuid}/opening/{index:int}")
async def get_opening(request: AnyRequest, book: FromPath[UUID], index: FromPath[int]) -> Response[OpeningShown]:
    """What opens the commitment of a fact: its salt and its envelope; or that its words were erased, and by which fact."""
    reading, _ = await _reading(request, book)
    found = await reading.opening(_number(index))
    if found.salt is None:
        left = remaining(found.envelope)
        return shown(request, OpeningShown(index, withheld=left.withheld, erasure=left.erasure))
    return shown(request, OpeningShown(index, found.salt, found.envelope))


@get(
    "/book/{book:uuid}/bundle",
    opt={
        "media": {ZIP: {"type": "string", "format": "binary"}},
        "query": ("from", "to"),
        "parameters": {
            "from": ("The first fact that is opened; else the first of the book.", INDEX),
            "to": ("The fact before which it ends; else as far as the book is signed, and one bundle holds.", INDEX),
        },
    },
)
async def get_bundle(request: AnyRequest, book: FromPath[UUID]) -> ASGIStreamingResponse:
    """All that is needed to check the book offline: an evidence bundle, with a program that checks it (`verify.py`)."""
    start, end = (None if (text := request.query_params.get(name)) is None else whole(name, text) for name in ("from", "to"))
    who = await asking(request)
    binder = accord(request).binder()
    try:
        size, pieces = await bind(accord(request), who, BookId(book), start or 0, end, binder)
    except SpanError as error:
        binder.close()
        range_ = {"least": error.least, "most": error.most}
        raise MalformedRequest((Flaw(Wrong.PARAMETER_RANGE, "to", "parameter", range_),)) from None
    except BaseException:
        binder.close()
        raise
    named = {"Content-Length": str(size), "Content-Disposition": f'attachment; filename="{book}.zip"'}
    return _Handing(binder, pieces, {**PRIVATE, "Vary": VARY, **named})


class _Handing(ASGIStreamingResponse):
    """A bundle that is handed out piece by piece; with its end, whatever ends it, its binder forgets it."""

    def __init__(self, binder: Binder, pieces: Iterator[bytes], headers: Mapping[str, str]) -> None:
        super().__init__(iterator=pieces, media_type=ZIP, headers=dict(headers))  # pyright: ignore[reportUnknownMemberType]  as in the feed
        self._binder = binder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._binder.close()


@get("/keys", opt={"media": {**_TEXT, HTML: {"type": "string"}}})
async def get_all_keys(request: AnyRequest) -> Response[Any]:
    """The public keys of the books that I read, of promises and of witnesses, each with a fingerprint to be compared.

    As a page to be printed, if so accepted.
    """
    who = await asking(request)
    found = show_keys(accord(request).directory, who.books, await accord(request).keyring.keys(), who.now)
    return _printed(request, f"Keys of {found.host}", found.items)


@get(
    "/policy",
    opt={
        "media": {**_TEXT, HTML: {"type": "string"}},
        "query": ("book",),
        "parameters": {"book": ("Of which book; else of the public one.", UUID_TEXT)},
    },
)
async def get_policy(request: AnyRequest) -> Response[Any]:
    """Whom to believe about a book: the keys of its log and its witnesses, and how many must agree (c2sp.org/tlog-policy).

    As a page to be printed, if so accepted.
    """
    given = request.query_params.get("book")
    named = None if given is None else BookId(identifier("book", given))
    house, who = accord(request), await asking(request)
    book = next(iter(house.directory.public_books())) if named is None else named
    if book not in who.books:
        raise NotThereError
    found = show_policy(house.directory, book, await house.keyring.keys(), who.now)
    return _printed(request, f"Policy of {found.origin}", found.items, found.file)


async def _reading(request: AnyRequest, book: UUID) -> tuple[Reading, Mapping[str, str]]:
    """The book as the caller reads it, and how long what never changes may be kept. Raises NotThereError."""
    house, who = accord(request), await asking(request)
    reading = Reading(house.books, who.books, BookId(book))
    if BookId(book) in house.directory.public_books():
        return reading, {"Cache-Control": f"public, {A_YEAR}"}
    return reading, {"Cache-Control": f"private, {A_YEAR}", "Vary": VARY}


def _changing(request: AnyRequest, content: bytes) -> Response[str | None]:
    """Text to which a witness may still add its line."""
    return served(request, content.decode(), PLAIN, **PRIVATE)


def _tile(path: str) -> Tile:
    """Raises NotThereError: an address that names no tile is that of nothing."""
    try:
        return tiles.parsed(f"tile/{path.lstrip('/')}")
    except Malformed:
        raise NotThereError from None


def _number(given: int) -> int:
    """Raises NotThereError where no book is so large."""
    if not 0 <= given <= LARGEST:
        raise NotThereError
    return given


def _printed(request: AnyRequest, title: str, keys: Sequence[KeyListed], file: str = "") -> Response[str | None]:
    """For a program as text, for a person as a page."""
    headers = {"Vary": f"{VARY}, Accept", "Cache-Control": CACHE_CONTROL}
    if request.accept.best_match([PLAIN, HTML]) == HTML:
        kind = accord(request).directory.forum().founded.kind
        return served(request, render("keys.html", title=title, keys=keys, file=file, kind=kind), **headers)
    return served(request, f"# {title}\n{''.join(map(_compared, keys))}{file}", PLAIN, **headers)


def _compared(key: KeyListed) -> str:
    """A key as comment of a policy, which reads as one without its comments."""
    return f"#\n# {key.role} of {key.of}: {key.key}\n#   {key.fingerprint}\n"


HANDLERS: tuple[Any, ...] = (
    get_books,
    get_checkpoint,
    get_checkpoint_of,
    get_tile,
    get_inclusion,
    get_consistency,
    get_opening,
    get_bundle,
    get_all_keys,
    get_policy,
)
