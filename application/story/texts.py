# ruff: noqa: RUF001  four languages, each with its own punctuation
"""The texts of the demonstration, revision by revision, in four languages.

All of them are illustrative, and every title says so: no forum, government or delegate ever put them forward. They follow the parts of
such texts in practice: preamble, definitions, scope and rules, communication, review, and a last provision on status.
"""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from domain.identity import Language, ProvisionId
from domain.proposals.events import Change
from domain.text.provisions import ProvisionKind, Words

EN, JA, ZH, KO = LANGUAGES = (Language("en"), Language("ja"), Language("zh-Hans"), Language("ko"))

ILLUSTRATIVE: Final = {EN: " (illustrative text)", JA: "（例示文）", ZH: "（示例文本）", KO: "(예시문)"}


class Version(Struct, frozen=True):
    """A whole text at one revision, each provision under the id that it has on the table, and what was changed to get there."""

    provisions: tuple[Words, ...]
    changes: dict[ProvisionId, Change] = {}


def say(*, en: str, ja: str, zh: str, ko: str) -> dict[Language, str]:
    """The same in four languages."""
    return {EN: en, JA: ja, ZH: zh, KO: ko}


def title(*, en: str, ja: str, zh: str, ko: str) -> Words:
    """The title, which says that the text is an illustration."""
    words = say(en=en, ja=ja, zh=zh, ko=ko)
    return Words(ProvisionKind.TITLE, {language: words[language] + mark for language, mark in ILLUSTRATIVE.items()})


def preamble(*, en: str, ja: str, zh: str, ko: str) -> Words:
    """A preambular provision."""
    return Words(ProvisionKind.PREAMBLE, say(en=en, ja=ja, zh=zh, ko=ko))


def definition(*, en: str, ja: str, zh: str, ko: str) -> Words:
    """A definition."""
    return Words(ProvisionKind.DEFINITION, say(en=en, ja=ja, zh=zh, ko=ko))


def operative(*, en: str, ja: str, zh: str, ko: str) -> Words:
    """An operative provision."""
    return Words(ProvisionKind.OPERATIVE, say(en=en, ja=ja, zh=zh, ko=ko))


def tabled(*parts: Words) -> Version:
    """Revision 0: ids are given in the order of the text."""
    return Version(tuple(Words(part.kind, part.text, ProvisionId(f"p{place}")) for place, part in enumerate(parts, 1)))


def revised(base: Version, change: Change, **reworded: Mapping[Language, str]) -> Version:
    """The next revision: these provisions reworded, in the languages that are given."""
    provisions = tuple(Words(part.kind, {**part.text, **reworded.get(str(part.id), {})}, part.id) for part in base.provisions)
    return Version(provisions, {ProvisionId(name): change for name in reworded})


