"""Words go from a book as those who read it agree: from every answer, every process and every table; and nothing else goes."""

from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

import pytest
from anyio import fail_after, to_thread

from application.acts.erasures import ROOMS
from application.memory import Memory, read
from domain.erasures.authority import authorities
from domain.identity import BookId, DelegationCode, PersonId, StreamId
from domain.kernel import Erasable, Withheld
from domain.proposals.events import ReasonGiven, StatementWorded
from domain.proposals.proposal import Proposal
from domain.record.tree import root
from infrastructure.eventlog.facts import FACTS
from infrastructure.postgres.embedded import Database
from infrastructure.projections.rebuild import PROJECTIONS, rebuild
from tests.api.scene import NoHands, Room, beside, book_of, room, tabled
from tests.api.test_faults import problem, unheard
from tests.databases import Worker
from tests.infrastructure.eventlog.scene import Session, audited, login

pytestmark = pytest.mark.anyio

LAPSED: Final = {"outcome": "lapsed", "instruction": "Note 1"}


@pytest.fixture(scope="module")
def database(worker: Worker) -> Generator[Database]:
    """One for all of these, each of which has a proposal of its own."""
    with worker.database(worker.name) as database:
        yield database


@pytest.fixture(scope="module")
def superuser(database: Database) -> Generator[Session]:
    with login(database.superuser_url) as session:
        yield session


@pytest.fixture(scope="module")
async def at(database: Database) -> AsyncGenerator[Room]:
    async with room(database, NoHands(), now=datetime.now(UTC)) as opened_room:
        yield opened_room


class Spoken(NamedTuple):
    """A proposal of the two, to which the US objects and on which Japan makes a statement: its address, the words, their place."""

    path: str
    reason: str
    text: str
    indices: list[int]

    def is_heard_in(self, told: str) -> bool:
        return self.reason in told or self.text in told


def words() -> str:
    """Such as nobody else says."""
    return f"As Mr {uuid4()} put it."


async def spoken_of(at: Room) -> Spoken:
    path, reason, text = f"/api/proposals/{await tabled(at, 'head-JPN', 'japan-us')}", words(), words()
    objection = await at.done(f"{path}/objections", "head-USA", {"revision": 0, "reason": reason})
    statement = {"kind": "interpretation", "revision": 0, "text": {"en": text}}
    stated = await at.done(f"{path}/statements", "head-JPN", statement)
    facts = [*objection["facts"], *stated["facts"]]
    indices = [fact["index"] for fact in facts if fact["type"] in {ReasonGiven.tag, StatementWorded.tag}]
    return Spoken(path, reason, text, indices)


async def erasures_of_the_two(at: Room) -> str:
    return f"/api/books/{await book_of(at, 'head-JPN', 'format', 'japan-us')}/erasures"


async def asked(at: Room, facts: list[int], role: str = "head-JPN", **more: Any) -> tuple[str, int]:
    """Where the two's erasures are, and the number of a new one."""
    erasures = await erasures_of_the_two(at)
    await at.done(erasures, role, {"facts": facts, "basis": "personal-data", **more})
    return erasures, (await at.read(erasures, "head-JPN"))["items"][-1]["erasure"]


async def erased(at: Room, facts: list[int], **more: Any) -> int:
    """Of the two: the index of the fact by which the words went."""
    erasures, number = await asked(at, facts, **more)
    done = await at.done(f"{erasures}/{number}/approve", "head-USA")
    return next(fact["index"] for fact in done["facts"] if fact["type"] == "erasure.carried-out")


def holding(superuser: Session, *words: str) -> list[str]:
    """The tables of the database in which any of these words stands, as text or as bytes."""
    tables = superuser.execute("""
        SELECT format('%I.%I', schemaname, tablename)
          FROM pg_tables
         WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
    """).fetchall()
    sought = [f"%{form}%" for word in words for form in (word, word.encode().hex())]
    query = "SELECT EXISTS (SELECT FROM {} AS t WHERE t::text LIKE ANY (%s))"
    return [table for (table,) in tables if superuser.execute(query.format(table).encode(), [sought]).fetchone() == (True,)]


