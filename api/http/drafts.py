"""Drafts, and acts prepared for the head: each in the book of those who write them."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post, put
from litestar.params import FromPath
from msgspec import Meta, Struct

from api.flaws import Flaw, Wrong
from api.http import filters
from api.http.answers import MOMENTS, Recorded, about, asking, carry_out, moments, shown
from api.http.bodies import decode, read_body
from api.http.forum import Nothing
from api.problems import Malformed
from api.sessions import AnyRequest, accord
from application.access import BINDING
from application.acts import drafts as acts
from application.acts import prepared as prepared_acts
from application.acts.signing import SignatureUnfit
from application.desk import NotThereError
from application.doors import DOORS, Signable, signed
from application.etags import etag
from application.views.drafts import DraftRow
from application.views.pages import Page
from application.views.prepared import PreparedRow
from domain.drafts.commands import DiscardDraft, ShareDraft, TableDraft, WriteDraft
from domain.drafts.draft import Draft
from domain.identity import DelegationCode, DraftId, PreparedId, ProposalId, StreamId
from domain.prepared.prepared import PrepareAct, PreparedAct


class Preparation(Struct, frozen=True, forbid_unknown_fields=True):
    """An act to be sent later: the door, the proposal, and what will be said there."""

    delegation: DelegationCode
    act: Annotated[str, Meta(extra_json_schema={"enum": sorted(DOORS)})]
    target: UUID
    body: Annotated[msgspec.Raw, Meta(extra_json_schema={"type": "object"})]
    """As it is said at the door."""


@get("/api/drafts", opt={"query": ("limit", "after")})
async def get_drafts(request: AnyRequest) -> Response[Page[DraftRow]]:
    """The drafts that I write on."""
    asked = filters.drafts(request)
    who = await asking(request, "drafts")
    return shown(request, await accord(request).drafts.page(who.books, asked))


@get("/api/drafts/{draft:uuid}", opt={"query": MOMENTS})
async def get_draft(request: AnyRequest, draft: FromPath[UUID]) -> Response[Draft]:
    """A draft as it stands, or stood (`as_of`, `effective_at`)."""
    asked = moments(request)
    who = await asking(request)
    folded, state = await accord(request).at(StreamId(draft), who.books, Draft, asked)
    return shown(request, state, etag(folded.version))


@post("/api/drafts", opt={"body": WriteDraft})
async def begin_draft(request: AnyRequest) -> Response[Recorded]:
    """Begin a draft."""
    said = await read_body(request, WriteDraft)
    draft = DraftId(accord(request).tracker.ids.new())
    return await carry_out(request, acts.begin_draft(said, draft), said=said, made="draft.begun")


@put("/api/drafts/{draft:uuid}", opt={"body": WriteDraft})
async def rewrite_draft(request: AnyRequest, draft: FromPath[UUID]) -> Response[Recorded]:
    """Write the whole text anew; what keeps its id is the same provision."""
    said = await read_body(request, WriteDraft)
    return await carry_out(request, acts.rewrite_draft(DraftId(draft), said), said=said)


@delete("/api/drafts/{draft:uuid}", status_code=200, opt={"gives": (DiscardDraft,)})
async def discard_draft(request: AnyRequest, draft: FromPath[UUID]) -> Response[Recorded]:
    """Write on it no longer."""
    return await carry_out(request, acts.discard_draft(DraftId(draft)))


@post("/api/drafts/{draft:uuid}/share", opt={"body": ShareDraft})
async def share_draft(request: AnyRequest, draft: FromPath[UUID]) -> Response[Recorded]:
    """Go on together with other delegations, as another draft in a book that only these read."""
    said = await read_body(request, ShareDraft)
    shared = DraftId(accord(request).tracker.ids.new())
    return await carry_out(request, acts.share_draft(DraftId(draft), said, shared), said=said, made="draft.begun")


@post("/api/drafts/{draft:uuid}/table", opt={"body": Nothing, "gives": (TableDraft,)})
async def table_draft(request: AnyRequest, draft: FromPath[UUID]) -> Response[Recorded]:
    """Put it on the table: the draft ends, a proposal opens with its words."""
    said = await read_body(request, Nothing, may_be_absent=True)
    house = accord(request)
    state = await about(request, StreamId(draft), Draft)
    proposal = ProposalId(house.tracker.ids.new())
    task = acts.table_draft(house.directory, DraftId(draft), state, proposal)
    return await carry_out(request, task, said=said, made="proposal.tabled")


@get("/api/prepared", opt={"query": ("limit", "after")})
async def get_prepared_acts(request: AnyRequest) -> Response[Page[PreparedRow]]:
    """The acts prepared in my delegation."""
    asked = filters.prepared(request)
    who = await asking(request, "prepared")
    return shown(request, await accord(request).prepared.page(who.books, asked))


@get("/api/prepared/{prepared:uuid}", opt={"query": MOMENTS})
async def get_prepared(request: AnyRequest, prepared: FromPath[UUID]) -> Response[PreparedAct]:
    """A prepared act, now or at a moment before (`as_of`, `effective_at`)."""
    asked = moments(request)
    who = await asking(request)
    folded, state = await accord(request).at(StreamId(prepared), who.books, PreparedAct, asked)
    return shown(request, state, etag(folded.version))


@post("/api/prepared", opt={"body": Preparation, "gives": (PrepareAct,)})
async def prepare(request: AnyRequest) -> Response[Recorded]:
    """Have an act ready for the head of one's delegation."""
    said = await read_body(request, Preparation)
    if said.act not in DOORS:
        raise Malformed((Flaw(Wrong.VALUE_UNKNOWN, "#/act", values={"value": said.act, "known": tuple(sorted(DOORS))}),))
    inner = decode(bytes(said.body), DOORS[said.act].said)
    if isinstance(inner, Signable) and inner.signature is not None:
        raise SignatureUnfit
    body = msgspec.json.encode(inner, order="sorted").decode()
    command = PrepareAct(said.act, str(said.target), body)
    house = accord(request)
    task = prepared_acts.prepare_act(house.directory, said.delegation, command, PreparedId(house.tracker.ids.new()))
    return await carry_out(request, task, said=command, made="prepared.act-prepared")


@post("/api/prepared/{prepared:uuid}/send", opt={"body": Signable, "who": tuple(sorted(BINDING))})
async def send(request: AnyRequest, prepared: FromPath[UUID]) -> Response[Recorded]:
    """Send it, as head or alternate: it is done as if said at its door now."""
    said = await read_body(request, Signable, may_be_absent=True)
    state = await about(request, StreamId(prepared), PreparedAct)
    if state.act not in DOORS:
        raise NotThereError
    door = DOORS[state.act]
    command = door.command(decode(state.body.encode(), door.said)) if state.body else None
    signature = signed(said)
    task = prepared_acts.send_prepared(PreparedId(prepared), ProposalId(UUID(state.target)), command, signature)
    return await carry_out(request, task, said=Nothing() if signature is None else said)


@delete("/api/prepared/{prepared:uuid}", status_code=200, opt={"gives": (PrepareAct,)})
async def drop(request: AnyRequest, prepared: FromPath[UUID]) -> Response[Recorded]:
    """It is not needed any more."""
    return await carry_out(request, prepared_acts.drop_prepared(PreparedId(prepared)))


HANDLERS: tuple[Any, ...] = (
    get_drafts,
    get_draft,
    begin_draft,
    rewrite_draft,
    discard_draft,
    share_draft,
    table_draft,
    get_prepared_acts,
    get_prepared,
    prepare,
    send,
    drop,
)