_PRINCIPLES: Final = tabled(
    title(
        en="Statement of principles: no war, no hegemony, rule of law",
        ja="平和三原則声明（不戦・反覇権・法の支配）",
        zh="不战、反霸权、法治三原则声明",
        ko="부전·반패권·법치 3원칙 성명",
    ),
    preamble(
        en="Recalling that the risk of an accidental clash at sea and in the air has grown year by year, and regretting that "
        "the means to contain one have not grown with it,",
        ja="海上及び空中における偶発的衝突の危険が年を追って高まる一方、これを抑える手段がそれに伴っていないことを遺憾とし、",
        zh="回顾海上和空中发生意外冲突的风险逐年上升，并对遏制此类冲突的手段未能同步加强表示遗憾，",
        ko="해상과 공중에서 우발적 충돌이 일어날 위험이 해마다 커져 온 반면 이를 억제할 수단은 그에 따르지 못하였음을 유감으로 여기며,",
    ),
    preamble(
        en="Recognising that the participants speak in a personal capacity and bind no Government,",
        ja="参加者は個人の資格で発言し、いかなる政府をも拘束しないことを認識し、",
        zh="认识到与会者均以个人身份发言，不约束任何政府，",
        ko="참가자는 개인 자격으로 발언하며 어떠한 정부도 구속하지 아니함을 인식하며,",
    ),
    operative(
        en="The national groups hold that no dispute in the region, whatever its origin, shall be settled by resort to war.",
        ja="各国参加者グループは、原因のいかんを問わず、この地域のいかなる紛争も戦争に訴えて解決してはならないとの立場をとる。",
        zh="各国与会者小组主张，本地区的任何争端，不论起因为何，均不得诉诸战争解决。",
        ko="각국 참가자 그룹은 그 원인이 무엇이든 역내의 어떠한 분쟁도 전쟁에 호소하여 해결하여서는 아니 된다는 입장을 견지한다.",
    ),
    operative(
        en="They oppose the pursuit of hegemony in the region by any State, whether by force or by the threat of force.",
        ja="各グループは、武力によると武力による威嚇によるとを問わず、いずれの国によるこの地域における覇権の追求にも反対する。",
        zh="各小组反对任何国家以武力或以武力相威胁在本地区谋求霸权。",
        ko="각 그룹은 무력 또는 무력에 의한 위협을 수단으로 하는 역내 어느 국가의 패권 추구에도 반대한다.",
    ),
    operative(
        en="They hold that differences shall be settled by peaceful means, on the basis of law that applies to all States alike.",
        ja="各グループは、意見の相違が、すべての国に等しく適用される法に基づき、平和的手段により解決されるべきであるとの立場をとる。",
        zh="各小组主张，分歧应以和平方式、依据同等适用于各国的法律予以解决。",
        ko="각 그룹은 의견의 차이가 모든 국가에 동등하게 적용되는 법에 기초하여 평화적 수단으로 해결되어야 한다는 입장을 견지한다.",
    ),
    operative(
        en="This statement prejudices no legal position and is reviewed at each edition of the Conference.",
        ja="この声明は、いかなる法的立場にも影響を及ぼさず、会議の各回において見直される。",
        zh="本声明不影响任何法律立场，并在会议每届会期予以审查。",
        ko="이 성명은 어떠한 법적 입장에도 영향을 미치지 아니하며, 회의의 매 회기에 재검토된다.",
    ),
)
_PRINCIPLES_1: Final = revised(
    _PRINCIPLES,
    Change.SUBSTANTIVE,
    p5=say(
        en="They oppose the pursuit of hegemony in the region by any State, whether by force or by the threat of force; this is a "
        "principle of conduct and is directed against no State.",
        ja="各グループは、武力によると武力による威嚇によるとを問わず、いずれの国によるこの地域における覇権の追求にも反対する。"
        "この原則は行動の原則であって、特定の国に向けられたものではない。",
        zh="各小组反对任何国家以武力或以武力相威胁在本地区谋求霸权。此项原则系行为准则，不针对任何国家。",
        ko="각 그룹은 무력 또는 무력에 의한 위협을 수단으로 하는 역내 어느 국가의 패권 추구에도 반대한다. "
        "이 원칙은 행동의 원칙으로서 특정 국가를 겨냥하지 아니한다.",
    ),
)
_PRINCIPLES_2: Final = revised(
    _PRINCIPLES_1,
    Change.EDITORIAL,
    p2={
        EN: "Recalling that the risk of an accidental clash at sea and in the air has grown from year to year, and regretting that "
        "the means to contain one have not grown with it,"
    },
)

