# ruff: noqa: RUF001  four languages, each with its own punctuation
"""The edition of 2025, and what became of the two proposals tabled in it, up to the start of the demonstration."""

from typing import Final

from application.story.forum import CHN, JPN, KOR
from application.story.steps import (
    Begin,
    Drop,
    On,
    Prepare,
    Send,
    Share,
    Table,
)
from application.story.telling import (
    ABSTAIN,
    ENDORSE,
    OBJECT,
    RESERVE,
    announces,
    at,
    chair,
    draft,
    falls_away,
    in_order,
    opens,
    present,
    revise,
    sitting,
    step,
    take,
)
from application.story.words import say
from domain.drafts.commands import ShareDraft
from domain.proposals.commands import (
    AcknowledgeReceipt,
    CertifyChanges,
    Confirm,
    Decline,
    EndSponsorship,
    Lift,
    OpenSilence,
    PutToSitting,
    Reaffirm,
    Sponsor,
)

_CONFERENCE: Final = (
    step(
        "2025-04-07T01:00Z",
        "secretary",
        announces(
            2025,
            ("2025-09-09", "2025-09-10"),
            "Tokyo",
            say(
                en="Fictional edition: accidents at sea and in the air, and how to prevent them",
                ja="架空の回：海空域の偶発的事故とその防止",
                zh="虚构届会：海空意外事件及其防范",
                ko="가상 회기: 해상·공중 우발사고와 그 방지",
            ),
        ),
    ),
    step("2025-05-12T01:00Z", "secretary", opens(2025)),
    step("2025-05-12T01:30Z", "secretary", chair(2025)),
    step("2025-08-26T02:00Z", "secretary", sitting("2025-09-09", "chatham-house")),
    step("2025-08-26T02:30Z", "secretary", sitting("2025-09-10", "chatham-house")),
    step("2025-09-09T00:30Z", "secretary", present(2025, 1)),
    step("2025-09-10T00:30Z", "secretary", present(2025, 2)),
)

# From two sponsors to four.
_WORKING_GROUP: Final = (
    step("2025-06-09T03:19Z", "delegate-CHN", Begin("working group of CHN", draft("P25-01"))),
    step("2025-06-16T03:19Z", "delegate-CHN", Share("working group of CHN", ShareDraft((KOR,)), "working group")),
    step("2025-07-01T03:19Z", "head-CHN", Table("working group", "P25-01")),
    step("2025-07-02T02:19Z", "head-KOR", On("P25-01", Sponsor())),
    step("2025-07-09T15:19Z", "head-USA", take("P25-01", 0, RESERVE, due="2025-08-20T00:00Z")),
    step("2025-07-10T02:19Z", "head-JPN", take("P25-01", 0, ABSTAIN)),
    step(
        "2025-08-11T03:19Z", "head-CHN", revise("P25-01", 1, "What was merged into this text becomes the group's first task.")
    ),
    step("2025-08-12T05:19Z", "head-KOR", On("P25-01", Reaffirm(1))),
    step("2025-08-13T15:19Z", "head-USA", On("P25-01", Confirm(1))),
    step("2025-08-25T03:19Z", "head-CHN", revise("P25-01", 2, "The group meets with each of the four in turn.")),
    step("2025-08-25T05:19Z", "head-KOR", On("P25-01", Reaffirm(2))),
    step("2025-08-26T02:19Z", "head-JPN", take("P25-01", 2, ENDORSE)),
    step(
        "2025-09-03T03:19Z", "head-CHN", revise("P25-01", 3, "A first meeting within six months, so that the group does meet.")
    ),
    step("2025-09-04T02:19Z", "head-KOR", On("P25-01", Reaffirm(3))),
    step("2025-09-04T03:19Z", "head-JPN", On("P25-01", Sponsor())),
    step("2025-09-04T15:19Z", "head-USA", On("P25-01", Sponsor())),
    step("2025-09-10T06:19Z", "chair", On("P25-01", PutToSitting(2, 3))),
)

