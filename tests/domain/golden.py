"""Files that are frozen for ever: what other people's programs must read in twenty years.

``python -m tests.domain.golden`` writes those that are missing and touches none that is there. A golden file that would
change is a record that nobody can verify any more: give the fact a new version instead.
"""

import json
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from domain.identity import BookId, CommandId, Language, ProposalId, StreamId
from domain.kernel import Fact
from domain.proposals.events import (
    GivenActDisowned,
    ObjectionCameLate,
    ObjectionLifted,
    PositionConfirmed,
    PositionContested,
    PositionDeclined,
    PositionReaffirmed,
    PositionTaken,
    Sponsored,
    Stance,
)
from domain.record.envelope import pieces
from domain.text.provisions import Provision, ProvisionKind
from tests.domain.cast import ALICE, EN, FIRST, JA, JPN, KO, P1, P2, ZH, an_id
from tests.domain.samples import SAMPLES

GOLDEN: Final = Path(__file__).parent.parent / "golden"
FACTS: Final = GOLDEN / "facts"
VECTORS: Final = GOLDEN / "vectors"

HARD: Final = "\"'\\/ \x00\x01\x08\t\n\x0c\r\x1f\x7f\x80 \u2028\u2029\ufeff 漢字かな 한글 é \U0001f6a2\U0010ffff"
"""What encoders disagree about: quotes, control characters, line separators, what lies beyond the first plane."""


class Committed(Struct, frozen=True):
    """A salt and an envelope, to be committed to."""

    name: str
    salt: bytes
    envelope: bytes

    def expected(self) -> str:
        """The commitment, worked out from the specification alone."""
        return sha256(b"accord/commit/v1\x00" + self.salt + self.envelope).hexdigest()

    def vector(self) -> dict[str, str]:
        """As the file keeps it."""
        words = {"name": self.name, "salt": self.salt.hex(), "envelope": self.envelope.decode()}
        return {**words, "commit": self.expected()}


class Fingerprinted(Struct, frozen=True):
    """A revision, to be fingerprinted."""

    name: str
    proposal: ProposalId
    revision: int
    master: Language
    provisions: tuple[Provision, ...]

    def words(self) -> dict[str, Any]:
        """What is hashed, as plain JSON values."""
        provisions = [{"id": p.id, "kind": p.kind.value, "text": dict(p.text)} for p in self.provisions]
        return {
            "proposal": str(self.proposal),
            "revision": self.revision,
            "master": self.master,
            "provisions": provisions,
        }

    def expected(self) -> str:
        """The fingerprint, worked out from the specification alone."""
        return sha256(b"accord/revision/v1\x00" + rfc8785.dumps(self.words())).hexdigest()

    def vector(self) -> dict[str, Any]:
        """As the file keeps it."""
        return {"name": self.name, **self.words(), "fingerprint": self.expected()}


class Slotted(Struct, frozen=True):
    """A salt and what a slot of an epoch holds, to be committed to."""

    name: str
    salt: bytes
    content: bytes

    def expected(self) -> str:
        """The commitment, worked out from the specification alone."""
        return sha256(b"accord/slot/v1\x00" + self.salt + self.content).hexdigest()

    def vector(self) -> dict[str, str]:
        """As the file keeps it."""
        words = {"name": self.name, "salt": self.salt.hex(), "content": self.content.decode()}
        return {**words, "commitment": self.expected()}


COUNTED: Final = bytes(range(32))


