# ruff: noqa: RUF001  four languages, each with its own punctuation
"""The texts of 2024: the roadmap, the chair's statement, the concern, and the two parts of the advance notices."""

from collections.abc import Mapping
from typing import Final

from application.story.editions.texts_2023 import NOTICES
from application.story.words import Text, Version, operative, part_of, preamble, revised, say, tabled, title, title_of
from domain.identity import ProvisionId
from domain.proposals.events import Change

_ROADMAP: Final = tabled(
    title(
        en="Denuclearization of [North Korea][the Korean Peninsula]: step-by-step roadmap",
        ja="[北朝鮮][朝鮮半島]の非核化に向けた段階的工程表",
        zh="[朝鲜][朝鲜半岛]无核化分步路线图",
        ko="[북한][한반도] 비핵화 단계적 로드맵",
    ),
    preamble(
        en="Convinced that no single step is possible while each waits for the other to take the last one,",
        ja="各当事者が他者の最後の一歩を待つ限り、いかなる一歩も踏み出せないことを確信し、",
        zh="深信如各方均等待对方迈出最后一步，则任何一步都无法迈出，",
        ko="각자가 상대방의 마지막 조치를 기다리는 한 어떠한 조치도 취할 수 없음을 확신하며,",
    ),
    operative(
        en="As a first step tests and the production of fissile material should be halted, and the halt made known.",
        ja="第一段階として、実験及び核分裂性物質の生産を停止し、その停止を公表すべきである。",
        zh="第一步应停止试验和裂变材料生产，并公布停止情况。",
        ko="첫 단계로서 시험과 핵분열성 물질의 생산을 중단하고 그 중단을 공표하여야 한다.",
    ),
    operative(
        en="As a second step the halt should be verified, and measures of relief should answer it.",
        ja="第二段階として、停止を検証し、これに応じた緩和措置をとるべきである。",
        zh="第二步应对停止情况进行核查，并以缓解措施相呼应。",
        ko="둘째 단계로서 중단을 검증하고 그에 상응하는 완화 조치를 취하여야 한다.",
    ),
    operative(
        en="As a third step weapons and the means to make them should be given up under inspection, and the state of war ended.",
        ja="第三段階として、査察の下で兵器及びその製造手段を放棄し、戦争状態を終結させるべきである。",
        zh="第三步应在视察下放弃武器及其制造手段，并结束战争状态。",
        ko="셋째 단계로서 사찰 아래 무기와 그 제조 수단을 포기하고 전쟁 상태를 종결하여야 한다.",
    ),
    operative(
        en="The groups shall consider each year how far the steps have been taken. This roadmap binds no Government.",
        ja="各グループは、毎年、各段階の進捗を検討する。この工程表は、いかなる政府をも拘束しない。",
        zh="各小组每年审议各步骤的进展情况。本路线图不约束任何政府。",
        ko="각 그룹은 매년 각 단계의 진척을 검토한다. 이 로드맵은 어떠한 정부도 구속하지 아니한다.",
    ),
)
_ROADMAP_1: Final = revised(
    _ROADMAP,
    Change.SUBSTANTIVE,
    p4=say(
        en="As a second step the halt should be verified, and measures of relief that can be taken back should answer it at once.",
        ja="第二段階として、停止を検証し、直ちに、撤回可能な緩和措置をもってこれに応えるべきである。",
        zh="第二步应对停止情况进行核查，并立即以可撤回的缓解措施相呼应。",
        ko="둘째 단계로서 중단을 검증하고 즉시 철회 가능한 완화 조치로써 이에 응하여야 한다.",
    ),
)

