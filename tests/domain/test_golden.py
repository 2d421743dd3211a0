"""What is stored once is read for ever: a changed golden file is a decision."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import rfc8785

from domain.identity import DelegationCode, KeyId
from domain.record import slots
from domain.record.envelope import commitment, opened, pieces
from domain.record.signedact import SigningKey, fault_of
from domain.text.fingerprint import fingerprint
from infrastructure.record.ciphers import check
from tests.domain.catalogue import fact_types
from tests.domain.golden import (
    COMMITTED,
    FACTS,
    FINGERPRINTED,
    FINGERPRINTS,
    PUBLIC,
    SIGNED,
    SLOTTED,
    VECTORS,
    Committed,
    Fingerprinted,
    SignedAct,
    Slotted,
    files,
)
from tests.domain.samples import SAMPLES, Sample


def kept(vectors: str) -> dict[str, dict[str, Any]]:
    return {vector["name"]: vector for vector in json.loads((VECTORS / vectors).read_bytes())}


def name(case: Sample | Committed | Fingerprinted | SignedAct | Slotted) -> str:
    return case.name


TO_WRITE = "python -m tests.domain.golden writes what is missing"
KINDS = {kind.tag: kind for kind in fact_types()}


def read(sample: Sample) -> bytes:
    path = FACTS / sample.name
    assert path.exists(), TO_WRITE
    return path.read_bytes()


@pytest.mark.parametrize("path", list(files()), ids=lambda path: path.name)
def test_a_golden_file_is_what_it_was(path: Path) -> None:
    assert path.exists(), TO_WRITE
    assert path.read_bytes() == files()[path]


def test_each_fact_has_one_sample() -> None:
    assert sorted(sample.fact.tag for sample in SAMPLES) == sorted(KINDS)


def test_each_golden_fact_is_one_that_the_domain_still_knows() -> None:
    assert {path.name.rpartition(".v")[0] for path in FACTS.iterdir()} == set(KINDS)


@pytest.mark.parametrize("sample", SAMPLES, ids=name)
def test_a_stored_fact_is_read_and_written_again_as_it_stands(sample: Sample) -> None:
    stored = read(sample)
    envelope = opened(stored)
    kind = KINDS[envelope.type]
    fact = msgspec.json.decode(envelope.data, type=kind)
    assert (fact, envelope.v) == (sample.fact, kind.version)
    around = pieces(
        fact,
        stream=envelope.stream,
        book=envelope.book,
        command=envelope.command,
        actor=envelope.actor,
        delegation=envelope.delegation,
        credential=envelope.credential,
        effective=envelope.effective,
        signature=envelope.signature,
    )
    assert around.filled(envelope.at, envelope.index) == stored


@pytest.mark.parametrize("sample", SAMPLES, ids=name)
def test_a_stored_fact_is_canonical_json(sample: Sample) -> None:
    stored = read(sample)
    assert rfc8785.dumps(json.loads(stored)) == stored


@pytest.mark.parametrize("sample", SAMPLES, ids=name)
def test_a_stored_fact_has_just_the_members_of_an_envelope(sample: Sample) -> None:
    members = "actor at book command credential data delegation effective index signature stream type v"
    assert list(json.loads(read(sample))) == members.split()


def test_the_samples_show_every_member_with_and_without_a_value() -> None:
    envelopes = [opened(read(sample)) for sample in SAMPLES]
    for member in ("actor", "credential", "delegation", "effective", "signature"):
        assert {getattr(envelope, member) is None for envelope in envelopes} == {True, False}, member


@pytest.mark.parametrize("case", COMMITTED, ids=name)
def test_a_commitment_is_the_hash_that_the_specification_gives(case: Committed) -> None:
    frozen = kept("commitment.json")[case.name]
    assert bytes.fromhex(frozen["salt"]) == case.salt
    assert frozen["envelope"].encode() == case.envelope
    assert commitment(case.salt, case.envelope).hex() == case.expected() == frozen["commit"]


@pytest.mark.parametrize("case", FINGERPRINTED, ids=name)
def test_a_fingerprint_is_the_hash_that_the_specification_gives(case: Fingerprinted) -> None:
    frozen = kept("fingerprint.json")[case.name]
    assert {key: frozen[key] for key in case.words()} == case.words()
    computed = fingerprint(case.proposal, case.revision, case.master, case.provisions)
    assert computed == case.expected() == frozen["fingerprint"]


@pytest.mark.parametrize("case", SLOTTED, ids=name)
def test_a_slot_holds_the_hash_that_the_specification_gives(case: Slotted) -> None:
    frozen = kept("slot.json")[case.name]
    assert (bytes.fromhex(frozen["salt"]), frozen["content"].encode()) == (case.salt, case.content)
    assert slots.commitment(case.salt, case.content).hex() == case.expected() == frozen["commitment"]


def test_padding_is_of_its_epoch_and_its_slot() -> None:
    frozen = kept("slot.json")["padding of another slot"]
    assert slots.padding("apc.example", datetime(2024, 10, 1, tzinfo=UTC), 15) == frozen["content"].encode()


def test_no_two_texts_share_a_fingerprint() -> None:
    assert len({case.expected() for case in FINGERPRINTED}) == len(FINGERPRINTED)


@pytest.mark.parametrize("case", SIGNED, ids=name)
def test_a_signed_act_holds_as_the_specification_says(case: SignedAct) -> None:
    frozen = kept("signed-act.json")[case.name]
    assert (frozen["signed"], frozen["public"]) == (case.words(), PUBLIC.hex())
    envelope = opened(frozen["envelope"].encode())
    key = SigningKey(DelegationCode("JPN"), PUBLIC, registered=datetime(2024, 1, 1, tzinfo=UTC))
    keys = {KeyId(case.words()["key"]): key}
    assert fault_of(envelope, forum="accord.example", fingerprints=FINGERPRINTS, keys=keys, check=check) is None
    assert envelope.signature == case.expected()


def test_a_salt_has_32_bytes() -> None:
    with pytest.raises(AssertionError, match="32 bytes"):
        commitment(bytes(31), b"{}")