async def answers(at: Room, path: str, role: str = "head-JPN", **headers: str) -> str:
    """All that somebody can ask of a proposal and of its book, as it comes."""
    book = await book_of(at, "head-JPN", "format", "japan-us")
    proposal = path.rpartition("/")[2]
    asked = (
        path,
        f"{path}/history",
        f"{path}/revisions/0",
        f"/api/replay?proposal={proposal}&steps=true",
        f"/api/replay?book={book}&steps=true&limit=200",
        "/api/events?limit=200",
        "/api/stream",
        "/api/proposals",
    )
    return "".join([(await at.get(question, role, **headers)).text for question in asked])


async def test_words_go_from_every_answer_every_process_and_every_table(
    at: Room, database: Database, superuser: Session
) -> None:
    spoken = path, reason, text, indices = await spoken_of(at)
    async with beside(at, database) as other:
        for process in (at, other):
            told = await answers(process, path)
            assert reason in told
            assert text in told
        before = await at.get(path, "head-JPN")
        await at.caught_up()
        assert holding(superuser, reason, text) == ["record.facts"]
        by = await erased(at, indices)
        assert not spoken.is_heard_in(await answers(at, path))
        with fail_after(1):
            await other.caught_up()
        assert not spoken.is_heard_in(await answers(other, path))
    assert holding(superuser, reason, text) == []
    after = await at.get(path, "head-JPN", If_None_Match=before.headers["ETag"])
    assert after.status_code == 200
    (position,) = [one for one in after.json()["positions"] if one["delegation"] == "USA"]
    assert (position["stance"], position["hold"], position["reason"]) == ("object", "current", None)
    (statement,) = after.json()["statements"]
    assert (statement["kind"], statement["text"]) == ("interpretation", {})
    withheld = {"erasure": by, "withheld": "erased"}
    shown = [fact for fact in (await at.read(f"{path}/history", "head-USA"))["items"] if fact["index"] in indices]
    assert [fact["data"] for fact in shown] == [withheld | {"type": fact["type"]} for fact in shown]
    assert [fact["delegation"] for fact in shown] == ["USA", "JPN"]


async def test_they_are_gone_from_a_process_that_begins_anew_and_from_every_moment_before(at: Room, database: Database) -> None:
    spoken = path, _, _, indices = await spoken_of(at)
    then = (await at.read(f"{path}/history", "head-JPN"))["items"][-1]["at"]
    await erased(at, indices)
    async with beside(at, database) as again:
        for process in (at, again):
            moment = await process.read(f"{path}?as_of={then.replace('+', '%2B')}", "head-JPN")
            assert [one["reason"] for one in moment["positions"]] == [None, None]
            assert [one["text"] for one in moment["statements"]] == [{}]
            assert not spoken.is_heard_in(await answers(process, path))


async def test_the_commitments_and_so_the_tree_stay_and_the_book_says_by_what_right(at: Room, database: Database) -> None:
    indices = (await spoken_of(at)).indices
    book = await book_of(at, "head-JPN", "format", "japan-us")
    query = "SELECT commit FROM record.facts WHERE book = %s AND index < %s ORDER BY index"
    with login(database.owner_url) as owner:
        ((size,),) = owner.execute("SELECT size FROM record.books WHERE book = %s", [book]).fetchall()
        before = owner.execute(query, [book, size], binary=True).fetchall()
        by = await erased(at, indices)
        after = owner.execute(query, [book, size], binary=True).fetchall()
        assert root([commit for (commit,) in after]) == root([commit for (commit,) in before])
        audited(owner)
    facts = await at.house.log.following({BookId(UUID(book)): -1}, 1000)
    found = authorities(facts, lambda _: {DelegationCode("JPN"), DelegationCode("USA")})
    missing = {recorded.index: recorded.fact for recorded in facts if isinstance(recorded.fact, Withheld)}
    assert found.keys() == missing.keys() >= set(indices)
    assert all(one.lacking is None for one in found.values())
    assert {(found[index].erasure, found[index].type) for index in indices} == {
        (by, ReasonGiven.tag),
        (by, StatementWorded.tag),
    }


