"""The story told to a real record: what comes of it, and that telling it again changes nothing."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

import pytest
from msgspec import Struct
from msgspec.structs import replace

from api.compose import Addresses, found, opened
from api.settings import Settings
from application.accord import Accord
from application.acts.prepared import send_prepared
from application.demonstration import Cast, OtherStoryError, TooEarlyError, load
from application.desk import ANY_STATE
from application.folds import Folded, State, fold
from application.moments import Moments
from application.reactions.watch import due
from application.story import steps
from application.story.forum import DELEGATIONS, PEOPLE
from application.story.life import STORY
from application.story.outline import NOT_TOLD, TOLD
from application.story.steps import Prepare, Step, Story
from application.story.texts import REVISIONS
from application.tracker import Request
from application.views.status import ProposalStatus, status
from domain.drafts.draft import Draft
from domain.drafts.events import DraftEnd
from domain.forum.people import Book
from domain.identity import PersonId
from domain.kernel import Fact, Recorded, Refusal
from domain.prepared.prepared import PreparedAct, PreparedStatus
from domain.proposals.events import FACTS, SilenceEnded, Stance
from domain.proposals.proposal import Adopted, Proposal, UnderSilence, settle
from domain.proposals.standing import Hold
from infrastructure.postgres.embedded import Database
from tests.databases import Worker

S = TypeVar("S", bound=State)

MOMENT: Final = timedelta(microseconds=1)


@asynccontextmanager
async def house(database: Database) -> AsyncGenerator[Accord]:
    """The application over a record of the story's forum, founded where there is none. A story tells itself what time does."""
    addresses = Addresses(database.owner_url, database.app_url, database.projector_url)
    async with opened(addresses, Settings(), founded=False) as accord:
        if accord.memory.forum_id is None:
            await found(addresses, accord, STORY.founding, steps.person(STORY.secretary), told=STORY.founded)
        yield accord


async def tell(accord: Accord, story: Story = STORY, start: datetime | None = None) -> Cast:
    """Tell the story, in a demonstration that starts now if nothing else is said."""
    return await load(accord, story, start or (await accord.log.horizon()).at, accord.people.introduce)


async def recorded(accord: Accord) -> list[Recorded[Fact]]:
    """All facts, in order."""
    end = (await accord.log.horizon()).position
    facts: list[Recorded[Fact]] = []
    async for position, page in accord.log.feed(0):
        facts.extend(page)
        if position >= end:
            break
    return facts


class Record(Struct, frozen=True):
    """What stands in the record once the story is told."""

    facts: Sequence[Recorded[Fact]]
    names: Mapping[PersonId, str]
    cast: Cast
    start: datetime

    def of(self, code: str) -> list[Recorded[Fact]]:
        """What happened to a proposal."""
        return [recorded for recorded in self.facts if recorded.stream == self.cast.proposals[code]]

    def proposal(self, code: str, as_of: datetime | None = None) -> Proposal:
        folded = fold(Moments(as_of=as_of).of(self.of(code)))
        assert folded is not None
        assert isinstance(folded.state, Proposal)
        return folded.state

    def status(self, code: str, as_of: datetime | None = None) -> ProposalStatus:
        now = as_of or self.facts[-1].at
        return status(self.proposal(code, as_of), now, members=frozenset(DELEGATIONS), rules=STORY.founding.rules)

    def everything(self, kind: type[S]) -> list[tuple[Folded, S]]:
        streams = {recorded.stream: None for recorded in self.facts}
        states = (fold(recorded for recorded in self.facts if recorded.stream == stream) for stream in streams)
        return [(folded, folded.state) for folded in states if folded is not None and isinstance(folded.state, kind)]


@pytest.fixture(scope="module")
async def record(worker: Worker, anyio_backend: str) -> Record:
    assert anyio_backend == "asyncio"
    with worker.database(worker.name) as database:
        async with house(database) as accord:
            start = (await accord.log.horizon()).at
            cast = await tell(accord, start=start)
            return Record(await recorded(accord), await accord.people.names(cast.people.values()), cast, start)


def line(found: ProposalStatus) -> str:
    """A proposal in a line: how far it is, and who stands where."""
    positions = ", ".join(f"{p.delegation} {p.stance} {p.revision} {p.hold}" for p in found.positions)
    return f"{found.status}, revision {found.revision}: {positions}"


