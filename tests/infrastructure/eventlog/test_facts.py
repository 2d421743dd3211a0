"""The closed union of facts."""

from collections.abc import Iterator
from typing import ClassVar, Final

import pytest

from domain.kernel import Erasable, Erasing, Fact, Withheld, WordsGone
from infrastructure.eventlog.facts import FACTS, DuplicateTagError, union
from tests.infrastructure.eventlog.scene import Answered, Spoken

SHAPES: Final = {Erasable, Erasing, WordsGone, Withheld}
"""What the kernel gives the rooms to make facts of."""


class Whispered(Fact, frozen=True):
    tag: ClassVar[str] = Spoken.tag


def test_each_fact_is_known_by_its_tag() -> None:
    assert union([Spoken, Answered, Spoken]) == {"test.spoken": Spoken, "test.answered": Answered}


def test_two_facts_of_one_tag_are_refused() -> None:
    with pytest.raises(DuplicateTagError, match=r"test\.spoken is the tag of Spoken and of Whispered"):
        union([Spoken, Whispered])


def test_every_fact_that_the_domain_defines_is_in_the_union() -> None:
    defined = {fact for fact in _below(Fact) if fact.__module__.startswith("domain.")}
    assert set(FACTS.values()) == defined - SHAPES


def _below(fact: type[Fact]) -> Iterator[type[Fact]]:
    for subclass in fact.__subclasses__():
        yield subclass
        yield from _below(subclass)