async def test_a_repeated_request_is_answered_as_it_was(at: Room) -> None:
    path = f"/api/proposals/{await tabled(at, 'head-JPN', 'japan-us')}"
    said = {"revision": 0, "reason": words()}
    first = await at.post(f"{path}/objections", "head-USA", said, Idempotency_Key=f"again-{path}")
    await erased(at, [next(fact["index"] for fact in first.json()["facts"] if fact["type"] == ReasonGiven.tag)])
    again = await at.post(f"{path}/objections", "head-USA", said, Idempotency_Key=f"again-{path}")
    assert (again.status_code, again.content) == (201, first.content)
    other = await at.post(f"{path}/objections", "head-USA", {"revision": 0, "reason": "."}, Idempotency_Key=f"again-{path}")
    assert problem(other) == (422, "key-reused")


def silently(_: str) -> None:
    """How far it is, is not looked at."""


def views(superuser: Session) -> Iterator[list[tuple[Any, ...]]]:
    for projection in PROJECTIONS:
        for table in projection.tables:
            yield superuser.execute(f"SELECT * FROM views.{table} ORDER BY 1, 2, 3, 4, 5, 6").fetchall()


async def test_views_that_are_built_anew_come_to_the_same(at: Room, database: Database, superuser: Session) -> None:
    path, _, _, indices = await spoken_of(at)
    await erased(at, indices)
    await at.done(f"{path}/positions/USA/lift", "head-USA", {"revision": 0})
    await at.caught_up()
    before = list(views(superuser))
    for projection in PROJECTIONS:
        await to_thread.run_sync(rebuild, database.projector_url, projection, silently)
    assert list(views(superuser)) == before


async def test_it_takes_every_delegation_of_the_audience(at: Room) -> None:
    indices = (await spoken_of(at)).indices
    erasures, number = await asked(at, indices, role="secretary", reason="At the person's request.")
    pending = (await at.read(erasures, "head-USA"))["items"][-1]
    assert (pending["delegation"], pending["reason"], pending["missing"]) == (None, "At the person's request.", ["JPN", "USA"])
    assert (pending["approvals"], pending["carried_out"], pending["index"]) == ([], None, None)
    assert problem(await at.post(f"{erasures}/{number}/approve", "secretary")) == (403, "may-not")
    assert problem(await at.post(f"{erasures}/{number}/approve", "adviser-JPN")) == (403, "may-not")
    await at.done(f"{erasures}/{number}/approve", "head-JPN")
    assert problem(await at.post(f"{erasures}/{number}/approve", "head-JPN")) == (409, "erasure-approved-already")
    await at.done(f"{erasures}/{number}/approve", "head-USA")
    done = (await at.read(erasures, "head-USA"))["items"][-1]
    assert (done["missing"], [one["delegation"] for one in done["approvals"]]) == ([], ["JPN", "USA"])
    assert (done["basis"], [words["index"] for words in done["facts"]]) == ("personal-data", indices)
    assert problem(await at.post(f"{erasures}/{number}/approve", "head-USA")) == (409, "already-erased")
    assert problem(await at.post(erasures, "head-USA", {"facts": indices, "basis": "misplaced"})) == (409, "already-erased")


async def test_what_is_no_words_and_what_is_not_there_is_refused(at: Room) -> None:
    reason, _ = (await spoken_of(at)).indices
    erasures = await erasures_of_the_two(at)

    async def asking(*facts: int) -> tuple[int, str]:
        return problem(await at.post(erasures, "head-JPN", {"facts": facts, "basis": "misplaced"}))

    assert await asking(reason, reason - 1) == (422, "not-erasable")
    assert await asking(reason, 100_000) == (422, "fact-unknown")
    assert await asking(2**53 - 1) == (422, "fact-unknown")
    assert await asking() == (400, "malformed")
    assert await asking(*range(101)) == (400, "malformed")
    assert problem(await at.post(f"{erasures}/999/approve", "head-JPN")) == (422, "erasure-unknown")


@pytest.mark.parametrize("role", ["head-CHN", "head-KOR", "chair", "auditor", None])
async def test_who_does_not_read_the_book_finds_no_erasures(at: Room, role: str | None) -> None:
    indices = (await spoken_of(at)).indices
    erasures, number = await asked(at, indices)
    assert problem(await at.get(erasures, role)) == (404, "not-found")
    assert problem(await at.post(erasures, role, {"facts": indices, "basis": "misplaced"})) == (404, "not-found")
    assert problem(await at.post(f"{erasures}/{number}/approve", role)) == (404, "not-found")


