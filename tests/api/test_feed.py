"""The feed: whoever goes on from where they were misses nothing, gets nothing twice, and nothing of what they may not read."""

import asyncio
import re
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import ExitStack, aclosing, asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from anyio import fail_after
from anyio.lowlevel import checkpoint
from httpx import AsyncClient
from msgspec import Struct, json

from api.http.headers import positions, render_positions
from application.listeners import MOST, QUIET, ROOM, Listener
from application.ports import Entry, Receipt, Submission
from domain.drafts.events import DraftBegun
from domain.identity import BookId, CommandId, PersonId, StreamId
from infrastructure.postgres.embedded import Database
from tests.api.scene import NoHands, Room, beside, book_of, introduced, room, served, tabled
from tests.databases import Worker
from tests.domain.samples import SAMPLES
from tests.infrastructure.eventlog.scene import LONG_AGO

pytestmark = pytest.mark.anyio

EVENT: Final = re.compile(rb"id: (\S+)\nevent: \S+\ndata: (.*)\n\n")

PATIENCE: Final = 20
"""Seconds after which a test gives up."""


@pytest.fixture(scope="module")
def database(worker: Worker) -> Generator[Database]:
    """One for all of these."""
    with worker.database(worker.name) as database:
        yield database


@pytest.fixture(scope="module")
async def at(database: Database) -> AsyncGenerator[Room]:
    async with room(database, NoHands(), now=datetime.now(UTC)) as opened_room:
        yield opened_room


class Told(Struct):
    """An event of a stream, as it came; without type, a comment."""

    id: str = ""
    event: str = ""
    data: Any = None
    comment: str = ""


@asynccontextmanager
async def listening(port: int, token: str | None, **headers: str) -> AsyncGenerator[AsyncIterator[Told]]:
    """What a stream tells."""
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    who = {} if token is None else {"Authorization": f"Bearer {token}"}
    async with (
        AsyncClient(timeout=PATIENCE) as client,
        client.stream("GET", f"http://127.0.0.1:{port}/api/stream", headers=who | said) as answer,
    ):
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        async with aclosing(_read(answer.aiter_lines())) as told:
            yield told


async def _read(lines: AsyncIterator[str]) -> AsyncGenerator[Told]:
    told = Told()
    async for line in lines:
        name, _, value = line.partition(": ")
        match name:
            case "":
                if value:
                    yield Told(comment=value)
                elif told.event:
                    yield told
                told = Told()
            case "id":
                told.id = value
            case "event":
                told.event = value
            case "data":
                told.data = json.decode(value)
            case _:
                assert name == "retry"


async def events_until_quiet(told: AsyncIterator[Told]) -> list[Told]:
    """What comes until the stream has caught up."""
    seen: list[Told] = []
    with fail_after(PATIENCE):
        async for one in told:
            if one.comment:
                return seen
            seen.append(one)
    raise AssertionError("the stream ended")


async def whole_feed(at: Room, role: str | None, *, limit: int = 200, after: str | None = None) -> list[dict[str, Any]]:
    """All pages of it."""
    items: list[dict[str, Any]] = []
    while True:
        query = f"/api/events?limit={limit}" + (f"&after={after}" if after else "")
        answer = await at.get(query, role)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Accord-Position"] == answer.json()["next"]
        items += answer.json()["items"]
        after = answer.json()["next"]
        if len(answer.json()["items"]) < limit:
            return items


def ids(events: list[dict[str, Any]]) -> list[str]:
    return [event["id"] for event in events]


