"""Delegates, a chair and a secretary at work: each asks one thing after another, and repeats it under its key until it is answered."""

import asyncio
from asyncio import Event
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from time import monotonic
from typing import Any, Final

import httpx
from httpx import AsyncClient

from tests.api.scene import CODES, TEXT
from tests.crash.forum import FORMATS, Forum
from tests.crash.journal import Asked, Journal, Told, recorded

PATIENCE: Final = 60
"""Seconds after which a command that nobody answered is one that will not be."""
PAUSE: Final = 0.05
"""Seconds before a client asks again."""
REFUSED: Final = frozenset({403, 409, 412, 422})
"""What the rules may say no with. What a client asks for is well said, and there to be read."""
NOWHERE: Final = "http://127.0.0.1:9"
"""Where nobody serves."""
READ: Final = 0.2
"""How often a client looks for what it just did."""


@dataclass
class World:
    """What all clients of a kill have in common."""

    kill: int
    forum: Forum
    journal: Journal
    doors: Callable[[], list[str]]
    over: Event


class Client:
    """One connection, and its own dice."""

    def __init__(self, world: World, name: str, role: str, http: AsyncClient, random: Random) -> None:
        self.world = world
        self.forum = world.forum
        self.role = role
        self.random = random
        self._name = name
        self._http = http
        self._number = 0

    async def live(self) -> None:
        """Until the kill is over; the last command is answered first."""
        while not self.world.over.is_set():
            await self._step()
            await asyncio.sleep(0)  # a step that finds nothing to do lets the others on

    async def _step(self) -> None:
        acts = SEATED if "-" in self.role else {"chair": CHAIRING, "secretary": SERVING}[self.role]
        (act,) = self.random.choices(list(acts), list(acts.values()))
        asked = self._number
        await act(self)
        if self._number == asked:  # there was nothing to do
            await asyncio.sleep(PAUSE)

    async def ask(self, path: str, body: Any = None) -> Told:
        """Give a command, and look for its effect now and then."""
        self._number += 1
        asked = Asked(f"{self._name}-{self._number}", self.role, path, body)
        line = self.world.journal.ask(self.world.kill, asked)
        told = await answered(self._http, self.forum, self.world.doors, self.random, asked)
        assert told.accepted or told.status in REFUSED, f"{asked}: {told}"
        await self.world.journal.tell(line, told)
        if told.accepted and self.random.random() < READ:
            await self._look(told)
        return told

    async def read(self, path: str, position: str | None = None) -> Any:
        """What is there now; None where nobody can say."""
        headers = bearer(self.forum, self.role) | ({"Accord-Position": position} if position else {})
        try:
            answer = await self._http.get(a_door(self.world.doors, self.random) + path, headers=headers)
        except httpx.TransportError:
            return None
        if answer.status_code == 503:
            return None
        assert answer.status_code == 200, f"{self.role} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    async def _look(self, told: Told) -> None:
        """Whoever shows the position that an answer gave shows what it came to, in the history and in the list."""
        done = recorded(told)
        proposals = [str(fact.stream) for fact in done.facts if fact.type.startswith("proposal.")]
        if not proposals:
            return
        history = await self.read(f"/api/proposals/{proposals[0]}/history", done.position)
        if history is None:
            return
        versions = [fact["version"] for fact in history["items"] if fact["command"] == str(done.command)]
        assert versions, f"{done} is not in the history"
        rows = await self.read("/api/proposals?limit=200", done.position)
        if rows is not None:
            shown = {row["id"]: row["version"] for row in rows["items"]}
            assert shown[proposals[0]] >= max(versions), f"{done} is not shown"

    def proposal(self) -> str | None:
        """One that lies before this client."""
        lie = self.forum.lies_before(self.role)
        return self.random.choice(lie) if lie else None


