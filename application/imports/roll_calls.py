"""A file of recorded votes, read: one line a vote, in any order, becomes roll calls in order.

Columns are taken by name; others are passed over. The file is read whole before anything is done with it, so that a file
with a flaw changes nothing. Of each vote one byte is kept.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Final
from unicodedata import normalize

from msgspec import Struct

from domain.identity import DelegationCode

COLUMNS: Final = ("rcid", "session", "date", "resolution", "delegation", "vote")
FLAWS: Final = 20
"""How many flaws are named; the rest of the file is not looked at."""


class Vote(StrEnum):
    """What a delegation said when its name was called. One that was absent said nothing."""

    YES = "yes"
    ABSTAIN = "abstain"
    NO = "no"


VOTES: Final = tuple(Vote)


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

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


class MalformedError(Exception):
    """The file is not one of roll calls. Names the first flaws, each by its line."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        self.flaws = tuple(flaws)
        super().__init__("\n".join(str(flaw) for flaw in flaws))


class _FlawedError(Exception):
    """What is wrong with the line at hand."""


class _Row(Struct, frozen=True):
    rcid: int
    said: tuple[int, date, str]
    """Of the roll call: session, date, resolution."""
    delegation: DelegationCode
    vote: Vote


class _Gathered(Struct):
    """A roll call whose rows are still coming in."""

    rcid: int
    said: tuple[int, date, str]
    line: int
    """Where it was named first."""
    seats: bytearray
    """As of a RollCall; the delegations come in the order in which the file names them."""

    def done(self, delegations: tuple[DelegationCode, ...]) -> RollCall:
        return RollCall(self.rcid, *self.said, bytes(self.seats), delegations)


class RollCalls:
    """All roll calls of a file, by session, date and number."""

    def __init__(self, roll_calls: Iterable[RollCall], delegations: Iterable[DelegationCode]) -> None:
        self.all = sorted(roll_calls, key=lambda one: (one.session, one.date, one.rcid))
        self.delegations = tuple(sorted(delegations))
        """Who ever voted, in alphabetical order."""

    def sessions(self) -> Iterator[tuple[int, tuple[RollCall, ...]]]:
        """The sessions in order, each with its roll calls."""
        for session, roll_calls in groupby(self.all, key=lambda one: one.session):
            yield session, tuple(roll_calls)


def read(lines: Iterable[str]) -> RollCalls:
    """Read a file. Raises MalformedError, also where it holds no vote.

    Bytes that are no text may come in as lone surrogates: they are named like any other flaw.
    """
    rows = _rows(lines)
    columns = _columns(next(rows, (1, ())))
    seats: dict[DelegationCode, int] = {}
    gathered: dict[int, _Gathered] = {}
    flaws: list[Flaw] = []
    line = 1
    for line, fields in rows:
        try:
            _gather(_row(fields, columns), line, seats, gathered)
        except _FlawedError as flawed:
            flaws.append(Flaw(line, str(flawed)))
        if len(flaws) == FLAWS:
            break
    if not gathered and not flaws:
        flaws.append(Flaw(line, "the file holds no vote"))
    if flaws:
        raise MalformedError(flaws)
    delegations = tuple(seats)
    return RollCalls((one.done(delegations) for one in gathered.values()), delegations)


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, Sequence[str] | csv.Error]]:
    """Each row with the line on which it begins; one that is no CSV as its error. Empty lines are passed over."""
    reader = csv.reader(lines, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, error
        else:
            if row:
                yield line, row


def _columns(header: tuple[int, Sequence[str] | csv.Error]) -> tuple[int, ...]:
    """Where each of the COLUMNS stands."""
    line, fields = header
    if isinstance(fields, csv.Error):
        raise MalformedError([Flaw(line, str(fields))])
    names = [name.strip("\ufeff ") for name in fields]
    flaws = [Flaw(line, f"the column {name} is {_missing(names, name)}") for name in COLUMNS if names.count(name) != 1]
    if flaws:
        raise MalformedError(flaws)
    return tuple(names.index(name) for name in COLUMNS)


def _missing(names: Sequence[str], name: str) -> str:
    return "there twice" if name in names else "missing"


def _row(fields: Sequence[str] | csv.Error, columns: tuple[int, ...]) -> _Row:
    if isinstance(fields, csv.Error):
        raise _FlawedError(str(fields))
    if len(fields) <= max(columns):
        raise _FlawedError(f"it has {len(fields)} fields, and a column is the {max(columns) + 1}th")
    rcid, session, day, resolution, delegation, vote = (fields[place].strip() for place in columns)
    said = (_number("session", session), _date(day), _text("resolution", resolution))
    return _Row(_number("rcid", rcid), said, _delegation(delegation), _vote(vote))


def _number(column: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise _FlawedError(f"{column} is {text!a}, not a whole number")
    return int(text)


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise _FlawedError(f"date is {text!a}, not a day as 1991-12-16")
    return day


def _text(column: str, text: str) -> str:
    if not text.isprintable():
        raise _FlawedError(f"{column} is {text!a}, which is not all text")
    return normalize("NFC", text)


def _delegation(text: str) -> DelegationCode:
    if not (text.isascii() and text.isalnum()):
        raise _FlawedError(f"delegation is {text!a}, not a code as JPN")
    return DelegationCode(text)


def _vote(text: str) -> Vote:
    try:
        return Vote(text)
    except ValueError:
        raise _FlawedError(f"vote is {text!a}, not one of {', '.join(sorted(VOTES))}") from None


def _gather(row: _Row, line: int, seats: dict[DelegationCode, int], gathered: dict[int, _Gathered]) -> None:
    """Take the row's vote into its roll call."""
    seat = seats.setdefault(row.delegation, len(seats))
    roll_call = gathered.get(row.rcid)
    if roll_call is None:
        roll_call = gathered[row.rcid] = _Gathered(row.rcid, row.said, line, bytearray())
    if roll_call.said != row.said:
        raise _FlawedError(f"roll call {row.rcid} has another session, date or resolution than on line {roll_call.line}")
    roll_call.seats.extend(bytes(max(0, seat + 1 - len(roll_call.seats))))
    if roll_call.seats[seat]:
        raise _FlawedError(f"{row.delegation} votes a second time on roll call {row.rcid}")
    roll_call.seats[seat] = VOTES.index(row.vote) + 1
