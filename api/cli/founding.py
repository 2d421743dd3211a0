"""`accord init` and `accord migrate`: the operator's."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import click
import msgspec
from msgspec import Struct

from api.cli.common import data_option, fail, run, say, settings
from api.compose import Addresses, bring_up_to_date, database, found, opened
from api.settings import Settings
from domain.forum.commands import DelegationDescribed, FormatDescribed, FoundForum
from domain.identity import Language
from domain.rules import Rules

KINDS: Final = (
    "crisis-management-mechanism",
    "accident-prevention-rule",
    "confidence-building-measure",
    "joint-statement",
    "recommendation",
    "procedure",
    "chairs-statement",
)
FIRST_TOKEN: Final = timedelta(days=90)


class FirstSecretary(Struct, frozen=True, forbid_unknown_fields=True):
    """Who serves the forum first. The name stands beside the record, never in it."""

    name: str


class ForumFile(Struct, frozen=True, forbid_unknown_fields=True):
    """What founds a forum: a TOML file."""

    name: dict[Language, str]
    host: str
    languages: tuple[Language, ...]
    time_zone: str
    delegations: tuple[DelegationDescribed, ...]
    formats: tuple[FormatDescribed, ...]
    secretary: FirstSecretary
    proposal_kinds: tuple[str, ...] = KINDS
    rules: Rules = Rules()

    def command(self) -> FoundForum:
        """The founding that it describes."""
        return FoundForum(
            name=self.name,
            host=self.host,
            kind="regular",
            languages=self.languages,
            time_zone=self.time_zone,
            proposal_kinds=self.proposal_kinds,
            delegations=self.delegations,
            formats=self.formats,
            rules=self.rules,
        )


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@data_option
def init(file: Path, data: Path | None) -> None:
    """Found the forum that FILE.toml describes, once, and print the first secretary's token, once."""
    described = _read(file)
    with database(settings(), data, say) as addresses:
        bring_up_to_date(addresses)
        token = run(_found(addresses, settings(), described))
    say(f"Founded {described.host}. The first secretary's token, shown this once:")
    click.echo(token)


@click.command()
@data_option
def migrate(data: Path | None) -> None:
    """Bring the database up to this version of the program."""
    with database(settings(), data, say) as addresses:
        applied = bring_up_to_date(addresses)
    say("\n".join(f"ran {name}" for name in applied) or "Nothing to do.")


def _read(file: Path) -> ForumFile:
    try:
        return msgspec.toml.decode(file.read_bytes(), type=ForumFile)
    except msgspec.MsgspecError as error:
        fail(f"{file}: {error}")


async def _found(addresses: Addresses, chosen: Settings, described: ForumFile) -> str:
    async with opened(addresses, chosen, founded=False) as house:
        secretary = await house.people.add(described.secretary.name)
        await found(addresses, house, described.command(), secretary)
        return (await house.people.issue(secretary, "first", datetime.now(UTC) + FIRST_TOKEN)).token
