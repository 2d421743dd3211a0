"""What is wrong with a malformed request: the sentences, and the place that each speaks of."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Literal
from urllib.parse import quote

from msgspec import Struct

YEARS: Final = (1900, 9998)
"""The years of an instant, both included: on both sides there is room for a rule to add and subtract."""

Place = Literal["pointer", "parameter", "header"]


class Wrong(StrEnum):
    """The sentence, with the values as ``{names}``; the key of its translations."""

    EMPTY = "The body is empty; a JSON object is expected."
    CUT_SHORT = "The body ends before it is complete."
    NOT_UTF8 = "The body is not UTF-8 without a byte order mark."
    NOT_JSON = "This is not JSON: {said}."
    TOO_DEEP = "Objects and lists are nested deeper than {limit} levels."
    TWICE = "The member {name} stands twice in one object."
    NUL = "The text holds a NUL character."
    TEXT_TOO_LONG = "The text is {size} bytes long; {limit} is the most."
    TOO_MANY_ENTRIES = "There are {count} entries; {limit} is the most."
    NUMBER = "The number is too large, or not a whole one."
    MEMBER_MISSING = "The member {name} is missing."
    MEMBER_UNKNOWN = "There is no member {name} here; known are {known}."
    VALUE_UNKNOWN = "{value} is not known here; known are {known}."
    TYPE = "Expected {expected}, found {found}."
    BOUND = "Expected {expected}."
    DATE_TIME = "Expected a date-time of RFC 3339 with its offset, such as 2024-05-01T09:00:00Z."
    DATE_TIME_OR_DATE = (
        "Expected a date, such as 2024-05-01, or a date-time of RFC 3339 with its offset, such as 2024-05-01T09:00:00Z."
    )
    DATE = "Expected a date, such as 2024-05-01."
    PAST = "Expected an instant that is still to come."
    YEAR = "The year lies outside {first} to {last}."
    UUID = "Expected a UUID."
    BASE64 = "Expected octets in base64."
    COSIGNATURE = "Expected a line of signature: an em dash, a name and octets in base64, with one space between."
    NOT_VALID = "This is not valid here: {said}."
    PARAMETER_MISSING = "The parameter is missing."
    JUST_ONE = "Give just one of these: {known}."
    PARAMETER_RANGE = "Expected a whole number from {least} to {most}."
    PARAMETER_EMPTY = "An entry of the list is empty."
    POSITION = "Expected a list of book:index, separated by commas, each book once."
    CURSOR = "No list ever gave this cursor; begin without one."
    IDEMPOTENCY_KEY = "Expected 1 to {limit} visible ASCII characters, quoted or not."
    ENTITY_TAGS = 'Expected * or a list of entity tags, each in double quotes, such as "5".'
    AUTHORIZATION = "Expected Bearer, one space and the token."


class Flaw(Struct, frozen=True):
    """One thing that is wrong, and where.

    ``name`` is a JSON pointer as a URI fragment (RFC 9457, as ``#/provisions/0/text``), a parameter or a header.
    """

    wrong: Wrong
    name: str = "#"
    place: Place = "pointer"
    values: Mapping[str, object] = {}


def pointer(*steps: str | int) -> str:
    """The JSON pointer to these steps, as a URI fragment."""
    return "#" + "".join("/" + quote(str(step).replace("~", "~0").replace("/", "~1"), safe="~") for step in steps)


_TYPE: Final = r"Expected `(?P<expected>.+)`, got `(?P<found>.+)`"
_VALUE: Final = r"Invalid (?:enum )?value (?P<value>.+)"

_SENTENCES: Final[tuple[tuple[re.Pattern[str], Wrong], ...]] = tuple(
    (re.compile(pattern, re.DOTALL), wrong)
    for pattern, wrong in (
        (r"Expected `datetime` with a timezone component", Wrong.DATE_TIME),
        (r"Invalid RFC3339 encoded datetime", Wrong.DATE_TIME),
        (r"Invalid RFC3339 encoded date", Wrong.DATE),
        (r"Invalid UUID", Wrong.UUID),
        (r"Invalid base64 encoded string", Wrong.BASE64),
        (r"(Number|Integer value) out of range", Wrong.NUMBER),
        (_TYPE, Wrong.TYPE),
        (r"Expected `(?P<expected>.+)", Wrong.BOUND),
        (r"Object missing required field `(?P<name>.+)`", Wrong.MEMBER_MISSING),
        (r"Object contains unknown field `(?P<name>.*)`", Wrong.MEMBER_UNKNOWN),
        (_VALUE, Wrong.VALUE_UNKNOWN),
        (r"(?P<said>.*)", Wrong.NOT_VALID),
    )
)


def heard(message: str) -> tuple[Wrong, dict[str, str]]:
    """What a message of msgspec says, as one of our sentences and its values.

    What is ``known`` in place of something unknown stands in no message: whoever knows the type adds it.
    """
    for pattern, wrong in _SENTENCES:
        if found := pattern.fullmatch(message):
            return wrong, {name: _bare(text) for name, text in found.groupdict().items()}
    raise AssertionError(message)


def _bare(text: str) -> str:
    """Without the quotation marks of a programming language."""
    return text.replace("`", "").removeprefix("'").removesuffix("'")
