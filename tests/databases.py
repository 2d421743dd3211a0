"""The PostgreSQL of the tests: one server for all runs and workers of a user, one database for each test.

The server starts with the first test that asks and ends with the last run, however that run ends. Its settings throw
durability away: after a power cut its folder is to be removed.
"""

import os
import secrets
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

import psycopg
from msgspec import Struct
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from infrastructure.postgres import binaries
from infrastructure.postgres.embedded import Database, Server
from infrastructure.postgres.migrate import migrate
from infrastructure.postgres.roles import create_database

THROWAWAY: Final = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "max_wal_senders": "0",
    "synchronous_commit": "off",
    "wal_level": "minimal",
}


def shared() -> Server:
    """The server of this user's tests."""
    folder = Path(tempfile.gettempdir()) / f"accord-tests-{os.geteuid()}-{binaries.find().major}"
    assert not folder.exists() or folder.lstat().st_uid == os.geteuid(), f"{folder} was put there by somebody else"
    return Server(folder, THROWAWAY)


class Worker(Struct, frozen=True):
    """One worker of one run: its session, and the migrated database of which each test gets a copy.

    The names of its databases begin with the key of an advisory lock that the session holds. So the databases of a run that
    was killed are known by their free lock.
    """

    server: Server
    session: Connection[Any]
    name: str
    numbers: Iterator[int]

    @contextmanager
    def database(self, template: str) -> Generator[Database]:
        name = f"{self.name}_{next(self.numbers)}"
        create_database(self.session, name, template=template)
        yield self.server.database(name)
        drop(self.session, name)


@contextmanager
def worker(server: Server) -> Generator[Worker]:
    with psycopg.connect(server.database("postgres").superuser_url, autocommit=True) as session:
        sweep(session)
        key = secrets.randbelow(1 << 31)
        session.execute("SELECT pg_advisory_lock(%s)", [key])
        itself = Worker(server, session, f"run_{key}", count(1))
        create_database(session, itself.name)
        migrate(server.database(itself.name).owner_url)
        yield itself
        drop(session, itself.name)


def sweep(session: Connection[Any]) -> None:
    """Drop what killed runs left."""
    found = session.execute(r"SELECT datname, split_part(datname, '_', 2)::int FROM pg_database WHERE datname ~ '^run_\d+'")
    for name, key in found.fetchall():
        if session.execute("SELECT pg_try_advisory_lock(%s)", [key]).fetchone() == (True,):
            drop(session, name)
            session.execute("SELECT pg_advisory_unlock(%s)", [key])


def drop(session: Connection[Any], name: str) -> None:
    session.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
