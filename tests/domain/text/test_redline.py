# ruff: noqa: RUF001  each language with its own signs
import re
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.text.redline import Allowance, Redline, RunKind, redline
from tests.domain.arbitrary import TEXTS


def plain(text: str) -> Iterable[str]:
    """Words as any program would cut them, where the rules of writing do not matter."""
    return re.findall(r"\w+|\s+|[^\w\s]", text)


def marked(runs: Redline) -> str:
    signs = {RunKind.KEPT: "{}", RunKind.INSERTED: "[+{}]", RunKind.DELETED: "[-{}]"}
    return "".join(signs[run.kind].format(run.text) for run in runs.runs)


def beside(old: str, new: str, *, pairs: int = 10_000, characters: int = 10_000) -> str:
    return marked(redline(old, new, plain, Allowance(pairs, characters)))


def side(runs: Redline, other: RunKind) -> str:
    return "".join(run.text for run in runs.runs if run.kind is not other)


WRITTEN = st.lists(
    st.sampled_from(["a", "b", "ab", "c", " ", "  ", "\n", ", ", ". ", "、", "。", "二", "1,0", "1、0", "\u3099"]), max_size=30
)
WRITINGS = st.one_of(WRITTEN.map("".join), TEXTS)


@given(WRITINGS, WRITINGS, st.integers(0, 200), st.integers(0, 60))
@example("a, b, c. ", "b, c, a. ", 200, 60)
@example(" a", "a ", 200, 60)
def test_both_texts_can_be_read_from_the_runs_whatever_these_may_cost(old: str, new: str, pairs: int, characters: int) -> None:
    runs = redline(old, new, plain, Allowance(pairs, characters))
    assert side(runs, RunKind.INSERTED) == old
    assert side(runs, RunKind.DELETED) == new


@given(WRITINGS, WRITINGS)
def test_runs_are_as_few_as_will_do_and_a_deletion_comes_before_what_takes_its_place(old: str, new: str) -> None:
    runs = redline(old, new, plain, Allowance()).runs
    kinds = [run.kind for run in runs]
    assert all(run.text for run in runs)
    assert all(one is not other for one, other in pairwise(kinds))
    assert (RunKind.INSERTED, RunKind.DELETED) not in set(pairwise(kinds))


@given(WRITINGS)
def test_a_text_beside_itself_is_kept_whole_and_costs_nothing(text: str) -> None:
    runs = redline(text, text, plain, Allowance(pairs=1, characters=0))
    assert [run.text for run in runs.runs] == ([text] if text else [])
    assert not runs.coarse


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Answer within two hours.", "Answer within one hour.", "Answer within [-two hours][+one hour]."),
        ("Answer at once.", "Answer.", "Answer[- at once]."),
        ("a b c", "a c", "a [-b ]c"),
        ("Report, review.", "Report, then review.", "Report, [+then ]review."),
        ("Keep  wide.", "Keep wide.", "Keep[-  ][+ ]wide."),
        ("", "New.", "[+New.]"),
        ("Old.", "", "[-Old.]"),
        ("One. Two. Three.", "One. Three.", "One. [-Two. ]Three."),
    ],
)
def test_a_change_is_shown_by_its_words(old: str, new: str, expected: str) -> None:
    assert beside(old, new) == expected


def test_a_sign_that_two_rewritten_stretches_happen_to_share_goes_with_them() -> None:
    assert beside("old ships, slow craft", "new vessels, fast boats") == "[-old ships, slow craft][+new vessels, fast boats]"


def test_a_number_between_two_rewritten_stretches_is_kept() -> None:
    assert (
        beside("not within 3 full hours", "only inside 3 whole days")
        == "[-not within][+only inside] 3 [-full hours][+whole days]"
    )


def test_a_sign_between_one_word_for_another_on_both_sides_is_kept() -> None:
    assert beside("ships, boats", "vessels, craft") == "[-ships][+vessels], [-boats][+craft]"


def test_a_comma_inside_of_a_number_ends_no_clause() -> None:
    assert beside("距離は１，０００米", "距離は２，０００米", characters=0) == "[-距離は１，０００米][+距離は２，０００米]"


def test_what_would_cost_too_much_is_shown_by_clauses_and_says_so() -> None:
    old, new = "First clause, second one, third clause.", "First clause, another one, third clause."
    fine, coarse = (redline(old, new, plain, Allowance(characters=most)) for most in (100, 0))
    assert (marked(fine), fine.coarse) == ("First clause, [-second][+another] one, third clause.", False)
    assert (marked(coarse), coarse.coarse) == ("First clause, [-second one,][+another one,] third clause.", True)


def test_a_text_that_repeats_itself_costs_no_more_than_is_allowed() -> None:
    old, new = ("".join(f"x {sign}{place} " for place in range(2000)) for sign in "yz")
    allowance = Allowance(pairs=1_000_000)
    runs = redline(old, new, plain, allowance)
    assert runs.coarse
    assert 0 <= allowance.pairs < 1_000_000
    assert side(runs, RunKind.INSERTED) == old


def test_one_comparison_has_one_allowance_for_all_its_texts() -> None:
    allowance = Allowance(characters=12)
    coarse = [redline("one two", "one six", plain, allowance).coarse for _ in range(2)]
    assert coarse == [False, True]
