"""What would I sign, if I did this?"""

from typing import Final

from application.access import Acting
from application.folds import Folded
from domain.proposals.events import Stance
from domain.proposals.proposal import Proposal
from domain.record.signedact import ACTS, Act

TAKE: Final = "take"

WORDS: Final = (*(stance.value for stance in Stance), *sorted(set(ACTS.values()) - {TAKE}))
"""What can be signed: each stance, and what else is done about one's position."""


def to_sign(folded: Folded, proposal: Proposal, acting: Acting, word: str, *, forum: str) -> Act:
    """The act, of the current revision. Key, time and nonce are the signer's."""
    assert acting.delegation is not None, "a delegation signs"
    assert acting.credential is not None, "and somebody for it"
    is_stance = word not in ACTS.values()
    return Act(
        act=TAKE if is_stance else word,
        book=folded.book,
        credential=acting.credential,
        delegation=acting.delegation,
        fingerprint=proposal.current.fingerprint,
        forum=forum,
        proposal=proposal.id,
        revision=proposal.current.number,
        stance=word if is_stance else None,
    )
