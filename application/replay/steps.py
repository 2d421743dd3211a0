"""A page of steps: each with what it changed."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final

import msgspec

from application.folds import Folded, fold
from application.replay.through import Through
from application.replay.turns import Facts, Span, turns
from application.views.changes import Json, compare
from application.views.history import show_fact
from application.views.replay import StepShown

PAGE_BYTES: Final = 4 * 1024 * 1024
"""A page that has grown so large ends, though it holds fewer items than were asked for."""


def steps_of(
    through: Through, facts: Facts, span: Span, show: Callable[[datetime, Folded], dict[str, object]]
) -> Iterator[StepShown]:
    """The turns, each with what it changed. Where time changed nothing that is shown, there is no step."""
    before = _baseline(through, facts, span)
    for turn in turns(facts, span):
        now = through.plain(turn.folded.state, turn.at)
        changes = () if before is None else compare(before, now)
        before = now
        if turn.fact is not None or changes:
            yield StepShown(
                at=turn.at,
                changes=changes,
                by_time_alone=turn.fact is None,
                fact=None if turn.fact is None else show_fact(turn.fact),
                **show(turn.at, turn.folded),  # type: ignore[arg-type]  # a state under its kind's name
            )


def _baseline(through: Through, facts: Facts, span: Span) -> Json | None:
    """What is shown where the span begins; None where there is nothing yet."""
    folded = fold(recorded for recorded in facts if recorded.index <= span.after)
    return None if folded is None or span.since is None else through.plain(folded.state, span.since.at)


def paged(steps: Iterable[StepShown], limit: int) -> tuple[tuple[StepShown, ...], str | None]:
    """So many facts with what time did before each, after the last one too; and where the next page begins."""
    taken: list[StepShown] = []
    waiting: list[StepShown] = []
    last, count, size = -1, 0, 0
    for step in steps:
        waiting.append(step)
        if step.fact is None:
            continue
        if count == limit or size > PAGE_BYTES:
            return tuple(taken), str(last)
        taken += waiting
        last, count, size = step.fact.index, count + 1, size + sum(map(size_of, waiting))
        waiting = []
    return (*taken, *waiting), None


def size_of(item: object) -> int:
    """Bytes that it takes on a page."""
    return len(msgspec.json.encode(item))
