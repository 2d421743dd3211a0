"""What the projections of proposals have in common: their facts by proposal, the proposal itself, and the floor it is on."""

from collections.abc import Iterable, Sequence, Set

from domain.identity import DelegationCode, StreamId
from domain.proposals.proposal import Proposal
from domain.rules import Rules
from infrastructure.projections.runner.house import House
from infrastructure.projections.runner.projection import Followed, Step


def by_stream(steps: Sequence[Step]) -> Iterable[list[Step]]:
    """The facts of each stream, in their order."""
    streams: dict[StreamId, list[Step]] = {}
    for step in steps:
        streams.setdefault(step.recorded.stream, []).append(step)
    return streams.values()


def proposal_of(stream: Followed) -> Proposal:
    """How it stands after the last fact."""
    proposal = stream.folded.state
    assert isinstance(proposal, Proposal), "the room has no other state"
    return proposal


def floor_of(stream: Followed, house: House) -> tuple[Set[DelegationCode], Rules]:
    """Who sits in its format, and by which rules."""
    assert house.rules is not None, "a forum is founded before anything is tabled in it"
    return house.members[proposal_of(stream).format], house.rules
