"""A signature is of one act, and holds of no other."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.identity import BookId, CredentialId, KeyId, StreamId
from domain.record.envelope import Envelope, opened
from domain.record.malformed import Malformed
from domain.record.signedact import AHEAD, LATEST, ActSignature, Fault, SigningKey, fault_of, parsed, spent
from infrastructure.record.ciphers import check
from tests.domain.cast import JPN, USA, an_id
from tests.domain.golden import FINGERPRINTS, PUBLIC, SIGNED
from tests.domain.scenario import MOMENT

CASE: Final = SIGNED[0]
ENVELOPE: Final = opened(CASE.envelope())
SIGNATURE: Final = CASE.expected()
ID: Final = KeyId(CASE.words()["key"])
KEY: Final = SigningKey(JPN, PUBLIC, registered=datetime(2024, 1, 1, tzinfo=UTC))


def found(
    envelope: Envelope = ENVELOPE,
    *,
    forum: str = "accord.example",
    fingerprints: tuple[str, ...] = FINGERPRINTS,
    keys: Mapping[KeyId, SigningKey] | None = None,
) -> Fault | None:
    return fault_of(envelope, forum=forum, fingerprints=fingerprints, keys=keys or {ID: KEY}, check=check)


def test_it_holds_of_the_act_that_was_signed() -> None:
    assert found() is None


def test_an_act_without_a_signature_is_without_a_fault() -> None:
    assert found(replace(ENVELOPE, signature=None)) is None


@pytest.mark.parametrize(
    "moved",
    [
        {"book": BookId(an_id("another book"))},
        {"credential": CredentialId(an_id("another credential"))},
        {"stream": StreamId(an_id("another proposal"))},
        {"data": ENVELOPE.data.__class__(bytes(ENVELOPE.data).replace(b'"endorse"', b'"object"'))},
        {"data": ENVELOPE.data.__class__(bytes(ENVELOPE.data).replace(b'"revision":1', b'"revision":2'))},
        {"type": "proposal.position-reaffirmed"},
        {"signature": SIGNATURE.replace("29:58", "29:59")},
        {"signature": SIGNATURE.replace("AAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAB")},
    ],
    ids=["book", "credential", "proposal", "stance", "revision", "act", "time", "nonce"],
)
def test_it_holds_of_nothing_else(moved: dict[str, Any]) -> None:
    assert found(replace(ENVELOPE, **moved)) is Fault.WRONG


def test_it_holds_in_no_other_forum() -> None:
    assert found(forum="another.example") is Fault.WRONG


def test_it_holds_of_no_other_words() -> None:
    assert found(fingerprints=FINGERPRINTS[::-1][:1] * 3) is Fault.WRONG


def test_a_signature_stands_under_an_act_alone() -> None:
    assert found(replace(ENVELOPE, type="proposal.silence-broken")) is Fault.UNFIT
    assert found(replace(ENVELOPE, delegation=None)) is Fault.UNFIT
    assert found(replace(ENVELOPE, credential=None)) is Fault.UNFIT
    assert found(fingerprints=FINGERPRINTS[:1]) is Fault.UNFIT
    assert found(replace(ENVELOPE, data=ENVELOPE.data.__class__(b"{}"))) is Fault.UNFIT


def test_the_key_is_the_delegations_own() -> None:
    assert found(replace(ENVELOPE, delegation=USA)) is Fault.KEY_UNKNOWN
    assert found(keys={ID: replace(KEY, delegation=USA)}) is Fault.KEY_UNKNOWN
    assert found(keys={KeyId("another"): KEY}) is Fault.KEY_UNKNOWN
    assert found(keys={ID: replace(KEY, public=bytes(32))}) is Fault.WRONG


def test_a_key_counts_between_its_registration_and_its_end() -> None:
    signed_at = parsed(SIGNATURE).signed_at
    assert found(keys={ID: replace(KEY, registered=signed_at)}) is None
    assert found(keys={ID: replace(KEY, registered=signed_at + MOMENT)}) is Fault.BEFORE_KEY
    assert found(keys={ID: replace(KEY, registered=ENVELOPE.at + MOMENT)}) is Fault.KEY_UNKNOWN
    assert found(keys={ID: replace(KEY, ended=ENVELOPE.at)}) is Fault.KEY_ENDED
    assert found(keys={ID: replace(KEY, ended=ENVELOPE.at + MOMENT)}) is None


def test_it_counts_for_a_day_and_a_little_ahead() -> None:
    signed_at = parsed(SIGNATURE).signed_at
    recorded = {
        signed_at + LATEST - MOMENT: None,
        signed_at + LATEST: Fault.OUT_OF_TIME,
        signed_at - AHEAD: None,
        signed_at - AHEAD - MOMENT: Fault.OUT_OF_TIME,
    }
    assert {at: found(replace(ENVELOPE, at=at)) for at in recorded} == recorded


@pytest.mark.parametrize(
    "said",
    [
        "ed25519:MEUCIQDx+/=",
        SIGNATURE.replace("v1", "v2", 1),
        SIGNATURE.replace(" ", "  ", 1),
        f"{SIGNATURE} ",
        SIGNATURE.replace(".000000Z", "Z"),
        SIGNATURE.replace(".000000Z", ".0Z"),
        SIGNATURE.replace(".000000Z", ".000000+00:00"),
        SIGNATURE.replace("AAAAAAAAAAAAAAAA", "short"),
        SIGNATURE.replace("AAAAAAAAAAAAAAAA", "A" * 65),
        SIGNATURE.replace("AAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAA/+"),
        SIGNATURE.rstrip("="),
    ],
)
def test_there_is_one_way_to_write_a_signature(said: str) -> None:
    with pytest.raises(Malformed):
        parsed(said)
    assert found(replace(ENVELOPE, signature=said)) is Fault.MALFORMED
    assert spent(said) is None


def test_what_is_spent_is_the_key_with_its_nonce() -> None:
    assert spent(SIGNATURE) == (ID, "AAAAAAAAAAAAAAAA")
    assert spent(None) is None


@given(st.binary(max_size=80), st.datetimes(timezones=st.just(UTC)), st.from_regex(r"[A-Za-z0-9_-]{16,64}", fullmatch=True))
def test_a_signature_is_read_as_it_was_written(value: bytes, signed_at: datetime, nonce: str) -> None:
    written = ActSignature(ID, signed_at, nonce, value)
    assert parsed(str(written)) == written


@pytest.mark.parametrize("at", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_an_act_at_the_end_of_all_time_is_out_of_time(at: datetime) -> None:
    registered = replace(KEY, registered=datetime.min.replace(tzinfo=UTC))
    assert found(replace(ENVELOPE, at=at), keys={ID: registered}) is Fault.OUT_OF_TIME


def test_the_window_is_wide_enough_for_a_machine_apart() -> None:
    assert timedelta(hours=24) == LATEST
    assert timedelta(minutes=5) == AHEAD
