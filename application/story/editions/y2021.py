"""The edition of 2021, and what became of the two proposals tabled in it."""

from typing import Final

from application.story.forum import JAPAN_US, JPN, PLENARY, USA
from application.story.steps import (
    Begin,
    FinishAgenda,
    On,
    SilenceEnds,
    Table,
)
from application.story.telling import (
    ENDORSE,
    NO_OBJECTION,
    OBJECT,
    announces,
    at,
    chair,
    closes,
    draft,
    in_order,
    of,
    opens,
    present,
    revise,
    sitting,
    step,
    take,
)
from application.story.words import say
from domain.proposals.commands import (
    AcknowledgeReceipt,
    CancelSilence,
    Defer,
    Lift,
    OpenSilence,
    Reaffirm,
    Sponsor,
    TakeUp,
)

_CONFERENCE: Final = (
    step(
        "2020-11-16T01:00Z",
        "secretary",
        announces(
            2021,
            ("2021-02-24", "2021-02-24"),
            "online",
            say(
                en="Security risks, conflict avoidance, rules and order",
                ja="安全保障上のリスク、紛争回避、ルールと秩序",
                zh="安全风险、避免冲突、规则与秩序",
                ko="안보 위험, 충돌 회피, 규칙과 질서",
            ),
        ),
    ),
    step("2020-12-01T01:00Z", "secretary", opens(2021)),
    step("2020-12-01T01:30Z", "secretary", chair(2021)),
    step("2021-02-15T02:00Z", "secretary", sitting("2021-02-23", "closed", JAPAN_US)),
    step("2021-02-15T02:30Z", "secretary", sitting("2021-02-24", "closed")),
    step("2021-02-23T00:30Z", "secretary", present(2021, 1, (JPN, USA), JAPAN_US)),
    step("2021-02-24T00:30Z", "secretary", present(2021, 1)),
    step("2021-03-15T02:00Z", "chair", FinishAgenda(of(2021), PLENARY)),
    step("2021-03-16T02:00Z", "secretary", closes(2021)),
)

_REPORT_BACK: Final = (
    step("2021-01-12T02:00Z", "delegate-KOR", Begin("report-back", draft("P21-01"))),
    step("2021-01-20T05:00Z", "former-head-KOR", Table("report-back", "P21-01")),
    step("2021-01-22T02:00Z", "head-JPN", take("P21-01", 0, ENDORSE)),
    step(
        "2021-01-25T15:00Z",
        "head-USA",
        take(
            "P21-01",
            0,
            OBJECT,
            reason="What is said in a closed dialogue would go out without the consent of its members.",
        ),
    ),
    step(
        "2021-02-02T03:00Z",
        "former-head-KOR",
        revise("P21-01", 1, "Nothing is circulated before every delegation of the format has consented."),
    ),
    step("2021-02-04T02:00Z", "head-JPN", On("P21-01", Reaffirm(1))),
    step("2021-02-09T15:00Z", "head-USA", On("P21-01", Lift(1))),
    step("2021-02-10T15:00Z", "head-USA", take("P21-01", 1, NO_OBJECTION)),
    step("2021-02-25T02:50Z", "chair", On("P21-01", OpenSilence(1, at("2021-02-28T03:00Z")))),
    # Two language versions do not say that consent is given in writing: the text goes back before anybody is bound by silence.
    step("2021-02-25T08:00Z", "chair", On("P21-01", CancelSilence(1))),
    step(
        "2021-02-26T01:00Z",
        "former-head-KOR",
        revise("P21-01", 2, "The Chinese and Korean texts say that consent is in writing."),
    ),
    step("2021-02-26T02:50Z", "chair", On("P21-01", OpenSilence(2, at("2021-03-01T03:00Z")))),
    step("2021-02-26T05:00Z", "alternate-JPN", On("P21-01", AcknowledgeReceipt(2))),
    step("2021-02-26T14:00Z", "head-USA", On("P21-01", AcknowledgeReceipt(2))),
    step("2021-02-27T01:00Z", "former-head-KOR", On("P21-01", AcknowledgeReceipt(2))),
    step("2021-02-27T02:00Z", "head-CHN", On("P21-01", AcknowledgeReceipt(2))),
    step("2021-03-01T03:00:01Z", None, SilenceEnds("P21-01")),
    step(
        "2021-03-01T05:30Z",
        "head-CHN",
        take("P21-01", 2, OBJECT, reason="An oral report-back would have been enough. The letter was delayed."),
    ),
)

# A silence broken, and another, a year later and under another title, that is kept.
_CONTACT_POINTS: Final = (
    step("2021-01-14T15:12Z", "delegate-USA", Begin("contact points", draft("P21-02"))),
    step("2021-01-27T15:12Z", "head-USA", Table("contact points", "P21-02")),
    step("2021-01-28T02:12Z", "former-head-KOR", On("P21-02", Sponsor())),
    step("2021-02-01T02:12Z", "head-JPN", take("P21-02", 0, ENDORSE)),
    step("2021-02-25T04:02Z", "chair", On("P21-02", OpenSilence(0, at("2021-02-28T04:12Z")))),
    step("2021-02-25T06:12Z", "head-JPN", On("P21-02", AcknowledgeReceipt(0))),
    step(
        "2021-02-26T07:12Z",
        "head-CHN",
        take("P21-02", 0, OBJECT, reason="Whose list is it? One of officials is not ours to keep."),
    ),
    step("2021-03-09T02:12Z", "chair", On("P21-02", Defer())),
    step("2021-12-02T01:12Z", "chair", On("P21-02", TakeUp(of(2022)))),
    step(
        "2021-12-13T15:12Z",
        "head-USA",
        revise("P21-02", 1, "A list of experts, who know whom to ask: nobody on it is official."),
    ),
    step("2021-12-15T02:12Z", "former-head-KOR", On("P21-02", Reaffirm(1))),
    step("2021-12-15T03:12Z", "head-JPN", On("P21-02", Reaffirm(1))),
    step("2021-12-20T03:12Z", "head-CHN", On("P21-02", Lift(1))),
    # The secretary opens this one, on the chair's instruction.
    step(
        "2022-02-25T02:02Z",
        "secretary",
        On("P21-02", OpenSilence(1, at("2022-02-28T02:12Z"), instruction="Message of the chair, 24 February 2022")),
    ),
    step("2022-02-25T05:12Z", "head-JPN", On("P21-02", AcknowledgeReceipt(1))),
    step("2022-02-25T14:12Z", "head-USA", On("P21-02", AcknowledgeReceipt(1))),
    step("2022-02-28T02:12:01Z", None, SilenceEnds("P21-02")),
)

TOLD: Final = in_order(_CONFERENCE, _REPORT_BACK, _CONTACT_POINTS)
