"""Two worlds that differ only in what somebody may not read; and everything that somebody could ask in them.

A world is a row of acts in a forum. Each act has a place: from it come the record's time and every random id and salt of the act,
so that an act is the same in a world from which others are left out.
"""

import re
from asyncio import sleep, timeout
from atexit import register
from base64 import b64encode
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, partial
from itertools import product
from pathlib import Path
from random import Random
from shutil import copytree, rmtree
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any, Final

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from httpx import Response
from litestar.handlers import HTTPRouteHandler
from msgspec import convert, to_builtins

from api.http.app import HANDLERS
from application.ports import SignerAway
from domain.forum.events import KeyKind
from domain.forum.keys import key_id
from domain.record import signedact
from infrastructure.postgres.embedded import Database
from infrastructure.record.signer import folder
from tests.api.scene import NOON, TEXT, Room, room
from tests.infrastructure.eventlog.scene import Hands
from tests.infrastructure.record.keeping import Notary, notary_of, signed

STEP: Final = timedelta(minutes=1)
OUTSIDERS: Final = (None, "head-CHN", "head-KOR", "head-USA", "head-JPN", "adviser-JPN", "auditor", "chair", "secretary")


class Places:
    """Random bytes that depend only on the place of the act at hand."""

    def __init__(self) -> None:
        self.begin("the beginning")

    def begin(self, place: object) -> None:
        self._random = Random(f"{place}")

    def __call__(self, size: int) -> bytes:
        return self._random.randbytes(size)


@dataclass(frozen=True)
class Act:
    """Something done in a world, and the audience that it is for: whoever is not in it may not notice."""

    audience: str
    do: Callable[["World", int], Awaitable[None]]
    name: str

    def __repr__(self) -> str:
        return self.name


@dataclass
class World:
    """A forum, and the ids of what was made in it, by what it is."""

    at: Room
    places: Places
    made: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    sizes: list[int] = field(default_factory=list[int])
    """At which any book was signed."""

    def last(self, kind: str) -> str | None:
        return (self.made.get(kind) or [None])[-1]

    async def did(self, path: str, role: str, body: Any = None, *, kind: str | None = None) -> None:
        """Try it. Whether it is refused is the same in both worlds."""
        answer = await self.at.post(path, role, body, If_Match="*")
        if kind is not None and answer.status_code == 201:
            self.made.setdefault(kind, []).append(answer.json()["id"])


AUDIENCES: Final[Mapping[str, frozenset[str | None]]] = {
    "everyone": frozenset(OUTSIDERS),
    "plenary": frozenset({"head-CHN", "head-KOR", "head-USA", "head-JPN", "adviser-JPN", "auditor", "chair", "secretary"}),
    "japan-us": frozenset({"head-USA", "head-JPN", "adviser-JPN", "secretary"}),
    "unlisted": frozenset({"head-USA", "head-JPN", "head-KOR", "adviser-JPN", "secretary"}),
    "JPN": frozenset({"head-JPN", "adviser-JPN"}),
    "JPN+KOR": frozenset({"head-JPN", "adviser-JPN", "head-KOR"}),
    "delegations": frozenset({"head-CHN", "head-KOR", "head-USA", "head-JPN", "adviser-JPN", "chair", "secretary"}),
    "secretariat": frozenset({"secretary", "chair"}),
}
"""Who may read what is done for an audience."""


def act(audience: str) -> Callable[[Callable[[World, int], Awaitable[None]]], Act]:
    def made(do: Callable[[World, int], Awaitable[None]]) -> Act:
        return Act(audience, do, do.__name__)

    return made


def _draft(format_code: str, place: int) -> dict[str, Any]:
    title = {"kind": "title", "text": {"en": f"Text {place}", "ja": f"文案 {place}"}}
    head = {"kind": "crisis-management-mechanism", "format": format_code, "edition": "2026", "master": "en"}
    return {**head, "provisions": [title, *TEXT[1:]]}


@act("JPN")
async def japan_drafts(world: World, place: int) -> None:
    await world.did("/api/drafts", "adviser-JPN", _draft("plenary", place), kind="JPN draft")


@act("JPN")
async def japan_rewrites(world: World, place: int) -> None:
    if draft := world.last("JPN draft"):
        headers = world.at.headers("head-JPN", {"If_Match": "*"})
        await world.at.client.put(f"/api/drafts/{draft}", json=_draft("plenary", place), headers=headers)


