"""`accord import`: foreign material, loaded as commands, into a forum of its own that says so for ever."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final, TextIO

import click
import msgspec
from rich.console import Console
from rich.table import Table

from api.cli.advance import Advance, progress
from api.cli.common import data_option, fail, run, say, settings
from api.compose import Addresses, bring_up_to_date, data_folder, database, found, opened
from api.settings import Settings
from application.accord import Accord
from application.imports import founding, unga
from application.imports.founding import OtherForumError
from application.imports.roll_calls import Flaw, MalformedError, RollCalls, read
from application.imports.rows import LONGEST
from application.imports.tallies import Tally, summed
from application.imports.unga import Loaded
from application.ports import Busy
from domain.identity import DelegationCode

HOST: Final = "unga.import"
TOKEN_LASTS: Final = timedelta(days=90)
NOTICE: Final = "This forum is an import: nobody negotiated in it, and what it counts no body decided."


TEXTS: Final = unga.SESSIONS * unga.WINDOW * 2
"""How many texts an import keeps at hand: those that are voted on, and as many. It looks at none again."""
LINES: Final = 10_000
"""After how many lines it is said how far the reading has come."""
SHOWN: Final = 20
"""How many skipped lines are shown; the JSON has them all."""


class Outcome(Tally, frozen=True, kw_only=True):
    """What is loaded in all, what was new in that, what was skipped, and an auditor's token to look at it."""

    forum: str = "import"
    recorded: int
    """How many commands this run recorded: 0 where all of the file was loaded before."""
    skipped_roll_calls: tuple[int, ...]
    skipped_lines: tuple[Flaw, ...]
    token: str


@click.group(name="import")
def import_() -> None:
    """Load foreign material into a forum of its own."""


@import_.command(name="unga")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "delegations", help="The delegations that meet, as JPN,USA; else all that the file names.")
@click.option("--skip-bad", is_flag=True, help="Leave out the roll calls of which a line is malformed, and say which lines.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON alone.")
@data_option
def unga_(
    file: Path,
    delegations: str | None,
    skip_bad: bool,  # noqa: FBT001  click's flags
    as_json: bool,  # noqa: FBT001
    data: Path | None,
) -> None:
    """Load the roll calls of the UN General Assembly from a CSV file, as far as they are not loaded yet."""
    roll_calls = _read(file, skip_bad=skip_bad)
    members = _members(roll_calls, delegations)
    chosen = settings()
    chosen = msgspec.structs.replace(chosen, database_url=None, memory=min(chosen.memory, TEXTS))
    folder = data or data_folder(chosen.data) / "import-unga"
    with database(chosen, folder, say) as addresses:
        bring_up_to_date(addresses)
        loaded, token = run(_load(addresses, chosen, roll_calls, members))
    if as_json:
        click.echo(msgspec.json.encode(_outcome(loaded, roll_calls.skipped, token)))
    else:
        _show(loaded, roll_calls.skipped)
        _point_out(token, folder)


def _read(file: Path, *, skip_bad: bool) -> RollCalls:
    """All of the file, before anything is recorded."""
    size = file.stat().st_size
    try:
        with (
            file.open(encoding="utf-8", errors="surrogateescape", newline="") as lines,
            progress("Read, in bytes", size) as advance,
        ):
            return read(_pieces(lines, advance), skip_bad=skip_bad)
    except MalformedError as error:
        fail(f"{file} is not loaded:\n{error}{_hint(error, skip_bad=skip_bad)}")


def _pieces(lines: TextIO, advance: Advance) -> Iterator[str]:
    """The lines, in pieces that no memory is too small for."""
    for number, piece in enumerate(iter(partial(lines.readline, LONGEST + 1), ""), 1):
        if number % LINES == 0:
            advance(lines.buffer.tell())
        yield piece
    advance(lines.buffer.tell())


def _hint(error: MalformedError, *, skip_bad: bool) -> str:
    """How to go on without what is wrong."""
    return "" if skip_bad or error.is_whole else "\nWith --skip-bad it is loaded without the roll calls of such lines."


