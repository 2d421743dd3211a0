"""One sample of every fact, as the record keeps it: the golden files are written from these, once, and never change.

A fact that gets a new version gets a sample of that version beside the old one's file; a file whose version the domain no
longer writes is read by an upcast.
"""

from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Final

from msgspec import Struct

from domain.conferences import events as conference
from domain.drafts import events as draft
from domain.epochs import events as epoch
from domain.erasures import events as erasure
from domain.forum import events as forum
from domain.forum.keys import key_id
from domain.identity import BookId, CommandId, CredentialId, DelegationCode, EditionCode, PersonId, StreamId
from domain.kernel import Fact
from domain.prepared import events as prepared
from domain.proposals import events as proposal
from domain.proposals.events import Change, Outcome, Stance, Wider
from domain.record.envelope import pieces
from domain.record.slots import commitment
from domain.releases import events as release
from domain.rules import Rules
from domain.text.fingerprint import fingerprint
from domain.text.provisions import Provision, ProvisionKind
from tests.domain.cast import (
    AGREEMENT,
    ALICE,
    BORIS,
    CHIYO,
    CHN,
    EARLIER,
    EDITION,
    EN,
    FIRST,
    JA,
    JAPAN_US,
    JPN,
    KINDS,
    KO,
    KOR,
    LANGUAGES,
    P1,
    P2,
    P3,
    P4,
    PLENARY,
    PROPOSAL,
    RELEASE,
    SECOND,
    USA,
    ZH,
    an_id,
)


class Sample(Struct, frozen=True):
    """A fact with what the record knows of it."""

    fact: Fact
    actor: PersonId | None = ALICE
    delegation: DelegationCode | None = None
    credential: CredentialId | None = None
    effective: datetime | None = None
    signature: str | None = None

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.fact.tag}.v{self.fact.version}.json"

    def envelope(self) -> bytes:
        """What is stored and hashed."""
        around = pieces(
            self.fact,
            stream=StreamId(an_id(f"stream of {self.fact.tag.partition('.')[0]}")),
            book=BookId(an_id("sample book")),
            command=CommandId(an_id(f"command of {self.fact.tag}")),
            actor=self.actor,
            delegation=self.delegation,
            credential=self.credential,
            effective=self.effective,
            signature=self.signature,
        )
        return around.filled(AT, INDEX)


AT: Final = datetime(2024, 10, 1, 0, 30, 0, 5, tzinfo=UTC)
INDEX: Final = 41
DUE: Final = datetime(2024, 11, 15, 15, tzinfo=UTC)
DEADLINE: Final = datetime(2024, 10, 4, 0, 30, 0, 250_000, tzinfo=UTC)

TEXT: Final = (
    Provision(
        P1,
        ProvisionKind.TITLE,
        {
            EN: 'Communication on "close" encounters at sea',
            JA: "海上における「近接」遭遇時の通信",
            ZH: "海上“近距离”相遇时的通信",
            KO: "해상에서의 '근접' 조우 시 통신",
        },
    ),
    Provision(P2, ProvisionKind.PREAMBLE, {EN: "Recalling CUES (2014),\nand §2 thereof,", JA: "CUES 2014年を想起し、"}),
    Provision(
        P3, ProvisionKind.OPERATIVE, {EN: "Agree to keep one line open 24 h a day.", ZH: "同意保持一条24小时畅通的热线。"}
    ),
)
REVISED: Final = (
    TEXT[0],
    Provision(P2, ProvisionKind.PREAMBLE, {EN: "Recalling CUES (2014),\nand §2 thereof,", JA: "2014年のCUESを想起し、"}),
    Provision(P3, ProvisionKind.OPERATIVE, {EN: "Agree to keep two lines open 24 h a day.", ZH: ""}),
    Provision(P4, ProvisionKind.ANNEX, {EN: "Signals: \U0001f6a2 \\ / \t", KO: "신호\u2028"}),
)
SLOTS: Final = tuple(commitment(sha256(b"%d" % slot).digest(), b"slot %d" % slot).hex() for slot in range(16))
REASON: Final = "「二本の回線」では不十分である。 Two lines would not do."


def of_head(fact: Fact, *, delegation: DelegationCode = CHN, signature: str | None = None) -> Sample:
    """As its head did it."""
    return Sample(fact, actor=BORIS, delegation=delegation, credential=FIRST, signature=signature)


