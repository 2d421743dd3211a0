"""`accord diff`: what changed between two revisions of a proposal."""

from collections.abc import Iterator
from typing import Final

import click

from api.cli.client import Server, asks
from api.cli.terminal import harmless
from application.views.comparison import Comparison, LanguagesCompared, ProvisionCompared
from domain.text.comparison import Difference
from domain.text.redline import Run, RunKind

SIGNS: Final = {Difference.ADDED: "+", Difference.REMOVED: "-", Difference.MOVED: ">", Difference.CHANGED: "~"}


@click.command()
@click.argument("proposal")
@click.option("--from", "base", type=click.IntRange(min=0), help="The number of a revision; else the one before the other.")
@click.option("--to", type=click.IntRange(min=0), help="The number of a revision; else the current one.")
@click.option("--language", help="In which language words are compared; else in the master.")
@asks
def diff(server: Server, proposal: str, base: int | None, to: int | None, language: str | None) -> None:
    """Show what changed between two revisions: [-deleted-] and {+inserted+} words."""
    path = f"/api/proposals/{server.proposal(proposal)}/diff"
    if server.as_json:
        server.show(server.get(path, from_=base, to=to, language=language))
    else:
        for line in _lines(server.read(Comparison, path, from_=base, to=to, language=language)):
            click.echo(line)


def _lines(found: Comparison) -> Iterator[str]:
    counts = ", ".join(f"{count} {difference}" for difference, count in found.totals.items() if count)
    yield f"Revision {found.base.number} to revision {found.to.number}, in {found.language}: {counts or 'no provisions'}"
    for part in found.provisions:
        if part.difference is not Difference.UNCHANGED:
            yield ""
            yield click.style(_heading(part), bold=True)
            if part.runs:
                yield "    " + "".join(map(_marked, part.runs))


def _heading(part: ProvisionCompared) -> str:
    notes = "; ".join((*_notes(part), *_of_languages(part.languages)))
    return f"{SIGNS[part.difference]} {_place(part)}" + (f" ({notes})" if notes else "")


def _place(part: ProvisionCompared) -> str:
    numbers = [place.number for place in (part.before, part.after) if place is not None]
    return " -> ".join(dict.fromkeys(numbers))


def _notes(part: ProvisionCompared) -> Iterator[str]:
    if part.moved:
        yield "moved"
    if part.before and part.after and part.before.kind is not part.after.kind:
        yield f"{part.before.kind}, now {part.after.kind}"
    if part.coarse:
        yield "compared by clauses"


def _of_languages(languages: LanguagesCompared) -> Iterator[str]:
    for said, listed in (("new in", languages.added), ("gone in", languages.removed), ("reworded in", languages.reworded)):
        if listed:
            yield f"{said} {', '.join(listed)}"


def _marked(run: Run) -> str:
    text = harmless(run.text)
    match run.kind:
        case RunKind.DELETED:
            return click.style(f"[-{text}-]", fg="red")
        case RunKind.INSERTED:
            return click.style(f"{{+{text}+}}", fg="green")
        case RunKind.KEPT:
            return text
