"""The edition of 2022, and what became of the two proposals tabled in it, up to 2025."""

from typing import Final

from application.story.forum import CHN, KOR, PLENARY, USA
from application.story.steps import (
    Begin,
    FinishAgenda,
    On,
    Share,
    Table,
)
from application.story.telling import (
    ABSTAIN,
    ENDORSE,
    NO_OBJECTION,
    OBJECT,
    RESERVE,
    announces,
    chair,
    closes,
    draft,
    falls_away,
    in_order,
    of,
    on_behalf,
    opens,
    position,
    present,
    revise,
    sitting,
    step,
    take,
)
from application.story.words import say
from domain.conferences.commands import CloseAgenda
from domain.drafts.commands import ShareDraft
from domain.proposals.commands import (
    Conclude,
    ConfirmGiven,
    Defer,
    DisownGiven,
    PutToSitting,
    Reaffirm,
    Sponsor,
    TakeUp,
)
from domain.proposals.events import Outcome

_CONFERENCE: Final = (
    step(
        "2021-11-15T01:00Z",
        "secretary",
        announces(
            2022,
            ("2022-02-22", "2022-02-23"),
            "online",
            say(
                en="Conflict avoidance in Northeast Asia and the Taiwan question",
                ja="北東アジアの紛争回避と台湾問題",
                zh="东北亚避免冲突与台湾问题",
                ko="동북아시아의 충돌 회피와 대만 문제",
            ),
        ),
    ),
    step("2021-12-01T01:00Z", "secretary", opens(2022)),
    step("2021-12-01T01:30Z", "secretary", chair(2022)),
    step("2022-02-08T02:00Z", "secretary", sitting("2022-02-22", "on-record")),
    step("2022-02-08T02:30Z", "secretary", sitting("2022-02-23", "closed")),
    step("2022-02-22T00:30Z", "secretary", present(2022, 1)),
    step("2022-02-23T00:30Z", "secretary", present(2022, 2)),
    step(
        "2022-03-15T02:00Z",
        "secretary",
        FinishAgenda(of(2022), PLENARY, CloseAgenda(instruction="Message of the chair, 14 March 2022")),
    ),
    step("2022-03-16T02:00Z", "secretary", closes(2022)),
)

# Adopted a year later, with an endorsement that was given in the room and confirmed.
_VOCABULARY: Final = (
    step("2021-12-06T02:13Z", "delegate-JPN", Begin("vocabulary of JPN", draft("P22-01"))),
    step("2021-12-08T02:13Z", "delegate-JPN", Share("vocabulary of JPN", ShareDraft((USA,)), "vocabulary")),
    step("2021-12-14T02:13Z", "head-JPN", Table("vocabulary", "P22-01")),
    step("2021-12-15T15:13Z", "head-USA", On("P22-01", Sponsor())),
    step("2022-01-11T03:13Z", "head-CHN", take("P22-01", 0, RESERVE, due="2022-02-01T00:00Z")),
    step("2022-01-25T02:13Z", "head-JPN", revise("P22-01", 1, "One frequency for distress, another to talk on.")),
    step("2022-01-26T15:13Z", "head-USA", On("P22-01", Reaffirm(1))),
    step("2022-02-01T00:00:01Z", None, falls_away("P22-01", CHN, "2022-02-01T00:00Z")),
    step("2022-03-10T02:13Z", "chair", On("P22-01", Defer())),
    step("2023-05-09T01:13Z", "chair", On("P22-01", TakeUp(of(2023)))),
    step(
        "2023-06-01T02:13Z",
        "head-JPN",
        revise("P22-01", 2, "Each phrase stands beside its meaning in the crew's own language."),
    ),
    step("2023-06-02T15:13Z", "head-USA", On("P22-01", Reaffirm(2))),
    step("2023-07-10T03:13Z", "head-CHN", take("P22-01", 2, NO_OBJECTION)),
    step(
        "2023-07-18T02:13Z",
        "secretary",
        on_behalf("P22-01", KOR, position(2, ENDORSE), "Given in the first sitting of 2023", "2023-07-18T02:05Z"),
    ),
    step("2023-07-18T06:13Z", "head-KOR", On("P22-01", ConfirmGiven(2))),
    step("2023-07-19T05:13Z", "chair", On("P22-01", PutToSitting(2, 2))),
)

# An objection that stands from year to year, until the text ends without consensus.
_STRAIT: Final = (
    step("2021-12-09T15:14Z", "adviser-USA", Begin("strait", draft("P22-02"))),
    step("2021-12-16T15:14Z", "head-USA", Table("strait", "P22-02")),
    step("2021-12-17T02:14Z", "head-JPN", On("P22-02", Sponsor())),
    step("2021-12-22T03:14Z", "former-head-KOR", take("P22-02", 0, ABSTAIN)),
    step(
        "2022-01-12T03:14Z",
        "secretary",
        on_behalf(
            "P22-02",
            CHN,
            position(0, OBJECT, reason="This is an internal affair, and no matter for this format."),
            "Letter of the Chinese group, 10 January 2022",
            "2022-01-10T03:00Z",
        ),
    ),
    step("2022-02-23T05:14Z", "chair", On("P22-02", PutToSitting(2, 0))),
    step("2022-03-10T03:14Z", "chair", On("P22-02", Defer())),
    step("2023-05-09T02:14Z", "chair", On("P22-02", TakeUp(of(2023)))),
    step("2023-06-08T15:14Z", "head-USA", revise("P22-02", 1, "Each side chooses how it makes known what is large.")),
    step("2023-06-09T02:14Z", "head-JPN", On("P22-02", Reaffirm(1))),
    # What was said in the room of the aim was taken for a word on the text.
    step(
        "2023-07-18T03:14Z",
        "secretary",
        on_behalf("P22-02", KOR, position(1, ENDORSE), "Given in the first sitting of 2023", "2023-07-18T03:05Z"),
    ),
    step("2023-07-20T02:14Z", "head-KOR", On("P22-02", DisownGiven(1))),
    step("2023-08-17T02:14Z", "secretary", On("P22-02", Defer(instruction="Message of the chair, 16 August 2023"))),
    step("2024-06-04T01:14Z", "chair", On("P22-02", TakeUp(of(2024)))),
    step("2024-07-09T15:14Z", "head-USA", revise("P22-02", 2, "The title leaves open how the waters are called.")),
    step("2024-07-10T02:14Z", "head-JPN", On("P22-02", Reaffirm(2))),
    step(
        "2024-07-22T03:14Z",
        "head-CHN",
        take("P22-02", 2, OBJECT, reason="Another name does not make it another matter."),
    ),
    step("2024-09-26T02:14Z", "chair", On("P22-02", Defer())),
    step("2025-05-13T01:14Z", "chair", On("P22-02", TakeUp(of(2025)))),
    step("2025-06-03T15:14Z", "head-USA", On("P22-02", Reaffirm(2))),
    step("2025-06-26T02:14Z", "chair", On("P22-02", Conclude(Outcome.NO_CONSENSUS))),
)

TOLD: Final = in_order(_CONFERENCE, _VOCABULARY, _STRAIT)
