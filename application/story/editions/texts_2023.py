# ruff: noqa: RUF001  four languages, each with its own punctuation
"""The texts of 2023: the hotline protocol, the guardrails, and the advance notices."""

from collections.abc import Mapping
from typing import Final

from application.story.words import EN, Text, definition, operative, preamble, revised, say, tabled, title
from domain.proposals.events import Change

_HOTLINE: Final = tabled(
    title(
        en="Hotline use protocol: answer within two hours, test each quarter",
        ja="ホットライン運用手順（二時間以内応答・四半期試験）",
        zh="热线使用规程（两小时内应答、每季测试）",
        ko="핫라인 운용 절차: 2시간 내 응답·분기별 시험",
    ),
    preamble(
        en="Recognising that a line of communication prevents an accident only if it is answered,",
        ja="通信回線は、応答があってはじめて事故の防止に資することを認識し、",
        zh="认识到通信线路唯有得到应答，方能防止意外事件，",
        ko="통신선은 응답이 있어야만 사고를 방지할 수 있음을 인식하며,",
    ),
    definition(
        en="For the purposes of this protocol, “hotline” means any direct line between the sides that is kept open at all hours for "
        "the handling of incidents at sea or in the air.",
        ja="この手順において「ホットライン」とは、海上又は空中の事案に対処するため常時開設される当事者間の直通回線をいう。",
        zh="就本规程而言，“热线”系指各方之间为处置海上或空中事件而全时开通的直接通信线路。",
        ko="이 절차에서 “핫라인”이라 함은 해상 또는 공중의 사건에 대처하기 위하여 당사자 사이에 상시 개설되는 직통 회선을 말한다.",
    ),
    operative(
        en="It is recommended that every call be answered within two hours by a person authorised to speak on behalf of the side "
        "called.",
        ja="すべての呼出しには、呼び出された側を代表して発言する権限を有する者が二時間以内に応答することが勧告される。",
        zh="建议所有呼叫均由有权代表被呼叫方发言的人员在两小时内应答。",
        ko="모든 호출에는 호출을 받은 측을 대표하여 발언할 권한을 가진 자가 2시간 이내에 응답할 것을 권고한다.",
    ),
    operative(
        en="The line should be tested once each quarter on a date agreed in advance, and the result entered in a common log.",
        ja="回線は、あらかじめ合意した期日に四半期ごとに一回試験し、その結果を共通の記録簿に記入すべきである。",
        zh="线路应每季度在事先商定的日期测试一次，结果载入共同日志。",
        ko="회선은 사전에 합의한 날짜에 분기마다 1회 시험하고 그 결과를 공동 일지에 기록하여야 한다.",
    ),
    operative(
        en="Each side should designate a contact point by function, available at all hours, and should notify any change not less "
        "than seven days ahead.",
        ja="各当事者は、職名により常時対応可能な連絡窓口を指定し、変更がある場合は少なくとも七日前に通報すべきである。",
        zh="各方应按职务指定全天候联络点，如有变动应至少提前七日通报。",
        ko="각 당사자는 직위를 기준으로 상시 대응 가능한 연락 창구를 지정하고, 변경이 있는 경우 최소 7일 전에 통보하여야 한다.",
    ),
    operative(
        en="A call that was not answered should be reported to the next annual review, with the reasons as far as they are known.",
        ja="応答のなかった呼出しは、判明している限りの理由を付して、次回の年次レビューに報告すべきである。",
        zh="未获应答的呼叫应连同已知原因报告下一次年度审议。",
        ko="응답되지 아니한 호출은 알려진 범위의 사유와 함께 다음 연례 검토에 보고하여야 한다.",
    ),
    operative(
        en="The use of the line implies neither recognition of a claim nor admission of responsibility.",
        ja="回線の使用は、いかなる主張の承認も、いかなる責任の承認も意味しない。",
        zh="使用线路既不意味着承认任何主张，亦不意味着承认任何责任。",
        ko="회선의 사용은 어떠한 주장의 승인이나 책임의 인정도 의미하지 아니한다.",
    ),
)
_HOTLINE_1: Final = revised(
    _HOTLINE,
    Change.SUBSTANTIVE,
    p4=say(
        en="It is recommended that every call be answered within two hours by a duty officer, and that a reply on the substance "
        "follow as soon as possible.",
        ja="すべての呼出しには当直者が二時間以内に応答し、実質に関する回答は可能な限り速やかに行うことが勧告される。",
        zh="建议所有呼叫均由值班人员在两小时内应答，并尽快作出实质性答复。",
        ko="모든 호출에는 당직자가 2시간 이내에 응답하고, 실질에 관한 회신은 가능한 한 신속히 할 것을 권고한다.",
    ),
)

