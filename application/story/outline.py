"""Of the demonstration's fifteen proposals: what of each waits to be told, and for what.

All are on the table of the record, under the codes that they have here. P23-03 went on in two parts, P24-04 and P24-05.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct

from domain.kernel import Fact
from domain.proposals.events import (
    ProposalReleased,
    ProposalWithdrawn,
    ReleaseAsked,
    ReleaseConsented,
    ReleaseConsentWithdrawn,
    WordsErased,
)


class Missing(StrEnum):
    """What cannot be recorded yet: the word that the tags of its facts will bear."""

    AMENDMENT = "amendment"
    BRACKET = "bracket"
    DISCREPANCY = "discrepancy"
    INSTRUMENT = "instrument"
    MILESTONE = "milestone"
    SUSPENSION = "suspended"
    UNDERTAKING = "undertaking"
    UPTAKE = "uptake"


class Untold(Struct, frozen=True):
    """What of a proposal waits, and for what."""

    what: str
    for_: tuple[Missing, ...]


class Told(Struct, frozen=True):
    """A proposal of which the story tells as much as can be recorded today."""

    code: str
    """As the record numbers it."""
    untold: tuple[Untold, ...] = ()


def _waits(what: str, *for_: Missing) -> Untold:
    return Untold(what, for_)


TOLD: Final = (
    Told(
        "P20-01",
        (
            _waits("The doubt whether the English and the Japanese text mean the same incidents.", Missing.DISCREPANCY),
            _waits("Its yearly scores, with a gap in 2022.", Missing.UNDERTAKING),
        ),
    ),
    Told("P20-02"),
    Told("P21-01", (_waits("The report-backs that fall due under it.", Missing.UNDERTAKING),)),
    Told("P21-02", (_waits("The list as it is kept.", Missing.UNDERTAKING),)),
    Told(
        "P22-01",
        (
            _waits("The words not agreed, fourteen, then five, then none; here whole phrases change.", Missing.BRACKET),
            _waits("Its yearly scores.", Missing.UNDERTAKING),
        ),
    ),
    Told("P22-02", (_waits("The alternatives of its title; here they stand in square brackets as words.", Missing.BRACKET),)),
    Told(
        "P23-01",
        (
            _waits("Its yearly scores from 2023 on, and the test call of 2026 that nobody answered.", Missing.UNDERTAKING),
            _waits("The steps to the first test call.", Missing.MILESTONE),
        ),
    ),
    Told("P23-02", (_waits("The talks that resumed.", Missing.UPTAKE, Missing.MILESTONE),)),
    Told(
        "P23-03",
        (
            _waits(
                "Of the part on launches, that a group suspended it in November 2025, and resumed it in May 2026.",
                Missing.SUSPENSION,
                Missing.INSTRUMENT,
            ),
        ),
    ),
    Told(
        "P24-01",
        (
            _waits(
                "The alternatives of its title and twenty more; here those of the title stand in square brackets as words.",
                Missing.BRACKET,
            ),
        ),
    ),
    Told("P24-02"),
    Told("P24-03"),
    Told("P25-01", (_waits("What the working group owes the plenary.", Missing.UNDERTAKING),)),
    Told(
        "P25-02",
        (
            _waits(
                "'Disputed waters' as moved by a delegation and not accepted, and the compromise as accepted; here the sponsor "
                "takes both up itself.",
                Missing.AMENDMENT,
            ),
        ),
    ),
    Told("P26-01", (_waits("The compilation text with what each delegation wants; it lies with the chair.", Missing.BRACKET),)),
)

NOT_TOLD: Final[Mapping[type[Fact], str]] = {
    ProposalWithdrawn: "None of the fifteen is withdrawn.",
    WordsErased: "Nobody asks in the story that words go.",
    **dict.fromkeys(
        (ReleaseAsked, ReleaseConsented, ReleaseConsentWithdrawn, ProposalReleased),
        "None of the fifteen goes beyond its format.",
    ),
}
"""Facts about proposals that can be recorded today and do not occur in the story, with the reason."""
