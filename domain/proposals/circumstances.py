"""What an act relies on beyond the proposal itself: who acts, when, under which rules, and in which surroundings."""

from collections.abc import Set
from datetime import datetime

from msgspec import Struct

from domain.identity import AgreementId, DelegationCode, EditionCode, FormatCode, Language, ProposalId, ReleaseId
from domain.proposals.proposal import Proposal
from domain.proposals.refusals import NotAMember
from domain.proposals.standing import Standing, standings
from domain.rules import Rules


class Circumstances(Struct, frozen=True):
    """Handed in by the application, so that a decision reads no clock and looks nothing up."""

    now: datetime
    rules: Rules
    members: Set[DelegationCode]
    """The delegations of the format."""
    languages: tuple[Language, ...]
    """The forum's."""
    delegation: DelegationCode | None = None
    """For whom the actor acts; None for the chair."""
    signs: bool = False
    """Whether the act is signed."""
    edition_status: str = "open"
    edition_takes_proposals: bool = True
    edition_named_is_later: bool = True
    """Whether the edition that the act names comes after the one in which the proposal is."""
    agenda_closed: bool = False
    in_session: bool = False
    """Whether this is a meeting day."""
    present: Set[DelegationCode] = frozenset()
    """Who is marked present at the sitting that the act names."""
    fresh_agreement: AgreementId | None = None
    """An id for an agreement that the act may bring about."""
    fresh_release: ReleaseId | None = None
    """The same for a release."""

    @property
    def actor(self) -> DelegationCode:
        """The delegation that acts: refused where it is not of the format."""
        if self.delegation is None or self.delegation not in self.members:
            raise NotAMember(str(self.delegation), tuple(sorted(self.members)))
        return self.delegation

    def standings(self, proposal: Proposal) -> dict[DelegationCode, Standing]:
        """How every position holds now, under these rules."""
        return standings(proposal, self.now, certification=self.rules.editorial_certification)


class Tabling(Struct, frozen=True):
    """What a tabling relies on besides."""

    proposal: ProposalId
    number: str
    format: FormatCode
    edition: EditionCode
    kinds: tuple[str, ...]
    is_import: bool = False
    """Whether the forum is an import, in which the chair tables external resolutions."""
    predecessor: Proposal | None = None