@pytest.mark.parametrize(
    ("code", "as_of", "expected"),
    [
        # a substantive revision supersedes; an editorial one does until the chair certifies it
        (
            "P20-02",
            "2020-01-07T00:00Z",
            (
                "open, revision 0: CHN endorse 0 current, JPN endorse 0 current, KOR endorse 0 current, "
                "USA endorse-with-reservation 0 current"
            ),
        ),
        (
            "P20-02",
            "2020-01-09T12:00Z",
            (
                "open, revision 1: CHN endorse 0 superseded, JPN endorse 1 current, KOR endorse 0 superseded, "
                "USA endorse-with-reservation 0 superseded"
            ),
        ),
        (
            "P20-02",
            "2020-01-14T12:00Z",
            (
                "open, revision 2: CHN endorse 1 superseded, JPN endorse 2 current, KOR endorse 1 superseded, "
                "USA endorse-with-reservation 0 superseded"
            ),
        ),
        (
            "P20-02",
            "2020-01-15T12:00Z",
            (
                "open, revision 2: CHN endorse 1 maintained, JPN endorse 2 current, KOR endorse 1 maintained, "
                "USA endorse-with-reservation 0 superseded"
            ),
        ),
        (
            "P20-02",
            "2020-01-21T07:30Z",
            (
                "adopted, revision 2: CHN endorse 1 maintained, JPN endorse 2 current, KOR endorse 1 maintained, "
                "USA endorse 2 current"
            ),
        ),
        # an objection stands through a revision until it is lifted
        (
            "P21-01",
            "2021-02-03T00:00Z",
            "open, revision 1: JPN endorse 0 superseded, KOR endorse 1 current, USA object 0 standing",
        ),
        ("P21-01", "2021-02-10T00:00Z", "open, revision 1: JPN endorse 1 current, KOR endorse 1 current"),
        # a silence is cancelled, a translation brought in line, and a silence runs to its end
        (
            "P21-01",
            "2021-02-25T05:00Z",
            "under-silence, revision 1: JPN endorse 1 current, KOR endorse 1 current, USA no-objection 1 current",
        ),
        (
            "P21-01",
            "2021-02-26T02:00Z",
            "open, revision 2: JPN endorse 1 maintained, KOR endorse 2 current, USA no-objection 1 maintained",
        ),
        (
            "P21-01",
            "2021-03-02T00:00Z",
            "adopted, revision 2: JPN endorse 1 maintained, KOR endorse 2 current, USA no-objection 1 maintained",
        ),
        # a reserve runs on through a revision and becomes no objection
        (
            "P23-01",
            "2023-07-06T00:00Z",
            (
                "open, revision 1: CHN reserve 0 maintained, JPN endorse 0 superseded, KOR endorse 1 current, "
                "USA endorse-ad-referendum 0 superseded"
            ),
        ),
        (
            "P23-01",
            "2023-07-22T00:00Z",
            (
                "open, revision 1: CHN no-objection 1 current, JPN endorse 1 current, KOR endorse 1 current, "
                "USA endorse-ad-referendum 1 current"
            ),
        ),
        # what the chair certified is contested by one of those whom it maintained
        (
            "P23-02",
            "2023-06-30T00:00Z",
            (
                "open, revision 1: CHN no-objection 0 superseded, JPN endorse 1 current, KOR endorse 0 maintained, "
                "USA endorse-ad-referendum 0 maintained"
            ),
        ),
        (
            "P23-02",
            "2023-07-04T00:00Z",
            "open, revision 1: CHN no-objection 0 superseded, JPN endorse 1 current, KOR endorse 0 maintained",
        ),
        (
            "P23-02",
            "2023-07-20T00:00Z",
            "adopted, revision 2: CHN endorse 2 current, JPN endorse 2 current, KOR endorse 2 current, USA endorse 2 current",
        ),
        # put to decision over an objection, and broken under silence: open each time
        (
            "P25-02",
            "2025-09-10T05:00Z",
            "open, revision 1: CHN object 1 current, JPN endorse 1 current, KOR endorse 1 current, USA endorse 1 current",
        ),
        (
            "P25-02",
            "2025-09-25T00:00Z",
            (
                "open, revision 2: CHN object 1 standing, JPN endorse 1 superseded, KOR endorse 2 current, "
                "USA endorse 1 superseded"
            ),
        ),
        (
            "P25-02",
            "2025-10-10T00:00Z",
            (
                "under-silence, revision 2: CHN reserve 2 current, JPN endorse 2 current, KOR endorse 2 current, "
                "USA endorse 2 current"
            ),
        ),
        (
            "P25-02",
            "2025-10-11T00:00Z",
            "open, revision 2: JPN endorse 2 current, KOR endorse 2 current, USA endorse 2 current",
        ),
        # time alone: the reserve is not confirmed when it is due
        (
            "P25-02",
            "2026-03-30T23:59Z",
            (
                "open, revision 4: CHN reserve 3 maintained, JPN endorse 3 maintained, KOR endorse 4 current, "
                "USA endorse 2 superseded"
            ),
        ),
        (
            "P25-02",
            "2026-03-31T00:00Z",
            (
                "open, revision 4: CHN reserve 3 fell-away, JPN endorse 3 maintained, KOR endorse 4 current, "
                "USA endorse 2 superseded"
            ),
        ),
    ],
)
def test_who_stood_where_on_a_day(record: Record, code: str, as_of: str, expected: str) -> None:
    assert line(record.status(code, datetime.fromisoformat(as_of))) == expected


