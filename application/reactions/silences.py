"""A silence ends. The text is adopted at the deadline by the record itself; this writes it down, once.

The reaction's key is derived from what it reacts to, so that it happens once, whichever process is first and however often
it is tried.
"""

from asyncio import sleep
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from hashlib import sha256

from application.acts.proposals import end_silence
from application.memory import Memory
from application.ports import Busy
from application.tracker import Request, Tracker
from domain.identity import AgreementId, ProposalId
from domain.kernel import Refusal


def due(memory: Memory, now: datetime) -> Iterable[tuple[ProposalId, AgreementId]]:
    """The silences that have ended without that being written down, as far as this process knows."""
    for stream, silence in memory.silences.items():
        if silence.deadline <= now:
            yield ProposalId(stream), silence.agreement


async def watch(tracker: Tracker, memory: Memory, *, every: float = 1.0) -> None:
    """Look once a second, for ever."""
    while True:
        for proposal, agreement in list(due(memory, tracker.clock.now())):
            with suppress(Refusal, Busy):
                await tracker.execute(end_silence(proposal), _request(proposal, agreement))
        await sleep(every)


def _request(proposal: ProposalId, agreement: AgreementId) -> Request:
    digest = sha256(b"accord/silence-ended/v1\0" + proposal.bytes + agreement.bytes).digest()
    return Request(None, is_reaction=True, key=digest[:16], digest=digest)
