"""`accord progress`: year over year, as a table."""

from collections.abc import Iterator, Sequence
from typing import Final

import click
from rich.console import Console
from rich.table import Table

from api.cli.client import Server, asks
from application.views.progress import Happened, PairAgreement, Progress, ProposalsBy, Silences, SoleObjector
from domain.progress.measures import Share

GAP: Final = "-"
"""Where there is nothing to measure: not zero."""


@click.command()
@click.option("--format", "format_", help="Only this format; else all that you read.")
@click.option("--edition", help="Only this edition.")
@click.option("--day", type=click.IntRange(0), help="Each edition so many days after it was opened.")
@click.option("--as-of", help="As published then: what the record said at this instant, or at the end of this day.")
@click.option("--effective-at", help="What held then, as known now.")
@asks
def progress(
    server: Server,
    format_: str | None,
    edition: str | None,
    day: int | None,
    as_of: str | None,
    effective_at: str | None,
) -> None:
    """Show what became of what was proposed, edition by edition, and how the delegations stood to each other."""
    asked = {"format": format_, "edition": edition, "day": day, "as_of": as_of, "effective_at": effective_at}
    if server.as_json:
        server.show(server.get("/api/progress", **asked))
    else:
        _show(server.read(Progress, "/api/progress", **asked))


def _show(found: Progress) -> None:
    console = Console()
    console.print(_editions(found))
    console.print(_pairs(found.total.happened.agreement))
    console.print(f"At {found.position or 'the beginning of the record'}", soft_wrap=True, highlight=False)


def _editions(found: Progress) -> Table:
    formats = ", ".join(found.formats) or "nothing that you read"
    table = Table(title="Year over year", caption=f"{formats}; every outcome in the edition where it happened")
    statuses = _statuses(found.total.happened.proposals)
    table.add_column("Edition")
    for name in ("Tabled", *statuses, "Adopted of acted on", "Days", "Revisions", "Broken"):
        table.add_column(name.capitalize().replace("-", " "), justify="right")
    table.add_column("Blocked alone")
    for one in found.editions:
        table.add_row(one.edition, *_cells(one.happened, statuses))
    table.add_section()
    table.add_row("all", *_cells(found.total.happened, statuses))
    return table


def _statuses(proposals: ProposalsBy) -> tuple[str, ...]:
    """Those that any proposal has come to."""
    return tuple(status for status, count in (proposals.statuses or {}).items() if count)


def _cells(happened: Happened, statuses: Sequence[str]) -> Iterator[str]:
    counted = happened.proposals.statuses or {}
    yield _number(happened.proposals.tabled)
    yield from (_number(counted.get(status)) for status in statuses)
    yield _share(happened.adoption_rate.rate)
    yield _number(happened.days_to_adoption.median)
    yield _number(happened.revisions_to_adoption.median)
    yield _broken(happened.silences)
    yield _alone(happened.sole_objector)


def _number(value: float | None) -> str:
    return GAP if value is None else f"{value:g}"


def _share(found: Share) -> str:
    """The quotient with what it is of."""
    if found.value is None:
        return GAP
    return f"{found.value:.0%} ({found.numerator}/{found.denominator})"


def _broken(silences: Silences) -> str:
    return f"{silences.broken} of {silences.opened}" if silences.n else GAP


def _alone(found: SoleObjector) -> str:
    return ", ".join(f"{code} {count}" for code, count in (found.delegations or {}).items()) or GAP


def _pairs(pairs: Sequence[PairAgreement]) -> Table:
    table = Table(
        title="How alike two stood on the last revision, over all editions",
        caption="n: both took a position; excluded: one of them took none. S from -1, opposed, to 1, the same",
    )
    for name in ("Pair", "n", "Excluded", "Strict", "Half-credit", "S"):
        table.add_column(name, justify="left" if name == "Pair" else "right")
    for one in pairs:
        shares = (_quotient(one.strict), _quotient(one.half_credit), _quotient(one.s))
        table.add_row(" ".join(one.pair), str(one.n), str(one.excluded), *shares)
    return table


def _quotient(found: Share) -> str:
    """Beside its n."""
    return GAP if found.value is None else f"{found.value:.3f}"
