"""`accord backup` and `accord restore`: the record in one file, and out of one."""

from pathlib import Path

import click

from api.cli.common import data_option, fail, say, settings
from api.compose import NotDoneError, back_up, database, put_back


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@data_option
def backup(file: Path, data: Path | None) -> None:
    """Write the database to FILE, which must not be there; also while the forum is served. Whoever has FILE reads every book."""
    with database(settings(), data, say) as addresses:
        try:
            back_up(addresses, file)
        except NotDoneError as error:
            fail(str(error))
    say(f"Written to {file}.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@data_option
def restore(file: Path, data: Path | None) -> None:
    """Fill an empty database from FILE, which `accord backup` wrote, and bring it up to this version of the program."""
    with database(settings(), data, say) as addresses:
        try:
            found = put_back(addresses, file)
        except NotDoneError as error:
            fail(str(error))
    say(f"Restored {found.facts} facts; the last was recorded at {found.last}. The views fill themselves when it is served.")
