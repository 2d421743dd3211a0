"""`accord exceptions`: what an auditor looks at first, edition by edition."""

from collections.abc import Sequence

import click
import msgspec
from rich.console import Console
from rich.table import Table

from api.cli.client import Server, asks
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
    table = Table(title="Out of the ordinary", caption=f"{len(found)} in all")
    for name in ("Proposal", "Status", "What", "Delegation", "Recorded", "Received or effective", "Reference", "Fact"):
        table.add_column(name)
    for one in found:
        other = one.received or one.effective
        cells = (one.number, one.status, one.what, one.delegation or "", f"{one.at:%Y-%m-%d %H:%M:%S}")
        table.add_row(*cells, f"{other:%Y-%m-%d %H:%M:%S}" if other else "", one.reference or "", f"{one.fact} {one.index}")
    Console().print(table)
