"""The demonstration's life, from its founding to the silence that runs as it starts.

The dates, cities and themes of the editions of 2020 to 2024 are on public record (genron-npo.net). All else is invented for
illustration: the editions of 2025 and 2026, which say so in their themes, and every proposal, text, position, reason, sitting and
date of procedure. Nothing here is a statement of the Conference, of a government or of a person.
"""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from application.doors import Objection
from application.story.editions import y2020, y2021, y2022, y2023, y2024, y2025, y2026
from application.story.forum import (
    CHN,
    DELEGATIONS,
    FOUNDED,
    FOUNDING,
    JPN,
    KOR,
    PEOPLE,
    PLENARY,
    SECRETARY,
    TOKYO,
    USA,
)
from application.story.steps import LetRead, Move, On, OnAgenda, Prepare, Step, Story, person
from application.story.telling import in_order, names, of, opens, present
from domain.conferences.commands import ConveneSitting, PostponeEdition
from domain.forum.commands import ConsentToReader
from domain.forum.events import Audience, AudienceKind
from domain.proposals.commands import AcknowledgeReceipt, OpenSilence

VERSION: Final = 3

_FIRST_HEADS: Final = {JPN: "head-JPN", USA: "head-USA", CHN: "head-CHN", KOR: "former-head-KOR"}
_FORUM: Final = Audience(AudienceKind.FORUM)
_OF_PLENARY: Final = Audience(AudienceKind.FORMAT, PLENARY, tuple(sorted(DELEGATIONS)))
_LET_AUDITOR_READ: Final = ConsentToReader(person("auditor"))

_SEATS: Final = (
    # The secretary seats a first head on the delegation's written notice; each head names the others.
    *((SECRETARY, names(head, f"Written notice of {code}, 1 December 2019")) for code, head in _FIRST_HEADS.items()),
    *((head, names(f"{role}-{code}")) for code, head in _FIRST_HEADS.items() for role in ("alternate", "delegate", "adviser")),
    # The auditor reads what every delegation lets them read: not the books of the two smaller formats.
    *((head, LetRead(book, _LET_AUDITOR_READ)) for book in (_FORUM, _OF_PLENARY) for head in _FIRST_HEADS.values()),
)
_SEATED: Final = tuple(Step(FOUNDED + n * timedelta(minutes=10), by, act) for n, (by, act) in enumerate(_SEATS, 1))

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
        Step(start - 21 * day, "secretary", Move(of(2026), meeting)),
        Step(start - 14 * day, "secretary", opens(2026)),
        Step(start - 7 * day, "secretary", Move(of(2025), resumed)),
        Step(start - 6 * day, "secretary", opens(2025)),
        Step(start - 2 * day, "secretary", OnAgenda(of(2025), PLENARY, sitting)),
        Step(start - 2 * day + hour, "secretary", OnAgenda(of(2026), PLENARY, sitting)),
        Step(start - 30 * minute, "secretary", present(2025, 3)),
        Step(start - 25 * minute, "secretary", present(2026, 1)),
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
    told=in_order(_SEATED, y2020.TOLD, y2021.TOLD, y2022.TOLD, y2023.TOLD, y2024.TOLD, y2025.TOLD, y2026.TOLD),
    opening=_opening,
)
