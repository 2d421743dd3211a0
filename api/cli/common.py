"""What several verbs share: the data folder, the settings, words to the operator."""

import asyncio
import gc
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click
import psycopg
import structlog
import uvloop

from api.compose import NotFoundedError, NotServingError
from api.languages import translate
from api.settings import Settings, SettingsError, read_settings
from domain.kernel import Refusal

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


def data_option(function: F) -> F:
    """`--data FOLDER`."""
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        help="The data folder; else ACCORD_DATA, else the user's data folder.",
    )(function)


def settings() -> Settings:
    """The settings of the environment; what is wrong with them ends the program with a sentence."""
    try:
        return read_settings(os.environ)
    except SettingsError as error:
        fail(str(error))


def say(words: str) -> None:
    """Tell the operator how it goes, beside the output."""
    click.echo(words, err=True)


def fail(words: str) -> NoReturn:
    """End with a sentence."""
    raise click.ClickException(words)


def collect_seldom() -> None:
    """Nearly all that a request, or a fact, makes goes without the collector of cycles, and what is here by now stays: a tenth of the CPU."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run to the end; a refusal or a database that does not answer ends the program with a sentence, not a traceback."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # standard output is the result's alone
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(main)
    except Refusal as refusal:
        fail(translate(refusal.sentence, "en", refusal.values()))
    except (NotFoundedError, NotServingError) as error:
        fail(str(error))
    except psycopg.OperationalError as error:
        fail(f"The database does not answer: {error}")
