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


def tally(proposals: Iterable[Proposal]) -> Tally:
    """Count the proposals of an edition."""
    statuses: Counter[str] = Counter()
    sole: Counter[DelegationCode] = Counter()
    positions = 0
    for proposal in proposals:
        statuses[proposal.status] += 1
        positions += len(proposal.positions)
        sole.update(_sole_objector(proposal))
    return Tally(
        editions=1,
        proposals=statuses.total(),
        positions=positions,
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


def _sole_objector(proposal: Proposal) -> tuple[DelegationCode, ...]:
    """Who alone blocked it, if it was one."""
    match proposal.phase:
        case Concluded(outcome=Outcome.NO_CONSENSUS):
            objecting = tuple(d for d, position in proposal.positions.items() if position.stance is Stance.OBJECT)
            return objecting if len(objecting) == 1 else ()
        case _:
            return ()
