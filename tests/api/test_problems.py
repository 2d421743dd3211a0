import importlib
import json
import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from litestar import Litestar, get, post
from litestar.exceptions import HTTPException, PermissionDeniedException
from litestar.params import FromPath, FromQuery
from litestar.testing import TestClient

import application
import domain
from api.flaws import Flaw, Wrong
from api.problems import (
    CACHE_CONTROL,
    DESCRIPTIONS,
    EXCEPTION_HANDLERS,
    MEANING,
    STATUS,
    TURNED_AWAY,
    VARY,
    Internal,
    Malformed,
    TurnedAway,
    responses,
    status_of,
    told,
    understood,
)
from application.accord import LaggingError
from application.desk import ChangedError, NotThereError, PreconditionMissingError, UnknownPersonError
from application.ports import Busy, KeyReused
from application.views.pages import MalformedCursorError, ViewsBehindError
from domain.conferences.edition import EditionStatus
from domain.conferences.refusals import EditionNotSo
from domain.kernel import Refusal
from domain.proposals.refusals import DueDateWrong, KindUnknown, NotMainSponsor, ProposalClosed, SilenceTooShort

RFC_9457 = {"type", "title", "status", "detail", "instance", "errors"}

DEADLINE = datetime(2024, 5, 1, 18, 0, tzinfo=UTC)


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        yield importlib.import_module(found.name)


def descendants(kind: type[Any]) -> Iterator[type[Any]]:
    for child in kind.__subclasses__():
        yield child
        yield from descendants(child)


def refusals() -> set[type[Refusal]]:
    """Each refusal of the rooms: found by its module, so that one of a test's own is none of them."""
    rooms = {module.__name__ for package in (domain, application) for module in modules(package)}
    return {kind for kind in descendants(Refusal) if kind.__module__ in rooms}


def test_every_refusal_has_a_status() -> None:
    assert set(STATUS) == refusals()


def test_a_refusal_answers_that_the_state_the_rules_or_the_rights_forbid_it_or_that_it_is_stale() -> None:
    assert set(STATUS.values()) == {403, 409, 412, 422}


def test_every_way_to_be_turned_away_is_described() -> None:
    assert set(TURNED_AWAY) == set(descendants(TurnedAway))


def test_no_two_problems_share_a_code() -> None:
    assert len(DESCRIPTIONS) == len(STATUS) + len(TURNED_AWAY)


@pytest.mark.parametrize("code", sorted(DESCRIPTIONS))
def test_a_problem_is_described_by_code_title_status_sentence_and_reason(code: str) -> None:
    about = DESCRIPTIONS[code]
    assert about.code == code
    assert code.replace("-", "").isalpha()
    assert code.islower()
    assert about.title[0].isupper()
    assert about.status in MEANING
    assert about.sentence.endswith((".", "}."))
    assert about.about
    assert "(refusal" not in about.about


@pytest.mark.parametrize("kind", [*STATUS, *TURNED_AWAY])
def test_no_value_takes_the_place_of_a_member_of_rfc_9457(kind: type[Refusal | TurnedAway]) -> None:
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    problem = kind.__new__(kind)
    for name in names:
        setattr(problem, name, ())
    members = told(problem, "en")
    assert members["status"] == status_of(kind)
    assert members["type"] == f"/problems/{kind.code}"
    assert set(members) - {"type", "title", "status", "detail"} == {"state" if name == "status" else name for name in names}


def test_the_rules_refuse_with_a_sentence_and_its_values() -> None:
    given = datetime(2024, 5, 1, 12, 0, 0, 250, tzinfo=timezone(timedelta(hours=9)))
    assert told(SilenceTooShort(given, DEADLINE), "en") == {
        "type": "/problems/silence-too-short",
        "title": "Silence too short",
        "status": 422,
        "detail": "The silence would end at 1 May 2024, 03:00:00 UTC; it can end at 1 May 2024, 18:00:00 UTC at the earliest.",
        "deadline": datetime(2024, 5, 1, 3, 0, 0, 250, tzinfo=UTC),
        "earliest": DEADLINE,
    }


def test_a_status_of_a_thing_stands_beside_that_of_the_answer() -> None:
    members = told(EditionNotSo(EditionStatus.CLOSED, (EditionStatus.OPEN, EditionStatus.ANNOUNCED)), "en")
    assert members["status"] == 409
    assert members["state"] == "closed"
    assert members["allowed"] == ["open", "announced"]
    assert members["detail"] == "The edition is closed; this can be done only while it is open and announced."


