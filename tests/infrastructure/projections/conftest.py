from collections.abc import AsyncIterator, Iterator

import pytest

from infrastructure.postgres.embedded import Database
from infrastructure.projections.readers.proposals import PostgresProposals
from infrastructure.projections.readers.wall import Views
from tests.databases import Worker
from tests.infrastructure.projections.scene import Record


@pytest.fixture(scope="module")
def database(worker: Worker) -> Iterator[Database]:
    """One for all tests of a module: each begins the record anew."""
    with worker.database(worker.name) as database:
        yield database


@pytest.fixture(scope="module")
def sessions(database: Database) -> Iterator[Record]:
    record = Record(database)
    yield record
    record.close()


@pytest.fixture
def record(sessions: Record) -> Record:
    sessions.begin()
    return sessions


@pytest.fixture(scope="module")
async def views(database: Database) -> AsyncIterator[Views]:
    async with Views(database.app_url, most=2) as views:
        yield views


@pytest.fixture
def proposals(views: Views) -> PostgresProposals:
    return PostgresProposals(views)
