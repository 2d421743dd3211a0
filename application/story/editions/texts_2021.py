# ruff: noqa: RUF001  four languages, each with its own punctuation
"""The texts of 2021: the report-back of bilateral dialogues, and the directory of contact points."""

from collections.abc import Mapping
from typing import Final

from application.story.words import KO, ZH, Text, definition, operative, preamble, revised, say, tabled, title, title_of
from domain.proposals.events import Change

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

_CONTACT_POINTS: Final = tabled(
    title(
        en="Directory of crisis contact points",
        ja="危機連絡窓口一覧の整備",
        zh="危机联络点名录",
        ko="위기 연락 창구 명부 구축",
    ),
    preamble(
        en="Noting that in the first hours of a crisis much time is lost in finding out whom to call,",
        ja="危機の最初の数時間において、連絡すべき相手を探すことに多くの時間が失われることに留意し、",
        zh="注意到危机发生最初数小时内，大量时间耗费在查找联络对象上，",
        ko="위기 발생 후 처음 몇 시간 동안 연락할 상대를 찾는 데 많은 시간이 허비됨에 유의하며,",
    ),
    operative(
        en="A directory shall be drawn up of the official contact points of each side for crises at sea and in the air.",
        ja="海上及び空中の危機に関する各当事者の公的な連絡窓口の一覧を作成する。",
        zh="应编制各方处理海上和空中危机的官方联络点名录。",
        ko="해상과 공중의 위기에 관한 각 당사자의 공식 연락 창구 명부를 작성한다.",
    ),
    operative(
        en="Each delegation shall supply its entries, by function and not by name, and shall confirm them twice a year.",
        ja="各代表団は、氏名ではなく職名により情報を提供し、年に二回これを確認する。",
        zh="各代表团应按职务而非姓名提供条目，并每年确认两次。",
        ko="각 대표단은 성명이 아닌 직위로 항목을 제공하고 연 2회 이를 확인한다.",
    ),
    operative(
        en="The secretariat shall keep the directory and circulate it to the delegations alone.",
        ja="事務局は、一覧を管理し、代表団に限り配付する。",
        zh="秘书处负责保管名录，且仅分发各代表团。",
        ko="사무국은 명부를 관리하고 대표단에만 배포한다.",
    ),
    operative(
        en="Entry in the directory creates no duty to answer and no channel between Governments.",
        ja="一覧への掲載は、応答の義務を生じさせず、政府間の経路を設けるものでもない。",
        zh="列入名录不产生应答义务，亦不构成政府间渠道。",
        ko="명부에의 등재는 응답 의무를 발생시키지 아니하며 정부 간 경로를 설치하는 것도 아니다.",
    ),
)
_CONTACT_POINTS_1: Final = revised(
    _CONTACT_POINTS,
    Change.SUBSTANTIVE,
    p1=title_of(
        en="Directory of experts' focal points",
        ja="専門家の連絡担当者一覧の整備",
        zh="专家联系人名录",
        ko="전문가 연락 담당자 명부 구축",
    ),
    p3=say(
        en="A directory shall be drawn up of experts' focal points, one for each delegation, who know whom to ask in a crisis at "
        "sea or in the air. They have no official status.",
        ja="海上又は空中の危機に際して照会先を承知している専門家の連絡担当者を各代表団につき一名掲載した一覧を作成する。"
        "連絡担当者は公的な地位を有しない。",
        zh="应编制专家联系人名录，每个代表团一名，联系人了解海上或空中危机时应向何处询问。联系人不具官方身份。",
        ko="해상 또는 공중의 위기 시에 어디에 문의할지를 아는 전문가 연락 담당자를 대표단별로 1명씩 기재한 명부를 작성한다. "
        "연락 담당자는 공적 지위를 가지지 아니한다.",
    ),
)

TEXTS: Final[Mapping[str, Text]] = {
    "P21-01": Text("procedure", (_REPORT_BACK, _REPORT_BACK_1, _REPORT_BACK_2)),
    "P21-02": Text("crisis-management-mechanism", (_CONTACT_POINTS, _CONTACT_POINTS_1)),
}
