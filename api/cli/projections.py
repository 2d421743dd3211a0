"""`accord projections`: how far the views have come, and what holds one up."""

from pathlib import Path

import click

from api.cli.common import collect_seldom, data_option, fail, run, say, settings
from api.compose import NotRebuiltError, build_anew, database, parked_views, resume_view, views_progress


@click.group()
def projections() -> None:
    """See how far the views have come; resume one that a bad fact holds up; build one anew."""


@projections.command("list")
@data_option
def list_(data: Path | None) -> None:
    """List the views: position, how many facts behind, and the error that holds one up."""
    with database(settings(), data, say) as addresses:
        errors = {held.name: f"  parked at {held.position}: {held.error}" for held in run(parked_views(addresses))}
        for view in run(views_progress(addresses)):
            click.echo(f"{view.name}  at {view.position}, {view.lag} behind{errors.get(view.name, '')}")


@projections.command()
@click.argument("name")
@data_option
def resume(name: str, data: Path | None) -> None:
    """Have a parked view try its bad fact again."""
    with database(settings(), data, say) as addresses:
        if not run(resume_view(addresses, name)):
            fail(f"There is no view {name}.")
    say("Resumed.")


@projections.command()
@click.argument("name")
@data_option
def rebuild(name: str, data: Path | None) -> None:
    """Build a view anew beside the live one, and swap them. Readers see the live one until then; a broken try goes on."""
    collect_seldom()
    with database(settings(), data, say) as addresses:
        try:
            build_anew(addresses, name, say)
        except NotRebuiltError as error:
            fail(str(error))
