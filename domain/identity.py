"""The names by which the rooms know each other's things."""

from functools import lru_cache
from typing import Annotated, NewType
from uuid import UUID, uuid5

from msgspec import Meta

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
ReleaseId = NewType("ReleaseId", UUID)
KeyId = NewType("KeyId", str)
"""SHA-256 of a public key and its kind, in hexadecimal: whoever knows the key knows its id, and the other way round nobody."""

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


NewDelegationCode = Annotated[DelegationCode, Meta(pattern="^[A-Z0-9]{2,12}$")]
"""A code that is about to be taken: what a stream's or a book's name is made of must not run into what stands beside it."""
NewFormatCode = Annotated[FormatCode, Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
NewEditionCode = Annotated[EditionCode, Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
NewLanguage = Annotated[Language, Meta(pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Letter = Annotated[str, Meta(pattern="^[A-Z]$")]
"""It begins the numbers of a format's proposals, as P in P24-03."""


@lru_cache(maxsize=4096)  # each act looks several up
def stream_of(forum: ForumId, *names: str) -> StreamId:
    """The stream of a thing that is known by a code: an edition, a format, the agenda of both.

    Derived from the code, so that a code can be taken once and needs no register. What has no code (a proposal, a draft,
    a person, a book) has a random id, which tells nothing of when it was made.
    """
    return StreamId(uuid5(forum, "/".join(names)))
