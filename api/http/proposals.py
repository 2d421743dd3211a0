"""Proposals from their tabling on: where they stand, what happened to them, and each act on them."""

from typing import Any
from uuid import UUID

from litestar import Response, delete, get, post
from litestar.params import FromPath
from msgspec import Struct

from api.http.answers import MOMENTS, Recorded, asking, carry_out, moments, shown, unchanged
from api.http.bodies import read_body
from api.http.filters import filtered, for_whom, forum_language
from api.http.forum import Nothing
from api.http.headers import known, needed, revision
from api.sessions import AnyRequest, accord
from application import across
from application.access import BINDING, act_as
from application.acts.proposals import merge, on_proposal, split, take_up
from application.desk import NotThereError
from application.doors import (
    Answered,
    Contested,
    Endorsement,
    Objection,
    OtherPosition,
    Position,
    Restated,
    Said,
    Signable,
    endorsement,
    given,
    objection,
    other_position,
    signed,
)
from application.etags import comparison_etag
from application.views.comparison import Comparison
from application.views.history import FactShown, actors, show_history
from application.views.lineage import Lineage
from application.views.pages import Page
from application.views.proposals import ProposalRow
from application.views.signing import WORDS, to_sign
from application.views.status import ProposalStatus, RevisionShown, show_revision
from domain.identity import DelegationCode, PersonId, ProposalId, StreamId
from domain.proposals import commands
from domain.proposals.acts.on_behalf import GivenAct
from domain.proposals.commands import ProposalCommand
from domain.proposals.proposal import Proposal, Revision
from domain.record.signedact import Act, ActSignature

TAKEN = (commands.TakePosition, commands.RecordOnBehalf)
"""By a delegation; or by the secretary, of what a delegation gave."""


class History(Struct, frozen=True):
    """What happened to a proposal, in order."""

    items: tuple[FactShown, ...]
    total: int
    names: dict[PersonId, str]
    """Of those who did it, as far as these are not erased; for readers of the book of all delegations alone."""


class Signed(Struct, frozen=True):
    """A request that is signed: another than the same without."""

    command: ProposalCommand
    signature: ActSignature


FILTERS = (
    "edition",
    "kind",
    "status",
    "format",
    "sponsor",
    "predecessor",
    "needs",
    "q",
    "as_of",
    "effective_at",
    "limit",
    "after",
)


@get("/api/proposals", opt={"query": FILTERS})
async def get_proposals(request: AnyRequest) -> Response[Page[ProposalRow]]:
    """The proposals that I may read, the newest first, with their number. `needs=me`: those that wait for me."""
    house, asked = accord(request), filtered(request, moments(request))
    who = await asking(request, "proposals")
    listed = await house.listed(who.seen, as_of=asked.as_of)
    mine = for_whom(request, asked, who)
    page = await house.proposals.page(who.books, mine, now=listed.at, reached=listed.position)
    return shown(request, page)


@get("/api/proposals/{proposal:uuid}", opt={"query": MOMENTS})
async def get_proposal(request: AnyRequest, proposal: FromPath[UUID]) -> Response[ProposalStatus]:
    """Where a proposal stands, now or at a moment before (`as_of`, `effective_at`)."""
    house, asked = accord(request), moments(request)
    who = await asking(request)
    if asked.is_now:
        current = await house.current(StreamId(proposal), who.books)
        return shown(request, current.body, current.etag)
    state, then = await house.proposal_then(StreamId(proposal), who.books, asked)
    return shown(request, house.status(state, then, who.books))


@get("/api/proposals/{proposal:uuid}/history", opt={"query": MOMENTS})
async def get_history(request: AnyRequest, proposal: FromPath[UUID]) -> Response[History]:
    """Every fact of a proposal, with its actor, credential, both times and position (up to `as_of`, `effective_at`)."""
    house, asked = accord(request), moments(request)
    who = await asking(request)
    await house.find(StreamId(proposal), who.books, Proposal)
    items = show_history(asked.of(await house.facts(StreamId(proposal), who.books)))
    inside = house.directory.forum_book() in who.books
    names = await house.people.names(actors(items) if inside else ())
    return shown(request, History(items, len(items), dict(names)))


