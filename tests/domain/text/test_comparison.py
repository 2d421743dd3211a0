from hypothesis import given
from hypothesis import strategies as st

from domain.identity import ProvisionId
from domain.text.comparison import Compared, Difference, compare
from domain.text.provisions import Provision, ProvisionKind
from domain.text.redline import Allowance
from tests.domain.cast import EN, JA

LETTERS = "abcdef"


def part(letter: str, words: str | None = None, kind: ProvisionKind = ProvisionKind.OPERATIVE) -> Provision:
    return Provision(ProvisionId(letter), kind, {EN: words or f"Part {letter}."})


def text(letters: str) -> tuple[Provision, ...]:
    return tuple(map(part, letters))


def compared(base: tuple[Provision, ...], new: tuple[Provision, ...]) -> tuple[Compared, ...]:
    return compare(base, new, EN, str.split, Allowance())


def differences(base: str, new: str) -> dict[str, str]:
    return {found.id: found.difference.value for found in compared(text(base), text(new))}


def test_each_provision_is_found_again_by_its_id() -> None:
    assert differences("abc", "acd") == {"a": "unchanged", "b": "removed", "c": "unchanged", "d": "added"}


def test_what_changed_places_among_those_that_stayed_has_moved_and_nothing_else_has() -> None:
    assert differences("abcd", "bcda") == {"b": "unchanged", "c": "unchanged", "d": "unchanged", "a": "moved"}
    assert differences("abc", "eac") == {"e": "added", "a": "unchanged", "b": "removed", "c": "unchanged"}


def test_a_provision_may_be_moved_and_reworded_in_one() -> None:
    (*_, last) = compared(text("abc"), (part("b"), part("c"), part("a", "Other words.")))
    assert (last.id, last.difference, last.moved) == ("a", Difference.CHANGED, True)


def test_another_kind_or_another_language_is_a_change_though_no_word_is() -> None:
    titled, translated = (
        part("a", kind=ProvisionKind.ANNEX),
        Provision(ProvisionId("b"), ProvisionKind.OPERATIVE, {EN: "Part b.", JA: "い"}),
    )
    found = compared(text("ab"), (titled, translated))
    assert [one.difference for one in found] == [Difference.CHANGED, Difference.CHANGED]
    assert [[run.kind for run in one.redline.runs] for one in found] == [["kept"], ["kept"]]


def test_words_that_one_text_lacks_in_the_language_are_all_new_or_all_gone() -> None:
    japanese = (Provision(ProvisionId("a"), ProvisionKind.OPERATIVE, {JA: "い"}),)
    assert [run.kind for run in compared(japanese, text("a"))[0].redline.runs] == ["inserted"]
    assert [run.kind for run in compared(text("a"), japanese)[0].redline.runs] == ["deleted"]
    assert compared(japanese, japanese)[0].redline.runs == ()


@given(st.permutations(LETTERS), st.permutations(LETTERS), st.integers(0, 6), st.integers(0, 6))
def test_every_provision_of_either_text_stands_there_once_and_both_orders_can_be_seen(
    one: list[str], other: list[str], first: int, second: int
) -> None:
    base, new = one[:first], other[:second]
    found = compared(text("".join(base)), text("".join(new)))
    assert [part.id for part in found if part.after] == new
    assert sorted(part.id for part in found) == sorted({*base, *new})
    still = [part.id for part in found if part.before and part.after and not part.moved]
    assert still == [letter for letter in base if letter in still]


def test_what_was_removed_stands_behind_what_it_stood_behind() -> None:
    assert list(differences("xaybz", "ab")) == ["x", "a", "y", "b", "z"]
