"""Measuring in pairs: what is compared is taken in turns, in one run, so that whatever else the machine does weighs on both."""

from collections.abc import Callable, Mapping, Sequence
from random import Random

from msgspec import Struct

Figures = Mapping[str, float]
"""What one slice of a run came to, by name."""
Measure = Callable[[], Figures]
"""Takes one slice."""
Samples = Mapping[str, Sequence[float]]
"""By name, the figure of each round."""


def interleaved(measures: Sequence[Measure], rounds: int, random: Random) -> Samples:
    """Each measure once a round, in an order drawn anew, so that none always follows the same other."""
    samples: dict[str, list[float]] = {}
    for _ in range(rounds):
        for measure in random.sample(measures, len(measures)):
            for name, figure in measure().items():
                samples.setdefault(name, []).append(figure)
    return samples


class Spread(Struct, frozen=True):
    """The median of some figures, with the least and the most."""

    median: float
    least: float
    most: float


def spread(figures: Sequence[float]) -> Spread:
    return Spread(middle(figures), min(figures), max(figures))


def middle(figures: Sequence[float]) -> float:
    """The median; of an even number of figures the upper one of the two in the middle."""
    return sorted(figures)[len(figures) // 2]
