"""The words of one text beside those of another: kept, inserted, deleted, so that both can be read from them.

Clauses are laid side by side first, then, where they differ, words. What a word is the caller says, since no rule of the room
tells where one ends in Japanese or Chinese.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import Match, SequenceMatcher
from enum import StrEnum
from itertools import accumulate, pairwise, takewhile
from typing import Final, NamedTuple

from msgspec import Struct

Segmenter = Callable[[str], Iterable[str]]
"""A text in words, spaces and signs: all of it, in order. What repeats itself between spaces should cost little more than once."""

PAIRS: Final = 10_000_000
"""Places that one comparison may look at: about a second."""
CHARACTERS: Final = 150_000
"""Characters that one comparison may cut into words: two seconds. What repeats itself between spaces counts once."""

_CLAUSE: Final = re.compile(r"\S.*?(?:[。！？；，、]+(?!\d)|[.!?;:,](?=\s)|(?=\n)|\Z)\s*|\s+", re.DOTALL)  # noqa: RUF001  their signs
"""Up to a sign that ends a part of a sentence, and the spaces behind it. A comma inside of a number ends none."""


class RunKind(StrEnum):
    """What became of some words."""

    KEPT = "kept"
    INSERTED = "inserted"
    DELETED = "deleted"


class Run(Struct, frozen=True):
    """Words that have one fate. Kept and deleted ones make up the old text, kept and inserted ones the new."""

    kind: RunKind
    text: str


class Redline(Struct, frozen=True):
    """A text beside another, as runs."""

    runs: tuple[Run, ...] = ()
    coarse: bool = False
    """Somewhere it says less than it could: whole clauses, because a finer answer would have cost too much."""


class Allowance:
    """What a comparison may still cost: owned by it, and counted instead of timed, so that the same texts always get the same answer."""

    def __init__(self, pairs: int = PAIRS, characters: int = CHARACTERS) -> None:
        self.pairs = pairs
        self.characters = characters
        self.refused = 0
        """How often something would have cost more."""

    def compares(self, pairs: int) -> bool:
        """Whether so many places may be looked at; if so, they are spent."""
        self.pairs, may = _spend(self.pairs, pairs)
        self.refused += not may
        return may

    def cuts(self, characters: int) -> bool:
        """Whether so many characters may be cut into words; if so, they are spent."""
        self.characters, may = _spend(self.characters, characters)
        self.refused += not may
        return may


def _spend(left: int, wanted: int) -> tuple[int, bool]:
    return (left - wanted, True) if wanted <= left else (left, False)


def redline(old: str, new: str, words: Segmenter, allowance: Allowance) -> Redline:
    """The old text beside the new one."""
    refused, pen = allowance.refused, _Pen()
    before, after = _clauses(old), _clauses(new)
    for gap, same in _stretches(_aligned(before, after, allowance)):
        _by_words("".join(before[gap.old]), "".join(after[gap.new]), words, allowance, pen)
        pen.keep("".join(before[same.old]))
    return Redline(pen.lifted(), coarse=allowance.refused > refused)


def _by_words(old: str, new: str, words: Segmenter, allowance: Allowance, pen: "_Pen") -> None:
    if not old or not new or not allowance.cuts(_characters(old, new)):
        pen.replace(old, new)
        return
    before, after = _units(words(old)), _units(words(new))
    blocks = _aligned([unit.word for unit in before], [unit.word for unit in after], allowance)
    for gap, same in _stretches(_telling(blocks, before)):
        pen.replace(_text(before[gap.old]), _text(after[gap.new]))
        for was, now in zip(before[same.old], after[same.new], strict=True):
            pen.keep(was.word)
            pen.turn(was.space, now.space)


def _characters(old: str, new: str) -> int:
    return sum(map(len, {*old.split(), *new.split()}))


def _clauses(text: str) -> list[str]:
    return _CLAUSE.findall(text)


class _Unit(NamedTuple):
    """A word or sign and the spaces behind it, which are not compared: they would match everywhere."""

    word: str
    space: str


def _units(segments: Iterable[str]) -> list[_Unit]:
    units: list[_Unit] = []
    for segment in segments:
        if segment.isspace() and units:
            units[-1] = _Unit(units[-1].word, units[-1].space + segment)
        else:
            units.append(_Unit(segment, ""))
    return units


def _text(units: Iterable[_Unit]) -> str:
    return "".join(unit.word + unit.space for unit in units)


class _Span(NamedTuple):
    """The same stretch in both."""

    old: slice
    new: slice


def _stretches(blocks: Iterable[Match]) -> Iterator[tuple[_Span, _Span]]:
    """What differs before each block, and the block."""
    old = new = 0
    for block in blocks:
        end = _Span(slice(block.a, block.a + block.size), slice(block.b, block.b + block.size))
        yield _Span(slice(old, block.a), slice(new, block.b)), end
        old, new = end.old.stop, end.new.stop


def _aligned(old: Sequence[str], new: Sequence[str], allowance: Allowance) -> list[Match]:
    """What is the same in both, in order; last an empty block at both ends.

    What both begin and end with is found without looking further, so that a small change in a long text is a small question.
    """
    begin = _common(old, new)
    end = _common(old[begin:][::-1], new[begin:][::-1])
    last_old, last_new = len(old) - end, len(new) - end
    between = _Measured(old[begin:last_old], new[begin:last_new], allowance).get_matching_blocks()
    return [
        Match(0, 0, begin),
        *(Match(block.a + begin, block.b + begin, block.size) for block in between if block.size),
        Match(last_old, last_new, end),
        Match(len(old), len(new), 0),
    ]


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    return sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(old, new, strict=False)))


class _Measured(SequenceMatcher[str]):
    """A matcher that asks for each step first, and takes for different what it may not look at.

    Without a measure it takes the cube of the length of a text that repeats itself.
    """

    def __init__(self, old: Sequence[str], new: Sequence[str], allowance: Allowance) -> None:
        super().__init__(a=old, b=new, autojunk=False)
        self._allowance = allowance
        places = Counter(new)
        self._costs = list(accumulate((1 + places[word] for word in old), initial=0))

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        if self._allowance.compares(self._costs[-1 if ahi is None else ahi] - self._costs[alo]):
            return super().find_longest_match(alo, ahi, blo, bhi)
        return Match(alo, blo, 0)


def _telling(blocks: Sequence[Match], old: Sequence[_Unit]) -> list[Match]:
    """Without the single signs that two rewritten stretches happen to share between them: they tell a reader nothing."""
    found = [Match(0, 0, 0), *blocks]
    last = len(found) - 1
    return [
        block
        for place, (before, block) in enumerate(pairwise(found), 1)
        if place == last or not (_is_sign(block, old) and _rewritten(before, block) and _rewritten(block, found[place + 1]))
    ]


def _is_sign(block: Match, old: Sequence[_Unit]) -> bool:
    if block.size != 1:
        return False
    word = old[block.a].word
    return len(word) == 1 and not word.isnumeric()


def _rewritten(before: Match, block: Match) -> bool:
    """Whether words stand between the two in both, and it is more than one that took another's place."""
    old, new = block.a - before.a - before.size, block.b - before.b - before.size
    return old > 0 and new > 0 and old + new > 2  # noqa: PLR2004  one and one


