# ruff: noqa: RUF001  four languages, each with its own punctuation
"""The demonstration's forum as it is founded, and who is in it.

A delegation is a national group of participants: it speaks for itself and for no government. People are roles, never persons.
"""

from datetime import UTC, datetime
from typing import Final

from application.story.words import LANGUAGES, say
from domain.forum.commands import DelegationDescribed, FormatDescribed, FoundForum
from domain.identity import DelegationCode, FormatCode
from domain.rules import Rules

JPN, USA, CHN, KOR = DELEGATIONS = tuple(DelegationCode(code) for code in ("JPN", "USA", "CHN", "KOR"))
PLENARY, JAPAN_US, JAPAN_US_ROK = (FormatCode(code) for code in ("plenary", "japan-us", "japan-us-rok"))

TOKYO: Final = "Asia/Tokyo"
FOUNDED: Final = datetime(2019, 12, 2, tzinfo=UTC)
SECRETARY: Final = "secretary"
"""The role of the first secretary, who founds the forum."""

LIVE_SILENCE: Final = 60
"""Seconds. As the demonstration starts it opens a silence of three minutes, so that somebody can watch one end. So the least that
a silence takes on the meeting days is a minute here, not a night; between meetings it is 72 hours, as everywhere. The edition in
which the silence runs has its meeting days around the start."""

FOUNDING: Final = FoundForum(
    name=say(en="Asia Peace Conference", ja="アジア平和会議", zh="亚洲和平会议", ko="아시아평화회의"),
    host="asia-peace-conference.example",
    kind="demonstration",
    languages=LANGUAGES,
    time_zone=TOKYO,
    proposal_kinds=(
        "crisis-management-mechanism",
        "accident-prevention-rule",
        "confidence-building-measure",
        "joint-statement",
        "recommendation",
        "procedure",
        "chairs-statement",
    ),
    delegations=(
        DelegationDescribed(
            JPN,
            say(
                en="Japan (national group of participants)",
                ja="日本（国別参加者グループ）",
                zh="日本（国别与会者小组）",
                ko="일본(국가별 참가자 그룹)",
            ),
            TOKYO,
        ),
        DelegationDescribed(
            USA,
            say(
                en="United States (national group of participants)",
                ja="米国（国別参加者グループ）",
                zh="美国（国别与会者小组）",
                ko="미국(국가별 참가자 그룹)",
            ),
            "America/New_York",
        ),
        DelegationDescribed(
            CHN,
            say(
                en="China (national group of participants)",
                ja="中国（国別参加者グループ）",
                zh="中国（国别与会者小组）",
                ko="중국(국가별 참가자 그룹)",
            ),
            "Asia/Shanghai",
        ),
        DelegationDescribed(
            KOR,
            say(
                en="South Korea (national group of participants)",
                ja="韓国（国別参加者グループ）",
                zh="韩国（国别与会者小组）",
                ko="한국(국가별 참가자 그룹)",
            ),
            "Asia/Seoul",
        ),
    ),
    formats=(
        FormatDescribed(
            PLENARY, "P", say(en="Plenary of the four", ja="四者全体会議", zh="四方全体会议", ko="4자 전체회의"), DELEGATIONS
        ),
        FormatDescribed(JAPAN_US, "B", say(en="Japan-US dialogue", ja="日米対話", zh="日美对话", ko="미·일 대화"), (JPN, USA)),
        FormatDescribed(
            JAPAN_US_ROK,
            "T",
            say(en="Japan-US-ROK dialogue", ja="日米韓対話", zh="日美韩对话", ko="한·미·일 대화"),
            (JPN, USA, KOR),
        ),
    ),
    rules=Rules(silence_in_session=LIVE_SILENCE),
)

_OF: Final = {JPN: "Japan", USA: "the United States", CHN: "China", KOR: "South Korea"}

PEOPLE: Final = {
    **{
        f"{role}-{code}": f"{role.capitalize()}, delegation of {country}"
        for code, country in _OF.items()
        for role in ("head", "alternate", "delegate", "adviser")
    },
    "former-head-KOR": "Former head, delegation of South Korea",
    "chair": "Chair of the plenary",
    "secretary": "Secretary of the Conference",
    "auditor": "Auditor",
}
"""The name under which each role is shown."""
