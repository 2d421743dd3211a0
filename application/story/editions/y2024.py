# ruff: noqa: RUF001  four languages, each with its own punctuation
"""The edition of 2024, and what became of the three proposals tabled in it and of the two parts of P23-03."""

from typing import Final

from application.story.forum import CHN, JAPAN_US, JAPAN_US_ROK, JPN, KOR, PLENARY, USA
from application.story.steps import (
    Begin,
    FinishAgenda,
    GoOnIn,
    On,
    SilenceEnds,
    Table,
)
from application.story.telling import (
    DISSOCIATE,
    ENDORSE,
    NO_OBJECTION,
    OBJECT,
    WITH_RESERVATION,
    announces,
    at,
    chair,
    closes,
    draft,
    in_order,
    of,
    on_behalf,
    opens,
    position,
    present,
    revise,
    says,
    sitting,
    step,
    take,
)
from application.story.words import say
from domain.proposals.commands import (
    Defer,
    Issue,
    Lift,
    OpenSilence,
    PutToSitting,
    Reaffirm,
    SetAside,
    Sponsor,
    TakeUp,
)
from domain.proposals.events import StatementKind

_CONFERENCE: Final = (
    step(
        "2024-05-13T01:00Z",
        "secretary",
        announces(
            2024,
            ("2024-09-03", "2024-09-04"),
            "Tokyo",
            say(
                en="The US presidential election and realizing peace in Northeast Asia",
                ja="米国大統領選と北東アジアの平和の覚悟",
                zh="美国总统选举与实现东北亚和平",
                ko="미국 대통령 선거와 동북아시아 평화의 실현",
            ),
        ),
    ),
    step("2024-06-03T01:00Z", "secretary", opens(2024)),
    step("2024-06-03T01:30Z", "secretary", chair(2024)),
    step("2024-08-20T02:00Z", "secretary", sitting("2024-09-03", "on-record", JAPAN_US)),
    step("2024-08-20T02:10Z", "secretary", sitting("2024-09-03", "on-record", JAPAN_US_ROK)),
    step("2024-08-20T02:20Z", "secretary", sitting("2024-09-04", "chatham-house")),
    step("2024-08-20T02:30Z", "secretary", sitting("2024-09-04", "on-record")),
    step("2024-09-03T00:30Z", "secretary", present(2024, 1, (JPN, USA), JAPAN_US)),
    step("2024-09-03T05:00Z", "secretary", present(2024, 1, (JPN, USA, KOR), JAPAN_US_ROK)),
    step("2024-09-04T00:30Z", "secretary", present(2024, 1)),
    step("2024-09-04T05:00Z", "secretary", present(2024, 2)),
    step("2024-10-01T02:00Z", "chair", FinishAgenda(of(2024), PLENARY)),
    step("2024-10-02T02:00Z", "secretary", closes(2024)),
)

# Not adopted, deferred, and a year later merged into the working group.
_ROADMAP: Final = (
    step("2024-06-05T02:16Z", "adviser-KOR", Begin("roadmap", draft("P24-01"))),
    step("2024-06-11T02:16Z", "head-KOR", Table("roadmap", "P24-01")),
    step(
        "2024-06-25T03:16Z",
        "head-CHN",
        take("P24-01", 0, OBJECT, reason="The whole peninsula is meant, and relief belongs to the first step."),
    ),
    step(
        "2024-06-26T15:16Z",
        "head-USA",
        take("P24-01", 0, WITH_RESERVATION, reservation="Each step is read as conditional on verification of the one before."),
    ),
    step("2024-07-01T02:16Z", "head-JPN", take("P24-01", 0, ENDORSE)),
    step("2024-08-13T02:16Z", "head-KOR", revise("P24-01", 1, "Relief comes at once, and can be taken back.")),
    step("2024-09-04T05:46Z", "chair", On("P24-01", PutToSitting(2, 1))),
    step("2024-09-26T04:16Z", "chair", On("P24-01", Defer())),
    step("2025-05-13T02:16Z", "chair", On("P24-01", TakeUp(of(2025)))),
    step("2025-08-07T02:16Z", "head-KOR", GoOnIn("P24-01", "P25-01")),
)

# The chair's own, issued.
_DETERRENCE: Final = (
    step("2024-06-12T02:17Z", "chair", Begin("deterrence", draft("P24-02"))),
    step("2024-06-18T02:17Z", "chair", Table("deterrence", "P24-02")),
    step("2024-08-22T03:17Z", "chair", revise("P24-02", 1, "Each delegation speaks in its own words.")),
    step("2024-09-04T07:17Z", "chair", On("P24-02", Issue(1))),
    step(
        "2024-09-05T02:17Z",
        "head-KOR",
        says(
            "P24-02",
            1,
            StatementKind.EXPLANATION,
            say(
                en="This group would have asked for talks with all who can strike the region; the statement is the chair's.",
                ja="このグループは、この地域を攻撃し得るすべての者との対話を求めたところである。この声明は議長のものである。",
                zh="本小组本希望要求与所有能够打击本地区者进行对话；本声明系主席的声明。",
                ko="이 그룹은 역내를 공격할 수 있는 모든 자와의 대화를 요청하고자 하였다. 이 성명은 의장의 것이다.",
            ),
        ),
    ),
)