async def prepared(at: Room, said: str) -> tuple[str, int]:
    target, body = await tabled(at), {"revision": 0, "reason": said}
    act = {"delegation": "JPN", "act": "objections", "target": target, "body": body}
    done = await at.done("/api/prepared", "adviser-JPN", act)
    return f"/api/prepared/{done['id']}", done["facts"][-1]["index"]


async def test_a_delegation_erases_alone_what_it_alone_reads(at: Room, superuser: Session) -> None:
    secret = words()
    act, index = await prepared(at, secret)
    erasures = f"/api/books/{await book_of(at, 'head-JPN', 'delegations')}/erasures"
    said = {"facts": [index], "basis": "misplaced"}
    assert problem(await at.post(erasures, "secretary", said)) == (404, "not-found")
    assert problem(await at.post(erasures, "adviser-JPN", said)) == (403, "may-not")
    await at.done(erasures, "head-JPN", said)
    assert (await at.read(act, "adviser-JPN"))["body"] == ""
    assert problem(await at.post(f"{act}/send", "head-JPN", If_Match="*")) == (409, "prepared-words-erased")
    await at.client.delete(act, headers=at.headers("head-JPN", {"If_Match": "*"}))
    assert (await at.read(act, "adviser-JPN"))["status"] == "dropped"
    assert holding(superuser, secret) == []


async def test_what_was_sent_is_answered_again_as_at_first_also_when_its_words_are_gone(at: Room) -> None:
    act, index = await prepared(at, words())
    sent = {"If_Match": "*", "Idempotency_Key": act}
    first = await at.done(f"{act}/send", "head-JPN", **sent)
    assert await at.done(f"{act}/send", "head-JPN", **sent) == first
    book = await book_of(at, "head-JPN", "delegations")
    await at.done(f"/api/books/{book}/erasures", "head-JPN", {"facts": [index], "basis": "misplaced"})
    assert await at.done(f"{act}/send", "head-JPN", **sent) == first


async def test_the_reason_of_an_erasure_goes_as_other_words_do(at: Room, superuser: Session) -> None:
    indices = (await spoken_of(at)).indices
    await erased(at, indices, reason="Mr Sepia asked for it.")
    history = await at.house.log.following({BookId(UUID(await book_of(at, "head-JPN", "format", "japan-us"))): -1}, 1000)
    reason = next(one.index for one in reversed(history) if one.fact.tag == "erasure.reason-given")
    await erased(at, [reason])
    listed = (await at.read(await erasures_of_the_two(at), "head-JPN"))["items"]
    assert [one["reason"] for one in listed[-2:]] == [None, None]
    assert holding(superuser, "Mr Sepia") == []


async def released(at: Room, text: str) -> str:
    """A text that the forum was given with a statement on it."""
    path = await about_to_be_released(at, text)
    await at.done(f"{path}/release/consent", "head-USA", {"to": "forum", "attribution": True})
    (given,) = (await at.read(path, "head-JPN"))["releases"]
    return f"/api/releases/{given['release']}"


async def about_to_be_released(at: Room, text: str) -> str:
    path = f"/api/proposals/{await tabled(at, 'head-JPN', 'japan-us')}"
    await at.done(f"{path}/statements", "head-JPN", {"kind": "interpretation", "revision": 0, "text": {"en": text}})
    await at.done(f"{path}/outcome", "secretary", LAPSED)
    await at.done(f"{path}/release", "head-JPN", {"to": "forum", "attributions": True})
    return path


async def test_what_was_copied_into_a_wider_book_goes_there_as_all_its_delegations_agree(at: Room, database: Database) -> None:
    text = words()
    release = await released(at, text)
    book = await book_of(at, "head-CHN", "forum")
    facts = await at.house.log.following({BookId(UUID(book)): -1}, 1000)
    index = next(one.index for one in reversed(facts) if one.fact.tag == "release.statement-worded")
    erasures = f"/api/books/{book}/erasures"
    await at.done(erasures, "head-CHN", {"facts": [index], "basis": "legal-obligation"})
    number = (await at.read(erasures, "chair"))["items"][-1]["erasure"]
    async with beside(at, database) as other:
        assert text in (await other.get(release, "head-CHN")).text
        for role in ("head-JPN", "head-KOR", "head-USA"):
            assert text in (await at.get(release, "head-CHN")).text
            await at.done(f"{erasures}/{number}/approve", role)
        with fail_after(1):
            await other.caught_up()
        for process in (at, other):
            assert text not in (await process.get(release, "head-CHN")).text
            assert text not in (await process.get("/api/releases", "head-CHN")).text


