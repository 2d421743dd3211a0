"""The languages of the interface: which of them a reader asks for, and our sentences in it.

The words of proposals are the forum's and come from the record; these are the program's own. English is the key.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Final, Literal, cast

from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from application.access import Capacity
from domain.conferences.edition import EditionStatus
from domain.drafts.events import DraftEnd
from domain.forum.events import Role
from domain.prepared.prepared import PreparedStatus
from domain.proposals.events import Change, Outcome, Stance, StatementKind, Wider

Tongue = Literal["en", "ja", "zh-Hans", "ko"]

TONGUES: Final[tuple[Tongue, ...]] = ("en", "ja", "zh-Hans", "ko")

LOCALE: Final[Mapping[Tongue, str]] = {"en": "en_GB", "ja": "ja", "zh-Hans": "zh_Hans", "ko": "ko"}
"""The name that Babel and the folders of the catalogues have for it."""

_INSTANT: Final[Mapping[Tongue, str]] = {
    "en": "d MMMM y, HH:mm:ss 'UTC'",
    "ja": "y年M月d日 HH:mm:ss 'UTC'",
    "zh-Hans": "y年M月d日 HH:mm:ss 'UTC'",
    "ko": "y년 M월 d일 HH:mm:ss 'UTC'",
}
"""Of 24 hours everywhere: the long forms of CLDR differ in that, and Babel's Korean one has PM in it."""

_WORDS: Final[tuple[type[StrEnum], ...]] = (
    EditionStatus,
    DraftEnd,
    Role,
    Capacity,
    PreparedStatus,
    Change,
    Outcome,
    Stance,
    StatementKind,
    Wider,
)

TERM: Final = "term"
"""The context of the words of procedure in the catalogues."""

TERMS: Final[frozenset[str]] = frozenset(
    {
        *(str(word) for words in _WORDS for word in words),
        *("open", "under-silence", "adopted", "issued", "deferred", "merged", "split", "withdrawn"),
        *("the chair", "sponsor", "nobody"),
        *("it is added or taken out", "the master is changed"),
        "none",
    }
)

TERMS_IN: Final = frozenset(
    {
        *("status", "allowed", "end", "outcome", "fitting"),
        *("stance", "change", "because"),
        *("role", "capacities", "yours", "holder", "form"),
        *("to", "releasable"),
    }
)
"""The values that are words of procedure. Any other is somebody's name or code, also where it reads like such a word."""

MOST_CHARACTERS: Final = 200

_RANGE: Final = re.compile(
    r"\s*(?P<tag>[a-z]{1,8}(?:-[a-z0-9]{1,8})*|\*)\s*(?:;\s*q\s*=\s*(?P<weight>0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*)?",
    re.IGNORECASE | re.ASCII,
)

_TRADITIONAL: Final = frozenset({"hant", "tw", "hk", "mo"})


def negotiate(accept_language: str | None) -> Tongue:
    """The reader's language by an Accept-Language header; English where it names none of ours, or nothing that one can read."""
    weights: dict[Tongue, float] = {}
    others = 0.0
    for tag, weight in _wishes(accept_language or ""):
        if tag == "*":
            others = max(others, weight)
        elif tongue := _tongue(tag):
            weights[tongue] = max(weight, weights.get(tongue, 0.0))
    weighed = weights | dict[Tongue, float]({tongue: others for tongue in TONGUES if tongue not in weights})
    best = max(weighed, key=lambda tongue: weighed[tongue])
    return best if weighed[best] else "en"


def _wishes(header: str) -> Iterable[tuple[str, float]]:
    for wish in header.split(","):
        if found := _RANGE.fullmatch(wish):
            yield found["tag"].lower(), float(found["weight"] or 1)


def _tongue(tag: str) -> Tongue | None:
    """The language of ours that a language tag means. Traditional characters are none of ours."""
    primary, *subtags = tag.split("-")
    if primary == "zh":
        return "zh-Hans" if _TRADITIONAL.isdisjoint(subtags) else None
    return primary if primary in TONGUES else None


@lru_cache
def translations(tongue: Tongue) -> NullTranslations:
    """Its catalogue, compiled in memory at its first use."""
    if tongue == "en":
        return NullTranslations()
    compiled = BytesIO()
    with files("api").joinpath("web", "locale", LOCALE[tongue], "LC_MESSAGES", "accord.po").open("rb") as catalogue:
        write_mo(compiled, read_po(catalogue, locale=LOCALE[tongue]))
    compiled.seek(0)
    return GNUTranslations(compiled)


def translate(sentence: str, tongue: Tongue, values: Mapping[str, object] | None = None) -> str:
    """The sentence in that language, with the values filled in as one reads them there."""
    written = {name: _written(value, tongue, is_term=name in TERMS_IN) for name, value in (values or {}).items()}
    return translations(tongue).gettext(str(sentence)).format_map(written)


def term(word: str, tongue: Tongue) -> str:
    """A word of procedure in that language; as it stands where it is none."""
    return translations(tongue).pgettext(TERM, word)


def _written(value: object, tongue: Tongue, *, is_term: bool = False) -> str:
    match value:
        case None:
            return term("none", tongue)
        case datetime():
            return format_datetime(value, _INSTANT[tongue], tzinfo=UTC, locale=LOCALE[tongue])
        case date():
            return format_date(value, "long", locale=LOCALE[tongue])
        case tuple():
            entries = [_written(entry, tongue, is_term=is_term) for entry in cast("tuple[object, ...]", value)]
            return format_list(entries, locale=LOCALE[tongue]) or term("none", tongue)
        case _:
            return term(str(value), tongue) if is_term else _short(str(value))


def _short(text: str) -> str:
    """As much of somebody's text as a sentence can hold."""
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"
