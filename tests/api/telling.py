"""A story told over HTTP: each step as a request of whoever takes it, with the record's clock at the instant that it tells.

The ids of the story are derived from names; those of the record are drawn. What a request names is put into the record's ids,
and what an answer names back into names.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, assert_never
from uuid import UUID

import msgspec
from msgspec import Struct

from application.reactions.watch import due
from application.story import steps
from application.story.steps import Act, OnAgenda, Step
from domain.conferences import commands as conference
from domain.forum.events import Audience
from domain.kernel import Refusal
from domain.proposals import commands as proposal
from domain.proposals.acts.on_behalf import GivenAct
from domain.proposals.events import Stance
from tests.api.scene import Room

UUIDS: Final = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

MOVES: Final[Mapping[type[Struct], str]] = {
    conference.OpenEdition: "open",
    conference.CloseEdition: "close",
    conference.PostponeEdition: "postpone",
    conference.CancelEdition: "cancel",
}

ACTS: Final[Mapping[type[Struct], str]] = {
    proposal.Revise: "revisions",
    proposal.CertifyChanges: "certification",
    proposal.Sponsor: "sponsors",
    proposal.HandPen: "pen",
    proposal.PutToSitting: "decision",
    proposal.SetAside: "decision/set-aside",
    proposal.Issue: "issue",
    proposal.Defer: "deferral",
    proposal.TakeUp: "resumption",
    proposal.OpenSilence: "silence",
    proposal.ExtendSilence: "silence/extension",
    proposal.CancelSilence: "silence/cancellation",
    proposal.AcknowledgeReceipt: "silence/receipt",
    proposal.MakeStatement: "statements",
    proposal.Conclude: "outcome",
    proposal.Withdraw: "withdrawal",
}

OF_ONE: Final[Mapping[type[Struct], str]] = {
    proposal.Reaffirm: "reaffirm",
    proposal.Contest: "contest",
    proposal.Lift: "lift",
    proposal.Confirm: "confirm",
    proposal.Decline: "decline",
    proposal.ConfirmGiven: "on-behalf/confirmation",
    proposal.DisownGiven: "on-behalf/disavowal",
}
"""What is said at the address of a delegation's position."""


class Said(Struct, frozen=True):
    """A request."""

    path: str
    body: object = None
    method: str = "POST"


@dataclass
class Telling:
    """A story as far as it is told."""

    at: Room
    ids: dict[str, str] = field(default_factory=dict[str, str])
    """By the id that the story derives, the record's."""
    names: dict[str, str] = field(default_factory=dict[str, str])
    """By the record's id, what the story calls it."""

    def called(self, name: str, told: UUID, recorded: str) -> None:
        self.ids[str(told)] = recorded
        self.names[recorded] = name

    async def tell(self, step: Step) -> None:
        if step.at is not None:
            self.at.turn(to=step.at)
        if step.by is None:
            await self._pass()
            return
        said = await self._say(step.act, step.by)
        body = msgspec.json.decode(UUIDS.sub(lambda found: self.ids[found[0]], msgspec.json.encode(said.body).decode()))
        headers = self.at.headers(step.by, {"If_Match": "*"})
        answer = await self.at.client.request(said.method, said.path, json=body, headers=headers)
        assert answer.is_success, f"{step.at} {step.by} {said.path}: {answer.text}"
        self._learn(step.act, answer.json())

    async def _pass(self) -> None:
        """What time does is written down by a reaction, and by nobody's request."""
        tracker = self.at.house.tracker
        for reaction in list(due(self.at.house.memory, tracker.clock.now())):
            with suppress(Refusal):
                await tracker.execute(reaction.task, reaction.request)

    async def _say(self, act: Act, by: str) -> Said:  # noqa: C901, PLR0912  one case an act
        match act:
            case steps.Credential(delegation, command):
                return Said(f"/api/delegations/{delegation}/credentials", command)
            case steps.EndTerm(delegation, role):
                return Said(f"/api/delegations/{delegation}/credentials/{await self._credential(delegation, role, by)}/end")
            case steps.LetRead(audience, command):
                return Said(f"/api/books/{await self._book(audience, by)}/readers", command)
            case steps.Announce(command):
                return Said("/api/editions", command)
            case steps.Move(edition, command):
                return Said(f"/api/editions/{edition}/{MOVES[type(command)]}", _or_nothing(command))
            case OnAgenda():
                return _on_agenda(act)
            case steps.FinishAgenda(edition, format_, command):
                return Said(f"/api/editions/{edition}/agendas/{format_}/close", command)
            case steps.Begin(_, command):
                return Said("/api/drafts", command)
            case steps.Rewrite(draft, command):
                return Said(self._draft(draft), command, "PUT")
            case steps.Share(draft, command, _):
                return Said(f"{self._draft(draft)}/share", command)
            case steps.Discard(draft):
                return Said(self._draft(draft), method="DELETE")
            case steps.Table(draft, _):
                return Said(f"{self._draft(draft)}/table")
            case steps.On(code, command):
                return _on(self._proposal(code), command, by)
            case steps.GoOnIn(code, into):
                return Said(f"{self._proposal(code)}/merger", proposal.Merge(steps.proposal(into)))
            case steps.GoOnInParts(code, command, _):
                return Said(f"{self._proposal(code)}/split", command)
            case steps.Prepare():
                target = steps.proposal(act.proposal)
                body = {"delegation": act.delegation, "act": act.door, "target": target, "body": act.said}
                return Said("/api/prepared", body)
            case steps.Send(what):
                return Said(f"{self._prepared(what)}/send")
            case steps.Drop(what):
                return Said(self._prepared(what), method="DELETE")
            case steps.SilenceEnds() | steps.FallsAway():
                raise AssertionError("time does that")
            case _:
                assert_never(act)

    def _learn(self, act: Act, answer: dict[str, Any]) -> None:
        """What the record calls what was made."""
        match act:
            case steps.Begin(draft) | steps.Share(shared=draft):
                self.called(draft, steps.draft(draft), answer["id"])
            case steps.Table(proposal=code):
                self.called(code, steps.proposal(code), answer["id"])
            case steps.GoOnInParts(parts=codes):
                tabled = [mark["stream"] for mark in answer["facts"] if mark["type"] == "proposal.tabled"]
                for code, recorded in zip(codes, tabled, strict=True):
                    self.called(code, steps.proposal(code), recorded)
            case steps.Prepare(prepared=name):
                self.called(name, steps.prepared(name), answer["id"])
            case _:
                pass

    def _proposal(self, code: str) -> str:
        return f"/api/proposals/{self.ids[str(steps.proposal(code))]}"

    def _draft(self, name: str) -> str:
        return f"/api/drafts/{self.ids[str(steps.draft(name))]}"

    def _prepared(self, what: steps.Prepare) -> str:
        return f"/api/prepared/{self.ids[str(steps.prepared(what.prepared))]}"

    async def _credential(self, delegation: str, role: str, by: str) -> str:
        issued = (await self.at.read(f"/api/delegations/{delegation}/credentials", by))["items"]
        (credential,) = (term["id"] for term in issued if self.names[term["person"]] == role)
        return credential

    async def _book(self, audience: Audience, by: str) -> str:
        books = (await self.at.read("/api/me", by))["books"]
        (book,) = (book["id"] for book in books if msgspec.convert(book["audience"], Audience) == audience)
        return book


