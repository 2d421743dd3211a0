from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.flaws import Wrong
from api.http.headers import (
    bearer,
    entity_tags,
    idempotency_key,
    instant,
    is_unchanged,
    limit,
    listed,
    positions,
    render_positions,
    revision,
    text,
)
from api.problems import Malformed, TurnedAway, Unauthenticated
from domain.identity import BookId, PersonId

FIRST = BookId(UUID("0a000000-0000-4000-8000-000000000001"))
SECOND = BookId(UUID("b0000000-0000-4000-8000-000000000002"))
ACTOR = PersonId(UUID("c0000000-0000-4000-8000-000000000003"))

LATIN_1 = st.text(st.characters(max_codepoint=255))
"""What a header field can hold once it is read."""


def flaw_of(call: Callable[[], object]) -> tuple[Wrong, str, str]:
    with pytest.raises(Malformed) as caught:
        call()
    (flaw,) = caught.value.errors
    return flaw.wrong, flaw.place, flaw.name


def value_or_turned_away(call: Callable[[], object]) -> None:
    try:
        call()
    except TurnedAway as turned_away:
        assert turned_away.status in {400, 401}  # noqa: PT017  both are an answer


def test_a_position_is_read_and_written_by_book() -> None:
    assert positions(f"{SECOND}:7,{FIRST}:0") == {FIRST: 0, SECOND: 7}
    assert render_positions({SECOND: 7, FIRST: 0}) == f"{FIRST}:0,{SECOND}:7"


def test_a_position_may_have_spaces_around_its_commas() -> None:
    assert positions(f" {FIRST}:1 ,\t{SECOND}:2") == {FIRST: 1, SECOND: 2}


def test_no_position_is_an_empty_one() -> None:
    assert positions(None) == {}


@pytest.mark.parametrize(
    "given",
    [
        "",
        ",",
        f"{FIRST}",
        f"{FIRST}:",
        f"{FIRST}:-1",
        f"{FIRST}:+1",
        f"{FIRST}:01",
        f"{FIRST}:1.0",
        f"{FIRST}:\uff11",
        f"{FIRST}:9223372036854775808",
        f"{FIRST}:1,",
        f"{FIRST}:1,{FIRST}:1",
        f"{str(SECOND).upper()}:1",
        f"{{{FIRST}}}:1",
        FIRST.hex + ":1",
    ],
)
def test_a_position_that_is_none_is_malformed(given: str) -> None:
    assert flaw_of(lambda: positions(given)) == (Wrong.POSITION, "header", "Accord-Position")


@given(st.dictionaries(st.uuids().map(BookId), st.integers(0, 2**63 - 1), min_size=1))
def test_a_position_comes_back_as_it_went_out(seen: dict[BookId, int]) -> None:
    assert positions(render_positions(seen)) == seen


def test_a_key_is_the_actors_own() -> None:
    assert idempotency_key("k1", ACTOR) == sha256(ACTOR.bytes + b"\0k1").digest()[:16]
    assert idempotency_key("k1", ACTOR) != idempotency_key("k1", PersonId(FIRST))
    assert idempotency_key(None, ACTOR) is None


@pytest.mark.parametrize(("quoted", "bare"), [('"k1"', "k1"), (r'"a\"b"', 'a"b'), (r'"a\\b"', "a\\b"), (" k1\t", "k1")])
def test_a_quoted_key_is_the_same_as_the_bare_one(quoted: str, bare: str) -> None:
    assert idempotency_key(quoted, ACTOR) == idempotency_key(bare, ACTOR)


@pytest.mark.parametrize(
    "given", ["", '""', '"', '"a', '"a"b', r'"a\b"', "a b", "a\x7f", "é", "a" * 256, '"' + "a" * 256 + '"']
)
def test_a_key_that_is_none_is_malformed(given: str) -> None:
    assert flaw_of(lambda: idempotency_key(given, ACTOR)) == (Wrong.IDEMPOTENCY_KEY, "header", "Idempotency-Key")


