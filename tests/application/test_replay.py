"""A replay says what the record said: the laws that every life keeps, and the story of the demonstration through many eyes."""

from collections.abc import AsyncGenerator, Callable, Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from msgspec import Struct
from msgspec.structs import replace

from application.accord import Accord, Caller
from application.demonstration import Cast
from application.desk import NotThereError
from application.folds import fold
from application.moments import Moments
from application.replay.asked import Asked, Moment, NotBegunYet, OfAgenda, OfBook, OfProposal, PastTheEnd, StillToCome
from application.replay.books import ENDS
from application.replay.replay import replay
from application.replay.steps import paged
from application.replay.through import PUBLIC, narrowed
from application.replay.turns import Point, Span, Turn, turns
from application.views.changes import compare, plain
from application.views.history import show_fact
from application.views.replay import Replayed, StepShown
from application.views.status import ProposalStatus, status
from domain.conferences.refusals import NotOfTheFormat
from domain.forum.refusals import DelegationUnknown
from domain.identity import BookId, DelegationCode, EditionCode, FormatCode, ProposalId, StreamId
from domain.kernel import Fact, Recorded
from domain.proposals.proposal import Proposal, UnderSilence, settle
from tests.application.test_demonstration import house, tell
from tests.databases import Worker
from tests.domain.cast import CHN, MEMBERS
from tests.domain.stories import Story, stories

LIVES: Final = settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
Law = Callable[[Story], None]
LAWS: Final[list[Law]] = []
MOMENT: Final = timedelta(microseconds=1)
YEAR: Final = timedelta(days=365)


def state_of(facts: Iterable[Recorded[Fact]]) -> Proposal:
    folded = fold(facts)
    assert folded is not None
    assert isinstance(folded.state, Proposal)
    return folded.state


def shown(story: Story, state: object, at: datetime) -> ProposalStatus:
    assert isinstance(state, Proposal)
    return status(state, at, members=MEMBERS, rules=story.rules)


def end(story: Story) -> Point:
    last = story.record[-1]
    return Point(last.index, last.at + YEAR)


def whole(story: Story) -> list[Turn]:
    return list(turns(story.record, Span(None, end(story))))


# Laws


def law(holds: Law) -> Law:
    """Of every life: kept in one test, since a life costs more than all that is asked of it."""
    LAWS.append(holds)
    return holds


@LIVES
@given(stories())
def test_every_life_is_replayed_as_it_was_lived(story: Story) -> None:
    for holds in LAWS:
        holds(story)


@law
def a_replay_to_the_end_is_the_live_state(story: Story) -> None:
    until = end(story)
    assert shown(story, whole(story)[-1].folded.state, until.at) == shown(story, story.proposal, until.at)


@law
def each_fact_is_one_step_in_its_order(story: Story) -> None:
    assert tuple(turn.fact for turn in whole(story) if turn.fact is not None) == story.record


@law
def a_step_is_what_the_record_said_at_its_instant(story: Story) -> None:
    taken = whole(story)
    for turn, following in pairwise([*taken, None]):
        assert turn is not None
        if following is None or following.at > turn.at:
            then = state_of(Moments(as_of=turn.at).of(story.record))
            assert shown(story, turn.folded.state, turn.at) == shown(story, then, turn.at)


@law
def between_two_steps_nothing_changes(story: Story) -> None:
    for turn, following in pairwise(whole(story)):
        if following.at > turn.at:
            before = shown(story, turn.folded.state, following.at - MOMENT)
            assert before == shown(story, turn.folded.state, turn.at)


@law
def a_silence_that_nobody_broke_ends_by_time_alone_at_its_deadline(story: Story) -> None:
    taken = whole(story)
    for turn, following in pairwise(taken):
        before = turn.folded.state
        assert isinstance(before, Proposal)
        if isinstance(before.phase, UnderSilence) and settle(before, following.at).status == "adopted":
            assert (following.fact is None, following.at) == (True, min(following.at, before.phase.deadline))


@law
def an_instant_at_which_time_alone_does_something_stands_in_a_fact_that_is_looked_for(story: Story) -> None:
    named = {getattr(f.fact, ENDS[f.fact.tag]) for f in story.record if f.fact.tag in ENDS}
    assert {turn.at for turn in whole(story) if turn.fact is None} <= named


