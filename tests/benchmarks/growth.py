"""A record that has grown: facts by COPY from a generator, what stands on them, and a view that is built anew from them."""

import asyncio
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import islice
from os import urandom
from time import perf_counter
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

import psycopg

from domain.identity import BookId, CommandId, CredentialId, PersonId, StreamId
from domain.kernel import Fact
from domain.proposals.events import PositionTaken, Stance
from domain.record.envelope import COMMIT_TAG, SALT_BYTES, pieces
from infrastructure.postgres.embedded import Database, Server
from infrastructure.projections.proposals import PROPOSALS
from infrastructure.projections.rebuild import PROJECTIONS, rebuild
from tests.benchmarks.edge import PROPOSALS as ON_THE_TABLE
from tests.benchmarks.edge import Edge
from tests.benchmarks.machine import blank, copied, migrated
from tests.benchmarks.measures import Figures
from tests.benchmarks.pgbench import Pgbench
from tests.benchmarks.record import CODES, TABLED, Record
from tests.benchmarks.worker import Caller, founded, in_session, serving

MICROSECOND: Final = timedelta(microseconds=1)
STREAM: Final = 10
"""Facts of each proposal."""
BESIDE: Final = 50
"""Proposals that take turns, so that the facts of each lie apart."""
INTO: Final = """
    COPY record.facts (position, at, index, version, stream, book, command, type, salt, commit, envelope, key, request)
    FROM STDIN (FORMAT binary)
"""
TYPES: Final = (
    "int8", "timestamptz", "int8", "int8", "uuid", "uuid", "uuid", "text", "bytea", "bytea", "bytea", "uuid", "bytea",
)  # fmt: skip
ENDS: Final = """
    SELECT h.position, b.size, h.last_at, b.book
      FROM record.head AS h, record.books AS b
     WHERE b.book = (SELECT book FROM record.facts ORDER BY type = 'proposal.tabled' DESC, position LIMIT 1)
"""
HEAD: Final = "UPDATE record.head SET position = %s, last_at = %s"
BOOK: Final = "UPDATE record.books SET size = %s, last_at = %s WHERE book = %s"
REBUILT: Final = """
import re
import sys
from pathlib import Path

from api.cli.common import collect_seldom
from infrastructure.projections import rebuild

def kilobytes(of):
    return int(re.search(of + r":\\s*(\\d+) kB", Path("/proc/self/status").read_text())[1])

collect_seldom()
before = kilobytes("VmRSS")
rebuild.rebuild(sys.argv[1], rebuild.PROPOSALS, lambda words: None, grace=0)
print((kilobytes("VmHWM") - before) / 1024)
"""


class End(NamedTuple):
    """Where a record and one of its books end."""

    position: int
    size: int
    at: datetime
    book: BookId


def grow(database: Database, size: int) -> None:
    """Lay proposals on the record, in the book of the first that is there, until it has so many facts."""
    with psycopg.connect(database.owner_url) as session:
        row = session.execute(ENDS).fetchone()
        assert row is not None, "a forum is founded"
        end = End(*row)
        with session.cursor() as cursor, cursor.copy(INTO) as copy:
            copy.set_types(TYPES)
            for stored in islice(_facts(end), size - end.position):
                copy.write_row(stored)
        at = end.at + (size - end.position) * MICROSECOND
        session.execute(HEAD, (size, at))
        session.execute(BOOK, (end.size + size - end.position, at, end.book))
    with psycopg.connect(database.owner_url, autocommit=True) as session:
        session.execute("VACUUM ANALYZE record.facts")


def _facts(end: End) -> Iterator[tuple[Any, ...]]:
    """Without end, as they are stored; a microsecond apart."""
    number = 0
    while True:
        streams = [StreamId(uuid4()) for _ in range(BESIDE)]
        for version in range(1, STREAM + 1):
            fact = TABLED if version == 1 else _taken(version)
            for stream in streams:
                number += 1
                yield _stored(end, number, stream, version, fact)


def _taken(version: int) -> Fact:
    return PositionTaken(CODES[version % 4], 0, (Stance.ENDORSE, Stance.NO_OBJECTION, Stance.ABSTAIN)[version % 3], None)


