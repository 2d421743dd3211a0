"""A file of recorded votes, read: one line a vote, in any order, becomes roll calls in order.

Columns are taken by name; others are passed over. The file is read whole before anything is done with it, so that a file
with a flaw changes nothing. Of each vote one byte is kept: two million take less than ten megabytes, and no sorting on disk.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Final
from unicodedata import normalize

import msgspec
from msgspec import Struct

from application.imports.rows import Row, Unreadable, rows
from domain.identity import DelegationCode, NewDelegationCode

COLUMNS: Final = ("rcid", "session", "date", "resolution", "delegation", "vote")
FLAWS: Final = 20
"""How many flaws are named where none is allowed; the rest of the file is not looked at."""
SKIPPED: Final = 10_000
"""How many flawed lines may be skipped. A file with more is none of roll calls."""
DIGITS: Final = 18
"""Of a number."""
SYMBOL: Final = 200
"""Characters of a document's symbol."""
QUOTED: Final = 40
"""Characters that are quoted of what is wrong."""


class Vote(StrEnum):
    """What a delegation said when its name was called. One that was absent said nothing."""

    YES = "yes"
    ABSTAIN = "abstain"
    NO = "no"


VOTES: Final = tuple(Vote)
CAST: Final = {str(vote): place for place, vote in enumerate(VOTES, 1)}
"""By its word: the byte that stands for it."""


class RollCall(Struct, frozen=True):
    """One recorded vote of the assembly."""

    rcid: int
    session: int
    date: date
    resolution: str
    """The document's symbol; empty where the file has none."""
    seats: bytes
    """By delegation, in the order of ``delegations``: 0 for no vote, else its place among VOTES, from 1."""
    delegations: tuple[DelegationCode, ...]
    """Of the file: one for all its roll calls."""

    @property
    def symbol(self) -> str:
        """What it is quoted by."""
        return self.resolution or f"roll call {self.rcid}"

    @property
    def votes(self) -> dict[DelegationCode, Vote]:
        """Who voted how, in alphabetical order."""
        cast = zip(self.delegations, self.seats, strict=False)  # who was named first later in the file has no seat here
        return {code: VOTES[seat - 1] for code, seat in sorted(cast) if seat}


class Flaw(Struct, frozen=True):
    """What is wrong with a line, counted from 1, the header's."""

    line: int
    reason: str
    roll_call: int | None = None
    """Whose line it is, if it says so."""

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


class MalformedError(Exception):
    """The file is not one of roll calls. Names the first flaws, each by its line."""

    def __init__(self, flaws: Sequence[Flaw], *, is_whole: bool = False) -> None:
        self.flaws = tuple(flaws)
        self.is_whole = is_whole
        """Whether it is the file itself that is wrong, and nothing can be skipped."""
        super().__init__("\n".join(str(flaw) for flaw in flaws))


class _FlawedError(Exception):
    """What is wrong with the line at hand."""


class _Said(Struct, frozen=True):
    """What each row says of its roll call."""

    session: int
    date: date
    resolution: str


class _Gathered(Struct):
    """A roll call whose rows are still coming in."""

    said: _Said
    words: tuple[str, str, str]
    """The same as it was written first."""
    line: int
    """Where it was named first."""
    seats: bytearray
    """As of a RollCall; the delegations come in the order in which the file names them."""


class RollCalls:
    """The roll calls of a file, by session, date and number, and what was skipped."""

    def __init__(
        self, roll_calls: Iterable[RollCall], delegations: Iterable[DelegationCode], skipped: Iterable[Flaw] = ()
    ) -> None:
        self.all = sorted(roll_calls, key=lambda one: (one.session, one.date, one.rcid))
        self.delegations = tuple(sorted(delegations))
        """Who ever voted, in alphabetical order."""
        self.skipped = tuple(skipped)
        """The flawed lines. No vote of a roll call that one of them names is among ``all``."""

    def sessions(self) -> Iterator[tuple[int, tuple[RollCall, ...]]]:
        """The sessions in order, each with its roll calls."""
        for session, roll_calls in groupby(self.all, key=lambda one: one.session):
            yield session, tuple(roll_calls)


def read(lines: Iterable[str], *, skip_bad: bool = False) -> RollCalls:
    """Read a file. Raises MalformedError, also where it holds no vote.

    ``skip_bad`` leaves out each roll call that a flawed line names. A line of which nobody can tell whose it is takes none with
    it. Of what lines are like, see ``rows``.
    """
    found = rows(lines)
    gathering = _Gathering(_header(next(found, None)))
    flaws = _gather(found, gathering, SKIPPED if skip_bad else FLAWS)
    if flaws and not skip_bad:
        raise MalformedError(flaws)
    return gathering.done(flaws)


def _gather(found: Iterable[Row | Unreadable], gathering: "_Gathering", most: int) -> list[Flaw]:
    """Take all rows; the flaws among them. Raises MalformedError where there are so many that it is not worth while."""
    flaws: list[Flaw] = []
    for row in found:
        try:
            gathering.take(row)
        except _FlawedError as flawed:
            flaws.append(Flaw(row.line, str(flawed), gathering.roll_call_of(row)))
            if len(flaws) == most:
                raise MalformedError(flaws[:FLAWS]) from None
    return flaws


