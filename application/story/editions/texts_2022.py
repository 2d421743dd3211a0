# ruff: noqa: RUF001  four languages, each with its own punctuation
"""The texts of 2022: the common vocabulary, and the practices in the Taiwan Strait."""

from collections.abc import Mapping
from typing import Final

from application.story.words import Text, definition, operative, preamble, revised, say, tabled, title, title_of
from domain.proposals.events import Change

_VOCABULARY: Final = tabled(
    title(
        en="Common vocabulary for unplanned encounters (air annex to CUES)",
        ja="予期せぬ遭遇時の共通用語（航空追補）",
        zh="意外相遇通用用语（航空附件）",
        ko="우발적 조우 공통 용어집(항공 부속서)",
    ),
    preamble(
        en="Recalling that the code for unplanned encounters at sea (CUES) gives ships a common vocabulary and aircraft none,",
        ja="海上における予期せぬ遭遇に関する規範が、艦船には共通の用語を与える一方、航空機にはこれを与えていないことを想起し、",
        zh="回顾《海上意外相遇规则》为舰艇规定了通用用语，而对航空器未作规定，",
        ko="해상에서의 우발적 조우에 관한 규범이 함정에는 공통 용어를 부여하나 항공기에는 부여하지 아니함을 상기하며,",
    ),
    definition(
        en="In this annex, “encounter” means that two aircraft of different sides come near enough to see or to detect each other "
        "without having planned it.",
        ja="この追補において「遭遇」とは、異なる当事者の航空機が、予期せず、相互に視認又は探知し得る距離に接近することをいう。",
        zh="在本附件中，“相遇”系指不同方面的航空器未经计划而接近至可相互目视或探测的距离。",
        ko="이 부속서에서 “조우”라 함은 서로 다른 당사자의 항공기가 계획 없이 서로 육안으로 보거나 탐지할 수 있는 거리로 "
        "접근하는 것을 말한다.",
    ),
    operative(
        en="Aircrews in an encounter should use the phrases listed in the table of this annex, in English.",
        ja="遭遇時に航空機の乗員は、この追補の表に掲げる語句を英語で用いるべきである。",
        zh="相遇时机组人员应使用本附件列表所载英语用语。",
        ko="조우 시 승무원은 이 부속서의 표에 열거된 어구를 영어로 사용하여야 한다.",
    ),
    operative(
        en="They should first say who they are, then what they intend, and should avoid every word that can be heard as a threat.",
        ja="乗員は、まず自らを名乗り、次いで意図を述べるべきであり、威嚇と受け取られ得る一切の語を避けるべきである。",
        zh="机组人员应先表明身份，再说明意图，并避免使用任何可能被理解为威胁的措辞。",
        ko="승무원은 먼저 신원을 밝힌 다음 의도를 알려야 하며, 위협으로 들릴 수 있는 모든 말을 피하여야 한다.",
    ),
    operative(
        en="Calls should be made on the international air distress frequency.",
        ja="呼出しは、国際航空緊急周波数により行うべきである。",
        zh="呼叫应在国际航空遇险频率上进行。",
        ko="호출은 국제 항공 조난 주파수로 하여야 한다.",
    ),
    operative(
        en="The use of a phrase implies nothing as to the status of the airspace in which it is used.",
        ja="語句の使用は、それが用いられた空域の地位に関して何らの意味も有しない。",
        zh="使用某一用语不意味着对所在空域的地位作出任何表示。",
        ko="어구의 사용은 그것이 사용된 공역의 지위에 관하여 아무런 의미도 가지지 아니한다.",
    ),
)
_VOCABULARY_1: Final = revised(
    _VOCABULARY,
    Change.SUBSTANTIVE,
    p6=say(
        en="Calls should be made on the international air distress frequency, and repeated on a working frequency agreed in advance.",
        ja="呼出しは、国際航空緊急周波数により行い、あらかじめ合意した通信周波数により繰り返すべきである。",
        zh="呼叫应在国际航空遇险频率上进行，并在事先商定的工作频率上重复。",
        ko="호출은 국제 항공 조난 주파수로 하고, 사전에 합의한 운용 주파수로 반복하여야 한다.",
    ),
)
_VOCABULARY_2: Final = revised(
    _VOCABULARY_1,
    Change.SUBSTANTIVE,
    p4=say(
        en="Aircrews in an encounter should use the phrases listed in the table of this annex, in English, in which they stand "
        "beside their meaning in each language of the sides.",
        ja="遭遇時に航空機の乗員は、各当事者の言語による意味を併記したこの追補の表に掲げる語句を英語で用いるべきである。",
        zh="相遇时机组人员应使用本附件列表所载英语用语，列表并载有各方语文的对应含义。",
        ko="조우 시 승무원은 각 당사자의 언어로 뜻을 병기한 이 부속서의 표에 열거된 어구를 영어로 사용하여야 한다.",
    ),
)

