"""A story becomes a record: each of its steps is carried out through the one door, at the time that the story tells.

Steps are recorded in their order, each under a key derived from its place. So what a record holds of a story is a beginning of it, and
a load goes on where the one before ended, after a crash too. A record that holds all of it is left as it is.

While a load runs nobody else may write: a told time that lies before the last of its book is refused. Reactions in particular start
afterwards, or they would write down today that a silence ended years ago.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import TypeVar, assert_never

from msgspec import Struct

from application.accord import Accord
from application.acts import conferences, drafts, forum, prepared, proposals
from application.desk import ANY_STATE
from application.folds import State
from application.ports import EventLog
from application.story import steps
from application.story.steps import Act, Step, Story
from application.tracker import Request, Task
from domain.drafts.draft import Draft
from domain.forum.commands import EndCredential
from domain.forum.events import Audience
from domain.forum.people import Credentials
from domain.identity import BookId, CredentialId, DelegationCode, DraftId, PersonId, PreparedId, ProposalId, StreamId
from domain.prepared.prepared import PrepareAct
from domain.proposals.commands import Merge, TakeUp

S = TypeVar("S", bound=State)

Introduce = Callable[[PersonId, str], Awaitable[object]]
"""Puts a person's name beside the record, under this id; where it stands already, it does nothing."""


class Cast(Struct, frozen=True):
    """The ids behind the names of a story: the same in every record of it."""

    people: Mapping[str, PersonId]
    proposals: Mapping[str, ProposalId]
    drafts: Mapping[str, DraftId]
    prepared: Mapping[str, PreparedId]


class OtherStoryError(Exception):
    """The record holds another story, or this one as another version told it."""

    def __init__(self) -> None:
        super().__init__("This record holds another story than the one to be told, which needs a record of its own.")


class TooEarlyError(Exception):
    """The clock is behind what the story tells of."""

    def __init__(self, start: datetime, told: datetime) -> None:
        super().__init__(f"By the clock it is {start}: too early for a story that is told up to {told}. Is the clock right?")


async def load(accord: Accord, story: Story, start: datetime, introduce: Introduce) -> Cast:
    """Tell the story in the forum that it founded, as a demonstration that starts at ``start``, by the record's clock.

    Raises TooEarlyError, OtherStoryError; Busy.
    """
    life = story.steps(start)
    _check_order(life, start)
    done = await _recorded(accord.log, story.version, len(life))
    if not done and any(accord.memory.everything(Credentials)):
        raise OtherStoryError
    for role, name in story.people.items():
        await introduce(steps.person(role), name)
    for place, step in enumerate(life[done:], done):
        await accord.tracker.execute(_task(accord, step.act), _request(story.version, place, step))
    return _cast(story, life)


def _check_order(life: Sequence[Step], start: datetime) -> None:
    """The days before a start come after all that is told at fixed instants."""
    told = [step.at for step in life if step.at is not None]
    if told != sorted(told):
        raise TooEarlyError(start, max(told))


async def _recorded(log: EventLog, version: int, count: int) -> int:
    """How many of the steps the record holds, found by halving: they are the first ones."""
    least, most = 0, count
    while least < most:
        middle = (least + most) // 2
        digest = _digest(version, middle)
        if await log.known(digest[:16], digest) is None:
            most = middle
        else:
            least = middle + 1
    return least


def _digest(version: int, place: int) -> bytes:
    """Names a step by its place alone: the same step of a later start is the same step."""
    return sha256(f"accord/demonstration/{version}/{place}".encode()).digest()


def _request(version: int, place: int, step: Step) -> Request:
    digest = _digest(version, place)
    person = None if step.by is None else steps.person(step.by)
    return Request(
        person, is_reaction=person is None, key=digest[:16], digest=digest, told=step.at, if_match=frozenset({ANY_STATE})
    )


