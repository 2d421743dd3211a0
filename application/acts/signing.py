"""An act that its delegation signs: what is signed, and whether it may be recorded so."""

from dataclasses import dataclass
from typing import ClassVar

import msgspec
from msgspec import Struct

from application.access import Acting
from application.desk import Desk
from application.folds import Folded
from domain.forum.keys import Keys
from domain.forum.signing import check_signature, check_unsigned
from domain.identity import DelegationCode, ProposalId
from domain.kernel import Decision, Refusal
from domain.proposals.acts.checks import current
from domain.proposals.acts.on_behalf import NAMES
from domain.proposals.commands import (
    Confirm,
    ConfirmGiven,
    Contest,
    Decline,
    DisownGiven,
    Lift,
    ProposalCommand,
    Reaffirm,
    Sponsor,
    TakePosition,
)
from domain.proposals.proposal import Proposal
from domain.record.signedact import LATEST, Act, ActSignature, Named, named

Signable = TakePosition | Reaffirm | Contest | Lift | Confirm | Decline | ConfirmGiven | DisownGiven | Sponsor
"""What a delegation can sign. A text that it tables or revises it signs by endorsing it then: before, nobody knows its
fingerprint."""


@dataclass(eq=False)
class SignatureUnfit(Refusal):
    """A delegation signs its own acts: nothing that others record for it, and nothing that it only prepares."""

    code: ClassVar[str] = "signature-unfit"
    sentence: ClassVar[str] = "This is not a delegation's own act, done now; it carries no signature."


class Signed(Struct, frozen=True):
    """An act, and the signature under it as the envelope keeps it."""

    act: Named
    signature: str


async def checked(
    desk: Desk, folded: Folded, state: Proposal, acting: Acting, command: ProposalCommand, given: ActSignature | None
) -> Signed | None:
    """The signature that the act's envelope will keep. Refuses one that does not hold, and none where there must be one.

    The delegation's keys must not move on before the act is recorded, nor does it count for ever once it was signed. That it
    is accepted once the proposal's own stream sees to: two acts with one signature are on one proposal, and the second finds
    the first.
    """
    if not isinstance(command, Signable) or acting.delegation is None:
        if given is not None:
            raise SignatureUnfit
        return None
    rules = (await desk.forum()).founded.rules
    if given is None and not rules.asks_for_signatures:
        return None
    keys = await _keys(desk, acting.delegation)
    if given is None:
        check_unsigned(keys, now=desk.now)
        return None
    if (said := named_by(command, state, acting.delegation)) is None:
        return None  # there is nothing to confirm, and so it will be refused
    check_signature(keys, await _act(desk, folded, state, acting, said), given, state.spent, now=desk.now, check=desk.check)
    desk.holds_until(given.signed_at + LATEST)
    return Signed(said, str(given))


def named_by(command: Signable, state: Proposal, delegation: DelegationCode) -> Named | None:
    """The act as it is signed. To confirm what was recorded on one's behalf is to do that act oneself."""
    match command:
        case TakePosition():
            return Named(NAMES[TakePosition], command.revision, command.stance)
        case Sponsor():
            return Named("sponsor", state.current.number)
        case DisownGiven():
            return Named("disown", command.revision)
        case ConfirmGiven():
            given = state.on_behalf.get(delegation)
            return None if given is None else Named(given.act, given.revision, given.stance)
        case _:
            return Named(NAMES[type(command)], command.revision)


def acts_in(decision: Decision) -> list[Named]:
    """The acts to be signed among what was decided: of what can be signed there is one."""
    facts = ((fact.tag, msgspec.json.encode(fact)) for fact in decision.facts)
    return [said for tag, data in facts if (said := named(tag, data)) is not None]


async def _keys(desk: Desk, delegation: DelegationCode) -> Keys:
    _, keys = await desk.find(desk.directory.stream_of("keys", delegation), Keys)
    return keys or Keys(delegation)


async def _act(desk: Desk, folded: Folded, state: Proposal, acting: Acting, said: Named) -> Act:
    """Refuses an act on a revision that there is not."""
    assert acting.delegation is not None, "a delegation signs"
    assert acting.credential is not None, "and somebody for it"
    revisions = state.revisions
    revision = revisions[said.revision] if 0 <= said.revision < len(revisions) else current(state, said.revision)
    return Act(
        act=said.act,
        book=folded.book,
        credential=acting.credential,
        delegation=acting.delegation,
        fingerprint=revision.fingerprint,
        forum=(await desk.forum()).founded.host,
        proposal=ProposalId(state.id),
        revision=said.revision,
        stance=said.stance,
    )
