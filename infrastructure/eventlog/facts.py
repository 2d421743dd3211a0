"""The closed union of facts: every one that the domain can record, by the tag under which it is stored."""

from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Final

import domain
from domain.kernel import Fact


class DuplicateTagError(Exception):
    """Two facts are stored under one tag."""


def union(facts: Iterable[type[Fact]]) -> Mapping[str, type[Fact]]:
    """The facts by their tag. Raises DuplicateTagError."""
    by_tag: dict[str, type[Fact]] = {}
    for fact in facts:
        if by_tag.setdefault(fact.tag, fact) is not fact:
            raise DuplicateTagError(f"{fact.tag} is the tag of {by_tag[fact.tag].__name__} and of {fact.__name__}")
    return by_tag


def _of_rooms() -> Iterable[type[Fact]]:
    """What every room of the domain names in the FACTS of its events: a room that has any cannot be forgotten here."""
    for room in iter_modules(domain.__path__, "domain."):
        if room.ispkg and find_spec(events := f"{room.name}.events"):
            yield from import_module(events).FACTS


FACTS: Final = union(_of_rooms())