_GUARDRAILS: Final = tabled(
    title(
        en="Guardrails: resumption of US-China military talks",
        ja="米中軍事対話再開のガードレール勧告",
        zh="恢复中美两军对话护栏建议",
        ko="미·중 군사 대화 재개 가드레일 권고",
    ),
    preamble(
        en="Noting with concern that regular contacts between the armed forces of the United States and of China are interrupted,",
        ja="米国及び中国の軍当局間の定期的な接触が中断していることに懸念をもって留意し、",
        zh="关切地注意到中美两军之间的定期接触已经中断，",
        ko="미국과 중국 군 당국 간의 정기적 접촉이 중단되어 있음에 우려를 가지고 유의하며,",
    ),
    preamble(
        en="Convinced that such contacts serve the safety of all who sail and fly in the region,",
        ja="かかる接触が、この地域において航行し飛行するすべての者の安全に資することを確信し、",
        zh="深信此类接触有利于在本地区航行和飞行的所有人员的安全，",
        ko="그러한 접촉이 역내에서 항행하고 비행하는 모든 이의 안전에 기여함을 확신하며,",
    ),
    operative(
        en="The participants recommend to the two Governments that talks between theatre commanders be resumed at the earliest date.",
        ja="参加者は、両国政府に対し、戦区司令官間の協議を可能な限り早期に再開するよう勧告する。",
        zh="与会者建议两国政府尽早恢复战区指挥官之间的对话。",
        ko="참가자들은 양국 정부에 대하여 전구 사령관 간의 협의를 가능한 한 조속히 재개할 것을 권고한다.",
    ),
    operative(
        en="They recommend that encounters at sea and in the air be reviewed jointly, at working level, at least once a year.",
        ja="参加者は、海上及び空中における遭遇事案を、少なくとも年一回、実務レベルで共同して検討するよう勧告する。",
        zh="与会者建议至少每年在工作层级共同审议一次海上和空中相遇事件。",
        ko="참가자들은 해상 및 공중의 조우 사례를 실무 수준에서 최소 연 1회 공동으로 검토할 것을 권고한다.",
    ),
    operative(
        en="They ask the Conference to take stock, at its next edition, of what has been done.",
        ja="参加者は、会議に対し、次回の会合において取組の状況を点検するよう要請する。",
        zh="与会者请会议在下届会期审视所采取的行动。",
        ko="참가자들은 회의가 차기 회기에 이행 상황을 점검할 것을 요청한다.",
    ),
    operative(
        en="This recommendation reflects the views of national groups of participants and binds no Government.",
        ja="この勧告は各国参加者グループの見解を示すものであり、いかなる政府をも拘束しない。",
        zh="本建议反映各国与会者小组的意见，不约束任何政府。",
        ko="이 권고는 각국 참가자 그룹의 견해를 반영하며 어떠한 정부도 구속하지 아니한다.",
    ),
)
_GUARDRAILS_1: Final = revised(
    _GUARDRAILS,
    Change.EDITORIAL,
    p4={
        EN: "The participants recommend to the two Governments that talks between theatre commanders be restored at the earliest date."
    },
)
_GUARDRAILS_2: Final = revised(
    _GUARDRAILS_1,
    Change.SUBSTANTIVE,
    p4=say(
        en="The participants recommend to the two Governments that talks between theatre commanders be resumed without preconditions "
        "and be kept up in times of tension.",
        ja="参加者は、両国政府に対し、戦区司令官間の協議を前提条件なしに再開し、緊張時においても継続するよう勧告する。",
        zh="与会者建议两国政府不附加先决条件地恢复战区指挥官之间的对话，并在局势紧张时保持对话。",
        ko="참가자들은 양국 정부에 대하여 전구 사령관 간의 협의를 전제 조건 없이 재개하고 긴장 시에도 이를 지속할 것을 권고한다.",
    ),
)

