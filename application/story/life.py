# ruff: noqa: RUF001  four languages, each with its own punctuation
"""The demonstration's life, from its founding to the silence that runs as it starts.

The dates, cities and themes of the editions of 2020 to 2024 are on public record (genron-npo.net). All else is invented for
illustration: the editions of 2025 and 2026, which say so in their themes, and every proposal, text, position, reason, sitting and
date of procedure. Nothing here is a statement of the Conference, of a government or of a person.
"""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from application.doors import Objection
from application.story.forum import (
    CHN,
    DELEGATIONS,
    FOUNDED,
    FOUNDING,
    JAPAN_US,
    JAPAN_US_ROK,
    JPN,
    KOR,
    PEOPLE,
    PLENARY,
    SECRETARY,
    TOKYO,
    USA,
)
from application.story.steps import (
    Act,
    Announce,
    Begin,
    Credential,
    Discard,
    Drop,
    EndTerm,
    FinishAgenda,
    LetRead,
    Move,
    On,
    OnAgenda,
    Prepare,
    Rewrite,
    Send,
    Share,
    SilenceEnds,
    Step,
    Story,
    Table,
    person,
)
from application.story.texts import EN, REVISIONS, say
from domain.conferences.commands import (
    AnnounceEdition,
    AppointChair,
    CloseEdition,
    ConveneSitting,
    MarkAttendance,
    OpenEdition,
    PostponeEdition,
)
from domain.conferences.events import SittingRule
from domain.drafts.commands import ShareDraft, WriteDraft
from domain.forum.commands import ConsentToReader, IssueCredential
from domain.forum.events import Audience, AudienceKind, Role
from domain.identity import DelegationCode, EditionCode, FormatCode, Language
from domain.proposals.commands import (
    AcknowledgeReceipt,
    CancelSilence,
    CertifyChanges,
    Confirm,
    Contest,
    Decline,
    EndSponsorship,
    ExtendSilence,
    HandPen,
    Lift,
    OpenSilence,
    PutToSitting,
    Reaffirm,
    Revise,
    Sponsor,
    TakePosition,
)
from domain.proposals.events import Stance

VERSION: Final = 1

KINDS: Final = {
    "P20-02": "joint-statement",
    "P21-01": "procedure",
    "P23-01": "crisis-management-mechanism",
    "P23-02": "recommendation",
    "P25-02": "accident-prevention-rule",
    "P26-01": "confidence-building-measure",
}
"""By the code of the proposal."""


def _at(instant: str) -> datetime:
    return datetime.fromisoformat(instant)


def _step(instant: str, by: str | None, act: Act) -> Step:
    return Step(_at(instant), by, act)


def _names(role: str, notice: str | None = None) -> Credential:
    """Let somebody act as what the role says: `alternate-JPN` as alternate of Japan."""
    *_, office, code = role.split("-")
    return Credential(DelegationCode(code), IssueCredential(person(role), Role(office), notice=notice))


def _edition(year: int, days: tuple[str, str], city: str, theme: dict[Language, str]) -> Announce:
    starts_on, ends_on = map(date.fromisoformat, days)
    return Announce(AnnounceEdition(_code(year), year, starts_on, ends_on, city, theme))


def _code(year: int) -> EditionCode:
    return EditionCode(str(year))


def _opens(year: int) -> Move:
    return Move(_code(year), OpenEdition())


def _closes(year: int) -> Move:
    return Move(_code(year), CloseEdition())


def _chair(year: int) -> OnAgenda:
    return OnAgenda(_code(year), PLENARY, AppointChair(person("chair")))


def _sitting(held_on: str, rule: SittingRule, meets: FormatCode = PLENARY) -> OnAgenda:
    day = date.fromisoformat(held_on)
    return OnAgenda(_code(day.year), meets, ConveneSitting(day, rule))


def _present(
    year: int, sitting: int, present: tuple[DelegationCode, ...] = DELEGATIONS, meets: FormatCode = PLENARY
) -> OnAgenda:
    return OnAgenda(_code(year), meets, MarkAttendance(sitting, present))


def _draft(code: str, *, length: int | None = None, kept: int = 0) -> WriteDraft:
    """The text that is tabled later, or so many of its provisions; the first ``kept`` are in the draft already."""
    parts = REVISIONS[code][0].provisions[:length]
    words = tuple(part if place < kept else part.fresh() for place, part in enumerate(parts))
    return WriteDraft(KINDS[code], PLENARY, EditionCode(f"20{code[1:3]}"), EN, words)


