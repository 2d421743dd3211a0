"""A witness over its folder: what it cosigns, what it keeps, and about what it raises its voice."""

import shutil
import stat
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import msgspec
import pytest
from anyio import Path as AnyPath
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from domain.identity import DelegationCode
from domain.record import broken, fork, note
from domain.record.checkpoint import parsed
from domain.record.note import Kind, VerifierKey
from domain.record.promise import Promise, Promised
from domain.record.tiles import bundles, of_size, unbundled
from domain.record.tree import frontier
from infrastructure.record.ciphers import HOLDS, Private
from infrastructure.record.witness import folder as folders
from infrastructure.record.witness.alarms import Alarm
from infrastructure.record.witness.errors import WitnessError
from infrastructure.record.witness.folder import Description, Folder, thaw
from infrastructure.record.witness.forum import LogKeys, Opening
from infrastructure.record.witness.mirror import Mirror
from infrastructure.record.witness.watch import Watch
from tests.infrastructure.record.hosts import BOOK, HOST, LOG, ORIGIN, START, History, Host, seeded

JPN: Final = Description(HOST, DelegationCode("JPN"))
LOG_KEY: Final = VerifierKey(ORIGIN, Kind.ED25519, LOG.public)
WORDS: Final = [f"word {number}" for number in range(700)]
OTHERS: Final = [*WORDS[:17], *(f"other {number}" for number in range(683))]
TOLD: Final = History(WORDS)
OTHER: Final = History(OTHERS)
"""Tells something else from its eighteenth fact on."""


class Clock:
    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


class Witness:
    """One at work in a folder of its own; it may be ended and started again."""

    def __init__(self, path: Path, host: Host, described: Description = JPN) -> None:
        self.path = path
        self.host = host
        self.clock = Clock()
        self.alarms: list[Alarm] = []
        self.key = folders.make(path, described, host.said)
        host.watching = [self.key]

    async def looks(self) -> list[Alarm]:
        """Once, as a process of its own; what it raised its voice about meanwhile."""
        before = len(self.alarms)
        with folders.opened(self.path) as opened:
            await self.watch(opened).look()
        return self.alarms[before:]

    def watch(self, opened: Folder) -> Watch:
        return Watch(opened, self.host, now=self.clock, hear=self.alarms.append)

    @property
    def mirror(self) -> Mirror:
        return Mirror(self.path / folders.BOOKS / str(BOOK))


@pytest.fixture
def host() -> Host:
    return Host(TOLD, 20)


@pytest.fixture
def witness(tmp_path: Path, host: Host) -> Witness:
    return Witness(tmp_path / "JPN", host)


def test_a_witness_is_a_folder_that_nobody_else_reads(witness: Witness) -> None:
    assert stat.S_IMODE(witness.path.stat().st_mode) == 0o700
    assert stat.S_IMODE((witness.path / folders.KEY).stat().st_mode) == 0o600
    assert str(witness.key).startswith("forum.example/witness/JPN+")
    assert witness.key.kind is Kind.COSIGNATURE
    with pytest.raises(WitnessError, match="a witness already"):
        folders.make(witness.path, JPN, LogKeys(()))


def test_one_process_runs_a_witness(witness: Witness) -> None:
    with folders.opened(witness.path), pytest.raises(WitnessError, match="another process"), folders.opened(witness.path):
        pass


def test_a_key_without_its_state_cosigns_nothing(witness: Witness) -> None:
    (witness.path / folders.STATE).unlink()
    with pytest.raises(WitnessError, match="its state is lost"), folders.opened(witness.path):
        pass


def test_a_state_that_is_not_as_it_was_written_says_what_a_witness_can_do(witness: Witness) -> None:
    with (witness.path / folders.STATE).open("ab") as file:
        file.write(b"garbage\n")
    with pytest.raises(WitnessError, match=r"Line 2 of .* End the key, and make a new witness\."), folders.opened(witness.path):
        pass


def test_nothing_is_thawed_where_no_witness_is(tmp_path: Path) -> None:
    with pytest.raises(WitnessError, match="is no witness"):
        thaw(tmp_path / "nowhere", BOOK)


async def test_what_it_is_shown_first_and_what_goes_on_from_it_is_cosigned(witness: Witness, host: Host) -> None:
    for size in (20, 21, 256, 700):
        host.size = size
        assert await witness.looks() == []
        assert witness.key in signed(host, size, witness)
    assert host.cosigned.keys() == {20, 21, 256, 700}


