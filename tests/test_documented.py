"""What is public is documented in the README of its room, and this notices when it is not.

A README is read as it stands: what must be in it comes from the program, and what it names must be there. One table is too
long to be kept by hand:

    python -m tests.test_documented        writes the table of problems in api/README.md
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from litestar.handlers import HTTPRouteHandler
from msgspec.structs import FieldInfo, fields

from api.cli.main import VERBS
from api.http.app import HANDLERS
from api.problems import DESCRIPTIONS, STATUS, Description
from api.settings import KNOWN, SECRETS
from application.access import MAY, Capacity
from application.folds import EVOLVE
from domain.kernel import Command, Fact, Refusal
from domain.rules import Rules
from tests.domain.catalogue import fact_types, refusal_types

ROOT: Final = Path(__file__).parents[1]
ROOMS: Final = ("domain", "application", "infrastructure", "api", "tests")
READMES: Final = sorted(page for room in ROOMS for page in (ROOT / room).rglob("README.md"))

TAG: Final = re.compile(rf"`((?:{'|'.join(EVOLVE)})\.[a-z]+(?:-[a-z]+)*)`")
GIVEN: Final = re.compile(r"^\| `([A-Z]\w+)` \| ([a-z, ]+) \|", re.MULTILINE)
ROUTE: Final = re.compile(r"^(GET|POST|PUT|DELETE) +(/\S+)", re.MULTILINE)
SETTING: Final = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)
VERB: Final = re.compile(r"^accord ([a-z]+)", re.MULTILINE)
FILE: Final = re.compile(r"`((?:[\w-]+/)*[\w-]+\.(?:py|sql|md|toml|json))`")
LINK: Final = re.compile(r"\]\((?!https?:|#)([^)#]+)")

BLOCK: Final = re.compile(r"(?<=<!-- problems -->\n)(.*?)(?=<!-- end of problems -->)", re.DOTALL)


@cache
def readme(room: str) -> str:
    return (ROOT / room / "README.md").read_text(encoding="utf-8")


def code_of(refusal: type[Refusal]) -> str:
    return refusal.code


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("command", MAY, ids=lambda command: command.__name__)
def test_each_command_stands_in_the_catalogue_with_those_who_may_give_it(command: type[Command]) -> None:
    given = dict(GIVEN.findall(readme("application")))
    assert given.get(command.__name__) == ", ".join(capacity for capacity in Capacity if capacity in MAY[command])


def test_the_catalogue_names_no_command_that_nobody_may_give() -> None:
    named = [name for name, _ in GIVEN.findall(readme("application"))]
    assert sorted(named) == sorted(command.__name__ for command in MAY)


@pytest.mark.parametrize("fact", fact_types(), ids=lambda fact: fact.tag)
def test_each_fact_stands_in_the_domain_with_its_stream(fact: type[Fact]) -> None:
    assert f"`{fact.tag}`" in readme("domain")


@pytest.mark.parametrize("page", READMES, ids=name_of)
def test_a_page_names_no_fact_that_is_not_recorded(page: Path) -> None:
    named = {tag for tag in TAG.findall(page.read_text(encoding="utf-8")) if not tag.endswith(".py")}
    assert named <= {fact.tag for fact in fact_types()}


@pytest.mark.parametrize("refusal", sorted({*refusal_types(), *STATUS}, key=code_of), ids=code_of)
def test_each_refusal_stands_in_its_room(refusal: type[Refusal]) -> None:
    room, _, _ = refusal.__module__.partition(".")
    assert f"`{refusal.code}`" in readme(room)


@pytest.mark.parametrize("rule", fields(Rules), ids=lambda rule: rule.name)
def test_each_rule_of_a_forum_stands_in_the_domain(rule: FieldInfo) -> None:
    assert f"| `{rule.name}` |" in readme("domain")


def test_the_api_lists_just_the_routes_that_there_are() -> None:
    assert sorted(f"{method} {path}" for method, path in ROUTE.findall(readme("api"))) == sorted(routes())


def routes() -> Iterator[str]:
    for handler in HANDLERS:
        assert isinstance(handler, HTTPRouteHandler)
        for method in handler.http_methods:
            for path in handler.paths:
                yield f"{method} {re.sub(r':[a-z]+}', '}', path)}"


def test_the_api_lists_just_the_settings_that_there_are() -> None:
    named = set(SETTING.findall(readme("api")))
    assert named == set(KNOWN)
    assert all(f"`{secret}`" in readme("api") for secret in SECRETS)


def test_the_api_lists_just_the_verbs_that_there_are() -> None:
    assert set(VERB.findall(readme("api"))) == set(VERBS)


def test_the_table_of_problems_is_as_the_program_has_it() -> None:
    assert BLOCK.findall(readme("api")) == [problems()], "python -m tests.test_documented writes it"


def problems() -> str:
    rows = sorted(DESCRIPTIONS.values(), key=lambda problem: (problem.status, problem.code))
    return "".join(("| status | code | says |\n|---|---|---|\n", *map(_row, rows)))


def _row(problem: Description) -> str:
    return f"| {problem.status} | `{problem.code}` | {problem.sentence} |\n"


@pytest.mark.parametrize("page", READMES, ids=name_of)
def test_a_page_names_no_file_that_is_not_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = {*FILE.findall(text), *LINK.findall(text)}
    assert [name for name in sorted(named) if not any((place / name).exists() for place in (page.parent, ROOT))] == []


def write() -> None:
    page = ROOT / "api" / "README.md"
    page.write_text(BLOCK.sub(lambda _: problems(), page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write()