@get("/api/proposals/{proposal:uuid}/lineage", opt={"query": MOMENTS})
async def get_lineage(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Lineage]:
    """A proposal's family: predecessors, successors, what was merged and what it was split into, and theirs."""
    house, asked = accord(request), moments(request)
    who = await asking(request, "proposals")
    now = await house.listed_at(who.seen, as_of=asked.as_of)
    return shown(request, await across.lineage(house, who.books, ProposalId(proposal), asked, now=now))


@get("/api/proposals/{proposal:uuid}/revisions/{number:int}")
async def get_revision(request: AnyRequest, proposal: FromPath[UUID], number: FromPath[int]) -> Response[RevisionShown]:
    """The whole text at one number. It never changes."""
    who = await asking(request)
    _, state, _ = await accord(request).proposal(StreamId(proposal), who.books)
    return shown(request, show_revision(_revision(state, number)))


@get("/api/proposals/{proposal:uuid}/diff", opt={"query": ("from", "to", "language")})
async def get_diff(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Comparison]:
    """What changed between two revisions, provision by provision and, in one language, word by word.

    Without `from` and `to` it is what the current revision changed in the one before; of the first, nothing.
    """
    query = request.query_params
    base, to = revision("from", query.get("from")), revision("to", query.get("to"))
    language = forum_language(request, "language")
    who = await asking(request)
    house = accord(request)
    _, state, _ = await house.proposal(StreamId(proposal), who.books)
    before, after = _both(state, base, to)
    tag = comparison_etag(before, after, language or state.master)
    if (same := unchanged(request, tag)) is not None:
        return same
    return shown(request, await house.comparisons.between(before, after, language or state.master), tag)


@get(
    "/api/proposals/{proposal:uuid}/to-sign",
    opt={
        "query": ("act",),
        "required": ("act",),
        "parameters": {"act": ("What is done: a stance, or another act.", {"type": "string", "enum": list(WORDS)})},
        "problems": (403,),
        "who": tuple(sorted(BINDING)),
    },
)
async def get_to_sign(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Act]:
    """What I sign if I do this now, of the current revision: all but key, time and nonce.

    Compare the fingerprint with that of the words, which you can work out yourself (`accord sign --words`).
    """
    word = known("act", needed("act", request.query_params.get("act")), WORDS)
    who = await asking(request)
    house = accord(request)
    folded, state = await house.find(StreamId(proposal), who.books, Proposal)
    agenda, _ = await house.agenda(state.edition, state.format, who.books)
    members = house.members(state.format, who.books)
    acting = act_as(commands.TakePosition, who.person.capacities(members=members, chair=agenda.chair))
    return shown(request, to_sign(folded, state, acting, word, forum=house.directory.forum().founded.host))


@post("/api/proposals/{proposal:uuid}/revisions", opt={"body": commands.Revise})
async def revise(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Recorded]:
    """Issue a new revision on the current one."""
    return await _act(request, proposal, await read_body(request, commands.Revise))


@post("/api/proposals/{proposal:uuid}/certification", opt={"body": commands.CertifyChanges})
async def certify(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Recorded]:
    """Certify, as chair, that what a revision marks editorial changes no meaning."""
    return await _act(request, proposal, await read_body(request, commands.CertifyChanges))


@post("/api/proposals/{proposal:uuid}/sponsors", opt={"body": Signable, "gives": (commands.Sponsor,)})
async def sponsor(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Recorded]:
    """Put the proposal forward with its sponsors."""
    said = await read_body(request, Signable, may_be_absent=True)
    return await _act(request, proposal, commands.Sponsor(), signature=signed(said))


