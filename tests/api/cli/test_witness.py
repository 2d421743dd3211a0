"""`accord witness`, as a program."""

from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from infrastructure.postgres.embedded import Database
from tests.api.cli.calling import ACCORD, called, ended
from tests.api.scene import NOON, Room, room
from tests.infrastructure.eventlog.scene import Hands
from tests.infrastructure.record.hosts import BOOK
from tests.infrastructure.record.keeping import notary_of, signed

pytestmark = pytest.mark.anyio


@pytest.fixture
async def at(database: Database, tmp_path: Path) -> AsyncIterator[Room]:
    with psycopg.connect(database.owner_url, autocommit=True) as owner, notary_of(tmp_path / "signer") as notary:
        async with room(database, Hands(owner, NOON), reacts=False, signer=notary) as opened_room:
            await signed(owner)
            yield opened_room


async def test_a_witness_is_made_and_registered_in_a_folder_that_was_there_and_the_next_time_not_made_again(
    at: Room, tmp_path: Path
) -> None:
    folder = tmp_path / "JPN"
    folder.mkdir(mode=0o755)
    made = await called(at, "witness", "init", str(folder), "--register", role="head-JPN")
    assert made.exit_code == 0, made.stderr
    key = (folder / "key.pem").read_bytes()
    again = await called(at, "witness", "init", str(folder), "--register", role="head-JPN")
    assert again.exit_code == 1, again.stdout
    assert (folder / "key.pem").read_bytes() == key
    (known,) = (await at.read("/api/delegations/JPN/keys", "head-JPN"))["items"]
    assert known["purpose"] == "witness"


async def test_a_folder_that_is_no_witness_has_nothing_to_resume(tmp_path: Path) -> None:
    said = await ended([ACCORD, "witness", "resume", tmp_path / "nowhere", str(BOOK)])
    assert said.exit_code == 1
    assert "is no witness" in said.stderr
    assert "Traceback" not in said.stderr