@law
def a_replay_from_any_fact_on_is_the_rest_of_the_whole(story: Story) -> None:
    taken = whole(story)
    for recorded in story.record:
        passed = next(number for number, turn in enumerate(taken) if turn.fact == recorded)
        rest = turns(story.record, Span(Point(recorded.index, recorded.at), end(story)))
        assert [(turn.at, turn.fact) for turn in rest] == [(turn.at, turn.fact) for turn in taken[passed + 1 :]]


@law
def the_pages_of_a_replay_are_the_whole_of_it(story: Story) -> None:
    one, _ = paged(steps_from(story, None), len(story.record))
    for limit in (1, 3):
        since, pages, following = None, list[StepShown](), "from the beginning"
        while following is not None:
            page, following = paged(steps_from(story, since), limit)
            assert 0 < sum(step.fact is not None for step in page) <= limit
            pages.extend(page)
            last = story.record[int(following or 0)]
            since = Point(last.index, last.at)
        assert pages == list(one)


def steps_from(story: Story, since: Point | None) -> Iterable[StepShown]:
    before = None if since is None else plain(shown(story, state_of(story.record[: since.index + 1]), since.at))
    for turn in turns(story.record, Span(since, end(story))):
        now = plain(shown(story, turn.folded.state, turn.at))
        fact = None if turn.fact is None else show_fact(turn.fact)
        yield StepShown(turn.at, () if before is None else compare(before, now), turn.fact is None, fact)
        before = now


# The story of the demonstration, on a real record


class Told(Struct, frozen=True):
    accord: Accord
    cast: Cast

    def who(self, role: str | None) -> Caller:
        return self.accord.caller(None if role is None else self.cast.people[role])

    async def ask(self, asked: Asked, role: str | None = "auditor") -> Replayed:
        return await replay(self.accord, self.who(role), asked)

    async def pages(self, asked: Asked, role: str | None = "auditor") -> list[Replayed]:
        pages = [await self.ask(asked, role)]
        while (following := pages[-1].next) is not None:
            pages.append(await self.ask(replace(asked, at=pages[0].at.at, after=int(following)), role))
        return pages

    def proposal(self, number: str) -> OfProposal:
        return OfProposal(self.cast.proposals[number])

    def book(self, number: str) -> BookId:
        held = self.accord.memory.find(StreamId(self.cast.proposals[number]), self.accord.directory.all_books())
        assert held is not None
        return held.book


@pytest.fixture(scope="module")
async def told(worker: Worker, anyio_backend: str) -> AsyncGenerator[Told]:
    assert anyio_backend == "asyncio"
    with worker.database(worker.name) as database:
        async with house(database) as accord:
            yield Told(accord, await tell(accord))


async def test_a_book_in_steps_tells_each_fact_once_and_what_time_did_in_its_order(told: Told) -> None:
    book = told.book("P25-02")
    for limit in (7, 200):
        pages = await told.pages(Asked(OfBook(book), in_steps=True, limit=limit))
        taken = [step for page in pages for step in page.steps or ()]
        indices = [step.fact.index for step in taken if step.fact is not None]
        assert indices == list(range(len(indices)))
        assert len(indices) == pages[0].total
        assert [step.at for step in taken] == sorted(step.at for step in taken)
        by_time = [(step.thing.name if step.thing else "", step.changes[0].path) for step in taken if step.by_time_alone]
        assert ("P23-01", "/adoption") in by_time
        assert ("P25-02", "/positions/CHN/hold") in by_time  # a reserve fell away


async def test_the_steps_of_a_proposal_in_its_book_are_those_of_the_proposal_itself(told: Told) -> None:
    alone = (await told.ask(Asked(told.proposal("P23-01"), in_steps=True, limit=200))).steps or ()
    pages = await told.pages(Asked(OfBook(told.book("P23-01")), in_steps=True, limit=20))
    mine = [step for page in pages for step in page.steps or () if step.thing and step.thing.name == "P23-01"]
    assert [(step.at, step.fact, step.changes) for step in mine] == [(step.at, step.fact, step.changes) for step in alone]


