# ruff: noqa: RUF001  four languages, each with its own punctuation
"""The texts of 2020: the annual joint review, and the statement of principles."""

from collections.abc import Mapping
from typing import Final

from application.story.words import EN, ZH, Text, operative, preamble, revised, say, tabled, title
from domain.proposals.events import Change

_JOINT_REVIEW: Final = tabled(
    title(
        en="Annual joint review of incidents at sea and in the air",
        ja="海空域の偶発的事案に関する年次共同レビュー",
        zh="海空意外事件年度联合审议",
        ko="해상·공중 우발 사건 연례 공동 검토",
    ),
    preamble(
        en="Concerned that incidents at sea and in the air are examined by each side alone, and that accounts of the same event "
        "drift apart,",
        ja="海上及び空中の事案が各当事者により個別に検証され、同一の事案に関する説明が食い違うことを憂慮し、",
        zh="关切海上和空中事件均由各方单独查明，对同一事件的说法渐行渐远，",
        ko="해상과 공중의 사건이 각 당사자에 의하여 따로 조사되어 같은 사건에 대한 설명이 엇갈리게 됨을 우려하며,",
    ),
    operative(
        en="The national groups shall review each year, at the first meeting of the edition, the incidents of the past year in the "
        "East China Sea and the South China Sea.",
        ja="各国参加者グループは、毎年、当該回の最初の会合において、東シナ海及び南シナ海における過去一年間の事案を検討する。",
        zh="各国与会者小组每年在该届会议首次会议上审议过去一年在东海和南海发生的事件。",
        ko="각국 참가자 그룹은 매년 해당 회기의 첫 회의에서 지난 한 해 동안 동중국해와 남중국해에서 일어난 사건을 검토한다.",
    ),
    operative(
        en="Each group shall submit not later than 30 days before that meeting a list of the incidents known to it from public "
        "sources.",
        ja="各グループは、その会合の三十日前までに、公開情報により把握した事案の一覧を提出する。",
        zh="各小组应至迟于该次会议三十日前提交其从公开来源获悉的事件清单。",
        ko="각 그룹은 그 회의 30일 전까지 공개 자료를 통하여 알게 된 사건의 목록을 제출한다.",
    ),
    operative(
        en="The review shall establish what happened, and who bears responsibility for it.",
        ja="レビューは、何が起きたか、及びその責任の所在を明らかにする。",
        zh="审议应查明事件经过及责任归属。",
        ko="검토에서는 무슨 일이 일어났는지와 그 책임의 소재를 밝힌다.",
    ),
    operative(
        en="The review is without prejudice to any claim and binds no Government.",
        ja="レビューは、いかなる主張も害するものではなく、いかなる政府をも拘束しない。",
        zh="审议不影响任何主张，亦不约束任何政府。",
        ko="검토는 어떠한 주장도 해하지 아니하며 어떠한 정부도 구속하지 아니한다.",
    ),
)
_JOINT_REVIEW_1: Final = revised(
    _JOINT_REVIEW,
    Change.SUBSTANTIVE,
    p3=say(
        en="The national groups shall review each year, at the first meeting of the edition, the incidents of the past year at sea "
        "and in the air.",
        ja="各国参加者グループは、毎年、当該回の最初の会合において、海上及び空中における過去一年間の事案を検討する。",
        zh="各国与会者小组每年在该届会议首次会议上审议过去一年的海上和空中情况。",
        ko="각국 참가자 그룹은 매년 해당 회기의 첫 회의에서 지난 한 해 동안 해상과 공중에서 일어난 사건을 검토한다.",
    ),
)
_JOINT_REVIEW_2: Final = revised(
    _JOINT_REVIEW_1,
    Change.SUBSTANTIVE,
    p5=say(
        en="The review shall establish what happened and what would have prevented it, without a finding of fault.",
        ja="レビューは、責任の所在を認定することなく、何が起きたか、及び何がそれを防ぎ得たかを明らかにする。",
        zh="审议应在不认定过错的前提下查明事件经过以及何种措施本可避免事件发生。",
        ko="검토에서는 과실을 판정하지 아니하고 무슨 일이 일어났는지와 무엇이 그것을 막을 수 있었는지를 밝힌다.",
    ),
)
_JOINT_REVIEW_3: Final = revised(
    _JOINT_REVIEW_2,
    Change.LANGUAGE,
    p3={ZH: "各国与会者小组每年在该届会议首次会议上审议过去一年在海上和空中发生的事件。"},
)

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

TEXTS: Final[Mapping[str, Text]] = {
    "P20-01": Text("confidence-building-measure", (_JOINT_REVIEW, _JOINT_REVIEW_1, _JOINT_REVIEW_2, _JOINT_REVIEW_3)),
    "P20-02": Text("joint-statement", (_PRINCIPLES, _PRINCIPLES_1, _PRINCIPLES_2)),
}
