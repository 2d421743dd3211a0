"""Kill after kill: clients at work, a program ended by force at a random moment, started again, and every answer compared.

All that is random in a kill is drawn from the seed and its number, so that a run can be repeated from any kill on.
"""

import asyncio
from asyncio import Event, TaskGroup
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from random import Random
from time import monotonic
from typing import Final

import httpx
from httpx import AsyncClient
from msgspec import Struct

from api.compose import Addresses, bring_up_to_date
from tests.crash.clients import ROLES, Client, World, answered
from tests.crash.forum import Forum, Seating, begin
from tests.crash.journal import Asked, Journal, Told
from tests.crash.machine import Machine, machine

Say = Callable[[str], None]

LONGEST: Final = 180
"""Seconds that a kill may take, with all that follows."""
AT_ONCE: Final = 8
"""Repetitions at the same time."""


class Plan(Struct, frozen=True):
    """Which kills."""

    seed: int
    first: int
    kills: int


class Victim(StrEnum):
    PROCESS = "a process"
    PROCESSES = "all processes"
    DATABASE = "the database"
    EVERYTHING = "everything"


VICTIMS: Final = {Victim.PROCESS: 5, Victim.PROCESSES: 1, Victim.DATABASE: 5, Victim.EVERYTHING: 1}


class Kill(Struct, frozen=True):
    """What happens in one."""

    number: int
    processes: int
    victim: Victim
    clients: int
    before: int
    """Answers before it."""
    jitter: float
    """Seconds from the last of these on."""
    after: int
    """Answers once what was ended is back."""


def drawn(plan: Plan, number: int) -> tuple[Kill, Random]:
    random = Random(f"{plan.seed} {number}")
    (victim,) = random.choices(list(VICTIMS), list(VICTIMS.values()))
    kill = Kill(
        number=number,
        processes=random.choice((1, 2)),
        victim=victim,
        clients=random.randint(16, 32),
        before=random.randint(20, 150),
        jitter=random.uniform(0, 0.05),
        after=random.randint(20, 60),
    )
    return kill, random


class Campaign(Struct, frozen=True):
    """Where the kills happen."""

    plan: Plan
    machine: Machine
    forum: Forum
    journal: Journal
    http: AsyncClient
    say: Say

    async def run(self) -> None:
        for number in range(self.plan.first, self.plan.first + self.plan.kills):
            kill, random = drawn(self.plan, number)
            try:
                async with asyncio.timeout(LONGEST):
                    await self._kill(kill, random)
            except Exception as error:
                error.add_note(f"in kill {number}: poe crash --seed {self.plan.seed} --from {number} --kills 1")
                raise

    async def _kill(self, kill: Kill, random: Random) -> None:
        await self.machine.serve(kill.processes)
        world = World(kill.number, self.forum, self.journal, lambda: self.machine.doors, Event())
        async with clients(world, kill, self.plan.seed, random) as seated, TaskGroup() as group:
            for client in seated:
                group.create_task(client.live())
            await self.journal.more(kill.before)
            await asyncio.sleep(kill.jitter)  # not just when somebody was answered
            before, at, ended = self.journal.answered, datetime.now(UTC), monotonic()
            await self._end(kill, random)
            await self._restore(kill)
            await self.journal.more(kill.after)
            back = monotonic() - ended
            world.over.set()
        repeated = await self._repeat(kill.number, random)
        self.say(
            f"kill {kill.number} (seed {self.plan.seed}): {kill.victim}, {kill.processes} serving {kill.clients} clients; "
            f"{before} answered, {self.journal.unanswered(before, at)} recorded and not yet answered; {kill.after} more within "
            f"{back:.1f} s; {repeated} asked again and answered alike"
        )

    async def _end(self, kill: Kill, random: Random) -> None:
        match kill.victim:
            case Victim.PROCESS:
                await self.machine.kill_a_process(random.randrange(kill.processes))
            case Victim.PROCESSES:
                await self._end_processes()
            case Victim.DATABASE:
                self.machine.kill_database()
            case Victim.EVERYTHING:
                self.machine.kill_database()
                await self._end_processes()

    async def _end_processes(self) -> None:
        while self.machine.processes:
            await self.machine.kill_a_process(0)

    async def _restore(self, kill: Kill) -> None:
        if kill.victim in {Victim.DATABASE, Victim.EVERYTHING}:
            await self.machine.start_database()
        await self.machine.serve(kill.processes)

    async def _repeat(self, number: int, random: Random) -> int:
        """Ask for all that was accepted in this kill once more: each has its first answer, to the byte."""
        accepted = list(self.journal.accepted(number))
        random.shuffle(accepted)
        parts = [accepted[start::AT_ONCE] for start in range(AT_ONCE)]
        async with TaskGroup() as group:
            for part in parts:
                group.create_task(self._alike(part, random))
        return len(accepted)

    async def _alike(self, part: Sequence[tuple[Asked, Told]], random: Random) -> None:
        for asked, told in part:
            again = await answered(self.http, self.forum, lambda: self.machine.doors, random, asked)
            assert again.lasting() == told.lasting(), asked


@asynccontextmanager
async def clients(world: World, kill: Kill, seed: int, random: Random) -> AsyncGenerator[list[Client]]:
    """As many as the kill has, some for each role."""
    async with AsyncClient(timeout=60, limits=httpx.Limits(max_connections=kill.clients)) as http:
        yield [
            Client(world, f"{seed}-{kill.number}-{number}", ROLES[number % len(ROLES)], http, Random(random.random()))
            for number in range(kill.clients)
        ]


@asynccontextmanager
async def campaign(plan: Plan, folder: Path, say: Say) -> AsyncGenerator[Campaign]:
    """A forum in session, on a machine of its own."""
    async with machine(folder) as running, AsyncClient(timeout=60) as http:
        database = running.database
        bring_up_to_date(Addresses(database.owner_url, database.app_url, database.projector_url))
        forum = await begin(database)
        await running.serve(1)
        async with AsyncClient(base_url=running.doors[0], timeout=60) as seating:
            await Seating(forum, database, seating).seat()
        with (folder / "journal.jsonl").open("wb") as file:
            yield Campaign(plan, running, forum, Journal(file), http, say)
