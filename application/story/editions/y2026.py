# ruff: noqa: RUF001  four languages, each with its own punctuation
"""The edition of 2026 before the demonstration starts: an early draft, tabled."""

from typing import Final

from application.story.forum import CHN, JPN
from application.story.steps import (
    Begin,
    Discard,
    On,
    Rewrite,
    Share,
    Table,
)
from application.story.telling import announces, chair, draft, in_order, step
from application.story.words import say
from domain.drafts.commands import ShareDraft
from domain.proposals.commands import (
    Sponsor,
)

_CONFERENCE: Final = (
    step(
        "2026-02-02T01:00Z",
        "secretary",
        announces(
            2026,
            ("2026-09-08", "2026-09-09"),
            "Tokyo",
            say(
                en="Fictional edition: keeping crisis channels open",
                ja="架空の回：危機連絡回線の維持",
                zh="虚构届会：保持危机联络渠道畅通",
                ko="가상 회기: 위기 연락망의 유지",
            ),
        ),
    ),
    step("2026-02-02T01:30Z", "secretary", chair(2026)),
)

_CYBER_INCIDENTS: Final = (
    step("2026-02-09T02:21Z", "chair", Begin("zero draft on cyber incidents", draft("P26-01", length=3))),
    step("2026-02-23T15:21Z", "delegate-USA", Begin("cyber incidents of USA", draft("P26-01", length=3))),
    step("2026-02-25T15:21Z", "delegate-USA", Share("cyber incidents of USA", ShareDraft((JPN, CHN)), "cyber incidents")),
    step("2026-03-02T02:21Z", "adviser-JPN", Rewrite("cyber incidents", draft("P26-01", kept=3))),
    step("2026-03-09T15:21Z", "head-USA", Table("cyber incidents", "P26-01")),
    step("2026-03-10T02:21Z", "head-JPN", On("P26-01", Sponsor())),
    step("2026-03-10T03:21Z", "head-CHN", On("P26-01", Sponsor())),
    step("2026-03-16T02:21Z", "chair", Discard("zero draft on cyber incidents")),
    step("2026-03-23T02:21Z", "chair", Begin("compilation on cyber incidents", draft("P26-01"))),
)

TOLD: Final = in_order(_CONFERENCE, _CYBER_INCIDENTS)