@delete("/api/proposals/{proposal:uuid}/sponsors/{code:str}", status_code=200, opt={"gives": (commands.EndSponsorship,)})
async def end_sponsorship(request: AnyRequest, proposal: FromPath[UUID], code: FromPath[str]) -> Response[Recorded]:
    """Put the proposal forward no longer: each delegation for itself."""
    return await _act(request, proposal, commands.EndSponsorship(), own=code)


@post("/api/proposals/{proposal:uuid}/pen", opt={"body": commands.HandPen})
async def hand_pen(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Recorded]:
    """Let the chair issue revisions, or take the pen back."""
    return await _act(request, proposal, await read_body(request, commands.HandPen))


@post("/api/proposals/{proposal:uuid}/endorsements", opt={"body": Endorsement, "gives": TAKEN})
async def endorse(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Recorded]:
    """Endorse a revision: outright, with reservation, or ad referendum."""
    said = await read_body(request, Endorsement)
    return await _take(request, proposal, endorsement(said), said)


@post("/api/proposals/{proposal:uuid}/objections", opt={"body": Objection, "gives": TAKEN})
async def object_(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Recorded]:
    """Object to a revision. It stands until it is lifted, and breaks a silence."""
    said = await read_body(request, Objection)
    return await _take(request, proposal, objection(said), said)


@post("/api/proposals/{proposal:uuid}/positions", opt={"body": OtherPosition, "gives": TAKEN})
async def take_position(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Recorded]:
    """Have no objection, reserve, abstain, or dissociate."""
    said = await read_body(request, OtherPosition)
    return await _take(request, proposal, other_position(said), said)


@post(
    "/api/proposals/{proposal:uuid}/positions/{code:str}/lift",
    opt={"body": Restated, "gives": (commands.Lift, commands.RecordOnBehalf)},
)
async def lift(request: AnyRequest, proposal: FromPath[UUID], code: FromPath[str]) -> Response[Recorded]:
    """Lift one's objection."""
    said = await read_body(request, Restated)
    return await _restate(request, proposal, commands.Lift(said.revision), said, code)


@post(
    "/api/proposals/{proposal:uuid}/positions/{code:str}/reaffirm",
    opt={"body": Restated, "gives": (commands.Reaffirm, commands.RecordOnBehalf)},
)
async def reaffirm(request: AnyRequest, proposal: FromPath[UUID], code: FromPath[str]) -> Response[Recorded]:
    """Let a superseded position hold of the current revision."""
    said = await read_body(request, Restated)
    return await _restate(request, proposal, commands.Reaffirm(said.revision), said, code)


@post(
    "/api/proposals/{proposal:uuid}/positions/{code:str}/contest",
    opt={"body": Contested, "gives": (commands.Contest, commands.RecordOnBehalf)},
)
async def contest(request: AnyRequest, proposal: FromPath[UUID], code: FromPath[str]) -> Response[Recorded]:
    """Say that a change did matter to one's maintained position."""
    said = await read_body(request, Contested)
    return await _restate(request, proposal, commands.Contest(said.revision, said.reason), said, code)


@post(
    "/api/proposals/{proposal:uuid}/positions/{code:str}/confirm",
    opt={"body": Restated, "gives": (commands.Confirm, commands.RecordOnBehalf)},
)
async def confirm(request: AnyRequest, proposal: FromPath[UUID], code: FromPath[str]) -> Response[Recorded]:
    """Confirm what one endorsed ad referendum or reserved."""
    said = await read_body(request, Restated)
    return await _restate(request, proposal, commands.Confirm(said.revision), said, code)


@post(
    "/api/proposals/{proposal:uuid}/positions/{code:str}/decline",
    opt={"body": Restated, "gives": (commands.Decline, commands.RecordOnBehalf)},
)
async def decline(request: AnyRequest, proposal: FromPath[UUID], code: FromPath[str]) -> Response[Recorded]:
    """Do not confirm it. Breaks a silence."""
    said = await read_body(request, Restated)
    return await _restate(request, proposal, commands.Decline(said.revision), said, code)