@act("JPN+KOR")
async def japan_shares(world: World, place: int) -> None:
    """In Japan's own book too; what South Korea sees of it is the new draft alone."""
    await world.did("/api/drafts", "head-JPN", _draft("plenary", place), kind="to share")
    if draft := world.last("to share"):
        await world.did(f"/api/drafts/{draft}/share", "head-JPN", {"with": ["KOR"]}, kind="JPN+KOR draft")


def _prepared(code: str, target: str) -> dict[str, Any]:
    return {"delegation": code, "act": "objections", "target": target, "body": {"revision": 0, "undisclosed": True}}


@act("JPN")
async def japan_prepares(world: World, _: int) -> None:
    target = world.last("plenary") or "00000000-0000-4000-8000-000000000000"
    await world.did("/api/prepared", "adviser-JPN", _prepared("JPN", target), kind="prepared")


@act("secretariat")
async def the_secretary_drafts(world: World, place: int) -> None:
    await world.did("/api/drafts", "secretary", _draft("plenary", place), kind="secretariat draft")


async def _table(world: World, place: int, format_code: str, role: str) -> None:
    await world.did("/api/drafts", role, _draft(format_code, place), kind=f"{role} drafts for {format_code}")
    if draft := world.last(f"{role} drafts for {format_code}"):
        await world.did(f"/api/drafts/{draft}/table", role, kind=format_code)


@act("plenary")
async def korea_tables(world: World, place: int) -> None:
    await _table(world, place, "plenary", "head-KOR")


@act("japan-us")
async def the_two_meet(world: World, _: int) -> None:
    agenda = "/api/editions/2026/agendas/japan-us"
    await world.did(f"{agenda}/sittings", "secretary", {"held_on": "2026-09-08", "rule": "closed"})
    await world.did(f"{agenda}/sittings/1/attendance", "secretary", {"present": ["JPN", "USA"]})


@act("japan-us")
async def the_two_table(world: World, place: int) -> None:
    await _table(world, place, "japan-us", "head-USA")


async def _table_unlisted(world: World, place: int) -> None:
    defined = {"code": "quiet", "letter": "Q", "names": {"en": "Quiet"}, "members": ["JPN", "USA", "KOR"], "listed": False}
    await world.did("/api/formats", "secretary", defined)
    await _table(world, place, "quiet", "head-JPN")


@act("unlisted")
async def three_meet_unlisted(world: World, place: int) -> None:
    await _table_unlisted(world, place)


LETTER: Final = {"reference": "Letter of 2 March"}
INSTRUCTED: Final = {"instruction": "Note of the chair"}


@act("japan-us")
async def the_two_speak_through_the_secretary(world: World, place: int) -> None:
    """An endorsement that waits, and is confirmed; one that is disowned; an objection that counts at once."""
    await _table(world, place, "japan-us", "head-USA")
    proposal = f"/api/proposals/{world.last('japan-us')}"
    of_japan = {"revision": 0, "on_behalf_of": "JPN", **LETTER}
    await world.did(f"{proposal}/endorsements", "secretary", of_japan)
    await world.did(f"{proposal}/positions/JPN/on-behalf/confirmation", "head-JPN", {"revision": 0})
    await world.did(f"{proposal}/positions", "secretary", {**of_japan, "stance": "abstain"})
    await world.did(f"{proposal}/positions/JPN/on-behalf/disavowal", "head-JPN", {"revision": 0})
    await world.did(f"{proposal}/objections", "secretary", {**of_japan, "reason": "No."})
    await world.did(f"{proposal}/positions/JPN/lift", "secretary", {"revision": 0, **LETTER})


@act("japan-us")
async def the_two_agree_and_it_is_set_aside(world: World, place: int) -> None:
    await _table(world, place, "japan-us", "head-USA")
    proposal = f"/api/proposals/{world.last('japan-us')}"
    deadline = world.at.now + STEP / 4
    silence = {"revision": 0, "deadline": deadline.isoformat(), **INSTRUCTED}
    await world.did(f"{proposal}/silence", "secretary", silence)
    world.at.turn(to=deadline + STEP / 4)
    decided = await world.at.read(proposal, "head-USA")
    world.made.setdefault("agreements", []).append(decided["adoption"]["agreement"])
    late = {"revision": 0, "reason": "No.", "on_behalf_of": "JPN", "received": (deadline - STEP / 8).isoformat(), **LETTER}
    await world.did(f"{proposal}/objections", "secretary", late)
    await world.did(f"{proposal}/decision/set-aside", "secretary", {"reason": "It lay in the post room.", **INSTRUCTED})


