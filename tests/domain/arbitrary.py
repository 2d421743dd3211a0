"""Any value that the record may hold: hypothesis strategies, from the type hints of the facts themselves.

The record's subset: text without lone surrogates, integers within 2**53, instants with their offset, ASCII keys.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, NewType, Union, get_args, get_origin
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import fields

from domain.identity import DelegationCode, Language, ProvisionId
from domain.kernel import Erasable, Fact, Withheld
from tests.domain.cast import CHN, EN, JA, JPN, KO, KOR, P1, P2, P3, P4, RUS, USA, ZH
from tests.domain.catalogue import fact_types

WHOLE: Final = 2**53 - 1

EDGES: Final = st.sampled_from(
    ("", '"\\/', "\x00\x1f\x7f", "\u2028\u2029\ufeff", "漢字かな交じり", "한글", "\U0001f6a2\U0010ffff", " \n\t")
)
TEXTS: Final = st.one_of(EDGES, st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
INSTANTS: Final = st.datetimes(
    datetime(2024, 1, 1),  # noqa: DTZ001  the zones come beside
    datetime(2025, 1, 1),  # noqa: DTZ001  the same
    timezones=st.sampled_from((UTC, timezone(timedelta(hours=9)), timezone(-timedelta(hours=3, minutes=30)))),
)

PLAIN: Final[dict[Any, SearchStrategy[Any]]] = {
    NoneType: st.none(),
    bool: st.booleans(),
    int: st.one_of(st.integers(-3, 5), st.integers(-WHOLE, WHOLE)),
    str: TEXTS,
    bytes: st.binary(max_size=8),
    datetime: INSTANTS,
    date: st.dates(),
    UUID: st.uuids(),
    UnsetType: st.just(UNSET),
    DelegationCode: st.sampled_from((JPN, USA, CHN, KOR, RUS)),
    Language: st.sampled_from((EN, JA, ZH, KO)),
    ProvisionId: st.sampled_from((P1, P2, P3, P4, ProvisionId("p10"))),
}


@cache
def any_of(hint: Any) -> SearchStrategy[Any]:
    """Any value of this type."""
    if hint in PLAIN:
        return PLAIN[hint]
    if isinstance(hint, NewType):
        return any_of(hint.__supertype__)
    if origin := get_origin(hint):
        return COMPOSED[origin](*get_args(hint))
    if issubclass(hint, Enum):
        return st.sampled_from(hint)
    assert issubclass(hint, Struct), f"no strategy for {hint}"
    return st.builds(hint, **{field.name: any_of(field.type) for field in fields(hint)})


def _bounded(_: type, meta: Meta) -> SearchStrategy[int]:
    assert isinstance(meta.ge, int)
    assert isinstance(meta.le, int)
    return st.integers(meta.ge, meta.le)


def _pairs(key: Any, value: Any) -> SearchStrategy[dict[Any, Any]]:
    return st.dictionaries(any_of(key), any_of(value), max_size=4)


def _many(element: Any, _: object) -> SearchStrategy[tuple[Any, ...]]:
    return st.lists(any_of(element), max_size=3).map(tuple)


def _either(*hints: Any) -> SearchStrategy[Any]:
    return st.one_of(*map(any_of, hints))


COMPOSED: Final[dict[Any, Callable[..., SearchStrategy[Any]]]] = {
    Annotated: _bounded,
    Literal: lambda *values: st.sampled_from(values),
    Union: _either,
    UnionType: _either,
    dict: _pairs,
    tuple: _many,
}


def facts(room: str | None = None) -> SearchStrategy[Fact]:
    """Any fact, or any of a room; words also as what is left of them."""
    kinds = [kind for kind in fact_types() if room is None or kind.tag.startswith(f"{room}.")]
    return st.sampled_from(kinds).flatmap(_of_kind)


def _of_kind(kind: type[Fact]) -> SearchStrategy[Fact]:
    return any_of(kind) | st.just(Withheld(kind.tag, 0)) if issubclass(kind, Erasable) else any_of(kind)