def _revise(code: str, number: int, reason: str) -> On:
    revision = REVISIONS[code][number]
    return On(code, Revise(number - 1, revision.provisions, revision.changes, reason))


def _take(code: str, revision: int, stance: Stance, *, due: str | None = None, reason: str | None = None) -> On:
    return On(code, TakePosition(revision, stance, due=None if due is None else _at(due), reason=reason))


_FIRST_HEADS: Final = {JPN: "head-JPN", USA: "head-USA", CHN: "head-CHN", KOR: "former-head-KOR"}
_FORUM: Final = Audience(AudienceKind.FORUM)
_OF_PLENARY: Final = Audience(AudienceKind.FORMAT, PLENARY, tuple(sorted(DELEGATIONS)))
_LET_AUDITOR_READ: Final = ConsentToReader(person("auditor"))

_SEATS: Final = (
    # The secretary seats a first head on the delegation's written notice; each head names the others.
    *((SECRETARY, _names(head, f"Written notice of {code}, 1 December 2019")) for code, head in _FIRST_HEADS.items()),
    *((head, _names(f"{role}-{code}")) for code, head in _FIRST_HEADS.items() for role in ("alternate", "delegate", "adviser")),
    # The auditor reads what every delegation lets them read: not the books of the two smaller formats.
    *((head, LetRead(book, _LET_AUDITOR_READ)) for book in (_FORUM, _OF_PLENARY) for head in _FIRST_HEADS.values()),
)
_SEATED: Final = tuple(Step(FOUNDED + n * timedelta(minutes=10), by, act) for n, (by, act) in enumerate(_SEATS, 1))

