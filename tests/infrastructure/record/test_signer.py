"""What the signer signs and refuses, what it remembers, and what becomes of its keys."""

import re
import resource
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.ports import Behind, SignerRefuses
from domain.record import note
from domain.record.checkpoint import Checkpoint
from domain.record.note import Kind, Note, VerifierKey, signers
from infrastructure.record.ciphers import HOLDS, Private
from infrastructure.record.signer import folder as folders
from infrastructure.record.signer import keys, state
from infrastructure.record.signer.core import Core
from infrastructure.record.signer.errors import FolderError
from tests.infrastructure.record.signing import ORIGIN, Book, made

NOON: Final = datetime(2026, 5, 1, 12, tzinfo=UTC)
PROMISE: Final = f"accord/promise/v1\n{ORIGIN}\n7\n{'A' * 43}=\n2026-05-01T12:00:00.000000Z\n"


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return made(tmp_path)


@pytest.fixture
def core(folder: Path) -> Generator[Core]:
    with Core(folder) as found:
        yield found


def verified(core: Core, tree: Checkpoint, found: tuple[note.Signature, ...] | Behind) -> frozenset[VerifierKey]:
    assert isinstance(found, tuple)
    keys = [VerifierKey(tree.origin, Kind.ED25519, public) for public in core.keys().logs]
    return signers(Note(str(tree), found), keys, HOLDS)


def refused(core: Core, book: Book, old: int, size: int | None = None) -> tuple[str, int | None]:
    with pytest.raises(SignerRefuses) as found:
        book.sign(core, old, size)
    return found.value.reason, found.value.size


def test_a_book_is_signed_from_nothing_and_as_it_grows(core: Core) -> None:
    book = Book()
    for old, new in ((0, 0), (0, 1), (1, 7), (7, 300)):
        assert len(verified(core, book.grown(new).tree(), book.sign(core, old))) == 1


def test_a_tree_that_was_signed_is_signed_again_in_the_same_words(core: Core) -> None:
    book = Book().grown(7)
    assert book.sign(core, 0) == book.sign(core, 0) == core.sign(str(book.tree()), 99, [bytes(32)])


def test_another_size_than_the_last_is_told_and_signed_once_proven(core: Core) -> None:
    book = Book().grown(7)
    assert book.sign(core, 3) == Behind(0)
    book.sign(core, 0)
    book.grown(9)
    assert book.sign(core, 0) == book.sign(core, 8) == Behind(7)
    assert verified(core, book.tree(), book.sign(core, 7))


def test_a_database_that_was_put_back_is_refused_and_not_forked(core: Core) -> None:
    book = Book().grown(9)
    book.sign(core, 0)
    assert refused(core, book, 0, 5) == refused(core, book, 9, 5) == ("rollback", 9)
    assert refused(core, book, 9, 0) == ("rollback", 9)
    again = Book().grown(5).grown(9, "other")
    assert refused(core, again, 9) == ("inconsistent", 9)
    assert refused(core, again.grown(12), 9) == ("inconsistent", 9)
    assert verified(core, book.grown(12).tree(), book.sign(core, 9))


def test_a_proof_of_another_tree_too_long_or_for_a_new_book_proves_nothing(core: Core) -> None:
    book = Book().grown(7)
    with pytest.raises(SignerRefuses, match="inconsistent"):
        core.sign(str(book.tree()), 0, [bytes(32)])
    with pytest.raises(SignerRefuses, match="inconsistent"):
        core.sign(str(Checkpoint(ORIGIN, 0, bytes(32))), 0, ())
    book.sign(core, 0)
    proof = book.grown(11).proof(7)
    for wrong in ((), proof[:-1], (*proof, bytes(32)), (bytes(31), *proof[1:])):
        with pytest.raises(SignerRefuses, match="inconsistent"):
            core.sign(str(book.tree()), 7, wrong)
    assert verified(core, book.tree(), core.sign(str(book.tree()), 7, proof))


def test_each_book_has_a_past_of_its_own_and_a_key_id_of_its_own(core: Core) -> None:
    one, other = Book().grown(9), Book("forum.example/book/8d").grown(3)
    first, second = one.sign(core, 0), other.sign(core, 0)
    assert isinstance(first, tuple)
    assert isinstance(second, tuple)
    assert first[0].id != second[0].id
    assert refused(core, other, 3, 2) == ("rollback", 3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"{ORIGIN}\n1\n",
        f"{ORIGIN}\n01\n{'A' * 43}=\n",
        f"{Checkpoint(ORIGIN, 1, bytes(32), ('more',))}",
        f"{Checkpoint('forum.example/promise', 1, bytes(32))}",
        f"{Checkpoint('a b/book/7c', 1, bytes(32))}",
        "\ud800",
    ],
)
def test_what_is_no_checkpoint_of_a_book_is_not_signed(core: Core, text: str) -> None:
    with pytest.raises(SignerRefuses, match="malformed"):
        core.sign(text, 0, ())


