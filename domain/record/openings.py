"""The openings of a bundle against the entries of its book: a verdict for each fact, in one pass.

It is gone through a million times, so what is looked at comes in the order of what it costs, and nothing is kept of a fact that is as
it should be.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import fields

from domain.record.bundle import UNDISCLOSED, Description, Opened, Withheld, encode, line
from domain.record.envelope import COMMIT_TAG, SALT_BYTES, Envelope, instant
from domain.record.leaf import COMMITMENT
from domain.record.malformed import UNREADABLE
from domain.record.report import Found, Step, Verdict

_AT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z", re.ASCII).fullmatch
MEMBERS: Final = {field.name for field in fields(Envelope)}
TELLING: Final = ("book.", "erasure.", "forum.")
"""How the types of facts begin that tell of the book itself, its forum, and what was erased."""
_BEGINNING: Final = "0001-01-01T00:00:00.000000Z"
_END: Final = "9999-12-31T23:59:59.999999Z"


class Fact(Struct, frozen=True, gc=False):
    """What is looked at in an envelope. Its ``at`` is written so that the order of the letters is that of time."""

    at: str
    book: str
    data: Raw
    delegation: str | None
    index: int
    signature: str | None
    type: str


Signed = Callable[[Fact], str | None]
"""Why a signature is not its delegation's over this act; None: it is. Asked of facts that bear one."""


class Authorised(Struct, frozen=True):
    """By which fact of the book words went, and what that one lacks; None: nothing."""

    erasure: int
    lacking: str | None = None


Authorities = Callable[[Iterable[bytes]], Mapping[int, Authorised]]
"""By index, what the facts of a book that tell of it and of erasures say was erased."""

Fault = tuple[Step, str] | None
"""In which step a fact fails, and why."""


class Seen(Struct, frozen=True):
    """A witness signed a tree of this size at this time, in seconds since 1970."""

    size: int
    at: int


class Window(Struct, frozen=True):
    """The facts up to before ``end`` lie between these, as far as witnesses tell."""

    end: int
    earliest: str
    latest: str


def windows(seen: Iterable[Seen], skew: int) -> list[Window]:
    """When facts can have been recorded: before any witness saw them, and after one first saw the book without them."""
    first: dict[int, int] = {}
    for one in seen:
        first[one.size] = min(one.at, first.get(one.size, one.at))
    sizes = sorted(first)
    ends = [*sizes, 2**63]
    return [
        Window(
            end,
            _said(max((first[size] for size in sizes[:at]), default=None), -skew, _BEGINNING),
            _said(min((first[size] for size in sizes[at:]), default=None), skew, _END),
        )
        for at, end in enumerate(ends)
    ]


def _said(seconds: int | None, skew: int, otherwise: str) -> str:
    """As an envelope writes it; a time that no envelope can have bounds nothing."""
    if seconds is None:
        return otherwise
    try:
        return instant(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds + skew))
    except OverflowError:
        return otherwise