_IN_2020: Final = (
    _step(
        "2019-12-05T01:00Z",
        "secretary",
        _edition(
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
    _step("2019-12-10T01:00Z", "secretary", _opens(2020)),
    _step("2019-12-10T01:30Z", "secretary", _chair(2020)),
    _step("2019-12-16T02:00Z", "delegate-JPN", Begin("principles", _draft("P20-02", length=6))),
    _step("2019-12-18T02:00Z", "adviser-JPN", Rewrite("principles", _draft("P20-02", length=7, kept=6))),
    _step("2019-12-20T05:00Z", "head-JPN", Table("principles", "P20-02")),
    _step("2019-12-23T06:00Z", "head-CHN", On("P20-02", Sponsor())),
    _step("2019-12-24T04:00Z", "former-head-KOR", _take("P20-02", 0, Stance.ENDORSE)),
    _step(
        "2020-01-06T15:00Z",
        "head-USA",
        On(
            "P20-02",
            TakePosition(
                0,
                Stance.WITH_RESERVATION,
                reservation="This group does not join in any reading of the second principle that would single out a State.",
            ),
        ),
    ),
    _step("2020-01-08T02:00Z", "secretary", _sitting("2020-01-21", "chatham-house")),
    _step(
        "2020-01-09T03:00Z",
        "head-JPN",
        _revise("P20-02", 1, "The second principle says whom it is directed against: nobody."),
    ),
    _step("2020-01-10T02:00Z", "head-CHN", On("P20-02", Reaffirm(1))),
    _step("2020-01-10T06:00Z", "alternate-KOR", On("P20-02", Reaffirm(1))),
    _step(
        "2020-01-14T03:00Z", "head-JPN", _revise("P20-02", 2, "The first preambular paragraph reads more smoothly in English.")
    ),
    _step("2020-01-15T01:00Z", "chair", On("P20-02", CertifyChanges(2))),
    _step("2020-01-16T16:00Z", "head-USA", _take("P20-02", 2, Stance.ENDORSE)),
    _step("2020-01-21T01:00Z", "secretary", _present(2020, 1)),
    _step("2020-01-21T07:30Z", "chair", On("P20-02", PutToSitting(1, 2))),
    _step("2020-02-03T02:00Z", "chair", FinishAgenda(_code(2020), PLENARY)),
    _step("2020-02-04T02:00Z", "secretary", _closes(2020)),
)

_IN_2021: Final = (
    _step(
        "2020-11-16T01:00Z",
        "secretary",
        _edition(
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
    _step("2020-12-01T01:00Z", "secretary", _opens(2021)),
    _step("2020-12-01T01:30Z", "secretary", _chair(2021)),
    _step("2021-01-12T02:00Z", "delegate-KOR", Begin("report-back", _draft("P21-01"))),
    _step("2021-01-20T05:00Z", "former-head-KOR", Table("report-back", "P21-01")),
    _step("2021-01-22T02:00Z", "head-JPN", _take("P21-01", 0, Stance.ENDORSE)),
    _step(
        "2021-01-25T15:00Z",
        "head-USA",
        _take(
            "P21-01",
            0,
            Stance.OBJECT,
            reason="What is said in a closed dialogue would go out without the consent of its members.",
        ),
    ),
    _step(
        "2021-02-02T03:00Z",
        "former-head-KOR",
        _revise("P21-01", 1, "Nothing is circulated before every delegation of the format has consented."),
    ),
    _step("2021-02-04T02:00Z", "head-JPN", On("P21-01", Reaffirm(1))),
    _step("2021-02-09T15:00Z", "head-USA", On("P21-01", Lift(1))),
    _step("2021-02-10T15:00Z", "head-USA", _take("P21-01", 1, Stance.NO_OBJECTION)),
    _step("2021-02-15T02:00Z", "secretary", _sitting("2021-02-23", "closed", JAPAN_US)),
    _step("2021-02-15T02:30Z", "secretary", _sitting("2021-02-24", "closed")),
    _step("2021-02-23T00:30Z", "secretary", _present(2021, 1, (JPN, USA), JAPAN_US)),
    _step("2021-02-24T00:30Z", "secretary", _present(2021, 1)),
    _step("2021-02-25T03:00Z", "chair", On("P21-01", OpenSilence(1, _at("2021-02-28T03:00Z")))),
    # Two language versions do not say that consent is given in writing: the text goes back before anybody is bound by silence.
    _step("2021-02-25T08:00Z", "chair", On("P21-01", CancelSilence(1))),
    _step(
        "2021-02-26T01:00Z",
        "former-head-KOR",
        _revise("P21-01", 2, "The Chinese and Korean texts say that consent is in writing."),
    ),
    _step("2021-02-26T03:00Z", "chair", On("P21-01", OpenSilence(2, _at("2021-03-01T03:00Z")))),
    _step("2021-02-26T05:00Z", "alternate-JPN", On("P21-01", AcknowledgeReceipt(2))),
    _step("2021-02-26T14:00Z", "head-USA", On("P21-01", AcknowledgeReceipt(2))),
    _step("2021-02-27T01:00Z", "former-head-KOR", On("P21-01", AcknowledgeReceipt(2))),
    _step("2021-02-27T02:00Z", "head-CHN", On("P21-01", AcknowledgeReceipt(2))),
    _step("2021-03-01T03:00:01Z", None, SilenceEnds("P21-01")),
    _step(
        "2021-03-01T05:30Z",
        "head-CHN",
        _take("P21-01", 2, Stance.OBJECT, reason="An oral report-back would have been enough. The letter was delayed."),
    ),
    _step("2021-03-15T02:00Z", "chair", FinishAgenda(_code(2021), PLENARY)),
    _step("2021-03-16T02:00Z", "secretary", _closes(2021)),
)

_IN_2022: Final = (
    _step(
        "2021-11-15T01:00Z",
        "secretary",
        _edition(
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
    _step("2021-12-01T01:00Z", "secretary", _opens(2022)),
    _step("2021-12-01T01:30Z", "secretary", _chair(2022)),
    _step("2022-02-08T02:00Z", "secretary", _sitting("2022-02-22", "on-record")),
    _step("2022-02-08T02:30Z", "secretary", _sitting("2022-02-23", "closed")),
    _step("2022-02-22T00:30Z", "secretary", _present(2022, 1)),
    _step("2022-02-23T00:30Z", "secretary", _present(2022, 2)),
    _step("2022-03-15T02:00Z", "chair", FinishAgenda(_code(2022), PLENARY)),
    _step("2022-03-16T02:00Z", "secretary", _closes(2022)),
)

_IN_2023: Final = (
    _step(
        "2023-04-03T01:00Z",
        "secretary",
        _edition(
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
    _step("2023-05-08T01:00Z", "secretary", _opens(2023)),
    _step("2023-05-08T01:30Z", "secretary", _chair(2023)),
    _step("2023-05-10T01:00Z", "former-head-KOR", _names("head-KOR")),
    _step("2023-05-10T02:00Z", "head-KOR", EndTerm(KOR, "former-head-KOR")),
    _step("2023-05-15T02:00Z", "adviser-KOR", Begin("hotline of KOR", _draft("P23-01", length=5))),
    _step("2023-05-18T02:00Z", "delegate-KOR", Rewrite("hotline of KOR", _draft("P23-01", length=6, kept=5))),
    _step("2023-05-22T02:00Z", "delegate-KOR", Share("hotline of KOR", ShareDraft((JPN,)), "hotline")),
    _step("2023-05-25T02:00Z", "adviser-JPN", Rewrite("hotline", _draft("P23-01", length=8, kept=6))),
    _step("2023-05-29T02:00Z", "delegate-JPN", Begin("guardrails", _draft("P23-02"))),
    _step("2023-06-05T02:00Z", "head-KOR", Table("hotline", "P23-01")),
    _step("2023-06-06T02:00Z", "head-JPN", On("P23-01", Sponsor())),
    _step("2023-06-12T02:00Z", "head-JPN", Table("guardrails", "P23-02")),
    _step("2023-06-13T15:00Z", "head-USA", _take("P23-01", 0, Stance.AD_REFERENDUM, due="2023-08-10T00:00Z")),
    _step("2023-06-14T02:00Z", "head-KOR", On("P23-02", Sponsor())),
    _step(
        "2023-06-15T03:00Z",
        "head-CHN",
        _take(
            "P23-01",
            0,
            Stance.RESERVE,
            due="2023-08-15T00:00Z",
            reason="Pending consultation with those who would answer the calls.",
        ),
    ),
    _step("2023-06-20T03:00Z", "head-CHN", _take("P23-02", 0, Stance.NO_OBJECTION)),
    _step("2023-06-21T15:00Z", "head-USA", _take("P23-02", 0, Stance.AD_REFERENDUM, due="2023-07-31T00:00Z")),
    _step("2023-06-26T02:00Z", "head-JPN", _revise("P23-02", 1, "The first recommendation reads more smoothly in English.")),
    _step("2023-06-27T01:00Z", "chair", On("P23-02", CertifyChanges(1))),
    _step(
        "2023-06-29T03:00Z",
        "alternate-CHN",
        On("P23-02", Contest(1, "To restore talks is to return to what there was; to resume them leaves their form open.")),
    ),
    _step("2023-07-03T15:00Z", "head-USA", On("P23-02", Decline(1))),
    _step("2023-07-04T02:00Z", "head-JPN", On("P23-02", HandPen("chair"))),
    _step(
        "2023-07-05T02:00Z",
        "head-KOR",
        _revise("P23-01", 1, "A duty officer can answer within two hours; somebody with authority often cannot."),
    ),
    _step("2023-07-06T02:00Z", "secretary", _sitting("2023-07-18", "chatham-house")),
    _step("2023-07-06T02:30Z", "secretary", _sitting("2023-07-19", "chatham-house")),
    _step("2023-07-07T02:00Z", "alternate-JPN", On("P23-01", Reaffirm(1))),
    _step("2023-07-07T15:00Z", "head-USA", On("P23-01", Reaffirm(1))),
    _step(
        "2023-07-10T02:00Z", "chair", _revise("P23-02", 2, "No preconditions, and talks that last when they are needed most.")
    ),
    _step("2023-07-11T02:00Z", "head-JPN", On("P23-02", HandPen("sponsor"))),
    _step("2023-07-12T02:00Z", "head-JPN", On("P23-02", Reaffirm(2))),
    _step("2023-07-12T03:00Z", "head-KOR", On("P23-02", Reaffirm(2))),
    _step("2023-07-13T15:00Z", "head-USA", On("P23-02", Sponsor())),
    _step("2023-07-14T03:00Z", "head-CHN", On("P23-02", Sponsor())),
    _step("2023-07-18T00:30Z", "secretary", _present(2023, 1)),
    _step("2023-07-19T00:30Z", "secretary", _present(2023, 2)),
    _step("2023-07-19T06:00Z", "chair", On("P23-02", PutToSitting(2, 2))),
    _step("2023-07-21T03:00Z", "head-CHN", On("P23-01", Confirm(1))),
    _step("2023-07-24T01:00Z", "chair", On("P23-01", OpenSilence(1, _at("2023-07-27T01:00Z")))),
    _step("2023-07-24T02:00Z", "head-KOR", On("P23-01", AcknowledgeReceipt(1))),
    _step("2023-07-24T05:00Z", "head-JPN", On("P23-01", AcknowledgeReceipt(1))),
    _step("2023-07-25T03:00Z", "head-CHN", On("P23-01", AcknowledgeReceipt(1))),
    # A day before the end one delegation has not said that it has the text.
    _step("2023-07-26T06:00Z", "chair", On("P23-01", ExtendSilence(1, _at("2023-07-31T01:00Z")))),
    _step("2023-07-28T15:00Z", "head-USA", On("P23-01", AcknowledgeReceipt(1))),
    _step("2023-07-31T01:00:01Z", None, SilenceEnds("P23-01")),
    _step("2023-08-21T02:00Z", "chair", FinishAgenda(_code(2023), PLENARY)),
    _step("2023-08-22T02:00Z", "secretary", _closes(2023)),
)

_IN_2024: Final = (
    _step(
        "2024-05-13T01:00Z",
        "secretary",
        _edition(
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
    _step("2024-06-03T01:00Z", "secretary", _opens(2024)),
    _step("2024-06-03T01:30Z", "secretary", _chair(2024)),
    _step("2024-08-20T02:00Z", "secretary", _sitting("2024-09-03", "on-record", JAPAN_US)),
    _step("2024-08-20T02:10Z", "secretary", _sitting("2024-09-03", "on-record", JAPAN_US_ROK)),
    _step("2024-08-20T02:20Z", "secretary", _sitting("2024-09-04", "chatham-house")),
    _step("2024-08-20T02:30Z", "secretary", _sitting("2024-09-04", "on-record")),
    _step("2024-09-03T00:30Z", "secretary", _present(2024, 1, (JPN, USA), JAPAN_US)),
    _step("2024-09-03T05:00Z", "secretary", _present(2024, 1, (JPN, USA, KOR), JAPAN_US_ROK)),
    _step("2024-09-04T00:30Z", "secretary", _present(2024, 1)),
    _step("2024-09-04T05:00Z", "secretary", _present(2024, 2)),
    _step("2024-10-01T02:00Z", "chair", FinishAgenda(_code(2024), PLENARY)),
    _step("2024-10-02T02:00Z", "secretary", _closes(2024)),
)

_LIFTING: Final = Prepare("lifting", CHN, "lift", "P25-02", Lift(2))
_REAFFIRMING: Final = Prepare("reaffirming", JPN, "reaffirm", "P25-02", Reaffirm(4))

_IN_2025: Final = (
    _step(
        "2025-04-07T01:00Z",
        "secretary",
        _edition(
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
    _step("2025-05-12T01:00Z", "secretary", _opens(2025)),
    _step("2025-05-12T01:30Z", "secretary", _chair(2025)),
    _step("2025-07-07T02:00Z", "adviser-KOR", Begin("coast guards", _draft("P25-02"))),
    _step("2025-07-22T02:00Z", "head-KOR", Table("coast guards", "P25-02")),
    _step("2025-07-24T02:00Z", "head-JPN", On("P25-02", Sponsor())),
    _step("2025-07-29T15:00Z", "head-USA", _take("P25-02", 0, Stance.ABSTAIN)),
    _step(
        "2025-08-12T02:00Z",
        "head-KOR",
        _revise("P25-02", 1, "Encounters happen where claims overlap: the scope says so, as was asked for in consultations."),
    ),
    _step("2025-08-14T02:00Z", "head-JPN", On("P25-02", Reaffirm(1))),
    _step("2025-08-19T15:00Z", "head-USA", On("P25-02", Sponsor())),
    _step("2025-08-26T02:00Z", "secretary", _sitting("2025-09-09", "chatham-house")),
    _step("2025-08-26T02:30Z", "secretary", _sitting("2025-09-10", "chatham-house")),
    _step("2025-09-09T00:30Z", "secretary", _present(2025, 1)),
    _step(
        "2025-09-09T05:00Z",
        "head-CHN",
        _take("P25-02", 1, Stance.OBJECT, reason="To speak of disputed waters takes a position on whether there is a dispute."),
    ),
    _step("2025-09-10T00:30Z", "secretary", _present(2025, 2)),
    _step("2025-09-10T05:00Z", "chair", On("P25-02", PutToSitting(2, 1))),
    _step(
        "2025-09-24T02:00Z",
        "head-KOR",
        _revise("P25-02", 2, "Disputed waters are not named any more; the rules apply without prejudice to any position."),
    ),
    _step("2025-09-29T02:00Z", "adviser-CHN", _LIFTING),
    _step("2025-10-01T02:00Z", "head-CHN", Send(_LIFTING)),
    _step("2025-10-02T02:00Z", "head-CHN", _take("P25-02", 2, Stance.RESERVE, due="2025-10-31T00:00Z")),
    _step("2025-10-03T02:00Z", "alternate-JPN", On("P25-02", Reaffirm(2))),
    _step("2025-10-06T15:00Z", "head-USA", On("P25-02", Reaffirm(2))),
    _step("2025-10-09T02:00Z", "chair", On("P25-02", OpenSilence(2, _at("2025-10-12T02:00Z")))),
    _step("2025-10-09T03:00Z", "head-JPN", On("P25-02", AcknowledgeReceipt(2))),
    _step("2025-10-09T14:00Z", "head-USA", On("P25-02", AcknowledgeReceipt(2))),
    _step("2025-10-10T03:00Z", "head-CHN", On("P25-02", Decline(2))),
    _step("2025-11-05T02:00Z", "head-KOR", _revise("P25-02", 3, "Drones that no coast guard flies are left to other rules.")),
    _step("2025-11-07T15:00Z", "head-USA", On("P25-02", EndSponsorship())),
    _step("2025-11-10T02:00Z", "head-JPN", On("P25-02", Reaffirm(3))),
    _step(
        "2025-11-12T03:00Z",
        "head-CHN",
        _take("P25-02", 3, Stance.RESERVE, due="2026-03-31T00:00Z", reason="Awaiting instructions."),
    ),
)

_IN_2026: Final = (
    _step(
        "2026-01-19T02:00Z", "head-KOR", _revise("P25-02", 4, "The first preambular paragraph reads more smoothly in English.")
    ),
    _step("2026-01-19T05:00Z", "adviser-JPN", _REAFFIRMING),
    _step("2026-01-20T01:00Z", "chair", On("P25-02", CertifyChanges(4))),
    # The chair certified that no meaning changed: the endorsement is maintained, and nothing needs to be sent.
    _step("2026-01-21T01:00Z", "adviser-JPN", Drop(_REAFFIRMING)),
    _step(
        "2026-02-02T01:00Z",
        "secretary",
        _edition(
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
    _step("2026-02-02T01:30Z", "secretary", _chair(2026)),
    _step("2026-03-09T15:00Z", "delegate-USA", Begin("cyber incidents of USA", _draft("P26-01", length=3))),
    _step("2026-03-16T15:00Z", "delegate-USA", Discard("cyber incidents of USA")),
    _step("2026-03-23T02:00Z", "chair", Begin("cyber incidents", _draft("P26-01"))),
)

_OBJECTING: Final = Prepare(
    "objecting",
    CHN,
    "objections",
    "P25-02",
    Objection(
        4, reason="The reserve fell due before instructions had come; they are now that the scope be looked at once more."
    ),
)
_RECEIVING: Final = Prepare("receiving", USA, "receipt", "P25-02", AcknowledgeReceipt(4))


def _opening(start: datetime) -> tuple[Step, ...]:
    """What happens around a start: both editions have their meeting days then, and P25-02 goes under silence for three minutes.

    The edition of 2025 suspended its session without having decided on P25-02. Its meeting days as moved last from its first to the
    end of the session of 2026, to which it adjourned: so the silence runs in session, for which three minutes are enough.
    """
    today = start.astimezone(ZoneInfo(TOKYO)).date()
    day, hour, minute = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
    meeting = PostponeEdition(today - day, today + day)
    resumed = PostponeEdition(date(2025, 9, 9), today + day)
    sitting = ConveneSitting(today, "chatham-house")
    return (
        Step(start - 21 * day, "secretary", Move(_code(2026), meeting)),
        Step(start - 14 * day, "secretary", _opens(2026)),
        Step(start - 7 * day, "secretary", Move(_code(2025), resumed)),
        Step(start - 6 * day, "secretary", _opens(2025)),
        Step(start - 2 * day, "secretary", OnAgenda(_code(2025), PLENARY, sitting)),
        Step(start - 2 * day + hour, "secretary", OnAgenda(_code(2026), PLENARY, sitting)),
        Step(start - 30 * minute, "secretary", _present(2025, 3)),
        Step(start - 25 * minute, "secretary", _present(2026, 1)),
        Step(start - 10 * minute, "adviser-CHN", _OBJECTING),
        Step(start - 5 * minute, "adviser-USA", _RECEIVING),
        Step(None, "chair", On("P25-02", OpenSilence(4, start + 3 * minute))),
    )


STORY: Final = Story(
    version=VERSION,
    founding=FOUNDING,
    founded=FOUNDED,
    secretary=SECRETARY,
    people=PEOPLE,
    told=(*_SEATED, *_IN_2020, *_IN_2021, *_IN_2022, *_IN_2023, *_IN_2024, *_IN_2025, *_IN_2026),
    opening=_opening,
)
