"""A bundle that is true verifies, by the program and by the one file that goes with it; each that is not is refused with the reason."""

import ast
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final

import pytest
from msgspec.structs import replace

from domain.erasures.events import NamedWords
from domain.identity import BookId
from domain.record import archive
from domain.record import policy as policies
from domain.record.bundle import CHECKPOINT, DESCRIPTION, OPENINGS, Withheld
from domain.record.fork import shown
from domain.record.malformed import Malformed
from domain.record.note import Kind, Note
from domain.record.openings import Fact
from domain.record.policy import Policy
from domain.record.report import Outcome, Report, Run, Step, Verdict
from domain.record.verifying import Means, Remembered, verified
from infrastructure.record import verify
from infrastructure.record.ciphers import HOLDS, check
from infrastructure.record.replayed import authorised, replayed
from tests.domain.cast import CHN, JPN, USA, an_id
from tests.infrastructure.record.bundles import (
    BEGUN,
    GOLDEN,
    LOG,
    ORIGIN,
    OTHER_LOG,
    WORDS,
    Book,
    Kept,
    book,
    erased,
    golden,
    kept,
    policy,
    private,
    story,
    zipped,
)

MEANS: Final = Means(check, policy(), replayed, authorities=authorised)
LOG_LINE: Final = bytes(policy()).partition(b"\n")[0]
ALONE: Final = Path(verify.__file__)


def replaced(true: Book, index: int, fact: Kept, *, replay: bool = True) -> Book:
    """The book with another fact in its tree, signed by the same log."""
    changed = replace(true, facts=(*true.facts[:index], fact, *true.facts[index + 1 :]))
    return changed if replay else replace(changed, state=b"{}")


def remembering(*notes: Note) -> Remembered:
    return {ORIGIN: notes}.__getitem__


def failures(report: Report) -> dict[Step, str]:
    return {finding.step: finding.says for finding in report.findings if finding.outcome is Outcome.FAILED}


def outcomes(report: Report) -> dict[Step, Outcome]:
    return {finding.step: finding.outcome for finding in report.findings}


@pytest.fixture
def alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[bytes], tuple[int, str]]:
    """The one file, run in this process: its exit code, and what it printed."""

    def run(content: bytes, own: Policy | None = None) -> tuple[int, str]:
        (tmp_path / "bundle.zip").write_bytes(content)
        (tmp_path / "policy").write_bytes(bytes(own or policy()))
        capsys.readouterr()
        code = verify.main([str(tmp_path / "bundle.zip"), str(tmp_path / "policy")])
        return code, capsys.readouterr().out

    return run


Alone = Callable[[bytes], tuple[int, str]]


def refused(content: bytes, alone: Alone, says: str, *, means: Means = MEANS) -> Report:
    """Both refuse it."""
    report = verified(content, means)
    assert not report.holds
    assert any(says in reason for reason in failures(report).values()), failures(report)
    code, printed = alone(content)
    assert code == 1, printed
    assert "FAILED" in printed
    return report


def test_the_bundle_of_a_whole_book_is_verified_fact_by_fact(alone: Alone) -> None:
    report = verified(golden(), MEANS)
    assert failures(report) == {}
    assert report.facts == (Run(0, 6, Verdict.VERIFIED),)
    assert report.origin == ORIGIN
    code, printed = alone(golden())
    assert code == 0, printed
    assert "7 verified, 0 committed-not-disclosed, 0 erased-authorised, 0 failed" in printed


def test_the_kept_bundle_is_made_again_to_the_byte() -> None:
    if not GOLDEN.exists():
        GOLDEN.write_bytes(golden())
    assert GOLDEN.read_bytes() == golden()


def test_a_book_of_several_tiles_with_earlier_checkpoints_is_verified(alone: Alone) -> None:
    content = book(520).bundle(earlier=(1, 255, 256, 257, 512))
    assert verified(content, MEANS).holds
    assert alone(content)[0] == 0


