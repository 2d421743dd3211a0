"""Whatever is ended by force, and whenever: what was answered stays, once, and each repetition has its first answer."""

from pathlib import Path
from time import monotonic

import pytest

from tests.crash.campaign import Plan, Say, campaign
from tests.crash.machine import place
from tests.crash.verdict import assert_recorded_once, assert_shown
from tests.infrastructure.eventlog.scene import audited, login

pytestmark = [pytest.mark.anyio, pytest.mark.crash]


async def test_what_was_answered_outlives_every_kill(plan: Plan, say: Say) -> None:
    began = monotonic()
    with place() as folder:
        say(f"\nseed {plan.seed}, from kill {plan.first} on; journal and logs: {folder}")
        judged = await _judged(plan, folder, say)
    say(f"{judged}; {monotonic() - began:.0f} s")


async def _judged(plan: Plan, folder: Path, say: Say) -> str:
    async with campaign(plan, folder, say) as running:
        database = running.machine.database
        with login(database.owner_url) as owner:
            seated = audited(owner)
        await running.run()
        await running.machine.serve(1)
        with login(database.owner_url) as owner:  # another one: the first server was perhaps ended
            proposals = await assert_shown(running.http, running.machine.doors[0], running.forum, owner, database)
            commands = assert_recorded_once(owner, seated, running.forum, running.journal)
            facts = audited(owner)
    return (
        f"{plan.kills} kills: {running.journal.answered} commands answered, {commands} of them recorded; "
        f"{facts} facts, {proposals} proposals"
    )
