"""`accord key`: the keys with which a delegation signs. The private one stays in its file; only the public one is registered."""

from datetime import datetime
from pathlib import Path

import click
from msgspec import Struct

from api.cli.client import Answered, Server, asks
from api.cli.terminal import harmless
from api.compose import KeyUnusableError, make_key, public_key
from domain.forum.commands import RegisterKey
from domain.forum.events import KeyPurpose
from domain.forum.keys import key_id
from domain.record.malformed import base64

PURPOSES = [purpose.value for purpose in KeyPurpose]


class _Office(Struct):
    delegation: str
    role: str


class _Me(Struct):
    offices: list[_Office]


class _Delegation(Struct):
    code: str


class _Forum(Struct):
    delegations: list[_Delegation]


class _Key(Struct):
    id: str
    purpose: str
    kind: str
    registered: datetime
    ended: datetime | None


class _Keys(Struct):
    items: list[_Key]


@click.group()
def key() -> None:
    """Make, register, list and end the keys with which a delegation signs."""


@key.command()
@click.argument("file", type=click.Path(path_type=Path))
def init(file: Path) -> None:
    """Make a key for acts (Ed25519), in a new FILE that its owner alone can read. Nothing is sent anywhere."""
    try:
        made = make_key(file)
    except KeyUnusableError as error:
        raise click.ClickException(str(error)) from None
    _say(made)


@key.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--purpose", type=click.Choice(PURPOSES), default=PURPOSES[0], show_default=True, help="What it signs.")
@click.option("--delegation", help="Its code, where you head several.")
@asks
def register(server: Server, file: Path, purpose: str, delegation: str | None) -> None:
    """Register the public key of FILE for the delegation that you head."""
    try:
        said = public_key(file, KeyPurpose(purpose))
    except KeyUnusableError as error:
        raise click.ClickException(str(error)) from None
    code = delegation or _headed(server)
    answer = server.post(f"/api/delegations/{code}/keys", said)
    if server.as_json:
        server.show(answer)
    else:
        _say(said)


@key.command("list")
@click.option("--delegation", help="Its code; else of all delegations.")
@asks
def list_(server: Server, delegation: str | None) -> None:
    """List the keys that are registered: compare their ids with those that the delegations tell you by another way."""
    if server.as_json:
        server.show(server.get(f"/api/delegations/{delegation or _headed(server)}/keys"))
        return
    codes = [delegation] if delegation else [one.code for one in server.read(_Forum, "/api/forum").delegations]
    for code in codes:
        for one in server.read(_Keys, f"/api/delegations/{code}/keys").items:
            click.echo(harmless(_line(code, one)))


@key.command()
@click.argument("which", metavar="KEY")
@click.option("--delegation", help="Its code, where you head several.")
@asks
def end(server: Server, which: str, delegation: str | None) -> None:
    """End a key, by its id: nothing that it signs counts any more."""
    answer = server.post(f"/api/delegations/{delegation or _headed(server)}/keys/{which}/end", if_match="*")
    if server.as_json:
        server.show(answer)
    else:
        click.echo(f"{which} has ended.")


def _headed(server: Server) -> str:
    """The delegation that whoever asks heads."""
    headed = [office.delegation for office in server.read(_Me, "/api/me").offices if office.role == "head"]
    if len(headed) != 1:
        raise Answered(f"You head {', '.join(headed) or 'no delegation'}; name one with --delegation.")
    return headed[0]


def _say(said: RegisterKey) -> None:
    click.echo(f"id     {key_id(said.kind, said.public)}")
    click.echo(f"public {base64(said.public)}")


def _line(code: str, one: _Key) -> str:
    ended = "" if one.ended is None else f", ended {one.ended:%Y-%m-%d %H:%M:%S}"
    return f"{code} {one.purpose:<7} {one.kind:<9} {one.id}  since {one.registered:%Y-%m-%d %H:%M:%S}{ended}"
