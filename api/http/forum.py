"""The forum, its delegations, formats, people and books."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from msgspec import Struct

from api.http.answers import Recorded, asking, carried_out, carry_out, recorded, shown
from api.http.bodies import read_body
from api.sessions import AnyRequest, accord
from application.accord import Caller
from application.acts import forum as acts
from application.acts.people import naming
from application.desk import NotThereError
from application.etags import etag
from application.views.forum import (
    CredentialShown,
    ForumShown,
    KeyShown,
    MeShown,
    show_credentials,
    show_forum,
    show_keys,
    show_me,
)
from domain.forum.commands import (
    AdmitDelegation,
    AppointSecretary,
    ConsentToReader,
    DefineFormat,
    EndCredential,
    EndKey,
    EndReader,
    EndSecretary,
    IssueCredential,
    RegisterKey,
)
from domain.identity import BookId, CredentialId, DelegationCode, KeyId, PersonId, StreamId


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    """A body that says nothing: the address says all."""


class Invited(Struct, frozen=True):
    """A credential, and the invitation by which its person gets a first token."""

    recorded: Recorded
    invitation: str | None
    """Shown once: a repetition of the request answers without it."""


class Credentials(Struct, frozen=True):
    """A delegation's credentials."""

    items: tuple[CredentialShown, ...]


class Keys(Struct, frozen=True):
    """A delegation's keys."""

    items: tuple[KeyShown, ...]


@get("/api/forum")
async def get_forum(request: AnyRequest) -> Response[ForumShown]:
    """The forum: its delegations, formats, languages and rules."""
    who = await asking(request)
    return shown(request, show_forum(accord(request).memory, accord(request).directory, who.books))


@get("/api/me")
async def get_me(request: AnyRequest) -> Response[MeShown]:
    """Who I am here, what I may read and do."""
    who = await asking(request)
    return shown(request, show_me(accord(request).memory, who.person, who.books))


@post("/api/delegations", opt={"body": AdmitDelegation})
async def admit_delegation(request: AnyRequest) -> Response[Recorded]:
    """Give a national group of participants a seat."""
    said = await read_body(request, AdmitDelegation)
    return await carry_out(request, acts.admit_delegation(accord(request).directory, said), said=said)


@post("/api/formats", opt={"body": DefineFormat})
async def define_format(request: AnyRequest) -> Response[Recorded]:
    """Let a set of delegations meet as such."""
    said = await read_body(request, DefineFormat)
    task = acts.define_format(accord(request).directory, said)
    return await carry_out(request, task, said=said, made="format.defined")


@post("/api/secretaries", opt={"body": AppointSecretary})
async def appoint_secretary(request: AnyRequest) -> Response[Recorded]:
    """Let a person serve the forum."""
    said = await read_body(request, AppointSecretary)
    task = acts.change_secretariat(accord(request).directory, said)
    return await carry_out(request, naming(task, said.person, accord(request).people), said=said)


@post("/api/secretaries/{person:uuid}/end", opt={"body": Nothing, "gives": (EndSecretary,)})
async def end_secretary(request: AnyRequest, person: FromPath[UUID]) -> Response[Recorded]:
    """End a person's service."""
    said = await read_body(request, Nothing, may_be_absent=True)
    task = acts.change_secretariat(accord(request).directory, EndSecretary(PersonId(person)))
    return await carry_out(request, task, said=said)


@get("/api/delegations/{code:str}/credentials")
async def get_credentials(request: AnyRequest, code: FromPath[str]) -> Response[Credentials]:
    """A delegation's credentials: who may act for it, as what, from when to when."""
    who = await asking(request)
    items, version = show_credentials(accord(request).memory, _stream_of(request, who, "credentials", code), who.books)
    return shown(request, Credentials(items), etag(version))


@post("/api/delegations/{code:str}/credentials", opt={"body": IssueCredential})
async def issue_credential(request: AnyRequest, code: FromPath[str]) -> Response[Invited]:
    """Let a person act for a delegation. The answer holds an invitation for the person, to be exchanged for a token once."""
    said = await read_body(request, IssueCredential)
    task = acts.issue_credential(accord(request).directory, DelegationCode(code), said)
    done = await carried_out(request, naming(task, said.person, accord(request).people), said=said)
    invitation = None if done.repeated else await accord(request).people.invite(said.person)
    return recorded(request, Invited(done.recorded, invitation), done)


