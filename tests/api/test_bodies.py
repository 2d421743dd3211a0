import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from unicodedata import is_normalized
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar, Request, post
from litestar.testing import TestClient
from msgspec import Meta, Struct

from api.flaws import Wrong
from api.http.bodies import DEPTH_LIMIT, ENTRIES_LIMIT, TEXT_LIMIT, decode, digest, read_body
from api.problems import BODY_LIMIT, EXCEPTION_HANDLERS, Malformed, TooLarge, TurnedAway
from domain.conferences.commands import AnnounceEdition, ConveneSitting, MarkAttendance
from domain.drafts.commands import ShareDraft, WriteDraft
from domain.forum.commands import EndReader, FoundForum, IssueCredential
from domain.proposals.commands import HandPen, Lift, OpenSilence, Revise, TakePosition, Withdraw

COMMANDS: tuple[type[Struct], ...] = (
    AnnounceEdition,
    ConveneSitting,
    EndReader,
    FoundForum,
    HandPen,
    IssueCredential,
    Lift,
    MarkAttendance,
    OpenSilence,
    Revise,
    ShareDraft,
    TakePosition,
    Withdraw,
    WriteDraft,
)


class Nested(Struct, frozen=True, forbid_unknown_fields=True):
    """Something of each kind that a command may hold."""

    words: dict[str, str] = {}
    inner: "Nested | None" = None
    several: list["Nested"] = []
    either: int | bool | None = None
    short: Annotated[str, Meta(max_length=3)] = ""
    named: Literal["one", "two"] = "one"
    at: datetime | None = None
    id: UUID | None = None


def flaw_of(raw: bytes, kind: type[Struct]) -> tuple[Wrong, str, dict[str, object]]:
    with pytest.raises(Malformed) as caught:
        decode(raw, kind)
    (flaw,) = caught.value.errors
    assert flaw.place == "pointer"
    return flaw.wrong, flaw.name, dict(flaw.values)


def text_of(words: str) -> str:
    """Words as they arrive after their way through the edge."""
    return decode(json.dumps({"words": {"en": words}}).encode(), Nested).words["en"]


def test_a_command_is_read() -> None:
    raw = b'{"revision": 4, "deadline": "2024-05-01T09:00:00+09:00"}'
    assert decode(raw, OpenSilence) == OpenSilence(4, datetime(2024, 5, 1, tzinfo=UTC))


def test_a_body_of_one_mebibyte_is_read_and_one_byte_more_is_too_large() -> None:
    raw = b'{"revision": 4}'
    assert decode(raw.ljust(BODY_LIMIT), Lift) == Lift(4)
    with pytest.raises(TooLarge):
        decode(raw.ljust(BODY_LIMIT + 1), Lift)


@pytest.mark.parametrize("raw", [b"", b" ", b"\r\n\t "])
def test_an_empty_body_is_malformed(raw: bytes) -> None:
    assert flaw_of(raw, Withdraw) == (Wrong.EMPTY, "#", {})


@pytest.mark.parametrize(
    "raw", [b'\xef\xbb\xbf{"revision": 4}', b'{"revision": 4}\xff', b'"\xed\xa0\x80"', '{"revision": 4}'.encode("utf-16")]
)
def test_a_body_in_another_encoding_is_malformed(raw: bytes) -> None:
    assert flaw_of(raw, Lift) == (Wrong.NOT_UTF8, "#", {})


@pytest.mark.parametrize("raw", [b"{", b'{"revision', b'{"revision": 4', b"nul"])
def test_a_body_that_ends_early_is_malformed(raw: bytes) -> None:
    assert flaw_of(raw, Lift)[0] is Wrong.CUT_SHORT


@pytest.mark.parametrize(
    "raw", [b'{"revision": 4} {}', b"{,}", b"{'revision': 4}", b'{"revision": 4,}', b'{"revision": NaN}', b'{"revision": 04}']
)
def test_what_is_not_json_is_malformed(raw: bytes) -> None:
    wrong, _, values = flaw_of(raw, Lift)
    assert wrong is Wrong.NOT_JSON
    assert not str(values["said"]).startswith("JSON")


