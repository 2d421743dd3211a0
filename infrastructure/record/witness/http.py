"""The forum as it is served over HTTP, asked with the token of a delegation."""

from asyncio import Semaphore, gather
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Final, Self, TypeVar

import httpx
import msgspec
from msgspec import Struct

from domain.identity import BookId, DelegationCode
from domain.record import note
from domain.record import policy as policies
from domain.record.malformed import Malformed, base64, lines, octets
from domain.record.note import Kind, VerifierKey
from domain.record.proofs import Proof
from domain.record.tiles import Tile
from infrastructure.record.witness.errors import Away, Refused, Unknown
from infrastructure.record.witness.forum import Listed, LogKeys, Opening

TIMEOUT: Final = httpx.Timeout(30, connect=5)
STREAM: Final = httpx.Timeout(60, connect=5)
"""The forum says that there is nothing new after 15 seconds of silence."""
AT_ONCE: Final = 8
"""So many questions are open at a time."""
DIRECT: Final[Mapping[str, None]] = {"all://127.0.0.1": None, "all://[::1]": None, "all://localhost": None}
"""This machine is never asked through a proxy, which would be handed the token."""

PLAIN: Final = {"Accept": "text/plain", "Accept-Language": "en"}
UNAUTHORIZED: Final = 401
FAILING: Final = 500
PROMISE_WORDS: Final = 3
"""Of the comment in a policy that names the key of promises."""

T = TypeVar("T")


class _Problem(Struct):
    detail: str
    type: str = ""


class _Book(Struct):
    id: BookId
    size: int
    checkpoint: int


class _Books(Struct):
    items: list[_Book]


class _Opening(Struct):
    index: int
    salt: bytes | None = None
    envelope: bytes | None = None
    withheld: str | None = None


class _Forum(Struct):
    host: str


class _Office(Struct):
    delegation: DelegationCode


class _Me(Struct):
    offices: list[_Office]


class Met(Struct, frozen=True):
    """The forum as it is met for the first time: its name, whose token asks, and its keys."""

    host: str
    delegation: DelegationCode | None
    keys: LogKeys


class HttpForum:
    """Open between ``async with`` and its end."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url.rstrip("/")
        self._client = httpx.AsyncClient(timeout=TIMEOUT, mounts=DIRECT, headers={"Authorization": f"Bearer {token}", **PLAIN})
        self._room = Semaphore(AT_ONCE)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def meet(self) -> Met:
        """Ask who this is. Raises Away, Unknown, Refused, Malformed."""
        forum, me = await self._read(_Forum, "/api/forum"), await self._read(_Me, "/api/me")
        return Met(forum.host, me.offices[0].delegation if me.offices else None, await self.keys())

    async def register(self, key: VerifierKey) -> None:
        """Make the key known as a witness's of the token's delegation, whose head alone may. Raises Away, Unknown, Refused."""
        kind = "ed25519" if key.kind is Kind.COSIGNATURE else "ml-dsa-44"
        said = {"purpose": "witness", "kind": kind, "public": base64(key.public)}
        code = key.name.rpartition("/")[2]
        await self._ask("POST", f"/api/delegations/{code}/keys", json=said)

    async def books(self) -> Sequence[Listed]:
        """All books that the token may read."""
        found = await self._read(_Books, "/api/books")
        return [Listed(book.id, book.size, book.checkpoint) for book in found.items]

    async def keys(self) -> LogKeys:
        """The forum's keys: one pair signs all books, so those of the public one are those of all."""
        content = await self._ask("GET", "/policy")
        logs = [log.key for log in policies.parsed(content).logs]
        comments = [line.split(" ") for line in _text(content)]
        promises = [note.key(words[2]) for words in comments if words[:2] == ["#", "promise"] and len(words) == PROMISE_WORDS]
        return LogKeys(_ed25519(logs), _ed25519(promises))

    async def checkpoint(self, book: BookId) -> bytes:
        """The newest checkpoint."""
        return await self._ask("GET", f"/book/{book}/checkpoint")

    async def consistency(self, book: BookId, old: int, new: int) -> Proof:
        """The proof that a tree begins with an earlier one."""
        found = _text(await self._ask("GET", f"/book/{book}/proof/consistency", params={"old": old, "new": new}))
        return tuple(octets(line, number, "a hash") for number, line in enumerate(found, start=1))

    async def entries(self, book: BookId, tile: Tile) -> bytes:
        """A bundle of entries."""
        return await self._ask("GET", f"/book/{book}/{tile.path}")

    async def openings(self, book: BookId, first: int, end: int) -> Sequence[Opening]:
        """What opens these entries, several at a time."""
        return await gather(*(self._opening(book, index) for index in range(first, end)))

    async def cosign(self, book: BookId, size: int, line: str) -> None:
        """Hand in a cosignature."""
        await self._ask("POST", f"/book/{book}/cosignature", json={"size": size, "line": line})

    async def happenings(self, place: str) -> AsyncGenerator[bool]:
        """Whether something happened, in a book that the token may read, after this position, or nothing for now; until the forum ends it.

        Raises Away, Unknown, Refused.
        """
        headers = {"Accept": "text/event-stream", **({"Last-Event-ID": place} if place else {})}
        try:
            async with self._client.stream("GET", f"{self.url}/api/stream", headers=headers, timeout=STREAM) as answer:
                if not answer.is_success:
                    await answer.aread()
                    raise _meaning(answer)
                async for line in answer.aiter_lines():
                    if line.startswith(("id:", ":")):
                        yield line.startswith("id:")
        except httpx.HTTPError as error:
            raise Away(f"nobody tells anything at {self.url} ({error})") from None

    async def _opening(self, book: BookId, index: int) -> Opening:
        async with self._room:
            found = await self._read(_Opening, f"/book/{book}/opening/{index}")
        return Opening(found.index, found.salt, found.envelope, found.withheld)

    async def _read(self, kind: type[T], path: str) -> T:
        try:
            return msgspec.json.decode(await self._ask("GET", path, headers={"Accept": "application/json"}), type=kind)
        except msgspec.MsgspecError:
            raise Malformed(1, f"what an Accord of this version answers at {path}") from None

    async def _ask(self, method: str, path: str, **said: Any) -> bytes:  # noqa: ANN401  what httpx takes
        try:
            answer = await self._client.request(method, self.url + path, **said)
        except httpx.TimeoutException:
            raise Away(f"{self.url} does not answer in time") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Away(f"nobody serves at {self.url} ({error})") from None
        if answer.is_success:
            return answer.content
        raise _meaning(answer)


def _meaning(answer: httpx.Response) -> Exception:
    try:
        problem = msgspec.json.decode(answer.content, type=_Problem)
    except msgspec.MsgspecError:
        return Away(f"what answers there is no Accord ({answer.status_code})")
    if answer.status_code == UNAUTHORIZED:
        return Unknown(problem.detail)
    if answer.status_code >= FAILING:
        return Away(problem.detail)
    return Refused(problem.type.rpartition("/")[2], problem.detail)


def _ed25519(keys: Iterable[VerifierKey]) -> tuple[bytes, ...]:
    """The octets of those with which a forum signs; what else is named signs nothing here."""
    return tuple(key.public for key in keys if key.kind is Kind.ED25519)


def _text(content: bytes) -> list[str]:
    """The lines of a text, of which there may be none."""
    return lines(content) if content else []