# Dissociated from as a whole, then from one provision: adopted with a footnote, and with an endorsement left unconfirmed.
_CONCERN: Final = (
    step("2024-06-14T02:18Z", "delegate-KOR", Begin("concern", draft("P24-03"))),
    step("2024-06-25T02:18Z", "head-KOR", Table("concern", "P24-03")),
    step("2024-06-25T15:18Z", "head-USA", On("P24-03", Sponsor())),
    step("2024-07-08T03:18Z", "head-CHN", take("P24-03", 0, DISSOCIATE)),
    step("2024-08-15T02:18Z", "head-KOR", revise("P24-03", 1, "How influence is used is left to those who have it.")),
    step("2024-08-15T15:18Z", "head-USA", On("P24-03", Reaffirm(1))),
    step("2024-08-28T03:18Z", "head-CHN", take("P24-03", 1, NO_OBJECTION)),
    step(
        "2024-08-28T04:18Z",
        "head-CHN",
        says(
            "P24-03",
            1,
            StatementKind.DISSOCIATION,
            say(
                en="This group is not associated with the third operative paragraph: influence is a matter between Governments.",
                ja="このグループは、本文第三項に与しない。影響力は政府間の問題である。",
                zh="本小组不参加执行部分第三段：影响力是各国政府之间的事。",
                ko="이 그룹은 본문 제3항에 동참하지 아니한다. 영향력은 정부 사이의 문제이다.",
            ),
            of="p5",
        ),
    ),
    step(
        "2024-09-04T02:18Z",
        "secretary",
        on_behalf("P24-03", JPN, position(1, ENDORSE), "Given in the first sitting of 2024", "2024-09-04T02:10Z"),
    ),
    step("2024-09-04T05:18Z", "chair", On("P24-03", PutToSitting(2, 1))),
)

# Adopted by silence although an objection had arrived in time: set aside, mended, adopted.
_LAUNCHES: Final = (
    step("2024-07-03T02:15Z", "head-JPN", On("P24-04", Sponsor())),
    step("2024-07-03T15:15Z", "head-USA", On("P24-04", Sponsor())),
    step("2024-07-11T02:15Z", "head-KOR", revise("P24-04", 1, "This part speaks of launches alone.")),
    step("2024-07-12T02:15Z", "head-JPN", On("P24-04", Reaffirm(1))),
    step("2024-07-12T15:15Z", "head-USA", On("P24-04", Reaffirm(1))),
    step("2024-07-15T02:05Z", "chair", On("P24-04", OpenSilence(1, at("2024-07-18T02:15Z")))),
    step("2024-07-18T02:15:01Z", None, SilenceEnds("P24-04")),
    step(
        "2024-07-22T02:15Z",
        "secretary",
        on_behalf(
            "P24-04",
            CHN,
            position(1, OBJECT, reason="The form is that of a code to which our side has not subscribed."),
            "Letter of the Chinese group, 16 July 2024",
            "2024-07-17T03:00Z",
        ),
    ),
    step(
        "2024-07-23T02:15Z",
        "chair",
        On("P24-04", SetAside("The letter had reached the secretariat on 17 July, before the silence ended.")),
    ),
    step("2024-08-05T02:15Z", "head-KOR", revise("P24-04", 2, "What a notice holds is said in words of this text's own.")),
    step("2024-08-06T02:15Z", "head-JPN", On("P24-04", Reaffirm(2))),
    step("2024-08-06T15:15Z", "head-USA", On("P24-04", Reaffirm(2))),
    step("2024-08-08T03:15Z", "head-CHN", On("P24-04", Lift(2))),
    step("2024-08-09T03:15Z", "head-CHN", take("P24-04", 2, ENDORSE)),
    step("2024-09-04T06:15Z", "chair", On("P24-04", PutToSitting(2, 2))),
)

_EXERCISES: Final = (
    step(
        "2024-07-04T03:15Z", "head-CHN", take("P24-05", 0, OBJECT, reason="What is exercised at home needs no notice abroad.")
    ),
    step("2024-07-16T02:15Z", "head-KOR", revise("P24-05", 1, "This part speaks of exercises alone.")),
    step("2024-09-26T03:15Z", "chair", On("P24-05", Defer())),
)

TOLD: Final = in_order(_CONFERENCE, _ROADMAP, _DETERRENCE, _CONCERN, _LAUNCHES, _EXERCISES)