_DETERRENCE: Final = tabled(
    title(
        en="Statement: deterrence needs dialogue",
        ja="抑止には対話が必要である旨の声明",
        zh="威慑须辅以对话的声明",
        ko="억제에는 대화가 필요하다는 성명",
    ),
    preamble(
        en="The chair, having heard the delegations and speaking on the chair's own responsibility,",
        ja="議長は、各代表団の意見を聴取した上で、自らの責任において、",
        zh="主席在听取各代表团意见后，以主席本人的责任，",
        ko="의장은 각 대표단의 의견을 듣고 의장 자신의 책임 아래,",
    ),
    operative(
        en="Recalls that deterrence prevents a war only where the other side understands what is deterred;",
        ja="抑止は、何が抑止されているかを相手方が理解している場合にのみ戦争を防ぐことを想起する。",
        zh="回顾唯有对方理解所威慑的为何，威慑方能防止战争；",
        ko="억제는 무엇이 억제되는지를 상대방이 이해하는 경우에만 전쟁을 막는다는 점을 상기한다.",
    ),
    operative(
        en="Holds that this needs talks between those who would command, in good times and in bad;",
        ja="そのためには、平時であると緊張時であるとを問わず、指揮に当たる者の間の対話が必要であると考える。",
        zh="认为这需要将要指挥作战者之间进行对话，无论形势好坏；",
        ko="이를 위하여는 좋은 때이든 나쁜 때이든 지휘할 자들 사이의 대화가 필요하다고 본다.",
    ),
    operative(
        en="Encourages all delegations to say so at home.",
        ja="すべての代表団に対し、自国においてその旨を述べるよう奨励する。",
        zh="鼓励各代表团在本国表达这一看法。",
        ko="모든 대표단이 자국에서 이를 밝힐 것을 권장한다.",
    ),
)
_DETERRENCE_1: Final = revised(
    _DETERRENCE,
    Change.SUBSTANTIVE,
    p5=say(
        en="Encourages all delegations to say so at home, each in its own words.",
        ja="すべての代表団に対し、自国において、それぞれの言葉でその旨を述べるよう奨励する。",
        zh="鼓励各代表团以各自的语言在本国表达这一看法。",
        ko="모든 대표단이 자국에서 각자의 말로 이를 밝힐 것을 권장한다.",
    ),
)

_CONCERN: Final = tabled(
    title(
        en="Russia-DPRK military cooperation: concern",
        ja="露朝軍事協力への懸念表明",
        zh="对俄朝军事合作的关切",
        ko="러·북 군사협력에 대한 우려 표명",
    ),
    preamble(
        en="Mindful that what is exchanged in one war prepares another,",
        ja="ある戦争において交換されるものが別の戦争を準備することに留意し、",
        zh="铭记一场战争中的交换会为另一场战争作准备，",
        ko="한 전쟁에서 교환된 것이 다른 전쟁을 준비하게 됨을 유념하며,",
    ),
    operative(
        en="The groups note with concern the transfer of arms and ammunition in both directions.",
        ja="各グループは、双方向の武器弾薬の移転に懸念をもって留意する。",
        zh="各小组关切地注意到武器弹药的双向转让。",
        ko="각 그룹은 무기와 탄약의 쌍방향 이전에 우려를 표하며 유의한다.",
    ),
    operative(
        en="They consider that such transfers weaken the means by which the region has limited its dangers.",
        ja="各グループは、かかる移転が、この地域が危険を抑えてきた手段を弱めるものと考える。",
        zh="各小组认为此类转让削弱了本地区借以限制危险的手段。",
        ko="각 그룹은 그러한 이전이 역내의 위험을 제한하여 온 수단을 약화한다고 본다.",
    ),
    operative(
        en="They call upon all Governments that have influence to use it in public and without delay.",
        ja="各グループは、影響力を有するすべての政府に対し、遅滞なく公にこれを行使するよう求める。",
        zh="各小组呼吁所有具有影响力的政府毫不迟延地公开施加影响。",
        ko="각 그룹은 영향력을 가진 모든 정부가 지체 없이 공개적으로 이를 행사할 것을 촉구한다.",
    ),
    operative(
        en="They shall return to the matter at the next edition.",
        ja="各グループは、次回においてこの問題を再び取り上げる。",
        zh="各小组将在下届会议重新审议此事。",
        ko="각 그룹은 다음 회기에 이 문제를 다시 다룬다.",
    ),
)
_CONCERN_1: Final = revised(
    _CONCERN,
    Change.SUBSTANTIVE,
    p5=say(
        en="They call upon all Governments that have influence to use it.",
        ja="各グループは、影響力を有するすべての政府に対し、これを行使するよう求める。",
        zh="各小组呼吁所有具有影响力的政府施加影响。",
        ko="각 그룹은 영향력을 가진 모든 정부가 이를 행사할 것을 촉구한다.",
    ),
)