@act("japan-us")
async def the_two_split_a_text(world: World, place: int) -> None:
    await _table(world, place, "japan-us", "head-USA")
    if whole := world.last("japan-us"):
        await world.did(f"/api/proposals/{whole}/split", "head-USA", {"parts": [["p2"], ["p2"]]})
        parts = (await world.at.read(f"/api/proposals/{whole}", "head-USA"))["elsewhere"]["parts"]
        world.made["japan-us"].extend(parts)


@act("unlisted")
async def three_merge_two_texts(world: World, place: int) -> None:
    await _table_unlisted(world, place)
    into = world.last("quiet")
    await _table_unlisted(world, place)
    await world.did(f"/api/proposals/{world.last('quiet')}/merger", "head-JPN", {"into": into})


@act("unlisted")
async def three_go_on_next_year(world: World, place: int) -> None:
    await _table_unlisted(world, place)
    proposal = f"/api/proposals/{world.last('quiet')}"
    await world.did(f"{proposal}/deferral", "secretary", {"edition": "2027", **INSTRUCTED})
    await world.did(f"{proposal}/resumption", "secretary", {"edition": "2027", **INSTRUCTED})


@act("unlisted")
async def three_state_how_they_read_it(world: World, place: int) -> None:
    await _table_unlisted(world, place)
    proposal = f"/api/proposals/{world.last('quiet')}"
    read = {"kind": "interpretation", "revision": 0, "text": {"en": "Of ships alone."}, "with": ["KOR"]}
    await world.did(f"{proposal}/statements", "head-USA", read)
    await world.did(f"{proposal}/statements/1/join", "head-KOR")


@act("plenary")
async def the_chair_states(world: World, place: int) -> None:
    statement = {**_draft("plenary", place), "kind": "chairs-statement"}
    await world.did("/api/drafts", "chair", statement, kind="chair drafts for plenary")
    if draft := world.last("chair drafts for plenary"):
        await world.did(f"/api/drafts/{draft}/table", "chair", kind="plenary")
        await world.did(f"/api/proposals/{world.last('plenary')}/issue", "chair", {"revision": 0})


@act("delegations")
async def china_registers_a_key(world: World, place: int) -> None:
    public = b64encode(Random(place).randbytes(32)).decode()
    await world.did("/api/delegations/CHN/keys", "head-CHN", {"purpose": "acts", "kind": "ed25519", "public": public})


PRIVATE: Final = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC: Final = PRIVATE.public_key().public_bytes_raw()


@act("delegations")
async def japan_registers_the_key_that_it_signs_with(world: World, _: int) -> None:
    said = {"purpose": "acts", "kind": "ed25519", "public": b64encode(PUBLIC).decode()}
    await world.did("/api/delegations/JPN/keys", "head-JPN", said)


@act("japan-us")
async def japan_signs(world: World, place: int) -> None:
    await _table(world, place, "japan-us", "head-USA")
    proposal = f"/api/proposals/{world.last('japan-us')}"
    words = convert(await world.at.read(f"{proposal}/to-sign?act=endorse", "head-JPN"), signedact.Act)
    how = (key_id(KeyKind.ED25519, PUBLIC), world.at.now, f"the-nonce-{place:06}")
    signature = signedact.ActSignature(*how, PRIVATE.sign(signedact.message(words, *how)))
    await world.did(f"{proposal}/endorsements", "head-JPN", {"revision": 0, "signature": to_builtins(signature)})


def _on(audience: str, role: str, door: str, said: Mapping[str, Any]) -> Act:
    async def do(world: World, _: int) -> None:
        if proposal := world.last(audience):
            await world.did(f"/api/proposals/{proposal}/{door}", role, dict(said))

    return Act(audience if audience != "quiet" else "unlisted", do, f"{role} {door} in {audience}")


