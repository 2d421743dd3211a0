"""The edition of 2023, and what became of the three proposals tabled in it."""

from typing import Final

from application.story.editions.texts_2024 import ON_EXERCISES, ON_LAUNCHES
from application.story.forum import JPN, KOR, PLENARY
from application.story.steps import (
    Begin,
    EndTerm,
    FinishAgenda,
    GoOnInParts,
    On,
    Rewrite,
    Share,
    SilenceEnds,
    Table,
)
from application.story.telling import (
    AD_REFERENDUM,
    NO_OBJECTION,
    OBJECT,
    RESERVE,
    announces,
    at,
    chair,
    closes,
    draft,
    in_order,
    names,
    of,
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
    Contest,
    Decline,
    Defer,
    ExtendSilence,
    HandPen,
    OpenSilence,
    PutToSitting,
    Reaffirm,
    Split,
    Sponsor,
    TakeUp,
)

_CONFERENCE: Final = (
    step(
        "2023-04-03T01:00Z",
        "secretary",
        announces(
            2023,
            ("2023-07-18", "2023-07-19"),
            "Tokyo",
            say(
                en="Re-opening of US-China dialogue and peace in Northeast Asia",
                ja="米中対話の再開と北東アジアの平和",
                zh="重启中美对话与东北亚和平",
                ko="미·중 대화의 재개와 동북아시아의 평화",
            ),
        ),
    ),
    step("2023-05-08T01:00Z", "secretary", opens(2023)),
    step("2023-05-08T01:30Z", "secretary", chair(2023)),
    step("2023-05-10T01:00Z", "former-head-KOR", names("head-KOR")),
    step("2023-05-10T02:00Z", "head-KOR", EndTerm(KOR, "former-head-KOR")),
    step("2023-07-06T02:00Z", "secretary", sitting("2023-07-18", "chatham-house")),
    step("2023-07-06T02:30Z", "secretary", sitting("2023-07-19", "chatham-house")),
    step("2023-07-18T00:30Z", "secretary", present(2023, 1)),
    step("2023-07-19T00:30Z", "secretary", present(2023, 2)),
    step("2023-08-21T02:00Z", "chair", FinishAgenda(of(2023), PLENARY)),
    step("2023-08-22T02:00Z", "secretary", closes(2023)),
)

_HOTLINE: Final = (
    step("2023-05-15T02:00Z", "adviser-KOR", Begin("hotline of KOR", draft("P23-01", length=5))),
    step("2023-05-18T02:00Z", "delegate-KOR", Rewrite("hotline of KOR", draft("P23-01", length=6, kept=5))),
    step("2023-05-22T02:00Z", "delegate-KOR", Share("hotline of KOR", ShareDraft((JPN,)), "hotline")),
    step("2023-05-25T02:00Z", "adviser-JPN", Rewrite("hotline", draft("P23-01", length=8, kept=6))),
    step("2023-06-05T02:00Z", "head-KOR", Table("hotline", "P23-01")),
    step("2023-06-06T02:00Z", "head-JPN", On("P23-01", Sponsor())),
    step("2023-06-13T15:00Z", "head-USA", take("P23-01", 0, AD_REFERENDUM, due="2023-08-10T00:00Z")),
    step(
        "2023-06-15T03:00Z",
        "head-CHN",
        take(
            "P23-01",
            0,
            RESERVE,
            due="2023-08-15T00:00Z",
        ),
    ),
    step(
        "2023-07-05T02:00Z",
        "head-KOR",
        revise("P23-01", 1, "A duty officer can answer within two hours; somebody with authority often cannot."),
    ),
    step("2023-07-07T02:00Z", "alternate-JPN", On("P23-01", Reaffirm(1))),
    step("2023-07-07T15:00Z", "head-USA", On("P23-01", Reaffirm(1))),
    step("2023-07-21T03:00Z", "head-CHN", On("P23-01", Confirm(1))),
    step("2023-07-24T00:50Z", "chair", On("P23-01", OpenSilence(1, at("2023-07-27T01:00Z")))),
    step("2023-07-24T02:00Z", "head-KOR", On("P23-01", AcknowledgeReceipt(1))),
    step("2023-07-24T05:00Z", "head-JPN", On("P23-01", AcknowledgeReceipt(1))),
    step("2023-07-25T03:00Z", "head-CHN", On("P23-01", AcknowledgeReceipt(1))),
    # A day before the end one delegation has not said that it has the text.
    step("2023-07-26T06:00Z", "chair", On("P23-01", ExtendSilence(1, at("2023-07-31T01:00Z")))),
    step("2023-07-28T15:00Z", "head-USA", On("P23-01", AcknowledgeReceipt(1))),
    step("2023-07-31T01:00:01Z", None, SilenceEnds("P23-01")),
)