def signed(host: Host, size: int, *by: Witness) -> frozenset[VerifierKey]:
    return note.signers(host.note(size), [LOG_KEY, *(witness.key for witness in by)], HOLDS)


async def test_a_key_of_ml_dsa_cosigns_where_the_forum_asks_for_it(tmp_path: Path, host: Host) -> None:
    witness = Witness(tmp_path, host, Description(HOST, DelegationCode("KOR"), "ml-dsa-44"))
    assert await witness.looks() == []
    assert witness.key.kind is Kind.COSIGNATURE_ML_DSA_44
    assert witness.key in signed(host, 20, witness)


async def test_the_mirror_holds_what_standard_clients_read(witness: Witness, host: Host) -> None:
    for size in (20, 300, 700):
        host.size = size
        await witness.looks()
        folder = witness.path / folders.BOOKS / str(BOOK)
        kept = note.parsed(await AnyPath(folder / "checkpoint").read_bytes())
        tree = parsed(kept.text)
        found = [entry for tile in bundles(size) for entry in unbundled(tile, (folder / tile.path).read_bytes())]
        assert tree == TOLD.tree(size)
        assert found == TOLD.entries[:size]
        assert frontier(witness.mirror.nodes(), size).root == tree.root
        assert witness.key in note.signers(kept, [LOG_KEY, witness.key], HOLDS)
        openings = (folder / "openings.jsonl").read_bytes().splitlines()
        assert [msgspec.json.decode(line, type=Opening) for line in openings] == TOLD.openings[:size]


async def test_of_a_tile_that_grew_the_mirror_keeps_the_widest(witness: Witness, host: Host) -> None:
    for size in (20, 21, 270, 700):
        host.size = size
        await witness.looks()
    folder = witness.path / folders.BOOKS / str(BOOK)
    kept = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    assert kept == {"checkpoint", "openings.jsonl"} | {tile.path for tile in (*of_size(700), *bundles(700))}


async def test_a_fork_of_one_size_is_proven_to_all_and_the_book_cosigned_no_more(witness: Witness, host: Host) -> None:
    await witness.looks()
    host.history = OTHER
    (alarm,) = await witness.looks()
    assert alarm.kind == "fork"
    assert proven(alarm) == {LOG_KEY}
    host.size = 30
    await witness.looks()
    assert host.cosigned.keys() == {20}


def proven(alarm: Alarm) -> frozenset[VerifierKey]:
    assert alarm.file is not None
    return fork.shown(fork.parsed(alarm.file.read_bytes()), [LOG_KEY], HOLDS)


async def test_a_longer_history_that_begins_otherwise_is_proven_to_be_a_fork(witness: Witness, host: Host) -> None:
    await witness.looks()
    host.history, host.size = OTHER, 31
    (alarm,) = await witness.looks()
    assert (alarm.kind, proven(alarm)) == ("fork", {LOG_KEY})


async def test_a_shorter_history_that_begins_otherwise_is_proven_to_be_a_fork(witness: Witness, host: Host) -> None:
    await witness.looks()
    host.history, host.size = OTHER, 19
    (alarm,) = await witness.looks()
    assert (alarm.kind, proven(alarm)) == ("fork", {LOG_KEY})


async def test_after_a_fork_the_first_history_is_cosigned_again_once_that_is_said(witness: Witness, host: Host) -> None:
    await witness.looks()
    host.history = OTHER
    await witness.looks()
    host.history, host.size = TOLD, 30
    assert await witness.looks() == []
    assert host.cosigned.keys() == {20}
    assert thaw(witness.path, BOOK)
    assert await witness.looks() == []
    assert host.cosigned.keys() == {20, 30}
    assert not thaw(witness.path, BOOK)


async def test_a_fork_that_is_forgiven_is_not_cosigned_either(witness: Witness, host: Host) -> None:
    await witness.looks()
    host.history, host.size = OTHER, 30
    await witness.looks()
    thaw(witness.path, BOOK)
    host.size = 31
    (alarm,) = await witness.looks()
    assert alarm.kind == "fork"
    assert host.cosigned.keys() == {20}


async def test_the_same_history_at_an_earlier_size_is_a_rollback(witness: Witness, host: Host) -> None:
    await witness.looks()
    host.size = 12
    (alarm,) = await witness.looks()
    assert alarm.kind == "rollback"
    kept = msgspec.json.decode(alarm.file.read_bytes() if alarm.file else b"")
    assert kept["shown"] == bytes(host.note(12)).decode()
    assert kept["verified"] is not None
    host.size = 21
    assert await witness.looks() == []
    assert host.cosigned.keys() == {20, 21}


