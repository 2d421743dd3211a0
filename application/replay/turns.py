"""What a stream came to, step by step: by each fact, and by time alone where it did something between two facts.

`evolve`, `settle` and `next_change` are those of a live answer and of a reaction, so that these never differ.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from application.folds import Folded, advance
from application.views.replay import PointShown
from domain.kernel import Fact, Recorded
from domain.proposals.proposal import Proposal, next_change, settle

Facts = Sequence[Recorded[Fact]]


class Point(Struct, frozen=True):
    """How far a book is read, and the instant at which what it says is settled."""

    index: int
    at: datetime

    def shown(self) -> PointShown:
        """It, for its reader."""
        return PointShown(self.at, self.index)


class Span(Struct, frozen=True):
    """What is stepped through: the facts after one point of the book (None: from its beginning) and up to another."""

    since: Point | None
    until: Point

    @property
    def after(self) -> int:
        """The index after which it begins."""
        return -1 if self.since is None else self.since.index


class Turn(Struct, frozen=True):
    """What a stream came to by a fact, or (None) by time alone."""

    at: datetime
    fact: Recorded[Fact] | None
    folded: Folded


def turns(facts: Iterable[Recorded[Fact]], span: Span) -> Iterator[Turn]:
    """What a stream came to, step by step, within the span; where it begins inside, from its beginning."""
    folded: Folded | None = None
    clock = None if span.since is None else span.since.at
    for recorded in facts:
        if recorded.index > span.until.index:
            break
        is_within = recorded.index > span.after
        if is_within and folded is not None and clock is not None:
            yield from _by_time_alone(folded, clock, recorded.at)
        folded = advance(folded, recorded)
        if folded is not None and is_within:
            yield Turn(recorded.at, recorded, folded)
        clock = recorded.at if clock is None else max(clock, recorded.at)
    if folded is not None and clock is not None:
        yield from _by_time_alone(folded, clock, span.until.at)


def _by_time_alone(folded: Folded, since: datetime, until: datetime) -> Iterator[Turn]:
    """The instants, after one and up to another, at which time may have changed something."""
    if not isinstance(folded.state, Proposal):
        return
    instant = next_change(folded.state, since)
    while instant is not None and instant <= until:
        settled = settle(folded.state, instant)
        yield Turn(instant, None, msgspec.structs.replace(folded, state=settled))
        instant = next_change(settled, instant)
