"""`accord signer`: who holds the keys of the books, apart from the database."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar

import click

from api.cli.common import data_option, fail, say, settings
from api.compose import SignerFolderError, adopt_checkpoints, make_signer, rotate_keys, run_signer, signer_folder

F = TypeVar("F", bound=Callable[..., Any])


def folder_option(function: F) -> F:
    """`--folder FOLDER`, or `--data FOLDER`."""
    return click.option(
        "--folder",
        type=click.Path(file_okay=False, path_type=Path),
        help="The signer's folder; else `signer` in the data folder.",
    )(data_option(function))


@click.group()
def signer() -> None:
    """Make the keys of the books, sign, and mend what is lost."""


@signer.command()
@folder_option
def init(folder: Path | None, data: Path | None) -> None:
    """Make a folder with new keys. `serve` does so by itself where no signer is named."""
    home = _home(folder, data)
    try:
        make_signer(home)
    except SignerFolderError as error:
        fail(str(error))
    say(f"Made {home}. Keep it out of the database's back-up: who has it signs as this forum.")


@signer.command()
@folder_option
@click.option("--group", help="Members of this group of the system may ask it, too: so the server runs as another user.")
def run(folder: Path | None, data: Path | None, group: str | None) -> None:
    """Sign what grew, and refuse what was rewritten, until asked to stop."""
    try:
        run_signer(_home(folder, data), group, say)
    except SignerFolderError as error:
        fail(str(error))


@signer.command()
@folder_option
@click.argument("checkpoint", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def adopt(folder: Path | None, data: Path | None, checkpoint: tuple[Path, ...]) -> None:
    """Begin a state that was lost from CHECKPOINTs: of each book the largest that anybody holds.

    A book that is not among them is taken for a new one, and one that grew beyond its checkpoint can be forked from there:
    ask every delegation for its last one first.
    """
    try:
        adopted = adopt_checkpoints(_home(folder, data), [file.read_bytes() for file in checkpoint])
    except SignerFolderError as error:
        fail(str(error))
    for tree in adopted:
        click.echo(tree)


@signer.command()
@folder_option
@click.option("--use", type=click.Choice(["log", "promise"]), default="log", show_default=True, help="Which key.")
@click.option("--overlap", type=click.IntRange(0, 3650), default=30, show_default=True, help="Days on which both keys sign.")
def rotate(folder: Path | None, data: Path | None, use: Literal["log", "promise"], overlap: int) -> None:
    """Make a new key beside the old one, which signs no more after the overlap. After a theft: --overlap 0."""
    try:
        ends = rotate_keys(_home(folder, data), use, timedelta(days=overlap))
    except SignerFolderError as error:
        fail(str(error))
    say(f"The old {use} key signs until {ends:%Y-%m-%d %H:%M:%S} UTC. The server announces the new one in the public book.")


def _home(folder: Path | None, data: Path | None) -> Path:
    return folder or signer_folder(settings(), data)
