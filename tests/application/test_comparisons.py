# ruff: noqa: RUF001  each language with its own signs
"""Texts side by side as a delegate reads them, in the four languages of the first forum."""

from collections.abc import Iterable
from datetime import UTC, datetime
from threading import current_thread, main_thread

import msgspec
import pytest

from application.comparisons import Comparisons
from application.story.texts import REVISIONS
from application.story.words import EN, JA, KO, LANGUAGES, ZH, Version
from application.views.comparison import Comparison, compared
from domain.identity import Language, ProvisionId
from domain.proposals.proposal import Revision
from domain.text.provisions import Provision, ProvisionKind, with_ids
from domain.text.redline import Run, RunKind
from infrastructure.words import words

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def revision(number: int, provisions: tuple[Provision, ...]) -> Revision:
    return Revision(number, provisions, f"{number:064}", NOON)


def of_one(language: Language, text: str) -> Provision:
    return Provision(ProvisionId("p1"), ProvisionKind.OPERATIVE, {language: text})


def told(version: Version, number: int) -> Revision:
    return revision(number, with_ids(version.provisions)[0])


def marked(runs: Iterable[Run]) -> str:
    signs = {RunKind.KEPT: "{}", RunKind.INSERTED: "[+{}]", RunKind.DELETED: "[-{}]"}
    return "".join(signs[run.kind].format(run.text) for run in runs)


def of(code: str, number: int, language: Language) -> Comparison:
    """What a revision of the demonstration changed in the one before."""
    versions = REVISIONS[code]
    return compared(told(versions[number - 1], number - 1), told(versions[number], number), language, words)


def changed(code: str, number: int, language: Language) -> list[str]:
    return [marked(part.runs) for part in of(code, number, language).provisions if part.difference == "changed"]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            EN,
            (
                "These rules apply to the coast-guard vessels and drones of the sides on the high seas and in exclusive economic "
                "zones[+, including disputed waters]."
            ),
        ),
        (
            JA,
            "この規則は、公海及び[+係争水域を含む]排他的経済水域における各当事者の海上保安機関の船舶及び無人機に適用する。",
        ),
        (ZH, "本规则适用于各方在公海和专属经济区[+（包括争议水域）]内的海警船和无人机。"),
        (KO, "이 규칙은 공해와 [+분쟁 수역을 포함한 ]배타적 경제수역에 있는 각 당사자의 해경 선박과 무인기에 적용한다."),
    ],
)
def test_what_came_in_is_marked_by_its_words_in_each_language(language: Language, expected: str) -> None:
    assert changed("P25-02", 1, language) == [expected]


@pytest.mark.parametrize(
    ("language", "old", "new", "expected"),
    [
        (
            JA,
            "呼出しには二時間以内に応答する。",
            "呼出しには三日以内に応答する。",
            "呼出しには[-二時間][+三日]以内に応答する。",
        ),
        (JA, "ホットラインは毎年試験する。", "直通回線は毎年試験する。", "[-ホットライン][+直通回線]は毎年試験する。"),
        (
            JA,
            "距離は１，０００メートルとする。",
            "距離は１，５００メートルとする。",
            "距離は[-１，０００][+１，５００]メートルとする。",
        ),
        (JA, "全ての側が通報する。", "全ての側は通報する。", "全ての側[-が][+は]通報する。"),
        (ZH, "各方应在两小时内应答。", "各方须在24小时内应答。", "各方[-应][+须]在[-两][+24]小时内应答。"),
        (ZH, "不妨碍任何一方的立场，", "不影响任何一方的立场；", "不[-妨碍][+影响]任何一方的立场[-，][+；]"),
        (KO, "사무국은 보고를 배포한다.", "사무국이 보고를 배포한다.", "[-사무국은][+사무국이] 보고를 배포한다."),
        (
            KO,
            "거리는 500미터 이상으로 한다.",
            "거리는 1,000미터 이상으로 한다.",
            "거리는 [-500미터][+1,000미터] 이상으로 한다.",
        ),
        (
            EN,
            "Not less than 1,000 metres (high seas).",
            "Not less than 1,500 metres (all seas).",
            "Not less than [-1,000][+1,500] metres ([-high][+all] seas).",
        ),
    ],
)
def test_a_change_is_as_small_as_the_words_of_its_language(language: Language, old: str, new: str, expected: str) -> None:
    before, after = (revision(number, (of_one(language, text),)) for number, text in enumerate((old, new)))
    assert marked(compared(before, after, language, words).provisions[0].runs) == expected


@pytest.mark.parametrize("language", [JA, ZH])
def test_no_whole_sentence_is_struck_where_some_of_its_words_stay(language: Language) -> None:
    for code, versions in REVISIONS.items():
        for number in range(1, len(versions)):
            for part in of(code, number, language).provisions:
                assert not any(run.kind is RunKind.DELETED and run.text.endswith("。") for run in part.runs), part


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", REVISIONS)
def test_both_texts_of_the_demonstration_can_be_read_from_their_runs(code: str, language: Language) -> None:
    first, last = told(REVISIONS[code][0], 0), told(REVISIONS[code][-1], len(REVISIONS[code]) - 1)
    found = compared(first, last, language, words).provisions
    texts = {
        part.id: tuple(
            "".join(run.text for run in part.runs if run.kind is not other) for other in (RunKind.INSERTED, RunKind.DELETED)
        )
        for part in found
    }
    before, after = ({part.id: part.text[language] for part in revision.provisions} for revision in (first, last))
    assert texts == {part: (before.get(part, ""), after.get(part, "")) for part in before | after}


def test_a_translation_brought_in_line_shows_in_which_languages() -> None:
    part = next(part for part in of("P21-01", 2, EN).provisions if part.difference == "changed")
    assert part.languages.reworded == (KO, ZH)
    assert [run.kind for run in part.runs] == [RunKind.KEPT]


async def test_texts_are_compared_beside_the_event_loop() -> None:
    at_work: list[bool] = []

    def cut(text: str) -> Iterable[str]:
        at_work.append(current_thread() is main_thread())
        return words(text)

    comparisons = Comparisons(cut)
    answer = await comparisons.between(told(REVISIONS["P23-01"][0], 0), told(REVISIONS["P23-01"][1], 1), EN)
    comparisons.close()
    assert set(at_work) == {False}
    assert msgspec.json.decode(answer)["totals"]["changed"] == 1
