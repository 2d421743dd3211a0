"""Notes, checkpoints, cosignatures, policies and proof files: the published examples, real signatures, and garbage."""

from collections.abc import Callable
from hashlib import sha256
from typing import Final

import pytest
from Crypto.PublicKey import ECC
from Crypto.Signature import eddsa
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.record import checkpoint, cosignature, note, policy, tlogproof
from domain.record.checkpoint import Checkpoint
from domain.record.cosignature import Cosignature, holds, message
from domain.record.leaf import entry, leaf
from domain.record.malformed import LARGEST, Malformed
from domain.record.note import Kind, Note, Signature, SignatureFails, Unsigned, VerifierKey, signers
from domain.record.policy import Group, Log, Policy, QuorumMissing, Witness, accepted, reached
from domain.record.proofs import inclusion
from domain.record.tlogproof import NotIncluded, TlogProof, shown
from domain.record.tree import nodes, root
from tests.domain.record.vectors import Examples, read

EXAMPLE: Final = read("c2sp_spec_examples", Examples).signed_note_example
BEHIND_THE_SOFA: Final = """\
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""
"""The example of c2sp.org/tlog-cosignature."""

ORIGIN: Final = "forum.example/book/7c"
AT: Final = 1_700_000_000


def check(kind: Kind, public: bytes, signed: bytes, bare: bytes) -> bool:
    """Ed25519 of another's making. ML-DSA-44 is in no library at hand; nobody signs with it here."""
    assert kind is not Kind.COSIGNATURE_ML_DSA_44
    try:
        eddsa.new(ECC.import_key(eddsa_spki(public)), "rfc8032").verify(signed, bare)
    except ValueError:
        return False
    return True


def eddsa_spki(public: bytes) -> bytes:
    """A public key as RFC 8410 wraps it."""
    return bytes.fromhex("302a300506032b6570032100") + public


HOLDS: Final = holds(check)


class Signer:
    """Who holds a private key made from a name."""

    def __init__(self, name: str, kind: Kind) -> None:
        self.private = ECC.construct(curve="Ed25519", seed=sha256(name.encode()).digest())
        self.key = VerifierKey(name, kind, self.private.public_key().export_key(format="raw"))

    def bare(self, signed: bytes) -> bytes:
        return eddsa.new(self.private, "rfc8032").sign(signed)

    def sign(self, text: str, at: int = AT) -> Signature:
        bare = self.bare(message(self.key, text, at))
        if self.key.kind is Kind.ED25519:
            return Signature(self.key.name, self.key.id, bare)
        return cosignature.line(self.key, Cosignature(at, bare))


LOG: Final = Signer(ORIGIN, Kind.ED25519)
JPN, USA, KOR, CHN = (Signer(f"{name}.example/witness", Kind.COSIGNATURE) for name in ("jpn", "usa", "kor", "chn"))
LEAVES: Final = [leaf(entry(sha256(b"%d" % number).digest())) for number in range(300)]
TREE: Final = Checkpoint(ORIGIN, 300, root(LEAVES))


def signed(*by: Signer, tree: Checkpoint = TREE) -> Note:
    return Note(str(tree), tuple(signer.sign(str(tree)) for signer in by))


OWN: Final = f"""
# The policy of one delegation: its own cosignature, and two of the others'
log {LOG.key} https://{ORIGIN}

witness own {JPN.key}
witness usa {USA.key}\thttps://usa.example
 witness kor {KOR.key}
witness chn {CHN.key}
group others 2 usa kor chn
group me all own others
quorum me
""".encode()


def test_the_published_note_is_read_written_and_verified() -> None:
    key, content = note.key(EXAMPLE.vkey), f"{EXAMPLE.text}\n{EXAMPLE.sigline}".encode()
    found = note.parsed(content)

    assert str(key) == EXAMPLE.vkey
    assert bytes(found) == content
    assert found.text == EXAMPLE.text
    assert signers(found, [key], HOLDS) == {key}
    with pytest.raises(SignatureFails):
        signers(Note("This is another message.\n", found.signatures), [key], HOLDS)