@pytest.mark.parametrize("escape", [r"\ud800", r"\udc00", r"\ud800\u0041", r"\udc00\ud800", "a\x01b"])
def test_a_lone_surrogate_or_a_bare_control_character_is_not_json(escape: str) -> None:
    raw = f'{{"words": {{"en": "{escape} and more"}}}}'.encode()
    assert flaw_of(raw, Nested)[0] is Wrong.NOT_JSON


def test_a_nul_is_malformed() -> None:
    assert flaw_of(b'{"words": {"en": "a\\u0000b"}}', Nested) == (Wrong.NUL, "#/words/en", {})
    assert flaw_of(b'{"words": {"\\u0000": "a"}}', Nested) == (Wrong.NUL, "#/words", {})


def nested(depth: int) -> bytes:
    return b'{"inner": ' * (depth - 1) + b"{}" + b"}" * (depth - 1)


def test_a_body_may_be_nested_32_deep_and_no_deeper() -> None:
    assert isinstance(decode(nested(DEPTH_LIMIT), Nested), Nested)
    assert flaw_of(nested(DEPTH_LIMIT + 1), Nested) == (Wrong.TOO_DEEP, "#", {"limit": 32})


@pytest.mark.parametrize("raw", [b"[" * 100_000, b'{"a":' * 100_000, b"[{" * 50_000, b"[" * 33 + b"]" * 33])
def test_depth_is_found_without_going_there(raw: bytes) -> None:
    assert flaw_of(raw, Nested)[0] is Wrong.TOO_DEEP


def test_brackets_in_a_text_are_not_depth() -> None:
    assert text_of("[" * 40 + r'"\"' + "{" * 40) == "[" * 40 + r'"\"' + "{" * 40


@pytest.mark.parametrize("raw", [b'{"revision": 4, "revision": 4}', b'{"revision": 5, "revis\\u0069on": 4}'])
def test_a_member_that_stands_twice_is_malformed(raw: bytes) -> None:
    assert flaw_of(raw, Lift) == (Wrong.TWICE, "#", {"name": "revision"})


def test_a_word_written_in_two_ways_stands_twice() -> None:
    raw = '{"words": {"\u00e9": "a", "e\u0301": "b"}}'.encode()
    assert flaw_of(raw, Nested) == (Wrong.TWICE, "#/words", {"name": "é"})


def test_an_unknown_member_is_malformed_and_the_known_ones_are_named() -> None:
    assert flaw_of(b'{"revision": 4, "act/~`as": "USA"}', Lift) == (
        Wrong.MEMBER_UNKNOWN,
        "#",
        {"name": "act/~as", "known": ("revision",)},
    )
    raw = b'{"base": 1, "provisions": [{"kind": "title", "text": {}, "number": 1}]}'
    assert flaw_of(raw, Revise) == (
        Wrong.MEMBER_UNKNOWN,
        "#/provisions/0",
        {"name": "number", "known": ("kind", "text", "id")},
    )
    assert flaw_of(b'{"with_": []}', ShareDraft)[2]["known"] == ("with",)


def test_a_body_without_a_member_is_malformed() -> None:
    assert flaw_of(b"{}", Lift) == (Wrong.MEMBER_MISSING, "#", {"name": "revision"})


@pytest.mark.parametrize(
    ("raw", "kind", "at", "known"),
    [
        (b'{"revision": 1, "stance": "veto"}', TakePosition, "#/stance", "object"),
        (b'{"base": 1, "provisions": [], "changes": {"p1": "big"}}', Revise, "#/changes", "editorial"),
        (b'{"base": 1, "provisions": [{"kind": "op", "text": {}}]}', Revise, "#/provisions/0/kind", "operative"),
        (b'{"holder": "everyone"}', HandPen, "#/holder", "chair"),
        (b'{"several": [{"inner": {"named": "three"}}]}', Nested, "#/several/0/inner/named", "two"),
    ],
)
def test_an_unknown_code_names_the_known_ones(raw: bytes, kind: type[Struct], at: str, known: str) -> None:
    wrong, pointer, values = flaw_of(raw, kind)
    assert (wrong, pointer) == (Wrong.VALUE_UNKNOWN, at)
    names = values["known"]
    assert isinstance(names, tuple)
    assert known in names