def test_a_promise_is_signed_with_a_key_of_its_own(core: Core) -> None:
    found, (public,) = core.promise(PROMISE), core.keys().promises
    key = VerifierKey("forum.example/promise", Kind.ED25519, public)
    assert found.text == PROMISE
    assert signers(found, [key], HOLDS) == {key}
    assert public not in core.keys().logs


@pytest.mark.parametrize(
    "text", ["", str(Book().grown(3).tree()), PROMISE.replace("v1", "v2"), PROMISE.replace("/book/", "/"), PROMISE[:-1]]
)
def test_what_is_no_promise_is_not_signed_as_one(core: Core, text: str) -> None:
    with pytest.raises(SignerRefuses, match="malformed"):
        core.promise(text)


def test_what_was_signed_is_known_after_a_restart(folder: Path) -> None:
    with Core(folder) as core:
        first = Book().grown(9).sign(core, 0)
    with Core(folder) as core:
        assert Book().grown(9).sign(core, 9) == first
        assert refused(core, Book().grown(9), 9, 5) == ("rollback", 9)


@pytest.mark.parametrize("cut", [1, 9, 40])
def test_a_line_torn_by_a_crash_was_answered_to_nobody_and_is_dropped(folder: Path, cut: int) -> None:
    file, book = folder / folders.STATE, Book().grown(9)
    with Core(folder) as core:
        book.sign(core, 0, 5)
        before = file.read_bytes()
        book.sign(core, 5)
    file.write_bytes(file.read_bytes()[:-cut])
    with Core(folder) as core:
        assert file.read_bytes() == before
        assert verified(core, book.tree(), book.sign(core, 5))