async def test_the_things_of_a_book_are_as_each_is_by_itself(told: Told) -> None:
    at = datetime.fromisoformat("2023-07-25T00:00Z")
    pages = await told.pages(Asked(OfBook(told.book("P23-01")), at=at, limit=3))
    things = [thing for page in pages for thing in page.things or ()]
    assert len(things) == pages[0].total
    for thing in things:
        if thing.kind == "proposal":
            alone = (await told.ask(Asked(OfProposal(ProposalId(thing.id)), at=at))).proposal
            assert alone is not None
            assert (thing.name, thing.status) == (alone.number, alone.status)
    assert "P23-01" in {thing.name for thing in things}


async def test_what_changed_in_a_book_is_what_changed_of_each_thing_in_it(told: Told) -> None:
    first, second = datetime.fromisoformat("2023-06-10T00:00Z"), datetime.fromisoformat("2023-07-25T00:00Z")
    pages = await told.pages(Asked(OfBook(told.book("P23-01")), at=second, against=first, limit=3))
    changed = {c.thing.name: c.changes for page in pages for c in page.changed or ()}
    alone = await told.ask(Asked(told.proposal("P23-01"), at=second, against=first))
    assert changed["P23-01"] == alone.changes
    assert [change.path for change in changed["P23-02"]] == [""]
    assert not {"P20-01", "P21-01"} & changed.keys()


async def test_an_index_and_the_instant_of_its_fact_are_one_moment(told: Told) -> None:
    pages = await told.pages(Asked(told.proposal("P25-02"), in_steps=True, limit=200))
    facts = [step.fact for step in pages[0].steps or () if step.fact is not None]
    by_command = {fact.at: fact for fact in facts}  # the last of each instant
    for fact in by_command.values():
        by_index = await told.ask(Asked(told.proposal("P25-02"), at=fact.index))
        by_instant = await told.ask(Asked(told.proposal("P25-02"), at=fact.at))
        assert by_index.proposal == by_instant.proposal
        assert by_index.at.at == fact.at


async def test_a_delegation_stood_on_the_words_that_its_position_names(told: Told) -> None:
    then = datetime.fromisoformat("2023-07-10T00:00Z")
    answer = await told.ask(Asked(told.proposal("P23-01"), at=then, stood=CHN))
    assert answer.stood is not None
    assert answer.stood.position is not None
    assert answer.stood.words is not None
    assert answer.proposal is not None
    assert answer.stood.words.number == answer.stood.position.revision == 0
    assert answer.proposal.revision == 1
    first = await told.ask(Asked(told.proposal("P23-01"), at=datetime.fromisoformat("2023-06-20T00:00Z")))
    assert first.proposal is not None
    assert answer.stood.words.provisions == first.proposal.provisions


async def test_who_had_no_position_stood_on_nothing(told: Told) -> None:
    answer = await told.ask(Asked(told.proposal("P23-01"), at=datetime.fromisoformat("2023-06-06T00:00Z"), stood=CHN))
    assert answer.stood is not None
    assert (answer.stood.position, answer.stood.words) == (None, None)


async def test_an_agenda_is_replayed_too(told: Told) -> None:
    agenda = OfAgenda(EditionCode("2023"), FormatCode("plenary"))
    now = await told.ask(Asked(agenda))
    assert now.agenda is not None
    assert now.agenda.closed
    taken = (await told.ask(Asked(agenda, in_steps=True, limit=200))).steps
    assert taken
    last = taken[-1]
    assert (last.agenda, last.by_time_alone) == (now.agenda, False)


# What cannot be answered whole


async def test_what_is_still_to_come_is_not_replayed(told: Told) -> None:
    now = (await told.accord.log.horizon()).at
    for asked in (Asked(told.proposal("P23-01"), at=now + YEAR), Asked(told.proposal("P23-01"), against=now + YEAR)):
        with pytest.raises(StillToCome) as refused:
            await told.ask(asked)
        assert refused.value.moment == now + YEAR
        assert refused.value.now >= now


