"""The grid of the epochs, and the slots that formats draw."""

from datetime import datetime, timedelta
from typing import Final

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from domain.epochs.epochs import GRID, Epochs, Slot, begun, check_room, draw
from domain.epochs.events import EpochSealed, SlotDrawn
from domain.epochs.refusals import NoSlotLeft
from tests.domain.arbitrary import INSTANTS
from tests.domain.cast import JAPAN_US, PLENARY
from tests.domain.scenario import at, given

HOUR: Final = timedelta(hours=1)


def sealed(begins: datetime) -> EpochSealed:
    return EpochSealed(begins, 3600, ())


@pytest.mark.parametrize(("clock", "began"), [("10:00", "10:00"), ("10:01", "10:00"), ("10:59", "10:00"), ("11:00", "11:00")])
def test_an_epoch_begins_at_its_hour_and_runs_to_the_next(clock: str, began: str) -> None:
    assert begun(at(clock), HOUR) == at(began)


@any_of(INSTANTS, st.integers(1, 86_400))
def test_the_grid_is_the_same_whenever_one_looks(now: datetime, seconds: int) -> None:
    length = timedelta(seconds=seconds)
    begins = begun(now, length)
    assert begins <= now < begins + length
    assert (begins - GRID) % length == timedelta(0)


def test_the_last_epoch_is_known_also_where_an_earlier_one_is_sealed_after_it() -> None:
    after = given(sealed(at("11:00")), sealed(at("10:00")))
    assert after.state(Epochs) == Epochs(at("11:00"))


@any_of(st.sets(st.integers(0, 15), max_size=15), st.integers(0, 2**128 - 1))
def test_a_format_draws_a_slot_that_nobody_has(taken: set[int], lot: int) -> None:
    drawn = draw(PLENARY, taken, 16, lot)
    assert drawn.slot in set(range(16)) - taken


def test_each_slot_that_is_left_can_be_drawn() -> None:
    assert {draw(PLENARY, {1, 2}, 5, lot).slot for lot in range(3)} == {0, 3, 4}


def test_where_none_is_left_none_is_drawn() -> None:
    given(SlotDrawn(0, PLENARY)).when(lambda _: draw(JAPAN_US, {0}, 1, 7)).refused(NoSlotLeft, slots=1)


def test_there_are_no_more_formats_than_slots() -> None:
    check_room(16, 16)
    given(SlotDrawn(0, PLENARY)).when(lambda _: check_room(17, 16)).refused(NoSlotLeft, slots=16)


def test_a_slot_stays_with_the_format_that_drew_it() -> None:
    after = given(SlotDrawn(3, PLENARY), SlotDrawn(3, JAPAN_US))
    assert after.state(Slot) == Slot(3, PLENARY)