@pytest.mark.parametrize(
    ("raw", "kind", "wrong", "at"),
    [
        (b'{"revision": "1"}', Lift, Wrong.TYPE, "#/revision"),
        (b'{"revision": null}', Lift, Wrong.TYPE, "#/revision"),
        (b'{"revision": 1.5}', Lift, Wrong.TYPE, "#/revision"),
        (b'{"revision": 1e2}', Lift, Wrong.TYPE, "#/revision"),
        (b'{"revision": 1e999}', Lift, Wrong.NUMBER, "#/revision"),
        (b'{"revision": 9007199254740992}', Lift, Wrong.NUMBER, "#/revision"),
        (b'{"revision": -9007199254740992}', Lift, Wrong.NUMBER, "#/revision"),
        (b'{"revision": 1' + b"0" * 5000 + b"}", Lift, Wrong.NUMBER, "#/revision"),
        (b"[]", Lift, Wrong.TYPE, "#"),
        (b'{"person": "me"}', EndReader, Wrong.UUID, "#/person"),
        (b'{"held_on": "1 May", "rule": "closed"}', ConveneSitting, Wrong.DATE, "#/held_on"),
        (b'{"revision": 1, "deadline": "soon"}', OpenSilence, Wrong.DATE_TIME, "#/deadline"),
        (b'{"revision": 1, "deadline": "2024-05-01T09:00:00"}', OpenSilence, Wrong.DATE_TIME, "#/deadline"),
        (b'{"revision": 1, "deadline": "0001-01-01T00:00:00+14:00"}', OpenSilence, Wrong.YEAR, "#/deadline"),
        (b'{"revision": 1, "deadline": "9999-12-31T23:59:59-14:00"}', OpenSilence, Wrong.YEAR, "#/deadline"),
        (b'{"with": ["USA", 1]}', ShareDraft, Wrong.TYPE, "#/with/1"),
        (b'{"words": {"en": 1}}', Nested, Wrong.TYPE, "#/words"),
        (b'{"short": "long"}', Nested, Wrong.BOUND, "#/short"),
    ],
)
def test_a_value_of_another_kind_is_malformed_at_its_place(raw: bytes, kind: type[Struct], wrong: Wrong, at: str) -> None:
    assert flaw_of(raw, kind)[:2] == (wrong, at)


def test_a_pointer_escapes_what_stands_in_a_name() -> None:
    raw = json.dumps({"words": {"a/b~c é": "\0"}}).encode()
    assert flaw_of(raw, Nested)[1] == "#/words/a~1b~0c%20%C3%A9"


@pytest.mark.parametrize(
    ("words", "form"),
    [("a\r\nb\rc\nd\r\r\n", "a\nb\nc\nd\n\n"), ("e\u0301", "\u00e9"), ("\u1112\u1161\u11ab", "\ud55c"), ("\u212b", "\u00c5")],
)
def test_text_is_brought_into_one_form(words: str, form: str) -> None:
    assert text_of(words) == form


def test_a_bound_holds_for_the_text_in_its_one_form() -> None:
    three_that_become_four = json.dumps({"short": "a\u0958b"}).encode()
    assert flaw_of(three_that_become_four, Nested)[:2] == (Wrong.BOUND, "#/short")


