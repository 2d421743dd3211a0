"""Once an hour, whatever happened: the forum's book commits to every format's, and who reads one later can check it."""

from base64 import b64decode
from collections.abc import AsyncGenerator, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

import msgspec
import pytest

from application.ports import Filling, Opened
from application.reactions.epochs import Sealing
from application.reactions.watch import look
from domain.epochs.refusals import NoSlotLeft
from domain.identity import BookId
from domain.record import epochs
from domain.record.checkpoint import origin_of
from domain.record.epochs import Epoch, Opening, Place, Verdict, Witnessing, examine
from domain.record.slots import padding
from domain.rules import Rules
from infrastructure.eventlog import sessions
from infrastructure.postgres.embedded import Database
from infrastructure.record.integrator import Integrator
from infrastructure.record.publisher import Publisher
from tests.api.scene import FOUNDING, NOON, Room, beside, book_of, room, tabled
from tests.infrastructure.eventlog.scene import Hands, Session, login
from tests.infrastructure.record.keeping import Notary, leaves

HOUR: Final = timedelta(hours=1)
HOST: Final = FOUNDING.host
PAIR: Final = "japan-us"


@dataclass
class Epochs:
    """A room whose books are kept, and whose epochs are sealed, by hand."""

    at: Room
    owner: Session
    integrator: Integrator
    publisher: Publisher

    async def keep(self) -> None:
        while await self.integrator.step():
            pass
        await self.publisher.step()

    async def seal(self, *, to: datetime | None = None) -> None:
        """What a process does once a second."""
        if to is not None:
            self.at.turn(to=to)
        await self.keep()
        await look(self.at.house.tracker, self.at.house.memory, sealing(self.at))
        await self.at.caught_up()

    async def sealed(self, role: str) -> list[dict[str, Any]]:
        """The epochs, as somebody sees them in the feed."""
        return [event for event in await self.events(role) if event["type"] == "epoch.sealed"]

    async def events(self, role: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        after = ""
        while page := await self.at.read(f"/api/events?limit=200{after}", role):
            found.extend(page["items"])
            after = f"&after={page['next']}"
            if len(page["items"]) < 200:
                break
        return found


def sealing(at: Room, length: timedelta = HOUR) -> Sealing:
    return Sealing(length, at.house.slots, at.house.checkpoints)


@pytest.fixture
async def held(database: Database, hands: Hands, notary: Notary) -> AsyncGenerator[Epochs]:
    with login(database.superuser_url) as owner:
        async with (
            room(database, hands, reacts=False) as at,
            await sessions.connect(database.projector_url) as session,
        ):
            yield Epochs(at, owner, Integrator(session), Publisher(session, notary, lambda: HOST))


async def slots_of(at: Room, book: str, role: str) -> dict[str, Any]:
    return await at.read(f"/book/{book}/slots", role)


async def examined(held: Epochs, book: str, role: str) -> Witnessing:
    """As a delegation does it to which the book is opened: from what it is given over HTTP, and the leaves of the book."""
    events = await held.events(role)
    (drawn,) = (event for event in events if event["type"] == "slot.drawn" and event["book"] == book)
    place = Place(HOST, origin_of(HOST, BookId(UUID(book))), drawn["data"]["slot"], _time(drawn["time"]))
    seen = [_epoch(event) for event in events if event["type"] == "epoch.sealed"]
    given = [_opening(item) for item in (await slots_of(held.at, book, role))["items"]]
    times = [_time(event["time"]) for event in events if event["book"] == book]
    return examine(place, seen, given, leaves(held.owner, BookId(UUID(book))), times)


def _time(text: str) -> datetime:
    return msgspec.convert(text, datetime)


def _epoch(event: dict[str, Any]) -> Epoch:
    data = event["data"]
    return Epoch(event["index"], _time(event["time"]), _time(data["begins"]), data["seconds"], tuple(data["slots"]))


def _opening(item: dict[str, Any]) -> Opening:
    return Opening(item["index"], item["slot"], b64decode(item["salt"]), item["content"].encode())


def verdicts(found: Witnessing) -> list[Verdict]:
    return [said.verdict for said in found.said]


async def test_a_delegation_that_was_let_in_later_finds_that_nothing_was_backdated(held: Epochs) -> None:
    book = await book_of(held.at, "head-JPN", "format", PAIR)
    await held.seal(to=NOON + HOUR)
    for hour in (2, 3):
        await tabled(held.at, "head-USA", PAIR)
        await held.seal(to=NOON + hour * HOUR)
    found = await examined(held, book, "head-JPN")
    assert found.holds
    assert found.unseen == found.missed == ()
    assert verdicts(found)[1:] == [Verdict.WITNESSED, Verdict.WITNESSED]
    sizes = [said.size for said in found.said if said.size is not None]
    assert sizes == sorted(sizes)
    assert found.proven(sizes[-1] - 1) == found.said[-1].epoch
    assert found.proven(sizes[-1]) is None


async def test_a_fact_that_was_rewritten_since_is_found_out(held: Epochs) -> None:
    book = await book_of(held.at, "head-JPN", "format", PAIR)
    await tabled(held.at, "head-USA", PAIR)
    await held.seal(to=NOON + HOUR)
    held.owner.execute("UPDATE record.facts SET commit = sha256(commit) WHERE book = %s AND index = 1", [book])
    found = await examined(held, book, "head-JPN")
    assert verdicts(found) == [Verdict.OTHER_ROOT]
    assert not found.holds


async def test_an_epoch_is_sealed_once_whichever_process_is_first_and_however_often_it_is_tried(
    database: Database, held: Epochs
) -> None:
    await held.seal(to=NOON + HOUR)
    await held.seal()
    async with beside(held.at, database) as other:
        other.turn(to=NOON + HOUR)
        await look(other.house.tracker, other.house.memory, sealing(other))
    await held.at.caught_up()
    assert [event["data"]["begins"] for event in await held.sealed("head-CHN")] == ["2026-03-02T13:00:00Z"]


async def test_it_is_of_nobody_and_has_a_commitment_for_each_format_that_there_could_be(held: Epochs) -> None:
    await held.seal(to=NOON + HOUR)
    (epoch,) = await held.sealed("head-CHN")
    assert not {"actor", "delegation", "credential"} & epoch.keys()
    assert len(set(epoch["data"]["slots"])) == 16


async def test_an_epoch_that_has_passed_stays_missed(held: Epochs) -> None:
    book = await book_of(held.at, "head-JPN", "format", PAIR)
    await held.seal(to=NOON + HOUR)
    await held.seal(to=NOON + 4 * HOUR)
    found = await examined(held, book, "head-JPN")
    assert found.missed == (epochs.Missed(NOON + HOUR, NOON + 4 * HOUR, 2),)


async def test_what_was_prepared_before_a_crash_is_what_is_sealed_after_it(held: Epochs) -> None:
    """The process ends between the two: what it kept for the epoch is found by the next, though other words would fill it now."""
    book = await book_of(held.at, "head-JPN", "format", PAIR)
    await held.seal(to=NOON + HOUR)
    held.at.turn(to=NOON + 2 * HOUR)
    lost = _Lost(sealing(held.at))
    with pytest.raises(_CrashError):
        await look(held.at.house.tracker, held.at.house.memory, lost.sealing)
    await tabled(held.at, "head-USA", PAIR)
    await held.seal(to=NOON + 2 * HOUR + timedelta(minutes=1))
    *_, last = await held.sealed("head-CHN")
    assert last["data"]["slots"] == [commitment.hex() for commitment in lost.commitments]
    assert verdicts(await examined(held, book, "head-JPN"))[-1] is Verdict.WITNESSED


class _CrashError(Exception):
    pass


class _Lost:
    """Slots that are kept, and a process that ends before it hears of it."""

    def __init__(self, whole: Sealing) -> None:
        self._slots = whole.slots
        self.sealing = Sealing(whole.length, self, whole.checkpoints)
        self.commitments: Sequence[bytes] = ()

    async def prepare(self, key: bytes, epoch: datetime, filled: Sequence[Filling]) -> Sequence[bytes]:
        self.commitments = await self._slots.prepare(key, epoch, filled)
        raise _CrashError

    async def openings(
        self, books: Set[BookId], book: BookId, *, forum: BookId, first: int, end: int, most: int
    ) -> Sequence[Opened]:
        return await self._slots.openings(books, book, forum=forum, first=first, end=end, most=most)


async def test_each_format_has_a_slot_of_its_own_for_good_and_only_its_readers_are_told(held: Epochs) -> None:
    for hour in (1, 2):
        await held.seal(to=NOON + hour * HOUR)
    books = {code: await book_of(held.at, "head-JPN", "format", code) for code in ("plenary", PAIR)}
    drawn = [event for event in await held.events("secretary") if event["type"] == "slot.drawn"]
    assert {event["book"] for event in drawn} == set(books.values())
    assert len({event["data"]["slot"] for event in drawn}) == len(drawn) == 2
    assert [event["book"] for event in await held.events("head-CHN") if event["type"] == "slot.drawn"] == [books["plenary"]]


async def test_whoever_does_not_read_the_book_or_the_epochs_is_given_nothing(held: Epochs) -> None:
    await held.seal(to=NOON + HOUR)
    pair = await book_of(held.at, "head-JPN", "format", PAIR)
    plenary = await book_of(held.at, "head-JPN", "format", "plenary")
    for code in ("CHN", "JPN", "KOR", "USA"):
        await held.at.done(f"/api/books/{plenary}/readers", f"head-{code}", {"person": held.at.people["auditor"]})
    for book, role in ((pair, "head-CHN"), (pair, None), (pair, "chair"), (plenary, "auditor"), (plenary, None)):
        answer = await held.at.get(f"/book/{book}/slots", role)
        assert (answer.status_code, role) == (404, role)


async def test_padding_is_opened_to_all_delegations_when_it_is_ten_years_old(held: Epochs) -> None:
    await held.seal(to=NOON + HOUR)
    forum = await book_of(held.at, "head-CHN", "forum")
    assert (await slots_of(held.at, forum, "head-CHN"))["items"] == []
    (epoch,) = await held.sealed("head-CHN")
    held.at.turn(to=NOON + HOUR + timedelta(days=3650))
    found = await slots_of(held.at, forum, "head-CHN")
    assert len(found["items"]) == 14
    for item in found["items"]:
        opening = _opening(item)
        assert epochs.is_opened(_epoch(epoch), opening)
        assert opening.content == padding(HOST, NOON + HOUR, opening.slot)


async def test_a_page_has_so_many_epochs_and_says_where_to_go_on(held: Epochs) -> None:
    book = await book_of(held.at, "head-JPN", "format", PAIR)
    for hour in range(1, 4):
        await held.seal(to=NOON + hour * HOUR)
    first = await held.at.read(f"/book/{book}/slots?limit=2", "head-JPN")
    rest = await held.at.read(f"/book/{book}/slots?limit=2&from={first['next']}", "head-JPN")
    indices = [item["index"] for item in (*first["items"], *rest["items"])]
    assert indices == [event["index"] for event in await held.sealed("head-JPN")]
    until = await held.at.read(f"/book/{book}/slots?to={indices[1]}", "head-JPN")
    assert [item["index"] for item in until["items"]] == indices[:1]
    assert until["slot"] == until["items"][0]["slot"]


async def test_a_book_without_a_checkpoint_is_told_that_its_slot_held_padding(held: Epochs) -> None:
    held.at.turn(to=NOON + HOUR)
    await look(held.at.house.tracker, held.at.house.memory, sealing(held.at))
    await held.at.caught_up()
    book = await book_of(held.at, "head-JPN", "format", PAIR)
    assert verdicts(await examined(held, book, "head-JPN")) == [Verdict.PADDED]


async def test_there_are_no_more_formats_than_slots(database: Database, hands: Hands) -> None:
    few = msgspec.structs.replace(FOUNDING, rules=Rules(epoch_slots=2))
    async with room(database, hands, reacts=False, founding=few) as at:
        asked = {"code": "quiet", "letter": "Q", "names": {"en": "Q"}, "members": ["JPN", "USA"], "listed": False}
        answer = await at.post("/api/formats", "secretary", asked)
    assert (answer.status_code, answer.json()["type"], answer.json()["slots"]) == (409, "/problems/no-slot-left", 2)


async def test_a_forum_is_not_founded_with_more_formats_than_slots(database: Database, hands: Hands) -> None:
    one = msgspec.structs.replace(FOUNDING, rules=Rules(epoch_slots=1))
    with pytest.raises(NoSlotLeft):
        async with room(database, hands, reacts=False, founding=one):
            pass


async def test_an_import_has_no_epochs_since_more_of_its_times_may_be_told(
    database: Database, hands: Hands, owner: Session
) -> None:
    loaded = msgspec.structs.replace(FOUNDING, kind="import")
    async with room(database, hands, reacts=False, founding=loaded) as at:
        await look(at.house.tracker, at.house.memory, sealing(at))
        await at.caught_up()
        kinds = {kind for (kind,) in owner.execute("SELECT DISTINCT type FROM record.facts")}
    assert not {"epoch.sealed", "slot.drawn"} & kinds


@pytest.mark.parametrize("busy", [1, 50])
async def test_who_is_left_out_cannot_tell_by_the_epochs_how_much_is_going_on(held: Epochs, busy: int) -> None:
    """An hour of nothing, one in which the two do much, another of nothing: the three look alike, but for the random hashes."""
    await held.seal(to=NOON + HOUR)
    await held.seal(to=NOON + 2 * HOUR)
    pair = await book_of(held.at, "head-JPN", "format", PAIR)
    before = len([event for event in await held.events("head-JPN") if event["book"] == pair])
    proposal = await tabled(held.at, "head-USA", PAIR)
    for number in range(busy):
        stance = "abstain" if number % 2 else "no-objection"
        await held.at.done(f"/api/proposals/{proposal}/positions", "head-JPN", {"revision": 0, "stance": stance})
    assert len([event for event in await held.events("head-JPN") if event["book"] == pair]) >= before + busy
    await held.seal(to=NOON + 3 * HOUR)
    await held.seal(to=NOON + 4 * HOUR)
    seen = await held.sealed("head-CHN")
    assert len({_shape(epoch) for epoch in seen}) == 1
    assert [epoch["time"] for epoch in seen] == [f"2026-03-02T{hour}:00:00Z" for hour in (13, 14, 15, 16)]
    assert [later["index"] - epoch["index"] for epoch, later in pairwise(seen)] == [1, 1, 1]
    hashes = [slot for epoch in seen for slot in epoch["data"]["slots"]]
    assert len(set(hashes)) == len(hashes)


def _shape(epoch: dict[str, Any]) -> tuple[Any, ...]:
    """All of it but its time, its place and the hashes."""
    data = epoch["data"]
    lengths = tuple(len(slot) for slot in data["slots"])
    return tuple(sorted(epoch)), data["seconds"], lengths, len(msgspec.json.encode(data))
