"""Evidence that a log has told two pasts: found, written, read, believed; and whatever shows nothing is refused."""

from hashlib import sha256
from typing import Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.record import fork
from domain.record.checkpoint import Checkpoint
from domain.record.fork import Fork, NoFork, found, parsed, shown
from domain.record.leaf import entry, leaf
from domain.record.malformed import Malformed
from domain.record.note import Kind, Note, SignatureFails, Unsigned
from domain.record.tree import nodes, root
from tests.domain.record.test_notes import HOLDS, LEAVES, LOG, ORIGIN, Signer

OTHER: Final = [*LEAVES[:200], *(leaf(entry(sha256(b"other %d" % number).digest())) for number in range(100))]
KEYS: Final = (LOG.key,)


def signed(leaves: list[bytes], signer: Signer = LOG, origin: str = ORIGIN) -> Note:
    text = str(Checkpoint(origin, len(leaves), root(leaves)))
    return Note(text, (signer.sign(text),))


def evidence(old: int = 250, new: int = 300) -> Fork:
    got = found(signed(LEAVES[:old]), signed(OTHER[:new]), nodes(OTHER[:new]), KEYS)
    assert got is not None
    return got


@given(st.integers(201, 300), st.integers(0, 99))
def test_two_pasts_that_part_are_evidence_at_any_two_sizes(old: int, more: int) -> None:
    got = evidence(old, min(old + more, 300))
    assert shown(parsed(bytes(got)), KEYS, HOLDS) == {LOG.key}


@given(st.integers(1, 200), st.integers(200, 300))
def test_a_tree_that_only_grew_is_no_fork(old: int, new: int) -> None:
    assert found(signed(LEAVES[:old]), signed(OTHER[:new]), nodes(OTHER[:new]), KEYS) is None


def test_a_file_is_written_as_it_was_read() -> None:
    assert bytes(parsed(bytes(evidence()))) == bytes(evidence())


def test_each_changed_byte_of_a_file_is_noticed() -> None:
    content = bytes(evidence())
    for at in range(0, len(content), 7):
        changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        try:
            believed = shown(parsed(changed), KEYS, HOLDS)
        except (Malformed, NoFork, SignatureFails, Unsigned):
            continue
        assert parsed(changed).keys != KEYS, "only the keys are nobody's word but the file's"
        assert believed == {LOG.key}


def test_notes_that_agree_show_no_fork() -> None:
    old, new = signed(LEAVES[:250]), signed(LEAVES)
    read = nodes(LEAVES)
    with pytest.raises(NoFork, match="both can be true"):
        shown(Fork(old, new, root(LEAVES[:250]), fork.consistency(read, 250, 300), KEYS), KEYS, HOLDS)


def test_a_root_that_the_larger_tree_does_not_begin_with_shows_no_fork() -> None:
    got = msgspec.structs.replace(evidence(), root=root(OTHER[:249]))
    with pytest.raises(NoFork, match="does not lead"):
        shown(got, KEYS, HOLDS)


def test_checkpoints_of_two_books_show_no_fork() -> None:
    other = Signer("forum.example/book/8d", Kind.ED25519)
    got = msgspec.structs.replace(evidence(), second=signed(OTHER, other, "forum.example/book/8d"))
    with pytest.raises(NoFork, match="two books"):
        shown(got, (LOG.key, other.key), HOLDS)


def test_what_somebody_else_signed_shows_no_fork() -> None:
    stranger = Signer("stranger.example", Kind.ED25519)
    got = msgspec.structs.replace(evidence(), first=signed(LEAVES[:250], stranger))
    with pytest.raises(Unsigned):
        shown(got, (LOG.key, stranger.key), HOLDS)


def test_a_forged_signature_shows_no_fork() -> None:
    got = evidence()
    forged = Note(got.first.text, got.second.signatures)
    with pytest.raises(SignatureFails):
        shown(msgspec.structs.replace(got, first=forged), KEYS, HOLDS)
