"""The fingerprint of a revision: what an endorsement is of."""

from hashlib import sha256
from typing import Final

import msgspec

from domain.identity import Language, ProposalId
from domain.text.provisions import Provision

REVISION_TAG: Final = b"accord/revision/v1\0"

_encode = msgspec.json.Encoder(order="sorted").encode


def fingerprint(proposal: ProposalId, revision: int, master: Language, provisions: tuple[Provision, ...]) -> str:
    """``SHA-256("accord/revision/v1" 0x00 || JSON {proposal, revision, master, provisions})``, as 64 hex digits.

    Each provision is an object of its id, kind and text by language, in the order of the text.
    """
    words = {"master": master, "proposal": proposal, "provisions": provisions, "revision": revision}
    return sha256(REVISION_TAG + _encode(words)).hexdigest()