class SignedAct(Struct, frozen=True):
    """An act on a proposal, signed by Japan with the key whose seed is counted."""

    name: str
    fact: Fact
    act: str
    revision: int
    stance: str | None = None
    nonce: str = "AAAAAAAAAAAAAAAA"
    signed_at: str = "2024-10-01T00:29:58.000000Z"
    at: datetime = datetime(2024, 10, 1, 0, 30, 0, 5, tzinfo=UTC)

    def words(self) -> dict[str, Any]:
        """What is signed, as plain JSON values."""
        return {
            "act": self.act,
            "book": str(A_BOOK),
            "credential": str(FIRST),
            "delegation": "JPN",
            "fingerprint": FINGERPRINTS[self.revision],
            "forum": "accord.example",
            "key": sha256(b"accord/key/v1\x00ed25519\x00" + PUBLIC).hexdigest(),
            "nonce": self.nonce,
            "proposal": str(A_PROPOSAL),
            "revision": self.revision,
            "signed_at": self.signed_at,
            "stance": self.stance,
        }

    def expected(self) -> str:
        """What the envelope keeps, worked out from the specification alone."""
        value = PRIVATE.sign(b"accord/act/v1\x00" + rfc8785.dumps(self.words()))
        return f"accord/act/v1 {self.words()['key']} {self.signed_at} {self.nonce} {b64encode(value).decode()}"

    def envelope(self) -> bytes:
        """The whole fact."""
        around = pieces(
            self.fact,
            stream=StreamId(A_PROPOSAL),
            book=A_BOOK,
            command=CommandId(an_id("command of a signed act")),
            actor=ALICE,
            delegation=JPN,
            credential=FIRST,
            signature=self.expected(),
        )
        return around.filled(self.at, 41)

    def vector(self) -> dict[str, Any]:
        """As the file keeps it."""
        return {"name": self.name, "public": PUBLIC.hex(), "signed": self.words(), "envelope": self.envelope().decode()}


A_PROPOSAL: Final = ProposalId(an_id("proposal"))
PRIVATE: Final = Ed25519PrivateKey.from_private_bytes(COUNTED)
PUBLIC: Final = PRIVATE.public_key().public_bytes_raw()
A_BOOK: Final = BookId(an_id("sample book"))
FINGERPRINTS: Final = tuple(sha256(f"revision {number}".encode()).hexdigest() for number in range(3))

SIGNED: Final = (
    SignedAct("an endorsement", PositionTaken(JPN, 1, Stance.ENDORSE, None), "take", 1, "endorse"),
    SignedAct("an objection", PositionTaken(JPN, 1, Stance.OBJECT, None), "take", 1, "object"),
    SignedAct(
        "an objection that came late",
        ObjectionCameLate(JPN, 2, datetime(2024, 10, 1, tzinfo=UTC)),
        "take",
        2,
        "object",
        nonce="_-" * 32,
    ),
    SignedAct("reaffirmed", PositionReaffirmed(JPN, 2), "reaffirm", 2, signed_at="2024-09-30T00:30:00.000006Z"),
    SignedAct("contested", PositionContested(JPN, 2), "contest", 2, signed_at="2024-10-01T00:35:00.000005Z"),
    SignedAct("lifted", ObjectionLifted(JPN, 0), "lift", 0),
    SignedAct("confirmed", PositionConfirmed(JPN, 0), "confirm", 0),
    SignedAct("declined", PositionDeclined(JPN, 0), "decline", 0),
    SignedAct("disowned", GivenActDisowned(JPN, 0), "disown", 0),
    SignedAct("sponsored", Sponsored(JPN, 0), "sponsor", 0),
)

COMMITTED: Final = (
    Committed("nothing", bytes(32), b"{}"),
    Committed("a counted salt", COUNTED, b"{}"),
    Committed("a salt of ones", b"\xff" * 32, b"{}"),
    Committed("what encoders disagree about", COUNTED, rfc8785.dumps({"data": {"text": HARD}})),
    *(Committed(sample.fact.tag, sha256(sample.fact.tag.encode()).digest(), sample.envelope()) for sample in SAMPLES),
)

A_CHECKPOINT: Final = "apc.example/book/6f0c8c5e-8a57-4d0c-9d6e-4e1c5b3f2a10\n3\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"


