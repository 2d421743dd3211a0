"""Whom a reader of the books is asked to believe: the keys of the log, of promises and of witnesses, and who must agree.

Each delegation compares what is said here with what the others gave it by another way, and keeps a policy of its own.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from msgspec import Struct

from application import access
from application.books import Recent
from application.directory import Directory
from application.ports import Busy, Signer, SignerAway, SignerKeys
from domain.forum.events import Audience, KeyKind, KeyPurpose
from domain.forum.keys import Key
from domain.identity import BookId, DelegationCode
from domain.record import note
from domain.record.checkpoint import origin_of
from domain.record.note import Kind, VerifierKey
from domain.record.policy import NOBODY, Group, Log, Policy, Witness, quorum_of
from domain.record.witnessing import Published, following, is_witnessed

QUORUM: Final = "quorum"
HEARD_SECONDS: Final = 5.0
"""How long the signer's keys are known before it is asked again: a rotation has weeks of overlap."""
KINDS: Final[Mapping[KeyKind, Kind]] = {KeyKind.ED25519: Kind.COSIGNATURE, KeyKind.ML_DSA_44: Kind.COSIGNATURE_ML_DSA_44}


class Keyring:
    """The signer's public keys, as it last told them: asked again after a few seconds, and known on while it is away."""

    def __init__(self, signer: Signer, elapsed: Callable[[], float] = monotonic) -> None:
        self._signer = signer
        self._elapsed = elapsed
        self._heard: float | None = None
        self._known: SignerKeys | None = None

    async def keys(self) -> SignerKeys:
        """The keys that sign now. Raises Busy where the signer never told them."""
        if self._known is None or self._heard is None or self._elapsed() - self._heard > HEARD_SECONDS:
            try:
                self._known = await self._signer.keys()
            except SignerAway:
                if self._known is None:
                    raise Busy("the signer does not answer") from None
            self._heard = self._elapsed()
        return self._known


class Watched(Struct, frozen=True):
    """A book as its witnesses have it."""

    witnesses: tuple[str, ...]
    """Who cosigned all that was under a checkpoint three seconds ago: that long witnesses have before the lack of them counts."""
    quorum: int
    """How many of the audience must; 0: nobody is asked."""
    reached: bool | None
    """Whether enough have, under one checkpoint; null where nobody is asked."""


def log_keys(host: str, book: BookId, keys: SignerKeys) -> tuple[VerifierKey, ...]:
    """The keys that sign a book, the newest first."""
    return tuple(VerifierKey(origin_of(host, book), Kind.ED25519, public) for public in keys.logs)


def promise_keys(host: str, keys: SignerKeys) -> tuple[VerifierKey, ...]:
    """The keys that sign promises, the newest first."""
    return tuple(VerifierKey(f"{host}/promise", Kind.ED25519, public) for public in keys.promises)


def witness_keys(directory: Directory, code: DelegationCode, now: datetime) -> tuple[VerifierKey, ...]:
    """The keys with which a delegation cosigns now."""
    host = directory.forum().founded.host
    return tuple(_witness_key(host, code, key) for key in directory.keys(code).serving(KeyPurpose.WITNESS, now))


def _witness_key(host: str, code: DelegationCode, key: Key) -> VerifierKey:
    return VerifierKey(f"{host}/witness/{code}", KINDS[key.kind], key.public)


def members_of(directory: Directory, audience: Audience) -> tuple[DelegationCode, ...]:
    """The delegations that are to watch the book of an audience."""
    return tuple(sorted(access.members_of(audience, directory.delegations())))


def policy_of(directory: Directory, book: BookId, audience: Audience, keys: SignerKeys, now: datetime) -> Policy:
    """Whom to believe about a book: nobody must have cosigned while too few delegations have registered a key."""
    members = members_of(directory, audience)
    names: dict[DelegationCode, Sequence[Witness]] = {
        code: _named(code, found) for code in members if (found := witness_keys(directory, code, now))
    }
    enough = quorum_of(len(members))
    groups = [Group(code, 1, tuple(one.name for one in several)) for code, several in names.items() if len(several) > 1]
    if names and len(names) >= enough:
        groups.append(Group(QUORUM, enough, tuple(names)))
    return Policy(
        logs=tuple(map(Log, log_keys(directory.forum().founded.host, book, keys))),
        witnesses=tuple(witness for several in names.values() for witness in several),
        groups=tuple(groups),
        quorum=QUORUM if names and len(names) >= enough else NOBODY,
    )


def _named(code: DelegationCode, keys: Sequence[VerifierKey]) -> Sequence[Witness]:
    """A delegation with several keys, while one replaces another, is a group of them."""
    if len(keys) == 1:
        return (Witness(code, keys[0]),)
    return tuple(Witness(f"{code}-{number}", key) for number, key in enumerate(keys, start=1))


def watched(directory: Directory, audience: Audience, recent: Sequence[Recent], now: datetime) -> Watched:
    """Who stands under what was signed a moment ago. The lines were checked when they came; who does not believe that checks them again."""
    members = members_of(directory, audience)
    keys = {(key.name, key.id): code for code in members for key in witness_keys(directory, code, now)}
    published = [Published(one.size, now - timedelta(seconds=one.age), _signed(one.cosignatures, keys)) for one in recent]
    enough = quorum_of(len(members))
    policy = Policy(groups=(Group(QUORUM, enough, members),), quorum=QUORUM) if members else Policy()
    return Watched(tuple(sorted(following(published, now))), enough, is_witnessed(policy, published, now))


def _signed(lines: Iterable[str], keys: Mapping[tuple[str, bytes], DelegationCode]) -> frozenset[str]:
    found = (note.signature(line.rstrip("\n")) for line in lines)
    return frozenset(keys[line.name, line.id] for line in found if (line.name, line.id) in keys)
