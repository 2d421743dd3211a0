"""The ciphers against published vectors, against another's making, and under the notes of `domain/record`."""

from pathlib import Path
from typing import Final

import pytest
from Crypto.Hash import SHAKE128
from Crypto.PublicKey import MLDSA
from Crypto.Signature import mldsa

from domain.record import note
from domain.record.checkpoint import Checkpoint
from domain.record.note import Kind, Note, SignatureFails, signers
from infrastructure.record import keyfiles
from infrastructure.record.ciphers import HOLDS, NotAKeyError, Private, check
from infrastructure.record.keyfiles import KeyFileError
from tests.domain.record.vectors import Examples, read

EXAMPLE: Final = read("c2sp_spec_examples", Examples).signed_note_example
RFC_8032: Final = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
"""Section 7.1, the first three: secret key, public key, message, signature."""
ACCUMULATED: Final = "d51148e1f9f4fa1a723a6cf42e25f2a99eb5c1b378b3d2dbbd561b1203beeae4"
"""C2SP/CCTV, ML-DSA: over the public keys and deterministic signatures of the empty message, for 100 seeds out of SHAKE128."""
CHECKPOINT: Final = str(Checkpoint("forum.example/book/7c", 300, b"\7" * 32))


@pytest.mark.parametrize(("seed", "public", "message", "bare"), RFC_8032)
def test_ed25519_signs_and_checks_as_published(seed: str, public: str, message: str, bare: str) -> None:
    key, signed, said = Private.seeded(Kind.ED25519, bytes.fromhex(seed)), bytes.fromhex(bare), bytes.fromhex(message)
    assert key.public.hex() == public
    assert key.bare(said) == signed
    assert check(Kind.ED25519, key.public, said, signed)
    assert not check(Kind.ED25519, key.public, said + b"\0", signed)
    assert not check(Kind.ED25519, key.public, said, signed[:-1] + bytes([signed[-1] ^ 1]))


def test_ml_dsa_44_makes_keys_and_checks_signatures_as_published() -> None:
    kind, seeds, accumulated = Kind.COSIGNATURE_ML_DSA_44, SHAKE128.new(b""), SHAKE128.new()
    for _ in range(100):
        seed = seeds.read(32)
        key = Private.seeded(kind, seed)
        bare = mldsa.new(MLDSA.construct(param_set=MLDSA.ML_DSA_44, seed=seed), deterministic=True).sign(b"")
        assert check(kind, key.public, b"", bare)
        assert not check(kind, key.public, b"\0", bare)
        accumulated.update(key.public + bare)
    assert accumulated.read(32).hex() == ACCUMULATED


def test_another_program_checks_what_ml_dsa_44_signed_here() -> None:
    key = Private.generate(Kind.COSIGNATURE_ML_DSA_44)
    mldsa.new(MLDSA.construct(param_set=MLDSA.ML_DSA_44, pk=key.public)).verify(b"said", key.bare(b"said"))


def test_the_published_note_holds() -> None:
    key, found = note.key(EXAMPLE.vkey), note.parsed(f"{EXAMPLE.text}\n{EXAMPLE.sigline}".encode())
    assert signers(found, [key], HOLDS) == {key}
    with pytest.raises(SignatureFails):
        signers(Note("This is another message.\n", found.signatures), [key], HOLDS)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_line_under_a_note_holds_for_its_name_text_and_time_alone(kind: Kind) -> None:
    private = Private.generate(kind)
    line = private.signature("a.example/witness", CHECKPOINT, at=7)
    assert signers(Note(CHECKPOINT, (line,)), [private.key("a.example/witness")], HOLDS) == {private.key("a.example/witness")}
    assert not HOLDS(private.key("a.example/witness"), CHECKPOINT.replace("300", "301"), line.octets)
    assert not HOLDS(Private.generate(kind).key("a.example/witness"), CHECKPOINT, line.octets)
    if kind is not Kind.ED25519:
        assert not HOLDS(private.key("a.example/witness"), CHECKPOINT, bytes(8) + line.octets[8:])


@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_no_key_or_no_signature_does_not_hold_and_raises_nothing(kind: Kind) -> None:
    private = Private.generate(kind)
    bare = private.bare(b"said")
    for public, found in (
        (b"", bare),
        (bytes(len(private.public)), bare),
        (private.public, b""),
        (private.public, bare + b"\0"),
    ):
        assert not check(kind, public, b"said", found)
    for other in set(Kind) - {kind}:
        assert not check(other, private.public, b"said!", bare)


def test_a_signature_with_its_scalar_above_the_order_of_the_group_does_not_hold() -> None:
    order = 2**252 + 27742317777372353535851937790883648493
    private = Private.generate(Kind.ED25519)
    bare = private.bare(b"said")
    larger = int.from_bytes(bare[32:], "little") + order
    assert not check(Kind.ED25519, private.public, b"said", bare[:32] + larger.to_bytes(32, "little"))


@pytest.mark.parametrize("kind", list(Kind))
def test_a_private_key_is_kept_in_a_file_that_its_owner_alone_reads(kind: Kind, tmp_path: Path) -> None:
    file, private = tmp_path / "key.pem", Private.generate(kind)
    keyfiles.write(file, private)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [found.name for found in tmp_path.iterdir()] == ["key.pem"]
    assert keyfiles.read(file, kind).public == private.public


def test_a_private_key_is_never_written_over(tmp_path: Path) -> None:
    file, private = tmp_path / "key.pem", Private.generate(Kind.ED25519)
    keyfiles.write(file, private)
    with pytest.raises(KeyFileError, match="is there already"):
        keyfiles.write(file, Private.generate(Kind.ED25519))
    assert keyfiles.read(file, Kind.ED25519).public == private.public
    assert [found.name for found in tmp_path.iterdir()] == ["key.pem"]


def test_a_private_key_that_others_can_read_that_is_none_or_of_another_cipher_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    with pytest.raises(KeyFileError, match="cannot be read: No such file"):
        keyfiles.read(file, Kind.ED25519)
    keyfiles.write(file, Private.generate(Kind.ED25519))
    with pytest.raises(KeyFileError, match="a private key of another cipher than COSIGNATURE_ML_DSA_44"):
        keyfiles.read(file, Kind.COSIGNATURE_ML_DSA_44)
    file.chmod(0o640)
    with pytest.raises(KeyFileError, match=r"can be read by others than its owner \(mode 0640\)"):
        keyfiles.read(file, Kind.ED25519)
    file.chmod(0o600)
    file.write_text("no key")
    with pytest.raises(KeyFileError, match="not a private key in PEM"):
        keyfiles.read(file, Kind.ED25519)
    with pytest.raises(NotAKeyError):
        Private.parsed(Kind.ED25519, b"")


def test_a_private_key_does_not_show_itself() -> None:
    assert repr(Private.generate(Kind.ED25519)) == "Private(ED25519)"
