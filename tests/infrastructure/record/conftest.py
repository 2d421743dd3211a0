from collections.abc import Iterator
from pathlib import Path

import pytest

from infrastructure.postgres.embedded import Database
from tests.databases import Worker
from tests.infrastructure.eventlog.scene import login
from tests.infrastructure.record.keeping import Notary, notary_of


@pytest.fixture(scope="module")
def house(worker: Worker) -> Iterator[Database]:
    """One for all tests of a module: each begins the record anew."""
    with worker.database(worker.name) as database:
        yield database


@pytest.fixture
def database(house: Database) -> Database:
    with login(house.owner_url) as session:
        session.execute("TRUNCATE record.facts, record.books, books.trees, books.tiles, books.checkpoints, books.cosignatures")
        session.execute("UPDATE record.head SET position = 0, last_at = '-infinity'")
        session.execute("UPDATE books.integrated SET position = 0")
    return house


@pytest.fixture
def notary(tmp_path: Path) -> Iterator[Notary]:
    with notary_of(tmp_path / "signer") as itself:
        yield itself