def _header(row: Row | Unreadable | None) -> list[str]:
    """The names of the columns. Raises MalformedError where one is missing."""
    if isinstance(row, Unreadable):
        raise MalformedError([Flaw(row.line, row.reason)], is_whole=True)
    names = [name.strip("\ufeff ") for name in row.fields] if row else []
    line = row.line if row else 1
    flaws = [Flaw(line, f"the column {name} is {_missing(names, name)}") for name in COLUMNS if names.count(name) != 1]
    if flaws:
        raise MalformedError(flaws, is_whole=True)
    return names


def _missing(names: Sequence[str], name: str) -> str:
    return "there twice" if name in names else "missing"


class _Gathering:
    """The votes as they come in, under a header."""

    def __init__(self, names: Sequence[str]) -> None:
        self._width = len(names)
        self._places = tuple(names.index(name) for name in COLUMNS)
        self._seats: dict[DelegationCode, int] = {}
        self._gathered: dict[int, _Gathered] = {}

    def take(self, row: Row | Unreadable) -> None:
        """Take a row's vote into its roll call. Raises _FlawedError."""
        if isinstance(row, Unreadable):
            raise _FlawedError(row.reason)
        if len(row.fields) != self._width:
            raise _FlawedError(f"the number of its fields is {len(row.fields)}, and that of the columns {self._width}")
        rcid, session, day, resolution, delegation, vote = (row.fields[place].strip() for place in self._places)
        number = _number("rcid", rcid)
        roll_call = self._roll_call(number, (session, day, resolution), row.line)
        code, cast = _delegation(delegation) if delegation not in self._seats else DelegationCode(delegation), _vote(vote)
        self._cast(number, roll_call, code, cast)

    def _roll_call(self, rcid: int, words: tuple[str, str, str], line: int) -> _Gathered:
        """The roll call that these words are said of."""
        known = self._gathered.get(rcid)
        if known is not None and known.words == words:
            return known
        said = _said(*words)
        if known is None:
            known = self._gathered[rcid] = _Gathered(said, words, line, bytearray())
        if known.said != said:
            raise _FlawedError(f"roll call {rcid} has another session, date or resolution than on line {known.line}")
        return known

    def _cast(self, rcid: int, roll_call: _Gathered, delegation: DelegationCode, cast: int) -> None:
        seat = self._seats.setdefault(delegation, len(self._seats))
        roll_call.seats.extend(bytes(max(0, seat + 1 - len(roll_call.seats))))
        if roll_call.seats[seat]:
            raise _FlawedError(f"{delegation} votes a second time on roll call {rcid}")
        roll_call.seats[seat] = cast

    def roll_call_of(self, row: Row | Unreadable) -> int | None:
        """Whose row it is, as far as one can tell."""
        fields = row.fields if isinstance(row, Row) else row.beginning.split(",", self._places[0] + 1)
        text = fields[self._places[0]].strip('" \r\n') if len(fields) > self._places[0] else ""
        return int(text) if _is_number(text) else None

    def done(self, skipped: Sequence[Flaw]) -> RollCalls:
        """All but the roll calls of flawed lines. Raises MalformedError where no vote is left."""
        flawed = {flaw.roll_call for flaw in skipped}
        delegations = tuple(self._seats)
        kept = [
            RollCall(rcid, one.said.session, one.said.date, one.said.resolution, bytes(one.seats), delegations)
            for rcid, one in self._gathered.items()
            if rcid not in flawed
        ]
        if not kept:
            raise MalformedError([*skipped[:FLAWS], Flaw(1, "below it there is no vote that can be loaded")], is_whole=True)
        voting = [code for code, seat in self._seats.items() if any(one.seats[seat : seat + 1].strip(b"\0") for one in kept)]
        return RollCalls(kept, voting, skipped)


def _said(session: str, day: str, resolution: str) -> _Said:
    return _Said(_number("session", session), _date(day), _symbol(resolution))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= DIGITS


def _number(column: str, text: str) -> int:
    if not _is_number(text):
        raise _FlawedError(f"{column} is {_quoted(text)}, not a whole number of at most {DIGITS} digits")
    return int(text)


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise _FlawedError(f"date is {_quoted(text)}, not a day as 1991-12-16")
    return day


def _symbol(text: str) -> str:
    if not text.isprintable():
        raise _FlawedError(f"resolution is {_quoted(text)}, which is not all text")
    if len(text) > SYMBOL:
        raise _FlawedError(f"resolution is {_quoted(text)}, longer than {SYMBOL} characters")
    return normalize("NFC", text)


def _delegation(text: str) -> DelegationCode:
    try:
        return msgspec.convert(text, NewDelegationCode)
    except msgspec.ValidationError:
        raise _FlawedError(f"delegation is {_quoted(text)}, not a code as JPN") from None


def _vote(text: str) -> int:
    cast = CAST.get(text)
    if cast is None:
        raise _FlawedError(f"vote is {_quoted(text)}, not one of {', '.join(sorted(VOTES))}")
    return cast


def _quoted(text: str) -> str:
    return ascii(text) if len(text) <= QUOTED else f"{text[:QUOTED]!a}..."
