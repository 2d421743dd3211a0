"""Of the demonstration's fifteen proposals: which are told today, and what the others wait for.

The codes are labels of the story. The record numbers the proposals of a format and edition as they are tabled; so a code and a
number differ where an earlier proposal of the year is not told yet.
"""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from domain.kernel import Fact
from domain.proposals.events import (
    AdoptionSetAside,
    GivenActConfirmed,
    GivenActDisowned,
    InstructedByChair,
    PositionFellAway,
    ProposalAbsorbed,
    ProposalConcluded,
    ProposalDeferred,
    ProposalMerged,
    ProposalSplit,
    ProposalTakenUp,
    ProposalWithdrawn,
    RecordedOnBehalf,
    StatementIssued,
    StatementJoined,
    StatementMade,
    StatementWorded,
)


class Told(Struct, frozen=True):
    """A proposal of which the story tells as much as can be recorded today."""

    code: str
    number: str
    """As the record counts."""
    untold: str
    """What of it waits, and for what."""


class Waiting(Struct, frozen=True):
    """A proposal that is not told yet, and what it waits for."""

    code: str
    what: str
    for_: str


TOLD: Final = (
    Told("P20-02", "P20-01", "USA reads 'hegemony' as naming no State: statements. P20-01 comes before it."),
    Told("P21-01", "P21-01", "The report-backs that fall due under it: undertakings."),
    Told("P23-01", "P23-01", "Its yearly scores from 2023 on, and the test call of 2026 that nobody answered: undertakings."),
    Told("P23-02", "P23-02", "Its milestone, completed when the talks resumed: undertakings."),
    Told(
        "P25-02",
        "P25-01",
        "'Disputed waters' as an amendment that the sponsor did not accept: amendments; here KOR takes the words "
        "up itself. Its predecessor P22-02, and P25-01 before it.",
    ),
)

WAITING: Final = (
    Waiting("P20-01", "Annual joint review of incidents", "discrepancies between language versions; undertakings"),
    Waiting("P21-02", "Directory of crisis contact points", "undertakings"),
    Waiting("P22-01", "Common vocabulary for unplanned encounters", "brackets; undertakings"),
    Waiting("P22-02", "Taiwan Strait: restraint and communication practices", "brackets; deferral"),
    Waiting(
        "P23-03", "Advance notice of launches and large exercises", "splitting; deferral; suspension of an agreement in part"
    ),
    Waiting("P24-01", "Denuclearization roadmap", "brackets; merging"),
    Waiting("P24-02", "Deterrence needs dialogue", "issuing a chair's statement; statements"),
    Waiting(
        "P24-03", "Russia-DPRK military cooperation", "statements: the dissociation from one provision is printed with the text"
    ),
    Waiting("P25-01", "Four-party working group on the Korean Peninsula", "merging"),
    Waiting(
        "P26-01",
        "Cyber incidents against crisis channels",
        "brackets and a compilation text; its zero draft lies with the chair",
    ),
)

LATER: Final = "Waits for its proposal."

NOT_TOLD: Final[Mapping[type[Fact], str]] = {
    ProposalWithdrawn: "None of the fifteen is withdrawn.",
    ProposalConcluded: "Those that end without consensus, P22-02 and P24-01, wait; P25-02's agenda stays open.",
    AdoptionSetAside: LATER,
    GivenActConfirmed: LATER,
    GivenActDisowned: LATER,
    InstructedByChair: LATER,
    PositionFellAway: LATER,
    ProposalAbsorbed: LATER,
    ProposalDeferred: LATER,
    ProposalMerged: LATER,
    ProposalSplit: LATER,
    ProposalTakenUp: LATER,
    RecordedOnBehalf: LATER,
    StatementIssued: LATER,
    StatementJoined: LATER,
    StatementMade: LATER,
    StatementWorded: LATER,
}
"""Facts about proposals that can be recorded today and do not occur in the story, with the reason."""