def _task(accord: Accord, act: Act) -> Task:  # noqa: C901, PLR0912  one case an act
    directory = accord.tracker.directory
    match act:
        case steps.Credential(delegation, command):
            return forum.issue_credential(directory, delegation, command)
        case steps.EndTerm(delegation, role):
            return forum.end_credential(directory, delegation, EndCredential(_credential(accord, delegation, role)))
        case steps.LetRead(audience, command):
            return forum.change_readers(directory, _book(accord, audience), command)
        case steps.Announce(command):
            return conferences.announce_edition(directory, command)
        case steps.Move(edition, command):
            return conferences.move_edition(directory, edition, command)
        case steps.OnAgenda(edition, format_, command):
            return conferences.move_agenda(directory, edition, format_, command)
        case steps.FinishAgenda(edition, format_, command):
            return conferences.close_agenda(directory, edition, format_, command)
        case steps.Begin(draft, command):
            return drafts.begin_draft(command, steps.draft(draft))
        case steps.Rewrite(draft, command):
            return drafts.rewrite_draft(steps.draft(draft), command)
        case steps.Share(draft, command, shared):
            return drafts.share_draft(steps.draft(draft), command, steps.draft(shared))
        case steps.Discard(draft):
            return drafts.discard_draft(steps.draft(draft))
        case steps.Table(draft, proposal):
            state = _known(accord, StreamId(steps.draft(draft)), Draft)
            return drafts.table_draft(directory, steps.draft(draft), state, steps.proposal(proposal))
        case steps.On(proposal, TakeUp() as command):
            return proposals.take_up(steps.proposal(proposal), command)
        case steps.On(proposal, command):
            return proposals.on_proposal(steps.proposal(proposal), command, unconditional=True)
        case steps.GoOnIn(proposal, into):
            return proposals.merge(steps.proposal(proposal), Merge(steps.proposal(into)))
        case steps.GoOnInParts(proposal, command, parts):
            return proposals.split(steps.proposal(proposal), command, tuple(map(steps.proposal, parts)))
        case steps.SilenceEnds(proposal):
            return proposals.end_silence(steps.proposal(proposal))
        case steps.FallsAway(proposal, command):
            return proposals.fall_away(steps.proposal(proposal), command)
        case steps.Prepare():
            command = PrepareAct(act.door, str(steps.proposal(act.proposal)), act.body)
            return prepared.prepare_act(directory, act.delegation, command, steps.prepared(act.prepared))
        case steps.Send(what):
            return prepared.send_prepared(steps.prepared(what.prepared), steps.proposal(what.proposal), what.command)
        case steps.Drop(what):
            return prepared.drop_prepared(steps.prepared(what.prepared))
        case _:
            assert_never(act)


def _known(accord: Accord, stream: StreamId, kind: type[S]) -> S:
    """What an earlier step left. The steps before were recorded here or read with the record."""
    folded = accord.memory.find(stream, accord.tracker.directory.all_books())
    assert folded is not None, "the story told of it before"
    assert isinstance(folded.state, kind), "its stream bears its id"
    return folded.state


def _credential(accord: Accord, delegation: DelegationCode, role: str) -> CredentialId:
    issued = _known(accord, accord.tracker.directory.stream_of("credentials", delegation), Credentials).issued
    (credential,) = (id_ for id_, term in issued.items() if term.person == steps.person(role))
    return credential


def _book(accord: Accord, audience: Audience) -> BookId:
    folded = accord.tracker.directory.book_of(audience)
    assert folded is not None, "a founding opens it"
    return folded.book


def _cast(story: Story, life: tuple[Step, ...]) -> Cast:
    acts = [step.act for step in life]
    begun = [act.draft for act in acts if isinstance(act, steps.Begin)]
    shared = [act.shared for act in acts if isinstance(act, steps.Share)]
    return Cast(
        people={role: steps.person(role) for role in story.people},
        proposals={code: steps.proposal(code) for act in acts for code in _opened(act)},
        drafts={name: steps.draft(name) for name in (*begun, *shared)},
        prepared={act.prepared: steps.prepared(act.prepared) for act in acts if isinstance(act, steps.Prepare)},
    )


def _opened(act: Act) -> tuple[str, ...]:
    """The codes of the proposals that the act puts on the table."""
    match act:
        case steps.Table(proposal=proposal):
            return (proposal,)
        case steps.GoOnInParts(parts=parts):
            return parts
        case _:
            return ()