def test_agreed_ad_referendum_is_shown_between_the_last_word_and_the_silence(record: Record) -> None:
    said, before = (datetime.fromisoformat(instant) for instant in ("2023-07-21T03:00Z", "2023-07-21T02:59Z"))
    assert not record.status("P23-01", before).agreed_ad_referendum
    assert record.status("P23-01", said).agreed_ad_referendum


@pytest.mark.parametrize(
    ("code", "by", "at", "parties"),
    [
        ("P20-01", "decision", "2020-01-21T06:11Z", "CHN endorsed, JPN endorsed, KOR endorsed, USA endorsed"),
        ("P20-02", "decision", "2020-01-21T07:30Z", "CHN endorsed, JPN endorsed, KOR endorsed, USA endorsed"),
        ("P21-01", "silence", "2021-03-01T03:00Z", "CHN silent, JPN endorsed, KOR endorsed, USA no-objection"),
        ("P21-02", "silence", "2022-02-28T02:12Z", "CHN silent, JPN endorsed, KOR endorsed, USA endorsed"),
        # what was recorded on behalf of KOR counts once confirmed; what was recorded on behalf of JPN in 2024 never did
        ("P22-01", "decision", "2023-07-19T05:13Z", "CHN no-objection, JPN endorsed, KOR endorsed, USA endorsed"),
        ("P23-01", "silence", "2023-07-31T01:00Z", "CHN no-objection, JPN endorsed, KOR endorsed, USA endorsed"),
        ("P23-02", "decision", "2023-07-19T06:00Z", "CHN endorsed, JPN endorsed, KOR endorsed, USA endorsed"),
        (
            "P24-03",
            "decision",
            "2024-09-04T05:18Z",
            "CHN no-objection, JPN present-without-position, KOR endorsed, USA endorsed",
        ),
        ("P24-04", "decision", "2024-09-04T06:15Z", "CHN endorsed, JPN endorsed, KOR endorsed, USA endorsed"),
        ("P25-01", "decision", "2025-09-10T06:19Z", "CHN endorsed, JPN endorsed, KOR endorsed, USA endorsed"),
    ],
)
def test_ten_proposals_are_agreed(record: Record, code: str, by: str, at: str, parties: str) -> None:
    adoption = record.status(code).adoption
    assert adoption is not None
    assert (adoption.by, adoption.at) == (by, datetime.fromisoformat(at))
    assert ", ".join(f"{party.delegation} {party.how}" for party in adoption.parties) == parties


def test_the_others_end_otherwise_or_go_on(record: Record) -> None:
    ends = {code: record.status(code).status for code in record.cast.proposals}
    assert {code: end for code, end in ends.items() if end != "adopted"} == {
        "P22-02": "no-consensus",
        "P23-03": "split",
        "P24-01": "merged",
        "P24-02": "issued",
        "P24-05": "deferred",
        "P25-02": "under-silence",
        "P26-01": "open",
    }


def test_proposals_know_where_they_came_from(record: Record) -> None:
    codes = {id_: code for code, id_ in record.cast.proposals.items()}
    assert record.proposal("P25-01").absorbed == (record.cast.proposals["P24-01"],)
    before = {code: record.proposal(code).predecessor for code in record.cast.proposals}
    assert {code: codes[id_] for code, id_ in before.items() if id_} == {
        "P24-04": "P23-03",
        "P24-05": "P23-03",
        "P25-02": "P22-02",
    }


