"""A PostgreSQL of the run's own, on the durable settings that `accord serve` has, in a folder that goes with it."""

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from infrastructure.postgres.embedded import Database, Server
from infrastructure.postgres.migrate import migrate
from infrastructure.postgres.roles import create_database


@contextmanager
def machine() -> Generator[Server]:
    """On the disk of the folder for temporary files (TMPDIR): one in memory would make durability free."""
    folder = Path(tempfile.mkdtemp(prefix="accord-bench-"))
    folder.chmod(0o711)  # the server's user goes through
    try:
        with Server(folder) as server:
            yield server
    finally:
        shutil.rmtree(folder)


def blank(server: Server, name: str) -> Database:
    """A new database, empty."""
    with psycopg.connect(server.database("postgres").superuser_url, autocommit=True) as session:
        create_database(session, name)
    return server.database(name)


def migrated(server: Server, name: str) -> Database:
    """A new database of the current shape."""
    database = blank(server, name)
    migrate(database.owner_url)
    return database


def copied(server: Server, name: str, copy: str) -> Database:
    """A new database with all that is in another, to which nobody is connected."""
    with psycopg.connect(server.database("postgres").superuser_url, autocommit=True) as session:
        create_database(session, copy, template=name)
    return server.database(copy)