_REPORT_BACK: Final = tabled(
    title(
        en="Report-back of bilateral dialogues to the plenary",
        ja="二国間対話結果の全体会議への報告手続",
        zh="双边对话成果向全体会议报告程序",
        ko="양자 대화 결과의 전체회의 보고 절차",
    ),
    preamble(
        en="Recalling that bilateral and trilateral dialogues are held between the plenary meetings and that their results concern "
        "all delegations,",
        ja="全体会議の間に二者間及び三者間の対話が行われ、その成果がすべての代表団に関わるものであることを想起し、",
        zh="回顾全体会议闭会期间举行双边和三边对话，且其成果与各代表团均有关系，",
        ko="전체회의 사이에 양자 및 3자 대화가 개최되며 그 결과가 모든 대표단과 관련됨을 상기하며,",
    ),
    definition(
        en="In this procedure, “report-back” means a written account of the points discussed and of any understanding reached, "
        "without attribution to a speaker.",
        ja="この手続において「報告」とは、協議された論点及び得られた了解を、発言者を特定することなく記した文書をいう。",
        zh="在本程序中，“报告”系指载明所讨论要点及所达成谅解、不注明发言者的书面说明。",
        ko="이 절차에서 “보고”라 함은 논의된 사항과 도달한 양해를 발언자를 밝히지 아니하고 기술한 서면을 말한다.",
    ),
    operative(
        en="Each bilateral or trilateral format shall submit a report-back to the plenary not later than 30 days after its sitting.",
        ja="二者間又は三者間の各会合は、その開催後三十日以内に全体会議に報告を提出する。",
        zh="各双边或三边会议机制应在会议结束后三十日内向全体会议提交报告。",
        ko="각 양자 또는 3자 협의체는 회의 후 30일 이내에 전체회의에 보고를 제출한다.",
    ),
    operative(
        en="The report-back shall be circulated to all delegations upon its receipt by the secretariat.",
        ja="報告は、事務局が受領した後、すべての代表団に配付する。",
        zh="秘书处收到报告后，应将其分发各代表团。",
        ko="보고는 사무국이 접수하는 즉시 모든 대표단에 배포한다.",
    ),
    operative(
        en="The plenary shall take up each report-back as the first item of its next meeting.",
        ja="全体会議は、次回会合の最初の議題として各報告を取り上げる。",
        zh="全体会议应将各项报告列为下次会议的首项议题。",
        ko="전체회의는 각 보고를 차기 회의의 첫 번째 의제로 다룬다.",
    ),
    operative(
        en="Nothing in this procedure relaxes the rule under which a sitting was held.",
        ja="この手続のいかなる規定も、会合に適用された規則を緩和するものではない。",
        zh="本程序的任何规定均不放宽会议所适用的规则。",
        ko="이 절차의 어떠한 규정도 회의에 적용된 규칙을 완화하지 아니한다.",
    ),
)
_REPORT_BACK_1: Final = revised(
    _REPORT_BACK,
    Change.SUBSTANTIVE,
    p5=say(
        en="The report-back shall be circulated only after every delegation of the format concerned has given its consent in "
        "writing.",
        ja="報告は、当該会合のすべての代表団が書面により同意した後に限り配付する。",
        zh="报告须经有关会议机制各代表团同意后，方可分发。",
        ko="보고는 해당 협의체의 모든 대표단이 동의한 후에만 배포한다.",
    ),
)
_REPORT_BACK_2: Final = revised(
    _REPORT_BACK_1,
    Change.LANGUAGE,
    p5={
        ZH: "报告须经有关会议机制各代表团书面同意后，方可分发。",
        KO: "보고는 해당 협의체의 모든 대표단이 서면으로 동의한 후에만 배포한다.",
    },
)

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
)

REVISIONS: Final[Mapping[str, tuple[Version, ...]]] = {
    "P20-02": (_PRINCIPLES, _PRINCIPLES_1, _PRINCIPLES_2),
    "P21-01": (_REPORT_BACK, _REPORT_BACK_1, _REPORT_BACK_2),
    "P23-01": (_HOTLINE, _HOTLINE_1),
    "P23-02": (_GUARDRAILS, _GUARDRAILS_1, _GUARDRAILS_2),
    "P25-02": (_COAST_GUARDS, _COAST_GUARDS_1, _COAST_GUARDS_2, _COAST_GUARDS_3, _COAST_GUARDS_4),
    "P26-01": (_CYBER_INCIDENTS,),
}
"""By the code of the proposal; that of P26-01 is a zero draft, on no table yet."""
