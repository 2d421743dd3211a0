"""`accord witness`: what a delegation runs on a machine of its own, so that it need not trust whoever runs the forum."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

import click
from rich_click import RichGroup

from api.cli.client import HERE, NAME_ONE, Answered, Away, Unknown
from api.cli.common import fail, run, say, settings
from api.compose import (
    NotWitnessedError,
    has_witness,
    make_witness,
    pin_key,
    register_witness,
    resume_witness,
    run_witness,
    watch_promise,
)
from domain.identity import BookId, DelegationCode

F = TypeVar("F", bound=Callable[..., Any])

ENDINGS: Final = {"away": Away, "unknown": Unknown, "refused": Answered}

FOLDER: Final = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))


@click.group(cls=RichGroup)
def witness() -> None:
    """Watch the books for a delegation, on a machine of its own: keep a copy, cosign what goes on from it, say what is wrong."""


def _asks(function: F) -> F:
    """Where the forum is, and who asks it."""

    @click.option("--url", help="Where Accord is served; else ACCORD_URL, else http://127.0.0.1:8000.")
    @click.option("--token", help="Of the delegation; else ACCORD_TOKEN. Others on the machine may see an option.")
    @wraps(function)
    def asking(*, url: str | None, token: str | None, **options: object) -> object:
        chosen = settings()
        known = token or chosen.token
        if known is None:
            raise Unknown(f"There is no token; {NAME_ONE}.")
        return function(url=url or chosen.url or HERE, token=known, **options)

    return asking  # type: ignore[return-value]  # click reads the options that it bears


@witness.command()
@FOLDER
@_asks
@click.option("--delegation", metavar="CODE", help="Whose witness it is; else the token's delegation.")
@click.option("--ml-dsa", is_flag=True, help="A key of ML-DSA-44, which holds against a quantum computer, instead of Ed25519.")
@click.option("--register", is_flag=True, help="Also register the key: the token is the head's.")
def init(*, folder: Path, url: str, token: str, delegation: str | None, ml_dsa: bool, register: bool) -> None:
    """Make a witness in FOLDER, and print its public key. A key that is there is registered, and not made again."""
    code = None if delegation is None else DelegationCode(delegation)
    try:
        if register and has_witness(folder):
            click.echo(run(register_witness(folder, url, token)))
            return
        made = run(make_witness(folder, url, token, delegation=code, ml_dsa=ml_dsa, register=register))
    except NotWitnessedError as error:
        raise _ending(error) from None
    click.echo(made.key)
    say(f"Trusted on first use: {made.host} was asked for its key just now, and the answer is believed from here on.")
    say("Compare it with what the forum handed out on paper, before you rely on this witness:")
    for fingerprint in made.fingerprints:
        say(f"  log key {fingerprint}")
    if not register:
        say("The key is not registered: the delegation's head does that, with `accord witness init FOLDER --register`.")


@witness.command(name="run")
@FOLDER
@_asks
@click.option("--once", is_flag=True, help="Look at each book once, and end.")
@click.option(
    "--silent-after", type=click.FloatRange(min=0), default=5, show_default=True, help="Minutes until silence is an alarm."
)
def run_(*, folder: Path, url: str, token: str, once: bool, silent_after: float) -> None:
    """Follow the books until asked to stop. It ends with 1 if it raised an alarm, whose evidence is in FOLDER/evidence."""
    try:
        alarmed = run(run_witness(folder, url, token, say, once=once, silent_after=timedelta(minutes=silent_after)))
    except NotWitnessedError as error:
        raise _ending(error) from None
    if alarmed:
        fail(f"Something was wrong: see {folder / 'evidence'}.")


@witness.command()
@FOLDER
@click.argument("book", type=click.UUID)
def resume(folder: Path, book: UUID) -> None:
    """Cosign BOOK again after a fork, if it goes on from what was cosigned last. The evidence stays."""
    try:
        resumed = resume_witness(folder, BookId(book))
    except NotWitnessedError as error:
        raise _ending(error) from None
    if not resumed:
        fail(f"{book} is not frozen in {folder}.")
    say(f"{book} is cosigned again, as far as it goes on from what was cosigned last.")


@witness.command()
@FOLDER
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
def promise(folder: Path, file: Path) -> None:
    """Have the witness watch over a promise, FILE, that came with an answer of the forum."""
    try:
        say(f"Watched until it is kept or broken: {watch_promise(folder, file)}")
    except NotWitnessedError as error:
        raise _ending(error) from None


@witness.command()
@FOLDER
@click.argument("key")
def trust(folder: Path, key: str) -> None:
    """Believe KEY as the forum's, as it stands in a policy after `log`. Compare it with what you were given on paper first."""
    try:
        say(f"Believed from now on: log key {pin_key(folder, key)}")
    except NotWitnessedError as error:
        raise _ending(error) from None


def _ending(error: NotWitnessedError) -> click.ClickException:
    return ENDINGS[error.why](str(error)) if error.why in ENDINGS else click.ClickException(str(error))