_GUARDRAILS: Final = (
    step("2023-05-29T02:00Z", "delegate-JPN", Begin("guardrails", draft("P23-02"))),
    step("2023-06-12T02:00Z", "head-JPN", Table("guardrails", "P23-02")),
    step("2023-06-14T02:00Z", "head-KOR", On("P23-02", Sponsor())),
    step("2023-06-20T03:00Z", "head-CHN", take("P23-02", 0, NO_OBJECTION)),
    step("2023-06-21T15:00Z", "head-USA", take("P23-02", 0, AD_REFERENDUM, due="2023-07-31T00:00Z")),
    step("2023-06-26T02:00Z", "head-JPN", revise("P23-02", 1, "The first recommendation reads more smoothly in English.")),
    step("2023-06-27T01:00Z", "chair", On("P23-02", CertifyChanges(1))),
    step(
        "2023-06-29T03:00Z",
        "alternate-CHN",
        On("P23-02", Contest(1, "To restore talks is to return to what there was; to resume them leaves their form open.")),
    ),
    step("2023-07-03T15:00Z", "head-USA", On("P23-02", Decline(1))),
    step("2023-07-04T02:00Z", "head-JPN", On("P23-02", HandPen("chair"))),
    step("2023-07-10T02:00Z", "chair", revise("P23-02", 2, "No preconditions, and talks that last when they are needed most.")),
    step("2023-07-11T02:00Z", "head-JPN", On("P23-02", HandPen("sponsor"))),
    step("2023-07-12T02:00Z", "head-JPN", On("P23-02", Reaffirm(2))),
    step("2023-07-12T03:00Z", "head-KOR", On("P23-02", Reaffirm(2))),
    step("2023-07-13T15:00Z", "head-USA", On("P23-02", Sponsor())),
    step("2023-07-14T03:00Z", "head-CHN", On("P23-02", Sponsor())),
    step("2023-07-19T06:00Z", "chair", On("P23-02", PutToSitting(2, 2))),
)

# Split a year later; the parts are told with the edition of 2024.
_NOTICES: Final = (
    step("2023-06-07T02:15Z", "delegate-KOR", Begin("notices", draft("P23-03"))),
    step("2023-06-19T02:15Z", "head-KOR", Table("notices", "P23-03")),
    step("2023-06-20T02:15Z", "head-JPN", On("P23-03", Sponsor())),
    step("2023-06-20T15:15Z", "head-USA", On("P23-03", Sponsor())),
    step(
        "2023-06-29T05:15Z",
        "head-CHN",
        take("P23-03", 0, OBJECT, reason="Launches can be notified; what is exercised at home is nobody else's business."),
    ),
    step("2023-08-17T03:15Z", "chair", On("P23-03", Defer())),
    step("2024-06-04T02:15Z", "chair", On("P23-03", TakeUp(of(2024)))),
    step(
        "2024-07-02T02:15Z",
        "head-KOR",
        GoOnInParts("P23-03", Split((ON_LAUNCHES, ON_EXERCISES)), ("P24-04", "P24-05")),
    ),
)

TOLD: Final = in_order(_CONFERENCE, _HOTLINE, _GUARDRAILS, _NOTICES)
