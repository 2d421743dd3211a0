"""The database is away for longer than anybody waits: who asks is told to come again, and once it is back all goes on by itself."""

import asyncio
from random import Random
from time import monotonic
from typing import Final

import anyio
import pytest
from httpx import AsyncClient

from tests.crash.campaign import Plan, Say, campaign
from tests.crash.clients import answered, bearer
from tests.crash.forum import Forum
from tests.crash.journal import Asked
from tests.crash.machine import place

pytestmark = [pytest.mark.anyio, pytest.mark.crash]

AWAY: Final = 20
"""Seconds. Who tries again after ever longer pauses would then wait for ten more."""
PATIENCE: Final = 15
"""Seconds within which everybody is answered."""
BACK: Final = 5
"""Seconds within which a process goes on with a database that is back."""
SITTING: Final = Asked(
    "sitting", "secretary", "/api/editions/now/agendas/plenary/sittings", {"held_on": "2026-01-01", "rule": "closed"}
)


async def test_a_database_that_was_long_away_is_gone_on_with_at_once(plan: Plan, say: Say) -> None:
    with place() as folder:
        async with campaign(plan, folder, say) as running, AsyncClient(base_url=running.machine.doors[0]) as client:
            machine, forum = running.machine, running.forum
            machine.kill_database()
            gone = monotonic()
            while monotonic() - gone < AWAY:
                await _turned_away(client, forum)
            assert (await client.get("/health/live")).status_code == 200
            assert (await client.get("/health/ready")).status_code == 503
            await machine.start_database()
            with anyio.fail_after(BACK):
                assert (await answered(client, forum, lambda: machine.doors, Random(plan.seed), SITTING)).accepted
                while (await client.get("/api/proposals", headers=bearer(forum, "chair"))).status_code != 200:
                    pass
            assert (await client.get("/health/ready")).status_code == 200


async def _turned_away(client: AsyncClient, forum: Forum) -> None:
    """All at once, a command, a view and what stands beside the record."""
    secretary, chair = bearer(forum, "secretary"), bearer(forum, "chair")
    with anyio.fail_after(PATIENCE):
        answers = await asyncio.gather(
            client.post(SITTING.path, json=SITTING.body, headers=secretary | {"If-Match": "*"}, timeout=PATIENCE),
            client.get("/api/proposals", headers=chair, timeout=PATIENCE),
            client.get("/api/me/tokens", headers=chair, timeout=PATIENCE),
        )
    assert [answer.status_code for answer in answers] == [503] * 3
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in answers)