ACTS: Final = (
    japan_drafts,
    japan_rewrites,
    japan_shares,
    japan_prepares,
    the_secretary_drafts,
    korea_tables,
    the_two_meet,
    the_two_table,
    three_meet_unlisted,
    china_registers_a_key,
    _on("plenary", "head-JPN", "endorsements", {"revision": 0}),
    _on("plenary", "head-CHN", "objections", {"revision": 0, "reason": "No."}),
    _on("plenary", "chair", "silence", {"revision": 0, "deadline": "2026-03-02T12:30:00Z"}),
    _on("japan-us", "head-JPN", "endorsements", {"revision": 0}),
    _on("japan-us", "head-JPN", "objections", {"revision": 0, "reason": "Not yet."}),
    _on("japan-us", "head-USA", "revisions", {"base": 0, "provisions": TEXT}),
    _on("quiet", "head-USA", "positions", {"revision": 0, "stance": "abstain"}),
    _on("japan-us", "secretary", "outcome", {"outcome": "lapsed", "instruction": "Note 1"}),
    _on("japan-us", "head-JPN", "release", {"to": "forum", "attributions": True}),
)


@act("JPN")
async def japan_erases_what_it_prepared(world: World, _: int) -> None:
    target = world.last("plenary") or NOBODY
    said = {**_prepared("JPN", target), "body": {"revision": 0, "reason": "Not for paper."}}
    done = await world.at.done("/api/prepared", "adviser-JPN", said)
    worded = done["facts"][-1]
    await world.did(f"/api/books/{worded['book']}/erasures", "head-JPN", {"facts": [worded["index"]], "basis": "misplaced"})


@act("japan-us")
async def the_two_erase_a_reason(world: World, place: int) -> None:
    """One that is asked for and waits, and one that is carried out."""
    await _table(world, place, "japan-us", "head-USA")
    objection = {"revision": 0, "reason": "Not for paper."}
    done = await world.at.done(f"/api/proposals/{world.last('japan-us')}/objections", "head-JPN", objection)
    worded = next(fact for fact in done["facts"] if fact["type"] == "proposal.reason-given")
    erasures = f"/api/books/{worded['book']}/erasures"
    for role in ("secretary", "head-USA"):
        await world.did(erasures, role, {"facts": [worded["index"]], "basis": "personal-data", "reason": "Asked for."})
    number = (await world.at.read(erasures, "head-JPN"))["items"][-1]["erasure"]
    await world.did(f"{erasures}/{number}/approve", "head-JPN")


LATER_ACTS: Final = (
    the_chair_states,
    the_two_speak_through_the_secretary,
    the_two_agree_and_it_is_set_aside,
    the_two_split_a_text,
    three_meet_unlisted,
    three_merge_two_texts,
    three_go_on_next_year,
    three_state_how_they_read_it,
    japan_erases_what_it_prepared,
    the_two_erase_a_reason,
    japan_registers_the_key_that_it_signs_with,
    japan_signs,
)
"""The rest of a proposal's life: each a story of its own, from the tabling on."""


# A text that the two release: in both worlds; what else they do is in one


@act("japan-us")
async def the_two_table_more(world: World, place: int) -> None:
    await world.did("/api/drafts", "head-JPN", _draft("japan-us", place), kind="more drafts")
    if draft := world.last("more drafts"):
        await world.did(f"/api/drafts/{draft}/table", "head-JPN", kind="more of the two")


@act("japan-us")
async def japan_thinks_again(world: World, _: int) -> None:
    """Its consent is taken back and given: the release follows on another number of facts."""
    consent = f"/api/proposals/{world.last('japan-us')}/release/consent"
    headers = world.at.headers("head-JPN", {"If_Match": "*"})
    answer = await world.at.client.delete(f"{consent}?to=forum", headers=headers)
    assert answer.status_code == 200, answer.text
    await world.at.done(consent, "head-JPN", {"to": "forum", "attribution": True})


def _releases(to: str) -> tuple[Act, Act]:
    async def japan_asks(world: World, _: int) -> None:
        await world.at.done(f"/api/proposals/{world.last('japan-us')}/release", "head-JPN", {"to": to, "attributions": True})

    async def the_us_consents(world: World, _: int) -> None:
        consent = f"/api/proposals/{world.last('japan-us')}/release/consent"
        await world.at.done(consent, "head-USA", {"to": to, "attribution": False})
        (listed,) = (await world.at.read(f"/api/releases?to={to}", "head-USA"))["items"]
        world.made.setdefault("releases", []).append(listed["id"])

    return Act("everyone", japan_asks, f"Japan asks for a release to the {to}"), Act("everyone", the_us_consents, "so it is")


