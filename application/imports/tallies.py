"""What became of the roll calls of an import, counted from the record."""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from domain.identity import DelegationCode
from domain.proposals.events import Outcome, Stance
from domain.proposals.proposal import Concluded, Proposal


class Tally(Struct, frozen=True):
    """Of one edition, or of several."""

    editions: int
    proposals: int
    positions: int
    adopted: int
    no_consensus: int
    lapsed: int
    sole_objector: dict[DelegationCode, int]
    """Who alone blocked, and how often: exactly one objection, among no-consensus. Who never did is not named."""


class Became(Struct, frozen=True):
    """What became of one roll call."""

    status: str
    positions: int
    sole_objector: DelegationCode | None


def became(proposal: Proposal) -> Became:
    """What the record says of it."""
    return Became(proposal.status, len(proposal.positions), _sole_objector(proposal))


def tally(roll_calls: Iterable[Became]) -> Tally:
    """Count those of an edition."""
    every = tuple(roll_calls)
    statuses = Counter(one.status for one in every)
    sole = Counter(one.sole_objector for one in every if one.sole_objector is not None)
    return Tally(
        editions=1,
        proposals=len(every),
        positions=sum(one.positions for one in every),
        adopted=statuses["adopted"],
        no_consensus=statuses[Outcome.NO_CONSENSUS],
        lapsed=statuses[Outcome.LAPSED],
        sole_objector=dict(sorted(sole.items())),
    )


def summed(tallies: Iterable[Tally]) -> Tally:
    """All of them together."""
    every = tuple(tallies)
    sole: Counter[DelegationCode] = Counter()
    for one in every:
        sole.update(one.sole_objector)
    return Tally(
        editions=sum(one.editions for one in every),
        proposals=sum(one.proposals for one in every),
        positions=sum(one.positions for one in every),
        adopted=sum(one.adopted for one in every),
        no_consensus=sum(one.no_consensus for one in every),
        lapsed=sum(one.lapsed for one in every),
        sole_objector=dict(sorted(sole.items())),
    )


def _sole_objector(proposal: Proposal) -> DelegationCode | None:
    """Who alone blocked it, if it was one."""
    match proposal.phase:
        case Concluded(outcome=Outcome.NO_CONSENSUS):
            objecting = [d for d, position in proposal.positions.items() if position.stance is Stance.OBJECT]
            return objecting[0] if len(objecting) == 1 else None
        case _:
            return None
