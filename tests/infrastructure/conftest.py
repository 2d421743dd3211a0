"""Sessions with the database of a test, as each of its roles."""

from collections.abc import Iterator

import pytest

from infrastructure.postgres.embedded import Database
from tests.infrastructure.eventlog.scene import Session, login


@pytest.fixture
def owner(database: Database) -> Iterator[Session]:
    with login(database.owner_url) as session:
        yield session


@pytest.fixture
def app(database: Database) -> Iterator[Session]:
    with login(database.app_url) as session:
        yield session


@pytest.fixture
def projector(database: Database) -> Iterator[Session]:
    with login(database.projector_url) as session:
        yield session


@pytest.fixture
def superuser(database: Database) -> Iterator[Session]:
    with login(database.superuser_url) as session:
        yield session