def by_book(events: list[dict[str, Any]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for event in events:
        found.setdefault(event["book"], []).append(event["index"])
    return found


def assert_whole(events: list[dict[str, Any]]) -> None:
    """Of each book everything, once, in order."""
    for indices in by_book(events).values():
        assert indices == list(range(len(indices)))


# Page by page


async def test_the_feed_gives_of_each_book_everything_once_in_order_however_it_is_cut(at: Room) -> None:
    await at.done(f"/api/proposals/{await tabled(at)}/endorsements", "head-JPN", {"revision": 0})
    whole = await whole_feed(at, "head-JPN")
    assert_whole(whole)
    assert [(event["time"], event["book"]) for event in whole] == sorted((event["time"], event["book"]) for event in whole)
    assert ids(await whole_feed(at, "head-JPN", limit=3)) == ids(whole)
    assert set(by_book(whole)) == {book["id"] for book in (await at.read("/api/me", "head-JPN"))["books"]} & set(by_book(whole))
    mine = await book_of(at, "head-KOR", "delegations")
    assert mine in by_book(await whole_feed(at, "head-KOR"))
    assert mine not in by_book(whole)
    assert len(by_book(await whole_feed(at, None))) == 1


async def test_an_event_is_a_cloudevent(at: Room) -> None:
    proposal = await tabled(at)
    endorsed = await at.done(f"/api/proposals/{proposal}/endorsements", "head-JPN", {"revision": 0})
    book, _, index = endorsed["position"].partition(":")
    event = (await whole_feed(at, "head-CHN", after=f"{book}:{int(index) - 1}"))[-1]
    (fact,) = (
        fact for fact in (await at.read(f"/api/proposals/{proposal}/history", "head-CHN"))["items"] if fact["version"] == 2
    )
    assert event == {
        "specversion": "1.0",
        "id": f"{book}/{index}",
        "source": "https://apc.example",
        "type": "proposal.position-taken",
        "subject": proposal,
        "time": fact["at"],
        "datacontenttype": "application/json",
        "data": fact["data"],
        "book": book,
        "index": int(index),
        "command": endorsed["command"],
        "actor": at.people["head-JPN"],
        "delegation": "JPN",
        "credential": fact["credential"],
    }


async def test_the_feed_comes_as_a_batch_of_cloudevents_where_these_are_accepted(at: Room) -> None:
    usual = await at.get("/api/events?limit=5", "head-JPN")
    batch = await at.get("/api/events?limit=5", "head-JPN", Accept="application/cloudevents-batch+json")
    assert batch.headers["Content-Type"] == "application/cloudevents-batch+json"
    assert batch.json() == usual.json()["items"]
    assert batch.headers["Accord-Position"] == usual.json()["next"]


async def test_a_place_after_the_last_event_gives_none_and_goes_on_from_there(at: Room) -> None:
    last = (await at.read("/api/events?limit=200", "secretary"))["next"]
    end = await at.read(f"/api/events?after={last}", "secretary")
    while end["items"]:
        end = await at.read(f"/api/events?after={end['next']}", "secretary")
    assert (await at.read(f"/api/events?after={end['next']}", "secretary")) == {"items": [], "next": end["next"]}
    done = await at.done(f"/api/proposals/{await tabled(at)}/endorsements", "head-JPN", {"revision": 0})
    more = await at.read(f"/api/events?after={end['next']}", "secretary", Accord_Position=done["position"])
    assert more["items"][-1]["command"] == done["command"]


async def test_a_book_that_the_reader_does_not_read_is_not_in_their_place(at: Room) -> None:
    await tabled(at)
    hidden = await book_of(at, "head-KOR", "delegations")
    for book in (hidden, "00000000-0000-4000-8000-000000000000"):
        told = await at.read(f"/api/events?after={book}:0", "head-JPN")
        assert told == await at.read("/api/events", "head-JPN")


@pytest.mark.parametrize("after", ["", "x", "00000000-0000-4000-8000-000000000000", "00000000-0000-4000-8000-000000000000:-1"])
async def test_a_place_that_no_answer_gave_is_malformed(at: Room, after: str) -> None:
    for door in ("events", "stream"):
        refused = await at.get(f"/api/{door}?after={after}", "head-JPN")
        assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "after")
    refused = await at.get("/api/stream", "head-JPN", Last_Event_ID=after)
    assert (refused.status_code, refused.json()["errors"][0]["header"]) == (400, "Last-Event-ID")


async def test_a_place_beyond_the_record_is_not_answered_as_if_nothing_happened(at: Room) -> None:
    mine = await book_of(at, "head-JPN", "delegations")
    await tabled(at, "head-JPN")
    answer = await at.get(f"/api/events?after={mine}:99999", "head-JPN")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/lagging")


# A book that is opened, or closed


async def test_whoever_is_let_in_gets_the_book_from_its_beginning_and_loses_it_when_that_is_taken_back(at: Room) -> None:
    await introduced(at, "visitor")
    await tabled(at)
    book = await book_of(at, "head-KOR", "delegations")
    readers = f"/api/books/{book}/readers"
    async with served(at.house) as port, listening(port, at.roles["visitor"]) as told:
        before = [one.data for one in await events_until_quiet(told)]
        assert ids(before) == ids(await whole_feed(at, "visitor"))
        await at.done(readers, "head-KOR", {"person": at.people["visitor"]})
        opened = await events_until_quiet(told)
        assert by_book([one.data for one in opened]).keys() == {book}
        assert_whole([one.data for one in opened])
        assert ids(await whole_feed(at, "visitor", after=render_positions(positions(before_place(before))))) == ids(
            [one.data for one in opened]
        )
        assert str(book) in opened[-1].id
        await at.done(f"{readers}/{at.people['visitor']}/end", "head-KOR")
        await tabled(at)
        edition = {"code": "2027", "year": 2027, "starts_on": "2027-09-08", "ends_on": "2027-09-09", "city": "Tokyo"}
        await at.done("/api/editions", "secretary", {**edition, "theme": {"en": "Peace"}})
        with fail_after(PATIENCE):
            last = [one async for one in _up_to(told, "edition.announced")]
        assert [one.data["type"] for one in last if one.data["book"] == book] in ([], ["book.reader-ended"])
        assert str(book) not in last[-1].id


def before_place(events: list[dict[str, Any]]) -> str:
    return render_positions({BookId(UUID(book)): indices[-1] for book, indices in by_book(events).items()})


async def _up_to(told: AsyncIterator[Told], type_: str) -> AsyncGenerator[Told]:
    async for one in told:
        if one.event:
            yield one
        if one.event == type_:
            return


async def test_whose_credential_ends_hears_no_more_than_the_public(at: Room) -> None:
    await introduced(at, "second")
    seats = "/api/delegations/USA/credentials"
    await at.done(seats, "head-USA", {"person": at.people["second"], "role": "alternate"})
    (held,) = (one["id"] for one in (await at.read(seats, "head-USA"))["items"] if one["person"] == at.people["second"])
    async with served(at.house) as port, listening(port, at.roles["second"]) as told:
        await events_until_quiet(told)
        await tabled(at)
        with fail_after(PATIENCE):
            while (await anext(told)).event != "proposal.tabled":
                pass
        await at.done(f"{seats}/{held}/end", "head-USA")
        await tabled(at)
        edition = {"code": "2028", "year": 2028, "starts_on": "2028-09-08", "ends_on": "2028-09-09", "city": "Tokyo"}
        await at.done("/api/editions", "secretary", {**edition, "theme": {"en": "Peace"}})
        with fail_after(PATIENCE):
            last = [one.event async for one in _up_to(told, "edition.announced")]
    assert "proposal.tabled" not in last


async def test_a_stream_ends_within_a_second_once_its_token_is_revoked_in_another_process(at: Room, database: Database) -> None:
    issued = await at.done("/api/me/tokens", "head-JPN", {"expires": "2099-01-01T00:00:00Z"})
    async with beside(at, database) as other, served(other.house) as port, listening(port, issued["token"]) as told:
        await events_until_quiet(told)
        answer = await at.client.delete(f"/api/me/tokens/{issued['id']}", headers=at.headers("head-JPN"))
        assert answer.status_code == 204
        revoked = monotonic()
        with fail_after(PATIENCE):
            assert [one async for one in told if one.event] == []
        assert monotonic() - revoked < 1.5  # a second, and what a busy machine takes for the rest


# Live


async def test_resuming_among_writers_and_between_processes_misses_and_repeats_nothing(at: Room, database: Database) -> None:
    seen = await whole_feed(at, "head-JPN")
    place = before_place(seen)
    writers = [("head-JPN", "plenary"), ("head-USA", "japan-us"), ("head-KOR", "plenary")]

    async with beside(at, database) as other, served(at.house) as one_port, served(other.house) as other_port:

        async def write(process: Room, role: str, format_code: str) -> None:
            for _ in range(6):
                await tabled(process, role, format_code)

        async with asyncio.TaskGroup() as writing:
            tasks = [writing.create_task(write((at, other)[n % 2], *who)) for n, who in enumerate(writers * 2)]
            turn = 0
            while not all(task.done() for task in tasks):
                place = await _some(at, (one_port, other_port)[turn % 2], place, seen, most=1 + turn * 3 % 17)
                turn += 1
        async with listening(other_port, at.roles["head-JPN"], Last_Event_ID=place) as told:
            seen += [one.data for one in await events_until_quiet(told)]
    assert turn > 1
    assert_whole(seen)
    assert sorted(ids(seen)) == sorted(ids(await whole_feed(at, "head-JPN")))


async def _some(at: Room, port: int, place: str, seen: list[dict[str, Any]], *, most: int) -> str:
    """Listen to so many events, or until there is nothing more for now, and hang up: the place then."""
    async with listening(port, at.roles["head-JPN"], Last_Event_ID=place) as told:
        with fail_after(PATIENCE):
            async for one in told:
                if one.comment or most == 0:
                    return place
                seen.append(one.data)
                place = one.id
                most -= 1
    raise AssertionError("the stream ended")


async def test_after_a_silence_the_stream_says_that_it_lives(at: Room) -> None:
    async with served(at.house) as port, listening(port, None) as told:
        await events_until_quiet(told)
        at.house.listeners.elapsed = lambda: monotonic() + QUIET
        with fail_after(PATIENCE):
            assert (await anext(told)).comment
        at.house.listeners.elapsed = monotonic


@contextmanager
def present(at: Room, role: str) -> Generator[Listener]:
    """A listener without a stream."""
    listener = at.house.listeners.enter(PersonId(UUID(at.people[role])), None, {})
    try:
        yield listener
    finally:
        at.house.listeners.leave(listener)


async def test_a_listener_who_hears_too_slowly_reads_what_there_was_no_room_for(at: Room) -> None:
    book = BookId(UUID(await book_of(at, "head-JPN", "delegations")))
    begun = next(sample.fact for sample in SAMPLES if isinstance(sample.fact, DraftBegun))
    with present(at, "head-JPN") as listener:
        while await listener.heard():
            pass
        first = listener.places.get(book, -1) + 1
        for _ in range(2):
            entries = tuple(Entry(StreamId(uuid4()), book, begun) for _ in range(ROOM))
            expected = tuple((entry.stream, 0) for entry in entries)
            receipt = await at.house.log.append(Submission(CommandId(uuid4()), entries, expected, LONG_AGO))
            assert isinstance(receipt, Receipt)
            await at.house.follower.caught_up(receipt.position)
        heard: list[int] = []
        while facts := await listener.heard():
            heard += [recorded.index for recorded in facts if recorded.book == book]
    assert heard == list(range(first, first + 2 * ROOM))


async def test_a_listener_does_not_even_notice_what_happens_in_a_book_that_was_closed_to_them(at: Room) -> None:
    await introduced(at, "former reader")
    readers = f"/api/books/{await book_of(at, 'head-KOR', 'delegations')}/readers"
    await at.done(readers, "head-KOR", {"person": at.people["former reader"]})
    edition = {"starts_on": "2031-09-08", "ends_on": "2031-09-09", "city": "Tokyo", "theme": {"en": "Peace"}, "year": 2031}
    with present(at, "former reader") as listener:
        while await listener.heard():
            pass
        await at.done(f"{readers}/{at.people['former reader']}/end", "head-KOR")
        await tabled(at)
        await at.done("/api/editions", "secretary", {**edition, "code": "2031"})
        await at.caught_up()
        assert [recorded.fact.tag for recorded in await listener.heard()] == ["edition.announced"]
        following = asyncio.create_task(listener.heard())
        await whole_feed(at, "former reader")
        assert not following.done()
        await at.done("/api/editions", "secretary", {**edition, "code": "2031-again"})
        assert [recorded.fact.tag for recorded in await following] == ["edition.announced"]


async def test_one_person_listens_so_many_times_and_no_more(at: Room) -> None:
    async with served(at.house) as port:
        with ExitStack() as stack:
            for _ in range(MOST - 1):
                stack.enter_context(present(at, "chair"))
            async with listening(port, at.roles["chair"]):
                async with AsyncClient() as client:
                    refused = await client.get(f"http://127.0.0.1:{port}/api/stream", headers=at.headers("chair"))
                assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many-requests")
                assert refused.headers["Retry-After"] == "1"
                async with listening(port, at.roles["secretary"]) as told:
                    assert await events_until_quiet(told)
            await all_left(at, but=MOST - 1)
            async with listening(port, at.roles["chair"]) as told:
                assert await events_until_quiet(told)


async def all_left(at: Room, *, but: int = 0) -> None:
    with fail_after(PATIENCE):
        while len(at.house.listeners) > but:
            await checkpoint()


async def long_texts(at: Room, role: str) -> None:
    """Megabytes of them, more than sockets hold."""
    text = [{"kind": "operative", "text": {"en": f"{number} " * 8000}} for number in range(10, 50)]
    draft = {"kind": "crisis-management-mechanism", "format": "plenary", "edition": "2026", "master": "en"}
    words = [{"kind": "title", "text": {"en": "Long"}}, *text]
    for _ in range(9):
        await at.done("/api/drafts", role, {**draft, "provisions": words})


async def test_a_client_that_takes_nothing_is_left_and_goes_on_from_its_place(at: Room) -> None:
    await long_texts(at, "head-USA")
    async with served(at.house) as port:
        at.house.listeners.patience = 0.2
        reader, writer = await _narrow(port, at.roles["head-USA"])
        taken = await _a_beginning(reader)
        await all_left(at)
        at.house.listeners.patience = PATIENCE
        taken += await _what_was_under_way(reader)
        writer.close()
        got = EVENT.findall(taken)
        async with listening(port, at.roles["head-USA"], Last_Event_ID=got[-1][0].decode()) as told:
            again = [one.data for one in await events_until_quiet(told)]
    assert again
    seen = [json.decode(data) for _, data in got] + again
    assert_whole(seen)
    assert sorted(ids(seen)) == sorted(ids(await whole_feed(at, "head-USA")))


async def test_a_client_that_is_slow_is_told_no_more_of_what_was_closed_to_it_meanwhile(at: Room) -> None:
    await long_texts(at, "head-CHN")
    issued = await at.done("/api/me/tokens", "head-CHN", {"expires": "2099-01-01T00:00:00Z"})
    async with served(at.house) as port:
        reader, writer = await _narrow(port, issued["token"])
        taken = await _a_beginning(reader)
        (listener,) = at.house.listeners
        await at.client.delete(f"/api/me/tokens/{issued['id']}", headers=at.headers("head-CHN"))
        with fail_after(PATIENCE):
            while not listener.is_over:
                await checkpoint()
        taken += await _what_was_under_way(reader)
        writer.close()
    assert 0 < len(EVENT.findall(taken)) < len(await whole_feed(at, "head-CHN"))


async def _a_beginning(reader: asyncio.StreamReader) -> bytes:
    """Up to where the first event is being told."""
    taken = b""
    with fail_after(PATIENCE):
        while b"\nid: " not in taken:
            taken += await reader.read(1000)
    return taken


async def _what_was_under_way(reader: asyncio.StreamReader) -> bytes:
    """What the server had handed over when it ended."""
    taken = b""
    with fail_after(PATIENCE), suppress(ConnectionError):
        while piece := await reader.read(2**16):
            taken += piece
    return taken


async def _narrow(port: int, token: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A stream, by way of a socket that holds little."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", port))
    reader, writer = await asyncio.open_connection(sock=client, limit=2**12)
    writer.write(f"GET /api/stream HTTP/1.1\r\nHost: accord.test\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    return reader, writer


async def test_a_process_that_ends_lets_nobody_wait(at: Room, database: Database) -> None:
    async with beside(at, database) as other, served(other.house) as port, listening(port, at.roles["chair"]) as told:
        await events_until_quiet(told)
        other.house.listeners.close()
        with fail_after(PATIENCE):
            assert [one async for one in told] == []
        async with AsyncClient() as client:
            refused = await client.get(f"http://127.0.0.1:{port}/api/stream", headers=at.headers("chair"))
        assert refused.status_code == 503
