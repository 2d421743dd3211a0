"""Statements: what a delegation says of a text, printed with it. Consensus stands."""

from domain.kernel import Decision, Fact
from domain.proposals.acts.checks import check_not_deferred, current
from domain.proposals.circumstances import Circumstances
from domain.proposals.commands import JoinStatement, MakeStatement
from domain.proposals.events import StatementJoined, StatementKind, StatementMade, StatementWorded
from domain.proposals.proposal import Proposal
from domain.proposals.refusals import (
    DissociationUnclear,
    LanguageNotOfForum,
    NotAMember,
    NotInvited,
    ProvisionNotInRevision,
    StatementEmpty,
    StatementTooLate,
    StatementUnknown,
)

BEFORE_OUTCOME = frozenset({StatementKind.RESERVATION, StatementKind.DISSOCIATION})


def make(proposal: Proposal, command: MakeStatement, around: Circumstances) -> Decision:
    """Make one, also under silence; an explanation or interpretation also after the outcome (22, 36, 37)."""
    check_not_deferred(proposal)
    _check_time(proposal, command.kind)
    _check_place(proposal, command)
    _check_words(command, around)
    for delegation in command.invited:
        if delegation not in around.members:
            raise NotAMember(delegation, tuple(sorted(around.members)))
    number = len(proposal.statements) + 1
    invited = tuple(sorted(set(command.invited) - {around.actor}))
    made: list[Fact] = [
        StatementMade(number, around.actor, command.kind, command.revision, command.provision, invited),
        StatementWorded(number, command.text),
    ]
    return Decision(tuple(made))


def join(proposal: Proposal, command: JoinStatement, around: Circumstances) -> Decision:
    """Make a statement one's own, on invitation; as long as one could make it oneself (36, 37)."""
    check_not_deferred(proposal)
    if not 0 < command.statement <= len(proposal.statements):
        raise StatementUnknown(command.statement, len(proposal.statements))
    statement = proposal.statements[command.statement - 1]
    if around.actor not in statement.invited or around.actor in statement.joined:
        raise NotInvited(around.actor, command.statement)
    _check_time(proposal, statement.kind)
    return Decision((StatementJoined(command.statement, around.actor),))


def _check_time(proposal: Proposal, kind: StatementKind) -> None:
    if proposal.is_closed and kind in BEFORE_OUTCOME:
        raise StatementTooLate(proposal.status, kind)


def _check_place(proposal: Proposal, command: MakeStatement) -> None:
    revision = current(proposal, command.revision)
    if command.provision is None and command.kind is StatementKind.DISSOCIATION:
        raise DissociationUnclear
    if command.provision is not None and command.provision not in {part.id for part in revision.provisions}:
        raise ProvisionNotInRevision(command.provision, command.revision)


def _check_words(command: MakeStatement, around: Circumstances) -> None:
    for language in command.text:
        if language not in around.languages:
            raise LanguageNotOfForum(language, around.languages)
    if not any(words.strip() for words in command.text.values()):
        raise StatementEmpty
