"""A verb that asks a running Accord, small enough to see all of it: python -m tests.api.cli.look PROPOSAL."""

import click

from api.cli.client import Server, asks
from application.views.status import ProposalStatus


@click.command()
@click.argument("proposal")
@click.option("--as-of")
@asks
def look(server: Server, proposal: str, as_of: str | None) -> None:
    """Where a proposal stands."""
    path = f"/api/proposals/{server.proposal(proposal)}"
    if server.as_json:
        server.show(server.get(path, as_of=as_of))
    else:
        status = server.read(ProposalStatus, path, as_of=as_of)
        click.echo(f"{status.number} {status.status}")


if __name__ == "__main__":
    look()