def test_the_published_cosigned_checkpoint_is_read_and_written() -> None:
    found = note.parsed(BEHIND_THE_SOFA.encode())
    tree = checkpoint.parsed(found.text)
    seen = cosignature.parsed(Kind.COSIGNATURE, found.signatures[1].octets)

    assert bytes(found).decode() == BEHIND_THE_SOFA
    assert str(tree) == found.text
    assert (tree.origin, tree.size, tree.extensions) == ("example.com/behind-the-sofa", 20_852_163, ())
    assert seen.at == 1_679_315_147
    assert bytes(seen) == found.signatures[1].octets
    assert message(JPN.key, found.text, seen.at).decode() == f"cosignature/v1\ntime 1679315147\n{found.text}"


def test_an_ml_dsa_key_signs_names_time_size_and_root() -> None:
    key = VerifierKey("w", Kind.COSIGNATURE_ML_DSA_44, bytes(1312))
    found = message(key, str(Checkpoint("log", 258, b"\7" * 32, ("passed over",))), 3)
    assert found == b"subtree/v1\n\0" + b"\x01w" + bytes(7) + b"\3" + b"\x03log" + bytes(8) + bytes(6) + b"\1\2" + b"\7" * 32
    assert note.key(str(key)) == key


def test_what_an_ml_dsa_key_cannot_have_signed_does_not_hold() -> None:
    key = VerifierKey("w", Kind.COSIGNATURE_ML_DSA_44, bytes(1312))
    assert not HOLDS(key, "no checkpoint\n", bytes(2428))
    assert not HOLDS(key, str(Checkpoint("o" * 256, 1, bytes(32))), bytes(2428))


def test_signatures_of_others_are_passed_over_and_those_of_nobody_known_are_not_enough() -> None:
    found = signed(LOG, JPN, USA)
    assert signers(found, [JPN.key], HOLDS) == {JPN.key}
    with pytest.raises(Unsigned):
        signers(found, [KOR.key], HOLDS)


def test_one_known_key_that_fails_spoils_the_note_whoever_else_signed_it() -> None:
    found = signed(LOG, JPN).beside(cosignature.line(USA.key, Cosignature(AT, bytes(64))))
    with pytest.raises(SignatureFails, match=r"usa\.example/witness does not hold"):
        signers(found, [LOG.key, JPN.key, USA.key], HOLDS)


@pytest.mark.parametrize("octets", [bytes(71), bytes(73), b"\x80" + bytes(71)])
def test_a_cosignature_of_another_length_or_after_the_end_of_time_does_not_hold(octets: bytes) -> None:
    assert not HOLDS(JPN.key, str(TREE), octets)


def test_a_cosignature_holds_for_its_time_and_text_alone() -> None:
    octets = JPN.sign(str(TREE)).octets
    assert HOLDS(JPN.key, str(TREE), octets)
    assert not HOLDS(JPN.key, str(TREE) + "more\n", octets)
    assert not HOLDS(JPN.key, str(TREE), bytes(8) + octets[8:])
    assert not HOLDS(LOG.key, str(TREE), octets)


def test_a_signature_stands_once_under_a_note() -> None:
    found = signed(LOG)
    assert found.beside(JPN.sign(found.text)).beside(JPN.sign(found.text)) == signed(LOG, JPN)


def test_a_delegation_believes_what_itself_and_two_others_have_signed() -> None:
    rules = policy.parsed(OWN)
    found = accepted(rules, signed(LOG, JPN, USA, CHN), HOLDS)
    assert found.checkpoint == TREE
    assert found.logs == {LOG.key}
    assert found.witnesses == {"own", "usa", "chn"}
    for by, have in (((USA, KOR, CHN), {"usa", "kor", "chn"}), ((JPN, USA), {"own", "usa"}), ((), set[str]())):
        with pytest.raises(QuorumMissing) as refused:
            accepted(rules, signed(LOG, *by), HOLDS)
        assert refused.value.signed == have


def test_witnesses_alone_do_not_make_a_log_nor_does_a_log_under_another_origin() -> None:
    rules = policy.parsed(OWN)
    for found in (signed(JPN, USA, CHN), signed(LOG, JPN, USA, CHN, tree=Checkpoint("other.example", 300, TREE.root))):
        with pytest.raises(Unsigned):
            accepted(rules, found, HOLDS)
    with pytest.raises(Unsigned):
        accepted(Policy(), signed(LOG), HOLDS)


