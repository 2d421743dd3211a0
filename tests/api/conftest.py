"""What the tests of the edge may ask for."""

from collections.abc import AsyncGenerator, Generator

import psycopg
import pytest

from infrastructure.postgres.embedded import Database
from tests.api.scene import NOON, Room, room
from tests.infrastructure.eventlog.scene import Hands


@pytest.fixture
def hands(database: Database) -> Generator[Hands]:
    """The record's clock, at noon."""
    with psycopg.connect(database.owner_url, autocommit=True) as owner:
        yield Hands(owner, NOON)


@pytest.fixture
async def at(database: Database, hands: Hands) -> AsyncGenerator[Room]:
    """A founded forum over HTTP."""
    async with room(database, hands) as opened:
        yield opened
