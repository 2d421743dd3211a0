"""All that the domain knows: its facts and its refusals, found by loading every module."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from typing import TypeVar

import domain
from domain.kernel import Fact, Refusal, Withheld

K = TypeVar("K")


@cache
def fact_types() -> tuple[type[Fact], ...]:
    """Every kind of fact that can be recorded, by tag."""
    kinds = (kind for kind in _kinds(Fact) if "tag" in vars(kind) and kind is not Withheld)
    return tuple(sorted(kinds, key=lambda kind: kind.tag))


@cache
def refusal_types() -> tuple[type[Refusal], ...]:
    """Every refusal of the domain, by name."""
    return tuple(sorted(_kinds(Refusal), key=lambda kind: kind.__name__))


def _kinds(base: type[K]) -> Iterator[type[K]]:
    for module in walk_packages(domain.__path__, "domain."):
        import_module(module.name)
    waiting = base.__subclasses__()
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        if kind.__module__.startswith("domain."):
            yield kind
