"""The keys with which a delegation signs: its acts, and as a witness of the books."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from domain.forum.events import KeyEnded, KeyKind, KeyPurpose, KeyRegistered
from domain.identity import DelegationCode, KeyId
from domain.kernel import Fact, Recorded
from domain.record.note import KEY_BYTES, Kind

KEY_TAG: Final = b"accord/key/v1\0"
KEY_OCTETS: Final[Mapping[KeyKind, int]] = {
    KeyKind.ED25519: KEY_BYTES[Kind.ED25519],
    KeyKind.ML_DSA_44: KEY_BYTES[Kind.COSIGNATURE_ML_DSA_44],
}
SERVING: Final[Mapping[KeyPurpose, tuple[KeyKind, ...]]] = {
    KeyPurpose.ACTS: (KeyKind.ED25519,),
    KeyPurpose.WITNESS: (KeyKind.ED25519, KeyKind.ML_DSA_44),
}
"""The kinds of key that serve a purpose."""


class Key(Struct, frozen=True):
    """A public key, from when to when it signs for the delegation."""

    id: KeyId
    purpose: KeyPurpose
    kind: KeyKind
    public: bytes
    registered: datetime
    ended: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether what it signs counts now."""
        return self.registered <= now and (self.ended is None or now < self.ended)


class Keys(Struct, frozen=True):
    """All keys that a delegation ever registered, in that order."""

    delegation: DelegationCode
    registered: dict[KeyId, Key] = {}

    def serving(self, purpose: KeyPurpose, now: datetime) -> tuple[Key, ...]:
        """Those that sign for this purpose now, in the order in which they were registered."""
        return tuple(key for key in self.registered.values() if key.purpose is purpose and key.holds(now))


def key_id(kind: KeyKind, public: bytes) -> KeyId:
    """``SHA-256("accord/key/v1" 0x00 || kind || 0x00 || public)`` in hexadecimal."""
    return KeyId(sha256(KEY_TAG + kind.encode() + b"\0" + public).hexdigest())


def evolve_keys(keys: Keys | None, recorded: Recorded[Fact]) -> Keys | None:
    """The delegation's keys after a fact."""
    known = keys.registered if keys else {}
    match recorded.fact:
        case KeyRegistered(delegation=delegation, purpose=purpose, kind=kind, public=public):
            key = Key(key_id(kind, public), purpose, kind, public, recorded.at)
            return Keys(delegation, {**known, key.id: key})
        case KeyEnded(key=ended) if keys is not None and ended in known:
            return replace(keys, registered={**known, ended: replace(known[ended], ended=recorded.at)})
        case _:
            return keys