NOTICES: Final = tabled(
    title(
        en="Advance notice of ballistic missile launches and large exercises",
        ja="弾道ミサイル発射・大規模演習の事前通報",
        zh="弹道导弹发射与大规模演习预先通报",
        ko="탄도미사일 발사·대규모 훈련 사전 통보",
    ),
    preamble(
        en="Recognising that a launch or an exercise of which nobody was told can be taken for the beginning of an attack,",
        ja="通報のない発射又は演習が攻撃の開始と受け取られ得ることを認識し、",
        zh="认识到未经通报的发射或演习可能被误认为攻击的开始，",
        ko="통보되지 아니한 발사나 훈련이 공격의 시작으로 받아들여질 수 있음을 인식하며,",
    ),
    operative(
        en="It is recommended that notice be given 24 hours before the launch of a ballistic missile, in the form of the Hague "
        "code of conduct, with the area and the window of the launch.",
        ja="弾道ミサイルの発射については、ハーグ行動規範の様式により、区域及び時間帯を示して、二十四時間前に通報することが勧告される。",
        zh="建议在发射弹道导弹二十四小时前，按《海牙行为准则》的格式通报发射区域和时段。",
        ko="탄도미사일 발사에 관하여는 헤이그 행동규범의 양식에 따라 구역과 시간대를 명시하여 24시간 전에 통보할 것을 권고한다.",
    ),
    operative(
        en="The notice should go to the mariners and airmen of the area as well as to the other sides.",
        ja="この通報は、他の当事者のほか、当該区域の航海者及び航空従事者に対しても行うべきである。",
        zh="通报除送交其他各方外，还应送达该区域的航海和航空人员。",
        ko="이 통보는 다른 당사자뿐 아니라 해당 구역의 항해자와 항공 종사자에게도 이루어져야 한다.",
    ),
    operative(
        en="It is recommended that notice be given fourteen days before an exercise of more than 10,000 persons or 20 ships.",
        ja="一万人又は二十隻を超える演習については、十四日前に通報することが勧告される。",
        zh="建议在举行超过一万人或二十艘舰艇的演习十四日前予以通报。",
        ko="1만 명 또는 함정 20척을 초과하는 훈련에 관하여는 14일 전에 통보할 것을 권고한다.",
    ),
    operative(
        en="A side that could give no notice in time should say afterwards why it could not.",
        ja="期限内に通報することができなかった当事者は、事後にその理由を説明すべきである。",
        zh="未能及时通报的一方应于事后说明原因。",
        ko="제때에 통보할 수 없었던 당사자는 사후에 그 사유를 설명하여야 한다.",
    ),
    operative(
        en="A notice implies no approval of what is notified by those who receive it.",
        ja="通報は、通報された事項に対する受領者の承認を意味しない。",
        zh="通报不意味着接收方认可所通报的事项。",
        ko="통보는 통보된 사항에 대한 수령자의 승인을 의미하지 아니한다.",
    ),
)

TEXTS: Final[Mapping[str, Text]] = {
    "P23-01": Text("crisis-management-mechanism", (_HOTLINE, _HOTLINE_1)),
    "P23-02": Text("recommendation", (_GUARDRAILS, _GUARDRAILS_1, _GUARDRAILS_2)),
    "P23-03": Text("confidence-building-measure", (NOTICES,)),
}
