# ruff: noqa: RUF001  four languages, each with its own punctuation
"""The edition of 2020, and what became of the two proposals tabled in it."""

from typing import Final

from application.story.forum import KOR, PLENARY
from application.story.steps import (
    Begin,
    FinishAgenda,
    On,
    Rewrite,
    Table,
)
from application.story.telling import (
    ENDORSE,
    OBJECT,
    WITH_RESERVATION,
    announces,
    chair,
    closes,
    draft,
    in_order,
    of,
    opens,
    present,
    revise,
    says,
    sitting,
    step,
    take,
)
from application.story.words import say
from domain.proposals.commands import (
    CertifyChanges,
    JoinStatement,
    Lift,
    PutToSitting,
    Reaffirm,
    Sponsor,
)
from domain.proposals.events import StatementKind

_CONFERENCE: Final = (
    step(
        "2019-12-05T01:00Z",
        "secretary",
        announces(
            2020,
            ("2020-01-21", "2020-01-21"),
            "Tokyo",
            say(
                en="Sustainable peace in Northeast Asia",
                ja="北東アジアの持続可能な平和",
                zh="东北亚可持续和平",
                ko="동북아시아의 지속 가능한 평화",
            ),
        ),
    ),
    step("2019-12-10T01:00Z", "secretary", opens(2020)),
    step("2019-12-10T01:30Z", "secretary", chair(2020)),
    step("2020-01-08T02:00Z", "secretary", sitting("2020-01-21", "chatham-house")),
    step("2020-01-21T01:00Z", "secretary", present(2020, 1)),
    step("2020-02-03T02:00Z", "chair", FinishAgenda(of(2020), PLENARY)),
    step("2020-02-04T02:00Z", "secretary", closes(2020)),
)

# An objection to the names of places, which goes when they do.
_JOINT_REVIEW: Final = (
    step("2019-12-11T02:11Z", "delegate-JPN", Begin("joint review", draft("P20-01"))),
    step("2019-12-17T05:11Z", "head-JPN", Table("joint review", "P20-01")),
    step("2019-12-19T05:11Z", "former-head-KOR", On("P20-01", Sponsor())),
    step("2019-12-20T15:11Z", "head-USA", On("P20-01", Sponsor())),
    step("2019-12-25T03:11Z", "head-CHN", take("P20-01", 0, OBJECT, reason="To name a sea is to take a side on whose it is.")),
    step(
        "2020-01-07T03:11Z", "head-JPN", revise("P20-01", 1, "Incidents are told by what happened, not by the names of places.")
    ),
    step("2020-01-08T05:11Z", "former-head-KOR", On("P20-01", Reaffirm(1))),
    step("2020-01-08T15:11Z", "head-USA", On("P20-01", Reaffirm(1))),
    step("2020-01-10T03:11Z", "head-CHN", On("P20-01", Lift(1))),
    step("2020-01-10T05:11Z", "head-JPN", revise("P20-01", 2, "A review that seeks no fault is told more.")),
    step("2020-01-13T03:11Z", "head-CHN", On("P20-01", Sponsor())),
    step("2020-01-13T05:11Z", "former-head-KOR", On("P20-01", Reaffirm(2))),
    step("2020-01-13T15:11Z", "head-USA", On("P20-01", Reaffirm(2))),
    step("2020-01-15T03:11Z", "head-JPN", revise("P20-01", 3, "The Chinese text speaks of events, as the English does.")),
    step("2020-01-21T06:11Z", "chair", On("P20-01", PutToSitting(1, 3))),
)

_PRINCIPLES: Final = (
    step("2019-12-16T02:00Z", "delegate-JPN", Begin("principles", draft("P20-02", length=6))),
    step("2019-12-18T02:00Z", "adviser-JPN", Rewrite("principles", draft("P20-02", length=7, kept=6))),
    step("2019-12-20T05:00Z", "head-JPN", Table("principles", "P20-02")),
    step("2019-12-23T06:00Z", "head-CHN", On("P20-02", Sponsor())),
    step("2019-12-24T04:00Z", "former-head-KOR", take("P20-02", 0, ENDORSE)),
    step(
        "2020-01-06T15:00Z",
        "head-USA",
        take(
            "P20-02",
            0,
            WITH_RESERVATION,
            reservation="This group does not join in any reading of the second principle that would single out a State.",
        ),
    ),
    step(
        "2020-01-09T03:00Z",
        "head-JPN",
        revise("P20-02", 1, "The second principle says whom it is directed against: nobody."),
    ),
    step("2020-01-10T02:00Z", "head-CHN", On("P20-02", Reaffirm(1))),
    step("2020-01-10T06:00Z", "alternate-KOR", On("P20-02", Reaffirm(1))),
    step(
        "2020-01-14T03:00Z", "head-JPN", revise("P20-02", 2, "The first preambular paragraph reads more smoothly in English.")
    ),
    step("2020-01-15T01:00Z", "chair", On("P20-02", CertifyChanges(2))),
    step("2020-01-16T16:00Z", "head-USA", take("P20-02", 2, ENDORSE)),
    step(
        "2020-01-20T15:00Z",
        "head-USA",
        says(
            "P20-02",
            2,
            StatementKind.INTERPRETATION,
            say(
                en="This group reads the word “hegemony” as naming a conduct and no State.",
                ja="このグループは、「覇権」の語を、行動を指すものであって、いかなる国をも指すものではないと解する。",
                zh="本小组将“霸权”一词理解为指某种行为，而不指任何国家。",
                ko="이 그룹은 “패권”이라는 말을 행위를 가리키는 것으로 이해하며 어떠한 국가도 가리키지 아니하는 것으로 이해한다.",
            ),
            of="p5",
            invited=(KOR,),
        ),
    ),
    step("2020-01-20T23:30Z", "former-head-KOR", On("P20-02", JoinStatement(1))),
    step("2020-01-21T07:30Z", "chair", On("P20-02", PutToSitting(1, 2))),
)

TOLD: Final = in_order(_CONFERENCE, _JOINT_REVIEW, _PRINCIPLES)
