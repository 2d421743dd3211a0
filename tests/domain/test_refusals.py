"""Every refusal of the domain has a code, a sentence with its values, and a test that is refused with it."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from string import Formatter

import pytest

from domain.kernel import Refusal
from tests.domain.catalogue import refusal_types


def refused() -> Iterator[str]:
    """The refusals that a test of the domain names in its third clause, which fails unless it is refused with just these."""
    for path in Path(__file__).parent.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr="refused"), args=[ast.Name(id=name)]):
                    yield name
                case _:
                    pass


def test_every_refusal_is_tested() -> None:
    names = {refusal.__name__ for refusal in refusal_types()}
    assert names
    assert names - set(refused()) == set()


def test_codes_are_unique() -> None:
    codes = Counter(refusal.code for refusal in refusal_types())
    assert [code for code, count in codes.items() if count > 1] == []


def test_names_are_unique() -> None:
    names = Counter(refusal.__name__ for refusal in refusal_types())
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("refusal", refusal_types(), ids=lambda refusal: refusal.code)
def test_a_refusal_has_a_code_in_kebab_case_that_says_its_name(refusal: type[Refusal]) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", refusal.code)
    assert refusal.code.replace("-", "") == refusal.__name__.lower()


@pytest.mark.parametrize("refusal", refusal_types(), ids=lambda refusal: refusal.code)
def test_the_sentence_names_just_the_values(refusal: type[Refusal]) -> None:
    assert is_dataclass(refusal)
    named = [name for _, name, _, _ in Formatter().parse(refusal.sentence) if name is not None]
    assert sorted(named) == sorted(field.name for field in fields(refusal))


@pytest.mark.parametrize("refusal", refusal_types(), ids=lambda refusal: refusal.code)
def test_the_sentence_is_one_and_says_why(refusal: type[Refusal]) -> None:
    assert re.fullmatch(r"[A-Z{].*[.}]", refusal.sentence)
    assert refusal.__doc__
