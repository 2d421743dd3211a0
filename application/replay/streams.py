"""A proposal or an agenda, replayed."""

from datetime import datetime

import msgspec

from application.desk import NotThereError
from application.folds import Folded, State, fold, room_of
from application.replay.asked import Asked, NotBegunYet
from application.replay.steps import paged, steps_of
from application.replay.through import Through
from application.replay.turns import Facts, Point, Span
from application.views.changes import compare
from application.views.replay import Replayed, StoodShown
from application.views.status import show_revision
from domain.conferences.refusals import NotOfTheFormat
from domain.identity import DelegationCode, StreamId
from domain.proposals.proposal import Proposal


async def of_stream(through: Through, stream: StreamId, room: str, asked: Asked) -> Replayed:
    """A state of a stream, a difference, or steps. Raises NotThereError, NotBegunYet, NotOfTheFormat, and as Through.point."""
    facts = await through.facts(stream)
    if not facts or room_of(facts[0].fact) != room:
        raise NotThereError
    book = facts[0].book
    at = await through.point(book, asked.at)
    against = None if asked.against is None else await through.point(book, asked.against)
    now = _state(facts, at)
    before = None if against is None else _state(facts, against)
    answer = Replayed(
        of=room,
        book=book,
        at=at.shown(),
        viewer=asked.viewer,
        against=None if against is None else against.shown(),
        stood=None if asked.stood is None else _stood(through, now, at, asked.stood),
    )
    if asked.in_steps:
        return _in_steps(through, facts, answer, Span(against, at), asked)
    changes = None
    if before is not None and against is not None:
        changes = compare(through.plain(before, against.at), through.plain(now, at.at))
    return msgspec.structs.replace(answer, **{room: through.show(now, at.at)}, changes=changes)


def _state(facts: Facts, at: Point) -> State:
    """The state of a stream at a point. Raises NotBegunYet."""
    folded = fold(recorded for recorded in facts if recorded.index <= at.index)
    if folded is None:
        raise NotBegunYet(facts[0].at, facts[0].index)
    return folded.state


def _stood(through: Through, state: State, at: Point, delegation: DelegationCode) -> StoodShown:
    """A delegation's position, and the words that it was taken on, which may have been revised since."""
    assert isinstance(state, Proposal), "positions are taken on proposals"
    status = through.house.status(state, at.at, through.books)
    members = sorted({*status.without_position, *(position.delegation for position in status.positions)})
    if delegation not in members:
        raise NotOfTheFormat(delegation, tuple(members))
    position = next((position for position in status.positions if position.delegation == delegation), None)
    words = None if position is None else show_revision(state.revisions[position.revision])
    return StoodShown(delegation, position, words)


def _in_steps(through: Through, facts: Facts, answer: Replayed, span: Span, asked: Asked) -> Replayed:
    total = sum(span.after < recorded.index <= span.until.index for recorded in facts)
    span = _from_cursor(facts, span, asked.after)

    def show(at: datetime, folded: Folded) -> dict[str, object]:
        return {answer.of: through.show(folded.state, at)}

    steps, following = paged(steps_of(through, facts, span, show), asked.limit)
    return msgspec.structs.replace(answer, steps=steps, next=following, total=total)


def _from_cursor(facts: Facts, span: Span, after: int | None) -> Span:
    """The rest of it, after the page that ended with that fact."""
    if after is None or after <= span.after:
        return span
    passed = [recorded for recorded in facts if recorded.index <= after]
    if not passed:
        return span
    latest = passed[-1].at if span.since is None else max(passed[-1].at, span.since.at)
    return Span(Point(after, latest), span.until)