@post(
    "/api/proposals/{proposal:uuid}/positions/{code:str}/on-behalf/confirmation",
    opt={"body": Answered, "gives": (commands.ConfirmGiven,)},
)
async def confirm_given(request: AnyRequest, proposal: FromPath[UUID], code: FromPath[str]) -> Response[Recorded]:
    """Confirm what the secretary recorded on one's behalf: it counts from now on."""
    said = await read_body(request, Answered)
    return await _act(request, proposal, commands.ConfirmGiven(said.revision), own=code, signature=signed(said))


@post(
    "/api/proposals/{proposal:uuid}/positions/{code:str}/on-behalf/disavowal",
    opt={"body": Answered, "gives": (commands.DisownGiven,)},
)
async def disown_given(request: AnyRequest, proposal: FromPath[UUID], code: FromPath[str]) -> Response[Recorded]:
    """Do not stand by what the secretary recorded on one's behalf: it never counts."""
    said = await read_body(request, Answered)
    return await _act(request, proposal, commands.DisownGiven(said.revision), own=code, signature=signed(said))


@post("/api/proposals/{proposal:uuid}/statements", opt={"body": commands.MakeStatement})
async def make_statement(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Recorded]:
    """Explain one's position, interpret, reserve, or dissociate from a provision: printed with the text."""
    return await _act(request, proposal, await read_body(request, commands.MakeStatement))


@post(
    "/api/proposals/{proposal:uuid}/statements/{statement:int}/join", opt={"body": Nothing, "gives": (commands.JoinStatement,)}
)
async def join_statement(request: AnyRequest, proposal: FromPath[UUID], statement: FromPath[int]) -> Response[Recorded]:
    """Make a statement one's own that one was invited to join."""
    await read_body(request, Nothing, may_be_absent=True)
    return await _act(request, proposal, commands.JoinStatement(statement))


@post("/api/proposals/{proposal:uuid}/decision", opt={"body": commands.PutToSitting})
async def put_to_decision(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Recorded]:
    """Put a revision to a sitting, as chair: adopted, unless an objection stands."""
    return await _act(request, proposal, await read_body(request, commands.PutToSitting))


@post("/api/proposals/{proposal:uuid}/decision/set-aside", opt={"body": commands.SetAside})
async def set_aside(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Recorded]:
    """Set an adoption aside, as chair, for an objection that had arrived in time and was recorded late."""
    return await _act(request, proposal, await read_body(request, commands.SetAside))


@post("/api/proposals/{proposal:uuid}/issue", opt={"body": commands.Issue})
async def issue(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Recorded]:
    """Issue the chair's statement."""
    return await _act(request, proposal, await read_body(request, commands.Issue))


@post("/api/proposals/{proposal:uuid}/deferral", opt={"body": commands.Defer})
async def defer(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Recorded]:
    """Let the proposal go on in a later edition, as chair."""
    return await _act(request, proposal, await read_body(request, commands.Defer, may_be_absent=True))


@post("/api/proposals/{proposal:uuid}/resumption", opt={"body": commands.TakeUp})
async def resume(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Recorded]:
    """Put a deferred proposal on the table again, as chair of the later agenda. Objections stand; all else needs reaffirming."""
    said = await read_body(request, commands.TakeUp)
    return await carry_out(request, take_up(ProposalId(proposal), said), said=said)


@post("/api/proposals/{proposal:uuid}/merger", opt={"body": commands.Merge})
async def merge_into(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Recorded]:
    """Let the proposal go on in another that its main sponsor sponsors too."""
    said = await read_body(request, commands.Merge)
    return await carry_out(request, merge(ProposalId(proposal), said), said=said)


@post("/api/proposals/{proposal:uuid}/split", opt={"body": commands.Split})
async def split_up(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Recorded]:
    """Let the proposal go on in parts, each a proposal of its own."""
    said = await read_body(request, commands.Split)
    ids = tuple(ProposalId(accord(request).tracker.ids.new()) for _ in said.parts)
    return await carry_out(request, split(ProposalId(proposal), said, ids), said=said)


