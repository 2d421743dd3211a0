"""Shares and medians."""

from collections import Counter
from collections.abc import Sequence
from statistics import median as by_hand

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.progress.definitions import DEFINITIONS
from domain.progress.measures import Share, median, share


def test_a_share_keeps_what_it_is_of() -> None:
    assert share(3, 4) == Share(3, 4, 0.75)
    assert share(0, 4) == Share(0, 4, 0.0)


def test_nothing_of_nothing_is_a_gap() -> None:
    assert share(0, 0) == Share(None, 0, None)
    assert median({}) is None


@pytest.mark.parametrize(
    ("counted", "middle"), [({5: 1}, 5), ({1: 1, 2: 1}, 1.5), ({1: 3, 90: 1}, 1), ({0: 2, 7: 2}, 3.5), ({9: 1, 0: 1, 4: 1}, 4)]
)
def test_a_median(counted: dict[int, int], middle: float) -> None:
    assert median(counted) == middle


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1))
def test_the_median_of_counted_values_is_that_of_the_values(values: Sequence[int]) -> None:
    assert median(Counter(values)) == by_hand(values)


def test_each_definition_has_a_label_of_its_own() -> None:
    labels = [definition.label for definition in DEFINITIONS]
    assert len(set(labels)) == len(labels)
    assert "adoption-rate/1" in labels