def test_a_text_has_up_to_64_kibibytes_in_its_one_form() -> None:
    assert text_of("é" * (TEXT_LIMIT // 2)) == "é" * (TEXT_LIMIT // 2)
    raw = json.dumps({"words": {"en": "a" * (TEXT_LIMIT + 1)}}).encode()
    assert flaw_of(raw, Nested) == (Wrong.TEXT_TOO_LONG, "#/words/en", {"size": TEXT_LIMIT + 1, "limit": TEXT_LIMIT})


def test_a_text_has_up_to_500_provisions() -> None:
    def revision(count: int) -> bytes:
        return msgspec.json.encode({"base": 1, "provisions": [{"kind": "operative", "text": {"en": "x"}}] * count})

    assert len(decode(revision(ENTRIES_LIMIT), Revise).provisions) == 500
    values: dict[str, object] = {"count": 501, "limit": 500}
    assert flaw_of(revision(ENTRIES_LIMIT + 1), Revise) == (Wrong.TOO_MANY_ENTRIES, "#/provisions", values)


def test_an_object_has_up_to_500_entries() -> None:
    raw = json.dumps({"words": {str(number): "x" for number in range(501)}}).encode()
    assert flaw_of(raw, Nested)[:2] == (Wrong.TOO_MANY_ENTRIES, "#/words")


def test_a_type_that_lets_unknown_members_pass_is_our_mistake() -> None:
    class Lenient(Struct, frozen=True):
        pass

    with pytest.raises(AssertionError):
        decode(b"{}", Lenient)


def test_the_same_request_has_the_same_digest_however_it_is_written() -> None:
    one = decode(b'{"revision":1,"stance":"object","reason":"e\xcc\x81\\r\\n","due":"2024-05-01T09:00:00+09:00"}', TakePosition)
    other = decode(
        b' {"stance": "object", "due": "2024-05-01T00:00:00Z", "undisclosed": false,\n "reason": "\\u00e9\\n", "revision": 1} ',
        TakePosition,
    )
    assert digest("POST", "/api/x", one) == digest("post", "/api/x", other)
    assert len(digest("POST", "/api/x", one)) == 32


def test_another_method_path_or_body_has_another_digest() -> None:
    digests = {
        digest("POST", "/a", Lift(1)),
        digest("POST", "/a", Lift(2)),
        digest("POST", "/b", Lift(1)),
        digest("PUT", "/a", Lift(1)),
        digest("POST", "/a"),
        digest("POST", "/a", Withdraw()),
    }
    assert len(digests) == 6


def turned_away_or(read: Callable[[], Struct]) -> Struct | None:
    try:
        return read()
    except TurnedAway as turned_away:
        assert turned_away.status in {400, 413}  # noqa: PT017  both are an answer
        return None


SCALAR = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["object", "chair", "closed", "title", "2024-05-01", "2024-05-01T09:00:00+09:00", "JPN", "a\r\n"])
)
JSON = st.recursive(
    SCALAR,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3) | st.sampled_from(["en", "kind", "text"]), inner, max_size=3)
    ),
    max_leaves=10,
)


@st.composite
def nearly(draw: st.DrawFn) -> tuple[bytes, type[Struct]]:
    """A body with the members of a command, and anything in them."""
    kind = draw(st.sampled_from(COMMANDS))
    names = [field.encode_name for field in msgspec.structs.fields(kind)]
    members = draw(st.dictionaries(st.sampled_from([*names, "more"]), JSON))
    return json.dumps(members).encode(), kind


@given(nearly())
def test_whatever_a_body_says_is_a_command_or_turned_away(body: tuple[bytes, type[Struct]]) -> None:
    raw, kind = body
    turned_away_or(lambda: decode(raw, kind))


@given(st.binary() | st.text(st.sampled_from('{}[]":,\\u d80ntf0-1e.\ufeff\0')).map(str.encode), st.sampled_from(COMMANDS))
def test_whatever_bytes_come_are_a_command_or_turned_away(raw: bytes, kind: type[Struct]) -> None:
    turned_away_or(lambda: decode(raw, kind))


# Not Revise: hypothesis takes the mark of its empty default for the value.
@given(st.sampled_from([kind for kind in COMMANDS if kind is not Revise]).flatmap(st.from_type))
def test_what_was_read_is_read_again_as_the_same(said: Struct) -> None:
    first = turned_away_or(lambda: decode(msgspec.json.encode(said), type(said)))
    if first is not None:
        assert decode(msgspec.json.encode(first), type(said)) == first


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_text_that_went_through_is_in_one_form(words: str) -> None:
    form = text_of(words)
    assert is_normalized("NFC", form)
    assert "\r" not in form
    assert text_of(form) == form


