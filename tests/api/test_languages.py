import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from hypothesis import example, given
from hypothesis import strategies as st

import api
from api.flaws import Wrong
from api.languages import LOCALE, TERM, TERMS, TONGUES, Tongue, negotiate, term, translate, translations
from api.problems import STATUS, TURNED_AWAY
from domain.conferences.edition import EditionStatus
from domain.proposals.events import Stance

CATALOGUES = Path(api.__file__).parent / "web" / "locale"

TRANSLATED: tuple[Tongue, ...] = ("ja", "zh-Hans", "ko")

Key = tuple[str | None, str]


def said() -> Iterator[Key]:
    """Each sentence and word that the code says, with its context."""
    for refusal in STATUS:
        yield None, refusal.sentence
    for kind in TURNED_AWAY:
        yield None, kind.title
        yield None, kind.sentence
    for wrong in Wrong:
        yield None, str(wrong)
    for word in TERMS:
        yield TERM, word


def catalogue(tongue: Tongue) -> Catalog:
    with (CATALOGUES / LOCALE[tongue] / "LC_MESSAGES" / "accord.po").open("rb") as file:
        return read_po(file, locale=LOCALE[tongue], abort_invalid=True)


def messages(tongue: Tongue) -> Mapping[Key, Message]:
    return {(message.context, str(message.id)): message for message in catalogue(tongue) if message.id}


def placeholders(sentence: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(sentence) if name is not None)


def test_there_is_a_catalogue_of_each_language_but_english_and_of_no_other() -> None:
    assert {path.parent.parent.name for path in CATALOGUES.rglob("*.po")} == {LOCALE[tongue] for tongue in TRANSLATED}


@pytest.mark.parametrize("tongue", TRANSLATED)
def test_a_catalogue_has_just_the_sentences_of_the_code(tongue: Tongue) -> None:
    assert set(messages(tongue)) == set(said())


@pytest.mark.parametrize("tongue", TRANSLATED)
def test_a_translation_is_there_is_settled_and_holds_the_same_values(tongue: Tongue) -> None:
    for message in messages(tongue).values():
        assert isinstance(message.string, str)
        assert message.string.strip()
        assert not message.fuzzy
        assert placeholders(message.string) == placeholders(str(message.id)), message.id


@pytest.mark.parametrize("tongue", TRANSLATED)
def test_a_sentence_ends_as_one_where_the_english_does(tongue: Tongue) -> None:
    for (context, sentence), message in messages(tongue).items():
        if context is None:
            assert str(message.string).endswith((".", "。")) == sentence.endswith("."), sentence


@pytest.mark.parametrize("tongue", TRANSLATED)
def test_a_translation_is_written_in_its_own_script(tongue: Tongue) -> None:
    script = {"ja": r"[\u3040-\u30ff\u4e00-\u9fff]", "zh-Hans": r"[\u4e00-\u9fff]", "ko": r"[\uac00-\ud7a3]"}[tongue]
    for message in messages(tongue).values():
        assert re.search(script, str(message.string)), message.id
        assert tongue == "ja" or not re.search(r"[\u3040-\u30ff]", str(message.string)), message.id


@pytest.mark.parametrize(("context", "sentence"), sorted(said(), key=str))
def test_every_sentence_can_be_said_in_every_language(context: str | None, sentence: str) -> None:
    values = dict.fromkeys(placeholders(sentence), "X")
    spoken = {tongue: term(sentence, tongue) if context else translate(sentence, tongue, values) for tongue in TONGUES}
    assert spoken["en"] == sentence.format_map(values)
    assert spoken["en"] not in {spoken[tongue] for tongue in TRANSLATED}


