"""What a person may not read does not exist for them: two worlds with and without it answer every question alike, to the byte."""

from collections.abc import Generator
from itertools import product

import anyio
import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from api.http.app import HANDLERS
from infrastructure.postgres.embedded import Database
from tests.api.scene import NOON, Room, room
from tests.api.worlds import (
    ACTS,
    AUDIENCES,
    LATER_ACTS,
    OUTSIDERS,
    RELEASED,
    Act,
    Places,
    Question,
    World,
    china_registers_a_key,
    ids,
    japan_drafts,
    korea_tables,
    questions,
    questions_of,
    world,
)
from tests.databases import Worker
from tests.infrastructure.eventlog.scene import Hands

NEXT_YEAR = {
    "code": "2027",
    "year": 2027,
    "starts_on": "2027-09-07",
    "ends_on": "2027-09-08",
    "city": "Tokyo",
    "theme": {"en": "Peace"},
}
Seated = tuple[Database, dict[str, str], dict[str, str]]


@pytest.fixture(scope="module")
def seated(worker: Worker) -> Generator[Seated]:
    """A forum that is founded and seated, to be copied for each world."""

    async def seat() -> tuple[dict[str, str], dict[str, str]]:
        with psycopg.connect(database.owner_url, autocommit=True) as owner:
            async with room(database, Hands(owner, NOON), entropy=Places(), reacts=False) as at:
                await _open_plenary_to_the_auditor(at)
                await at.done("/api/editions", "secretary", NEXT_YEAR)
                return at.roles, at.people

    with worker.database(worker.name) as database:
        roles, people = anyio.run(seat)
        yield database, roles, people


async def _open_plenary_to_the_auditor(at: Room) -> None:
    books = (await at.read("/api/me", "head-CHN"))["books"]
    (plenary,) = (book["id"] for book in books if book["audience"]["format"] == "plenary")
    for code in ("CHN", "JPN", "KOR", "USA"):
        await at.done(f"/api/books/{plenary}/readers", f"head-{code}", {"person": at.people["auditor"]})


def hides(act: Act, outsider: str | None) -> bool:
    return outsider not in AUDIENCES[act.audience]


async def answers_alike(worker: Worker, seated: Seated, acts: list[Act], outsider: str | None, *, warm: bool) -> int:
    """How many questions were asked, each with the same answer in both worlds."""
    template, roles, people = seated
    numbered = list(enumerate(acts))
    visible = [(place, act) for place, act in numbered if not hides(act, outsider)]
    with worker.database(template.name) as one, worker.database(template.name) as other:
        async with (
            world(one, numbered, roles, people, warm=warm) as whole,
            world(other, visible, roles, people, warm=warm) as lacking,
        ):
            return await _compare(whole, lacking, outsider)


async def _compare(whole: World, lacking: World, outsider: str | None) -> int:
    count = 0
    for question in questions(ids(whole)):
        assert await question.ask(whole, outsider) == await question.ask(lacking, outsider), question
        count += 1
    return count


