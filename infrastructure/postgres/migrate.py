"""Brings a database to the shape that this program knows: numbered files of SQL, each run once, in order, never edited."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

import psycopg

from infrastructure.postgres import roles
from infrastructure.postgres.roles import Session

FOLDER: Final = Path(__file__).with_name("migrations")
LOCK: Final = 0x4143434F5244
"""The advisory lock of a database that is being migrated: one at a time, the others wait."""

# In a schema of its own: the app and the projector have no way in, and nothing that a migration makes or drops is beside it.
REGISTER: Final = """
    CREATE SCHEMA IF NOT EXISTS migrations;
    CREATE TABLE IF NOT EXISTS migrations.applied (
        name       text        PRIMARY KEY,
        digest     bytea       NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )
"""
# A change that waits for a lock has everybody else wait behind it, so it gives up soon; the next try runs it anew.
LIMITS: Final = "SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = '10min'"


class MigrationError(Exception):
    """The files and the database do not belong together."""


def migrate(url: str, passwords: Mapping[str, str] | None = None, folder: Path = FOLDER) -> list[str]:
    """As the owner: make the other two roles with these passwords where they lack, run what is new, and say what was run.

    Raises MigrationError, roles.AdministratorNeededError, and what PostgreSQL says of a statement.
    """
    with psycopg.connect(url, autocommit=True) as session:
        session.execute("SELECT pg_advisory_lock(%s)", [LOCK])  # dropped with the connection
        roles.prepare(session, passwords or {})
        session.execute("SET client_min_messages = warning")  # that it exists already is no news
        session.execute(REGISTER)
        return [_run(session, file) for file in _new(session, sorted(folder.glob("[0-9]*.sql")))]


def _new(session: Session, files: list[Path]) -> Iterator[Path]:
    """The files after those that were run, which must be there, unchanged, and first."""
    applied = dict(session.execute("SELECT name, digest FROM migrations.applied ORDER BY name").fetchall())
    names = [file.name for file in files]
    if names[: len(applied)] != list(applied):
        raise MigrationError(f"The database has run {', '.join(applied)}; this program knows {', '.join(names)}.")
    for file in files[: len(applied)]:
        if sha256(file.read_bytes()).digest() != applied[file.name]:
            raise MigrationError(f"{file.name} was edited after it was run here. Put it back and write a new one.")
    yield from files[len(applied) :]


def _run(session: Session, file: Path) -> str:
    text = file.read_bytes()
    with session.transaction():
        session.execute(LIMITS)
        session.execute(text)
        session.execute("INSERT INTO migrations.applied (name, digest) VALUES (%s, %s)", [file.name, sha256(text).digest()])
    return file.name