def bearer(forum: Forum, role: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {forum.roles[role]}"}


async def answered(http: AsyncClient, forum: Forum, doors: Callable[[], list[str]], random: Random, asked: Asked) -> Told:
    """The answer to a command, asked for at any door until somebody gives one."""
    headers = bearer(forum, asked.role) | {"Idempotency-Key": asked.key, "If-Match": "*"}
    deadline = monotonic() + PATIENCE
    while monotonic() < deadline:
        with suppress(httpx.TransportError):
            answer = await http.post(a_door(doors, random) + asked.path, json=asked.body, headers=headers)
            if answer.status_code != 503:
                return Told(answer.status_code, answer.content)
            assert int(answer.headers["Retry-After"]) >= 1
        await asyncio.sleep(PAUSE)
    raise AssertionError(f"{asked} was not answered within {PATIENCE} s")


def a_door(doors: Callable[[], list[str]], random: Random) -> str:
    return random.choice(doors() or [NOWHERE])


# What they do

Act = Callable[[Client], Awaitable[None]]


async def table(client: Client) -> None:
    """Draft, at times share the draft, and table it."""
    code = client.role.rpartition("-")[2]
    place = client.random.choice([name for name, members in FORMATS.items() if code in members])
    draft = {"kind": "crisis-management-mechanism", "format": place, "edition": "now", "master": "en", "provisions": TEXT}
    began = recorded(await client.ask("/api/drafts", draft))
    if client.random.random() < 0.3:
        others = [other for other in FORMATS[place] if other != code]
        shared = await client.ask(f"/api/drafts/{began.id}/share", {"with": client.random.sample(others, 1)})
        began = recorded(shared)
    tabled = recorded(await client.ask(f"/api/drafts/{began.id}/table"))
    client.forum.tables[place].append(str(tabled.id))


async def take_position(client: Client) -> None:
    if proposal := client.proposal():
        status = await client.read(f"/api/proposals/{proposal}")
        revision = status["revision"] if status else 0
        door, said = client.random.choice(POSITIONS)
        await client.ask(f"/api/proposals/{proposal}/{door}", {"revision": revision, **said})


async def answer_for_oneself(client: Client) -> None:
    """Lift, reaffirm or contest, whether there is anything to it or not."""
    if proposal := client.proposal():
        status = await client.read(f"/api/proposals/{proposal}")
        what = client.random.choice(("lift", "lift", "reaffirm", "contest"))
        code = client.role.rpartition("-")[2]
        revision = {"revision": status["revision"] if status else 0}
        await client.ask(f"/api/proposals/{proposal}/positions/{code}/{what}", revision)


async def revise(client: Client) -> None:
    """As the penholder; now and then as somebody who is not."""
    if (proposal := client.proposal()) and (status := await client.read(f"/api/proposals/{proposal}")):
        code = client.role.rpartition("-")[2]
        if status["penholder"] != code and client.random.random() < 0.7:
            return
        words = f"Answer within {client.random.randrange(1_000_000)} minutes."
        provisions = [
            {
                "id": part["id"],
                "kind": part["kind"],
                "text": part["text"] | ({"en": words} if part["kind"] == "operative" else {}),
            }
            for part in status["provisions"]
        ]
        changes = {part["id"]: client.random.choice(MARKS) for part in provisions if part["kind"] == "operative"}
        change = {"base": status["revision"], "provisions": provisions, "changes": changes, "reason": "Asked for."}
        await client.ask(f"/api/proposals/{proposal}/revisions", change)


async def sponsor(client: Client) -> None:
    if proposal := client.proposal():
        await client.ask(f"/api/proposals/{proposal}/sponsors")


async def withdraw(client: Client) -> None:
    if proposal := client.proposal():
        await client.ask(f"/api/proposals/{proposal}/withdrawal")


async def acknowledge(client: Client) -> None:
    if proposal := client.proposal():
        status = await client.read(f"/api/proposals/{proposal}")
        await client.ask(f"/api/proposals/{proposal}/silence/receipt", {"revision": status["revision"] if status else 0})


async def prepare_and_send(client: Client) -> None:
    if proposal := client.proposal():
        code = client.role.rpartition("-")[2]
        act = {"delegation": code, "act": "endorsements", "target": proposal, "body": {"revision": 0}}
        prepared = recorded(await client.ask("/api/prepared", act))
        await client.ask(f"/api/prepared/{prepared.id}/send")


async def name_an_adviser(client: Client) -> None:
    """Or end the term of the one there is: all acts of a delegation rely on the stream of its credentials."""
    code = client.role.rpartition("-")[2]
    path = f"/api/delegations/{code}/credentials"
    person = client.forum.people[f"adviser-{code}"]
    known = await client.read(path)
    running = [one["id"] for one in known["items"] if one["person"] == person and one["ends"] is None] if known else []
    if running:
        await client.ask(f"{path}/{running[0]}/end")
    else:
        await client.ask(path, {"person": person, "role": "adviser"})


async def open_silence(client: Client) -> None:
    await _silence(client, "silence", timedelta(seconds=1.5 + 3 * client.random.random()))


async def extend_silence(client: Client) -> None:
    await _silence(client, "silence/extension", timedelta(seconds=5))


async def cancel_silence(client: Client) -> None:
    await _silence(client, "silence/cancellation", None)


async def _silence(client: Client, door: str, length: timedelta | None) -> None:
    if proposal := client.proposal():
        status = await client.read(f"/api/proposals/{proposal}")
        deadline = {} if length is None else {"deadline": (datetime.now(UTC) + length).isoformat()}
        await client.ask(f"/api/proposals/{proposal}/{door}", {"revision": status["revision"] if status else 0, **deadline})


async def certify(client: Client) -> None:
    if proposal := client.proposal():
        status = await client.read(f"/api/proposals/{proposal}")
        await client.ask(f"/api/proposals/{proposal}/certification", {"revision": status["revision"] if status else 0})


async def convene(client: Client) -> None:
    """A fact on the agenda that also numbers what is tabled."""
    place = client.random.choice(list(FORMATS))
    sitting = {"held_on": f"{datetime.now(UTC).year}-01-01", "rule": "on-record"}
    await client.ask(f"/api/editions/now/agendas/{place}/sittings", sitting)


MARKS: Final = ("substantive", "substantive", "editorial")
POSITIONS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("endorsements", {}),
    ("endorsements", {"reservation": "Only by day."}),
    ("endorsements", {"ad_referendum_until": "2099-01-01T00:00:00Z"}),
    ("objections", {"undisclosed": True}),
    ("objections", {"reason": "Too short a time: 短すぎる。"}),
    ("positions", {"stance": "no-objection"}),
    ("positions", {"stance": "abstain"}),
    ("positions", {"stance": "reserve"}),
    ("positions", {"stance": "dissociate"}),
)
SEATED: Final[dict[Act, float]] = {
    table: 4,
    take_position: 14,
    answer_for_oneself: 6,
    revise: 4,
    sponsor: 1,
    withdraw: 0.3,
    acknowledge: 2,
    prepare_and_send: 1,
    name_an_adviser: 0.5,
}
CHAIRING: Final[dict[Act, float]] = {open_silence: 6, extend_silence: 1, cancel_silence: 1, certify: 2}
SERVING: Final[dict[Act, float]] = {convene: 1}

ROLES: Final = (*(f"{rank}-{code}" for rank in ("head", "alternate") for code in CODES), "chair", "secretary")
