"""What must be so once the last kill is over: in the record each accepted command once and nothing else; in the views all of it."""

from asyncio import to_thread
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

import anyio
from httpx import AsyncClient
from msgspec import Struct
from psycopg.rows import class_row

from infrastructure.postgres.embedded import Database
from infrastructure.projections.rebuild import PROJECTIONS, rebuild
from tests.crash.clients import bearer
from tests.crash.forum import Forum
from tests.crash.journal import Fact, Journal, recorded
from tests.infrastructure.eventlog.scene import Session, login
from tests.infrastructure.projections.scene import VIEWS

PATIENCE: Final = 30
"""Seconds in which the views have to be there again, and the last silence to have ended."""
PAUSE: Final = 0.1
"""Seconds before it is looked for again."""
IN_BOTH: Final = (
    "number", "status", "revision", "sponsors", "penholder", "endorsing", "objections", "agreed_ad_referendum", "changes",
    "certified", "issued", "tabled", "closed",
)  # fmt: skip
"""What the list and the page of a proposal both show."""


class Row(Struct, frozen=True):
    """A fact as the record keeps it."""

    command: UUID
    key: UUID | None
    actor: str | None
    type: str
    stream: UUID
    book: UUID
    index: int
    at: datetime

    def shown(self) -> Fact:
        """As an answer names it."""
        return Fact(self.type, self.stream, self.book, self.index, self.at)


def commands(owner: Session, after: int) -> Mapping[UUID, list[Row]]:
    """The facts above a position, by their command. Each command's stand together."""
    rows = (
        owner.cursor(row_factory=class_row(Row), binary=True)
        .execute(
            """
            SELECT command, key, convert_from(envelope, 'UTF8')::jsonb ->> 'actor' AS actor, type, stream, book, index, at
              FROM record.facts
             WHERE position > %s
             ORDER BY position
            """,
            [after],
        )
        .fetchall()
    )
    grouped = [(command, list(facts)) for command, facts in groupby(rows, attrgetter("command"))]
    found = dict(grouped)
    assert len(found) == len(grouped), "the facts of a command stand together"
    return found


def kept(forum: Forum, role: str, key: str) -> UUID:
    """The key as the record keeps it."""
    return UUID(bytes=sha256(UUID(forum.people[role]).bytes + b"\0" + key.encode()).digest()[:16])


def assert_recorded_once(owner: Session, after: int, forum: Forum, journal: Journal) -> int:
    """Each accepted command is in the record as it was answered; no other command of a client is."""
    found = commands(owner, after)
    keys = {facts[0].key: facts for facts in found.values()}
    for asked, told in journal.accepted():
        done = recorded(told)
        facts = keys.pop(kept(forum, asked.role, asked.key))
        assert facts[0].command == done.command, asked
        assert [fact.shown() for fact in facts] == list(done.facts), asked
    for asked in journal.refused():
        assert kept(forum, asked.role, asked.key) not in keys, f"{asked} was refused and is in the record"
    by_time = list(keys.values())
    assert {facts[0].actor for facts in by_time} <= {None}, "somebody's command was never answered"
    assert {fact.type for facts in by_time for fact in facts} <= {"proposal.silence-ended"}
    ended = [facts[0].stream for facts in by_time]
    assert len(set(ended)) == len(ended), "a silence ended twice"
    return len(found)


async def assert_shown(http: AsyncClient, base: str, forum: Forum, owner: Session, database: Database) -> int:
    """The views show what the pages of the proposals show; built anew they come to the same."""
    await _silences_ended(http, base, forum, owner)
    position = _position(owner)
    listed = await _listed(http, base, forum, position)
    for row in listed:
        page = await _read(http, base, forum, f"/api/proposals/{row['id']}", position)
        assert {name: row[name] for name in IN_BOTH} == {name: page[name] for name in IN_BOTH}
    assert {row["id"] for row in listed} == {proposal for table in forum.tables.values() for proposal in table}
    with login(database.projector_url) as projector:
        followed = _dumped(projector)
        await to_thread(_build_anew, database)
        assert _dumped(projector) == followed
    assert await _listed(http, base, forum, position) == listed
    return len(listed)


def _build_anew(database: Database) -> None:
    for projection in PROJECTIONS:
        rebuild(database.projector_url, projection, print)


def _position(owner: Session) -> str:
    books = owner.execute("SELECT book, size - 1 FROM record.books ORDER BY book").fetchall()
    return ",".join(f"{book}:{index}" for book, index in books)


def _dumped(projector: Session) -> Sequence[Sequence[tuple[Any, ...]]]:
    return [projector.execute(f"SELECT * FROM {view} ORDER BY 1, 2, 3, 4, 5, 6").fetchall() for view in VIEWS]


async def _silences_ended(http: AsyncClient, base: str, forum: Forum, owner: Session) -> None:
    """Wait until no silence runs, and each that came to its end is written down as ended; nothing is adopted otherwise."""
    with anyio.fail_after(PATIENCE):
        while True:
            running, adopted = [
                (await _read(http, base, forum, f"/api/proposals?status={status}", None))["total"]
                for status in ("under-silence", "adopted")
            ]
            ended = owner.execute("SELECT FROM record.facts WHERE type = 'proposal.silence-ended'").fetchall()
            if not running and adopted == len(ended):
                return
            await anyio.sleep(PAUSE)


async def _listed(http: AsyncClient, base: str, forum: Forum, position: str) -> list[dict[str, Any]]:
    """All proposals, page by page, as the secretary sees them."""
    rows: list[dict[str, Any]] = []
    after = ""
    while True:
        page = await _read(http, base, forum, f"/api/proposals?limit=200{after}", position)
        rows += page["items"]
        if page["next"] is None:
            assert page["total"] == len(rows)
            return rows
        after = f"&after={page['next']}"


async def _read(http: AsyncClient, base: str, forum: Forum, path: str, position: str | None) -> Any:
    headers = bearer(forum, "secretary") | ({"Accord-Position": position} if position else {})
    with anyio.fail_after(PATIENCE):
        while True:
            answer = await http.get(base + path, headers=headers)
            if answer.status_code != 503:
                break
            await anyio.sleep(PAUSE)
    assert answer.status_code == 200, answer.text
    return answer.json()
