"""Shares and medians. Where there is nothing to measure there is no figure: a gap is not zero."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from msgspec import Struct


class Share(Struct, frozen=True):
    """A part of a whole, never as a quotient alone."""

    numerator: int | None
    denominator: int
    value: float | None
    """The quotient; None of nothing."""


def share(numerator: int, denominator: int) -> Share:
    """The share that so many are of so many."""
    if denominator == 0:
        return Share(None, 0, None)
    return Share(numerator, denominator, numerator / denominator)


def median(counted: Mapping[int, int]) -> Fraction | None:
    """The median of values that occur so often: the mean of the middle two, if there are two. None of nothing."""
    size = sum(counted.values())
    if size == 0:
        return None
    return Fraction(_at(counted, (size - 1) // 2) + _at(counted, size // 2), 2)


def _at(counted: Mapping[int, int], place: int) -> int:
    """The value at a place, from 0, in ascending order."""
    return next(value for value, last in _places(counted) if place < last)


def _places(counted: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """Each value, ascending, with the place after its last."""
    last = 0
    for value in sorted(counted):
        last += counted[value]
        yield value, last