@post("/api/proposals/{proposal:uuid}/silence", opt={"body": commands.OpenSilence})
async def open_silence(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Recorded]:
    """Have a revision adopted at the deadline unless somebody objects before it."""
    return await _act(request, proposal, await read_body(request, commands.OpenSilence))


@post("/api/proposals/{proposal:uuid}/silence/extension", opt={"body": commands.ExtendSilence})
async def extend_silence(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Recorded]:
    """Let the silence end later."""
    return await _act(request, proposal, await read_body(request, commands.ExtendSilence))


@post("/api/proposals/{proposal:uuid}/silence/cancellation", opt={"body": commands.CancelSilence})
async def cancel_silence(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Recorded]:
    """Take the text back from silence."""
    return await _act(request, proposal, await read_body(request, commands.CancelSilence))


@post("/api/proposals/{proposal:uuid}/silence/receipt", opt={"body": commands.AcknowledgeReceipt})
async def acknowledge_receipt(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Recorded]:
    """Say that one has the text that is under silence."""
    return await _act(request, proposal, await read_body(request, commands.AcknowledgeReceipt))


@post("/api/proposals/{proposal:uuid}/withdrawal", opt={"body": Nothing, "gives": (commands.Withdraw,)})
async def withdraw(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Recorded]:
    """Take the proposal off the table, as its main sponsor."""
    await read_body(request, Nothing, may_be_absent=True)
    return await _act(request, proposal, commands.Withdraw())


@post("/api/proposals/{proposal:uuid}/outcome", opt={"body": commands.Conclude})
async def conclude(request: AnyRequest, proposal: FromPath[UUID]) -> Response[Recorded]:
    """Record, as chair, that the proposal ends without agreement."""
    return await _act(request, proposal, await read_body(request, commands.Conclude))


def _both(state: Proposal, base: int | None, to: int | None) -> tuple[Revision, Revision]:
    after = _revision(state, state.current.number if to is None else to)
    return _revision(state, max(after.number - 1, 0) if base is None else base), after


def _revision(state: Proposal, number: int) -> Revision:
    if not 0 <= number < len(state.revisions):
        raise NotThereError
    return state.revisions[number]


async def _act(
    request: AnyRequest,
    proposal: UUID,
    command: ProposalCommand,
    *,
    own: str | None = None,
    signature: ActSignature | None = None,
) -> Response[Recorded]:
    """Do it. ``own``: the delegation that the address names, which is the one that acts, or there is nothing there."""
    delegation = None if own is None else DelegationCode(own)
    task = on_proposal(ProposalId(proposal), command, own=delegation, signature=signature)
    return await carry_out(request, task, said=command if signature is None else Signed(command, signature))


async def _take(request: AnyRequest, proposal: UUID, act: GivenAct, said: Position) -> Response[Recorded]:
    """Take a position; or, as secretary, record what a delegation gave."""
    return await _act(request, proposal, given(act, said, said.on_behalf_of), signature=signed(said))


async def _restate(request: AnyRequest, proposal: UUID, act: GivenAct, said: Said, code: str) -> Response[Recorded]:
    command = given(act, said, DelegationCode(code))
    return await _act(request, proposal, command, own=code, signature=signed(said))


HANDLERS: tuple[Any, ...] = (
    get_proposals,
    get_proposal,
    get_history,
    get_lineage,
    get_revision,
    get_diff,
    get_to_sign,
    revise,
    certify,
    sponsor,
    end_sponsorship,
    hand_pen,
    endorse,
    object_,
    take_position,
    lift,
    reaffirm,
    contest,
    confirm,
    decline,
    confirm_given,
    disown_given,
    make_statement,
    join_statement,
    put_to_decision,
    set_aside,
    issue,
    defer,
    resume,
    merge_into,
    split_up,
    open_silence,
    extend_silence,
    cancel_silence,
    acknowledge_receipt,
    withdraw,
    conclude,
)