ON_LAUNCHES: Final = tuple(map(ProvisionId, ("p2", "p3", "p4", "p6", "p7")))
"""Of the advance notices: what goes on in the part on launches."""
ON_EXERCISES: Final = tuple(map(ProvisionId, ("p2", "p5", "p6", "p7")))
"""What goes on in the part on exercises."""

_LAUNCHES: Final[Version] = part_of(NOTICES, ON_LAUNCHES)
_LAUNCHES_1: Final = revised(
    _LAUNCHES,
    Change.SUBSTANTIVE,
    p1=title_of(
        en="Advance notice of ballistic missile launches",
        ja="弾道ミサイル発射の事前通報",
        zh="弹道导弹发射预先通报",
        ko="탄도미사일 발사 사전 통보",
    ),
    p2=say(
        en="Recognising that a launch of which nobody was told can be taken for the beginning of an attack,",
        ja="通報のない発射が攻撃の開始と受け取られ得ることを認識し、",
        zh="认识到未经通报的发射可能被误认为攻击的开始，",
        ko="통보되지 아니한 발사가 공격의 시작으로 받아들여질 수 있음을 인식하며,",
    ),
)
_LAUNCHES_2: Final = revised(
    _LAUNCHES_1,
    Change.SUBSTANTIVE,
    p3=say(
        en="It is recommended that notice be given 24 hours before the launch of a ballistic missile, with the area and the window "
        "of the launch.",
        ja="弾道ミサイルの発射については、区域及び時間帯を示して、二十四時間前に通報することが勧告される。",
        zh="建议在发射弹道导弹二十四小时前通报发射区域和时段。",
        ko="탄도미사일 발사에 관하여는 구역과 시간대를 명시하여 24시간 전에 통보할 것을 권고한다.",
    ),
)

_EXERCISES: Final[Version] = part_of(NOTICES, ON_EXERCISES)
_EXERCISES_1: Final = revised(
    _EXERCISES,
    Change.SUBSTANTIVE,
    p1=title_of(
        en="Advance notice of large exercises",
        ja="大規模演習の事前通報",
        zh="大规模演习预先通报",
        ko="대규모 훈련 사전 통보",
    ),
    p2=say(
        en="Recognising that an exercise of which nobody was told can be taken for the beginning of an attack,",
        ja="通報のない演習が攻撃の開始と受け取られ得ることを認識し、",
        zh="认识到未经通报的演习可能被误认为攻击的开始，",
        ko="통보되지 아니한 훈련이 공격의 시작으로 받아들여질 수 있음을 인식하며,",
    ),
)

TEXTS: Final[Mapping[str, Text]] = {
    "P24-01": Text("recommendation", (_ROADMAP, _ROADMAP_1)),
    "P24-02": Text("chairs-statement", (_DETERRENCE, _DETERRENCE_1)),
    "P24-03": Text("joint-statement", (_CONCERN, _CONCERN_1)),
    "P24-04": Text("confidence-building-measure", (_LAUNCHES, _LAUNCHES_1, _LAUNCHES_2)),
    "P24-05": Text("confidence-building-measure", (_EXERCISES, _EXERCISES_1)),
}