def test_the_quorum_none_is_reached_by_nobody_and_a_group_by_enough() -> None:
    assert reached(Policy(), ())
    groups = (Group("a", 2, ("x", "y", "z")), Group("b", 1, ("a", "w")))
    assert reached(Policy(groups=groups, quorum="b"), {"x", "z"})
    assert reached(Policy(groups=groups, quorum="b"), {"w"})
    assert not reached(Policy(groups=groups, quorum="b"), {"x"})


def test_a_policy_is_written_so_that_it_is_read_alike() -> None:
    found = policy.parsed(OWN)
    assert found.groups == (Group("others", 2, ("usa", "kor", "chn")), Group("me", 2, ("own", "others")))
    assert found.witnesses[1] == Witness("usa", USA.key, "https://usa.example")
    assert policy.parsed(bytes(found)) == found
    assert bytes(policy.parsed(bytes(found))) == bytes(found)


def test_the_name_of_a_witness_is_octets_and_not_text() -> None:
    content = b"witness \xff\xc2\xa0 %b\nquorum \xff\xc2\xa0\n" % str(JPN.key).encode()
    assert bytes(policy.parsed(content)) == content


W: Final = f"witness a {JPN.key}\nwitness b {USA.key}\n"


@pytest.mark.parametrize(
    ("content", "line", "expected"),
    [
        ("", 1, "a quorum line"),
        (W, 3, "a quorum line"),
        ("quorum none", 1, "a newline at the end"),
        ("\nquorum\x0bnone\n", 2, "no control characters"),
        ("quorum none\nquorum none\n", 2, "one quorum"),
        ("quorum a\n", 1, "unlike a"),
        ("believe me\n", 1, "log <key>"),
        (f"{W}witness a {KOR.key}\n", 3, "a name that is not taken, unlike a"),
        (f"{W}witness none {KOR.key}\n", 3, "unlike none"),
        (f"{W}witness c {JPN.key}\n", 3, "a key that no other witness has"),
        (f"witness a {LOG.key}\n", 1, "a kind that a witness signs with"),
        (f"log {JPN.key}\n", 1, "a kind that a log signs with"),
        (f"log {LOG.key}\nlog {LOG.key}\n", 2, "a key that no other log has"),
        (f"log {LOG.key} one two\n", 1, "log <key>"),
        (f"{W}group g any\n", 3, "log <key>"),
        (f"{W}group g 0 a\n", 3, "from 1 to 1"),
        (f"{W}group g 3 a b\n", 3, "from 1 to 2"),
        (f"{W}group g 01 a b\n", 3, "from 1 to 2"),
        (f"{W}group g any none\n", 3, "unlike none"),
        (f"{W}group g any g\n", 3, "unlike g"),
        (f"{W}group g any a a\n", 3, "listed nowhere else, unlike a"),
        (f"{W}group g any a\ngroup h all a b\n", 4, "listed nowhere else, unlike a"),
        ("log example.com+00000000+AQ==\n", 1, "a key of 32 octets after 01 or 04"),
    ],
)
def test_a_policy_that_is_none_says_where_and_what_was_expected(content: str, line: int, expected: str) -> None:
    with pytest.raises(Malformed) as refused:
        policy.parsed(content.encode())
    assert refused.value.line == line
    assert expected in refused.value.expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "a verifier key"),
        (EXAMPLE.vkey.replace("530d903a", "530D903A"), "the id of this key, 530d903a"),
        (EXAMPLE.vkey.replace("foo", "bar"), "the id of this key"),
        (EXAMPLE.vkey.replace("com/foo", "com foo"), "a verifier key"),
        (EXAMPLE.vkey + "=", "in base64"),
        ("a+00000000+Ag==", "a key of 32 octets"),
    ],
)
def test_a_key_that_is_none_says_what_was_expected(text: str, expected: str) -> None:
    with pytest.raises(Malformed, match=expected):
        note.key(text)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 1),
        (b"text\n", 2),
        (b"text\n\n", 3),
        (b"\n\xe2\x80\x94 a AAAAAAA=\n", 3),
        (b"text\n\n\xe2\x80\x94 a AAAAAAA=", 3),
        (b"te\rxt\n\n\xe2\x80\x94 a AAAAAAA=\n", 1),
        (b"\xff\n\n\xe2\x80\x94 a AAAAAAA=\n", 1),
        (b"text\n\n- a AAAAAAA=\n", 3),
        (b"text\n\n\xe2\x80\x94 a AAAAAAB=\n", 3),
        (b"text\n\n\xe2\x80\x94 a AAAAAA==\n", 3),
        (b"text\n\n\xe2\x80\x94 a  AAAAAAA=\n", 3),
        (b"text\n\n\xe2\x80\x94 a+b AAAAAAA=\n", 3),
        (b"text\n\n\xe2\x80\x94 a\xc2\xa0b AAAAAAA=\n", 3),
        (b"text\n\n" + b"\xe2\x80\x94 a AAAAAAA=\n" * 101, 3),
        (b"text" * 250_001, 1),
    ],
)
def test_a_note_that_is_none_says_in_which_line(content: bytes, line: int) -> None:
    with pytest.raises(Malformed) as refused:
        note.parsed(content)
    assert refused.value.line == line


