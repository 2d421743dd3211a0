"""The figures of the whole file of recorded votes are what its rows say."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import anyio
import pytest

from application.imports.roll_calls import read
from application.views.figures import progress
from application.views.progress import Cohort, Happened, Progress, ProgressAsked
from infrastructure.postgres.embedded import Database
from infrastructure.projections.readers.progress import PostgresProgress
from infrastructure.projections.readers.wall import Views
from tests.application.imports.house import house
from tests.infrastructure.projections.scene import follow

VOTES: Final = Path(__file__).parents[2] / "data" / "unga_four_party_votes.csv"
SCALE: Final = {"yes": Fraction(1), "abstain": Fraction(1, 2), "no": Fraction(0)}

Call = Mapping[str, str]


def sessions(rows: Iterable[Mapping[str, str]]) -> dict[str, list[Call]]:
    """By session the roll calls, each as votes by delegation: by the csv module alone."""
    calls: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        calls.setdefault((row["session"], row["rcid"]), {})[row["delegation"]] = row["vote"]
    found: dict[str, list[Call]] = defaultdict(list)
    for (session, _), call in calls.items():
        found[f"unga-{session}"].append(call)
    return found


def recounted(calls: Sequence[Call], members: int) -> dict[str, Any]:
    """What the figures of some roll calls must say."""
    put = [call for call in calls if len(call) == members]
    blocked = [call for call in put if "no" in call.values()]
    alone = Counter(
        next(code for code, vote in call.items() if vote == "no") for call in blocked if list(call.values()).count("no") == 1
    )
    return {
        "tabled": len(calls),
        "adopted": len(put) - len(blocked),
        "no-consensus": len(blocked),
        "lapsed": len(calls) - len(put),
        "acted on": len(put),
        "alone": dict(alone),
    }


def pairs(calls: Sequence[Call], delegations: Iterable[str]) -> dict[tuple[str, str], dict[str, Any]]:
    """How alike each two voted."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for one, other in combinations(sorted(delegations), 2):
        both = [(call[one], call[other]) for call in calls if one in call and other in call]
        distance = [abs(SCALE[a] - SCALE[b]) for a, b in both]
        half_credit = 1 - sum(distance, Fraction(0)) / len(both) if both else None
        found[one, other] = {
            "n": len(both),
            "excluded": len(calls) - len(both),
            "same": sum(a == b for a, b in both),
            "half-credit": half_credit,
            "s": None if half_credit is None else 2 * half_credit - 1,
        }
    return found


def said(figures: Cohort) -> dict[str, Any]:
    statuses = figures.proposals.statuses or {}
    counts = {name: statuses[name] for name in ("adopted", "no-consensus", "lapsed")}
    return {"tabled": figures.proposals.tabled, "acted on": figures.adoption_rate.rate.denominator, **counts}


def said_of_pairs(figures: Happened) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (str(one.pair[0]), str(one.pair[1])): {
            "n": one.n,
            "excluded": one.excluded,
            "same": one.strict.numerator or 0,
            "half-credit": _exactly(one.half_credit.numerator, one.half_credit.denominator),
            "s": _exactly(one.s.numerator, one.s.denominator),
        }
        for one in figures.agreement
    }


def _exactly(numerator: int | None, denominator: int) -> Fraction | None:
    return None if numerator is None else Fraction(numerator, denominator)


async def loaded(database: Database, lines: Iterable[str]) -> Progress:
    """The figures of a file, for a reader of all books."""
    async with house(database) as opened:
        await opened.load(read(lines))
        books, now = opened.tracker.directory.all_books(), (await opened.log.horizon()).at
    await follow(database)
    async with Views(database.app_url, most=1) as views:
        return progress(await PostgresProgress(views).counted(books, ProgressAsked(), now=now), ProgressAsked(), [], "")


def check(found: Progress, rows: Sequence[Mapping[str, str]]) -> None:
    delegations = {row["delegation"] for row in rows}
    expected = sessions(rows)
    assert {one.edition for one in found.editions} == expected.keys()
    every = [call for calls in expected.values() for call in calls]
    shown = [(expected[one.edition], one.happened, one.cohort) for one in found.editions]
    for calls, happened, cohort in [*shown, (every, found.total.happened, found.total.cohort)]:
        counted = recounted(calls, len(delegations))
        assert (happened.sole_objector.delegations or {}) == counted.pop("alone")
        assert said(happened) == said(cohort) == counted
        assert said_of_pairs(happened) == pairs(calls, delegations)


SMALL: Final = (
    "1,1,1967-12-19,R/1,JPN,yes",
    "1,1,1967-12-19,R/1,USA,abstain",
    "2,1,1967-12-19,,JPN,yes",
    "2,1,1967-12-19,,USA,no",
    "3,1,1967-12-21,R/3,JPN,no",
    "4,2,1968-01-02,R/4,JPN,no",
    "4,2,1968-01-02,R/4,USA,no",
)


async def test_figures_of_recorded_votes_are_what_the_rows_say(database: Database) -> None:
    lines = ["rcid,session,date,resolution,delegation,vote", *SMALL]
    check(await loaded(database, lines), list(csv.DictReader(lines)))


@pytest.mark.campaign
async def test_figures_of_the_whole_file_are_what_its_rows_say(database: Database) -> None:
    lines = (await anyio.Path(VOTES).read_text(encoding="utf-8")).splitlines()
    found = await loaded(database, lines)
    assert len(found.editions) == 74
    assert found.total.happened.proposals.n == 6198
    check(found, list(csv.DictReader(lines)))