@pytest.mark.parametrize(
    ("header", "tongue"),
    [
        (None, "en"),
        ("", "en"),
        ("ja", "ja"),
        ("JA-jp", "ja"),
        ("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", "ko"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-Hans-SG", "zh-Hans"),
        ("zh-TW, ja;q=0.1", "ja"),
        ("zh-Hant", "en"),
        ("fr, de;q=0.9", "en"),
        ("fr, ko;q=0.1", "ko"),
        ("en;q=0.1, ja;q=0.2", "ja"),
        ("ja, ko", "ja"),
        ("ko, ja", "ko"),
        ("*", "en"),
        ("en;q=0, *", "ja"),
        ("ja;q=0", "en"),
        ("*;q=0", "en"),
        ("*;q=0.5, ko;q=0.4", "en"),
        ("ja;q=2, ko;q=0.5", "ko"),
        ("ja;q=, ;;, ko ; Q = 0.5", "ko"),
        ("ja;q=0.1234", "en"),
        ("japanese", "en"),
    ],
)
def test_the_reader_gets_the_language_that_they_prefer_among_ours(header: str | None, tongue: Tongue) -> None:
    assert negotiate(header) == tongue


@given(st.text(st.characters(max_codepoint=255)) | st.text("jakoenzh-*;q=0.1, "))
@example("," * 10_000)
@example("en;q=0," * 100)
def test_no_header_fails_to_give_a_language(header: str) -> None:
    assert negotiate(header) in TONGUES


INSTANT = datetime(2024, 5, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=9)))


@pytest.mark.parametrize(
    ("tongue", "instant", "day"),
    [
        ("en", "1 May 2024, 18:04:05 UTC", "1 May 2024"),
        ("ja", "2024年5月1日 18:04:05 UTC", "2024年5月1日"),
        ("zh-Hans", "2024年5月1日 18:04:05 UTC", "2024年5月1日"),
        ("ko", "2024년 5월 1일 18:04:05 UTC", "2024년 5월 1일"),
    ],
)
def test_an_instant_and_a_day_are_written_as_one_reads_them(tongue: Tongue, instant: str, day: str) -> None:
    assert translate("{value}", tongue, {"value": INSTANT}) == instant
    assert translate("{value}", tongue, {"value": INSTANT.astimezone(UTC).date()}) == day
    assert translate("{value}", tongue, {"value": date(2024, 5, 1)}) == day


@pytest.mark.parametrize(
    ("tongue", "members"),
    [("en", "JPN, USA and KOR"), ("ja", "JPN、USA、KOR"), ("zh-Hans", "JPN、USA和KOR"), ("ko", "JPN, USA 및 KOR")],
)
def test_a_list_is_written_as_one_reads_it(tongue: Tongue, members: str) -> None:
    assert translate("{value}", tongue, {"value": ("JPN", "USA", "KOR")}) == members


def test_an_empty_list_and_nothing_at_all_are_a_word() -> None:
    assert translate("{first} {second}", "ja", {"first": (), "second": None}) == "なし なし"


def test_a_word_of_procedure_is_translated_where_it_stands_as_one() -> None:
    assert translate("{stance} {allowed}", "ko", {"stance": Stance.OBJECT, "allowed": (EditionStatus.OPEN,)}) == "이의 진행 중"


def test_a_code_that_reads_like_a_word_of_procedure_stays_a_code() -> None:
    assert translate("{edition}", "ko", {"edition": "open"}) == "open"


def test_a_penholder_is_a_word_or_a_code() -> None:
    assert translate("{holder}", "zh-Hans", {"holder": "the chair"}) == "主席"
    assert translate("{holder}", "zh-Hans", {"holder": "JPN"}) == "JPN"


def test_a_sentence_shortens_what_somebody_wrote() -> None:
    written = translate("{name}", "en", {"name": "a" * 201})
    assert written == "a" * 199 + "…"


def test_braces_that_somebody_wrote_are_no_placeholders() -> None:
    assert translate("{name}", "en", {"name": "{name.__class__}"}) == "{name.__class__}"


def test_a_catalogue_is_compiled_once() -> None:
    assert translations("ja") is translations("ja")
