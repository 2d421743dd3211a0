"""Acts prepared for the head: an adviser writes one, the head or alternate sends it."""

from application.acts.founding import delegations_audience
from application.acts.proposals import on_proposal
from application.desk import Desk, NotThereError
from application.directory import Directory
from application.etags import etag
from application.tracker import Task
from domain.identity import DelegationCode, PreparedId, ProposalId, StreamId
from domain.prepared.prepared import PrepareAct, PreparedAct, drop, prepare, send
from domain.proposals.commands import ProposalCommand
from domain.record.signedact import ActSignature


def prepare_act(directory: Directory, delegation: DelegationCode, command: PrepareAct, prepared: PreparedId) -> Task:
    """Have an act ready for the delegation's head, in the delegation's own book."""
    stream = StreamId(prepared)

    async def act(desk: Desk) -> None:
        if delegation not in directory.delegations():
            raise NotThereError
        book = desk.book(delegations_audience((delegation,)))
        if book is None or book not in desk.books:
            raise NotThereError
        await desk.act(PrepareAct, desk.person.capacities(members={delegation}, chair=None))
        desk.decide(stream, book, prepare(delegation, command))

    return Task(stream, act)


def send_prepared(
    prepared: PreparedId, proposal: ProposalId, command: ProposalCommand | None, signature: ActSignature | None = None
) -> Task:
    """Send it: the act itself and the note that it was sent are recorded together. Whoever sends must be able to bind.

    ``command`` is what its words come to; None where they were erased. Whoever has sent it before gets the first answer all the same.
    """

    async def act(desk: Desk) -> None:
        folded, state = await desk.get(StreamId(prepared), PreparedAct)
        desk.unchanged(etag(folded.version))
        sent = send(state)
        assert command is not None, "what can be sent has its words"
        await on_proposal(proposal, command, unconditional=True, signature=signature).act(desk)
        assert desk.acting is not None, "the act was somebody's"
        if desk.acting.delegation != state.delegation:
            raise NotThereError
        desk.decide(StreamId(prepared), folded.book, sent)

    return Task(StreamId(proposal), act)


def drop_prepared(prepared: PreparedId) -> Task:
    """It is not needed any more."""
    stream = StreamId(prepared)

    async def act(desk: Desk) -> None:
        folded, state = await desk.get(stream, PreparedAct)
        desk.unchanged(etag(folded.version))
        await desk.act(PrepareAct, desk.person.capacities(members={state.delegation}, chair=None))
        desk.decide(stream, folded.book, drop(state))

    return Task(stream, act)
