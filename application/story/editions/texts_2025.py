# ruff: noqa: RUF001  four languages, each with its own punctuation
"""The texts of 2025: the working group, and the rules for coast-guard vessels and drones."""

from collections.abc import Mapping
from typing import Final

from application.story.words import EN, Text, definition, enlarged, operative, preamble, revised, say, tabled, title
from domain.proposals.events import Change

_WORKING_GROUP: Final = tabled(
    title(
        en="Four-party working group on the Korean Peninsula",
        ja="朝鮮半島に関する4者作業部会",
        zh="朝鲜半岛问题四方工作组",
        ko="한반도 문제 4자 실무그룹",
    ),
    preamble(
        en="Believing that four groups that disagree on the order of the steps can still agree to work on it together,",
        ja="段階の順序について見解を異にする四つのグループも、これに共に取り組むことには合意し得ると信じ、",
        zh="相信四个小组虽对步骤顺序意见不一，仍可就共同研究这一问题达成一致，",
        ko="단계의 순서에 대하여 의견을 달리하는 네 그룹도 이를 함께 연구하는 데에는 합의할 수 있음을 믿으며,",
    ),
    operative(
        en="A working group of the four national groups is set up, with three experts of each.",
        ja="四つの国別参加者グループからなる作業部会を設置し、各グループから専門家三名が参加する。",
        zh="设立由四国与会者小组组成的工作组，每个小组派专家三名。",
        ko="네 나라 참가자 그룹으로 구성되는 실무그룹을 설치하고 각 그룹에서 전문가 3명이 참가한다.",
    ),
    operative(
        en="It shall meet twice between editions and report to the plenary.",
        ja="作業部会は、各回の間に二回会合し、全体会議に報告する。",
        zh="工作组在两届会议之间举行两次会议，并向全体会议报告。",
        ko="실무그룹은 회기 사이에 두 차례 회합하고 전체회의에 보고한다.",
    ),
    operative(
        en="It shall meet in Seoul.",
        ja="作業部会は、ソウルにおいて会合する。",
        zh="工作组在首尔举行会议。",
        ko="실무그룹은 서울에서 회합한다.",
    ),
    operative(
        en="It works on paper that commits nobody, and speaks for no Government.",
        ja="作業部会は、何人をも拘束しない文書により作業し、いかなる政府をも代表しない。",
        zh="工作组以不约束任何人的文件开展工作，不代表任何政府。",
        ko="실무그룹은 누구도 구속하지 아니하는 문서로 작업하며 어떠한 정부도 대표하지 아니한다.",
    ),
)
_WORKING_GROUP_1: Final = enlarged(
    _WORKING_GROUP,
    operative(
        en="Its first task is the order of the steps in the roadmap on denuclearization of which the plenary could not agree in 2024.",
        ja="作業部会の最初の任務は、全体会議が二〇二四年に合意し得なかった非核化工程表における段階の順序である。",
        zh="工作组的首要任务是研究全体会议二〇二四年未能达成一致的无核化路线图中的步骤顺序。",
        ko="실무그룹의 첫 과제는 전체회의가 2024년에 합의하지 못한 비핵화 로드맵의 단계 순서이다.",
    ),
)
_WORKING_GROUP_2: Final = revised(
    _WORKING_GROUP_1,
    Change.SUBSTANTIVE,
    p5=say(
        en="It shall meet by turns in the cities of the four groups, beginning in Seoul.",
        ja="作業部会は、ソウルを最初として、四つのグループの都市において順次会合する。",
        zh="工作组自首尔开始，轮流在四个小组所在城市举行会议。",
        ko="실무그룹은 서울을 시작으로 네 그룹의 도시에서 차례로 회합한다.",
    ),
)
_WORKING_GROUP_3: Final = revised(
    _WORKING_GROUP_2,
    Change.SUBSTANTIVE,
    p4=say(
        en="It shall meet first within six months, then twice between editions, and report to the plenary.",
        ja="作業部会は、六箇月以内に最初の会合を開き、以後各回の間に二回会合し、全体会議に報告する。",
        zh="工作组应在六个月内举行首次会议，其后在两届会议之间举行两次会议，并向全体会议报告。",
        ko="실무그룹은 6개월 이내에 첫 회의를 열고, 이후 회기 사이에 두 차례 회합하며, 전체회의에 보고한다.",
    ),
)

