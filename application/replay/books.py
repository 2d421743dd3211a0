"""A book, replayed: no more is read at a time than a page needs, whatever the size of the book."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Final

import msgspec

from application.desk import NotThereError
from application.folds import Folded, fold, room_of
from application.ports import Beginning
from application.replay.asked import Asked, NotBegunYet
from application.replay.steps import PAGE_BYTES, paged, size_of, steps_of
from application.replay.through import Through
from application.replay.turns import Facts, Point, Span
from application.views.changes import ChangeShown, Json, appeared, compare, vanished
from application.views.replay import Replayed, StepShown, ThingChanged, ThingShown, naming
from domain.identity import BookId, StreamId
from domain.proposals.events import PositionTaken, RecordedOnBehalf, SilenceExtended, SilenceOpened
from domain.proposals.proposal import Proposal, settle

ENDS: Final = {
    SilenceOpened.tag: "deadline",
    SilenceExtended.tag: "deadline",
    PositionTaken.tag: "due",
    RecordedOnBehalf.tag: "due",
}
"""The facts that name an instant at which time alone does something, and the member that does."""


async def of_book(through: Through, book: BookId, asked: Asked) -> Replayed:
    """What a book tells of, what changed in it, or its facts in steps. Raises NotThereError, NotBegunYet, and as Through.point."""
    if book not in through.books:
        raise NotThereError
    at = await _begun(through, book, await through.point(book, asked.at))
    against = None if asked.against is None else await _begun(through, book, await through.point(book, asked.against))
    answer = Replayed(
        of="book",
        book=book,
        at=at.shown(),
        viewer=asked.viewer,
        against=None if against is None else against.shown(),
    )
    if asked.in_steps:
        return await _book_in_steps(through, answer, Span(against, at), asked)
    if against is not None:
        return await _what_changed(through, answer, against, at, asked)
    return await _what_is_there(through, answer, at, asked)


async def _begun(through: Through, book: BookId, point: Point) -> Point:
    """A point at which the book has begun. Raises NotBegunYet."""
    if point.index < 0:
        for recorded in await through.page(book, -1, 1):
            raise NotBegunYet(recorded.at, recorded.index)
        raise NotThereError
    return point


async def _what_is_there(through: Through, answer: Replayed, at: Point, asked: Asked) -> Replayed:
    begun, following, total = await _beginnings(through, answer.book, at.index, asked)
    found = await through.many([beginning.stream for beginning in begun])
    return msgspec.structs.replace(answer, things=tuple(_thing(facts, at) for facts in found), next=following, total=total)


async def _what_changed(through: Through, answer: Replayed, against: Point, at: Point, asked: Asked) -> Replayed:
    """Every thing is looked at: time may have changed also what no fact touched."""
    later = max(against, at, key=lambda point: point.index)
    begun, following, total = await _beginnings(through, answer.book, later.index, asked)
    found = await through.many([beginning.stream for beginning in begun])
    changed: list[ThingChanged] = []
    size = 0
    for beginning, facts in zip(begun, found, strict=True):
        if size > PAGE_BYTES:
            following = str(beginning.index - 1)
            break
        if changes := _difference(_plainly(through, facts, against), _plainly(through, facts, at)):
            changed.append(ThingChanged(_thing(facts, later), changes))
            size += size_of(changed[-1])
    return msgspec.structs.replace(answer, changed=tuple(changed), next=following, total=total)


async def _beginnings(through: Through, book: BookId, until: int, asked: Asked) -> tuple[Sequence[Beginning], str | None, int]:
    """A page of what begins in a book up to an index, where the next page begins, and how much there is in all."""
    after = -1 if asked.after is None else asked.after
    found = await through.house.log.beginnings(book, after=after, until=until, most=asked.limit + 1)
    first = found or await through.house.log.beginnings(book, after=-1, until=until, most=1)
    page = found[: asked.limit]
    return page, str(page[-1].index) if len(found) > asked.limit else None, first[0].total


def _thing(facts: Facts, at: Point) -> ThingShown:
    folded = fold(recorded for recorded in facts if recorded.index <= at.index)
    assert folded is not None, "it had begun"
    return _in_short(facts, folded, at.at)


def _in_short(facts: Facts, folded: Folded, at: datetime) -> ThingShown:
    last = facts[folded.version - 1]
    state = settle(folded.state, at) if isinstance(folded.state, Proposal) else folded.state
    name, status = naming(state)
    return ThingShown(room_of(last.fact), last.stream, name, status, facts[0].at, last.at, last.index)


def _plainly(through: Through, facts: Facts, at: Point) -> Json | None:
    folded = fold(recorded for recorded in facts if recorded.index <= at.index)
    return None if folded is None else through.plain(folded.state, at.at)


def _difference(before: Json | None, after: Json | None) -> tuple[ChangeShown, ...]:
    """What changed; all of it where it was not there, or not yet."""
    if before is None:
        return () if after is None else appeared(after)
    return vanished(before) if after is None else compare(before, after)


async def _book_in_steps(through: Through, answer: Replayed, asked_for: Span, asked: Asked) -> Replayed:
    total = max(0, asked_for.until.index - asked_for.after)
    span, is_last = await _next_facts(through, answer.book, asked_for, asked)
    streams = await _moving(through, answer.book, span)
    steps = chain.from_iterable(_of_thing(through, facts, span) for facts in await through.many(streams))
    taken, following = paged(sorted(steps, key=_in_time), asked.limit)
    if following is None and not is_last:
        following = str(span.until.index)
    return msgspec.structs.replace(answer, steps=taken, next=following, total=total)


async def _next_facts(through: Through, book: BookId, span: Span, asked: Asked) -> tuple[Span, bool]:
    """The part of a span that one page shows, and whether it is the last."""
    since = span.since
    if asked.after is not None and asked.after > span.after:
        passed = await through.point(book, asked.after)
        since = Point(passed.index, passed.at if since is None else max(passed.at, since.at))
    rest = Span(since, span.until)
    facts = await through.page(book, rest.after, asked.limit + 1)
    if len(facts) <= asked.limit or facts[asked.limit].index > span.until.index:
        return rest, True
    last = facts[asked.limit - 1]
    return Span(since, Point(last.index, last.at)), False


async def _moving(through: Through, book: BookId, span: Span) -> Sequence[StreamId]:
    """The streams that a fact touches within a span, and those that time alone may change in it."""
    facts = await through.page(book, span.after, max(0, span.until.index - span.after))
    touched = [recorded.stream for recorded in facts]
    since = facts[0].at if span.since is None else span.since.at
    ending = await through.house.log.ending(book, until=span.until.index, since=since, ends=span.until.at, members=ENDS)
    return list(dict.fromkeys((*touched, *ending)))


def _of_thing(through: Through, facts: Facts, span: Span) -> Iterator[StepShown]:
    return steps_of(through, facts, span, lambda at, folded: {"thing": _in_short(facts, folded, at)})


def _in_time(step: StepShown) -> tuple[datetime, bool, int, str]:
    """What time alone did comes before the facts of the same instant: these found it done."""
    return (
        step.at,
        step.fact is not None,
        -1 if step.fact is None else step.fact.index,
        "" if step.thing is None else str(step.thing.id),
    )