def with_a_wrong_proof(host: Host) -> None:
    host.proof = lambda _old, _new: (bytes(32),)


def with_wrong_entries(host: Host) -> None:
    host.proof = lambda _old, _new: (bytes(32),)
    host.history.entries = [*TOLD.entries[:25], *OTHER.entries[25:]]


def with_other_entries_than_the_tree(host: Host) -> None:
    host.history.entries = [*TOLD.entries[:25], *OTHER.entries[25:]]


def with_words_that_were_changed(host: Host) -> None:
    host.opening = lambda found: structs.replace(found, envelope=(found.envelope or b"").replace(b"word 25", b"word 26"))


def with_another_salt(host: Host) -> None:
    host.opening = lambda found: structs.replace(found, salt=bytes(32))


def with_half_a_salt(host: Host) -> None:
    host.opening = lambda found: structs.replace(found, salt=(found.salt or b"")[:16])


def with_an_envelope_that_is_none(host: Host) -> None:
    host.history = History(WORDS[:40], unreadable=25)


def with_openings_in_another_order(host: Host) -> None:
    host.opening = lambda found: TOLD.openings[found.index ^ 1]


def with_no_opening(host: Host) -> None:
    host.opening = lambda found: Opening(found.index)


def with_a_signature_of_another(host: Host) -> None:
    host.signs = (seeded("another"),)


def with_another_books_checkpoint(host: Host) -> None:
    host.content = bytes(host.note(30)).replace(ORIGIN.encode(), b"forum.example/book/8")


def with_garbage(host: Host) -> None:
    host.content = b"garbage\n"


@pytest.mark.parametrize(
    ("serving", "kind"),
    [
        (with_a_wrong_proof, "inconsistent"),
        (with_wrong_entries, "inconsistent"),
        (with_other_entries_than_the_tree, "bad-entries"),
        (with_words_that_were_changed, "bad-opening"),
        (with_another_salt, "bad-opening"),
        (with_half_a_salt, "bad-opening"),
        (with_an_envelope_that_is_none, "bad-opening"),
        (with_openings_in_another_order, "bad-opening"),
        (with_no_opening, "bad-opening"),
        (with_a_signature_of_another, "bad-signature"),
        (with_another_books_checkpoint, "bad-signature"),
        (with_garbage, "bad-signature"),
    ],
)
async def test_what_is_not_as_it_must_be_is_kept_and_not_cosigned(
    tmp_path: Path, serving: Callable[[Host], None], kind: str
) -> None:
    host = Host(History(WORDS[:40]), 20)
    witness = Witness(tmp_path, host)
    await witness.looks()
    host.size = 30
    serving(host)
    (alarm,) = await witness.looks()
    assert alarm.kind == kind
    assert alarm.file is not None
    assert host.cosigned.keys() == {20}


async def test_a_mended_host_is_cosigned_again(witness: Witness, host: Host) -> None:
    await witness.looks()
    host.size = 30
    with_words_that_were_changed(host)
    assert [alarm.kind for alarm in await witness.looks()] == ["bad-opening"]
    host.opening = lambda found: found
    host.size = 31
    assert await witness.looks() == []
    assert host.cosigned.keys() == {20, 31}


async def test_what_is_withheld_is_kept_as_that(witness: Witness, host: Host) -> None:
    host.opening = lambda found: Opening(found.index, withheld="erased") if found.index == 3 else found
    assert await witness.looks() == []
    assert witness.mirror.opened == 20


async def test_one_alarm_is_raised_once_in_a_run_and_kept_once_over_all(witness: Witness, host: Host) -> None:
    await witness.looks()
    host.size = 12
    with folders.opened(witness.path) as opened:
        watch = witness.watch(opened)
        await watch.look()
        await watch.look()
    await witness.looks()
    assert [alarm.kind for alarm in witness.alarms] == ["rollback", "rollback"]
    assert len(list((witness.path / folders.EVIDENCE).iterdir())) == 1


async def test_a_cosignature_that_was_lost_on_its_way_is_handed_in_again_as_it_was(witness: Witness, host: Host) -> None:
    host.loses = True
    await witness.looks()
    host.loses = False
    witness.clock.at += timedelta(hours=1)
    await witness.looks()
    (line,) = host.cosigned[20]
    ours = note.signature(line.rstrip("\n"))
    assert int.from_bytes(ours.octets[:8]) == int(START.timestamp())