def test_the_one_file_runs_isolated_in_a_folder_with_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "bundle.zip").write_bytes(golden())
    files = archive.parsed(golden())
    (tmp_path / "verify.py").write_bytes(files["verify.py"])
    run = subprocess.run(
        [sys.executable, "-I", "verify.py", "bundle.zip"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "whoever made it chose whom to believe" in run.stdout
    assert "not checked" in run.stdout


def test_the_one_file_imports_the_standard_library_alone_and_is_python_3_9() -> None:
    read = ast.parse(ALONE.read_bytes(), feature_version=(3, 9))
    named = {alias.name for node in ast.walk(read) if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module or "." for node in ast.walk(read) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in named} <= set(sys.stdlib_module_names)
    assert not any(isinstance(node, ast.Match) for node in ast.walk(read))


def test_each_changed_byte_of_any_file_is_refused_with_the_reason(alone: Alone) -> None:
    chance = Random(4)
    files = {name: archive.parsed(golden())[name] for name in archive.parsed(golden()).names}
    for _ in range(200):
        name = chance.choice(list(files))
        changed = bytearray(files[name])
        changed[chance.randrange(len(changed))] ^= chance.randrange(1, 256)
        content = archive.written((files | {name: bytes(changed)}).items())
        report = verified(content, MEANS)
        assert failures(report), name
        assert all(failures(report).values())
        code, printed = alone(content)
        assert code == 1, (name, printed)
        assert "failed" in printed


def test_each_changed_byte_of_the_archive_itself_is_refused(alone: Alone) -> None:
    chance = Random(5)
    for _ in range(200):
        changed = bytearray(golden())
        changed[chance.randrange(len(changed))] ^= chance.randrange(1, 256)
        assert Step.FILES in failures(verified(bytes(changed), MEANS))
        code, printed = alone(bytes(changed))
        assert code == 1, printed


@pytest.mark.parametrize("name", [CHECKPOINT, "checkpoints/4", OPENINGS, "tile/entries/000.p/7"])
def test_a_changed_byte_is_refused_also_where_every_sum_over_it_was_made_anew(name: str, alone: Alone) -> None:
    chance = Random(6)
    files = book().files(earlier=(1, 4))
    for _ in range(25):
        changed = bytearray(files[name])
        changed[chance.randrange(len(changed))] ^= chance.randrange(1, 256)
        content = zipped(book(), files | {name: bytes(changed)})
        report = verified(content, MEANS)
        assert failures(report), (name, bytes(changed))
        assert alone(content)[0] == 1


def test_a_book_that_another_log_signed_is_not_that_of_the_readers_policy(alone: Alone) -> None:
    refused(book(log=OTHER_LOG).bundle(), alone, "no log of the policy has signed")


def test_a_bundle_with_a_policy_of_its_own_making_holds_only_for_who_believes_it() -> None:
    report = verified(book(log=OTHER_LOG).bundle(), Means(check))
    assert report.holds
    assert outcomes(report)[Step.POLICY] is Outcome.NOTED


def test_too_few_witnesses_are_no_quorum(alone: Alone) -> None:
    refused(book(witnesses=(JPN, USA)).bundle(), alone, "the quorum quorum asks for more than JPN, USA")


def test_a_witness_whose_signature_does_not_hold_refuses_the_checkpoint(alone: Alone) -> None:
    files = book().files()
    lines = files[CHECKPOINT].splitlines(keepends=True)
    moved = book(6).files()[CHECKPOINT].splitlines(keepends=True)[-1]
    content = zipped(book(), files | {CHECKPOINT: b"".join([*lines[:-1], moved])})
    refused(content, alone, "the signature of apc.example/witness/KOR does not hold")


def test_a_fact_changed_with_its_opening_is_not_what_the_book_committed_to(alone: Alone) -> None:
    changed = kept(story()[2], 2, BEGUN + timedelta(seconds=1))
    report = refused(book(opened={2: changed}).bundle(), alone, "the opening is not what the book committed to")
    assert report.facts == (
        Run(0, 1, Verdict.VERIFIED),
        Run(2, 2, Verdict.FAILED, "the opening is not what the book committed to"),
        Run(3, 6, Verdict.VERIFIED),
    )


def test_a_fact_changed_with_its_opening_and_its_entry_comes_to_another_root(alone: Alone) -> None:
    changed = replaced(book(), 2, kept(story()[2], 2, BEGUN + timedelta(seconds=1)))
    content = zipped(book(), changed.files() | {CHECKPOINT: book().files()[CHECKPOINT]})
    refused(content, alone, "the entries come to")


def test_two_facts_that_changed_places_are_not_of_their_indices(alone: Alone) -> None:
    true = book()
    moved = replace(true, facts=(*true.facts[:2], true.facts[3], true.facts[2], *true.facts[4:]))
    refused(moved.bundle(), alone, "its envelope is that of fact 3 of the book")


def test_a_fact_of_another_book_is_refused(alone: Alone) -> None:
    foreign = kept(story()[2], 2, BEGUN + timedelta(seconds=2), book=BookId(an_id("another book")))
    refused(replaced(book(), 2, foreign).bundle(), alone, "its envelope is that of fact 2 of the book")


def test_a_fact_that_goes_back_in_time_is_refused(alone: Alone) -> None:
    back = kept(story()[5], 5, BEGUN)
    refused(replaced(book(), 5, back).bundle(), alone, "lies before that of a fact before it")


def test_a_fact_that_is_younger_than_what_witnesses_saw_is_refused(alone: Alone) -> None:
    late = kept(story()[6], 6, BEGUN + timedelta(minutes=10))
    refused(replaced(book(), 6, late).bundle(), alone, "after a witness had seen it")


def test_a_fact_that_is_older_than_the_book_that_witnesses_saw_without_it_is_noted(alone: Alone) -> None:
    content = book(cosigned={4: 600, 7: 700}).bundle(earlier=(4,))
    report = verified(content, MEANS)
    assert outcomes(report)[Step.TIMES] is Outcome.NOTED
    assert "3 facts, the first 4, are dated before a witness saw the book without them" in str(report.findings)
    assert "3 facts are dated before" in alone(content)[1]


def test_times_that_are_told_are_said_to_be(alone: Alone) -> None:
    content = book(cosigned={4: 600, 7: 700}, kind="demonstration").bundle(earlier=(4,))
    assert "this forum is told its times" in str(verified(content, MEANS).findings)
    assert "this forum is a demonstration" in alone(content)[1]


def test_an_envelope_in_another_spelling_is_refused(alone: Alone) -> None:
    spaced = replace(book().facts[2], envelope=book().facts[2].envelope.replace(b'"v":1', b'"v": 1'))
    refused(replaced(book(), 2, spaced, replay=False).bundle(), alone, "not written in the one way")


def test_an_envelope_whose_index_is_no_number_is_refused(alone: Alone) -> None:
    said = replace(book().facts[1], envelope=book().facts[1].envelope.replace(b'"index":1,', b'"index":true,'))
    content = replaced(book(), 1, said, replay=False).bundle()
    assert verified(content, MEANS).counts[Verdict.FAILED] == 1
    code, printed = alone(content)
    assert (code, "is that of fact True" in printed) == (1, True), printed


def test_an_envelope_with_a_member_too_many_is_refused(alone: Alone) -> None:
    more = replace(book().facts[2], envelope=book().facts[2].envelope.replace(b'"v":1', b'"v":1,"w":1'))
    refused(replaced(book(), 2, more, replay=False).bundle(), alone, "not written in the one way")


@pytest.mark.parametrize(
    "line",
    [b"group all 1 none\nquorum all\n", b"group none 1 JPN\nquorum none\n", b"%b\n%b\nquorum none\n" % ((LOG_LINE,) * 2)],
)
def test_a_policy_that_counts_nobody_as_a_witness_or_names_a_log_twice_is_none(line: bytes) -> None:
    content = bytes(policy()).partition(b"group")[0] + line
    with pytest.raises(Malformed):
        policies.parsed(content)
    with pytest.raises(verify.Refused):
        verify.policy(content)


@pytest.mark.parametrize(
    ("closed", "says"),
    [
        (b"\n", "gives no reason that counts"),
        (b'{"index":4}\n', "gives no reason that counts"),
        (b'{"index":4,"withheld":"secret"}\n', "gives no reason that counts"),
        (b'{"index":4,"withheld":"erased"}\n', "names no fact by which it was erased"),
        (b'{"erasure":6,"index":4,"withheld":"erased"}\n', "by fact 6, which does not say so"),
        (b'{"index":5,"withheld":"not-disclosed"}\n', "its line is not that of an opening of 4"),
        (b'{"index": 4,"withheld":"not-disclosed"}\n', "its line is not that of an opening of 4"),
    ],
)
def test_what_is_withheld_without_a_reason_that_counts_is_refused(closed: bytes, says: str, alone: Alone) -> None:
    refused(book(withheld={4: closed}).bundle(), alone, says)


def test_what_is_said_to_be_erased_by_a_fact_that_the_book_does_not_have_is_refused(alone: Alone) -> None:
    refused(book(withheld={4: Withheld(4, "erased", 7)}).bundle(), alone, "names no fact by which it was erased")


def test_a_fact_of_a_later_version_keeps_nobody_from_verifying_the_rest(alone: Alone) -> None:
    later = replace(book().facts[2], envelope=book().facts[2].envelope.replace(b'"type":"', b'"type":"forum.later-'))
    content = replaced(book(), 2, later, replay=False).bundle()
    report = verified(content, MEANS)
    assert report.counts[Verdict.VERIFIED] == 7
    assert outcomes(report)[Step.STATE] is Outcome.NOT_CHECKED
    assert alone(content)[0] == 0


def test_words_that_went_with_everybodys_agreement_are_erased_with_authority(alone: Alone) -> None:
    content = erased().bundle()
    report = verified(content, MEANS)
    assert failures(report) == {}
    assert report.facts[1] == Run(4, 4, Verdict.ERASED, "by fact 12")
    assert outcomes(report)[Step.STATE] is Outcome.HELD
    code, printed = alone(content)
    assert code == 0, printed
    assert "12 verified, 0 committed-not-disclosed, 1 erased-authorised, 0 failed" in printed


def test_words_that_went_without_somebodys_agreement_are_refused_and_who_is_named(alone: Alone) -> None:
    report = refused(erased(agreeing=(CHN, JPN, USA)).bundle(), alone, "without authority: approvals KOR")
    assert report.counts[Verdict.ERASED] == 0


def test_words_that_went_though_others_were_asked_for_are_refused(alone: Alone) -> None:
    refused(erased(words=(*WORDS, NamedWords(6, "proposal.reason-given"))).bundle(), alone, "without authority: request")


def test_words_that_went_by_a_fact_that_the_bundle_does_not_open_are_not_said_to_be_erased_rightly(alone: Alone) -> None:
    content = replace(erased(), start=2, end=6).bundle()
    report = verified(content, MEANS)
    assert report.holds
    assert report.counts[Verdict.ERASED] == 0
    assert outcomes(report)[Step.WITHHELD] is Outcome.NOTED
    code, printed = alone(content)
    assert code == 0, printed
    assert "0 erased-authorised" in printed


def test_what_is_not_disclosed_is_committed_and_the_state_is_not_said_to_be_checked(alone: Alone) -> None:
    content = book(withheld={4: Withheld(4, "not-disclosed")}).bundle()
    report = verified(content, MEANS)
    assert report.holds
    assert report.counts == {Verdict.VERIFIED: 6, Verdict.COMMITTED: 1, Verdict.ERASED: 0, Verdict.FAILED: 0}
    assert outcomes(report)[Step.STATE] is Outcome.NOT_CHECKED
    assert alone(content)[0] == 0


def test_a_line_too_few_or_too_many_is_refused(alone: Alone) -> None:
    files = book().files()
    lines = files[OPENINGS].splitlines(keepends=True)
    refused(zipped(book(), files | {OPENINGS: b"".join(lines[:-1])}), alone, "it is neither opened nor withheld")
    refused(zipped(book(), files | {OPENINGS: b"".join([*lines, lines[-1]])}), alone, "there are more than the 7")


def test_a_state_that_the_facts_do_not_come_to_is_refused() -> None:
    wrong = replayed(one.envelope for one in book().facts[:6])
    report = verified(book(state=wrong).bundle(), MEANS)
    assert failures(report) == {Step.STATE: "a replay of the facts comes to another state than is stated"}


def test_without_a_replay_the_state_is_not_said_to_be_checked(alone: Alone) -> None:
    wrong = book(state=b"{}").bundle()
    assert outcomes(verified(wrong, Means(check, policy())))[Step.STATE] is Outcome.NOT_CHECKED
    assert "not checked  state" in alone(wrong)[1]


def test_a_part_of_a_book_is_verified_and_the_rest_committed_to(alone: Alone) -> None:
    content = book(start=2, end=5).bundle()
    report = verified(content, MEANS)
    assert report.holds, failures(report)
    assert [(run.first, run.last, run.verdict) for run in report.facts] == [
        (0, 1, Verdict.COMMITTED),
        (2, 4, Verdict.VERIFIED),
        (5, 6, Verdict.COMMITTED),
    ]
    code, printed = alone(content)
    assert code == 0, printed
    assert "3 verified, 4 committed-not-disclosed" in printed


@pytest.mark.parametrize(
    ("member", "value"),
    [
        (b'"kind":"regular"', b'"kind":"secret"'),
        (b'"format":"plenary"', b'"format":"japan-us"'),
        (b'"from":0', b'"from":1'),
        (b'"size":7', b'"size":8'),
        (b'"to":7', b'"to":6'),
        (b'"forum":"apc', b'"forum":"bpc'),
        (b"/book/", b"/look/"),
        (b"bundle/v1", b"bundle/v2"),
        (b'"size":7', b'"size":9007199254740991'),
    ],
)
def test_each_word_of_the_description_is_compared_with_something(member: bytes, value: bytes, alone: Alone) -> None:
    files = {name: archive.parsed(golden())[name] for name in archive.parsed(golden()).names}
    assert member in files[DESCRIPTION]
    content = archive.written((files | {DESCRIPTION: files[DESCRIPTION].replace(member, value, 1)}).items())
    assert not verified(content, MEANS).holds
    assert alone(content)[0] == 1


def test_an_earlier_checkpoint_with_another_past_is_a_fork_and_evidence(alone: Alone) -> None:
    other = replaced(book(), 2, kept(story()[2], 2, BEGUN + timedelta(seconds=2), signature="another"))
    files = book().files(earlier=(4,)) | {"checkpoints/4": bytes(other.note(4))}
    report = refused(zipped(book(), files), alone, "the log has signed another past: a fork")
    (found,) = report.forks
    assert shown(found, [LOG.key(ORIGIN)], HOLDS) == {LOG.key(ORIGIN)}


def test_a_remembered_checkpoint_with_another_past_is_a_fork_and_evidence() -> None:
    other = replaced(book(), 2, kept(story()[2], 2, BEGUN + timedelta(seconds=2), signature="another"))
    report = verified(golden(), replace(MEANS, remembered=remembering(other.note(5), book().note(3))))
    assert failures(report) == {Step.REMEMBERED: "you have seen another past of 5 facts, signed by the log: a fork"}
    (found,) = report.forks
    assert shown(found, [LOG.key(ORIGIN)], HOLDS) == {LOG.key(ORIGIN)}


def test_a_remembered_checkpoint_of_a_larger_book_is_noted() -> None:
    report = verified(golden(), replace(MEANS, remembered=remembering(book(9).note())))
    assert report.holds
    assert "you have seen 9 facts of this book before: these 7 are older" in str(report.findings)


def test_signed_acts_are_counted_and_checked_only_by_who_can() -> None:
    signed = replaced(book(), 2, kept(story()[2], 2, BEGUN + timedelta(seconds=2), signature="signed"))
    report = verified(signed.bundle(), MEANS)
    assert ("1 facts bear a delegation's signature", Outcome.NOT_CHECKED) in [
        (one.says, one.outcome) for one in report.findings
    ]

    def forged(fact: Fact) -> str | None:
        return f"{fact.signature} is not what {fact.delegation} signed"

    report = verified(signed.bundle(), replace(MEANS, signed=forged))
    assert report.facts[1] == Run(2, 2, Verdict.FAILED, "signed is not what CHN signed")
    assert Step.ACTS in failures(report)


def test_the_signatures_of_the_one_file_are_those_of_the_ciphers() -> None:
    chance = Random(7)
    for number in range(20):
        key = private(f"{number}", Kind.ED25519)
        message = chance.randbytes(number * 7)
        good = key.bare(message)
        bad = bytearray(good)
        bad[chance.randrange(64)] ^= 1 << chance.randrange(8)
        assert verify.signed(key.public, message, good)
        assert not verify.signed(key.public, message, bytes(bad))
        assert not verify.signed(key.public, message + b"x", good)


def test_the_one_file_refuses_signatures_in_a_second_spelling() -> None:
    key = private("spelt", Kind.ED25519)
    good = key.bare(b"message")
    more = (int.from_bytes(good[32:], "little") + verify.ORDER).to_bytes(32, "little")
    assert verify.signed(key.public, b"message", good)
    assert not verify.signed(key.public, b"message", good[:32] + more), "s is less than the order of the base"
    assert verify.point(verify.spelt(verify.NEUTRAL)) == verify.NEUTRAL
    assert verify.point((verify.P + 1).to_bytes(32, "little")) is None, "y is less than p"
    assert verify.point((1 | 1 << 255).to_bytes(32, "little")) is None, "0 has no sign"
