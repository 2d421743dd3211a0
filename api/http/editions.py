"""Editions, and the agenda of a format in one."""

from typing import Any, Final

from litestar import Response, get, post
from litestar.params import FromPath
from msgspec import Struct

from api.http import filters
from api.http.answers import MOMENTS, Recorded, asking, carry_out, moments, shown
from api.http.bodies import read_body
from api.http.forum import Nothing
from api.http.parameters import NAMES
from api.sessions import AnyRequest, accord
from application import across
from application.acts import conferences as acts
from application.acts.people import naming
from application.desk import NotThereError
from application.etags import etag
from application.views.editions import (
    AgendaShown,
    EditionShown,
    show_agenda,
    show_edition,
    show_editions,
)
from application.views.exceptions import Exceptional, ExceptionShown
from application.views.overview import EditionOverview
from domain.conferences.agenda import Agenda, AgendaCommand
from domain.conferences.commands import (
    AnnounceEdition,
    AppointChair,
    CancelEdition,
    CloseAgenda,
    CloseEdition,
    ConveneSitting,
    MarkAttendance,
    OpenEdition,
    PostponeEdition,
)
from domain.conferences.edition import Edition
from domain.identity import DelegationCode, EditionCode, FormatCode


class Editions(Struct, frozen=True):
    """All editions, the latest year first."""

    items: tuple[EditionShown, ...]
    total: int


class Exceptions(Struct, frozen=True):
    """What is out of the ordinary in an edition, by proposal."""

    items: tuple[ExceptionShown, ...]
    total: int


class Present(Struct, frozen=True, forbid_unknown_fields=True):
    """Which delegations are present at the sitting."""

    present: tuple[DelegationCode, ...]


@get("/api/editions", opt={"query": MOMENTS})
async def get_editions(request: AnyRequest) -> Response[Editions]:
    """All editions, now or at a moment before (`as_of`, `effective_at`)."""
    house, asked = accord(request), moments(request)
    who = await asking(request)
    items = show_editions(house.memory, await house.all_of(Edition, who.books, asked), who.books)
    return shown(request, Editions(items, len(items)))


@get("/api/editions/{code:str}", opt={"query": MOMENTS})
async def get_edition(request: AnyRequest, code: FromPath[str]) -> Response[EditionShown]:
    """One edition, now or at a moment before (`as_of`, `effective_at`)."""
    asked = moments(request)
    who = await asking(request)
    stream = accord(request).directory.stream_of("edition", code)
    folded = await accord(request).then(stream, who.books, asked)
    return shown(request, show_edition(accord(request).memory, folded, who.books), etag(folded.version))


@get("/api/editions/{code:str}/overview", opt={"query": MOMENTS})
async def get_overview(request: AnyRequest, code: FromPath[str]) -> Response[EditionOverview]:
    """How far each format's business in the edition is, and what is to be looked at before its agenda closes."""
    house, asked = accord(request), moments(request)
    who = await asking(request)
    now = (await house.log.horizon()).at
    return shown(request, await across.overview(house, who.books, EditionCode(code), asked, now=now))


WHAT: Final = ("Only these kinds of the extraordinary.", {**NAMES, "items": {"enum": sorted(Exceptional)}})


@get("/api/editions/{code:str}/exceptions", opt={"query": ("format", "what", *MOMENTS), "parameters": {"what": WHAT}})
async def get_exceptions(request: AnyRequest, code: FromPath[str]) -> Response[Exceptions]:
    """What an auditor looks at: acts on behalf, late objections, other dates than the record's, carried over as editorial, set aside."""
    house, asked = accord(request), moments(request)
    edition, what = EditionCode(code), filters.exceptional(request)
    who = await asking(request)
    await house.find(house.directory.stream_of("edition", code), who.books, Edition)
    now = (await house.log.horizon()).at
    formats = frozenset(filters.formats(request))
    items = await across.exceptions(house, who.books, edition, asked, formats=formats, what=what, now=now)
    return shown(request, Exceptions(items, len(items)))


@get("/api/editions/{code:str}/agendas/{format_code:str}", opt={"query": MOMENTS})
async def get_agenda(request: AnyRequest, code: FromPath[str], format_code: FromPath[str]) -> Response[AgendaShown]:
    """A format's business in an edition, now or at a moment before (`as_of`, `effective_at`)."""
    house, asked = accord(request), moments(request)
    who = await asking(request)
    if asked.is_now:
        agenda, version = await house.agenda(EditionCode(code), FormatCode(format_code), who.books)
        return shown(request, show_agenda(agenda), etag(version))
    folded = await house.then(house.directory.stream_of("agenda", format_code, code), who.books, asked)
    if not isinstance(folded.state, Agenda):
        raise NotThereError
    return shown(request, show_agenda(folded.state))


