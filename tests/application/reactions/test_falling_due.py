"""Which positions a process still has to write down the falling away of."""

from datetime import datetime, timedelta
from typing import Final

import pytest

from application.memory import Memory
from application.reactions.falling_due import due
from domain.kernel import Fact
from domain.proposals.events import PositionConfirmed, PositionDeclined, PositionFellAway, Stance
from tests.domain.cast import CHN, KOR, PROPOSAL, endorsed, tabled, took
from tests.domain.scenario import at, recorded

DUE: Final = at("12:00", day=3)
SECOND: Final = timedelta(seconds=1)


def remembering(*facts: Fact) -> Memory:
    memory = Memory(capacity=0)
    for index, fact in enumerate((tabled(), *facts)):
        memory.advance(recorded(fact, at("09:00"), index=index))
    return memory


def fallen(memory: Memory, now: datetime) -> int:
    reactions = list(due(memory, now))
    assert all(reaction.task.turn == PROPOSAL for reaction in reactions)
    return len(reactions)


@pytest.mark.parametrize("stance", [Stance.RESERVE, Stance.AD_REFERENDUM])
def test_what_was_not_confirmed_is_due_from_its_date_on(stance: Stance) -> None:
    memory = remembering(took(CHN, stance, due=DUE), took(KOR, stance, due=DUE + SECOND))
    assert [fallen(memory, DUE - SECOND), fallen(memory, DUE), fallen(memory, DUE + SECOND)] == [0, 1, 2]


SETTLING: list[Fact] = [PositionConfirmed(CHN, 0), PositionDeclined(CHN, 0), PositionFellAway(CHN, 0, DUE), endorsed(CHN)]


@pytest.mark.parametrize("fact", SETTLING)
def test_what_is_settled_is_due_no_longer(fact: Fact) -> None:
    assert fallen(remembering(took(CHN, Stance.RESERVE, due=DUE), fact), DUE) == 0


def test_a_later_date_takes_the_place_of_an_earlier_one() -> None:
    later = took(CHN, Stance.RESERVE, due=DUE + SECOND)
    assert fallen(remembering(took(CHN, Stance.RESERVE, due=DUE), later), DUE) == 0


def test_what_came_to_something_else_is_forgotten() -> None:
    memory = remembering(took(CHN, Stance.RESERVE, due=DUE))
    (reaction,) = due(memory, DUE)
    reaction.forget()
    assert fallen(memory, DUE) == 0


def test_a_later_date_that_was_heard_meanwhile_is_not_forgotten() -> None:
    memory = remembering(took(CHN, Stance.RESERVE, due=DUE))
    (reaction,) = due(memory, DUE)
    memory.advance(recorded(took(CHN, Stance.RESERVE, due=DUE + SECOND), at("10:00"), index=2))
    reaction.forget()
    assert [fallen(memory, DUE), fallen(memory, DUE + SECOND)] == [0, 1]
