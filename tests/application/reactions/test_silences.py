"""Which silences a process still has to write down the end of."""

from datetime import datetime, timedelta
from typing import Final

import pytest

from application.memory import Memory
from application.reactions.silences import due
from domain.identity import ProposalId
from domain.kernel import Fact
from domain.proposals.events import (
    ObjectionCameLate,
    ProposalWithdrawn,
    SilenceBroken,
    SilenceCancelled,
    SilenceEnded,
    SilenceExtended,
)
from tests.domain.cast import AGREEMENT, CHN, JPN, PROPOSAL, tabled, under_silence
from tests.domain.scenario import at, recorded

TABLED: Final = at("09:00")
DEADLINE: Final = at("12:00")
LATER: Final = at("13:00")
SECOND: Final = timedelta(seconds=1)


@pytest.fixture(params=[0, 10], ids=["texts are forgotten", "texts are remembered"])
def memory(request: pytest.FixtureRequest) -> Memory:
    """With a silence that runs."""
    memory = Memory(capacity=request.param)
    told(memory, tabled(), under_silence(DEADLINE), first=0)
    return memory


def told(memory: Memory, *facts: Fact, first: int = 2) -> None:
    for index, fact in enumerate(facts, first):
        memory.advance(recorded(fact, TABLED if index < 2 else DEADLINE + SECOND, index=index))


def ended(memory: Memory, now: datetime) -> list[ProposalId]:
    """The proposals whose silence is to be written down as ended."""
    return [ProposalId(reaction.task.turn) for reaction in due(memory, now)]


def test_a_silence_is_due_from_its_deadline_on(memory: Memory) -> None:
    assert ended(memory, DEADLINE - SECOND) == []
    assert ended(memory, DEADLINE) == [PROPOSAL]


def test_an_extended_one_at_the_later_deadline(memory: Memory) -> None:
    told(memory, SilenceExtended(LATER))
    assert ended(memory, DEADLINE) == []
    assert ended(memory, LATER) == [PROPOSAL]


def test_a_late_objection_does_not_make_it_forgotten(memory: Memory) -> None:
    told(memory, ObjectionCameLate(CHN, 0, DEADLINE))
    assert ended(memory, LATER) == [PROPOSAL]


@pytest.mark.parametrize("fact", [SilenceEnded(0, AGREEMENT), SilenceBroken(JPN), SilenceCancelled(), ProposalWithdrawn()])
def test_one_that_is_written_down_or_did_not_come_to_its_end_is_not_due(memory: Memory, fact: Fact) -> None:
    told(memory, fact)
    assert ended(memory, LATER) == []


def test_what_is_forgotten_is_due_no_longer(memory: Memory) -> None:
    (reaction,) = due(memory, DEADLINE)
    reaction.forget()
    assert ended(memory, DEADLINE) == []


def test_an_extension_that_was_heard_meanwhile_is_not_forgotten(memory: Memory) -> None:
    (reaction,) = due(memory, DEADLINE)
    told(memory, SilenceExtended(LATER))
    reaction.forget()
    assert ended(memory, LATER) == [PROPOSAL]


def test_the_key_of_a_reaction_is_derived_from_what_it_reacts_to(memory: Memory) -> None:
    (reaction,), (again,) = due(memory, DEADLINE), due(memory, LATER)
    assert reaction.request == again.request