_asked, _released = _releases("forum")

RELEASED: Final = (
    the_two_table_more,
    Act("everyone", the_two_table.do, "the two table"),
    the_two_meet,
    _on("japan-us", "head-JPN", "endorsements", {"revision": 0}),
    Act("everyone", _on("japan-us", "secretary", "outcome", {"outcome": "lapsed", "instruction": "Note 1"}).do, "it lapses"),
    _asked,
    japan_thinks_again,
    _released,
    the_two_table_more,
    *_releases("public"),
    the_two_table_more,
)
"""Done for everyone: what both worlds have in common, and somebody outside the two reads nothing of but the release."""


@asynccontextmanager
async def world(
    database: Database, acts: Iterable[tuple[int, Act]], roles: dict[str, str], people: dict[str, str], *, warm: bool
) -> AsyncGenerator[World]:
    """The world in which these acts were done, at their places; warm as it is left by them, or cold as a process that has just begun."""
    places = Places()
    with psycopg.connect(database.owner_url, autocommit=True) as owner, ExitStack() as stack:
        hands = Hands(owner, NOON)
        start = NOON + STEP
        notary = stack.enter_context(notary_of(stack.enter_context(_keys()) / "signer"))
        notary.refusing = SignerAway()
        open_room = partial(room, database, hands, entropy=places, roles=roles, people=people, reacts=False, signer=notary)
        async with open_room(now=start) as at:
            done = World(at, places)
            for place, one in acts:
                places.begin(place)
                at.turn(to=start + place * STEP)
                await one.do(done, place)
            at.turn(to=NOON + timedelta(hours=1))
            await at.caught_up()
            done.sizes = await _signed_once(owner, notary)
            if warm:
                yield done
                return
        async with open_room(now=at.now) as again:
            yield World(again, places, done.made, done.sizes)


@cache
def _signer() -> Path:
    """A signer's folder, so that the books of both worlds are signed with the same keys."""
    home = mkdtemp(prefix="accord-signer-")
    register(rmtree, home)
    folder.make(Path(home) / "signer")
    return Path(home) / "signer"


@contextmanager
def _keys() -> Generator[Path]:
    """A copy of it that has signed nothing."""
    with TemporaryDirectory() as path:
        yield copytree(_signer(), Path(path) / "signer").parent


async def _signed_once(owner: psycopg.Connection[Any], notary: Notary) -> list[int]:
    """Each book at its end, and at no other size: at which sizes they are signed meanwhile follows from the clock on the wall."""
    async with timeout(20):
        while owner.execute("SELECT book, size FROM record.books EXCEPT SELECT book, size FROM books.trees").fetchall():
            await sleep(0)
        notary.refusing = None
        owner.execute("NOTIFY log")  # or the keeper looks again after a second
        await signed(owner)
        notary.refusing = SignerAway()
    return sorted(size for (size,) in owner.execute("SELECT DISTINCT size FROM books.checkpoints"))


# Everything that somebody could ask