def test_what_is_not_there_is_a_word_in_the_sentence_and_null_as_a_member() -> None:
    members = told(DueDateWrong("reserve", DEADLINE, None), "en")
    assert members["detail"] == "A reserve needs a due date after 1 May 2024, 18:00:00 UTC; given was none."
    assert members["due"] is None


SECRET = "hunter2-behind-the-wall"


@get("/closed")
async def closed() -> None:
    raise ProposalClosed("no-consensus")


@get("/sponsor")
async def sponsor() -> None:
    raise NotMainSponsor("JPN")


@get("/things/{thing:uuid}")
async def thing(thing: FromPath[UUID]) -> None:
    raise NotThereError(thing)


@get("/broken")
async def broken() -> None:
    raise RuntimeError(SECRET)


@get("/counted")
async def counted(count: FromQuery[int], kind: FromQuery[str]) -> str:
    return f"{count} {kind}"


@get("/forged")
async def forged() -> None:
    raise PermissionDeniedException(SECRET)


@post("/posted")
async def posted() -> None:
    raise KindUnknown("treaty", ("recommendation", "procedure"))


@pytest.fixture(scope="module", name="client")
def fixture_client() -> Iterator[TestClient[Litestar]]:
    handlers = [closed, sponsor, thing, broken, counted, forged, posted]
    app = Litestar(handlers, exception_handlers=EXCEPTION_HANDLERS, openapi_config=None, logging_config=None)
    with TestClient(app) as client:
        yield client


def test_an_answer_says_its_language_and_that_it_is_for_one_reader(client: TestClient[Litestar]) -> None:
    answer = client.get("/closed", headers={"Accept-Language": "ja,en;q=0.5"})
    assert answer.status_code == 409
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Content-Language"] == "ja"
    assert answer.headers["Vary"] == VARY
    assert answer.headers["Cache-Control"] == CACHE_CONTROL
    assert answer.json() == {
        "type": "/problems/proposal-closed",
        "title": "Proposal closed",
        "status": 409,
        "detail": "提案は終結しています\uff1aコンセンサス不成立。",
        "state": "no-consensus",
    }


def test_the_title_is_the_same_in_every_language(client: TestClient[Litestar]) -> None:
    titles = {client.get("/sponsor", headers={"Accept-Language": wish}).json()["title"] for wish in ("en", "ja", "zh", "ko")}
    assert titles == {"Not main sponsor"}


HIDDEN = "/things/6e0e0b5e-3d5a-4c0c-9a51-0d9f6d1a2b3c"
NO_SUCH = (f"/things/{SECRET}", "/things/%00", "/things/a/b", "/elsewhere", "/")


@pytest.mark.parametrize("path", NO_SUCH)
def test_a_hidden_thing_answers_to_the_byte_as_an_address_that_leads_nowhere(client: TestClient[Litestar], path: str) -> None:
    hidden, unknown = client.get(HIDDEN), client.get(path)
    assert (hidden.status_code, hidden.content, hidden.headers) == (unknown.status_code, unknown.content, unknown.headers)
    assert hidden.status_code == 404


def test_a_method_that_is_not_taken_does_not_tell_whether_there_is_such_a_thing(client: TestClient[Litestar]) -> None:
    hidden, unknown = client.head(HIDDEN), client.head(f"/things/{SECRET}")
    assert (hidden.status_code, hidden.content, hidden.headers) == (unknown.status_code, unknown.content, unknown.headers)
    assert hidden.status_code == 405


def test_what_is_not_there_is_told_without_the_address(client: TestClient[Litestar]) -> None:
    answer = client.get(f"/{SECRET}?{SECRET}={SECRET}")
    assert answer.json() == {
        "type": "/problems/not-found",
        "title": "Not found",
        "status": 404,
        "detail": "There is nothing here that you may read.",
    }


def test_another_method_is_told_which_are_taken(client: TestClient[Litestar]) -> None:
    answer = client.delete("/closed")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, OPTIONS"
    assert answer.json()["methods"] == ["GET", "OPTIONS"]
    assert answer.json()["detail"] == "This address takes GET and OPTIONS."


def test_a_mistake_of_the_program_tells_nothing_of_itself(client: TestClient[Litestar]) -> None:
    answer = client.get("/broken")
    assert answer.status_code == 500
    assert answer.json() == {
        "type": "/problems/internal",
        "title": "Internal error",
        "status": 500,
        "detail": "The program made a mistake; the operator's log has it.",
    }


