"""Measure, and print the table of goals: `uv run poe bench`."""

import asyncio
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from random import Random
from typing import Final

import msgspec
from msgspec import Struct

from api.cli.common import collect_seldom
from domain.proposals.events import PositionTaken
from tests.benchmarks.edge import PROPOSALS, Edge
from tests.benchmarks.goals import outcomes, table
from tests.benchmarks.growth import Anew, bring_up, grow, grown
from tests.benchmarks.library import Library
from tests.benchmarks.machine import blank, machine, migrated
from tests.benchmarks.measures import Measure, Samples, interleaved
from tests.benchmarks.pgbench import Pgbench
from tests.benchmarks.record import Record
from tests.benchmarks.verifying import Verifying
from tests.benchmarks.worker import Caller, founded, in_session, serving
from tests.infrastructure.record.keeping import notary_of

COMMANDS: Final = 20_000
"""After which the memory of a worker is looked at."""
FACTS: Final = 30_000
"""From which a view is built anew."""
YOUNG: Final = 10_000
"""Facts of the record against which a grown one is measured."""


class Length(Struct, frozen=True):
    """How long to measure: so many rounds, in each of which a slice lasts so many seconds."""

    rounds: int
    seconds: float
    book: int
    """Facts of the book that is verified."""


FULL: Final = Length(9, 1.0, 1_000_000)
QUICK: Final = Length(5, 0.4, 20_000)


def measured(length: Length) -> Samples:
    """All figures of a run, each with a value a round."""
    with ExitStack() as stack:
        server = stack.enter_context(machine())
        folder = server.folder.parent
        record = stack.enter_context(closing(Record(migrated(server, "record"), seconds=length.seconds)))
        library = stack.enter_context(closing(Library(blank(server, "library"), seconds=length.seconds)))
        books = stack.enter_context(closing(Record(migrated(server, "books"), seconds=length.seconds)))
        notary = stack.enter_context(notary_of(folder / "signer"))
        envelope = record.envelope()
        pgbench = Pgbench(blank(server, "pgbench"), folder / "insert.sql", envelope=envelope, tag=PositionTaken.tag)
        forum = migrated(server, "forum")
        secretary = asyncio.run(founded(forum))
        worker = stack.enter_context(serving(forum, folder / "worker.log"))
        caller = Caller(worker.port)
        collect_seldom()
        edge = Edge(worker, in_session(caller, secretary, PROPOSALS), seconds=length.seconds)
        random = Random(length.rounds)
        samples = {
            name: figures
            for group in (*_groups(record, library, pgbench, edge), [books.unkept, lambda: books.kept(notary)])
            for name, figures in interleaved(group, length.rounds, random).items()
        }
        verifying = Verifying(length.book)
        samples |= interleaved([verifying.ours, verifying.hashing], length.rounds, random)
        del verifying
        again = migrated(server, "again")
        asyncio.run(founded(again))
        grow(again, FACTS)
        memory = interleaved([lambda: bring_up(again)], 1, random)
        anew = Anew(again)
        samples |= interleaved([anew.view, anew.copy], length.rounds, random)
        last = interleaved([record.feed, lambda: edge.memory(COMMANDS)], 1, random)
        return samples | dict(memory) | dict(last)


def grown_to(size: int, length: Length) -> Samples:
    """How a record of that size compares with a young one."""
    with ExitStack() as stack:
        server = stack.enter_context(machine())
        young, old = (
            stack.enter_context(grown(server, name, facts, seconds=length.seconds))
            for name, facts in (("young", YOUNG), ("grown", size))
        )
        collect_seldom()
        random = Random(size)
        samples: dict[str, Sequence[float]] = {name: [figure] for name, figure in old.memory.items()}
        for group in ([young.append, old.append], [young.status, old.status], [young.load, old.load]):
            samples |= interleaved(group, length.rounds, random)
        return samples


def _groups(record: Record, library: Library, pgbench: Pgbench, edge: Edge) -> Iterator[list[Measure]]:
    """What is compared with one another, and so measured in turns."""
    yield [lambda: record.append(64), lambda: pgbench.rate(16), edge.command, library.save]
    yield [lambda: record.append(1), lambda: pgbench.rate(1)]
    yield [edge.command_alone, library.change]
    yield [edge.status, edge.hello]
    yield [record.log, record.cursor]
    yield [record.load, library.get]
    yield [edge.own_write]


def main() -> None:
    parser = ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="within a minute, less surely")
    parser.add_argument("--json", action="store_true", help="the figures alone, as JSON")
    parser.add_argument("--growth", action="store_true", help="how a record of 10^6 facts compares with one of 10^4, alone")
    parser.add_argument("--full", action="store_true", help="the same with 10^7 facts: ten times as many")
    chosen = parser.parse_args()
    length = QUICK if chosen.quick else FULL
    size = 10_000_000 if chosen.full else 1_000_000
    samples = grown_to(size, length) if chosen.growth or chosen.full else measured(length)
    lines = outcomes(samples)
    sys.stdout.write((msgspec.json.encode(lines).decode() if chosen.json else table(lines)) + "\n")


if __name__ == "__main__":
    main()