def test_a_key_of_255_characters_is_one() -> None:
    assert idempotency_key("a" * 255, ACTOR) == idempotency_key('"' + "a" * 255 + '"', ACTOR)


@pytest.mark.parametrize(
    ("given", "tags"),
    [
        ("*", ("*",)),
        (" * ", ("*",)),
        ('"5"', ('"5"',)),
        ('"5-open", W/"6"', ('"5-open"', 'W/"6"')),
        ('"a,b"', ('"a,b"',)),
        ('""', ('""',)),
        (', "5",,"6" ,', ('"5"', '"6"')),
    ],
)
def test_entity_tags_are_read_as_they_stand(given: str, tags: tuple[str, ...]) -> None:
    assert entity_tags(given) == tags


@pytest.mark.parametrize("given", ["", "5", '"5', 'w/"5"', '"5" "6"', '*, "5"', '"a b"', ","])
def test_an_entity_tag_that_is_none_is_malformed(given: str) -> None:
    assert flaw_of(lambda: entity_tags(given)) == (Wrong.ENTITY_TAGS, "header", "If-Match")


@pytest.mark.parametrize(
    ("given", "unchanged"),
    [(None, False), ("*", True), ('"5"', True), ('W/"5"', True), ('"4", W/"5"', True), ('"4"', False), ('"50"', False)],
)
def test_a_reader_has_it_already_if_they_name_its_state(given: str | None, *, unchanged: bool) -> None:
    assert is_unchanged(given, '"5"') is unchanged


@pytest.mark.parametrize(
    ("given", "token"),
    [(None, None), ("Bearer abc", "abc"), ("bearer   abc._~+/-==", "abc._~+/-=="), (" BEARER abc ", "abc")],
)
def test_a_bearer_token_is_read(given: str | None, token: str | None) -> None:
    assert bearer(given) == token


@pytest.mark.parametrize("given", ["Bearer", "Bearer ", "Bearer a b", "Bearer é", "Bearer =a", "bearer a,b"])
def test_a_bearer_token_that_is_none_is_malformed(given: str) -> None:
    assert flaw_of(lambda: bearer(given)) == (Wrong.AUTHORIZATION, "header", "Authorization")


