"""A silence ends. The text is adopted at the deadline by the record itself."""

from collections.abc import Iterator
from datetime import datetime

from application.acts.proposals import end_silence
from application.memory import Memory
from application.reactions.reaction import Reaction, forgetting, request
from domain.identity import ProposalId


def due(memory: Memory, now: datetime) -> Iterator[Reaction]:
    """The silences that have ended without that being written down."""
    for stream, silence in memory.silences.items():
        if silence.deadline <= now:
            asked = request(b"silence-ended", stream.bytes, silence.agreement.bytes)
            yield Reaction(end_silence(ProposalId(stream)), asked, forgetting(memory.silences, stream, silence))
