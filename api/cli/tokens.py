"""`accord token`: what a person shows to be known by. Needs the database; nothing over HTTP makes the first token."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import click

from api.cli.common import data_option, fail, run, say, settings
from api.compose import database, opened_people
from application.people import TokenId
from domain.identity import PersonId

UNITS = {"h": "hours", "d": "days", "w": "weeks"}


class Lasting(click.ParamType[timedelta]):
    """A duration, as 12h, 90d or 4w."""

    name = "duration"

    def convert(self, value: str | timedelta, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Read it."""
        if isinstance(value, timedelta):
            return value
        found = re.fullmatch(r"([1-9][0-9]{0,3})([hdw])", value)
        if found is None:
            self.fail("Give a duration as 12h, 90d or 4w.", param, ctx)
        return timedelta(**{UNITS[found[2]]: int(found[1])})


@click.group()
def token() -> None:
    """Make, list and revoke tokens."""


@token.command()
@click.option("--person", type=click.UUID, required=True, help="The person's id.")
@click.option("--expires", type=Lasting(), default="90d", show_default=True, help="How long it lasts: 12h, 90d, 4w.")
@click.option("--label", default="", help="What it is for.")
@data_option
def create(person: UUID, expires: timedelta, label: str, data: Path | None) -> None:
    """Make a token and print it, once."""

    async def make() -> str:
        async with opened_people(addresses) as people:
            if PersonId(person) not in await people.names([PersonId(person)]):
                fail(f"There is no person {person}.")
            return (await people.issue(PersonId(person), label, datetime.now(UTC) + expires)).token

    with database(settings(), data, say) as addresses:
        click.echo(run(make()))


@token.command("list")
@click.option("--person", type=click.UUID, required=True, help="The person's id.")
@data_option
def list_(person: UUID, data: Path | None) -> None:
    """List a person's tokens, without their secrets."""

    async def lines() -> list[str]:
        async with opened_people(addresses) as people:
            return [
                f"{known.id}  {known.label or '-'}  expires {known.expires or 'never'}"
                + (f"  revoked {known.revoked}" if known.revoked else "")
                for known in await people.tokens(PersonId(person))
            ]

    with database(settings(), data, say) as addresses:
        click.echo("\n".join(run(lines())) or "None.")


@token.command()
@click.argument("token_id", type=click.UUID)
@click.option("--person", type=click.UUID, required=True, help="The person's id.")
@data_option
def revoke(token_id: UUID, person: UUID, data: Path | None) -> None:
    """Revoke a token, at once."""

    async def end() -> bool:
        async with opened_people(addresses) as people:
            return await people.revoke(PersonId(person), TokenId(token_id))

    with database(settings(), data, say) as addresses:
        if not run(end()):
            fail("There is no such token, or it is revoked already.")
    say("Revoked.")
