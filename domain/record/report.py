"""What came of checking a bundle: a finding for each step, and for each fact a verdict. It says also what was not checked."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from msgspec import Struct

from domain.record.fork import Fork
from domain.record.note import Note


class Verdict(StrEnum):
    """What is known of one fact."""

    VERIFIED = "verified"
    COMMITTED = "committed-not-disclosed"
    """It stands in the book; what it says is not shown here."""
    ERASED = "erased-authorised"
    FAILED = "failed"


class Outcome(StrEnum):
    """What came of one step."""

    HELD = "held"
    NOTED = "noted"
    """Nothing that shows a falsehood, and something that the reader should ask about."""
    NOT_CHECKED = "not-checked"
    FAILED = "failed"


class Step(StrEnum):
    """What is checked, in this order."""

    FILES = "files"
    POLICY = "policy"
    CHECKPOINT = "checkpoint"
    QUORUM = "quorum"
    ROOT = "root"
    TILES = "tiles"
    EARLIER = "earlier checkpoints"
    REMEMBERED = "remembered checkpoints"
    OPENINGS = "openings"
    TIMES = "times"
    ACTS = "signed acts"
    SLOTS = "slots"
    STATE = "state"
    WITHHELD = "withheld"


class Finding(Struct, frozen=True):
    """A step, what came of it, and a sentence."""

    step: Step
    outcome: Outcome
    says: str


class Found(Struct, frozen=True):
    """A verdict, with its reason where it needs one."""

    verdict: Verdict
    reason: str | None = None


class Run(Struct, frozen=True):
    """Facts that follow one another with one verdict, from the first to the last of them."""

    first: int
    last: int
    verdict: Verdict
    reason: str | None = None


class Report(Struct, frozen=True):
    """All that was found. ``origin`` and ``size`` are None where not even these can be believed."""

    findings: tuple[Finding, ...]
    facts: tuple[Run, ...] = ()
    origin: str | None = None
    kind: str | None = None
    size: int | None = None
    root: bytes | None = None
    note: Note | None = None
    """The checkpoint that all was checked against, if the log has signed it."""
    forks: tuple[Fork, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing failed."""
        return all(finding.outcome is not Outcome.FAILED for finding in self.findings) and all(
            run.verdict is not Verdict.FAILED for run in self.facts
        )

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many facts have each verdict."""
        return {verdict: sum(run.last - run.first + 1 for run in self.facts if run.verdict is verdict) for verdict in Verdict}


class Verification(Struct, frozen=True):
    """What was found, and the files in which the evidence of forks was kept."""

    report: Report
    evidence: tuple[str, ...] = ()


class ForkShown(Struct, frozen=True):
    """What evidence of a fork shows, or why it shows nothing."""

    origin: str | None = None
    sizes: tuple[int, int] | None = None
    keys: tuple[str, ...] = ()
    """Which signed the two pasts."""
    is_believed: bool = False
    """They are the reader's policy's, and not only those that the file names."""
    lacking: str | None = None


def runs(start: int, end: int, rule: Found, exceptions: Mapping[int, Found]) -> Iterator[Run]:
    """The verdicts of the facts from one index to before another: all alike, but for these."""
    first = start
    for index in sorted(index for index in exceptions if start <= index < end):
        if first < index:
            yield Run(first, index - 1, rule.verdict, rule.reason)
        yield Run(index, index, exceptions[index].verdict, exceptions[index].reason)
        first = index + 1
    if first < end:
        yield Run(first, end - 1, rule.verdict, rule.reason)