def _padding(epoch: str, slot: int) -> bytes:
    words = {"epoch": epoch, "forum": "apc.example", "padding": "accord/padding/v1", "slot": slot}
    return rfc8785.dumps(words)


SLOTTED: Final = (
    Slotted("the checkpoint of a book", COUNTED, A_CHECKPOINT.encode()),
    Slotted("the same under another salt", bytes(32), A_CHECKPOINT.encode()),
    Slotted("padding", COUNTED, _padding("2024-10-01T00:00:00.000000Z", 0)),
    Slotted("padding of another slot", COUNTED, _padding("2024-10-01T00:00:00.000000Z", 15)),
    Slotted("padding of another epoch", COUNTED, _padding("2024-10-01T01:00:00.000000Z", 0)),
)


def _title(text: dict[Language, str]) -> tuple[Provision, ...]:
    return (Provision(P1, ProvisionKind.TITLE, text),)


FINGERPRINTED: Final = (
    Fingerprinted("no words", A_PROPOSAL, 0, EN, ()),
    Fingerprinted("one title", A_PROPOSAL, 0, EN, _title({EN: "Signals at sea"})),
    Fingerprinted("the same at another number", A_PROPOSAL, 1, EN, _title({EN: "Signals at sea"})),
    Fingerprinted("the same with another master", A_PROPOSAL, 0, JA, _title({EN: "Signals at sea"})),
    Fingerprinted("the same of another proposal", ProposalId(UUID(int=0)), 0, EN, _title({EN: "Signals at sea"})),
    Fingerprinted("the same with a space", A_PROPOSAL, 0, EN, _title({EN: "Signals at sea "})),
    Fingerprinted("empty texts", A_PROPOSAL, 2, EN, _title({EN: "", JA: "", ZH: "", KO: ""})),
    Fingerprinted("no text at all", A_PROPOSAL, 2, EN, _title({})),
    Fingerprinted(
        "four languages, out of order",
        A_PROPOSAL,
        3,
        ZH,
        _title({ZH: "海上信号", KO: "해상 신호", JA: "海上の信号", EN: "Signals at sea"}),
    ),
    Fingerprinted(
        "languages whose order is that of their bytes",
        A_PROPOSAL,
        4,
        Language("zh-Hans"),
        _title({Language(tag): tag for tag in ("zh-Hant", "zh-Hans", "zh", "en-GB", "en", "EN", "e", "ko")}),
    ),
    Fingerprinted("what encoders disagree about", A_PROPOSAL, 5, EN, _title({EN: HARD, JA: HARD[::-1]})),
    Fingerprinted(
        "all kinds, in the order of the text",
        A_PROPOSAL,
        2**53 - 1,
        KO,
        tuple(
            Provision(P2 if kind is ProvisionKind.ANNEX else P1, kind, {KO: f"{kind.value}\n둘째 줄"}) for kind in ProvisionKind
        ),
    ),
)


def files() -> dict[Path, bytes]:
    """Every golden file of the domain, as it would be written today."""
    return {
        **{FACTS / sample.name: sample.envelope() for sample in SAMPLES},
        VECTORS / "commitment.json": _shown([case.vector() for case in COMMITTED]),
        VECTORS / "signed-act.json": _shown([case.vector() for case in SIGNED]),
        VECTORS / "slot.json": _shown([case.vector() for case in SLOTTED]),
        VECTORS / "fingerprint.json": _shown([case.vector() for case in FINGERPRINTED]),
    }


def _shown(vectors: list[Any]) -> bytes:
    """In ASCII, so that control characters and separators are seen in review."""
    return json.dumps(vectors, ensure_ascii=True, indent=1).encode() + b"\n"


def write_missing() -> list[Path]:
    """Write the files that are not there yet, and say which."""
    missing = {path: content for path, content in files().items() if not path.exists()}
    for path, content in missing.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return list(missing)


if __name__ == "__main__":
    for written in write_missing():
        print(written.relative_to(GOLDEN))
