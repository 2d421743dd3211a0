"""The story as data: its times, its languages, its people, and what of the outline it tells."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final
from unicodedata import normalize

import msgspec
import pytest

from application.doors import DOORS
from application.story import steps
from application.story.forum import DELEGATIONS, FOUNDING, PEOPLE
from application.story.life import STORY
from application.story.outline import TOLD, Missing
from application.story.steps import Announce, Prepare, Table
from application.story.texts import REVISIONS
from application.story.words import EN, ILLUSTRATIVE, JA, KO, LANGUAGES, ZH
from domain.conferences.commands import AnnounceEdition
from domain.identity import Language
from domain.text.provisions import ProvisionKind
from infrastructure.eventlog.facts import FACTS

START: Final = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
STEPS: Final = STORY.steps(START)

FIFTEEN: Final = (
    "P20-01", "P20-02", "P21-01", "P21-02", "P22-01", "P22-02", "P23-01", "P23-02", "P23-03", "P24-01", "P24-02", "P24-03",
    "P25-01", "P25-02", "P26-01",
)  # fmt: skip

KANA, HAN, HANGUL = "[\u3041-\u30fa]", "[\u4e00-\u9fff]", "[\uac00-\ud7a3]"
SCRIPTS: Final = {
    EN: ("[A-Za-z]", f"{KANA}|{HAN}|{HANGUL}"),
    JA: (f"{KANA}|{HAN}", HANGUL),
    ZH: (HAN, f"{KANA}|{HANGUL}"),
    KO: (HANGUL, f"{KANA}|{HAN}"),
}
"""By language: what occurs in its texts, and what does not."""

PROPER: Final = frozenset(
    {
        "Asia",
        "China",
        "Conference",
        "Government",
        "Governments",
        "Japan",
        "Korea",
        "Northeast",
        "Peace",
        "South",
        "State",
        "States",
    }
    | {"Taiwan", "United", "US", "US-China", "Chinese", "Korean", "English"}
    | {"January", "February", "March", "July", "August", "December"}
    | {"CUES", "East", "Hague", "North", "Peninsula", "Sea", "Seoul", "Strait"}
)
"""The words with a capital letter inside an English sentence. None is a person's."""


def said(what: object) -> Iterable[str]:
    """Every string in something, of whatever shape."""
    return re.findall(r'"((?:[^"\\\\]|\\\\.)*)"', msgspec.json.encode(what).decode())


def announced() -> list[AnnounceEdition]:
    return [step.act.command for step in STEPS if isinstance(step.act, Announce)]


def every_text() -> Iterable[tuple[str, dict[Language, str]]]:
    """Every text in the languages that it is said in, with a name for it."""
    yield "the forum", FOUNDING.name
    yield from ((delegation.code, delegation.names) for delegation in FOUNDING.delegations)
    yield from ((format_.code, format_.names) for format_ in FOUNDING.formats)
    yield from ((edition.code, edition.theme) for edition in announced())
    for code, versions in REVISIONS.items():
        for number, version in enumerate(versions):
            yield from ((f"{code}, revision {number}, {part.id}", part.text) for part in version.provisions)


def test_the_fifteen_are_told_in_the_order_of_their_numbers() -> None:
    assert tuple(told.code for told in TOLD) == FIFTEEN
    assert tuple(step.act.proposal for step in STEPS if isinstance(step.act, Table)) == FIFTEEN


def test_what_waits_cannot_be_recorded_yet() -> None:
    waits = {missing for told in TOLD for untold in told.untold for missing in untold.for_}
    assert waits == set(Missing)
    recordable = {word for tag in FACTS for word in re.split(r"[.-]", tag)}
    assert {missing for missing in waits if missing in recordable or f"{missing}s" in recordable} == set()


def test_times_grow_from_the_founding_to_the_start() -> None:
    told = [step.at for step in STEPS if step.at is not None]
    assert told[0] > STORY.founded
    assert all(later > earlier for earlier, later in pairwise(told))
    assert told[-1] < START


def test_what_is_told_is_fixed_and_what_is_running_follows_the_record_s_clock() -> None:
    assert all(step.at is not None for step in STORY.told)
    assert [step.at for step in STORY.opening(START)][-1] is None
    later = START + timedelta(days=400)
    moved = [step.at - START for step in STORY.opening(START) if step.at]
    assert [step.at - later for step in STORY.opening(later) if step.at] == moved


def test_time_alone_ends_silences_and_people_do_the_rest() -> None:
    alone = {type(step.act) for step in STEPS if step.by is None}
    assert alone == {steps.SilenceEnds, steps.FallsAway}
    assert {step.by for step in STEPS} - {None} < set(PEOPLE)