def search(worker: Worker, seated: Seated, *, examples: int) -> None:
    @settings(max_examples=examples, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(st.lists(st.sampled_from(ACTS + LATER_ACTS), min_size=1, max_size=12), st.sampled_from(OUTSIDERS), st.booleans())
    @example(list(ACTS), None, True)
    @example(list(ACTS), "head-CHN", False)
    @example(list(LATER_ACTS), "chair", True)
    def alike(acts: list[Act], outsider: str | None, warm: bool) -> None:
        async def compare() -> int:
            return await answers_alike(worker, seated, acts, outsider, warm=warm)

        assert anyio.run(compare) > 0

    alike()


def test_a_hidden_world_cannot_be_told(worker: Worker, seated: Seated) -> None:
    search(worker, seated, examples=1)


@pytest.mark.parametrize(("outsider", "warm"), [(None, True), ("head-CHN", False), ("chair", True)])
def test_a_release_tells_nothing_of_what_else_its_format_does(
    worker: Worker, seated: Seated, outsider: str | None, warm: bool
) -> None:
    async def compare() -> int:
        return await answers_alike(worker, seated, list(RELEASED), outsider, warm=warm)

    assert anyio.run(compare) > 0


@pytest.mark.parametrize("hidden", [0, 1, 50])
@pytest.mark.parametrize("outsider", [None, "head-CHN"])
async def test_a_hidden_book_leaves_no_trace_in_the_logs_of_the_others(
    worker: Worker, seated: Seated, hidden: int, outsider: str | None
) -> None:
    template, roles, people = seated
    seen: list[tuple[Question, object]] = []
    with worker.database(template.name) as one, worker.database(template.name) as other:
        async with (
            world(
                one, enumerate([korea_tables, *[japan_drafts] * hidden, china_registers_a_key]), roles, people, warm=True
            ) as whole,
            world(other, [(0, korea_tables), (hidden + 1, china_registers_a_key)], roles, people, warm=True) as lacking,
        ):
            for question in questions(ids(whole)):
                if question.method == "GET" and question.path.startswith(("/book/", "/api/books", "/policy", "/keys")):
                    answer = await question.ask(whole, outsider)
                    assert answer == await question.ask(lacking, outsider), question
                    seen.append((question, answer[0]))
    assert {status for _, status in seen} >= {200, 404}


async def test_each_address_tells_something_to_somebody_so_that_it_is_asked_in_earnest(worker: Worker, seated: Seated) -> None:
    template, roles, people = seated
    with worker.database(template.name) as database:
        async with world(database, enumerate((*ACTS, *LATER_ACTS, *RELEASED)), roles, people, warm=True) as whole:
            known = ids(whole)
            asked = {h: list(questions_of(h, known)) for h in HANDLERS if "GET" in h.http_methods}
            silent = [h.paths for h, those in asked.items() if not await _tells(whole, those)]
    # A replay and a proof need a query, and are asked with many; what a problem means is the same for all.
    proofs = [{f"/book/{{book:uuid}}/proof/{kind}"} for kind in ("inclusion", "consistency")]
    assert silent == [{"/api/proposals/{proposal:uuid}/to-sign"}, {"/api/replay"}, *proofs, {"/problems/{code:str}"}]


async def _tells(whole: World, asked: list[Question]) -> bool:
    for question, role in product(asked, ("secretary", "head-JPN")):
        status, _, _ = await question.ask(whole, role)
        if status == 200:
            return True
    return False


async def test_what_is_hidden_in_them_does_happen(worker: Worker, seated: Seated) -> None:
    template, roles, people = seated
    with worker.database(template.name) as database:
        async with world(database, enumerate((*ACTS, *LATER_ACTS)), roles, people, warm=True) as whole:
            with psycopg.connect(database.owner_url) as owner:
                kinds = {kind for (kind,) in owner.execute("SELECT DISTINCT type FROM record.facts")}
                signed = owner.execute("SELECT type FROM record.facts WHERE envelope LIKE '%%accord/act/v1 %%'").fetchall()
            assert whole.made["japan-us"]
            lines = [question for question in questions(ids(whole)) if question.path.endswith("/cosignature")]
            answers = {(await question.ask(whole, "head-JPN"))[0] for question in lines}
    assert signed == [("proposal.position-taken",)]
    assert answers >= {404, 422}, "each book that one reads has a checkpoint that somebody says to have seen"
    assert kinds >= {
        "erasure.carried-out",
        "prepared.words-erased",
        "proposal.words-erased",
        "proposal.absorbed",
        "proposal.adoption-set-aside",
        "proposal.deferred",
        "proposal.given-act-confirmed",
        "proposal.given-act-disowned",
        "proposal.merged",
        "proposal.split",
        "proposal.statement-issued",
        "proposal.statement-joined",
        "proposal.taken-up",
    }


@pytest.mark.campaign
def test_a_hidden_world_cannot_be_told_in_a_long_search(worker: Worker, seated: Seated) -> None:
    search(worker, seated, examples=60)