async def test_a_witness_without_its_mirror_makes_it_again_and_goes_on_from_what_it_cosigned(
    witness: Witness, host: Host
) -> None:
    await witness.looks()
    gone = witness.path / folders.BOOKS / str(BOOK)
    gone.rename(witness.path / "gone")
    host.size = 30
    assert await witness.looks() == []
    assert witness.mirror.size == 30
    assert host.cosigned.keys() == {20, 30}


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("checkpoint", b"garbage\n"),
        ("openings.jsonl", b"{}\n"),
        ("tile/entries/000.p/20", b"x"),
        ("tile/entries/000.p/20", None),
    ],
)
async def test_a_mirror_that_is_not_as_it_was_kept_is_named_and_made_again_once_it_is_removed(
    witness: Witness, host: Host, part: str, content: bytes | None
) -> None:
    await witness.looks()
    host.size = 21
    mirror = witness.path / folders.BOOKS / str(BOOK)
    (mirror / part).unlink()
    if content is not None:
        (mirror / part).write_bytes(content)
    with pytest.raises(WitnessError, match=rf"{part} is not as it was kept: remove .* and it is made again\."):
        await witness.looks()
    shutil.rmtree(mirror)
    assert await witness.looks() == []
    assert host.cosigned.keys() == {20, 21}
    assert witness.mirror.opened == 21


@pytest.mark.parametrize("size", [20, 30])
async def test_a_witness_without_its_mirror_still_cosigns_no_other_history(tmp_path: Path, host: Host, size: int) -> None:
    witness = Witness(tmp_path / "JPN", host)
    await witness.looks()
    gone = witness.path / folders.BOOKS / str(BOOK)
    gone.rename(witness.path / "gone")
    host.history, host.size = OTHER, size
    (alarm,) = await witness.looks()
    assert alarm.kind == "inconsistent"
    assert host.cosigned.keys() == {20}


async def test_a_new_key_is_learnt_from_a_checkpoint_that_the_old_one_signed_too(witness: Witness, host: Host) -> None:
    new = seeded("new")
    host.said = LogKeys((new.public, LOG.public))
    host.signs = (new, LOG)
    assert await witness.looks() == []
    host.signs, host.size = (new,), 30
    assert await witness.looks() == []
    assert host.cosigned.keys() == {20, 30}


async def test_a_new_key_that_the_old_one_never_stood_beside_is_not_believed(witness: Witness, host: Host) -> None:
    await witness.looks()
    new = seeded("new")
    host.said = LogKeys((new.public,))
    host.signs, host.size = (new,), 30
    (alarm,) = await witness.looks()
    assert alarm.kind == "bad-signature"


async def test_a_book_falls_silent_when_facts_are_recorded_and_no_checkpoint_speaks_of_them(
    witness: Witness, host: Host
) -> None:
    host.facts = 21
    with folders.opened(witness.path) as opened:
        watch = witness.watch(opened)
        for minutes in (0, 4, 5, 9):
            witness.clock.at = START + timedelta(minutes=minutes)
            await watch.look()
    assert [(alarm.kind, alarm.book) for alarm in witness.alarms] == [("silent", BOOK)]
    assert "21 facts are recorded" in witness.alarms[0].sentence


async def test_a_book_in_which_nothing_happens_is_not_silent(witness: Witness) -> None:
    with folders.opened(witness.path) as opened:
        watch = witness.watch(opened)
        for hours in range(3):
            witness.clock.at = START + timedelta(hours=hours)
            await watch.look()
    assert witness.alarms == []


async def test_a_forum_that_does_not_answer_falls_silent_and_is_heard_again(witness: Witness, host: Host) -> None:
    with folders.opened(witness.path) as opened:
        watch = witness.watch(opened)
        for minutes, away in ((0, True), (5, True), (6, False), (7, True), (11, True), (12, True)):
            witness.clock.at, host.away = START + timedelta(minutes=minutes), away
            await watch.look()
    assert [(alarm.kind, alarm.book) for alarm in witness.alarms] == [("silent", None), ("silent", None)]


steps = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(1, 40), st.sampled_from(["honest", "wrong proof", "mixed entries", "away", "resumed"])
    ),
    max_size=8,
)


