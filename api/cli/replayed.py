"""A replay in words: what the server answered, line by line."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import indent
from typing import Any, Final

import msgspec
from msgspec import UNSET, Raw, UnsetType

from api.cli.terminal import instant
from application.views.changes import ChangeShown
from application.views.editions import AgendaShown
from application.views.history import FactShown
from application.views.replay import PointShown, Replayed, StepShown, StoodShown, ThingShown
from application.views.status import PositionShown, ProposalStatus, ProvisionShown
from domain.forum.events import Audience
from domain.identity import Language

DERIVED: Final = frozenset(
    {"fingerprint", "issued", "endorsing", "without_position", "no_receipt", "agreed_ad_referendum", "closed_at"}
)
"""Members that only say again, or count, what another one says."""


def head(answer: Replayed) -> Iterator[str]:
    """Of what it is, and as of when; the state, unless there are steps or a difference to tell of."""
    yield _subject(answer)
    if answer.stood is not None:
        yield from _stood(answer.stood, answer.proposal)
    elif answer.changes is not None:
        pass
    elif answer.proposal is not None:
        yield from _proposal(answer.proposal)
    elif answer.agenda is not None:
        yield from _agenda(answer.agenda)


def listed(answer: Replayed) -> Iterator[str]:
    """What there is a list of: changes, things or steps."""
    yield from _changes(answer.changes or ())
    for thing in answer.things or ():
        yield f"{_thing(thing)}  last changed {instant(thing.changed)}, fact {thing.index}"
    for changed in answer.changed or ():
        yield _thing(changed.thing)
        yield from _indented(_changes(changed.changes))
    for step in answer.steps or ():
        yield _step(step)
        yield from _indented(_changes(step.changes))


def audience(readers: Audience) -> str:
    """What a book is called by its audience."""
    return readers.format or ("+".join(readers.members) if readers.members else str(readers.kind))


def _subject(answer: Replayed) -> str:
    since = "" if answer.against is None else f"from {_point(answer.against)} to "
    viewer = "" if answer.viewer is None else f", as {answer.viewer} would see it"
    return f"{_name(answer)}, {since or 'as of '}{_point(answer.at)}{viewer}"


def _name(answer: Replayed) -> str:
    shown = next((of for of in (answer, *(answer.steps or ())) if of.proposal or of.agenda), answer)
    if shown.proposal is not None:
        return f"{shown.proposal.number} {_in(shown.proposal.title, shown.proposal.master)}"
    if shown.agenda is not None:
        return f"Agenda of {shown.agenda.format} in {shown.agenda.edition}"
    return answer.of.capitalize()


def _point(point: PointShown) -> str:
    return f"{instant(point.at)} (fact {point.index} of the book)"


def _in(text: Mapping[Language, str], master: Language) -> str:
    return text.get(master) or next(iter(text.values()), "")


def _proposal(status: ProposalStatus) -> Iterator[str]:
    yield f"status: {status.status}"
    yield f"revision: {status.revision}, issued {instant(status.issued)}"
    yield f"sponsors: {', '.join(status.sponsors) or 'the chair'}"
    if status.silence is not None:
        yield f"silence: on revision {status.silence.revision}, until {instant(status.silence.deadline)}"
    if status.adoption is not None:
        yield f"adopted: revision {status.adoption.revision}, by {status.adoption.by}, {instant(status.adoption.at)}"
    for position in status.positions:
        yield f"{position.delegation}: {_position(position)}"
    for delegation in status.without_position:
        yield f"{delegation}: no position"
    yield from _text(status.provisions, status.master)


def _position(position: PositionShown) -> str:
    due = "" if position.due is None else f", due {instant(position.due)}"
    return f"{position.stance} of revision {position.revision}, {position.hold}, taken {instant(position.taken)}{due}"


def _text(provisions: Iterable[ProvisionShown], master: Language | None) -> Iterator[str]:
    for part in provisions:
        for language, words in part.text.items():
            if master is None or language == master:
                yield f"  {part.number} [{language}] {words}"


def _stood(stood: StoodShown, status: ProposalStatus | None) -> Iterator[str]:
    if stood.position is None or stood.words is None:
        yield f"{stood.delegation}: no position"
        return
    yield f"{stood.delegation}: {_position(stood.position)}"
    yield f"The words of revision {stood.words.number}, {stood.words.fingerprint}:"
    yield from _text(stood.words.provisions, None if status is None else status.master)


def _agenda(agenda: AgendaShown) -> Iterator[str]:
    yield f"status: {'closed' if agenda.closed else 'open'}"
    yield f"chair: {agenda.chair or 'nobody'}"
    for sitting in agenda.sittings:
        yield f"sitting {sitting.number}: {sitting.held_on}, {sitting.rule}; present {', '.join(sitting.present) or 'nobody'}"
    for item in agenda.proposals:
        yield f"{item.number}: {item.proposal}"


def _thing(thing: ThingShown) -> str:
    return " ".join(part for part in (thing.kind, thing.name, thing.status and f"({thing.status})") if part)


def _step(step: StepShown) -> str:
    about = "" if step.thing is None else f"  {_thing(step.thing)}"
    what = "by time alone" if step.fact is None else f"fact {step.fact.index}  {step.fact.type}{_by(step.fact)}"
    return f"{instant(step.at)}  {what}{about}"


def _by(fact: FactShown) -> str:
    return "" if fact.delegation is None else f" by {fact.delegation}"


def _changes(changes: Sequence[ChangeShown]) -> Iterator[str]:
    """Without what only says again what another change says."""
    for change in changes:
        if change.path.rpartition("/")[2] not in DERIVED:
            yield from _change(change)


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (indent(line, "    ") for line in lines)


def _change(change: ChangeShown) -> Iterator[str]:
    place = change.path.strip("/").replace("/", " ")
    if change.path == "":
        yield "it began" if change.old is UNSET else "it is not there"
    elif change.old is UNSET:
        yield f"{place}: now {_value(change.new)}"
    elif change.new is UNSET:
        yield f"{place}: no longer {_value(change.old)}"
    else:
        yield f"{place}: {_value(change.old)} -> {_value(change.new)}"


def _value(raw: Raw | UnsetType) -> str:
    assert raw is not UNSET, "it stands there"
    return _words(msgspec.json.decode(raw))


def _words(value: Any) -> str:  # noqa: ANN401, C901  what JSON may hold, one case a shape
    match value:
        case {"stance": stance, "revision": revision, "hold": hold}:
            return f"{stance} of revision {revision}, {hold}"
        case {"deadline": deadline, "revision": revision}:
            return f"revision {revision} until {deadline}"
        case {"parties": [*parties], "revision": revision, "by": by}:
            return f"revision {revision} by {by}; parties {', '.join(_words(party) for party in parties)}"
        case {"delegation": delegation, "how": how}:
            return f"{delegation} ({how})"
        case {"held_on": held_on, "rule": rule, "present": [*present]}:
            return f"{held_on}, {rule}; present {', '.join(map(str, present)) or 'nobody'}"
        case {"number": _, "proposal": proposal}:
            return str(proposal)
        case {"number": number, "text": {**text}}:
            return f"{number} " + " / ".join(map(str, text.values()))
        case str():
            return value or '""'
        case None | []:
            return "none"
        case [*entries] if all(isinstance(entry, str) for entry in entries):
            return ", ".join(map(str, entries))
        case _:
            return msgspec.json.encode(value).decode()