def test_a_text_adopted_by_silence_is_set_aside_since_an_objection_had_arrived_in_time(record: Record) -> None:
    (aside,) = record.proposal("P24-04").set_aside
    (late,) = record.proposal("P24-04").late
    assert (late.delegation, late.received < aside.adoption.at < late.recorded < aside.at) == ("CHN", True)
    assert aside.adoption.by_silence
    assert line(record.status("P24-04", aside.at)) == (
        "open, revision 1: CHN object 1 current, JPN endorse 1 current, KOR endorse 1 current, USA endorse 1 current"
    )


def test_what_is_taken_up_again_keeps_its_objection_and_asks_for_the_rest(record: Record) -> None:
    assert [worked.edition for worked in record.proposal("P22-02").worked] == ["2022", "2023", "2024", "2025"]
    assert line(record.status("P22-02", datetime.fromisoformat("2025-05-14T00:00Z"))) == (
        "open, revision 2: CHN object 2 current, JPN endorse 2 superseded, KOR abstain 0 superseded, USA endorse 2 superseded"
    )


def test_what_was_said_of_the_texts_is_on_record(record: Record) -> None:
    said = {
        (code, statement.kind, statement.delegation, statement.joined, statement.provision)
        for code in record.cast.proposals
        for statement in record.proposal(code).statements
    }
    assert said == {
        ("P20-02", "interpretation", "USA", ("KOR",), "p5"),
        ("P24-02", "explanation-of-position", "KOR", (), None),
        ("P24-03", "dissociation", "CHN", (), "p5"),
    }


@pytest.mark.parametrize(
    ("code", "deadline"), [("P21-01", "2021-03-01T03:00Z"), ("P21-02", "2022-02-28T02:12Z"), ("P23-01", "2023-07-31T01:00Z")]
)
def test_a_silence_ends_at_its_deadline_and_is_written_down_after_it(record: Record, code: str, deadline: str) -> None:
    end = datetime.fromisoformat(deadline)
    assert record.status(code, end - MOMENT).status == "under-silence"
    assert record.status(code, end).status == "adopted"
    (written,) = (recorded for recorded in record.of(code) if isinstance(recorded.fact, SilenceEnded))
    assert (written.actor, written.effective) == (None, end)
    assert written.at > end


def test_a_silence_of_three_minutes_runs_from_the_start(record: Record) -> None:
    proposal = record.proposal("P25-02")
    assert isinstance(proposal.phase, UnderSilence)
    end = record.start + timedelta(minutes=3)
    assert (proposal.phase.deadline, proposal.phase.receipts) == (end, frozenset())
    assert record.start <= proposal.phase.opened < end
    assert settle(proposal, end - MOMENT).status == "under-silence"
    adopted = settle(proposal, end).phase
    assert isinstance(adopted, Adopted)
    assert (adopted.at, adopted.agreement) == (end, proposal.phase.agreement)


def test_under_that_silence_each_delegation_stands_differently(record: Record) -> None:
    assert line(record.status("P25-02")) == (
        "under-silence, revision 4: CHN reserve 3 fell-away, JPN endorse 3 maintained, KOR endorse 4 current, USA endorse 2 superseded"
    )


def test_every_way_to_hold_a_position_can_be_seen(record: Record) -> None:
    seen = [
        position
        for code in record.cast.proposals
        for recorded in record.of(code)
        for position in record.status(code, recorded.at).positions
    ]
    assert {position.hold for position in seen} == set(Hold)
    assert {position.stance for position in seen} == set(Stance)


def test_every_fact_about_a_proposal_is_told_or_it_is_said_why_not(record: Record) -> None:
    told = {type(recorded.fact) for recorded in record.facts}
    assert {fact for fact in FACTS if fact not in told} == set(NOT_TOLD)


def test_the_record_numbers_the_proposals_by_their_codes(record: Record) -> None:
    assert {record.status(code).number: code for code in record.cast.proposals} == {code: code for code in REVISIONS}
    assert set(record.cast.proposals) == {told.code for told in TOLD} | {"P24-04", "P24-05"}