_COAST_GUARDS: Final = tabled(
    title(
        en="Incident-prevention rules for coast-guard vessels and drones",
        ja="海上保安機関船舶・無人機の偶発事故防止規則",
        zh="海警船与无人机意外事件防范规则",
        ko="해경 선박·무인기 우발사고 방지 규칙",
    ),
    preamble(
        en="Recalling that the rules for unplanned encounters at sea are addressed to naval ships and aircraft, and that coast-guard "
        "vessels and drones are left without any,",
        ja="海上における予期せぬ遭遇に関する規則が軍艦及び軍用機を対象とし、海上保安機関の船舶及び無人機については規則がないことを"
        "想起し、",
        zh="回顾海上意外相遇规则系针对海军舰艇和航空器，而海警船和无人机尚无规则可循，",
        ko="해상에서의 우발적 조우에 관한 규칙이 해군 함정과 항공기를 대상으로 하며 해경 선박과 무인기에 관한 규칙은 없음을 상기하며,",
    ),
    definition(
        en="In these rules, “drone” means an unmanned aircraft or an unmanned surface craft.",
        ja="この規則において「無人機」とは、無人航空機又は無人水上艇をいう。",
        zh="在本规则中，“无人机”系指无人航空器或无人水面艇。",
        ko="이 규칙에서 “무인기”라 함은 무인항공기 또는 무인수상정을 말한다.",
    ),
    operative(
        en="These rules apply to the coast-guard vessels and drones of the sides on the high seas and in exclusive economic zones.",
        ja="この規則は、公海及び排他的経済水域における各当事者の海上保安機関の船舶及び無人機に適用する。",
        zh="本规则适用于各方在公海和专属经济区内的海警船和无人机。",
        ko="이 규칙은 공해와 배타적 경제수역에 있는 각 당사자의 해경 선박과 무인기에 적용한다.",
    ),
    operative(
        en="A vessel should keep a distance of not less than 500 metres from a vessel of another side, and should not cross its bow.",
        ja="船舶は、他の当事者の船舶から五百メートル以上の距離を保つべきであり、また、その船首方向を横切るべきではない。",
        zh="船舶应与他方船舶保持不少于五百米的距离，且不应横越其船首。",
        ko="선박은 다른 당사자의 선박으로부터 500미터 이상의 거리를 유지하여야 하며 그 선수를 가로질러서는 아니 된다.",
    ),
    operative(
        en="A drone should not be brought within 1,000 metres of a vessel of another side without prior notice on an agreed "
        "frequency.",
        ja="無人機は、合意された周波数による事前の通報なしに、他の当事者の船舶から千メートル以内に接近させるべきではない。",
        zh="未经在商定频率上事先通报，不应使无人机进入他方船舶一千米范围之内。",
        ko="무인기는 합의된 주파수를 통한 사전 통보 없이 다른 당사자의 선박으로부터 1,000미터 이내로 접근시켜서는 아니 된다.",
    ),
    operative(
        en="An incident should be reported to the contact points within six hours and examined jointly, without a finding of fault.",
        ja="事案は、六時間以内に連絡窓口に通報し、責任の所在を認定することなく共同で検証すべきである。",
        zh="发生事件后应在六小时内通报各联络点，并在不认定过错的前提下共同查明情况。",
        ko="사건은 6시간 이내에 연락 창구에 통보하고 과실을 판정하지 아니하고 공동으로 조사하여야 한다.",
    ),
    operative(
        en="These rules are not legally binding, are reviewed each year, and may be left upon 90 days' notice in writing.",
        ja="この規則は法的拘束力を有さず、毎年見直され、九十日前の書面による通告により離脱することができる。",
        zh="本规则不具法律约束力，每年审议一次，任何一方可提前九十日书面通知退出。",
        ko="이 규칙은 법적 구속력을 가지지 아니하고 매년 재검토되며 90일 전의 서면 통고로 탈퇴할 수 있다.",
    ),
)
_COAST_GUARDS_1: Final = revised(
    _COAST_GUARDS,
    Change.SUBSTANTIVE,
    p4=say(
        en="These rules apply to the coast-guard vessels and drones of the sides on the high seas and in exclusive economic zones, "
        "including disputed waters.",
        ja="この規則は、公海及び係争水域を含む排他的経済水域における各当事者の海上保安機関の船舶及び無人機に適用する。",
        zh="本规则适用于各方在公海和专属经济区（包括争议水域）内的海警船和无人机。",
        ko="이 규칙은 공해와 분쟁 수역을 포함한 배타적 경제수역에 있는 각 당사자의 해경 선박과 무인기에 적용한다.",
    ),
)
_COAST_GUARDS_2: Final = revised(
    _COAST_GUARDS_1,
    Change.SUBSTANTIVE,
    p4=say(
        en="These rules apply to the coast-guard vessels and drones of the sides on the high seas and in exclusive economic zones, "
        "without prejudice to the position of any side on sovereignty, jurisdiction or delimitation.",
        ja="この規則は、主権、管轄権又は境界画定に関するいずれの当事者の立場も害することなく、公海及び排他的経済水域における"
        "各当事者の海上保安機関の船舶及び無人機に適用する。",
        zh="本规则适用于各方在公海和专属经济区内的海警船和无人机，但不妨碍任何一方在主权、管辖权或划界问题上的立场。",
        ko="이 규칙은 주권, 관할권 또는 경계획정에 관한 어느 당사자의 입장도 해하지 아니하고 공해와 배타적 경제수역에 있는 "
        "각 당사자의 해경 선박과 무인기에 적용한다.",
    ),
)
_COAST_GUARDS_3: Final = revised(
    _COAST_GUARDS_2,
    Change.SUBSTANTIVE,
    p3=say(
        en="In these rules, “drone” means an unmanned aircraft or an unmanned surface craft that is operated from a coast-guard "
        "vessel.",
        ja="この規則において「無人機」とは、海上保安機関の船舶から運用される無人航空機又は無人水上艇をいう。",
        zh="在本规则中，“无人机”系指由海警船操作的无人航空器或无人水面艇。",
        ko="이 규칙에서 “무인기”라 함은 해경 선박에서 운용하는 무인항공기 또는 무인수상정을 말한다.",
    ),
)
_COAST_GUARDS_4: Final = revised(
    _COAST_GUARDS_3,
    Change.EDITORIAL,
    p2={
        EN: "Recalling that the rules for unplanned encounters at sea are addressed to naval ships and aircraft, and that coast-guard "
        "vessels and drones remain without any,"
    },
)

TEXTS: Final[Mapping[str, Text]] = {
    "P25-01": Text("crisis-management-mechanism", (_WORKING_GROUP, _WORKING_GROUP_1, _WORKING_GROUP_2, _WORKING_GROUP_3)),
    "P25-02": Text(
        "accident-prevention-rule", (_COAST_GUARDS, _COAST_GUARDS_1, _COAST_GUARDS_2, _COAST_GUARDS_3, _COAST_GUARDS_4)
    ),
}