SAMPLES: Final = (
    Sample(
        forum.ForumFounded(
            name={
                EN: "Asia Peace Conference",
                JA: "アジア平和会議",
                ZH: "亚洲和平会议",
                KO: "아시아 평화회의",
            },
            host="accord.example",
            kind="demonstration",
            languages=LANGUAGES,
            time_zone="Asia/Tokyo",
            proposal_kinds=KINDS,
            rules=Rules(notice=12 * 3600, languages_for_silence=2, editorial_certification=False),
        ),
        actor=None,
    ),
    Sample(forum.SignerKeyAnnounced((b"\1" * 32, b"\2" * 32), (b"\3" * 32,)), actor=None),
    Sample(forum.DelegationAdmitted(KOR, {EN: "South Korea", JA: "韓国", ZH: "韩国", KO: "한국"}, "Asia/Seoul")),
    Sample(
        forum.FormatDefined(
            JAPAN_US, "B", {EN: "Japan and the US", JA: "日米", ZH: "日美", KO: "미일"}, (JPN, USA), listed=False
        )
    ),
    Sample(forum.LetterReserved("B", JAPAN_US)),
    Sample(forum.BookOpened(forum.Audience(forum.AudienceKind.FORMAT, JAPAN_US, (JPN, USA)))),
    of_head(forum.ReaderConsented(CHIYO, CHN)),
    of_head(forum.ReaderEnded(CHIYO, CHN)),
    Sample(
        forum.CredentialIssued(
            delegation=CHN,
            credential=FIRST,
            person=BORIS,
            role=forum.Role.HEAD,
            begins=AT,
            ends=None,
            notice="照会「2024」7号",
        ),
        effective=datetime(2024, 9, 30, 1, tzinfo=UTC),
    ),
    of_head(forum.CredentialEnded(SECOND)),
    of_head(forum.KeyRegistered(CHN, forum.KeyPurpose.ACTS, forum.KeyKind.ED25519, bytes(range(32)))),
    of_head(forum.KeyEnded(CHN, key_id(forum.KeyKind.ED25519, bytes(range(32))))),
    Sample(forum.SecretaryAppointed(CHIYO)),
    Sample(forum.SecretaryEnded(CHIYO)),
    Sample(epoch.SlotDrawn(11, JAPAN_US), actor=None),
    Sample(epoch.EpochSealed(datetime(2024, 10, 1, tzinfo=UTC), 3600, SLOTS), actor=None),
    Sample(
        conference.EditionAnnounced(
            code=EDITION,
            year=2024,
            starts_on=date(2024, 10, 1),
            ends_on=date(2024, 10, 3),
            city="Tōkyō",
            theme={EN: "Accidents at sea", JA: "海上の事故", ZH: "海上事故", KO: "해상 사고"},
        )
    ),
    Sample(conference.EditionOpened()),
    Sample(conference.EditionClosed()),
    Sample(conference.EditionPostponed(date(2024, 12, 2), date(2024, 12, 4))),
    Sample(conference.EditionCancelled()),
    Sample(conference.AgendaDrawnUp(EditionCode("unga-22"), PLENARY)),
    Sample(conference.ChairAppointed(CHIYO)),
    Sample(conference.ProposalNumbered(PROPOSAL, "P-unga-22-03")),
    Sample(conference.ProposalListed(PROPOSAL, "P23-03")),
    Sample(conference.AgendaInstructed("議長指示「2024」9号")),
    Sample(conference.SittingConvened(2, date(2024, 10, 2), "chatham-house")),
    Sample(conference.AttendanceMarked(2, (CHN, JPN, KOR))),
    Sample(conference.AgendaClosed()),
    of_head(draft.DraftBegun(KINDS[0], PLENARY, EDITION, EN, TEXT, (CHN, KOR), EARLIER)),
    of_head(draft.DraftRewritten(KINDS[0], PLENARY, EDITION, EN, REVISED, None)),
    of_head(draft.DraftClosed(draft.DraftEnd.TABLED, PROPOSAL)),
    of_head(prepared.ActPrepared(CHN, "objections", str(PROPOSAL))),
    of_head(prepared.ActWorded('{"revision":1,"reason":"不够。"}')),
    of_head(prepared.ActSent()),
    of_head(prepared.ActDropped()),
    of_head(
        proposal.ProposalTabled(
            number="P24-03",
            kind=KINDS[0],
            format=PLENARY,
            edition=EDITION,
            master=EN,
            provisions=TEXT,
            fingerprint=fingerprint(PROPOSAL, 0, EN, TEXT),
            sponsor=CHN,
            predecessor=None,
        )
    ),
    Sample(
        proposal.RevisionIssued(
            revision=1,
            provisions=REVISED,
            changes={P3: Change.EDITORIAL, P4: Change.SUBSTANTIVE, P2: Change.LANGUAGE},
            fingerprint=fingerprint(PROPOSAL, 1, EN, REVISED),
            penholder=None,
        )
    ),
    Sample(proposal.ChangesCertified(1)),
    of_head(proposal.Sponsored(KOR, 1), delegation=KOR),
    of_head(proposal.SponsorshipEnded(KOR), delegation=KOR),
    of_head(proposal.PenHanded(None)),
    of_head(
        proposal.PositionTaken(USA, 1, Stance.AD_REFERENDUM, DUE),
        delegation=USA,
        signature="ed25519:MEUCIQDx+/=",
    ),
    of_head(proposal.PositionReaffirmed(USA, 1), delegation=USA),
    of_head(proposal.PositionContested(USA, 1), delegation=USA),
    of_head(proposal.PositionConfirmed(USA, 1), delegation=USA),
    of_head(proposal.PositionDeclined(USA, 1), delegation=USA),
    of_head(proposal.ObjectionLifted(JPN, 1), delegation=JPN),
    of_head(proposal.ObjectionCameLate(JPN, 1, DEADLINE), delegation=JPN),
    of_head(proposal.ReasonGiven(JPN, 1, REASON), delegation=JPN),
    of_head(proposal.ReservationMade(KOR, 1, "어선에는 적용되지 않는다."), delegation=KOR),
    Sample(proposal.PositionFellAway(USA, 1, DUE), actor=None, effective=DUE),
    Sample(
        proposal.RecordedOnBehalf(
            delegation=CHN,
            revision=1,
            act=proposal.Given.TAKE,
            stance=Stance.AD_REFERENDUM,
            due=DUE,
            reference="照会「2024」8号",
            received=AT,
            waits=True,
        )
    ),
    of_head(proposal.GivenActConfirmed(CHN, 1)),
    of_head(proposal.GivenActDisowned(CHN, 1)),
    Sample(proposal.InstructedByChair("Note of the chair, 2 October")),
    Sample(proposal.PutToDecision(2, 1, True, True, (CHN, KOR), (), AGREEMENT)),
    Sample(proposal.SilenceOpened(1, DEADLINE, AGREEMENT)),
    Sample(proposal.SilenceExtended(DUE)),
    Sample(proposal.SilenceCancelled()),
    of_head(proposal.SilenceBroken(JPN), delegation=JPN),
    of_head(proposal.ReceiptAcknowledged(KOR), delegation=KOR),
    Sample(proposal.SilenceEnded(1, AGREEMENT), actor=None, effective=DEADLINE),
    Sample(proposal.AdoptionSetAside(1, AGREEMENT, (CHN, KOR))),
    Sample(proposal.StatementIssued(1)),
    Sample(proposal.ProposalDeferred(EditionCode("2025"))),
    Sample(proposal.ProposalTakenUp(EditionCode("2025"))),
    of_head(proposal.ProposalMerged(EARLIER)),
    of_head(proposal.ProposalAbsorbed(EARLIER)),
    of_head(proposal.ProposalSplit((EARLIER, PROPOSAL))),
    of_head(proposal.StatementMade(1, CHN, proposal.StatementKind.DISSOCIATION, 1, P3, (JPN, KOR))),
    of_head(proposal.StatementWorded(1, {EN: "China does not join in this.", ZH: "中方不参加此项。"})),
    of_head(proposal.StatementJoined(1, KOR), delegation=KOR),
    of_head(proposal.ProposalWithdrawn()),
    Sample(proposal.ProposalConcluded(Outcome.NO_CONSENSUS)),
    Sample(proposal.ReleaseAsked(Wider.PUBLIC)),
    of_head(proposal.ReleaseConsented(KOR, Wider.FORUM, attribution=True), delegation=KOR),
    of_head(proposal.ReleaseConsentWithdrawn(KOR, Wider.FORUM), delegation=KOR),
    of_head(proposal.ProposalReleased(Wider.FORUM, RELEASE), delegation=USA),
    Sample(
        release.ReleaseMade(
            outcome=release.ReleasedOutcome.ADOPTED,
            kind=KINDS[0],
            edition=EDITION,
            format=PLENARY,
            master=EN,
            provisions=TEXT,
            reached=DEADLINE,
            sponsors=(CHN, KOR),
            parties=(release.NamedParty(CHN, "endorsed"), release.NamedParty(KOR, "silent")),
            statements=(release.NamedStatement(1, CHN, "interpretation", P3, (KOR,)),),
        ),
        actor=None,
    ),
    Sample(
        release.ReleasedStatementWorded(1, {EN: "China reads \u201cone line\u201d as one.", ZH: "中方认为“一条”即一条。"}),
        actor=None,
    ),
    of_head(prepared.WordsErased(1, (7,))),
    of_head(proposal.WordsErased(2, (17, 23)), delegation=USA),
    of_head(release.WordsErased(1, (5,)), delegation=KOR),
    of_head(
        erasure.ErasureAsked(
            erasure=1,
            facts=(
                erasure.NamedWords(17, proposal.ReasonGiven.tag),
                erasure.NamedWords(23, proposal.StatementWorded.tag),
            ),
            basis=erasure.Basis.PERSONAL_DATA,
            delegation=JPN,
        ),
        delegation=JPN,
    ),
    of_head(erasure.ErasureReasoned(1, "本人の求めによる。 At the person's request."), delegation=JPN),
    of_head(erasure.ErasureApproved(1, USA), delegation=USA),
    of_head(
        erasure.ErasureCarriedOut(
            erasure=1,
            facts=(
                erasure.NamedWords(17, proposal.ReasonGiven.tag),
                erasure.NamedWords(23, proposal.StatementWorded.tag),
            ),
            basis=erasure.Basis.PERSONAL_DATA,
            approvals=(JPN, USA),
        ),
        delegation=USA,
    ),
)
