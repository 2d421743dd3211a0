"""The manual is a page for everybody: whole, valid, and with nothing from elsewhere."""

import re
import shutil
from typing import Any, Final

import html5lib
import pytest
from httpx import Response
from playwright.async_api import async_playwright

from api.http.app import HANDLERS
from api.http.manual import anchor
from api.problems import DESCRIPTIONS
from tests.api.scene import Room, served

pytestmark = pytest.mark.anyio

XHTML: Final = "{http://www.w3.org/1999/xhtml}"
PHONE: Final = {"width": 360, "height": 740}
BROWSER: Final = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
HTML: Final = "text/html"


def parsed(page: Response) -> Any:
    """The page as a tree; an error of HTML is one of the test."""
    assert page.status_code == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    return html5lib.HTMLParser(strict=True).parse(page.text)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


def texts(tree: Any, tag: str) -> list[str]:
    return ["".join(node.itertext()) for node in tree.iter(f"{XHTML}{tag}")]


async def test_every_address_has_its_place_on_the_page(at: Room) -> None:
    tree = parsed(await at.get("/api"))
    places = {node.get("id"): "".join(node.itertext()) for node in tree.iter(f"{XHTML}h3")}
    for handler in HANDLERS:
        for path in handler.paths:
            bare = re.sub(r":[a-z]+}", "}", path)
            for method in handler.http_methods:
                assert places[anchor(method, bare)] == f"{method} {bare}"


async def test_every_address_comes_with_a_call_and_with_who_may(at: Room) -> None:
    tree = parsed(await at.get("/api"))
    routes = sum(len(handler.http_methods) * len(handler.paths) for handler in HANDLERS)
    assert sum(text.startswith("curl -s") for text in texts(tree, "pre")) == routes
    assert sum(text.startswith("Who may: ") for text in texts(tree, "p")) == routes


async def test_a_call_sends_an_entity_tag_where_the_address_looks_at_one(at: Room) -> None:
    calls = texts(parsed(await at.get("/api")), "pre")
    tagged = {call.partition("$ACCORD")[2].partition('"')[0] for call in calls if "If-Match" in call}
    assert {"/api/drafts/$DRAFT", "/api/proposals/$PROPOSAL/pen"} <= tagged
    assert tagged.isdisjoint({"/api/people/$PERSON", "/api/people/$PERSON/name", "/api/me/tokens/$TOKEN"})


async def test_every_problem_is_named_and_its_link_leads_to_a_page(at: Room) -> None:
    tree = parsed(await at.get("/api"))
    links = {node.get("href") for node in tree.iter(f"{XHTML}a")}
    assert {f"/problems/{code}" for code in DESCRIPTIONS} <= links
    for code in ("silence-too-short", "not-found"):
        page = await at.get(f"/problems/{code}", Accept="text/html,*/*;q=0.8")
        assert texts(parsed(page), "code") == [code]


async def test_a_program_is_told_of_a_problem_in_json(at: Room) -> None:
    for accept in ("*/*", "application/json"):
        answer = await at.get("/problems/not-found", Accept=accept)
        assert (answer.json()["code"], answer.headers["Vary"]) == ("not-found", "Accept")


async def test_every_link_within_the_page_leads_somewhere(at: Room) -> None:
    tree = parsed(await at.get("/api"))
    places = [node.get("id") for node in tree.iter() if node.get("id")]
    assert len(places) == len(set(places))
    inner = {href[1:] for node in tree.iter(f"{XHTML}a") if (href := node.get("href")).startswith("#")}
    assert inner <= set(places)


async def test_the_page_loads_nothing_from_elsewhere_and_runs_nothing(at: Room) -> None:
    for page in (await at.get("/api"), await at.get("/problems/not-found", Accept=HTML)):
        tree = parsed(page)
        assert tree.get("lang") == "en"
        assert not list(tree.iter(f"{XHTML}script"))
        addresses = [node.get(name) for node in tree.iter() for name in ("href", "src", "action", "style") if node.get(name)]
        assert [address for address in addresses if address[0] not in "#/" or address.startswith("//")] == []
        policy = page.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self';")
        assert "unsafe" not in policy
    assert "url(" not in (await at.get("/web/accord.css")).text


async def test_the_page_is_the_same_for_everybody(at: Room) -> None:
    public = await at.get("/api")
    mine = await at.get("/api", "secretary")
    assert (public.content, public.headers) == (mine.content, mine.headers)
    again = await at.get("/api", If_None_Match=public.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")


async def test_the_page_fits_a_telephone_and_the_browser_has_nothing_to_complain_of(at: Room) -> None:
    if BROWSER is None:
        pytest.skip("a browser is needed: the package chromium")
    async with served(at.house) as port, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        page = await browser.new_page(viewport=PHONE)  # pyright: ignore[reportArgumentType]
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await page.goto(f"http://127.0.0.1:{port}/api")
        width = await page.evaluate("document.documentElement.scrollWidth")
        spaces = await page.evaluate("getComputedStyle(document.querySelector('pre')).whiteSpaceCollapse")
        await browser.close()
    assert width <= PHONE["width"]
    assert spaces == "preserve", "the stylesheet was read"
    assert {address.partition("/api")[0].partition("/web")[0] for address in asked} == {f"http://127.0.0.1:{port}"}
    assert complaints == []