def test_sixteen_signatures_and_an_empty_line_in_the_text_are_read() -> None:
    content = b"one\n\ntwo\n\n\n" + b"\xe2\x80\x94 a AAAAAAA=\n" * 16
    assert note.parsed(content).text == "one\n\ntwo\n\n"
    assert bytes(note.parsed(content)) == content


ROOT: Final = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("log\n1\n", 3),
        (f"\n1\n{ROOT}\n", 1),
        (f"log\n01\n{ROOT}\n", 2),
        (f"log\n+1\n{ROOT}\n", 2),
        (f"log\n{LARGEST + 1}\n{ROOT}\n", 2),
        (f"log\n{'9' * 5000}\n{ROOT}\n", 2),
        (f"log\n\u0661\n{ROOT}\n", 2),
        (f"log\n1\n{ROOT[:-1]}\n", 3),
        ("log\n1\nAA==\n", 3),
        (f"log\n1\n{ROOT}\n\n", 4),
        (f"log\n1\n{ROOT}", 3),
    ],
)
def test_a_checkpoint_that_is_none_says_in_which_line(text: str, line: int) -> None:
    with pytest.raises(Malformed) as refused:
        checkpoint.parsed(text)
    assert refused.value.line == line


def a_proof(index: int = 73, extra: bytes | None = None) -> TlogProof:
    return TlogProof(index, inclusion(nodes(LEAVES), index, 300), signed(LOG, JPN, USA, KOR), extra)


def an_entry(index: int) -> bytes:
    return entry(sha256(b"%d" % index).digest())


@pytest.mark.parametrize("extra", [None, b"what nobody signed"])
def test_a_proof_file_shows_its_entry_and_no_other(extra: bytes | None) -> None:
    found = tlogproof.parsed(bytes(a_proof(extra=extra)))
    rules = policy.parsed(OWN)

    assert found == a_proof(extra=extra)
    assert shown(found, an_entry(73), rules, HOLDS).checkpoint == TREE
    for wrong in (lambda: shown(found, an_entry(74), rules, HOLDS), lambda: shown(moved(found), an_entry(73), rules, HOLDS)):
        with pytest.raises(NotIncluded):
            wrong()


def moved(found: TlogProof) -> TlogProof:
    return TlogProof(found.index + 1, found.proof, found.checkpoint)


def test_a_proof_file_reads_as_the_specification_shows_it() -> None:
    head = bytes(a_proof(extra=b"x")).decode().split("\n")
    assert head[:3] == ["c2sp.org/tlog-proof@v1", "extra eA==", "index 73"]
    assert head[3 + len(a_proof().proof) :][:3] == ["", ORIGIN, "300"]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("proof@v1", "proof@v2", 1),
        ("index 73", "index 073", 2),
        ("index 73", "extra \nindex 73", 2),
        ("index 73", "extra eA\nindex 73", 2),
        ("index 73", "extra eA==", 3),
        ("index 73\n", "index 73\nAA==\n", 3),
        ("index 73\n", "index 73\n" + f"{ROOT}\n" * 64, 66),
        (f"\n\n{ORIGIN}", f"\n{ORIGIN}", 12),
        ("— jpn", "- jpn", 18),
    ],
)
def test_a_proof_file_that_is_none_says_in_which_line(old: str, new: str, line: int) -> None:
    content = bytes(a_proof()).decode()
    assert old in content
    with pytest.raises(Malformed) as refused:
        tlogproof.parsed(content.replace(old, new, 1).encode())
    assert refused.value.line == line


