"""What the tests of the edge share: a forum that is open over HTTP, with the hands of the record's clock and a token a role."""

from asyncio import Event, create_task
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final, cast
from uuid import UUID

import uvicorn
from httpx import ASGITransport, AsyncClient, Response
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from api.cli.serving import listen
from api.compose import Addresses, found, opened, reacting
from api.http.app import application
from api.settings import Settings
from application.accord import Accord
from application.ports import Signer
from domain.forum.commands import DelegationDescribed, FormatDescribed, FoundForum
from domain.identity import DelegationCode, FormatCode, Language, PersonId
from domain.rules import Rules
from infrastructure.postgres.embedded import Database
from tests.infrastructure.eventlog.scene import Hands

NOON: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
EN: Final = Language("en")
CODES: Final = ("CHN", "JPN", "KOR", "USA")

FOUNDING: Final = FoundForum(
    name={EN: "Asia Peace Conference"},
    host="apc.example",
    kind="regular",
    languages=(EN, Language("ja"), Language("zh-Hans"), Language("ko")),
    time_zone="Asia/Tokyo",
    proposal_kinds=("crisis-management-mechanism", "accident-prevention-rule", "chairs-statement"),
    delegations=tuple(DelegationDescribed(DelegationCode(code), {EN: code}, "Asia/Tokyo") for code in CODES),
    formats=(
        FormatDescribed(FormatCode("plenary"), "P", {EN: "Plenary"}, tuple(map(DelegationCode, CODES))),
        FormatDescribed(FormatCode("japan-us"), "B", {EN: "Japan-US"}, (DelegationCode("JPN"), DelegationCode("USA"))),
    ),
    rules=Rules(silence_between_meetings=10, silence_in_session=10, notice=3600),
)


