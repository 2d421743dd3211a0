"""What is promised of facts: read as it is written, and in no other spelling."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.record import promise
from domain.record.malformed import LARGEST, Malformed
from domain.record.promise import Promise, Promised

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
ONE = Promise("forum.example/book/7c", (Promised(7, b"\7" * 32, AT),))
TEXT = (
    "accord/promise/v1\nforum.example/book/7c\n7\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n2026-05-01T12:00:00.000000Z\n"
)


def test_a_promise_says_book_index_commitment_and_time() -> None:
    assert str(ONE) == TEXT
    assert promise.parsed(TEXT) == ONE
    assert ONE.signer == "forum.example/promise"


@given(
    st.lists(
        st.builds(
            Promised,
            st.integers(0, LARGEST),
            st.binary(min_size=32, max_size=32),
            st.datetimes(timezones=st.just(UTC)),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_a_promise_comes_back_as_it_went_out(facts: list[Promised]) -> None:
    found = Promise(ONE.origin, tuple(facts))
    assert promise.parsed(str(found)) == found


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("v1", "v2", 1),
        ("/book/", "/", 2),
        ("forum.example/book/", "/book/", 2),
        ("\n7\n", "\n07\n", 3),
        ("\n7\n", "\n-1\n", 3),
        ("wc=", "wd=", 4),
        ("BwcH", "", 4),
        ("000000Z", "0Z", 5),
        ("000000Z", "000000+00:00", 5),
        ("2026-05", "2026-13", 5),
        ("2026-05-01T12:00:00.000000Z", "0001-01-01T00:00:00.000000+14:00", 5),
        ("2026-05-01T12:00:00.000000Z\n", "", 5),
        ("000000Z\n", "000000Z", 5),
        ("000000Z\n", "000000Z\n8\n", 7),
        (TEXT, "", 1),
        (TEXT, "accord/promise/v1\nforum.example/book/7c\n", 3),
    ],
)
def test_what_is_spelled_otherwise_is_no_promise(old: str, new: str, line: int) -> None:
    assert old in TEXT
    with pytest.raises(Malformed) as refused:
        promise.parsed(TEXT.replace(old, new, 1))
    assert refused.value.line == line


def test_a_time_is_written_in_utc() -> None:
    with pytest.raises(Malformed):
        promise.parsed(TEXT.replace("Z\n", "\n"))
    assert timedelta(seconds=10) == promise.WITHIN
