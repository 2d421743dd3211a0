"""The names by which the rooms know each other's things."""

from functools import lru_cache
from typing import NewType
from uuid import UUID, uuid5

ForumId = NewType("ForumId", UUID)
BookId = NewType("BookId", UUID)
StreamId = NewType("StreamId", UUID)
CommandId = NewType("CommandId", UUID)
PersonId = NewType("PersonId", UUID)
CredentialId = NewType("CredentialId", UUID)
DraftId = NewType("DraftId", UUID)
ProposalId = NewType("ProposalId", UUID)
AgreementId = NewType("AgreementId", UUID)
PreparedId = NewType("PreparedId", UUID)

DelegationCode = NewType("DelegationCode", str)
"""ISO 3166 alpha-3, as JPN."""
FormatCode = NewType("FormatCode", str)
"""As plenary or japan-us-rok."""
EditionCode = NewType("EditionCode", str)
"""As 2024 or unga-22."""
Language = NewType("Language", str)
"""A BCP 47 tag, as en or zh-Hans."""
ProvisionId = NewType("ProvisionId", str)
"""As p3: given when the provision first stands in the proposal, kept when it is moved, renumbered or changed."""


@lru_cache(maxsize=4096)  # each act looks several up
def stream_of(forum: ForumId, *names: str) -> StreamId:
    """The stream of a thing that is known by a code: an edition, a format, the agenda of both.

    Derived from the code, so that a code can be taken once and needs no register. What has no code (a proposal, a draft,
    a person, a book) has a random id, which tells nothing of when it was made.
    """
    return StreamId(uuid5(forum, "/".join(names)))
