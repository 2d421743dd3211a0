"""Pages for people: HTML from templates, whole without script, and with nothing from anywhere else."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Response

from api.http.headers import IF_NONE_MATCH, is_unchanged
from api.sessions import AnyRequest

_HERE: Final = Path(__file__).parent
HTML: Final = "text/html"
CSS: Final = "text/css"

POLICY: Final = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""What a page may load: its stylesheet from here, and nothing else from anywhere."""
GUARDED: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}

_templates: Final = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def render(template: str, **values: Any) -> str:  # noqa: ANN401  a template takes any value
    """The page. A value that the template asks for and that is not there is a mistake."""
    return _templates.get_template(template).render(values)


@cache
def stylesheet() -> str:
    """The one that all pages have."""
    return (_HERE / "static" / "accord.css").read_text(encoding="utf-8")


def served(request: AnyRequest, text: str, media_type: str = HTML, **headers: str) -> Response[str | None]:
    """What is the same for everybody, or that the reader has it already."""
    said = {**GUARDED, **headers, "ETag": f'"{sha256(text.encode()).hexdigest()[:32]}"'}
    if is_unchanged(request.headers.get(IF_NONE_MATCH), said["ETag"]):
        return Response(None, status_code=304, headers=said)
    return Response(text, media_type=media_type, headers=said)