def test_a_forged_form_tells_nothing_of_what_was_wrong_with_it(client: TestClient[Litestar]) -> None:
    answer = client.get("/forged")
    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/forbidden"
    assert SECRET not in answer.text


def test_a_parameter_of_the_wrong_type_is_named(client: TestClient[Litestar]) -> None:
    answer = client.get("/counted", params={"count": SECRET, "kind": "x"})
    assert answer.status_code == 400
    assert answer.json()["errors"] == [{"parameter": "count", "detail": "Expected int, found str."}]
    assert SECRET not in answer.text


def test_a_parameter_that_is_missing_is_named(client: TestClient[Litestar]) -> None:
    answer = client.get("/counted", params={"count": 1, "secret": SECRET})
    assert answer.status_code == 400
    assert answer.json()["errors"] == [{"parameter": "kind", "detail": "The parameter is missing."}]


def test_an_unknown_kind_names_the_known_ones(client: TestClient[Litestar]) -> None:
    answer = client.post("/posted", headers={"Accept-Language": "zh-CN"})
    assert answer.status_code == 422
    assert answer.json()["known"] == ["recommendation", "procedure"]
    assert answer.json()["detail"] == "treaty 不是此处的提案类型\uff1b提案类型为\uff1arecommendation和procedure。"


FROM_WITHIN: tuple[tuple[Exception, str, int, dict[str, str]], ...] = (
    (NotThereError(), "not-found", 404, {}),
    (UnknownPersonError(), "unauthenticated", 401, {"WWW-Authenticate": "Bearer"}),
    (PreconditionMissingError(), "precondition-required", 428, {}),
    (ChangedError('"5"'), "precondition-failed", 412, {}),
    (KeyReused(), "key-reused", 422, {}),
    (Busy(), "busy", 503, {"Retry-After": "1"}),
    (LaggingError(), "lagging", 503, {"Retry-After": "1"}),
    (ViewsBehindError(), "lagging", 503, {"Retry-After": "1"}),
    (MalformedCursorError(SECRET), "malformed", 400, {}),
    (ValueError(SECRET), "internal", 500, {}),
    *((HTTPException(SECRET, status_code=status), code, answered, {}) for status, code, answered in (
        (400, "malformed", 400),
        (401, "unauthenticated", 401),
        (403, "forbidden", 403),
        (404, "not-found", 404),
        (413, "too-large", 413),
        (415, "unsupported-media-type", 415),
        (418, "malformed", 400),
        (429, "too-many-requests", 429),
        (500, "internal", 500),
        (502, "internal", 500),
        (503, "busy", 503),
    )),
)  # fmt: skip


@pytest.mark.parametrize(("error", "code", "status", "headers"), FROM_WITHIN)
def test_an_exception_from_within_means_one_problem_out_here(
    error: Exception, code: str, status: int, headers: dict[str, str]
) -> None:
    problem = understood(error)
    assert isinstance(problem, TurnedAway)
    assert (problem.code, problem.status) == (code, status)
    assert headers.items() <= problem.headers().items()
    assert SECRET not in json.dumps(told(problem, "en"))


def test_what_is_wrong_with_a_request_is_told_place_by_place_in_the_readers_language() -> None:
    flaws = (Flaw(Wrong.MEMBER_MISSING, "#/base", values={"name": "base"}), Flaw(Wrong.UUID, "If-Match", "header"))
    assert told(Malformed(flaws), "ko")["errors"] == [
        {"pointer": "#/base", "detail": "멤버 base이(가) 없습니다."},
        {"header": "If-Match", "detail": "UUID가 필요합니다."},
    ]


def names(routes: Iterable[Any]) -> list[str]:
    return [route for route in routes if route != "200"]


def test_a_route_documents_its_problems_in_their_media_type() -> None:
    @get("/documented", responses=responses(404, 409))
    async def documented() -> None: ...

    document = Litestar([documented]).openapi_schema.to_schema()
    answers = document["paths"]["/documented"]["get"]["responses"]
    assert sorted(names(answers)) == ["404", "409"]
    assert list(answers["409"]["content"]) == ["application/problem+json"]
    assert "silence-runs" in answers["409"]["description"]
    shape = document["components"]["schemas"][
        answers["404"]["content"]["application/problem+json"]["schema"]["$ref"].split("/")[-1]
    ]
    assert set(shape["required"]) == {"type", "title", "status", "detail"}
    assert set(shape["properties"]) == {*RFC_9457} - {"instance"}


def test_a_mistake_is_not_a_refusal() -> None:
    assert isinstance(understood(AssertionError()), Internal)