@post("/api/delegations/{code:str}/credentials/{credential:uuid}/end", opt={"body": Nothing, "gives": (EndCredential,)})
async def end_credential(request: AnyRequest, code: FromPath[str], credential: FromPath[UUID]) -> Response[Recorded]:
    """End what a person may do for a delegation."""
    said = await read_body(request, Nothing, may_be_absent=True)
    command = EndCredential(CredentialId(credential))
    task = acts.end_credential(accord(request).directory, DelegationCode(code), command)
    return await carry_out(request, task, said=said)


@get("/api/delegations/{code:str}/keys")
async def get_keys(request: AnyRequest, code: FromPath[str]) -> Response[Keys]:
    """A delegation's keys: with which it signs its acts, and the books as their witness; also those that ended."""
    who = await asking(request)
    items, version = show_keys(accord(request).memory, _stream_of(request, who, "keys", code), who.books)
    return shown(request, Keys(items), etag(version))


@post("/api/delegations/{code:str}/keys", opt={"body": RegisterKey})
async def register_key(request: AnyRequest, code: FromPath[str]) -> Response[Recorded]:
    """Register a public key with which the delegation signs from now on, as its head."""
    said = await read_body(request, RegisterKey)
    task = acts.register_key(accord(request).directory, DelegationCode(code), said)
    return await carry_out(request, task, said=said)


@post("/api/delegations/{code:str}/keys/{key:str}/end", opt={"body": Nothing, "gives": (EndKey,)})
async def end_key(request: AnyRequest, code: FromPath[str], key: FromPath[str]) -> Response[Recorded]:
    """End a key: nothing that it signs counts any more."""
    said = await read_body(request, Nothing, may_be_absent=True)
    task = acts.end_key(accord(request).directory, DelegationCode(code), EndKey(KeyId(key)))
    return await carry_out(request, task, said=said)


@post("/api/books/{book:uuid}/readers", opt={"body": ConsentToReader})
async def propose_reader(request: AnyRequest, book: FromPath[UUID]) -> Response[Recorded]:
    """Let a person read the book, for one's own part; it opens once each member of the audience has."""
    said = await read_body(request, ConsentToReader)
    task = acts.change_readers(accord(request).directory, BookId(book), said)
    return await carry_out(request, naming(task, said.person, accord(request).people), said=said)


@post("/api/books/{book:uuid}/readers/{person:uuid}/consent", opt={"body": Nothing, "gives": (ConsentToReader,)})
async def consent_to_reader(request: AnyRequest, book: FromPath[UUID], person: FromPath[UUID]) -> Response[Recorded]:
    """Join the other members in letting a person read the book."""
    said = await read_body(request, Nothing, may_be_absent=True)
    task = acts.change_readers(accord(request).directory, BookId(book), ConsentToReader(PersonId(person)))
    return await carry_out(request, naming(task, PersonId(person), accord(request).people), said=said)


@post("/api/books/{book:uuid}/readers/{person:uuid}/end", opt={"body": Nothing, "gives": (EndReader,)})
async def end_reader(request: AnyRequest, book: FromPath[UUID], person: FromPath[UUID]) -> Response[Recorded]:
    """Take one's consent back; the book is closed to the person at once."""
    said = await read_body(request, Nothing, may_be_absent=True)
    task = acts.change_readers(accord(request).directory, BookId(book), EndReader(PersonId(person)))
    return await carry_out(request, task, said=said)


def _stream_of(request: AnyRequest, who: Caller, name: str, code: str) -> StreamId:
    """What stands of a delegation in the forum's book. Raises NotThereError."""
    directory = accord(request).directory
    if code not in directory.delegations() or directory.forum_book() not in who.books:
        raise NotThereError
    return directory.stream_of(name, code)


HANDLERS: tuple[Any, ...] = (
    get_forum,
    get_me,
    admit_delegation,
    define_format,
    appoint_secretary,
    end_secretary,
    get_credentials,
    issue_credential,
    end_credential,
    get_keys,
    register_key,
    end_key,
    propose_reader,
    consent_to_reader,
    end_reader,
)
