"""What the tests of the edge may ask for."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest

from infrastructure.postgres.embedded import Database
from tests.api.scene import NOON, Room, room
from tests.infrastructure.eventlog.scene import Hands, Session, login
from tests.infrastructure.record.keeping import Notary, notary_of


@pytest.fixture
def owner(database: Database) -> Generator[Session]:
    with login(database.owner_url) as session:
        yield session


@pytest.fixture
def hands(owner: Session) -> Hands:
    """The record's clock, at noon."""
    return Hands(owner, NOON)


@pytest.fixture
def notary(tmp_path: Path) -> Generator[Notary]:
    with notary_of(tmp_path / "signer") as itself:
        yield itself


@pytest.fixture
async def at(database: Database, hands: Hands) -> AsyncGenerator[Room]:
    """A founded forum over HTTP."""
    async with room(database, hands) as opened:
        yield opened
