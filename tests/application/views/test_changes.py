"""What is different between two answers."""

from typing import Any, Final
from uuid import UUID

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, Struct

from application.views.changes import ChangeShown, appeared, compare, plain, vanished


def between(before: Any, after: Any) -> list[tuple[str, Any, Any]]:
    return [told(change) for change in compare(before, after)]


def told(change: ChangeShown) -> tuple[str, Any, Any]:
    old, new = (... if raw is UNSET else msgspec.json.decode(raw) for raw in (change.old, change.new))
    return change.path, old, new


def test_a_member_that_changed_is_named_by_its_path() -> None:
    assert between({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}) == [("/a/c", 2, 3)]


def test_a_member_that_came_has_no_old_value_and_one_that_went_no_new_one() -> None:
    assert between({"went": None, "stays": 1}, {"stays": 1, "came": [2]}) == [("/went", None, ...), ("/came", ..., [2])]


def test_an_entry_of_a_list_is_known_by_its_delegation_its_id_or_its_number() -> None:
    before = {"positions": [{"delegation": "CHN", "hold": "current"}, {"delegation": "JPN", "hold": "current"}]}
    after = {"positions": [{"delegation": "CHN", "hold": "superseded"}, {"delegation": "USA", "hold": "current"}]}
    assert between(before, after) == [
        ("/positions/CHN/hold", "current", "superseded"),
        ("/positions/JPN", {"delegation": "JPN", "hold": "current"}, ...),
        ("/positions/USA", ..., {"delegation": "USA", "hold": "current"}),
    ]
    assert between([{"number": 1, "x": 0}], [{"number": 1, "x": 1}]) == [("/1/x", 0, 1)]
    assert between([], [{"id": "p1"}]) == [("/p1", ..., {"id": "p1"})]


def test_a_list_whose_entries_are_known_by_nothing_or_by_the_same_is_one_value() -> None:
    assert between(["KOR"], ["KOR", "JPN"]) == [("", ["KOR"], ["KOR", "JPN"])]
    twice = [{"id": "p1", "x": 1}, {"id": "p1", "x": 2}]
    assert between(twice, [{"id": "p1", "x": 1}]) == [("", twice, [{"id": "p1", "x": 1}])]


def test_an_order_that_changed_is_a_change() -> None:
    before, after = [{"id": "p1"}, {"id": "p2"}], [{"id": "p2"}, {"id": "p1"}]
    assert between(before, after) == [("", before, after)]


def test_a_pointer_escapes_what_it_is_made_of() -> None:
    assert between({"a/b~c": 1}, {"a/b~c": 2}) == [("/a~1b~0c", 1, 2)]


def test_true_is_not_one() -> None:
    assert between({"a": 1}, {"a": True}) == [("/a", 1, True)]


def test_what_appeared_and_what_vanished_is_all_of_it() -> None:
    assert [told(change) for change in appeared({"a": 1})] == [("", ..., {"a": 1})]
    assert [told(change) for change in vanished({"a": 1})] == [("", {"a": 1}, ...)]


class Kept(Struct):
    people: dict[UUID, frozenset[str]]


def test_a_state_is_plain_whatever_order_its_sets_came_in() -> None:
    one, other = UUID(int=1), UUID(int=2)
    assert (
        compare(
            plain(Kept({one: frozenset("abcdef"), other: frozenset("x")})),
            plain(Kept({other: frozenset("x"), one: frozenset("fedcba")})),
        )
        == ()
    )


VALUES: Final = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("id", "delegation", "number", "a", "a/b")), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(VALUES, VALUES)
def test_nothing_changed_in_just_the_case_that_both_are_the_same(before: Any, after: Any) -> None:
    same = msgspec.json.encode(before, order="sorted") == msgspec.json.encode(after, order="sorted")
    assert (compare(before, after) == ()) == same


def patched(value: Any, changes: list[tuple[str, Any, Any]]) -> Any:
    """The value with these changes made to it, where objects alone are nested."""
    for path, _, new in changes:
        *into, last = [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")]
        if not into:
            value = new
            continue
        place = value
        for step in into[1:]:
            place = place[step]
        if new is ...:
            del place[last]
        else:
            place[last] = new
    return value


OBJECTS: Final = st.recursive(
    st.none() | st.integers(-3, 3),
    lambda inner: st.dictionaries(st.sampled_from(("a", "b", "a/b", "~")), inner, max_size=3),
    max_leaves=10,
)


@given(OBJECTS, OBJECTS)
def test_the_changes_made_to_what_was_there_before_give_what_is_there_now(before: Any, after: Any) -> None:
    assert patched(msgspec.json.decode(msgspec.json.encode(before)), between(before, after)) == after
