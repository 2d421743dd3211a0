"""What each figure of progress means. A definition that changes gets a new version: a figure names the one it was made by."""

from typing import Final

from msgspec import Struct


class Definition(Struct, frozen=True):
    """What a figure counts."""

    name: str
    version: int
    sentence: str

    @property
    def label(self) -> str:
        """As a figure names it: adoption-rate/1."""
        return f"{self.name}/{self.version}"


PROPOSALS: Final = Definition(
    "proposals",
    1,
    "The proposals that stood in the edition (n), those of them that were tabled in it, and how each stands there: "
    "an outcome counts in the edition where it happened. One with several sponsors counts for each of them.",
)
ADOPTION_RATE: Final = Definition(
    "adoption-rate",
    1,
    "Adopted proposals over proposals acted upon: put to decision or under silence at least once. Lapsed ones are in neither.",
)
DAYS_TO_ADOPTION: Final = Definition(
    "days-to-adoption",
    1,
    "The median of the days from tabling to adoption, by when these are said to have happened, over the adopted (n).",
)
REVISIONS_TO_ADOPTION: Final = Definition(
    "revisions-to-adoption",
    1,
    "How many revisions followed the text as tabled until it was adopted: median and maximum over the adopted (n).",
)
SILENCES: Final = Definition(
    "silences",
    1,
    "The silences opened in the edition (n), and those of them that were broken; one that was extended counts once.",
)
SOLE_OBJECTOR: Final = Definition(
    "sole-objector",
    1,
    "Of the proposals that ended without consensus (n), those on whose last revision just one delegation objected, by delegation.",
)
AGREEMENT: Final = Definition(
    "agreement",
    1,
    "How often two delegations stood alike on the last revision of a proposal adopted, without consensus or lapsed, over "
    "those on which both took a position (n); the others of their formats are excluded. To endorse is 1, with reservation and "
    "ad referendum too; to have no objection, to abstain and to dissociate is 1/2; to object is 0. A reserve awaits "
    "instructions, and what was superseded or fell away is no position on that text: such delegations count as absent. Strict: "
    "the share on which both stand at the same. Half-credit: 1 less the mean distance. S: twice half-credit less 1.",
)

DEFINITIONS: Final = (
    PROPOSALS,
    ADOPTION_RATE,
    DAYS_TO_ADOPTION,
    REVISIONS_TO_ADOPTION,
    SILENCES,
    SOLE_OBJECTOR,
    AGREEMENT,
)