async def test_a_release_is_not_made_of_words_that_went_while_it_was_decided(
    at: Room, database: Database, superuser: Session
) -> None:
    text = words()
    path = await about_to_be_released(at, text)
    history = (await at.read(f"{path}/history", "head-JPN"))["items"]
    index = next(fact["index"] for fact in history if fact["type"] == StatementWorded.tag)
    async with beside(at, database) as other:
        assert text in (await other.get(path, "head-USA")).text
        await unheard(superuser, at, other)
        await erased(at, [index])
        await other.done(f"{path}/release/consent", "head-USA", {"to": "forum", "attribution": True})
        (given,) = (await other.read(path, "head-JPN"))["releases"]
        release = await other.read(f"/api/releases/{given['release']}", "head-JPN")
    assert [statement["text"] for statement in release["statements"]] == [{}]
    assert holding(superuser, text) == []


async def test_a_memory_that_is_caught_up_over_an_erasure_holds_no_words(at: Room) -> None:
    path, reason, _, indices = await spoken_of(at)
    stream, books = StreamId(UUID(path.rpartition("/")[2])), at.house.directory.all_books()
    memory = Memory()
    before = await read(at.house.log, memory, stream, books)
    await erased(at, indices)
    after = await read(at.house.log, memory, stream, books)
    for folded, reasons in ((before, {None, reason}), (after, {None})):
        assert folded is not None
        assert isinstance(folded.state, Proposal)
        assert {position.reason for position in folded.state.positions.values()} == reasons
    assert memory.find(stream, books) == after


async def test_a_listener_for_whom_words_wait_is_told_what_is_left(at: Room) -> None:
    listener = at.house.listeners.enter(PersonId(UUID(at.people["head-USA"])), None, {})
    try:
        while await listener.heard():
            pass
        indices = (await spoken_of(at)).indices
        await erased(at, indices)
        await at.caught_up()
        told = [recorded for recorded in await listener.heard() if isinstance(recorded.fact, Erasable | Withheld)]
    finally:
        at.house.listeners.leave(listener)
    assert [type(recorded.fact) for recorded in told] == [Withheld, Withheld]
    assert [recorded.index for recorded in told] == indices


@contextmanager
def unerasable(owner: Session, tag: str) -> Generator[None]:
    """The database takes facts of this type for none that have words, meanwhile: the other tests have the same database."""
    owner.execute("DELETE FROM record.erasable WHERE type = %s", [tag])
    try:
        yield
    finally:
        owner.execute("INSERT INTO record.erasable VALUES (%s)", [tag])


async def test_an_erasure_that_the_database_refuses_leaves_everything_as_it_was(at: Room, database: Database) -> None:
    spoken = path, _, _, indices = await spoken_of(at)
    erasures, number = await asked(at, indices)
    before = (await at.get(path, "head-JPN")).content
    with login(database.owner_url) as owner:
        with unerasable(owner, ReasonGiven.tag):
            count = audited(owner)
            assert problem(await at.post(f"{erasures}/{number}/approve", "head-USA")) == (500, "internal")
            assert audited(owner) == count
            assert (await at.get(path, "head-JPN")).content == before
            assert (await at.read(erasures, "head-JPN"))["items"][-1]["missing"] == ["USA"]
        await at.done(f"{erasures}/{number}/approve", "head-USA")
        audited(owner)
    assert not spoken.is_heard_in(await answers(at, path))


def test_every_room_that_has_words_is_told_when_they_go() -> None:
    rooms = {tag.partition(".")[0] for tag, fact in FACTS.items() if issubclass(fact, Erasable)}
    assert rooms == {*ROOMS, "erasure"}
    assert all(ROOMS[room](1, (2,)).tag == f"{room}.words-erased" for room in ROOMS)
