"""Who is behind the opaque ids of the record, and by which tokens they are known.

Names stand beside the record, so that they can be erased. A token is shown once; what is kept tells whose it is, and
cannot tell it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import ClassVar, NewType, Protocol
from uuid import UUID

from msgspec import Struct

from application.views.pages import Page
from domain.identity import PersonId
from domain.kernel import Refusal

TokenId = NewType("TokenId", UUID)


def hashed(secret: str) -> bytes:
    """SHA-256 alone: a secret of 32 random bytes is not to be guessed, so it needs neither salt nor stretching."""
    return sha256(secret.encode(errors="surrogatepass")).digest()


class Issued(Struct, frozen=True):
    """A token at the one time that it is shown."""

    id: TokenId
    person: PersonId
    token: str


class TokenShown(Struct, frozen=True):
    """A token as its holder sees it afterwards."""

    id: TokenId
    person: PersonId
    label: str
    created: datetime
    expires: datetime | None
    revoked: datetime | None


class PersonShown(Struct, frozen=True):
    """Who is behind an id."""

    id: PersonId
    name: str | None
    """None once it is erased."""


@dataclass(eq=False)
class NameErased(Refusal):
    """What a person had erased is written down by nobody again."""

    code: ClassVar[str] = "name-erased"
    sentence: ClassVar[str] = "The name of this person was erased for good."


class People(Protocol):
    """Each raises Busy where the database does not answer."""

    async def add(self, name: str) -> PersonId:
        """A new person."""
        ...

    async def introduce(self, person: PersonId, name: str) -> None:
        """A person whose id is known beforehand, as in a story; somebody who is there already stays as they are."""
        ...

    async def names(self, people: Iterable[PersonId]) -> Mapping[PersonId, str]:
        """The names of those who have one."""
        ...

    async def find(self, person: PersonId) -> PersonShown | None:
        """Somebody."""
        ...

    async def page(self, limit: int, after: str | None) -> Page[PersonShown]:
        """Everybody, the last added first. Raises MalformedCursorError."""
        ...

    async def rename(self, person: PersonId, name: str) -> bool:
        """Put another name in place of the one that the person has. False where it has none: it is erased for good."""
        ...

    async def erase(self, person: PersonId) -> None:
        """Let the person have no name, from now on."""
        ...

    async def issue(self, person: PersonId, label: str, expires: datetime | None = None) -> Issued:
        """A new token of the person's. It holds before ``expires``. Raises UnknownPersonError."""
        ...

    async def person_of(self, token: str) -> PersonId | None:
        """Whose token it is, if it holds now: for commands."""
        ...

    async def person_lately(self, token: str) -> PersonId | None:
        """Whose token it was within the last second: for reads."""
        ...

    async def holding(self, tokens: Collection[bytes]) -> Set[bytes]:
        """Those of these tokens, each as its hash, that hold now."""
        ...

    async def tokens(self, person: PersonId) -> Sequence[TokenShown]:
        """All tokens that the person ever had, the newest first."""
        ...

    async def revoke(self, person: PersonId, token: TokenId) -> bool:
        """Let the token hold no longer. False where the person has none of that id that holds."""
        ...

    async def invite(self, person: PersonId) -> str:
        """An invitation that the person exchanges for a token, once. Raises UnknownPersonError."""
        ...

    async def exchange(self, invitation: str, label: str, expires: datetime | None = None) -> Issued | None:
        """The token for an invitation; None where there is none, or it was used."""
        ...


class UnknownPersonError(Exception):
    """Nobody has this id."""