@dataclass
class Room:
    """An open forum. ``roles`` maps a role to its token."""

    house: Accord
    client: AsyncClient
    hands: Hands
    roles: dict[str, str] = field(default_factory=dict[str, str])
    people: dict[str, str] = field(default_factory=dict[str, str])
    now: datetime = NOON

    def turn(self, *, to: datetime | None = None, **by: float) -> datetime:
        """Have the record's clock say so, here and there."""
        self.now = to or self.now + timedelta(**by)
        self.hands.move(self.now)
        self.house.tracker.clock.set(self.now)
        return self.now

    async def caught_up(self) -> None:
        """Wait until memory and views show all that is recorded."""
        end = await self.house.log.horizon()
        await self.house.follower.caught_up(end.position)
        await self.house.views.reached(end.position)

    async def get(self, path: str, role: str | None = None, **headers: str) -> Response:
        return await self.client.get(path, headers=self.headers(role, headers))

    async def post(self, path: str, role: str | None = None, body: Any = None, **headers: str) -> Response:
        return await self.client.post(path, json=body, headers=self.headers(role, headers))

    async def done(self, path: str, role: str | None, body: Any = None, **headers: str) -> dict[str, Any]:
        """A command that must succeed; meant for whatever state the thing has."""
        answer = await self.post(path, role, body, **{"If_Match": "*"} | headers)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def read(self, path: str, role: str | None = None, **headers: str) -> Any:
        answer = await self.get(path, role, **headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def headers(self, role: str | None, headers: Mapping[str, str] | None = None) -> dict[str, str]:
        said = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        return said if role is None else {"Authorization": f"Bearer {self.roles[role]}", **said}


class NoHands(Hands):
    """The record's clock runs by itself."""

    def __init__(self) -> None:
        pass

    def move(self, at: datetime) -> None:
        pass


def seeded(seed: int) -> Callable[[int], bytes]:
    return Random(seed).randbytes


@asynccontextmanager
async def room(
    database: Database,
    hands: Hands,
    *,
    entropy: Callable[[int], bytes] | None = None,
    now: datetime = NOON,
    roles: dict[str, str] | None = None,
    people: dict[str, str] | None = None,
    reacts: bool = True,
    founding: FoundForum = FOUNDING,
    signer: Signer | None = None,
) -> AsyncGenerator[Room]:
    """The forum of this database, opened; founded and seated first, where there is none. A second opening takes another seed."""
    addresses = Addresses(database.owner_url, database.app_url, database.projector_url)
    random = entropy or seeded(7)
    async with (
        opened(addresses, Settings(), entropy=random, founded=False, signer=signer) as house,
        reacting(house) if reacts else nullcontext(),
    ):
        secretary = None
        if house.memory.forum_id is None:
            secretary = await house.people.add("Secretary")
            await found(addresses, house, founding, secretary)
        async with _client(house) as client:
            opened_room = Room(house, client, hands, roles or {}, people or {}, now=now)
            if secretary is not None:
                await _seat(opened_room, secretary)
            yield opened_room


@asynccontextmanager
async def beside(
    at: Room, database: Database, settings: Settings | None = None, *, read: str | None = None
) -> AsyncGenerator[Room]:
    """Another process on the same database; with a replica to read from, if one is named."""
    addresses = Addresses(database.owner_url, database.app_url, database.projector_url, read)
    async with opened(addresses, settings or Settings()) as house, _client(house) as client:
        yield Room(house, client, at.hands, at.roles, at.people, now=at.now)


@asynccontextmanager
async def _client(house: Accord) -> AsyncGenerator[AsyncClient]:
    transport = ASGITransport(app=cast("Any", _until_nothing_more(application(house))))
    async with AsyncClient(transport=transport, base_url="http://accord.test") as client:
        yield client


def _until_nothing_more(app: Any) -> ASGIApp:
    """The application, to a client that takes an answer only when it is whole: it leaves a stream once that has caught up."""

    async def left(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != "/api/stream":
            await app(scope, receive, send)
            return
        caught_up = Event()

        async def leave() -> Any:
            await caught_up.wait()
            return {"type": "http.disconnect"}

        async def take(message: Message) -> None:
            await send(message)
            if message["type"] == "http.response.body" and b": nothing more" in message["body"]:
                caught_up.set()

        await app(scope, leave, take)
        if caught_up.is_set():
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    return left


@asynccontextmanager
async def served(house: Accord, through: Callable[[Any], Any] = lambda app: app) -> AsyncGenerator[int]:
    """The port at which the house is served as it is by `accord serve`; ``through``: what lies between it and who asks."""
    listener = listen("127.0.0.1", 0)
    app = through(application(house))
    server = uvicorn.Server(uvicorn.Config(app, access_log=False, log_config=None, lifespan="off"))
    serving = create_task(server.serve(sockets=[listener]))
    try:
        yield listener.getsockname()[1]
    finally:
        house.listeners.dismiss()
        server.should_exit = True
        await serving
        listener.close()


async def _seat(at: Room, secretary: PersonId) -> None:
    """A head for each delegation, an adviser of Japan, a chair of the plenary in the edition 2026, and an auditor."""
    at.roles["secretary"] = (await at.house.people.issue(secretary, "test")).token
    for code in CODES:
        await _admit(at, f"head-{code}", code, {"role": "head", "notice": f"letter of {code}"}, by="secretary")
    await _admit(at, "adviser-JPN", "JPN", {"role": "adviser"}, by="head-JPN")
    for role in ("chair", "auditor"):
        await introduced(at, role)
    edition = {"code": "2026", "year": 2026, "starts_on": "2026-09-08", "ends_on": "2026-09-09", "city": "Tokyo"}
    await at.done("/api/editions", "secretary", {**edition, "theme": {"en": "Peace"}})
    await at.done("/api/editions/2026/open", "secretary")
    await at.done("/api/editions/2026/agendas/plenary/chair", "secretary", {"person": at.people["chair"]})
    at.turn(seconds=1)


async def _admit(at: Room, role: str, code: str, body: dict[str, str], *, by: str) -> None:
    person = await _person(at, role)
    answer = await at.done(f"/api/delegations/{code}/credentials", by, {"person": person, **body})
    exchange = {"invitation": answer["invitation"], "expires": "2099-01-01T00:00:00Z"}
    at.roles[role] = (await at.done("/api/invitations", None, exchange))["token"]


async def introduced(at: Room, role: str) -> None:
    """A person who holds no office, with a token."""
    person = PersonId(UUID(await _person(at, role)))
    at.roles[role] = (await at.house.people.issue(person, "test")).token


async def _person(at: Room, role: str) -> str:
    at.people[role] = (await at.done("/api/people", "secretary", {"name": role}))["id"]
    return at.people[role]


async def book_of(at: Room, role: str, kind: str, format_code: str | None = None) -> str:
    """The id of the one book of this kind, or format, that the role reads."""
    books = (await at.read("/api/me", role))["books"]
    (found,) = (book["id"] for book in books if (book["audience"]["kind"], book["audience"]["format"]) == (kind, format_code))
    return found


TEXT: Final = [
    {"kind": "title", "text": {"en": "Hotline protocol", "ja": "ホットライン運用手順"}},
    {"kind": "operative", "text": {"en": "Answer within two hours.", "ja": "2時間以内に応答する。"}},
]


async def tabled(at: Room, by: str = "head-KOR", format_code: str = "plenary", edition: str = "2026") -> str:
    """A proposal on the table: its id."""
    draft = {"kind": "crisis-management-mechanism", "format": format_code, "edition": edition, "master": "en"}
    begun = await at.done("/api/drafts", by, {**draft, "provisions": TEXT})
    return (await at.done(f"/api/drafts/{begun['id']}/table", by))["id"]


def revised(text: Any, **words: str) -> list[dict[str, Any]]:
    """The provisions of a status with other English words for some."""
    return [
        {
            "id": part["id"],
            "kind": part["kind"],
            "text": part["text"] | ({"en": words[part["id"]]} if part["id"] in words else {}),
        }
        for part in text
    ]
