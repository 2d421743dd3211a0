"""`accord import`: foreign material, loaded as commands, into a forum of its own that says so for ever."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import click
import msgspec
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from api.cli.common import data_option, fail, run, say, settings
from api.compose import Addresses, bring_up_to_date, data_folder, database, found, opened
from api.settings import Settings
from application.accord import Accord
from application.imports import founding, unga
from application.imports.founding import OtherForumError
from application.imports.roll_calls import MalformedError, RollCalls, read
from application.imports.tallies import Tally, summed
from domain.identity import DelegationCode, EditionCode

HOST: Final = "unga.import"
TOKEN_LASTS: Final = timedelta(days=90)
NOTICE: Final = "This forum is an import: nobody negotiated in it, and what it counts no body decided."


class Outcome(Tally, frozen=True, kw_only=True):
    """What was loaded in all, with an auditor's token to look at it."""

    forum: str = "import"
    token: str


@click.group(name="import")
def import_() -> None:
    """Load foreign material into a forum of its own."""


@import_.command(name="unga")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "delegations", help="The delegations that meet, as JPN,USA; else all that the file names.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON alone.")
@data_option
def unga_(file: Path, delegations: str | None, as_json: bool, data: Path | None) -> None:  # noqa: FBT001  click's flag
    """Load the roll calls of the UN General Assembly from a CSV file, as far as they are not loaded yet."""
    roll_calls = _read(file)
    members = _members(roll_calls, delegations)
    chosen = msgspec.structs.replace(settings(), database_url=None)
    folder = data or data_folder(chosen.data) / "import-unga"
    with database(chosen, folder, say) as addresses:
        bring_up_to_date(addresses)
        tallies, token = run(_load(addresses, chosen, roll_calls, members))
    if as_json:
        click.echo(msgspec.json.encode(_outcome(tallies, token)))
    else:
        _show(tallies, token, folder)


def _read(file: Path) -> RollCalls:
    try:
        with file.open(encoding="utf-8", errors="surrogateescape", newline="") as lines:
            return read(lines)
    except MalformedError as error:
        fail(f"{file} is not loaded:\n{error}")


def _members(roll_calls: RollCalls, given: str | None) -> tuple[DelegationCode, ...]:
    if given is None:
        return roll_calls.delegations
    members = tuple(DelegationCode(code.strip()) for code in given.split(","))
    if unknown := sorted(set(members) - set(roll_calls.delegations)):
        fail(f"The file names no {', '.join(unknown)}; it names {', '.join(roll_calls.delegations)}.")
    return members


async def _load(
    addresses: Addresses, chosen: Settings, roll_calls: RollCalls, members: tuple[DelegationCode, ...]
) -> tuple[Mapping[EditionCode, Tally], str]:
    async with opened(addresses, chosen, founded=False) as house:
        if house.memory.forum_id is None:
            await found(addresses, house, founding.founding(HOST, members), founding.importer(HOST))
        with Progress(console=Console(stderr=True)) as progress:
            bar = progress.add_task("roll calls", total=len(roll_calls.all))
            try:
                tallies = await unga.load(
                    house.tracker,
                    house.log,
                    house.memory,
                    roll_calls,
                    members=members,
                    progress=lambda done: progress.update(bar, completed=done),
                )
            except (OtherForumError, unga.OtherFileError) as error:
                fail(str(error))
        return tallies, await _token(house)


async def _token(house: Accord) -> str:
    """A token for the auditor, to whom each delegation opened the books."""
    auditor = founding.auditor(HOST)
    await house.people.introduce(auditor, "Auditor of the import")
    return (await house.people.issue(auditor, "import", datetime.now(UTC) + TOKEN_LASTS)).token


def _outcome(tallies: Mapping[EditionCode, Tally], token: str) -> Outcome:
    every = summed(tallies.values())
    return Outcome(**msgspec.structs.asdict(every), token=token)


def _show(tallies: Mapping[EditionCode, Tally], token: str, folder: Path) -> None:
    console = Console()
    table = Table(title="What a body that works by consensus would have made of it", caption=NOTICE)
    for name in ("Edition", "Roll calls", "Adopted", "No consensus", "Lapsed", "Blocked alone"):
        table.add_column(name, justify="left" if name in {"Edition", "Blocked alone"} else "right")
    for edition, tally in tallies.items():
        table.add_row(edition, *_row(tally))
    table.add_section()
    table.add_row("all", *_row(summed(tallies.values())))
    console.print(table)
    console.print(f"An auditor's token, shown this once: {token}", soft_wrap=True, highlight=False)
    console.print(f"Serve it with: accord serve --data {folder}", soft_wrap=True, highlight=False)


def _row(tally: Tally) -> tuple[str, ...]:
    alone = ", ".join(f"{code} {count}" for code, count in tally.sole_objector.items())
    return (str(tally.proposals), str(tally.adopted), str(tally.no_consensus), str(tally.lapsed), alone or "-")
