"""Who keeps the views up to the record, and what happens when something is in the way."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from typing import ClassVar, Final

import pytest
from msgspec.structs import replace

from application.views.pages import ViewsBehindError
from application.views.proposals import ProposalFilter
from domain.drafts.events import DraftBegun
from domain.identity import ProvisionId
from domain.kernel import Fact
from domain.text.provisions import Provision, ProvisionKind
from infrastructure.eventlog import sessions
from infrastructure.eventlog.facts import FACTS
from infrastructure.eventlog.mapper import Reader
from infrastructure.postgres.embedded import Database
from infrastructure.projections.readers.proposals import PostgresProposals
from infrastructure.projections.rebuild import PROJECTIONS
from infrastructure.projections.runner import Parked, Progress, Runner, parked, progress, resume
from infrastructure.projections.runner.checkpoints import OvertakenError, move
from infrastructure.projections.waiting import Projected
from tests.domain.cast import EDITION, EN, JPN, KINDS, PLENARY, PROPOSAL, TEXT, USA, an_id, endorsed, tabled
from tests.infrastructure.eventlog.scene import login
from tests.infrastructure.projections.scene import FOUNDING, JPN_BOOK, PLENARY_BOOK, Record, follow, leader

QUICK: Final = timedelta(milliseconds=20)
DRAFT: Final = DraftBegun(KINDS[0], PLENARY, EDITION, EN, TEXT, (JPN,), None)


class Unheard(Fact, frozen=True):
    """Recorded by a later version of the program."""

    tag: ClassVar[str] = "proposal.unheard"


LATER: Final = Reader({**FACTS, Unheard.tag: Unheard}, {})


@asynccontextmanager
async def running(runner: Runner) -> AsyncGenerator[asyncio.Task[None]]:
    task: asyncio.Task[None] = asyncio.create_task(runner.run())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
async def projected(database: Database, record: Record) -> AsyncIterator[Projected]:
    assert record.now, "it begins before anybody waits"
    async with Projected(database.app_url, patience=timedelta(seconds=20)) as projected:
        yield projected


async def standing(database: Database) -> list[Progress]:
    async with await sessions.connect(database.app_url) as session:
        return await progress(session)


async def test_what_was_written_can_be_read_once_its_position_is_reached(
    database: Database, record: Record, projected: Projected, proposals: PostgresProposals
) -> None:
    async with running(Runner(database.projector_url, PROJECTIONS)):
        for name in ("first", "second", "third"):
            position = record.say(an_id(name), PLENARY_BOOK, tabled())
            await projected.reached(position, "proposals")
            page = await proposals.page(frozenset({PLENARY_BOOK}), ProposalFilter())
            assert page.items[0].id == an_id(name)
        await projected.reached(position)


async def test_a_page_of_more_than_any_socket_takes_at_once_is_written(
    database: Database, record: Record, projected: Projected, proposals: PostgresProposals
) -> None:
    long = tabled(Provision(ProvisionId("p1"), ProvisionKind.TITLE, {EN: "word " * 12_000}))
    last = [record.say(an_id(f"text {number}"), PLENARY_BOOK, long) for number in range(60)][-1]
    async with running(Runner(database.projector_url, PROJECTIONS)):
        await projected.reached(last)
    page = await proposals.page({PLENARY_BOOK}, ProposalFilter(limit=1))
    assert page.total == 60


async def test_who_waits_for_what_is_not_there_is_told_so(database: Database, record: Record) -> None:
    await follow(database)
    async with Projected(database.app_url, patience=QUICK) as projected:
        with pytest.raises(ViewsBehindError):
            await projected.reached(FOUNDING + 1)
    async with Projected(database.app_url) as projected:
        await projected.reached(FOUNDING)
        await projected.reached(FOUNDING, "drafts", "proposals")
        record.say(PROPOSAL, PLENARY_BOOK, tabled())


async def test_of_two_runners_one_leads_and_the_other_takes_its_place(
    database: Database, record: Record, projected: Projected
) -> None:
    runners = [Runner(database.projector_url, PROJECTIONS, poll=QUICK) for _ in range(2)]
    async with AsyncExitStack() as stack:
        tasks = [await stack.enter_async_context(running(runner)) for runner in runners]
        await projected.reached(record.say(PROPOSAL, PLENARY_BOOK, tabled()))
        (leading,) = [runner for runner in runners if runner.leads]

        tasks[runners.index(leading)].cancel()
        await projected.reached(record.say(PROPOSAL, PLENARY_BOOK, endorsed(USA)))

        assert not leading.leads
        assert [runner.leads for runner in runners].count(True) == 1


async def test_a_runner_whose_session_is_ended_comes_back(database: Database, record: Record, projected: Projected) -> None:
    async with running(Runner(database.projector_url, PROJECTIONS)):
        await projected.reached(record.say(PROPOSAL, PLENARY_BOOK, tabled()))
        with login(database.superuser_url) as superuser:
            superuser.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query LIKE '%views.checkpoints%' AND pid <> pg_backend_pid()"
            )
        await projected.reached(record.say(PROPOSAL, PLENARY_BOOK, endorsed(USA)))


async def test_a_fact_that_cannot_be_read_parks_those_that_follow_it_alone_and_just_before_it(
    database: Database, record: Record
) -> None:
    for name in ("one", "two", "three"):
        record.say(an_id(name), PLENARY_BOOK, tabled())
    bad = record.say(PROPOSAL, PLENARY_BOOK, Unheard())
    last = record.say(an_id("draft"), JPN_BOOK, DRAFT)
    await follow(database)

    assert await standing(database) == [
        Progress("drafts", last, 0, parked=False),
        Progress("prepared", last, 0, parked=False),
        Progress("progress", bad - 1, 2, parked=True),
        Progress("proposals", bad - 1, 2, parked=True),
    ]
    async with await sessions.connect(database.projector_url) as session:
        said = "UnknownFactError: proposal.unheard is no fact that this program knows"
        assert await parked(session) == [Parked(name, bad, said) for name in ("progress", "proposals")]
    versions, *_ = record.shown()
    assert len(versions) == 3, "what came before it is shown"


async def test_a_parked_projection_goes_on_when_it_is_resumed(
    database: Database, record: Record, projected: Projected, proposals: PostgresProposals
) -> None:
    record.say(PROPOSAL, PLENARY_BOOK, tabled())
    record.say(PROPOSAL, PLENARY_BOOK, Unheard())
    last = record.say(PROPOSAL, PLENARY_BOOK, endorsed(USA))
    await follow(database)

    async with running(Runner(database.projector_url, PROJECTIONS, reader=LATER, poll=timedelta(hours=1))):
        await projected.reached(last, "drafts")
        async with await sessions.connect(database.owner_url) as session:
            assert await resume(session, "proposals")
            assert not await resume(session, "unheard of")
            await projected.reached(last, "proposals")
            assert [one.name for one in await parked(session)] == ["progress"]

    page = await proposals.page(frozenset({PLENARY_BOOK}), ProposalFilter())
    assert [(row.version, row.endorsing) for row in page.items] == [(3, 2)]


async def test_a_fact_that_the_database_cannot_take_parks_too_and_its_words_are_not_kept(
    database: Database, record: Record
) -> None:
    record.say(an_id("good"), PLENARY_BOOK, tabled())
    bad = record.say(PROPOSAL, PLENARY_BOOK, replace(tabled(), kind="secret\0"))
    await follow(database)

    async with await sessions.connect(database.projector_url) as session:
        held_up = await parked(session)
    assert [(one.name, one.position) for one in held_up] == [("progress", bad), ("proposals", bad)]
    assert all("Unicode" in one.error and "secret" not in one.error for one in held_up)


async def test_projections_that_lag_behind_are_joined_by_the_others(database: Database, record: Record) -> None:
    last = record.say(PROPOSAL, PLENARY_BOOK, tabled())
    await follow(database)
    before = record.shown()
    record.projector.execute("TRUNCATE views.proposal_versions, views.needs")
    record.projector.execute("UPDATE views.checkpoints SET position = 0 WHERE name = 'proposals'")

    async with leader(database) as leading:
        assert await leading.step()
        assert not await leading.step()

    assert {checkpoint.position for checkpoint in await standing(database)} == {last}
    assert record.shown() == before


@pytest.mark.usefixtures("record")
async def test_a_checkpoint_moves_from_where_it_was_read_or_not_at_all(database: Database) -> None:
    await follow(database)
    async with await sessions.connect(database.projector_url) as session:
        moved = await move(session, ["proposals"], FOUNDING - 1, FOUNDING + 5)
        with pytest.raises(OvertakenError):
            moved.check()
    assert {checkpoint.position for checkpoint in await standing(database)} == {FOUNDING}


async def test_who_is_overtaken_writes_nothing(database: Database, record: Record) -> None:
    record.say(PROPOSAL, PLENARY_BOOK, tabled())
    async with leader(database) as slow:
        lines = await slow._streams.lines(0, 1000)
        await follow(database)
        record.say(PROPOSAL, PLENARY_BOOK, endorsed(USA))
        await follow(database)
        shown = record.shown()

        assert not await slow._take(list(PROJECTIONS), 0, lines)

    assert record.shown() == shown