@pytest.mark.parametrize("given", ["", "Basic Zm9vOmJhcg==", "Bearerabc", "Digest username=x"])
def test_another_way_to_authenticate_is_none(given: str) -> None:
    with pytest.raises(Unauthenticated):
        bearer(given)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("2024-05-01T09:00:00Z", datetime(2024, 5, 1, 9, tzinfo=UTC)),
        ("2024-05-01t09:00:00.25z", datetime(2024, 5, 1, 9, 0, 0, 250_000, tzinfo=UTC)),
        ("2024-05-01T09:00:00+09:00", datetime(2024, 5, 1, tzinfo=UTC)),
        ("2024-05-01T09:00:00 09:00", datetime(2024, 5, 1, tzinfo=UTC)),
        ("2024-05-01T09:00:00-04:00", datetime(2024, 5, 1, 13, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_into_utc(given: str, read: datetime) -> None:
    found = instant("as_of", given)
    assert found == read
    assert found is not None
    assert found.tzinfo is UTC


def test_a_date_is_the_end_of_that_day_where_the_forum_is() -> None:
    assert instant("as_of", "2024-05-01") == datetime(2024, 5, 1, 23, 59, 59, 999_999, tzinfo=UTC)
    tokyo = instant("as_of", "2024-05-01", zone=ZoneInfo("Asia/Tokyo"))
    assert tokyo == datetime(2024, 5, 1, 14, 59, 59, 999_999, tzinfo=UTC)


def test_no_instant_is_now() -> None:
    assert instant("as_of", None) is None


@pytest.mark.parametrize(
    "given",
    [
        "",
        "now",
        "2024",
        "2024-05",
        "2024-13-01",
        "2024-02-30",
        "2024-05-01T09:00:00",
        "2024-05-01 09:00",
        "1714550400",
        "\uff12024-05-01",
    ],
)
def test_an_instant_that_is_none_is_malformed(given: str) -> None:
    assert flaw_of(lambda: instant("as_of", given)) == (Wrong.DATE_TIME_OR_DATE, "parameter", "as_of")


@pytest.mark.parametrize("given", ["1899-12-31", "9999-01-01", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"])
def test_an_instant_lies_in_a_year_with_room_on_both_sides(given: str) -> None:
    assert flaw_of(lambda: instant("as_of", given)) == (Wrong.YEAR, "parameter", "as_of")


@pytest.mark.parametrize(("given", "items"), [(None, 50), ("1", 1), ("200", 200)])
def test_a_page_has_up_to_200_items(given: str | None, items: int) -> None:
    assert limit(given) == items


@pytest.mark.parametrize("given", ["", "0", "-1", "201", "1e2", "1.0", "01", "\u0661", "9" * 5000])
def test_a_page_of_another_size_is_malformed(given: str) -> None:
    assert flaw_of(lambda: limit(given)) == (Wrong.PARAMETER_RANGE, "parameter", "limit")


@pytest.mark.parametrize(("given", "number"), [(None, None), ("0", 0), ("12", 12), ("999999999", 999_999_999)])
def test_a_revision_is_named_by_its_number(given: str | None, number: int | None) -> None:
    assert revision("from", given) == number


@pytest.mark.parametrize("given", ["", "-1", "01", "1.0", "two", "\u0661", "1000000000"])
def test_what_is_no_number_of_a_revision_is_malformed(given: str) -> None:
    assert flaw_of(lambda: revision("from", given)) == (Wrong.PARAMETER_RANGE, "parameter", "from")


def test_a_list_has_up_to_50_entries_none_of_them_empty() -> None:
    assert listed("status", None) == ()
    assert listed("status", ["open"] * 50) == ("open",) * 50
    assert flaw_of(lambda: listed("status", ["open"] * 51)) == (Wrong.TOO_MANY_ENTRIES, "parameter", "status")
    assert flaw_of(lambda: listed("status", ["open", ""])) == (Wrong.PARAMETER_EMPTY, "parameter", "status")
    assert flaw_of(lambda: listed("status", ["a\0"])) == (Wrong.NUL, "parameter", "status")


def test_the_words_of_a_parameter_are_in_the_form_of_the_record() -> None:
    assert text("q", "e\u0301") == "é"
    assert text("q", None) is None
    assert flaw_of(lambda: text("q", "a\0")) == (Wrong.NUL, "parameter", "q")


@given(LATIN_1 | st.text('"\\ab, *W/:-0123456789 \t'))
def test_whatever_stands_in_a_header_is_a_value_or_turned_away(field: str) -> None:
    for read in (positions, entity_tags, bearer):
        value_or_turned_away(lambda read=read: read(field))
    value_or_turned_away(lambda: idempotency_key(field, ACTOR))
    value_or_turned_away(lambda: is_unchanged(field, '"5"'))


@given(st.text() | st.text("0123456789-:.TZ +"))
def test_whatever_stands_in_a_parameter_is_a_value_or_turned_away(parameter: str) -> None:
    value_or_turned_away(lambda: instant("as_of", parameter))
    value_or_turned_away(lambda: instant("as_of", parameter, zone=ZoneInfo("Asia/Tokyo")))
    value_or_turned_away(lambda: limit(parameter))
    value_or_turned_away(lambda: revision("from", parameter))
    value_or_turned_away(lambda: listed("status", [parameter]))


@pytest.mark.parametrize(
    "field", ['"' * 60_000, ", " * 30_000 + "x", "2" * 60_000, ("0" * 9 + ":") * 6_000, '"a",' * 15_000 + "x"]
)
def test_a_long_field_takes_no_longer_than_its_length(field: str) -> None:
    test_whatever_stands_in_a_header_is_a_value_or_turned_away.hypothesis.inner_test(field)  # type: ignore[attr-defined]
    test_whatever_stands_in_a_parameter_is_a_value_or_turned_away.hypothesis.inner_test(field)  # type: ignore[attr-defined]