class _Pen:
    """Writes runs: as few as will do, what is deleted before what takes its place."""

    def __init__(self) -> None:
        self._runs: list[Run] = []
        self._kept: list[str] = []
        self._old: list[str] = []
        self._new: list[str] = []

    def keep(self, text: str) -> None:
        if text and (self._old or self._new):
            self._settle()
        if text:
            self._kept.append(text)

    def replace(self, old: str, new: str) -> None:
        if old:
            self._old.append(old)
        if new:
            self._new.append(new)

    def turn(self, old: str, new: str) -> None:
        """Keep what is the same, replace what is not."""
        if old == new:
            self.keep(old)
        else:
            self.replace(old, new)

    def lifted(self) -> tuple[Run, ...]:
        """All runs, once nothing is to follow."""
        self._settle()
        self._write(RunKind.KEPT, self._kept)
        return tuple(self._runs)

    def _settle(self) -> None:
        old, new = "".join(self._old), "".join(self._new)
        self._old.clear()
        self._new.clear()
        if not old and not new:
            return
        space = _shared_space(old, new)
        self._write(RunKind.KEPT, self._kept)
        self._write(RunKind.DELETED, [old.removesuffix(space)])
        self._write(RunKind.INSERTED, [new.removesuffix(space)])
        if space:
            self._kept.append(space)

    def _write(self, kind: RunKind, texts: list[str]) -> None:
        if text := "".join(texts):
            self._runs.append(Run(kind, text))
        texts.clear()


def _shared_space(old: str, new: str) -> str:
    """The spaces that both end with, and that stay where they are."""
    ends = old[len(old.rstrip()) :], new[len(new.rstrip()) :]
    return ends[0] if ends[0] == ends[1] and old.strip() and new.strip() else ""
