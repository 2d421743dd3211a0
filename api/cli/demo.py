"""`accord demo`: the demonstration forum, loaded, shown and served."""

import os
import shutil
import socket
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.cli.common import data_option, fail, run, say, settings
from api.cli.serving import listen, serve_house
from api.cli.terminal import instant
from api.compose import (
    Addresses,
    announcing,
    bring_up_to_date,
    data_folder,
    database,
    found,
    opened,
    reacting,
    signing,
    witnessing,
)
from api.settings import Settings
from application.accord import Accord
from application.demonstration import Cast, OtherStoryError, TooEarlyError, load
from application.story import steps
from application.story.life import STORY
from application.views.status import ProposalStatus
from domain.identity import PersonId, StreamId

TOKEN_LASTS = timedelta(days=1)
LIVE = "P25-02"
"""Whose silence begins as the demonstration starts."""
LABEL = "demonstration"
"""Of the tokens that each start makes anew, and the next revokes."""


@click.command()
@data_option
@click.option("--once", is_flag=True, help="Load, show where things stand, and end.")
@click.option("--fresh", is_flag=True, help="Start over.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="The port; 0 takes a free one.")
@click.option("--tokens", type=click.Path(dir_okay=False, path_type=Path), help="Also write the tokens here, as JSON.")
@click.option(
    "--witnesses",
    type=click.IntRange(0),
    default=len(STORY.founding.delegations),
    show_default=True,
    help="How many delegations run one.",
)
@click.option("--database", "use_database", is_flag=True, help="Use DATABASE_URL instead of a database of its own.")
def demo(
    *, data: Path | None, once: bool, fresh: bool, port: int, tokens: Path | None, witnesses: int, use_database: bool
) -> None:
    """Show the demonstration forum: illustrative data, no statement of anybody."""
    chosen = settings()
    listener = None if once else listen("127.0.0.1", port)
    folder = data_folder(data or chosen.data) / "demo"
    if fresh and not use_database:
        shutil.rmtree(folder, ignore_errors=True)
    own = chosen if use_database else msgspec.structs.replace(chosen, database_url=None)
    with database(own, folder, say) as addresses:
        bring_up_to_date(addresses)
        run(_demonstrate(addresses, own, tokens, listener, folder, witnesses))


async def _demonstrate(
    addresses: Addresses, chosen: Settings, tokens: Path | None, listener: socket.socket | None, folder: Path, watching: int
) -> None:
    async with signing(chosen, folder) as signer, opened(addresses, chosen, founded=False, signer=signer) as house:
        if house.memory.forum_id is None:
            await found(addresses, house, STORY.founding, steps.person(STORY.secretary), told=STORY.founded)
        _check(house)
        try:
            cast = await load(house, STORY, house.tracker.clock.now(), house.people.introduce)
        except (OtherStoryError, TooEarlyError) as error:
            fail(f"{error} Start over with --fresh.")
        secrets = await _tokens(house, cast.people)
        if tokens is not None:
            _write(tokens, secrets)
        await _show(house, cast, secrets, listener)
        if listener is not None:
            heads = {
                delegation.code: secrets[f"head-{delegation.code}"] for delegation in STORY.founding.delegations[:watching]
            }
            async with (
                reacting(house, epoch=timedelta(seconds=chosen.epoch)),
                announcing(house),
                witnessing(folder / "witnesses", _base(listener), heads, say),
            ):
                await serve_house(listener, house)


def _check(house: Accord) -> None:
    """Never touch a forum that is no demonstration."""
    if house.directory.forum().founded.kind != "demonstration":
        fail("This database serves a forum that is no demonstration; it was left untouched.")


async def _tokens(house: Accord, people: Mapping[str, PersonId]) -> dict[str, str]:
    """A new token for each role; those of the last start are revoked."""
    secrets: dict[str, str] = {}
    for role, person in people.items():
        for known in await house.people.tokens(person):
            if known.revoked is None:
                await house.people.revoke(person, known.id)
        secrets[role] = (await house.people.issue(person, LABEL, datetime.now(UTC) + TOKEN_LASTS)).token
    return secrets


def _write(file: Path, secrets: Mapping[str, str]) -> None:
    """Nobody else on the machine may read it."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(msgspec.json.format(msgspec.json.encode(secrets)) + b"\n")


async def _show(house: Accord, cast: Cast, secrets: Mapping[str, str], listener: socket.socket | None) -> None:
    console = Console(width=None if sys.stdout.isatty() else 120)
    console.print("[bold]Demonstration data[/bold]: illustrative; no statement of any government, delegation or person.")
    console.print(await _table(house, cast))
    if listener is not None:
        console.print(_calls(_base(listener), cast, secrets), highlight=False, soft_wrap=True)


def _base(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


async def _table(house: Accord, cast: Cast) -> Table:
    table = Table(title="Where things stand")
    for name in ("Number", "Title", "Status", "Rev.", "Endorse", "Objecting", "Until"):
        table.add_column(name, overflow="fold")
    books = house.caller(cast.people[STORY.secretary]).books
    for proposal in cast.proposals.values():
        _, state, now = await house.proposal(StreamId(proposal), books)
        table.add_row(*_row(house.status(state, now, books)))
    return table


def _row(status: ProposalStatus) -> tuple[str, ...]:
    return (
        status.number,
        escape(status.title.get(status.master, "")),
        status.status,
        str(status.revision),
        f"{status.endorsing} of {status.members}",
        ", ".join(status.objections) or "-",
        instant(status.silence.deadline) if status.silence else "-",
    )


def _calls(base: str, cast: Cast, secrets: Mapping[str, str]) -> str:
    """Calls that can be pasted into a shell."""
    live = f"$ACCORD/api/proposals/{cast.proposals[LIVE]}"
    china = '-H "Authorization: Bearer $HEAD_CHN"'
    json = '-H "Content-Type: application/json"'
    return "\n".join(
        (
            f"export ACCORD={base}",
            *(f"export {_name(role)}={secret}" for role, secret in sorted(secrets.items())),
            "",
            "# where the text under silence stands, for the head of China's delegation; and what waits for it",
            f"curl -s {live} {china}",
            f'curl -s "$ACCORD/api/proposals?needs=me" {china}',
            "# break the silence before it ends",
            f'curl -s {live}/objections {china} {json} -d \'{{"revision": 4, "undisclosed": true}}\'',
            "# what the record said at the end of 2025, for the auditor; and every fact of it",
            f'curl -s "{live}?as_of=2025-12-31" -H "Authorization: Bearer $AUDITOR"',
            f'curl -s {live}/history -H "Authorization: Bearer $AUDITOR"',
        )
    )


def _name(role: str) -> str:
    return role.upper().replace("-", "_")
