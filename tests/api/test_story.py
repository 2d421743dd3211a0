"""The demonstration's story, told over HTTP by each role with its own token: the end state is the golden one."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, cast

import msgspec
import pytest
from httpx import AsyncClient

from api.compose import Addresses, found, opened
from api.settings import Settings
from application.story import steps
from application.story.forum import DELEGATIONS
from application.story.life import STORY
from application.story.texts import REVISIONS
from infrastructure.postgres.embedded import Database
from tests.api.scene import Room, seeded, served
from tests.api.telling import UUIDS, Telling
from tests.infrastructure.eventlog.scene import Hands

pytestmark = pytest.mark.anyio

GOLDEN: Final = Path(__file__).parents[1] / "golden" / "story.json"
START: Final = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
VIEWERS: Final = (*(f"head-{code}" for code in DELEGATIONS), "chair", "secretary", "auditor", "former-head-KOR", None)
"""None is the public."""
DRAWN: Final = frozenset({"agreement", "fingerprint"})


@asynccontextmanager
async def room(database: Database, hands: Hands) -> AsyncGenerator[Telling]:
    """The story's forum as it is served, founded by its secretary; its people with a token each, and nothing else told."""
    addresses = Addresses(database.owner_url, database.app_url, database.projector_url)
    hands.move(STORY.founded)
    async with opened(addresses, Settings(), entropy=seeded(11), founded=False) as house:
        people = {role: await house.people.add(name) for role, name in STORY.people.items()}
        await found(addresses, house, STORY.founding, people[STORY.secretary])
        roles = {role: (await house.people.issue(person, "story")).token for role, person in people.items()}
        async with served(house) as port, AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            telling = Telling(Room(house, client, hands, roles, now=STORY.founded))
            for role, person in people.items():
                telling.called(role, steps.person(role), str(person))
            yield telling


async def test_the_story_told_over_http_ends_as_the_golden_file_says(database: Database, hands: Hands) -> None:
    async with room(database, hands) as telling:
        *told, last = STORY.steps(START)
        for step in told:
            await telling.tell(step)
        telling.at.turn(to=START)
        await telling.tell(last)
        await telling.at.caught_up()
        written = msgspec.json.format(msgspec.json.encode(await end_state(telling), order="sorted"), indent=1) + b"\n"
        if not GOLDEN.exists():
            GOLDEN.write_bytes(written)
        assert written == GOLDEN.read_bytes(), f"if it was meant, delete {GOLDEN.name} and run this again"
        await the_silence_ends(telling)


async def the_silence_ends(telling: Telling) -> None:
    """Three minutes later: by time alone."""
    path = f"/api/proposals/{telling.ids[str(steps.proposal('P25-02'))]}"
    telling.at.turn(to=START + timedelta(minutes=3))
    adoption = (await telling.at.read(path, "head-CHN"))["adoption"]
    assert (adoption["by"], adoption["at"]) == ("silence", "2026-11-24T10:33:00Z")


async def end_state(telling: Telling) -> dict[str, Any]:
    """What each viewer is shown, by names; viewers who are shown the same stand together."""
    editions = (await telling.at.read("/api/editions", STORY.secretary))["items"]
    agendas = [(edition["code"], format_) for edition in editions for format_ in edition["agendas"]]
    return {
        "forum": await seen(telling, "/api/forum"),
        "editions": await seen(telling, "/api/editions"),
        "agendas": {f"{e}, {f}": await seen(telling, f"/api/editions/{e}/agendas/{f}") for e, f in agendas},
        "proposals": await seen(telling, "/api/proposals?limit=100"),
        "drafts": await seen(telling, "/api/drafts"),
        "prepared acts": await seen(telling, "/api/prepared"),
        **{code: await seen(telling, f"/api/proposals/{telling.ids[str(steps.proposal(code))]}") for code in REVISIONS},
    }


async def seen(telling: Telling, path: str) -> list[dict[str, Any]]:
    """The answers, each with those who get it."""
    shown: dict[bytes, list[str]] = {}
    for viewer in VIEWERS:
        answer = await telling.at.get(path, viewer)
        body = named(telling, answer.json()) if answer.status_code == 200 else answer.json()["type"]
        shown.setdefault(msgspec.json.encode(body, order="sorted"), []).append(viewer or "the public")
    return [{"to": viewers, "shown": msgspec.json.decode(body)} for body, viewers in shown.items()]


def named(telling: Telling, answer: Any) -> Any:
    """The answer without what is empty or hangs on drawn ids: names for ids, no fingerprints, and the words of the master alone."""
    match answer:
        case {"number": str(), "kind": str(), "id": str(), "text": {"en": text}}:
            return f"{answer['number']}: {text}"
        case dict():
            items = cast("dict[str, Any]", answer).items()
            return {key: named(telling, value) for key, value in items if key not in DRAWN and value not in (None, [], {})}
        case list():
            return [named(telling, value) for value in cast("list[Any]", answer)]
        case str() if UUIDS.fullmatch(answer):
            return telling.names[answer]
        case _:
            return answer