@contextmanager
def room_for(file: Path, more: int) -> Generator[None]:
    """So many bytes more, and no file can grow further: the system writes what there is room for, and says how much that was."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size + more, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("more", [0, 30])
def test_a_line_for_which_there_is_no_room_is_not_signed_upon_and_dropped(folder: Path, more: int) -> None:
    file, book = folder / folders.STATE, Book().grown(9)
    with Core(folder) as core:
        book.sign(core, 0, 5)
        before = file.read_bytes()
        with pytest.raises(OSError, match=r"No space left|too large"), room_for(file, more):
            book.sign(core, 5)
        assert verified(core, book.tree(5), book.sign(core, 0, 5)), "no more was signed"
        assert file.read_bytes() == before
        assert verified(core, book.tree(), book.sign(core, 5))


@pytest.mark.parametrize(
    ("line", "old", "new"),
    [
        (1, rb"v1", b"v2"),
        (2, rb".*", b""),
        (2, rb".$", b"x"),
        (2, rb"/book/7c 5", b"/book/7c 6"),
        (3, rb".*", bytes(80)),
        (3, rb"$", b" "),
        (3, rb".*", b"\xff"),
    ],
)
def test_a_state_that_is_not_as_it_was_written_is_refused_with_its_line(
    folder: Path, line: int, old: bytes, new: bytes
) -> None:
    file = folder / folders.STATE
    with Core(folder) as core:
        Book().grown(5).sign(core, 0)
        Book().grown(9).sign(core, 5)
    content = file.read_bytes().split(b"\n")
    content[line - 1] = re.sub(old, new, content[line - 1], count=1)
    file.write_bytes(b"\n".join(content))
    with pytest.raises(FolderError, match=f"Line {line} of .* `accord signer adopt`"):
        Core(folder)


def test_a_state_that_cannot_be_opened_is_refused_in_a_sentence(folder: Path) -> None:
    (folder / folders.STATE).unlink()
    (folder / folders.STATE).mkdir()
    with pytest.raises(FolderError, match="state cannot be written to"):
        Core(folder)


def test_lines_that_contradict_each_other_are_refused(folder: Path) -> None:
    file, book = folder / folders.STATE, Book().grown(9)
    for trees in ([book.tree(9), book.tree(5)], [book.tree(5), Book(seed="other").grown(5).tree()]):
        file.unlink()
        state.make(file, trees)
        with pytest.raises(FolderError, match="Line 3 of "):
            Core(folder)


def test_keys_without_a_state_sign_nothing_until_their_checkpoints_are_adopted(folder: Path) -> None:
    book = Book().grown(9)
    with Core(folder) as core:
        signed = [Note(str(book.tree(size)), book.sign(core, old, size)) for old, size in ((0, 5), (5, 7))]  # pyright: ignore[reportArgumentType]
        (folder / folders.STATE).unlink()
        assert refused(core, book, 7) == ("state-lost", None)
        assert refused(core, Book("forum.example/book/8d").grown(1), 0) == ("state-lost", None)
        assert core.promise(PROMISE)
        assert folders.adopt(folder, [bytes(found) for found in signed]) == [book.tree(7)]
        assert refused(core, book, 7, 5) == ("rollback", 7)
        assert verified(core, book.tree(), book.sign(core, 7))


def test_a_state_put_in_place_of_the_one_that_is_written_must_know_as_much(folder: Path) -> None:
    file, copy, book = folder / folders.STATE, folder / "copy", Book().grown(9)
    with Core(folder) as core:
        book.sign(core, 0, 5)
        older, newer = file.read_bytes(), [book.tree(7)]
        book.sign(core, 5, 7)
        copy.write_bytes(older)
        copy.rename(file)
        assert refused(core, book, 5) == refused(core, book, 7) == ("state-lost", None)
        state.make(copy, newer)
        copy.rename(file)
        assert verified(core, book.tree(), book.sign(core, 7))


def test_only_what_its_own_keys_signed_is_adopted_and_never_beside_a_state(folder: Path) -> None:
    book, stranger = Book().grown(9), Private.generate(Kind.ED25519)
    text = str(book.tree())
    with Core(folder) as core:
        ours = bytes(Note(text, book.sign(core, 0)))  # pyright: ignore[reportArgumentType]
        with pytest.raises(FolderError, match="is there, and counts"):
            folders.adopt(folder, [ours])
        (folder / folders.STATE).unlink()
        theirs = bytes(Note(text, (stranger.signature(ORIGIN, text),)))
        for wrong in (theirs, b"garbage", ours.replace(b"\n9\n", b"\n8\n"), bytes(core.promise(PROMISE))):
            with pytest.raises(FolderError, match="that this signer's keys have signed was expected"):
                folders.adopt(folder, [ours, wrong])
        assert refused(core, book, 9) == ("state-lost", None)


def test_two_checkpoints_of_one_size_that_differ_are_evidence_and_adopted_by_nobody(folder: Path) -> None:
    log = keys.read(folder).ever("log")[0]
    trees = [Book(seed=seed).grown(5).tree() for seed in ("", "other")]
    (folder / folders.STATE).unlink()
    with pytest.raises(FolderError, match="they prove a fork"):
        folders.adopt(folder, [bytes(Note(str(tree), (log.signature(ORIGIN, str(tree)),))) for tree in trees])


def test_a_new_key_signs_beside_the_old_one_until_the_overlap_ends(folder: Path) -> None:
    clock, book = Clock(), Book().grown(9)
    with Core(folder, clock) as core:
        old = core.keys()
        assert keys.rotate(folder, "log", clock.now, timedelta(days=30)) == NOON + timedelta(days=30)
        clock.now += timedelta(seconds=1)
        new, *both = core.keys().logs
        assert tuple(both) == old.logs
        assert core.keys().promises == old.promises
        assert {key.public for key in verified(core, book.tree(), book.sign(core, 0))} == {new, *both}
        clock.now = NOON + timedelta(days=30)
        assert core.keys().logs == (new,)
        assert [key.public for key in verified(core, book.tree(), book.sign(core, 9))] == [new]


def test_a_promise_key_rotates_for_itself(folder: Path) -> None:
    keys.rotate(folder, "promise", NOON, timedelta())
    with Core(folder, lambda: NOON) as core:
        assert len(core.keys().promises) == len(core.keys().logs) == len(core.promise(PROMISE).signatures) == 1
        assert core.keys().promises[0] == keys.read(folder).ever("promise")[0].public


def test_what_a_retired_key_signed_can_still_be_adopted(folder: Path) -> None:
    book = Book().grown(5)
    with Core(folder) as core:
        signed = bytes(Note(str(book.tree()), book.sign(core, 0)))  # pyright: ignore[reportArgumentType]
    keys.rotate(folder, "log", NOON, timedelta())
    (folder / folders.STATE).unlink()
    assert folders.adopt(folder, [signed]) == [book.tree()]


def test_a_rotation_that_was_cut_short_is_finished_and_not_made_twice(folder: Path) -> None:
    keys.make(folder, "log", 2)
    with Core(folder) as core:
        assert len(core.keys().logs) == 2
    keys.rotate(folder, "log", NOON, timedelta(days=1))
    assert [held.ends for held in keys.read(folder).log] == [None, NOON + timedelta(days=1)]


def test_a_folder_whose_newest_key_is_missing_or_that_has_none_is_refused(folder: Path) -> None:
    keys.rotate(folder, "log", NOON, timedelta())
    (folder / "log.2.pem").unlink()
    with pytest.raises(FolderError, match="a file is missing"):
        Core(folder)
    (folder / "log.1.pem").unlink()
    with pytest.raises(FolderError, match="holds no log key"):
        Core(folder)


def test_an_end_that_is_no_instant_is_refused(folder: Path) -> None:
    keys.rotate(folder, "log", NOON, timedelta())
    (folder / "log.1.ends").write_text("soon\n")
    with pytest.raises(FolderError, match="does not say when the key ends"):
        Core(folder)


def test_a_folder_is_made_once_and_a_cut_short_making_is_finished(tmp_path: Path) -> None:
    home = tmp_path / "signer"
    home.mkdir(mode=0o700)
    state.make(home / folders.STATE)
    folders.make(home)
    assert sorted(found.name for found in home.iterdir()) == ["lock", "log.1.pem", "promise.1.pem", "state"]
    assert {found.stat().st_mode & 0o777 for found in home.iterdir()} == {0o600}
    with pytest.raises(FolderError, match="holds a signer's keys already"):
        folders.make(home)


def test_one_process_holds_a_folder_and_nobody_else_may_write_to_it(folder: Path) -> None:
    with folders.locked(folder), pytest.raises(FolderError, match="Another signer runs"), folders.locked(folder):
        pass
    folder.chmod(0o770)
    with pytest.raises(FolderError, match="only its owner"), folders.locked(folder):
        pass
    with pytest.raises(FolderError, match="cannot be read"), folders.locked(folder / "nowhere"):
        pass


STEPS: Final = st.lists(
    st.one_of(
        st.tuples(st.just("sign"), st.integers(0, 12), st.integers(0, 12), st.integers(0, 1)),
        st.tuples(st.just("grow"), st.integers(1, 4), st.just(0), st.integers(0, 1)),
        st.tuples(st.just("fork"), st.integers(0, 12), st.just(0), st.integers(0, 1)),
        st.tuples(st.just("crash"), st.integers(0, 60), st.just(0), st.just(0)),
        st.tuples(st.just("rotate"), st.just(0), st.just(0), st.just(0)),
    ),
    max_size=40,
)


@given(STEPS)
@settings(max_examples=60)
def test_no_size_ever_has_two_roots_and_each_tree_that_was_answered_begins_with_the_one_before(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int, int]]
) -> None:
    """Whatever grows, forks, is asked for out of turn, or crashes: a crash tears what was being written after the last answer."""
    folder = made(tmp_path_factory.mktemp("signer"))
    books = [Book(), Book("forum.example/book/8d")]
    answered: list[list[tuple[int, list[bytes]]]] = [[], []]
    core = Core(folder)
    for step, first, second, which in steps:
        book = books[which]
        match step:
            case "grow":
                book.grown(len(book.leaves) + first)
            case "fork":
                book.leaves = book.leaves[:first]
                book.seed += "x"
            case "crash":
                core = _crashed(core, folder, first)
            case "rotate":
                keys.rotate(folder, "log", NOON, timedelta())
            case _:
                _ask(core, book, min(first, len(book.leaves)), second, answered[which])
    core.__exit__()
    for trees in answered:
        for (old, before), (new, after) in pairwise(trees):
            assert old <= new
            assert after[:old] == before


def _ask(core: Core, book: Book, size: int, old: int, answered: list[tuple[int, list[bytes]]]) -> None:
    try:
        found = book.sign(core, min(old, size), size)
        if isinstance(found, Behind) and found.size <= size:
            found = book.sign(core, found.size, size)
    except SignerRefuses:
        return
    if isinstance(found, tuple):
        assert verified(core, book.tree(size), found)
        answered.append((size, book.leaves[:size]))


def _crashed(core: Core, folder: Path, torn: int) -> Core:
    core.__exit__()
    with (folder / folders.STATE).open("ab") as file:
        file.write(f"{ORIGIN} 99 {'A' * 43}= 00000000"[:torn].encode())
    return Core(folder)