@pytest.mark.parametrize(
    ("code", "starts_on", "ends_on", "city"),
    [
        ("2020", "2020-01-21", "2020-01-21", "Tokyo"),
        ("2021", "2021-02-24", "2021-02-24", "online"),
        ("2022", "2022-02-22", "2022-02-23", "online"),
        ("2023", "2023-07-18", "2023-07-19", "Tokyo"),
        ("2024", "2024-09-03", "2024-09-04", "Tokyo"),
    ],
)
def test_the_editions_that_were_held_are_told_as_they_were(code: str, starts_on: str, ends_on: str, city: str) -> None:
    (edition,) = (edition for edition in announced() if edition.code == code)
    assert (str(edition.starts_on), str(edition.ends_on), edition.city) == (starts_on, ends_on, city)


def test_the_editions_that_are_invented_say_so() -> None:
    fictional = {EN: "Fictional", JA: "架空", ZH: "虚构", KO: "가상"}
    for edition in announced():
        invented = [language for language, word in fictional.items() if word in edition.theme[language]]
        assert invented == (list(LANGUAGES) if edition.year > 2024 else [])


@pytest.mark.parametrize(("name", "text"), [pytest.param(name, text, id=name) for name, text in every_text()])
def test_every_text_stands_in_four_languages_each_in_its_own_script(name: str, text: dict[Language, str]) -> None:
    assert set(text) == set(LANGUAGES), name
    assert len(set(text.values())) == len(LANGUAGES), name
    for language, words in text.items():
        its_own, foreign = SCRIPTS[language]
        assert words == normalize("NFC", words).strip()
        assert re.search(its_own, words)
        assert not re.search(foreign, words)


@pytest.mark.parametrize("code", REVISIONS)
def test_every_title_says_that_the_text_is_illustrative(code: str) -> None:
    for version in REVISIONS[code]:
        titles = [part for part in version.provisions if part.kind is ProvisionKind.TITLE]
        assert [all(titles[0].text[language].endswith(mark) for language, mark in ILLUSTRATIVE.items())] == [True]
        assert len(titles) == 1


@pytest.mark.parametrize("code", REVISIONS)
def test_a_text_has_three_to_eight_provisions_in_the_order_of_such_texts(code: str) -> None:
    order = [ProvisionKind.TITLE, ProvisionKind.PREAMBLE, ProvisionKind.DEFINITION, ProvisionKind.OPERATIVE]
    for version in REVISIONS[code]:
        kinds = [part.kind for part in version.provisions]
        assert 3 <= len(kinds) <= 8
        assert kinds == sorted(kinds, key=order.index)
        assert {ProvisionKind.TITLE, ProvisionKind.PREAMBLE, ProvisionKind.OPERATIVE} <= set(kinds)


def test_people_are_roles() -> None:
    countries = "Japan|the United States|China|South Korea"
    role = re.compile(
        f"(Head|Former head|Alternate|Delegate|Adviser), delegation of ({countries})|Chair of the plenary|Secretary of the Conference|Auditor"
    )
    assert all(role.fullmatch(name) for name in PEOPLE.values())
    assert {f"{role}-{code}" for role in ("head", "alternate", "delegate", "adviser") for code in DELEGATIONS} < set(PEOPLE)


def test_nobody_is_named() -> None:
    everything = (FOUNDING, STEPS, tuple(PEOPLE.values()), tuple(REVISIONS.values()))
    prose = [words for words in said(everything) if " " in words]
    inside = {word for words in prose for word in re.findall(r"(?<=[a-z0-9,;] )[“(]?([A-Z][\w-]+)", words)}
    assert inside
    assert inside - PROPER - set(DELEGATIONS) == set()


def test_what_is_prepared_is_said_at_its_door_as_the_head_would_say_it() -> None:
    prepared = [step.act for step in STEPS if isinstance(step.act, Prepare)]
    assert len(prepared) == 4
    for act in prepared:
        door = DOORS[act.door]
        assert door.command(msgspec.json.decode(act.body, type=door.said)) == act.command


def test_an_id_is_the_same_in_every_record_and_shaped_like_any_other() -> None:
    ids = [steps.person("chair"), steps.proposal("chair"), steps.draft("chair"), steps.prepared("chair")]
    assert ids == [steps.person("chair"), steps.proposal("chair"), steps.draft("chair"), steps.prepared("chair")]
    assert len(set(ids)) == 4
    assert {id_.version for id_ in ids} == {4}
