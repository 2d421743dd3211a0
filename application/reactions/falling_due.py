"""A reserve or an endorsement ad referendum was not confirmed when it was due. It fell away by the record itself."""

from collections.abc import Iterator
from datetime import datetime

from application.acts.proposals import fall_away
from application.memory import Memory
from application.reactions.reaction import Reaction, forgetting, request
from domain.identity import ProposalId
from domain.proposals.commands import RecordFallenAway


def due(memory: Memory, now: datetime) -> Iterator[Reaction]:
    """The positions that have fallen away without that being written down."""
    for (stream, delegation), moment in memory.pending.items():
        if moment <= now:
            asked = request(b"position-fell-away", stream.bytes, delegation.encode(), moment.isoformat().encode())
            task = fall_away(ProposalId(stream), RecordFallenAway(delegation, moment))
            yield Reaction(task, asked, forgetting(memory.pending, (stream, delegation), moment))