@settings(max_examples=40)
@given(st.integers(0, 40), st.integers(0, 40), steps)
async def test_whatever_a_host_serves_a_witness_cosigns_one_history(
    one: int, two: int, course: list[tuple[int, int, str]]
) -> None:
    """Three histories that part somewhere, at any sizes, honestly served or not, by a process that is ended after each look."""
    told = [
        History(WORDS[:40]),
        History([*WORDS[:one], *OTHERS[100 : 140 - one]]),
        History([*WORDS[:two], *OTHERS[200 : 240 - two]]),
    ]
    with TemporaryDirectory() as path:
        host = Host(told[0], 1)
        witness = Witness(Path(path) / "JPN", host)
        for which, size, how in course:
            host.history, host.size, host.away = told[which], size, how == "away"
            host.proof = (lambda _old, _new: (bytes(32),)) if how == "wrong proof" else host._proof
            whole = told[which].entries
            if how == "mixed entries":
                told[which].entries = [*told[0].entries[:9], *told[which - 1].entries[9:]]
            if how == "resumed":
                thaw(witness.path, BOOK)
            await witness.looks()
            told[which].entries = whole
        lines = (witness.path / folders.STATE).read_text().splitlines()[1:]
        trees = [tuple(line.split(" ")[1:3]) for line in lines]
        assert len({size for size, _ in trees}) == len(trees)
        assert not trees or any(all(is_of(history, *tree) for tree in trees) for history in told)
        if kept := witness.mirror.tree:
            assert any(history.tree(kept.size) == kept for history in told)


def is_of(history: History, size: str, root: str) -> bool:
    return str(history.tree(int(size))).splitlines()[2] == root


PROMISER: Final = seeded("promise")
PROMISE_KEY: Final = PROMISER.key(f"{HOST}/promise")


def promised(witness: Witness, index: int, word: int | None = None, by: Private = PROMISER) -> Path:
    """A promise that Japan was given with its answer, put where its witness finds it."""
    commit = TOLD.entries[index if word is None else word][1:]
    text = str(Promise(ORIGIN, (Promised(index, commit, START),)))
    file = witness.path / folders.PROMISES / f"promise-{index}"
    file.write_bytes(bytes(note.Note(text, (by.signature(PROMISE_KEY.name, text),))))
    return file


@pytest.fixture
def promising(tmp_path: Path) -> Witness:
    host = Host(TOLD, 20)
    host.said = LogKeys((LOG.public,), (PROMISER.public,))
    return Witness(tmp_path / "JPN", host)


def settled(file: Path, where: str) -> bool:
    return not file.exists() and (file.parent / where / file.name).exists()


async def test_a_promise_is_kept_once_the_fact_stands_in_the_tree(promising: Witness) -> None:
    file = promised(promising, 25)
    assert await promising.looks() == []
    assert file.exists()
    promising.host.size = 26
    assert await promising.looks() == []
    assert settled(file, folders.KEPT)


async def test_a_promise_is_broken_when_it_is_due_and_nothing_stands_there(promising: Witness) -> None:
    file = promised(promising, 25)
    promising.clock.at = START + timedelta(seconds=14)
    assert await promising.looks() == []
    promising.clock.at = START + timedelta(seconds=15)
    (alarm,) = await promising.looks()
    assert settled(file, folders.BROKEN)
    assert alarm.kind == "broken-promise"
    evidence = broken.parsed(alarm.file.read_bytes() if alarm.file else b"")
    keys = [PROMISE_KEY, LOG_KEY]
    assert broken.is_shown(evidence, keys, [promising.key], HOLDS)
    assert not broken.is_shown(evidence, keys, [], HOLDS)
    assert not broken.is_shown(evidence, [LOG_KEY], [promising.key], HOLDS)


async def test_a_promise_is_broken_when_something_else_stands_there_as_everybody_can_check(promising: Witness) -> None:
    file = promised(promising, 7, word=8)
    (alarm,) = await promising.looks()
    assert settled(file, folders.BROKEN)
    evidence = broken.parsed(alarm.file.read_bytes() if alarm.file else b"")
    assert broken.is_shown(evidence, [PROMISE_KEY, LOG_KEY], [], HOLDS)
    assert not broken.is_shown(structs.replace(evidence, stands=TOLD.entries[8]), [PROMISE_KEY, LOG_KEY], [], HOLDS)


async def test_a_promise_of_nobody_known_and_one_of_no_promise_at_all_are_left_alone(promising: Witness) -> None:
    promised(promising, 25, by=seeded("nobody"))
    (promising.path / folders.PROMISES / "garbage").write_bytes(b"garbage")
    promising.clock.at = START + timedelta(hours=1)
    assert await promising.looks() == []


async def test_a_promise_is_not_broken_because_the_forum_does_not_answer(promising: Witness) -> None:
    await promising.looks()
    file = promised(promising, 25)
    promising.host.away = True
    promising.clock.at = START + timedelta(minutes=1)
    assert await promising.looks() == []
    assert file.exists()
