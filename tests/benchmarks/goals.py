"""What is to be reached, against what: the table of goals, and what became of each."""

from collections.abc import Iterable, Sequence
from typing import Final, Literal

from msgspec import Struct

from tests.benchmarks.measures import Samples, Spread, spread

Verdict = Literal["aim", "ok", "short"]


class Goal(Struct, frozen=True):
    """``ours`` and ``reference`` name figures; the goal is for their ratio, or for ours alone where there is no reference."""

    what: str
    ours: str
    against: str
    reference: str | None
    must: float
    aim: float
    unit: str = ""
    more_is_better: bool = True

    def verdict(self, value: float) -> Verdict:
        if self._reaches(value, self.aim):
            return "aim"
        return "ok" if self._reaches(value, self.must) else "short"

    def _reaches(self, value: float, bar: float) -> bool:
        return value >= bar if self.more_is_better else value <= bar


def least(what: str, ours: str, against: str, reference: str, *, must: float, aim: float, unit: str = "") -> Goal:
    """So much of the reference, or more."""
    return Goal(what, ours, against, reference, must, aim, unit)


def most(what: str, ours: str, against: str, reference: str | None, *, must: float, aim: float, unit: str = "") -> Goal:
    """So much of the reference, or of the unit, at most."""
    return Goal(what, ours, against, reference, must, aim, unit, more_is_better=False)


PGBENCH: Final = "pgbench, 16 clients"
LIBRARY: Final = "eventsourcing"

GOALS: Final = (
    least("durable append, 64 callers", "append 64", PGBENCH, "pgbench 16", must=0.6, aim=1.0),
    least("durable append, 64 callers", "append 64", f"{LIBRARY} save, 16 threads", "save 16", must=8, aim=15, unit="x"),
    least("durable append, 1 caller", "append 1", "pgbench, 1 client", "pgbench 1", must=0.25, aim=0.35),
    least("append while the books are kept", "append kept", "while they are not", "append unkept", must=0.9, aim=0.97),
    most("verify a book, fact by fact", "verify", "its SHA-256 by openssl speed", "hash", must=12, aim=6, unit="x"),
    most("recorded until published, p50", "published", "", None, must=2, aim=0.6, unit="s"),
    most("recorded until published, the last", "published last", "", None, must=2, aim=1, unit="s"),
    least("HTTP command, 64 connections", "command 64", PGBENCH, "pgbench 16", must=0.15, aim=0.3),
    most(
        "HTTP command, 1 connection, p50", "command 1", f"{LIBRARY} load, decide, save", "change 1", must=1, aim=0.5, unit="x"
    ),
    most("CPU of the app for an HTTP command", "command cpu", "", None, must=450, aim=300, unit="us"),
    least("status of a proposal over HTTP", "status", "hello of the same server", "hello", must=0.4, aim=0.6),
    least("the whole log, decoded", "log", "binary server-side cursor", "cursor", must=0.5, aim=0.8),
    most("load and decide, stream of 10", "load 10", f"{LIBRARY} repository.get", "get 10", must=0.5, aim=0.35),
    most("load and decide, stream of 1,000", "load 1000", f"{LIBRARY} repository.get", "get 1000", must=0.25, aim=0.2),
    most("read your own write, p50", "own write", "", None, must=20, aim=8, unit="ms"),
    most("memory of a worker, 20,000 commands", "memory", "", None, must=120, aim=90, unit="MiB"),
    least("rebuild of a view with its checkpoint", "rebuild", "COPY into the event table", "copy", must=0.4, aim=0.8),
    most("memory of a rebuild, above the start", "memory of a rebuild", "", None, must=100, aim=50, unit="MiB"),
    least("growth: append of pgbench of that size", "append grown", "itself at 10^4", "append young", must=0.8, aim=0.95),
    most("growth: status over HTTP, p50", "status grown", "itself at 10^4", "status young", must=1.2, aim=1.05, unit="x"),
    most("growth: stream of 10, p50", "load grown", "itself at 10^4", "load young", must=1.5, aim=1.2, unit="x"),
    most("feed, 8 writers: missed", "missed", "", None, must=0, aim=0),
    most("feed, 8 writers: repeated", "repeated", "", None, must=0, aim=0),
)


class Outcome(Struct, frozen=True):
    """A line of the table."""

    what: str
    against: str
    value: Spread
    must: float
    aim: float
    unit: str
    verdict: Verdict
    rounds: int


def outcomes(samples: Samples, goals: Iterable[Goal] = GOALS) -> list[Outcome]:
    """Of each goal whose figures were measured."""
    return [_outcome(goal, samples) for goal in goals if {goal.ours, goal.reference} - {None} <= samples.keys()]


def _outcome(goal: Goal, samples: Samples) -> Outcome:
    figures = _figures(goal, samples)
    value = spread(figures)
    verdict = goal.verdict(value.median)
    return Outcome(goal.what, goal.against, value, goal.must, goal.aim, goal.unit, verdict, len(figures))


def _figures(goal: Goal, samples: Samples) -> Sequence[float]:
    ours = samples[goal.ours]
    if goal.reference is None:
        return ours
    return [one / other for one, other in zip(ours, samples[goal.reference], strict=True)]


def table(lines: Sequence[Outcome]) -> str:
    """For people: a line each, in columns."""
    cells = [("what", "against", "median", "spread", "must", "aim", ""), *map(_cells, lines)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(_line(row, widths) for row in cells)


def _cells(line: Outcome) -> tuple[str, ...]:
    value, unit = line.value, line.unit and f" {line.unit}"
    between = f"{_number(value.least)} - {_number(value.most)}" if line.rounds > 1 else ""
    goal = [_number(bar) + unit for bar in (line.must, line.aim)]
    return (line.what, line.against, _number(value.median) + unit, between, *goal, line.verdict)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _number(value: float) -> str:
    """Three digits that count."""
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"