def test_two_delegations_shared_a_draft_in_a_book_of_their_own(record: Record) -> None:
    drafts = {draft.id: (folded.book, draft) for folded, draft in record.everything(Draft)}
    book, shared = drafts[record.cast.drafts["hotline"]]
    assert shared.owners == ("JPN", "KOR")
    (audience,) = (opened.audience for _, opened in record.everything(Book) if opened.id == book)
    assert audience.members == ("JPN", "KOR")


def test_of_the_drafts_one_is_still_written_on(record: Record) -> None:
    drafts = {draft.id: draft.end for _, draft in record.everything(Draft)}
    ends = {name: drafts[draft] for name, draft in record.cast.drafts.items()}
    assert ends.pop("compilation on cyber incidents") is None
    assert set(ends.values()) == set(DraftEnd)


def test_two_prepared_acts_wait_for_their_heads(record: Record) -> None:
    acts = {act.id: act for _, act in record.everything(PreparedAct)}
    waiting = [act for act in acts.values() if act.status is PreparedStatus.WAITING]
    assert {(act.delegation, act.act) for act in waiting} == {("CHN", "objections"), ("USA", "receipt")}
    assert {act.status for act in acts.values()} == set(PreparedStatus)


def test_no_fact_is_told_of_after_the_start(record: Record) -> None:
    *told, silence = record.facts
    assert all(recorded.at < record.start for recorded in told)
    assert silence.at >= record.start


def test_everybody_is_called_by_their_role(record: Record) -> None:
    assert record.names == {person: PEOPLE[role] for role, person in record.cast.people.items()}
    actors = {recorded.actor for recorded in record.facts if recorded.actor is not None}
    assert actors < set(record.cast.people.values())


async def test_time_has_nothing_left_to_write_down_as_the_demonstration_starts(database: Database) -> None:
    async with house(database) as told:
        await tell(told)
        for reaction in list(due(told.memory, told.tracker.clock.now())):  # what this process only believes to be due
            with pytest.raises(Refusal):
                await told.tracker.execute(reaction.task, reaction.request)


async def test_what_was_prepared_can_be_sent_and_breaks_the_silence_for_good(database: Database) -> None:
    async with house(database) as told:
        cast = await tell(told)
        acts = [step.act for step in STORY.opening(told.tracker.clock.now())]
        (objecting,) = (act for act in acts if isinstance(act, Prepare) and act.prepared == "objecting")
        task = send_prepared(cast.prepared["objecting"], cast.proposals["P25-02"], objecting.command)
        receipt = await told.tracker.execute(task, Request(cast.people["head-CHN"], if_match=frozenset({ANY_STATE})))
        assert [mark.type.partition(".")[2] for mark in receipt.marks] == [
            "position-taken", "reason-given", "silence-broken", "act-sent",
        ]  # fmt: skip
        before = await recorded(told)
        await tell(told)
        assert await recorded(told) == before


async def test_told_again_by_another_process_it_changes_nothing(database: Database) -> None:
    async with house(database) as told:
        cast = await tell(told)
        before = await recorded(told)
    async with house(database) as again:
        assert await tell(again) == cast
        assert await recorded(again) == before


def nothing(_: datetime) -> tuple[Step, ...]:
    """The opening of a story that broke off before."""
    return ()


@pytest.mark.parametrize("done", [1, 100, len(STORY.told)])
async def test_after_a_crash_it_goes_on_where_it_was(database: Database, record: Record, done: int) -> None:
    begun = replace(STORY, told=STORY.told[:done], opening=nothing)
    async with house(database) as crashed:
        await tell(crashed, begun)
    async with house(database) as again:
        await tell(again)
        facts = await recorded(again)
    assert [recorded.fact.tag for recorded in facts] == [recorded.fact.tag for recorded in record.facts]
    end = STORY.told[-1].at
    assert end is not None
    assert [r.at for r in facts if r.at <= end] == [r.at for r in record.facts if r.at <= end]


async def test_another_story_needs_a_record_of_its_own(database: Database) -> None:
    async with house(database) as told:
        await tell(told)
        before = await recorded(told)
        with pytest.raises(OtherStoryError):
            await tell(told, replace(STORY, version=STORY.version + 1))
        assert await recorded(told) == before


async def test_a_clock_that_is_behind_the_story_is_said_so_and_nothing_is_recorded(database: Database) -> None:
    async with house(database) as told:
        before = await recorded(told)
        with pytest.raises(TooEarlyError):
            await tell(told, start=datetime(2026, 4, 1, tzinfo=UTC))
        assert await recorded(told) == before