NAMES: Final = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8).filter(note.is_name)
LINES: Final = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=12)
HASHES: Final = st.binary(min_size=32, max_size=32)
NUMBERS: Final = st.integers(0, LARGEST)
SIGNATURES: Final = st.builds(Signature, NAMES, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=90))
TEXTS: Final = st.lists(LINES, min_size=1, max_size=4).map(lambda found: "".join(f"{line}\n" for line in found))
NOTES: Final = st.builds(Note, TEXTS, st.lists(SIGNATURES, min_size=1, max_size=4).map(tuple))
CHECKPOINTS: Final = st.builds(
    Checkpoint, LINES.filter(bool), NUMBERS, HASHES, st.lists(LINES.filter(bool), max_size=2).map(tuple)
)
PROOFS: Final = st.builds(
    TlogProof, NUMBERS, st.lists(HASHES, max_size=9).map(tuple), NOTES, st.none() | st.binary(min_size=1, max_size=9)
)
KEYS: Final = st.builds(VerifierKey, NAMES, st.sampled_from([Kind.ED25519, Kind.COSIGNATURE]), HASHES)


@given(NOTES, CHECKPOINTS, PROOFS, KEYS)
def test_what_is_written_is_read_alike(a_note: Note, tree: Checkpoint, proof: TlogProof, key: VerifierKey) -> None:
    assert note.parsed(bytes(a_note)) == a_note
    assert checkpoint.parsed(str(tree)) == tree
    assert tlogproof.parsed(bytes(proof)) == proof
    assert note.key(str(key)) == key


READERS: Final[list[Callable[[bytes], object]]] = [
    lambda content: bytes(note.parsed(content)) == content,
    lambda content: str(checkpoint.parsed(content.decode("utf-8", "surrogateescape"))).encode() == content,
    lambda content: bytes(tlogproof.parsed(content)) == content,
    lambda content: str(note.key(content.decode("utf-8", "surrogateescape"))).encode() == content,
    lambda content: policy.parsed(bytes(policy.parsed(content))) == policy.parsed(content),
]
WELL_FORMED: Final = st.sampled_from(
    [BEHIND_THE_SOFA.encode(), str(TREE).encode(), bytes(a_proof()), str(JPN.key).encode(), OWN]
)


@st.composite
def torn(draw: st.DrawFn) -> bytes:
    """Something well-formed, with a piece of it replaced."""
    whole = draw(WELL_FORMED)
    start = draw(st.integers(0, len(whole)))
    return whole[:start] + draw(st.binary(max_size=3)) + whole[start + draw(st.integers(0, 3)) :]


def read_or_refused(written_alike: Callable[[bytes], object], content: bytes) -> bool:
    try:
        return bool(written_alike(content))
    except Malformed as refused:
        return 0 < refused.line <= content.count(b"\n") + 2


@settings(max_examples=300)
@given(st.binary(max_size=60) | torn())
def test_garbage_is_malformed_and_what_is_read_is_written_byte_for_byte(content: bytes) -> None:
    for written_alike in READERS:
        assert read_or_refused(written_alike, content)


@settings(max_examples=40)
@given(st.integers(0, 8 * len(bytes(signed(LOG, JPN))) - 1))
def test_a_note_with_any_bit_flipped_is_malformed_or_not_signed_by_both(bit: int) -> None:
    content = bytearray(bytes(signed(LOG, JPN)))
    content[bit // 8] ^= 1 << bit % 8
    try:
        found = signers(note.parsed(bytes(content)), [LOG.key, JPN.key], HOLDS)
    except (Malformed, SignatureFails, Unsigned):
        return
    assert found < {LOG.key, JPN.key}


def test_a_log_that_a_policy_names_by_another_address_is_the_same_log() -> None:
    assert accepted(Policy((Log(LOG.key, "https://mirror.example"),)), signed(LOG), HOLDS).witnesses == frozenset()