def _stored(end: End, number: int, stream: UUID, version: int, fact: Fact) -> tuple[Any, ...]:
    command, salt = CommandId(uuid4()), urandom(SALT_BYTES)
    at, index = end.at + number * MICROSECOND, end.size + number - 1
    around = pieces(
        fact,
        stream=StreamId(stream),
        book=end.book,
        command=command,
        actor=PersonId(uuid4()),
        delegation=CODES[0],
        credential=CredentialId(uuid4()),
    )
    envelope = around.filled(at, index)
    commit = sha256(COMMIT_TAG + salt + envelope).digest()
    place = (end.position + number, at, index, version, stream, end.book, command, fact.tag)
    return (*place, salt, commit, envelope, uuid4(), urandom(48))


class Anew:
    """The view of the proposals, built anew, against a COPY of the facts that it is made of."""

    def __init__(self, database: Database) -> None:
        self._database = database
        with psycopg.connect(database.owner_url) as session, session.cursor() as cursor:
            with cursor.copy("COPY record.facts TO STDOUT (FORMAT binary)") as copy:
                self._facts = [bytes(block) for block in copy]
            self._number = cursor.rowcount

    def view(self) -> Figures:
        """Facts a second, from the first to the swap."""
        begun = perf_counter()
        rebuild(self._database.projector_url, PROPOSALS, _silent, grace=0)
        return {"rebuild": self._number / (perf_counter() - begun)}

    def copy(self) -> Figures:
        """Rows a second into a table like that of the facts, with all its indexes."""
        with psycopg.connect(self._database.owner_url) as session, session.transaction(force_rollback=True):
            session.execute("CREATE TABLE record.again (LIKE record.facts INCLUDING ALL)")
            begun = perf_counter()
            with session.cursor() as cursor, cursor.copy("COPY record.again FROM STDIN (FORMAT binary)") as copy:
                copy.write(b"".join(self._facts))
            taken = perf_counter() - begun
        return {"copy": self._number / taken}


def bring_up(database: Database) -> Figures:
    """Build all views anew; MiB that a process of its own takes for that of the proposals, above what it had."""
    for projection in PROJECTIONS[1:]:
        rebuild(database.projector_url, projection, _silent, grace=0)
    command = [sys.executable, "-c", REBUILT, database.projector_url]
    return {"memory of a rebuild": float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)}


class Grown(NamedTuple):
    """A record of some size, and a worker over it; and a table of pgbench's that is as long."""

    name: str
    record: Record
    pgbench: Pgbench
    edge: Edge
    memory: Figures

    def append(self) -> Figures:
        """Commands for each row of pgbench's."""
        (ours,), (theirs,) = self.record.append(64).values(), self.pgbench.rate(16).values()
        return {f"append {self.name}": ours / theirs}

    def status(self) -> Figures:
        """Seconds."""
        return {f"status {self.name}": self.edge.status_alone()}

    def load(self) -> Figures:
        """Seconds for a stream of ten."""
        return {f"load {self.name}": self.record.load()["load 10"]}


@contextmanager
def grown(server: Server, name: str, size: int, *, seconds: float) -> Generator[Grown]:
    """Founded, in session, grown, its views built, and served."""
    log = server.folder.parent / f"{name}.log"
    forum = migrated(server, name)
    secretary = asyncio.run(founded(forum))
    with serving(forum, log) as worker:
        session = in_session(Caller(worker.port), secretary, ON_THE_TABLE)
    grow(forum, size)
    memory = bring_up(forum)
    apart = copied(server, name, f"{name}_apart")
    with ExitStack() as stack:
        record = stack.enter_context(closing(Record(apart, seconds=seconds)))
        script = server.folder.parent / f"{name}.sql"
        beside = blank(server, f"{name}_pgbench")
        pgbench = Pgbench(beside, script, envelope=record.envelope(), tag=PositionTaken.tag, rows=size)
        worker = stack.enter_context(serving(forum, log))
        yield Grown(name, record, pgbench, Edge(worker, session, seconds=seconds), memory)


def _silent(words: str) -> None:
    del words
