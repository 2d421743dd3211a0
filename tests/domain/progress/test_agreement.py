"""How alike delegations stood."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.progress.agreement import Agreement, Alike, Leaning, Leanings, agreements, of_two, sole_objectors
from domain.progress.measures import Share
from tests.domain.cast import CHN, JPN, KOR, MEMBERS, USA

FOR, NEITHER, AGAINST = Leaning.FOR, Leaning.NEITHER, Leaning.AGAINST

Stood = tuple[Leaning | None, Leaning | None]
LEANINGS: Final = st.none() | st.sampled_from(Leaning)
STOOD: Final = st.lists(st.tuples(LEANINGS, LEANINGS))
TEXTS: Final = st.lists(
    st.builds(Alike, st.dictionaries(st.sampled_from(sorted(MEMBERS)), LEANINGS, min_size=2), st.integers(1, 9))
)


def over(stood: Sequence[Stood]) -> Agreement:
    return sum((of_two(one, other) for one, other in stood), Agreement())


def text(count: int = 1, **leanings: Leaning | None) -> Alike:
    held: Leanings = {code: leanings.get(code) for code in MEMBERS}
    return Alike(held, count)


def test_a_worked_example() -> None:
    found = over([(FOR, FOR), (FOR, NEITHER), (FOR, AGAINST), (NEITHER, NEITHER), (FOR, None), (None, None)])

    assert found == Agreement(n=4, same=2, apart=3, excluded=2)
    assert found.strict == Share(2, 4, 0.5)
    assert found.half_credit == Share(5, 8, 0.625)
    assert found.s == Share(1, 4, 0.25)


@pytest.mark.parametrize(
    ("stood", "strict", "half_credit", "s"),
    [
        ((FOR, FOR), 1, 1, 1),
        ((AGAINST, AGAINST), 1, 1, 1),
        ((FOR, NEITHER), 0, 0.5, 0),
        ((AGAINST, NEITHER), 0, 0.5, 0),
        ((AGAINST, FOR), 0, 0, -1),
    ],
)
def test_of_a_single_text(stood: Stood, strict: float, half_credit: float, s: float) -> None:
    found = over([stood])
    assert (found.strict.value, found.half_credit.value, found.s.value) == (strict, half_credit, s)


def test_where_both_never_took_a_position_is_a_gap_and_says_how_many_were_left_out() -> None:
    found = over([(FOR, None), (None, AGAINST)])
    assert found.excluded == 2
    assert {found.strict, found.half_credit, found.s} == {Share(None, 0, None)}


@given(STOOD)
def test_agreement_is_mutual(stood: Sequence[Stood]) -> None:
    assert over(stood) == over([(other, one) for one, other in stood])


@given(STOOD)
def test_s_lies_between_opposed_and_the_same_and_is_twice_half_credit_less_one(stood: Sequence[Stood]) -> None:
    found = over(stood)
    half_credit, s = found.half_credit, found.s
    if found.n == 0:
        assert half_credit.value is s.value is None
        return
    assert half_credit.numerator is not None
    assert s.numerator is not None
    assert -1 <= Fraction(s.numerator, s.denominator) <= 1
    assert Fraction(s.numerator, s.denominator) == 2 * Fraction(half_credit.numerator, half_credit.denominator) - 1


@given(st.lists(st.sampled_from(Leaning), min_size=1))
def test_who_always_stands_alike_agrees_wholly(stood: Sequence[Leaning]) -> None:
    found = over([(leaning, leaning) for leaning in stood])
    assert (found.strict.value, found.half_credit.value, found.s.value) == (1, 1, 1)


@given(STOOD)
def test_half_credit_is_never_less_than_strict(stood: Sequence[Stood]) -> None:
    found = over(stood)
    if found.strict.value is not None and found.half_credit.value is not None:
        assert found.strict.value <= found.half_credit.value


@given(STOOD, st.lists(st.tuples(st.none(), LEANINGS)))
def test_who_is_absent_moves_no_share(stood: Sequence[Stood], absent: Sequence[Stood]) -> None:
    with_them, without = over([*stood, *absent]), over(stood)
    assert (with_them.strict, with_them.half_credit, with_them.s) == (without.strict, without.half_credit, without.s)
    assert with_them.excluded == without.excluded + len(absent)


@given(TEXTS)
def test_each_pair_is_counted_over_the_texts_of_both_and_no_others(texts: Sequence[Alike]) -> None:
    found = agreements(texts)
    for (one, other), agreement in found.items():
        assert one < other
        together = sum(alike.count for alike in texts if {one, other} <= alike.leanings.keys())
        assert agreement.n + agreement.excluded == together
    assert list(found) == sorted(found)


def test_pairs_are_of_delegations_that_sat_together() -> None:
    bilateral = Alike({JPN: FOR, USA: AGAINST}, 3)
    assert agreements([bilateral, Alike({CHN: FOR, JPN: FOR}, 1)]) == {
        (CHN, JPN): Agreement(1, 1, 0, 0),
        (JPN, USA): Agreement(3, 0, 6, 0),
    }


def test_who_alone_objected_is_named_with_how_often() -> None:
    texts = [
        text(3, USA=AGAINST, JPN=FOR, CHN=FOR, KOR=FOR),
        text(2, CHN=AGAINST, JPN=NEITHER),
        text(1, USA=AGAINST),
        text(5, USA=AGAINST, CHN=AGAINST),
        text(7, KOR=NEITHER),
    ]
    assert sole_objectors(texts) == {CHN: 2, USA: 4}
    assert KOR not in sole_objectors(texts)