class Openings:
    """What was found in the openings of a bundle. ``exceptions``: all facts that are not simply verified."""

    def __init__(
        self,
        stated: Description,
        entries: Sequence[bytes],
        bounds: Sequence[Window],
        signed: Signed | None,
        authorities: Authorities | None,
    ) -> None:
        self._stated = stated
        self._entries = entries
        self._bounds = iter(bounds)
        self._window = next(self._bounds)
        self._signed = signed
        self._authorities = authorities
        self._telling: list[bytes] = []
        self._last = _BEGINNING
        self._withheld: dict[int, Withheld] = {}
        self.exceptions: dict[int, Found] = {}
        self.faults: dict[Step, list[int]] = {}
        """The facts that failed, by the step in which they did."""
        self.early: list[int] = []
        """Facts that are dated before a witness saw the book without them."""
        self.acts = 0
        self.founded: Fact | None = None
        self.begun: Fact | None = None
        self.surplus = False
        self.elsewhere = 0
        """So many are said to be erased by a fact that was not looked into."""

    def read(self, lines: Iterable[bytes]) -> None:
        """Go through all of them."""
        end = self._stated.end
        index = self._stated.start
        for content in lines:
            if index == end:
                self.surplus = True
                break
            fault = self._fault(index, content)
            if fault is not None:
                self._failed(index, *fault)
            index += 1
        for missing in range(index, end):
            self._failed(missing, Step.WITHHELD, "it is neither opened nor withheld")
        authorities: Mapping[int, Authorised] = {} if self._authorities is None else self._authorities(self._telling)
        for withheld in self._withheld.values():
            self._explained(withheld, authorities.get(withheld.index))

    def _failed(self, index: int, step: Step, reason: str) -> None:
        self.exceptions[index] = Found(Verdict.FAILED, reason)
        self.faults.setdefault(step, []).append(index)

    def _fault(self, index: int, content: bytes) -> Fault:
        try:
            opened = _opened(content)
        except UNREADABLE:
            return self._closed(index, content)
        if opened.index != index or line(opened) != content:
            return Step.OPENINGS, f"its line is not that of an opening of {index}"
        if not _commits(self._entries[index], opened):
            return Step.OPENINGS, "the opening is not what the book committed to"
        try:
            fact = _envelope(opened.envelope)
        except UNREADABLE as error:
            return Step.OPENINGS, f"its envelope cannot be read: {error}"
        if encode(fact) != opened.envelope or fact.keys() != MEMBERS:
            return Step.OPENINGS, "its envelope is not written in the one way"
        if type(fact["index"]) is not int or fact["index"] != index or fact["book"] != self._stated.book:  # 1 is true, too
            return Step.OPENINGS, f"its envelope is that of fact {fact['index']} of the book {fact['book']}"
        return self._untimely(index, fact["at"]) or self._looked_into(fact, opened.envelope)

    def _untimely(self, index: int, at: object) -> Fault:
        if index >= self._window.end:
            self._window = next(window for window in self._bounds if index < window.end)
        if not isinstance(at, str) or _AT(at) is None:
            return Step.TIMES, f"its time {at!r} is none"
        if at < self._last:
            return Step.TIMES, f"its time {at} lies before that of a fact before it, {self._last}"
        self._last = at
        if at > self._window.latest:
            return Step.TIMES, f"its time {at} lies after a witness had seen it, {self._window.latest} at the latest"
        if at < self._window.earliest:
            self.early.append(index)
        return None

    def _looked_into(self, said: dict[str, Any], envelope: bytes) -> Fault:
        """Of what the other steps need, and of a signature, it is read as what it should be."""
        if said["signature"] is None and not str(said["type"]).startswith(TELLING):
            return None
        try:
            fact = _fact(envelope)
        except UNREADABLE as error:
            return Step.OPENINGS, f"its envelope cannot be read: {error}"
        if fact.type.startswith(TELLING):
            self._tells(fact, envelope)
        return self._unsigned(fact)

    def _tells(self, fact: Fact, envelope: bytes) -> None:
        """It tells of the book, the forum or an erasure."""
        self._telling.append(envelope)
        if fact.type == "book.opened":
            self.begun = fact
        elif fact.type == "forum.founded":
            self.founded = fact

    def _unsigned(self, fact: Fact) -> Fault:
        if fact.signature is None:
            return None
        self.acts += 1
        forged = None if self._signed is None else self._signed(fact)
        return None if forged is None else (Step.ACTS, forged)

    def _closed(self, index: int, content: bytes) -> Fault:
        try:
            withheld = _withheld(content)
        except UNREADABLE as error:
            return Step.WITHHELD, f"its line is no opening, and gives no reason that counts: {error}"
        if withheld.index != index or line(withheld) != content:
            return Step.WITHHELD, f"its line is not that of an opening of {index}"
        self._withheld[index] = withheld
        return None

    def _explained(self, withheld: Withheld, authority: Authorised | None) -> None:
        """Whether what is withheld may be: at the end, since an erasure stands after what it erased."""
        index, erasure = withheld.index, withheld.erasure
        if withheld.withheld == UNDISCLOSED and erasure is None:
            self.exceptions[index] = Found(Verdict.COMMITTED, "whoever made the bundle does not disclose it")
        elif withheld.withheld == UNDISCLOSED or erasure is None or not 0 <= erasure < self._stated.size:
            self._failed(index, Step.WITHHELD, "its line names no fact by which it was erased")
        elif self._authorities is None or not self._stated.start <= erasure < self._stated.end:
            self.elsewhere += 1
            self.exceptions[index] = Found(
                Verdict.COMMITTED, f"said to be erased by fact {erasure}, which was not looked into here"
            )
        elif authority is None or authority.erasure != erasure:
            self._failed(index, Step.WITHHELD, f"it is said to be erased by fact {erasure}, which does not say so")
        elif authority.lacking is not None:
            self._failed(index, Step.WITHHELD, f"it was erased by fact {erasure} without authority: {authority.lacking}")
        else:
            self.exceptions[index] = Found(Verdict.ERASED, f"by fact {erasure}")


def _commits(entry: bytes, opened: Opened) -> bool:
    """Written out rather than through `commitment` and `entry`, which are called a million times."""
    return len(opened.salt) == SALT_BYTES and entry == COMMITMENT + sha256(COMMIT_TAG + opened.salt + opened.envelope).digest()


def envelopes(lines: Iterable[bytes]) -> Iterator[bytes]:
    """What is opened of these lines."""
    for content in lines:
        try:
            yield _opened(content).envelope
        except UNREADABLE:
            continue


_envelope: Final = msgspec.json.Decoder(dict[str, Any]).decode
_opened: Final = msgspec.json.Decoder(Opened).decode
_withheld: Final = msgspec.json.Decoder(Withheld).decode
_fact: Final = msgspec.json.Decoder(Fact).decode
