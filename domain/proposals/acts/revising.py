"""Issuing revisions, and certifying what they mark editorial."""

from collections.abc import Mapping, Sequence

from domain.identity import DelegationCode, Language, ProvisionId
from domain.kernel import Decision, Fact
from domain.proposals.acts.checks import check_open, current
from domain.proposals.acts.wording import check_text
from domain.proposals.circumstances import Circumstances
from domain.proposals.commands import CertifyChanges, Revise
from domain.proposals.events import Change, ChangesCertified, ReasonGiven, RevisionIssued
from domain.proposals.proposal import Proposal
from domain.proposals.refusals import (
    ChangeUnmarked,
    MarkTooLight,
    MarkWithoutChange,
    NothingChanged,
    NothingToCertify,
    NotPenholder,
    ProvisionUnknown,
)
from domain.text.comparison import moved
from domain.text.fingerprint import fingerprint
from domain.text.provisions import Provision, Words, with_ids


def revise(proposal: Proposal, command: Revise, around: Circumstances) -> Decision:
    """Issue the next revision on the current one (8, 9, 10, 11)."""
    check_open(proposal)
    penholder = _penholder(proposal, around)
    base = current(proposal, command.base)
    _check_ids(command.provisions, base.provisions)
    check_text(command.provisions, proposal.master, around.languages)
    provisions, _ = with_ids(command.provisions, given=proposal.ids_given)
    changes = _marked(base.provisions, provisions, command.changes, proposal.master)
    if not changes:
        raise NothingChanged(base.number)
    number = base.number + 1
    words = fingerprint(proposal.id, number, proposal.master, provisions)
    issued: list[Fact] = [RevisionIssued(number, provisions, changes, words, penholder)]
    if command.reason:
        issued.append(ReasonGiven(penholder, number, command.reason))
    return Decision(tuple(issued))


def certify(proposal: Proposal, command: CertifyChanges, _: Circumstances) -> Decision:
    """Certify that what a revision marks editorial changes no meaning."""
    check_open(proposal)
    number = command.revision
    waits = 0 < number <= proposal.current.number and not proposal.revisions[number].certified
    if not waits or Change.EDITORIAL not in proposal.revisions[number].changes.values():
        raise NothingToCertify(number)
    return Decision((ChangesCertified(number),))


def _penholder(proposal: Proposal, around: Circumstances) -> DelegationCode | None:
    holder = None if proposal.chair_holds_pen else proposal.main_sponsor
    if around.delegation != holder:
        raise NotPenholder(holder or "the chair")
    return holder


def _check_ids(words: Sequence[Words], base: Sequence[Provision]) -> None:
    known = {part.id for part in base}
    for part in words:
        if part.id is not None:
            if part.id not in known:
                raise ProvisionUnknown(part.id)
            known.discard(part.id)


def _marked(
    base: Sequence[Provision],
    text: Sequence[Provision],
    marks: Mapping[ProvisionId, Change],
    master: Language,
) -> dict[ProvisionId, Change]:
    """Each provision that differs from the base, with what it is; what is added or taken out is substantive."""
    before = {part.id: part for part in base}
    after = {part.id: part for part in text}
    whole = set(before) ^ set(after)
    elsewhere = moved(base, text)
    touched = {i for i in set(before) & set(after) if before[i] != after[i]} | elsewhere
    for provision, mark in marks.items():
        if provision not in whole | touched:
            raise MarkWithoutChange(provision, mark)
        if provision in whole and mark is not Change.SUBSTANTIVE:
            raise MarkTooLight(provision, mark, "it is added or taken out")
    for provision in sorted(touched):
        if provision not in marks:
            raise ChangeUnmarked(provision)
        if marks[provision] is Change.LANGUAGE and (
            provision in elsewhere or not _same_master(provision, before, after, master)
        ):
            raise MarkTooLight(provision, Change.LANGUAGE, "the master is changed")
    return {i: marks.get(i, Change.SUBSTANTIVE) for i in sorted(whole | touched)}


def _same_master(
    provision: ProvisionId,
    before: Mapping[ProvisionId, Provision],
    after: Mapping[ProvisionId, Provision],
    master: Language,
) -> bool:
    old, new = before[provision], after[provision]
    return old.kind is new.kind and old.text[master] == new.text[master]
