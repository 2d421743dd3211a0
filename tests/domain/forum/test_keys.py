from hashlib import sha256

import pytest

from domain.forum.commands import EndKey, RegisterKey
from domain.forum.events import KeyEnded, KeyKind, KeyPurpose, KeyRegistered
from domain.forum.keys import Keys, key_id
from domain.forum.refusals import KeyExists, KeyHasEnded, KeyKindUnfit, KeyUnknown, KeyWrong
from domain.identity import DelegationCode
from tests.domain.cast import JPN, USA
from tests.domain.scenario import MOMENT, at, given

PUBLIC, OTHER = bytes(range(32)), bytes(32)
LARGE = bytes(1312)
ACTS, WITNESS = KeyPurpose.ACTS, KeyPurpose.WITNESS
ED25519, ML_DSA_44 = KeyKind.ED25519, KeyKind.ML_DSA_44

OURS = KeyRegistered(JPN, ACTS, ED25519, PUBLIC)
OUR_ID = key_id(ED25519, PUBLIC)


def test_a_key_serves_from_its_registration_until_its_end() -> None:
    registered, ended = at("10:00", day=2), at("10:00", day=3)
    story = given().when(RegisterKey(ACTS, ED25519, PUBLIC), by=JPN, at=registered).then(OURS)
    keys = story.when(EndKey(OUR_ID), at=ended).then(KeyEnded(JPN, OUR_ID)).state(Keys)
    instants = (registered - MOMENT, registered, ended - MOMENT, ended)
    assert [len(keys.serving(ACTS, instant)) for instant in instants] == [0, 1, 1, 0]
    assert keys.serving(WITNESS, registered) == ()


def test_a_witness_may_sign_with_either_kind_of_key() -> None:
    for kind, public in ((ED25519, PUBLIC), (ML_DSA_44, LARGE)):
        given().when(RegisterKey(WITNESS, kind, public), by=JPN).then(KeyRegistered(JPN, WITNESS, kind, public))


def test_acts_are_signed_with_ed25519_alone() -> None:
    command = RegisterKey(ACTS, ML_DSA_44, LARGE)
    given().when(command, by=JPN).refused(KeyKindUnfit, kind="ml-dsa-44", purpose="acts", known=(ED25519,))


@pytest.mark.parametrize(
    ("kind", "found", "expected"), [(ED25519, 0, 32), (ED25519, 31, 32), (ED25519, 33, 32), (ML_DSA_44, 32, 1312)]
)
def test_a_key_has_the_octets_of_its_kind(kind: KeyKind, found: int, expected: int) -> None:
    command = RegisterKey(WITNESS, kind, bytes(found))
    given().when(command, by=JPN).refused(KeyWrong, kind=kind, expected=expected, found=found)


@pytest.mark.parametrize("by", [JPN, USA])
@pytest.mark.parametrize("purpose", [ACTS, WITNESS])
def test_a_key_is_registered_once_whoever_comes_with_it_and_for_whatever(by: DelegationCode, purpose: KeyPurpose) -> None:
    story = given(OURS)
    command = RegisterKey(purpose, ED25519, PUBLIC)
    story.when(command, by=by).refused(KeyExists, delegation="JPN")
    given(OURS, KeyEnded(JPN, OUR_ID)).when(command, by=by).refused(KeyExists, delegation="JPN")


def test_a_delegation_may_have_several_keys_while_they_change() -> None:
    story = given(OURS).when(RegisterKey(ACTS, ED25519, OTHER), by=JPN).then(KeyRegistered(JPN, ACTS, ED25519, OTHER))
    assert [key.public for key in story.state(Keys).serving(ACTS, story.clock)] == [PUBLIC, OTHER]


def test_a_key_ends_once_and_only_where_it_is() -> None:
    given(OURS).when(EndKey(key_id(ED25519, OTHER))).refused(KeyUnknown, delegation="JPN")
    ended = at("10:00", day=2)
    story = given(OURS).when(EndKey(OUR_ID), at=ended).then(KeyEnded(JPN, OUR_ID))
    story.when(EndKey(OUR_ID)).refused(KeyHasEnded, ended=ended)


def test_the_id_of_a_key_is_told_by_its_kind_and_octets() -> None:
    assert key_id(ED25519, PUBLIC) == sha256(b"accord/key/v1\0ed25519\0" + PUBLIC).hexdigest()
    assert key_id(ML_DSA_44, PUBLIC) != OUR_ID