@post("/acts")
async def act(request: Request[Any, Any, Any]) -> int:
    return (await read_body(request, Lift)).revision


@post("/withdrawals")
async def withdrawal(request: Request[Any, Any, Any]) -> str:
    return type(await read_body(request, Withdraw, may_be_absent=True)).__name__


@pytest.fixture(scope="module", name="client")
def fixture_client() -> Iterator[TestClient[Litestar]]:
    app = Litestar([act, withdrawal], exception_handlers=EXCEPTION_HANDLERS, openapi_config=None, logging_config=None)
    with TestClient(app) as client:
        yield client


@pytest.mark.parametrize(
    "media_type",
    ["application/json", "Application/JSON", "application/json; charset=utf-8", 'application/json;charset="UTF-8"'],
)
def test_a_body_of_json_in_utf_8_is_read(client: TestClient[Litestar], media_type: str) -> None:
    answer = client.post("/acts", content=b'{"revision": 4}', headers={"Content-Type": media_type})
    assert (answer.status_code, answer.json()) == (201, 4)


@pytest.mark.parametrize(
    "media_type",
    [
        "",
        "text/plain",
        "application/json; charset=latin-1",
        "application/json-patch+json",
        "application/xjson",
        "multipart/form-data",
    ],
)
def test_a_body_of_another_kind_is_turned_away(client: TestClient[Litestar], media_type: str) -> None:
    answer = client.post("/acts", content=b'{"revision": 4}', headers={"Content-Type": media_type})
    assert answer.status_code == 415
    assert answer.json()["expected"] == "application/json"


def test_a_compressed_body_is_turned_away(client: TestClient[Litestar]) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert client.post("/acts", content=b"\x1f\x8b", headers=headers).status_code == 415


def test_a_body_that_must_be_there_is_told_to_be_missing(client: TestClient[Litestar]) -> None:
    answer = client.post("/acts", headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["errors"] == [{"pointer": "#", "detail": "The body is empty; a JSON object is expected."}]


def test_a_body_that_has_nothing_to_say_may_be_absent_but_not_say_something_else(client: TestClient[Litestar]) -> None:
    assert client.post("/withdrawals").text == "Withdraw"
    assert client.post("/withdrawals", json={}).text == "Withdraw"
    assert client.post("/withdrawals", json={"reason": "x"}).status_code == 400


class Caller:
    """Sends one mebibyte after another, for as long as somebody listens, without saying how long it will be."""

    def __init__(self) -> None:
        self.sent = 0
        self.status = 0

    async def receive(self) -> Any:
        self.sent += 1
        return {"type": "http.request", "body": b" " * BODY_LIMIT, "more_body": True}

    async def send(self, message: Any) -> None:
        self.status = message.get("status", self.status)


SCOPE: dict[str, Any] = {
    "type": "http",
    "method": "POST",
    "path": "/acts",
    "query_string": b"",
    "headers": [(b"content-type", b"application/json")],
}


def test_a_body_without_an_end_is_read_no_further_than_the_limit(client: TestClient[Litestar]) -> None:
    caller = Caller()
    asyncio.run(client.app({**SCOPE}, caller.receive, caller.send))  # type: ignore[arg-type]
    assert (caller.status, caller.sent) == (413, 2)


def test_a_caller_who_goes_away_in_the_middle_made_no_request(client: TestClient[Litestar]) -> None:
    class Gone(Caller):
        async def receive(self) -> Any:
            return {"type": "http.disconnect"}

    caller = Gone()
    asyncio.run(client.app({**SCOPE}, caller.receive, caller.send))  # type: ignore[arg-type]
    assert caller.status == 400


def test_a_large_body_that_is_announced_is_turned_away(client: TestClient[Litestar]) -> None:
    answer = client.post("/acts", content=b" " * (BODY_LIMIT + 1), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
