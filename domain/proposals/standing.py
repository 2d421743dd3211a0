"""Who stands where, on which words; and what a revision does to a position.

- endorsements, no objection and abstentions are *maintained* through revisions that change nothing substantive, unless
  their holder contests that; else they are *superseded*, as is a dissociation by any substantive revision;
- an *objection stands* through every revision until its delegation lifts it or takes another position;
- a reserve runs on to its due date; it and an unconfirmed endorsement ad referendum fall away when due;
- once a deferred proposal is taken up again, only objections go on: all else of the earlier year needs reaffirming.
"""

from collections.abc import Iterable, Set
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from domain.identity import DelegationCode
from domain.proposals.events import Stance
from domain.proposals.proposal import Adopted, Position, Proposal, received_in_time

ENDORSEMENTS = frozenset({Stance.ENDORSE, Stance.WITH_RESERVATION, Stance.AD_REFERENDUM})
PENDING = frozenset({Stance.AD_REFERENDUM, Stance.RESERVE})


class Hold(StrEnum):
    """How a position relates to the current revision."""

    CURRENT = "current"
    """Taken on it."""
    MAINTAINED = "maintained"
    """Taken on an earlier one; nothing substantive changed since."""
    SUPERSEDED = "superseded"
    """Taken on an earlier one; to be reaffirmed."""
    STANDING = "standing"
    """An objection to an earlier one, not yet answered."""
    FELL_AWAY = "fell-away"
    """Not confirmed when it was due."""


COUNTING = frozenset({Hold.CURRENT, Hold.MAINTAINED, Hold.STANDING})
"""How a position on the current text holds."""


class Standing(Struct, frozen=True):
    """A delegation's position and how it holds now."""

    position: Position
    hold: Hold

    @property
    def counts(self) -> bool:
        """Whether it is a position on the current text."""
        return self.hold in COUNTING

    @property
    def endorses(self) -> bool:
        """Whether it is an endorsement of the current text."""
        return self.counts and self.stance in ENDORSEMENTS

    @property
    def stance(self) -> Stance:
        """The stance taken."""
        return self.position.stance


class PartyHow(StrEnum):
    """How a delegation came to be a party to an agreement."""

    ENDORSED = "endorsed"
    NO_OBJECTION = "no-objection"
    SILENT = "silent"
    PRESENT = "present-without-position"


class Party(Struct, frozen=True):
    """A delegation that is party to the agreement, and how."""

    delegation: DelegationCode
    how: PartyHow


def standing_of(proposal: Proposal, position: Position, now: datetime, *, certification: bool) -> Standing:
    """How one position holds now. ``certification``: whether the rules ask the chair to certify editorial changes."""
    return Standing(position, _hold(proposal, position, now, certification=certification))


def _hold(proposal: Proposal, position: Position, now: datetime, *, certification: bool) -> Hold:
    if position.stance in PENDING and position.due is not None and now >= position.due:
        return Hold.FELL_AWAY
    if position.contested or _is_of_an_earlier_year(proposal, position):
        return Hold.SUPERSEDED
    later = proposal.revisions[position.revision + 1 :]
    if not later:
        return Hold.CURRENT
    if position.stance is Stance.OBJECT:
        return Hold.STANDING
    if position.stance is Stance.RESERVE:
        return Hold.MAINTAINED
    if any(revision.is_substantive(certification=certification) for revision in later):
        return Hold.SUPERSEDED
    return Hold.MAINTAINED


def _is_of_an_earlier_year(proposal: Proposal, position: Position) -> bool:
    """Of a proposal taken up again, all but objections need reaffirming."""
    since = proposal.taken_up
    return since is not None and position.taken < since and position.stance is not Stance.OBJECT


def standings(proposal: Proposal, now: datetime, *, certification: bool) -> dict[DelegationCode, Standing]:
    """How every position holds now. Of a closed proposal: how it held when it closed."""
    moment = min(now, closed_at(proposal) or now)
    return {
        delegation: standing_of(proposal, position, moment, certification=certification)
        for delegation, position in sorted(proposal.positions.items())
    }


def closed_at(proposal: Proposal) -> datetime | None:
    """When the proposal closed."""
    return getattr(proposal.phase, "at", None)


def endorsing(held: dict[DelegationCode, Standing]) -> int:
    """How many endorse the current text."""
    return sum([standing.endorses for standing in held.values()])


def objecting(held: dict[DelegationCode, Standing]) -> tuple[DelegationCode, ...]:
    """Whose objection stands."""
    return _with_stance(held, {Stance.OBJECT})


def timely_objections(proposal: Proposal) -> tuple[DelegationCode, ...]:
    """Whose objection was received before the adoption that stands, and recorded after it."""
    if not isinstance(proposal.phase, Adopted):
        return ()
    return tuple(sorted({late.delegation for late in received_in_time(proposal, proposal.phase)}))


def pending(held: dict[DelegationCode, Standing]) -> tuple[DelegationCode, ...]:
    """Whose endorsement ad referendum or reserve waits to be confirmed."""
    return _with_stance(held, PENDING)


def maintained(held: dict[DelegationCode, Standing]) -> tuple[DelegationCode, ...]:
    """Whose position was carried over from an earlier revision."""
    return tuple(d for d, s in held.items() if s.hold is Hold.MAINTAINED and s.stance is not Stance.RESERVE)


def _with_stance(held: dict[DelegationCode, Standing], stances: Set[Stance]) -> tuple[DelegationCode, ...]:
    return tuple([d for d, s in held.items() if s.position.stance in stances and s.counts])


def agreed_ad_referendum(held: dict[DelegationCode, Standing], members: Set[DelegationCode]) -> bool:
    """Shown, not stored: everybody endorses or has no objection, and at least one is still to be confirmed."""
    if not any(standing.stance is Stance.AD_REFERENDUM and standing.counts for standing in held.values()):
        return False
    good = ENDORSEMENTS | {Stance.NO_OBJECTION}
    return {d for d, s in held.items() if s.counts and s.stance in good} >= members


def parties(
    proposal: Proposal, adopted: Adopted, members: Iterable[DelegationCode], *, certification: bool
) -> tuple[Party, ...]:
    """Who is party to the agreement: every delegation of the format but those that abstain or dissociate."""
    held = standings(proposal, adopted.at, certification=certification)
    silent = PartyHow.SILENT if adopted.by_silence else PartyHow.PRESENT
    found = ((d, _how(held.get(d), silent)) for d in sorted(members))
    return tuple(Party(delegation, how) for delegation, how in found if how is not None)


def _how(held: Standing | None, silent: PartyHow) -> PartyHow | None:
    if held is None or not held.counts:
        return silent
    if held.stance in {Stance.ABSTAIN, Stance.DISSOCIATE}:
        return None
    if held.stance in {Stance.NO_OBJECTION, Stance.RESERVE}:
        return PartyHow.NO_OBJECTION  # a reserve is confirmed by keeping silent; on the floor none is left
    return PartyHow.ENDORSED if held.stance in ENDORSEMENTS else silent