def _or_nothing(command: Struct) -> Struct | None:
    """The body, where there is something to say."""
    return command if command.__struct_fields__ else None


def _on_agenda(act: OnAgenda) -> Said:
    path = f"/api/editions/{act.edition}/agendas/{act.format}"
    match act.command:
        case conference.AppointChair() as command:
            return Said(f"{path}/chair", command)
        case conference.ConveneSitting() as command:
            return Said(f"{path}/sittings", command)
        case conference.MarkAttendance(sitting, present):
            return Said(f"{path}/sittings/{sitting}/attendance", {"present": present})
        case _:
            assert_never(act.command)


def _on(path: str, command: Struct, by: str) -> Said:
    *_, code = by.split("-")
    match command:
        case proposal.RecordOnBehalf(delegation, act, reference, received):
            return _given(path, act, delegation, {"reference": reference, "received": received})
        case proposal.TakePosition():
            door, said = _position(command)
            return Said(f"{path}/{door}", said)
        case proposal.JoinStatement(statement):
            return Said(f"{path}/statements/{statement}/join")
        case proposal.EndSponsorship():
            return Said(f"{path}/sponsors/{code}", method="DELETE")
        case _ if type(command) in OF_ONE:
            return Said(f"{path}/positions/{code}/{OF_ONE[type(command)]}", command)
        case _:
            return Said(f"{path}/{ACTS[type(command)]}", _or_nothing(command))


def _given(path: str, act: GivenAct, delegation: str, given: dict[str, Any]) -> Said:
    if isinstance(act, proposal.TakePosition):
        door, said = _position(act)
        return Said(f"{path}/{door}", {**said, **given, "on_behalf_of": delegation})
    return Said(f"{path}/positions/{delegation}/{OF_ONE[type(act)]}", {**msgspec.to_builtins(act), **given})


def _position(taken: proposal.TakePosition) -> tuple[str, dict[str, Any]]:
    """The door at which a stance is said, and what is said there."""
    match taken.stance:
        case Stance.OBJECT:
            return "objections", {"revision": taken.revision, "reason": taken.reason, "undisclosed": taken.undisclosed}
        case Stance.ENDORSE | Stance.WITH_RESERVATION | Stance.AD_REFERENDUM:
            said = {"revision": taken.revision, "reservation": taken.reservation, "ad_referendum_until": taken.due}
            return "endorsements", said
        case _:
            assert taken.reason is None, "a position that is no objection gives no reason over HTTP"
            return "positions", {"revision": taken.revision, "stance": taken.stance, "due": taken.due}
