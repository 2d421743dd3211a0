"""A book on the shelf of a served forum: it grows, is signed and cosigned, and comes with a byte changed where that is asked for."""

import asyncio
import re
from base64 import b64encode
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from itertools import count
from os import urandom
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import psycopg
from httpx import AsyncClient, Response
from msgspec import Struct

from application.ports import Entry, Receipt
from domain.drafts.events import DraftBegun
from domain.identity import BookId
from domain.record import note
from domain.record.note import Kind
from domain.record.tiles import WIDTH, Tile, bundles, of_size
from infrastructure.postgres.embedded import Database
from infrastructure.record.ciphers import Private
from tests.api.scene import FOUNDING, NoHands, Room, book_of, room, served
from tests.domain.cast import EDITION, EN, JPN, KINDS, PLENARY
from tests.infrastructure.eventlog.scene import Session, stream, submission
from tests.infrastructure.record.keeping import notary_of

READER: Final = "head-JPN"
FORMAT: Final = "japan-us"
NAMES: Final = {Kind.COSIGNATURE: "ed25519", Kind.COSIGNATURE_ML_DSA_44: "ml-dsa-44"}
DRAFT: Final = DraftBegun(KINDS[0], PLENARY, EDITION, EN, (), (JPN,), None)
AT_ONCE: Final = 1000
"""Facts of one command."""
PATIENCE: Final = 60
COSIGNED: Final = "INSERT INTO books.cosignatures VALUES (%s, %s, %s, %s)"

Send = Callable[[Any], Awaitable[None]]


class Flip(Struct, frozen=True):
    """A byte of an answer whose lowest bit is turned round: in the middle of a line, or of all of it."""

    address: re.Pattern[str]
    """What follows the book's in an address, with the query."""
    line: int | None = None

    def of(self, body: bytes) -> bytes:
        lines = [body] if self.line is None else body.splitlines()
        number = self.line or 0
        at = sum(len(line) + 1 for line in lines[:number]) + len(lines[number]) // 2
        return body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]


class Between:
    """Lies between the forum and who asks, and passes on what it says, but for a byte."""

    def __init__(self) -> None:
        self._flip: Flip | None = None
        self._flipped = 0

    @contextmanager
    def flipping(self, flip: Flip) -> Generator[None]:
        """Change that byte meanwhile. Somebody must have come upon it."""
        self._flip, self._flipped = flip, 0
        try:
            yield
        finally:
            self._flip = None
        assert self._flipped

    def __call__(self, app: Any) -> Any:
        async def passed_on(scope: Any, receive: Any, send: Send) -> None:
            query = scope["query_string"].decode()
            _, _, address = f"{scope['path']}{'?' if query else ''}{query}".removeprefix("/book/").partition("/")
            flip = self._flip
            await app(scope, receive, self._changed(send, flip) if flip and flip.address.fullmatch(address) else send)

        return passed_on

    def _changed(self, send: Send, flip: Flip) -> Send:
        whole: list[bytes] = []

        async def take(message: Any) -> None:
            if message["type"] != "http.response.body":
                await send(message)
                return
            whole.append(message["body"])
            if not message.get("more_body"):
                self._flipped += 1
                await send({"type": "http.response.body", "body": flip.of(b"".join(whole))})

        return take


class Shelf:
    """The book of a format, with its members as witnesses."""

    def __init__(self, at: Room, book: str, owner: Session, client: AsyncClient, between: Between) -> None:
        self.book = book
        self.url = f"{str(client.base_url).rstrip('/')}/book/{book}"
        self.token = at.roles[READER]
        self.between = between
        self._at = at
        self._owner = owner
        self._client = client
        self._witnesses: dict[str, Private] = {}
        self._times = count(1_800_000_000)

    async def watch(self, witnesses: Mapping[str, Kind]) -> None:
        """Have these delegations cosign from now on."""
        for code, kind in witnesses.items():
            private = self._witnesses[code] = Private.generate(kind)
            said = {"purpose": "witness", "kind": NAMES[kind], "public": b64encode(private.public).decode()}
            await self._at.done(f"/api/delegations/{code}/keys", f"head-{code}", said)

    async def policy(self) -> bytes:
        """Whom to believe about the book."""
        return (await self._ask(f"/policy?book={self.book}")).content

    async def grow(self, size: int) -> None:
        """Up to this size: recorded, signed and cosigned."""
        for begun in range(self.recorded(), size, AT_ONCE):
            entries = [Entry(stream(), BookId(UUID(self.book)), DRAFT) for _ in range(min(AT_ONCE, size - begun))]
            assert isinstance(await self._at.house.log.append(submission(*entries)), Receipt)
        await self._cosign(size)

    async def _cosign(self, size: int) -> None:
        text = note.parsed(await self._signed(size)).text
        for code, private in self._witnesses.items():
            line = private.signature(f"{FOUNDING.host}/witness/{code}", text, next(self._times))
            self._owner.execute(COSIGNED, [self.book, size, line.name, str(line)])

    async def _signed(self, size: int) -> bytes:
        """The checkpoint of this size, once there is one."""
        async with asyncio.timeout(PATIENCE):
            while (answer := await self._ask(f"{self.url}/checkpoint/{size}")).status_code != 200:
                await asyncio.sleep(0)
        return answer.content

    def recorded(self) -> int:
        """How many facts the book has."""
        row = self._owner.execute("SELECT size FROM record.books WHERE book = %s", [self.book]).fetchone()
        assert row is not None
        return row[0]

    async def _ask(self, address: str) -> Response:
        return await self._client.get(address, headers=self._at.headers(READER))


@asynccontextmanager
async def shelved(database: Database, signer: Path, witnesses: Mapping[str, Kind]) -> AsyncGenerator[Shelf]:
    """The book of a format, served over HTTP. The edition's opening is all that stands in it yet."""
    between = Between()
    with notary_of(signer) as notary, psycopg.connect(database.owner_url, autocommit=True) as owner:
        async with (
            room(database, NoHands(), entropy=urandom, now=datetime.now(UTC), reacts=False, signer=notary) as at,
            served(at.house, between) as port,
            AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
        ):
            shelf = Shelf(at, await book_of(at, READER, "format", FORMAT), owner, client, between)
            await shelf.watch(witnesses)
            yield shelf


TEXT: Final = {0: "the origin", 1: "the size", 2: "the root", 4: "the log's signature"}
LINES: Final = (*TEXT.items(), (5, "a witness's signature"), (6, "another witness's signature"))


def flips(size: int, old: int | None) -> Iterator[tuple[str, Flip]]:
    """All kinds of what is served of a book of this size, and with an earlier one, each with a byte that is changed."""
    for line, name in LINES:
        yield name, Flip(re.compile(f"checkpoint/{size}"), line)
    for tile in _last(size):
        yield kind(tile), Flip(re.compile(re.escape(tile.path)))
    if old is not None:
        yield "a proof of inclusion", Flip(re.compile(rf"proof/inclusion\?index=0&size={size}"), 2)
        yield "a proof of consistency", Flip(re.compile(rf"proof/consistency\?old={old}&new={size}"), 0)


def _last(size: int) -> list[Tile]:
    """Of each level the last tile that is full, and the one that is not."""
    return list({kind(tile): tile for tile in (*of_size(size), *bundles(size))}.values())


def kind(tile: Tile) -> str:
    """What a tile or a bundle of entries is called here."""
    piece = "bundle" if tile.level is None else f"tile of level {tile.level}"
    return f"a {'full' if tile.width == WIDTH else 'partial'} {piece}"
