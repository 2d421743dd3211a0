"""How far a long work has come: a bar on a terminal, a line now and then elsewhere."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from time import monotonic
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api.cli.common import say

EVERY: Final = 5.0
"""Seconds between two lines."""

Advance = Callable[[int], None]
"""Is told how much is done in all."""


@contextmanager
def progress(what: str, total: int) -> Generator[Advance]:
    """Show beside the output how much of it is done, as long as this lasts."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(what, total)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bars:
        bar = bars.add_task(what, total=total)
        yield lambda done: bars.update(bar, completed=done)


def _lines(what: str, total: int) -> Advance:
    """The first comes after a while, so that of what is soon done only the end is said."""
    last = monotonic()

    def advance(done: int) -> None:
        nonlocal last
        if done < total and monotonic() - last < EVERY:
            return
        last = monotonic()
        say(f"{what}: {done:,} of {total:,}")

    return advance
