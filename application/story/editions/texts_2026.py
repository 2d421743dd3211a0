# ruff: noqa: RUF001  four languages, each with its own punctuation
"""The text of 2026: an early draft of the code of conduct for crisis channels."""

from collections.abc import Mapping
from typing import Final

from application.story.words import Text, operative, preamble, tabled, title

_CYBER_INCIDENTS: Final = tabled(
    title(
        en="Code of conduct for cyber incidents against crisis channels",
        ja="危機連絡回線へのサイバー事案に関する行動規範",
        zh="针对危机渠道的网络事件行为准则",
        ko="위기 연락망 대상 사이버 사건 행동 규범",
    ),
    preamble(
        en="Recognising that an attack on a line of communication for crises endangers every side alike,",
        ja="危機のための通信回線に対する攻撃が、すべての当事者を等しく危険にさらすことを認識し、",
        zh="认识到对危机通信线路的攻击同样危及各方，",
        ko="위기 시의 통신선에 대한 공격은 모든 당사자를 똑같이 위험에 빠뜨림을 인식하며,",
    ),
    operative(
        en="No side should direct cyber operations against a line that is kept for crises.",
        ja="いずれの当事者も、危機のために維持される回線に対してサイバー活動を行うべきではない。",
        zh="任何一方均不应对用于危机联络的线路实施网络行动。",
        ko="어느 당사자도 위기를 위하여 유지되는 회선에 대하여 사이버 활동을 하여서는 아니 된다.",
    ),
    operative(
        en="A failure of such a line should be notified to the other sides by another channel within one hour.",
        ja="かかる回線に障害が生じた場合は、一時間以内に他の経路により他の当事者に通報すべきである。",
        zh="此类线路发生故障时，应在一小时内通过其他渠道通报其他各方。",
        ko="그러한 회선에 장애가 발생한 때에는 1시간 이내에 다른 경로로 다른 당사자들에게 통보하여야 한다.",
    ),
    operative(
        en="Nothing in this code is an admission that such an operation was ever undertaken.",
        ja="この規範のいかなる規定も、かかる活動が行われたことを認めるものではない。",
        zh="本准则的任何规定均不构成承认曾经实施此类行动。",
        ko="이 규범의 어떠한 규정도 그러한 활동이 있었음을 인정하는 것이 아니다.",
    ),
)

TEXTS: Final[Mapping[str, Text]] = {"P26-01": Text("confidence-building-measure", (_CYBER_INCIDENTS,))}