@post("/api/editions", opt={"body": AnnounceEdition})
async def announce_edition(request: AnyRequest) -> Response[Recorded]:
    """Begin a conference year."""
    said = await read_body(request, AnnounceEdition)
    return await carry_out(request, acts.announce_edition(accord(request).directory, said), said=said)


@post("/api/editions/{code:str}/open", opt={"body": Nothing, "gives": (OpenEdition,)})
async def open_edition(request: AnyRequest, code: FromPath[str]) -> Response[Recorded]:
    """Begin the edition's work."""
    await read_body(request, Nothing, may_be_absent=True)
    return await _move(request, code, OpenEdition())


@post("/api/editions/{code:str}/close", opt={"body": Nothing, "gives": (CloseEdition,)})
async def close_edition(request: AnyRequest, code: FromPath[str]) -> Response[Recorded]:
    """Let nothing new be tabled or put under silence; what runs goes on until its agenda closes."""
    await read_body(request, Nothing, may_be_absent=True)
    return await _move(request, code, CloseEdition())


@post("/api/editions/{code:str}/cancel", opt={"body": Nothing, "gives": (CancelEdition,)})
async def cancel_edition(request: AnyRequest, code: FromPath[str]) -> Response[Recorded]:
    """Do not meet."""
    await read_body(request, Nothing, may_be_absent=True)
    return await _move(request, code, CancelEdition())


@post("/api/editions/{code:str}/postpone", opt={"body": PostponeEdition})
async def postpone_edition(request: AnyRequest, code: FromPath[str]) -> Response[Recorded]:
    """Move the meeting days."""
    return await _move(request, code, await read_body(request, PostponeEdition))


async def _move(
    request: AnyRequest, code: str, said: OpenEdition | CloseEdition | CancelEdition | PostponeEdition
) -> Response[Recorded]:
    return await carry_out(request, acts.move_edition(accord(request).directory, EditionCode(code), said), said=said)


@post("/api/editions/{code:str}/agendas/{format_code:str}/chair", opt={"body": AppointChair})
async def appoint_chair(request: AnyRequest, code: FromPath[str], format_code: FromPath[str]) -> Response[Recorded]:
    """Let a person chair the format in the edition; there it acts for no delegation meanwhile."""
    said = await read_body(request, AppointChair)
    task = acts.move_agenda(accord(request).directory, EditionCode(code), FormatCode(format_code), said)
    return await carry_out(request, naming(task, said.person, accord(request).people), said=said)


@post("/api/editions/{code:str}/agendas/{format_code:str}/sittings", opt={"body": ConveneSitting})
async def convene_sitting(request: AnyRequest, code: FromPath[str], format_code: FromPath[str]) -> Response[Recorded]:
    """Meet: on record, under the Chatham House Rule, or closed."""
    return await _on_agenda(request, code, format_code, await read_body(request, ConveneSitting))


@post(
    "/api/editions/{code:str}/agendas/{format_code:str}/sittings/{sitting:int}/attendance",
    opt={"body": Present, "gives": (MarkAttendance,)},
)
async def mark_attendance(
    request: AnyRequest, code: FromPath[str], format_code: FromPath[str], sitting: FromPath[int]
) -> Response[Recorded]:
    """Say which delegations are present at the sitting."""
    said = await read_body(request, Present)
    return await _on_agenda(request, code, format_code, MarkAttendance(sitting, said.present))


@post("/api/editions/{code:str}/agendas/{format_code:str}/close", opt={"body": CloseAgenda})
async def close_agenda(request: AnyRequest, code: FromPath[str], format_code: FromPath[str]) -> Response[Recorded]:
    """Finish the format's business: in one act each proposal still open gets its outcome."""
    said = await read_body(request, CloseAgenda, may_be_absent=True)
    task = acts.close_agenda(accord(request).directory, EditionCode(code), FormatCode(format_code), said)
    return await carry_out(request, task, said=said)


async def _on_agenda(request: AnyRequest, code: str, format_code: str, said: AgendaCommand) -> Response[Recorded]:
    task = acts.move_agenda(accord(request).directory, EditionCode(code), FormatCode(format_code), said)
    return await carry_out(request, task, said=said)


HANDLERS: tuple[Any, ...] = (
    get_editions,
    get_edition,
    get_overview,
    get_exceptions,
    get_agenda,
    announce_edition,
    open_edition,
    close_edition,
    cancel_edition,
    postpone_edition,
    appoint_chair,
    convene_sitting,
    mark_attendance,
    close_agenda,
)
