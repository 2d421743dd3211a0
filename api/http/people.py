"""People, by name. The record knows them by opaque ids; names stand beside it, are read inside the forum, and can be erased."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, delete, get, post, put
from litestar.params import FromPath
from msgspec import Meta, Struct

from api.http.answers import PRIVATE, asking, shown
from api.http.bodies import read_body
from api.http.headers import limit, text
from api.http.who import MYSELF
from api.problems import Unauthenticated
from api.sessions import AnyRequest, accord, caller
from application.access import Capacity, MayNot
from application.accord import Caller
from application.desk import NotThereError
from application.people import NameErased, PersonShown
from application.views.pages import Page
from domain.identity import PersonId

Name = Annotated[str, Meta(min_length=1, max_length=200)]


BY_SECRETARY = (Capacity.SECRETARY.value,)


class Named(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody's name. It stands beside the record, and can be erased."""

    name: Name


class PersonMade(Struct, frozen=True):
    """The id by which the record names the person."""

    id: PersonId


@get("/api/people", opt={"query": ("limit", "after"), "problems": (403,), "who": BY_SECRETARY})
async def get_people(request: AnyRequest) -> Response[Page[PersonShown]]:
    """Everybody, the last added first; for a secretary."""
    query = request.query_params
    most, after = limit(query.get("limit")), text("after", query.get("after"))
    _as_secretary(await asking(request))
    page = await accord(request).people.page(most, after)
    return shown(request, page)


@post("/api/people", opt={"bare": True, "body": Named, "who": BY_SECRETARY})
async def add_person(request: AnyRequest) -> Response[PersonMade]:
    """Add a person, as secretary."""
    said = await read_body(request, Named)
    _as_secretary(await caller(request, binding=True))
    person = await accord(request).people.add(said.name)
    return Response(PersonMade(person), status_code=201, headers=PRIVATE)


@get("/api/people/{person:uuid}", opt={"who": MYSELF})
async def get_person(request: AnyRequest, person: FromPath[UUID]) -> Response[PersonShown]:
    """Who is behind an id that I meet in what I read. Outside the forum nobody is."""
    return shown(request, await _met(request, await asking(request), PersonId(person)))


@put("/api/people/{person:uuid}", opt={"bare": True, "body": Named, "problems": (409,), "who": MYSELF})
async def rename_person(request: AnyRequest, person: FromPath[UUID]) -> Response[PersonShown]:
    """Change a name: my own; or, as secretary, anybody's."""
    said = await read_body(request, Named)
    known = await _own(request, PersonId(person))
    if not await accord(request).people.rename(known.id, said.name):
        raise NameErased
    return Response(PersonShown(known.id, said.name), headers=PRIVATE)


@delete("/api/people/{person:uuid}/name", status_code=204, opt={"bare": True, "who": MYSELF})
async def erase_name(request: AnyRequest, person: FromPath[UUID]) -> None:
    """Erase a name for good: my own; or, as secretary, anybody's. The record keeps the id, and what was done under it."""
    known = await _own(request, PersonId(person))
    await accord(request).people.erase(known.id)


async def _own(request: AnyRequest, person: PersonId) -> PersonShown:
    """Somebody whose name is for the caller to change. Raises NotThereError, MayNot."""
    who = await caller(request, binding=True)
    known = await _met(request, who, person)
    if who.person.id != person:
        _as_secretary(who)
    return known


async def _met(request: AnyRequest, who: Caller, person: PersonId) -> PersonShown:
    """Oneself; to a secretary anybody; to others inside the forum, whom they meet there. Raises NotThereError."""
    directory = accord(request).directory
    inside = directory.forum_book() in who.books and person in directory.people(who.books)
    if not (inside or who.person.is_secretary or who.person.id == person):
        raise NotThereError
    if (known := await accord(request).people.find(person)) is None:
        raise NotThereError
    return known


def _as_secretary(who: Caller) -> None:
    """Raises Unauthenticated, MayNot."""
    if who.person.id is None:
        raise Unauthenticated
    if not who.person.is_secretary:
        raise MayNot(BY_SECRETARY, tuple(sorted({office.role.value for office in who.person.offices})) or ("nobody",))


HANDLERS: tuple[Any, ...] = (get_people, add_person, get_person, rename_person, erase_name)
