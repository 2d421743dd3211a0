"""`accord books`, as it is printed."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from infrastructure.postgres.embedded import Database
from tests.api.cli.calling import called
from tests.api.scene import NOON, Room, room
from tests.infrastructure.eventlog.scene import Hands
from tests.infrastructure.record.keeping import notary_of, signed

pytestmark = pytest.mark.anyio


@pytest.fixture
async def at(database: Database, tmp_path: Path) -> AsyncIterator[Room]:
    with psycopg.connect(database.owner_url, autocommit=True) as owner, notary_of(tmp_path / "signer") as notary:
        async with room(database, Hands(owner, NOON), reacts=False, signer=notary) as opened_room:
            await signed(owner)
            yield opened_room


async def test_it_prints_each_book_that_one_reads_with_how_far_it_is_signed_and_watched(at: Room) -> None:
    shown = await called(at, "books", role="head-JPN")
    assert shown.exit_code == 0, shown.stderr
    header, *rows = [re.split(r" {2,}", line.strip()) for line in shown.stdout.splitlines() if re.search(r"\w", line)]
    assert header == ["Book", "For", "Facts", "Signed", "Cosigned by"]
    listed = (await at.read("/api/books", "head-JPN"))["items"]
    assert [row[0] for row in rows] == [book["id"] for book in listed]
    assert [row[1] for row in rows] == [_for(book["audience"]) for book in listed]
    assert [row[2] for row in rows] == [row[3] for row in rows] == [str(book["size"]) for book in listed]
    assert [row[4] for row in rows] == [f"(0, quorum {book['watched']['quorum']}: too few)" for book in listed]


def _for(audience: dict[str, Any]) -> str:
    return audience["format"] or "+".join(audience["members"]) or audience["kind"]


async def test_a_secretarys_books_have_one_that_nobody_is_asked_to_watch(at: Room) -> None:
    assert "nobody is asked" in (await called(at, "books", role="secretary")).stdout


async def test_with_json_it_is_what_the_server_said(at: Room) -> None:
    as_said = (await at.get("/api/books", "head-CHN")).text
    assert (await called(at, "books", "--json", role="head-CHN")).stdout == as_said + "\n"
