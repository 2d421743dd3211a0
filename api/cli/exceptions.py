"""`accord exceptions`: what an auditor looks at first, edition by edition."""

from collections.abc import Iterator, Sequence

import click
import msgspec

from api.cli.client import Server, asks
from api.cli.terminal import harmless, instant
from api.http.editions import Editions, Exceptions
from application.views.exceptions import Exceptional, ExceptionShown


@click.command()
@click.option("--edition", help="Only this edition; else all.")
@click.option("--format", "format_", help="Only this format; else all that you read.")
@click.option("--what", type=click.Choice([one.value for one in Exceptional]), help="Only this.")
@click.option("--as-of", help="As the record said at this instant.")
@asks
def exceptions(server: Server, edition: str | None, format_: str | None, what: str | None, as_of: str | None) -> None:
    """Show what was done on behalf of somebody, late, under another date, as editorial, or was set aside."""
    asked = {"format": format_, "what": what, "as_of": as_of}
    editions = [edition] if edition else [one.code for one in server.read(Editions, "/api/editions", as_of=as_of).items]
    if server.as_json and edition:
        server.show(server.get(f"/api/editions/{edition}/exceptions", **asked))
        return
    found = [one for code in editions for one in server.read(Exceptions, f"/api/editions/{code}/exceptions", **asked).items]
    if server.as_json:
        server.show(msgspec.json.encode(Exceptions(tuple(found), len(found))))
    else:
        _show(found)


def _show(found: Sequence[ExceptionShown]) -> None:
    for one in found:
        click.echo(f"{one.number:<8} {one.status:<14} {one.what:<24} {one.delegation or ''}".rstrip())
        click.echo("    " + "; ".join(_said(one)))
    click.echo(f"{len(found)} in all")


def _said(one: ExceptionShown) -> Iterator[str]:
    yield f"recorded {instant(one.at)} as {one.fact}, fact {one.index} of its book"
    if one.received is not None:
        yield f"received {instant(one.received)}"
    if one.effective is not None:
        yield f"said to be of {instant(one.effective)}"
    if one.reference is not None:
        yield harmless(one.reference)
