"""An empty record for each test."""

from collections.abc import Iterator

import pytest
from msgspec import Struct

from infrastructure.postgres.embedded import Database
from tests.databases import Worker
from tests.infrastructure.eventlog.scene import Session, login


class Home(Struct, frozen=True):
    """One database for all tests of a worker: to empty it takes a twentieth of the time that a new one takes."""

    database: Database
    owner: Session
    clock: str
    """The definition of the record's own clock."""

    def empty(self) -> None:
        self.owner.execute("TRUNCATE record.facts, record.books")
        self.owner.execute("UPDATE record.head SET position = 0, last_at = '-infinity', told = false")
        self.owner.execute(self.clock.encode())
        self.owner.execute("DROP TABLE IF EXISTS public.hands")


@pytest.fixture(scope="session")
def home(worker: Worker) -> Iterator[Home]:
    with worker.database(worker.name) as database, login(database.owner_url) as owner:
        ((clock,),) = owner.execute("SELECT pg_get_functiondef('record.clock'::regproc)").fetchall()
        owner.execute("SET client_min_messages = warning")
        yield Home(database, owner, clock)


@pytest.fixture
def database(home: Home) -> Database:
    home.empty()
    return home.database