def _members(roll_calls: RollCalls, given: str | None) -> tuple[DelegationCode, ...]:
    if given is None:
        return roll_calls.delegations
    members = tuple(dict.fromkeys(DelegationCode(code.strip()) for code in given.split(",")))
    if unknown := sorted(set(members) - set(roll_calls.delegations)):
        fail(f"The file names no {', '.join(map(repr, unknown))}; it names {', '.join(roll_calls.delegations)}.")
    return members


async def _load(
    addresses: Addresses, chosen: Settings, roll_calls: RollCalls, members: tuple[DelegationCode, ...]
) -> tuple[Loaded, str]:
    async with opened(addresses, chosen, founded=False) as house:
        if house.memory.forum_id is None:
            await found(addresses, house, founding.founding(HOST, members), founding.importer(HOST))
        try:
            with progress("Loaded roll calls", len(roll_calls.all)) as advance:
                loaded = await unga.load(house.tracker, house.log, house.memory, roll_calls, members=members, progress=advance)
        except OtherForumError as error:
            fail(f"Nothing is loaded into this folder: {error}. Name another with --data.")
        except unga.OtherFileError as error:
            fail(f"This folder was loaded from another file: {error}. Name another with --data.")
        except Busy as error:
            fail(f"The record takes no more for now ({error}). The same command goes on where it was.")
        return loaded, await _token(house)


async def _token(house: Accord) -> str:
    """A token for the auditor, to whom each delegation opened the books."""
    auditor = founding.auditor(HOST)
    await house.people.introduce(auditor, "Auditor of the import")
    return (await house.people.issue(auditor, "import", datetime.now(UTC) + TOKEN_LASTS)).token


def _outcome(loaded: Loaded, skipped: tuple[Flaw, ...], token: str) -> Outcome:
    return Outcome(
        **msgspec.structs.asdict(summed(loaded.tallies.values())),
        recorded=loaded.commands,
        skipped_roll_calls=_roll_calls(skipped),
        skipped_lines=skipped,
        token=token,
    )


def _roll_calls(skipped: Sequence[Flaw]) -> tuple[int, ...]:
    return tuple(sorted({flaw.roll_call for flaw in skipped if flaw.roll_call is not None}))


def _show(loaded: Loaded, skipped: Sequence[Flaw]) -> None:
    console = Console()
    table = Table(title="What a body that works by consensus would have made of it", caption=NOTICE)
    for name in ("Edition", "Roll calls", "Adopted", "No consensus", "Lapsed", "Blocked alone"):
        table.add_column(name, justify="left" if name in {"Edition", "Blocked alone"} else "right")
    for edition, tally in loaded.tallies.items():
        table.add_row(edition, *_row(tally))
    table.add_section()
    table.add_row("all", *_row(summed(loaded.tallies.values())))
    console.print(table)
    if not loaded.commands:
        click.echo("All of this file was loaded before: nothing was added.")
    if skipped:
        click.echo("\n".join(_skipped(skipped)))


def _skipped(skipped: Sequence[Flaw]) -> Iterator[str]:
    """What was skipped, the first of it line by line."""
    yield f"Skipped: {len(_roll_calls(skipped)):,} roll calls, for what is wrong on {len(skipped):,} lines:"
    for flaw in skipped[:SHOWN]:
        yield f"{flaw}; " + ("of no roll call" if flaw.roll_call is None else f"of roll call {flaw.roll_call}")
    if len(skipped) > SHOWN:
        lines = ", ".join(str(flaw.line) for flaw in skipped[SHOWN:])
        yield f"and likewise the lines {lines}; --json says what is wrong with each."


def _point_out(token: str, folder: Path) -> None:
    """How to look at it."""
    click.echo(f"An auditor's token, shown this once: {token}")
    click.echo(f"Serve it with: accord serve --data {folder}")


def _row(tally: Tally) -> tuple[str, ...]:
    alone = ", ".join(f"{code} {count}" for code, count in tally.sole_objector.items())
    return (str(tally.proposals), str(tally.adopted), str(tally.no_consensus), str(tally.lapsed), alone or "-")