_STRAIT: Final = tabled(
    title(
        en="Taiwan Strait: voluntary restraint and communication practices",
        ja="台湾海峡における自制と通信の自主的慣行",
        zh="台湾海峡自愿克制与沟通做法",
        ko="대만해협 자발적 자제 및 소통 관행",
    ),
    preamble(
        en="Conscious that an accident in the Taiwan Strait would leave no time to prevent a wider clash,",
        ja="台湾海峡における事故が、より大きな衝突を防ぐ時間を残さないことを意識し、",
        zh="意识到台湾海峡一旦发生意外，将无暇防止更大规模的冲突，",
        ko="대만해협에서의 사고는 더 큰 충돌을 막을 시간을 남기지 아니함을 의식하며,",
    ),
    operative(
        en="Ships and aircraft should not approach each other in the strait except for the safety of navigation and flight.",
        ja="艦船及び航空機は、海峡において、航行及び飛行の安全のために必要な場合を除き、相互に接近すべきではない。",
        zh="除为航行和飞行安全外，舰艇和航空器不应在海峡内相互接近。",
        ko="함정과 항공기는 항행과 비행의 안전을 위한 경우를 제외하고 해협에서 서로 접근하여서는 아니 된다.",
    ),
    operative(
        en="Exercises in the strait should be made known ten days before they begin.",
        ja="海峡における演習は、開始の十日前までに公表されるべきである。",
        zh="在海峡内的演习应在开始十日前予以公布。",
        ko="해협에서의 훈련은 시작 10일 전에 공표되어야 한다.",
    ),
    operative(
        en="A call about an incident in the strait should be answered at any hour.",
        ja="海峡における事案に関する呼出しには、いかなる時刻においても応答すべきである。",
        zh="就海峡内事件发出的呼叫，应随时予以应答。",
        ko="해협에서의 사건에 관한 호출에는 어느 시각에나 응답하여야 한다.",
    ),
    operative(
        en="These practices are voluntary and prejudice no position on any question of status.",
        ja="これらの慣行は自主的なものであり、地位に関するいかなる立場も害しない。",
        zh="上述做法出于自愿，不影响在任何地位问题上的立场。",
        ko="이 관행은 자발적이며 지위에 관한 어떠한 입장도 해하지 아니한다.",
    ),
)
_STRAIT_1: Final = revised(
    _STRAIT,
    Change.SUBSTANTIVE,
    p4=say(
        en="Large exercises in the strait should be made known five days before they begin, by each side in the way it chooses.",
        ja="海峡における大規模な演習は、各当事者が選択する方法により、開始の五日前までに公表されるべきである。",
        zh="在海峡内的大规模演习应在开始五日前由各方以其选择的方式予以公布。",
        ko="해협에서의 대규모 훈련은 각 당사자가 선택하는 방식으로 시작 5일 전에 공표되어야 한다.",
    ),
)
_STRAIT_2: Final = revised(
    _STRAIT_1,
    Change.SUBSTANTIVE,
    p1=title_of(
        en="[Taiwan Strait][Waters and airspace of the strait]: voluntary restraint and communication practices",
        ja="[台湾海峡][海峡の海空域]における自制と通信の自主的慣行",
        zh="[台湾海峡][海峡海空域]自愿克制与沟通做法",
        ko="[대만해협][해협의 해역과 공역] 자발적 자제 및 소통 관행",
    ),
)

TEXTS: Final[Mapping[str, Text]] = {
    "P22-01": Text("accident-prevention-rule", (_VOCABULARY, _VOCABULARY_1, _VOCABULARY_2)),
    "P22-02": Text("confidence-building-measure", (_STRAIT, _STRAIT_1, _STRAIT_2)),
}
