"""What is refused of an act that comes with a signature, or without."""

from collections.abc import Set
from datetime import datetime

from msgspec.structs import replace

from domain.forum.events import KeyEnded, KeyKind, KeyPurpose, KeyRegistered
from domain.forum.keys import Keys, key_id
from domain.forum.refusals import (
    KeyHasEnded,
    KeyUnknown,
    NonceUsed,
    SignatureOutOfTime,
    SignatureRequired,
    SignatureWrong,
    SignedBeforeKey,
)
from domain.forum.signing import check_signature, check_unsigned
from domain.identity import BookId, KeyId
from domain.record.signedact import AHEAD, LATEST, Act, ActSignature, message, text
from infrastructure.record.ciphers import check
from tests.domain.cast import FIRST, JPN, PROPOSAL, an_id
from tests.domain.golden import PRIVATE, PUBLIC
from tests.domain.scenario import MOMENT, Asked, Given, at, given

ID = key_id(KeyKind.ED25519, PUBLIC)
OURS = KeyRegistered(JPN, KeyPurpose.ACTS, KeyKind.ED25519, PUBLIC)
REGISTERED, NOW = at("09:00"), at("10:00")
ACT = Act("take", BookId(an_id("book")), FIRST, JPN, "f" * 64, "accord.example", PROPOSAL, 0, "object")
NONCE = "n" * 16


def signed(act: Act = ACT, at: datetime = NOW) -> ActSignature:
    return ActSignature(ID, at, NONCE, PRIVATE.sign(message(act, ID, at, NONCE)))


def comes(story: Given, signature: ActSignature, *, now: datetime = NOW, used: Set[tuple[KeyId, str]] = frozenset()) -> Asked:
    def act(keys: Keys) -> None:
        check_signature(keys, ACT, signature, used, now=now, check=check)

    return story.when(act)


def test_an_act_counts_as_signed_once() -> None:
    comes(given(OURS), signed()).then()
    comes(given(OURS), signed(), used={(ID, "m" * 16), (KeyId("another"), NONCE)}).then()
    comes(given(OURS), signed(), used={(ID, NONCE)}).refused(NonceUsed, nonce=NONCE)


def test_the_refusal_says_what_would_have_been_signed() -> None:
    another = signed(replace(ACT, stance="endorse"))
    comes(given(OURS), another).refused(SignatureWrong, expected=text(ACT, ID, NOW, NONCE))


def test_a_key_that_is_not_there_or_is_a_witnesss_signs_no_act() -> None:
    comes(given(OURS), replace(signed(), key=KeyId("another"))).refused(KeyUnknown, delegation="JPN")
    witness = replace(OURS, purpose=KeyPurpose.WITNESS)
    comes(given(witness), signed()).refused(KeyUnknown, delegation="JPN")


def test_a_key_that_ended_signs_nothing() -> None:
    story = given(OURS, at("09:30"), KeyEnded(JPN, ID))
    comes(story, signed(at=at("09:20"))).refused(KeyHasEnded, ended=at("09:30"))


def test_a_key_signs_from_its_registration_on() -> None:
    early = REGISTERED - MOMENT
    comes(given(OURS), signed(at=REGISTERED)).then()
    comes(given(OURS), signed(at=early)).refused(SignedBeforeKey, signed_at=early, registered=REGISTERED)


def test_what_was_signed_long_ago_or_ahead_is_not_taken() -> None:
    late = NOW + LATEST
    comes(given(OURS), signed(), now=late).refused(SignatureOutOfTime, signed_at=NOW, earliest=NOW, latest=late + AHEAD)
    ahead = NOW + AHEAD + MOMENT
    comes(given(OURS), signed(at=ahead)).refused(SignatureOutOfTime, signed_at=ahead, earliest=NOW - LATEST, latest=NOW + AHEAD)


def test_a_delegation_with_a_key_signs_where_the_rules_ask_for_it() -> None:
    story = given(OURS)
    story.when(lambda keys: check_unsigned(keys, now=NOW)).refused(SignatureRequired, delegation="JPN")
    ended = given(OURS, at("09:30"), KeyEnded(JPN, ID))
    ended.when(lambda keys: check_unsigned(keys, now=NOW)).then()
    ended.when(lambda keys: check_unsigned(keys, now=at("09:30") - MOMENT)).refused(SignatureRequired, delegation="JPN")
    check_unsigned(Keys(JPN), now=NOW)