@dataclass(frozen=True)
class Question:
    """A request, as any client could send it."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None

    async def ask(self, world: World, role: str | None) -> tuple[int, list[tuple[str, str]], bytes]:
        world.places.begin(f"{self}")
        answer: Response = await world.at.client.request(
            self.method, self.path, json=self.body, headers=world.at.headers(role, {"If_Match": "*"})
        )
        assert answer.status_code < 500, (self, answer.text)
        headers = [(name, value) for name, value in answer.headers.multi_items() if name != "date"]
        return answer.status_code, headers, answer.content


@dataclass(frozen=True)
class Ids:
    """What an address may name: each thing of either world, of which there is always one; each book; some people, and nobody."""

    things: Sequence[str]
    books: Sequence[str]
    people: Sequence[str]
    sizes: Sequence[int]


NOBODY: Final = "00000000-0000-4000-8000-000000000000"
KEY: Final = b64encode(bytes(range(32))).decode()
ENDED: Final = "a key that nobody registered"
LINE: Final = f"\N{EM DASH} accord.example/witness/JPN {b64encode(bytes(76)).decode()}"
"""A cosignature in form alone: by no key that is registered."""


def ids(world: World) -> Ids:
    """Of the world that has all that the other has."""
    things = sorted({thing for made in world.made.values() for thing in made}) or [NOBODY]
    books = sorted(map(str, world.at.house.directory.all_books()))
    people = [NOBODY, *(world.at.people[role] for role in ("adviser-JPN", "auditor", "chair"))]
    return Ids(things, books, people, world.sizes)


BODIES: Final[Mapping[str, Mapping[str, Any]]] = {
    "endorsements": {"revision": 0},
    "objections": {"revision": 0, "undisclosed": True},
    "positions": {"revision": 0, "stance": "abstain"},
    "decision": {"revision": 0, "sitting": 1},
    "silence": {"revision": 0, "deadline": "2026-03-09T12:00:00Z"},
    "extension": {"revision": 0, "deadline": "2026-03-09T12:00:00Z"},
    "revisions": {"base": 0, "provisions": TEXT},
    "share": {"with": ["CHN"]},
    "outcome": {"outcome": "lapsed"},
    "pen": {"holder": "chair"},
    "sittings": {"held_on": "2026-09-08", "rule": "closed"},
    "attendance": {"present": ["JPN"]},
    "statements": {"kind": "explanation-of-position", "revision": 0, "text": {"en": "Why."}, "with": ["JPN"]},
    "set-aside": {"reason": "It lay in the post room."},
    "deferral": {"edition": "2027"},
    "resumption": {"edition": "2027"},
    "split": {"parts": [["p1", "p2"], ["p2"]]},
    "drafts": _draft("quiet", 0),
    "people": {"name": "Somebody"},
    "readers": {"person": NOBODY},
    "erasures": {"facts": [0], "basis": "misplaced"},
    "keys": {"purpose": "acts", "kind": "ed25519", "public": KEY},
    "chair": {"person": NOBODY},
    "release": {"to": "forum", "attributions": True},
    "consent": {"to": "forum", "attribution": True},
}
"""What is said at a door, by the last word of its address; at all others a revision, or nothing."""

QUERIES: Final = (
    "/api/proposals?limit=1",
    "/api/proposals?needs=me",
    "/api/proposals?q=Text",
    "/api/proposals?q=文案",
    "/api/proposals?status=open&kind=crisis-management-mechanism",
    "/api/proposals?format=japan-us&format=quiet",
    "/api/proposals?sponsor=USA",
    "/api/proposals?as_of=2026-03-02T12:05:00Z",
    "/api/proposals?effective_at=2026-03-02T12:05:00Z",
    "/api/progress?format=japan-us&format=quiet",
    "/api/progress?edition=2026&day=0",
    "/api/progress?as_of=2026-03-02T12:05:00Z",
    "/api/progress?effective_at=2026-03-02T12:05:00Z",
    "/api/agreements?limit=1",
    "/api/agreements?format=japan-us&format=quiet",
    "/api/editions/2026/exceptions?format=japan-us&format=quiet",
    "/api/editions/2026/overview?as_of=2026-03-02T12:05:00Z",
    "/api/releases?limit=1",
    "/api/releases?to=forum&edition=2026",
    "/api/releases?as_of=2026-03-02T12:05:00Z",
    "/api/releases?effective_at=2026-03-02T12:05:00Z",
    "/api/drafts?limit=1",
    "/api/prepared?limit=1",
    "/api/events?limit=1",
    "/api/events?limit=200",
)
OF_A_PROPOSAL: Final = ("to-sign?act=object", "diff?from=0&to=0&language=ja", "diff?from=0&to=1", "diff?language=none")
"""The same of each thing, as if it were a proposal."""
PARAMETER: Final = re.compile(r"\{(\w+):(\w+)\}")


def questions(known: Ids) -> Iterator[Question]:
    """Each route of the application, with each thing of either world where an id stands. First what changes nothing.

    Of all books somebody may say that they have seen their first facts.
    """
    things, books = known.things, known.books
    asked = [Question("GET", query) for query in QUERIES]
    asked.extend(Question("GET", f"/api/proposals/{thing}/{query}") for thing, query in product(things, OF_A_PROPOSAL))
    asked.extend(Question("GET", f"/api/{door}?after={book}:0") for book in books for door in ("events", "stream"))
    asked.extend(Question("GET", address) for address in _of_books(known))
    asked.extend(Question("GET", f"/api/replay?{query}") for query in _replays(things, books))
    asked.extend(Question("DELETE", f"/api/proposals/{thing}/release/consent?to=forum") for thing in things)
    asked.extend(Question("HEAD", f"/api/{noun}/{thing}") for noun in ("drafts", "proposals") for thing in things)
    asked.extend(Question("POST", "/api/drafts", {**_draft("plenary", 0), "predecessor": thing}) for thing in things)
    for book, size in product(books, known.sizes):
        asked.append(Question("POST", f"/book/{book}/cosignature", {"size": size, "line": LINE}))
    asked.extend(Question("POST", "/api/prepared", _prepared(code, thing)) for code in ("CHN", "JPN") for thing in things)
    for handler in HANDLERS:
        asked.extend(questions_of(handler, known))
    yield from sorted(asked, key=lambda question: (question.method not in {"GET", "HEAD"}, question.path, question.method))


def _of_books(known: Ids) -> Iterator[str]:
    """Of each book what its log answers, at each size at which any book was signed."""
    for book in known.books:
        yield f"/policy?book={book}"
        yield f"/book/{book}/proof/inclusion?index=0"
        for size in known.sizes:
            yield f"/book/{book}/proof/inclusion?index=1&size={size}"
            yield f"/book/{book}/proof/consistency?old=1&new={size}"


def _replays(things: Sequence[str], books: Iterable[str]) -> Iterator[str]:
    """Of each thing and book; also at a moment at which some were not there, and through other eyes."""
    for thing in things:
        yield from (f"proposal={thing}", f"book={thing}")
        yield f"proposal={thing}&steps=true&limit=2"
        yield f"proposal={thing}&at=2026-03-02T12:05:00Z&viewer=CHN"
        yield f"proposal={thing}&index=100000&stood=JPN"
    for book in books:
        yield from (f"book={book}", f"book={book}&steps=true&limit=200", f"book={book}&against=0&viewer=JPN")
        yield from (f"book={book}&against=2026-03-02T12:05:00Z", f"book={book}&index=100000")
    for code in ("plenary", "japan-us", "quiet", "none"):
        agenda = f"edition=2026&format={code}"
        yield from (agenda, f"{agenda}&steps=true", f"{agenda}&against=2026-03-02T12:05:00Z", f"{agenda}&viewer=public")


def questions_of(handler: HTTPRouteHandler, known: Ids) -> Iterator[Question]:
    """Its addresses, with whatever they may name."""
    values: Mapping[str, Sequence[str]] = {"uuid": known.things, "int": ("0", "1"), "str": (), "path": ()}
    named: Mapping[str, Sequence[str]] = {
        "book": known.books,
        "person": known.people,
        "credential": (NOBODY,),
        "token": (NOBODY,),
        "key": (ENDED,),
        "size": tuple(map(str, known.sizes)),
        "tile": tuple(f"{kind}/000.p/{size}" for kind in ("0", "entries") for size in known.sizes),
        "code": ("2026", "JPN", "CHN"),
        "format_code": ("plenary", "japan-us", "quiet", "none"),
    }
    for path, method in product(handler.paths, sorted(handler.http_methods)):
        names = PARAMETER.findall(path)
        for chosen in product(*(named.get(name, values[kind]) for name, kind in names)):
            address = path
            for value in chosen:
                address = PARAMETER.sub(value, address, count=1)
            yield Question(method, address, None if method in {"GET", "DELETE"} else _body(handler, address, known.things))


def _body(handler: HTTPRouteHandler, address: str, things: Sequence[str]) -> Mapping[str, Any]:
    kind = handler.opt.get("body")
    if kind is None or kind.__name__ == "Nothing":
        return {}
    *_, before, word = address.rstrip("/").split("/")
    if word == "merger":
        return {"into": _another(address, things)}
    if handler.http_methods == {"PUT"}:
        word = before
    return BODIES.get(word, {"revision": 0})


def _another(address: str, things: Sequence[str]) -> str:
    """The thing after the one that the address names: each is named once, whoever may know of it."""
    place = next(place for place, thing in enumerate(things) if thing in address)
    return things[(place + 1) % len(things)]
