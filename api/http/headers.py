"""What requests say in their header fields and parameters, and what answers say back.

Each function takes what stood there, or None, and answers with a value or raises what turns the request away.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, tzinfo
from hashlib import sha256
from typing import Annotated, Final, NoReturn, TypeVar
from unicodedata import normalize
from uuid import UUID

import msgspec
from msgspec import Meta

from api.flaws import YEARS, Flaw, Place, Wrong
from api.problems import Malformed, Unauthenticated
from domain.identity import BookId, PersonId

POSITION: Final = "Accord-Position"
IDEMPOTENCY_KEY: Final = "Idempotency-Key"
PROMISE: Final = "Accord-Promise"
IF_MATCH: Final = "If-Match"
IF_NONE_MATCH: Final = "If-None-Match"

KEY_LIMIT: Final = 255
"""Characters of an idempotency key."""
INDEX_LIMIT: Final = 2**63 - 1
LISTED_LIMIT: Final = 50
"""Entries of a list parameter."""
PAGE_LIMIT: Final = 200
"""Items of one page."""
PAGE_DEFAULT: Final = 50
REVISION_LIMIT: Final = 999_999_999
DAY_LIMIT: Final = 9999
"""Days after the opening of an edition."""

Positions = Mapping[BookId, int]
"""Of each book the index of the last fact that was, or is to be, seen."""


def _flawed(wrong: Wrong, name: str, place: Place = "header", **values: object) -> NoReturn:
    raise Malformed((Flaw(wrong, name, place, values),))


_POSITION: Final = re.compile(
    r"[ \t]*(?P<book>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):(?P<index>0|[1-9][0-9]{0,18})[ \t]*", re.ASCII
)


def positions(given: str | None, *, name: str = POSITION, place: Place = "header") -> Positions:
    """What ``book:index,book:index`` says; nothing where nothing is given. A stream's Last-Event-ID is written alike.

    Raises Malformed.
    """
    if given is None:
        return {}
    read: dict[BookId, int] = {}
    for entry in given.split(","):
        found = _POSITION.fullmatch(entry)
        book = BookId(UUID(found["book"])) if found else None
        if not found or book is None or book in read or int(found["index"]) > INDEX_LIMIT:
            _flawed(Wrong.POSITION, name, place)
        read[book] = int(found["index"])
    return read


def render_positions(seen: Positions) -> str:
    """The same, sorted by book."""
    return ",".join(f"{book}:{index}" for book, index in sorted(seen.items(), key=lambda entry: str(entry[0])))


_KEY: Final = re.compile(r"[\x21-\x7e]+", re.ASCII)
_QUOTED_KEY: Final = re.compile(r'"((?:[\x21\x23-\x5b\x5d-\x7e]|\\["\\])+)"', re.ASCII)
_ESCAPED: Final = re.compile(r'\\(["\\])')


def idempotency_key(given: str | None, actor: PersonId) -> bytes | None:
    r"""The 16 bytes by which the record finds an actor's command again: the first of SHA-256(actor 0x00 key).

    The key stands there as it is, or as a quoted string with \" and \\ escaped; both are the same key. Raises Malformed.
    """
    if given is None:
        return None
    text = given.strip(" \t")
    if quoted := _QUOTED_KEY.fullmatch(text):
        text = _ESCAPED.sub(r"\1", quoted[1])
    elif text.startswith('"') or not _KEY.fullmatch(text):
        _flawed(Wrong.IDEMPOTENCY_KEY, IDEMPOTENCY_KEY, limit=KEY_LIMIT)
    if len(text) > KEY_LIMIT:
        _flawed(Wrong.IDEMPOTENCY_KEY, IDEMPOTENCY_KEY, limit=KEY_LIMIT)
    return sha256(actor.bytes + b"\0" + text.encode()).digest()[:16]


PROMISED: Final = "1"


def wants_promise(given: str | None) -> bool:
    """Whether what the command records is to be promised. Raises Malformed."""
    if given is not None and given.strip(" \t") != PROMISED:
        _flawed(Wrong.VALUE_UNKNOWN, PROMISE, value=given, known=(PROMISED,))
    return given is not None


def render_promises(notes: Iterable[bytes]) -> str:
    """Signed notes, each in base64, with commas between."""
    return ", ".join(b64encode(note).decode() for note in notes)


_TAG: Final = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_TAGS: Final = re.compile(rf"[ \t,]*{_TAG}(?:[ \t]*,[ \t,]*{_TAG})*[ \t,]*")
_EACH_TAG: Final = re.compile(_TAG)


def entity_tags(given: str, name: str = IF_MATCH) -> tuple[str, ...]:
    """The entity tags of a condition as they stand there: quoted, weak ones with their W/; or the one ``*``.

    A weak tag is equal to no strong one, as If-Match wants it (RFC 9110, 8.8.3.2). Raises Malformed.
    """
    if given.strip(" \t") == "*":
        return ("*",)
    if not _TAGS.fullmatch(given):
        _flawed(Wrong.ENTITY_TAGS, name)
    return tuple(_EACH_TAG.findall(given))


def is_unchanged(given: str | None, current: str) -> bool:
    """Whether If-None-Match names the present state, a strong tag, so that 304 says all. Here weak tags count too.

    Raises Malformed.
    """
    if given is None:
        return False
    return not {"*", current}.isdisjoint(tag.removeprefix("W/") for tag in entity_tags(given, IF_NONE_MATCH))


_BEARER: Final = re.compile(r"bearer +(?P<token>[A-Za-z0-9\-._~+/]+=*)[ \t]*", re.IGNORECASE | re.ASCII)


def bearer(given: str | None) -> str | None:
    """The token of an Authorization field (RFC 6750); None where there is no such field.

    Raises Malformed for a bearer token that is none, Unauthenticated for any other way to authenticate.
    """
    if given is None:
        return None
    if found := _BEARER.fullmatch(given.strip(" \t")):
        return found["token"]
    if given.strip(" \t").partition(" ")[0].lower() == "bearer":
        _flawed(Wrong.AUTHORIZATION, "Authorization")
    raise Unauthenticated


_Instant = Annotated[datetime, Meta(tz=True)]

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_LOST_PLUS: Final = re.compile(r"([0-9-]{10}[Tt ][0-9:.]+) ([0-9]{2}:[0-9]{2})", re.ASCII)
"""An offset whose plus sign was not encoded: a query has a space for it."""


def instant(name: str, given: str | None, *, zone: tzinfo = UTC) -> datetime | None:
    """The instant that a parameter names, in UTC: a date-time of RFC 3339, or a date for the end of that day in the zone.

    Raises Malformed.
    """
    if given is None:
        return None
    try:
        named = _end_of_day(given, zone) if _DATE.fullmatch(given) else _date_time(given)
    except ValueError:  # of which msgspec's ValidationError is one
        _flawed(Wrong.DATE_TIME_OR_DATE, name, "parameter")
    first, last = YEARS
    if not first <= named.year <= last:
        _flawed(Wrong.YEAR, name, "parameter", first=first, last=last)
    return named.astimezone(UTC)


def _end_of_day(given: str, zone: tzinfo) -> datetime:
    return datetime.combine(date.fromisoformat(given), time.max, zone)


def _date_time(given: str) -> datetime:
    lost = _LOST_PLUS.fullmatch(given)
    return msgspec.convert(f"{lost[1]}+{lost[2]}" if lost else given, _Instant)


def text(name: str, given: str | None) -> str | None:
    """The words in a parameter, in the one form that the record keeps. Raises Malformed."""
    if given is None:
        return None
    if "\0" in given:
        _flawed(Wrong.NUL, name, "parameter")
    return normalize("NFC", given)


def listed(name: str, given: Sequence[str] | None) -> tuple[str, ...]:
    """The entries of a parameter that may be repeated, none of them empty. Raises Malformed."""
    if given and len(given) > LISTED_LIMIT:
        _flawed(Wrong.TOO_MANY_ENTRIES, name, "parameter", count=len(given), limit=LISTED_LIMIT)
    entries = tuple(text(name, entry) or "" for entry in given or ())
    if not all(entries):
        _flawed(Wrong.PARAMETER_EMPTY, name, "parameter")
    return entries


def needed(name: str, given: str | None) -> str:
    """A parameter that must be there, its words in the one form. Raises Malformed."""
    found = text(name, given)
    if found is None:
        _flawed(Wrong.PARAMETER_MISSING, name, "parameter")
    return found


W = TypeVar("W", bound=str)


def known(name: str, given: str, words: Sequence[W]) -> W:
    """The one of these words that a parameter names. Raises Malformed."""
    for word in words:
        if word == given:
            return word
    _flawed(Wrong.VALUE_UNKNOWN, name, "parameter", value=given, known=tuple(words))


def identifier(name: str, given: str) -> UUID:
    """The id that a parameter names. Raises Malformed."""
    try:
        return UUID(given)
    except ValueError:
        _flawed(Wrong.UUID, name, "parameter")


_WHOLE: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


def whole(name: str, given: str, *, least: int = 0, most: int = INDEX_LIMIT - 1, wrong: Wrong = Wrong.PARAMETER_RANGE) -> int:
    """The whole number that a parameter names; if nothing else is said, the index of a fact. Raises Malformed."""
    if not _WHOLE.fullmatch(given) or not least <= int(given) <= most:
        _flawed(wrong, name, "parameter", least=least, most=most)
    return int(given)


def revision(name: str, given: str | None) -> int | None:
    """The number of a revision, of which there may be none. Raises Malformed."""
    return None if given is None else whole(name, given, most=REVISION_LIMIT)


def limit(given: str | None) -> int:
    """How many items of a list are asked for. Raises Malformed."""
    return PAGE_DEFAULT if given is None else whole("limit", given, least=1, most=PAGE_LIMIT)


def day(given: str | None) -> int | None:
    """How many days after its opening an edition is looked at. Raises Malformed."""
    return None if given is None else whole("day", given, most=DAY_LIMIT)
