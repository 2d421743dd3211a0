# ruff: noqa: RUF001  each language with its own signs
import pytest
from hypothesis import given

from infrastructure.words import words
from tests.domain.arbitrary import TEXTS


@given(TEXTS)
def test_the_words_make_up_the_text(text: str) -> None:
    assert "".join(words(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A/C.3/78 can’t wait 2.5 hours, or 1,000.", "A|/|C|.|3|/|78| |can’t| |wait| |2.5| |hours|,| |or| |1,000|."),
        ("ホットラインの運用は、１，０００メートル", "ホットライン|の|運|用|は|、|１，０００|メートル"),
        ("提前九十日（书面）通知。", "提|前|九|十|日|（|书|面|）|通|知|。"),
        ("사무국은 1,000미터 이내의 “무인기”를", "사무국은| |1,000미터| |이내의| |“|무인기|”|를"),
        ("two  spaces\n\nlines", "two|  |spaces|\n\n|lines"),
        ("葛\U000e0100城", "葛\U000e0100|城"),
    ],
)
def test_words_end_where_their_script_has_it(text: str, expected: str) -> None:
    assert "|".join(words(text)) == expected