async def test_a_book_is_not_replayed_past_its_end(told: Told) -> None:
    last = (await told.ask(Asked(OfBook(told.book("P23-01"))))).at.index
    assert (await told.ask(Asked(OfBook(told.book("P23-01")), at=last))).at.index == last
    with pytest.raises(PastTheEnd) as refused:
        await told.ask(Asked(OfBook(told.book("P23-01")), at=last + 1))
    assert (refused.value.index, refused.value.last) == (last + 1, last)


@pytest.mark.parametrize("at", [datetime.fromisoformat("2020-05-01T00:00Z"), 3])
async def test_before_it_began_it_says_when_that_was(told: Told, at: Moment) -> None:
    for asked in (Asked(told.proposal("P23-01"), at=at), Asked(told.proposal("P23-01"), against=at)):
        with pytest.raises(NotBegunYet) as refused:
            await told.ask(asked)
        assert f"{refused.value.began:%Y-%m-%d}" == "2023-06-05"
        assert (await told.ask(Asked(told.proposal("P23-01"), at=refused.value.index))).proposal is not None


async def test_before_the_book_began_it_says_so_too(told: Told) -> None:
    with pytest.raises(NotBegunYet) as refused:
        await told.ask(Asked(OfBook(told.book("P23-01")), at=datetime.fromisoformat("2000-01-01T00:00Z")))
    assert refused.value.index == 0


async def test_a_delegation_that_does_not_sit_there_is_told_apart(told: Told) -> None:
    with pytest.raises(NotOfTheFormat):
        await told.ask(Asked(told.proposal("P23-01"), stood=DelegationCode("RUS")))
    with pytest.raises(DelegationUnknown) as refused:
        await told.ask(Asked(told.proposal("P23-01"), viewer="RUS"))
    assert refused.value.known == ("CHN", "JPN", "KOR", "USA")


# Through whose eyes


VIEWERS: Final = (None, PUBLIC, "CHN", "JPN", "KOR", "USA")


async def test_a_viewer_only_narrows(told: Told) -> None:
    directory = told.accord.directory
    for role in (None, *told.cast.people):
        own = told.who(role).books
        for viewer in VIEWERS:
            seen = narrowed(directory, own, viewer)
            assert seen <= own
            if viewer == PUBLIC:
                assert seen == directory.public_books()
            elif viewer is not None:
                assert seen == own & directory.books_of(DelegationCode(viewer))


async def test_what_a_delegation_sees_is_what_each_of_it_sees(told: Told) -> None:
    for code in ("CHN", "JPN", "KOR", "USA"):
        assert told.accord.directory.books_of(DelegationCode(code)) == told.who(f"head-{code}").books


async def test_through_a_viewer_just_that_is_shown_which_both_may_see(told: Told) -> None:
    for role in ("auditor", "head-JPN", "head-CHN", "secretary", None):
        for viewer in VIEWERS[1:]:
            for proposal in told.cast.proposals.values():
                seen = await _sees(told, role, proposal, viewer)
                assert seen == (
                    await _sees(told, role, proposal, None)
                    and await _sees(told, None if viewer == PUBLIC else f"head-{viewer}", proposal, None)
                )


async def _sees(told: Told, role: str | None, proposal: ProposalId, viewer: str | None) -> bool:
    try:
        await told.ask(Asked(OfProposal(proposal), viewer=viewer), role)
    except NotThereError:
        return False
    return True


@pytest.mark.parametrize("in_steps", [False, True])
async def test_what_is_not_for_the_viewer_is_not_there(told: Told, in_steps: bool) -> None:
    book = told.book("P23-01")
    for subject in (told.proposal("P23-01"), OfBook(book), OfAgenda(EditionCode("2023"), FormatCode("plenary"))):
        with pytest.raises(NotThereError):
            await told.ask(Asked(subject, viewer=PUBLIC, in_steps=in_steps))
        with pytest.raises(NotThereError):
            await told.ask(Asked(subject, in_steps=in_steps), None)
    for draft in told.cast.drafts.values():
        with pytest.raises(NotThereError):
            await told.ask(Asked(OfProposal(ProposalId(draft)), in_steps=in_steps))