_LIFTING: Final = Prepare("lifting", CHN, "lift", "P25-02", Lift(2))
_REAFFIRMING: Final = Prepare("reaffirming", JPN, "reaffirm", "P25-02", Reaffirm(4))

# The narrower successor of P22-02; the demonstration begins with its silence.
_COAST_GUARDS: Final = (
    step("2025-07-07T02:00Z", "adviser-KOR", Begin("coast guards", draft("P25-02", after="P22-02"))),
    step("2025-07-22T02:00Z", "head-KOR", Table("coast guards", "P25-02")),
    step("2025-07-24T02:00Z", "head-JPN", On("P25-02", Sponsor())),
    step("2025-07-29T15:00Z", "head-USA", take("P25-02", 0, ABSTAIN)),
    step(
        "2025-08-12T02:00Z",
        "head-KOR",
        revise("P25-02", 1, "Encounters happen where claims overlap: the scope says so, as was asked for in consultations."),
    ),
    step("2025-08-14T02:00Z", "head-JPN", On("P25-02", Reaffirm(1))),
    step("2025-08-19T15:00Z", "head-USA", On("P25-02", Sponsor())),
    step(
        "2025-09-09T05:00Z",
        "head-CHN",
        take("P25-02", 1, OBJECT, reason="To speak of disputed waters takes a position on whether there is a dispute."),
    ),
    step("2025-09-10T05:00Z", "chair", On("P25-02", PutToSitting(2, 1))),
    step(
        "2025-09-24T02:00Z",
        "head-KOR",
        revise("P25-02", 2, "Disputed waters are not named any more; the rules apply without prejudice to any position."),
    ),
    step("2025-09-29T02:00Z", "adviser-CHN", _LIFTING),
    step("2025-10-01T02:00Z", "head-CHN", Send(_LIFTING)),
    step("2025-10-02T02:00Z", "head-CHN", take("P25-02", 2, RESERVE, due="2025-10-31T00:00Z")),
    step("2025-10-03T02:00Z", "alternate-JPN", On("P25-02", Reaffirm(2))),
    step("2025-10-06T15:00Z", "head-USA", On("P25-02", Reaffirm(2))),
    step("2025-10-09T01:50Z", "chair", On("P25-02", OpenSilence(2, at("2025-10-12T02:00Z")))),
    step("2025-10-09T03:00Z", "head-JPN", On("P25-02", AcknowledgeReceipt(2))),
    step("2025-10-09T14:00Z", "head-USA", On("P25-02", AcknowledgeReceipt(2))),
    step("2025-10-10T03:00Z", "head-CHN", On("P25-02", Decline(2))),
    step("2025-11-05T02:00Z", "head-KOR", revise("P25-02", 3, "Drones that no coast guard flies are left to other rules.")),
    step("2025-11-07T15:00Z", "head-USA", On("P25-02", EndSponsorship())),
    step("2025-11-10T02:00Z", "head-JPN", On("P25-02", Reaffirm(3))),
    step(
        "2025-11-12T03:00Z",
        "head-CHN",
        take("P25-02", 3, RESERVE, due="2026-03-31T00:00Z"),
    ),
    step(
        "2026-01-19T02:00Z", "head-KOR", revise("P25-02", 4, "The first preambular paragraph reads more smoothly in English.")
    ),
    step("2026-01-19T05:00Z", "adviser-JPN", _REAFFIRMING),
    step("2026-01-20T01:00Z", "chair", On("P25-02", CertifyChanges(4))),
    # The chair certified that no meaning changed: the endorsement is maintained, and nothing needs to be sent.
    step("2026-01-21T01:00Z", "adviser-JPN", Drop(_REAFFIRMING)),
    step("2026-03-31T00:00:01Z", None, falls_away("P25-02", CHN, "2026-03-31T00:00Z")),
)

TOLD: Final = in_order(_CONFERENCE, _WORKING_GROUP, _COAST_GUARDS)
