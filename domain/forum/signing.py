"""Whether an act may be recorded as signed: what the record then keeps, every verifier finds again."""

from collections.abc import Set
from datetime import datetime

from domain.forum.events import KeyPurpose
from domain.forum.keys import Key, Keys
from domain.forum.refusals import (
    KeyHasEnded,
    KeyUnknown,
    NonceUsed,
    SignatureOutOfTime,
    SignatureRequired,
    SignatureWrong,
    SignedBeforeKey,
)
from domain.identity import KeyId
from domain.record.cosignature import Check
from domain.record.signedact import AHEAD, LATEST, Act, ActSignature, Fault, SigningKey, fault, text


def check_signature(
    keys: Keys, act: Act, given: ActSignature, used: Set[tuple[KeyId, str]], *, now: datetime, check: Check
) -> None:
    """Refuse a signature that does not hold, or that was accepted already. ``used``: what was spent on the same proposal."""
    key = keys.registered.get(given.key)
    signing = _signing(keys, key)
    found = fault(act, given, now, signing, check)
    if found is not None:
        _refuse(found, act, given, key, now)
    if (given.key, given.nonce) in used:
        raise NonceUsed(given.nonce)


def check_unsigned(keys: Keys, *, now: datetime) -> None:
    """Refuse an act without a signature, where the rules ask a delegation that has a key to sign."""
    if keys.serving(KeyPurpose.ACTS, now):
        raise SignatureRequired(keys.delegation)


def _signing(keys: Keys, key: Key | None) -> SigningKey | None:
    if key is None or key.purpose is not KeyPurpose.ACTS:
        return None
    return SigningKey(keys.delegation, key.public, key.registered, key.ended)


def _refuse(found: Fault, act: Act, given: ActSignature, key: Key | None, now: datetime) -> None:
    assert key is not None or found is Fault.KEY_UNKNOWN, "all else is found out with a key"
    match found, key:
        case Fault.KEY_ENDED, Key(ended=datetime() as ended):
            raise KeyHasEnded(ended)
        case Fault.BEFORE_KEY, Key(registered=registered):
            raise SignedBeforeKey(given.signed_at, registered)
        case Fault.OUT_OF_TIME, _:
            raise SignatureOutOfTime(given.signed_at, now - LATEST, now + AHEAD)
        case Fault.WRONG, _:
            raise SignatureWrong(text(act, given.key, given.signed_at, given.nonce))
        case _:
            raise KeyUnknown(act.delegation)
