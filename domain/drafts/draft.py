"""A draft: a text before it is tabled. It belongs to one delegation, or to several that share it."""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from domain.drafts.commands import ShareDraft, WriteDraft
from domain.drafts.events import DraftBegun, DraftClosed, DraftEnd, DraftRewritten
from domain.drafts.refusals import DraftHasClosed, DraftNotShareable, NobodyToShareWith, WordsUnknown
from domain.identity import DelegationCode, DraftId, EditionCode, FormatCode, Language, ProposalId
from domain.kernel import Decision, Fact, Recorded
from domain.text.provisions import Provision, Words, with_ids


class Draft(Struct, frozen=True):
    """The words as they stand, whose they are, and what became of them."""

    id: DraftId
    owners: tuple[DelegationCode, ...]
    kind: str
    format: FormatCode
    edition: EditionCode
    master: Language
    provisions: tuple[Provision, ...]
    ids_given: int
    predecessor: ProposalId | None
    end: DraftEnd | None = None
    proposal: ProposalId | None = None


def evolve_draft(draft: Draft | None, recorded: Recorded[Fact]) -> Draft | None:
    """The draft after a fact."""
    match recorded.fact, draft:
        case DraftBegun() as fact, None:
            return Draft(
                id=DraftId(recorded.stream),
                owners=fact.owners,
                kind=fact.kind,
                format=fact.format,
                edition=fact.edition,
                master=fact.master,
                provisions=fact.provisions,
                ids_given=len(fact.provisions),
                predecessor=fact.predecessor,
            )
        case DraftRewritten() as fact, Draft():
            return replace(
                draft,
                kind=fact.kind,
                format=fact.format,
                edition=fact.edition,
                master=fact.master,
                provisions=fact.provisions,
                ids_given=draft.ids_given + _added(draft, fact),
                predecessor=fact.predecessor,
            )
        case DraftClosed(end=end, proposal=proposal), Draft():
            return replace(draft, end=end, proposal=proposal)
        case _:
            return draft


def _added(draft: Draft, fact: DraftRewritten) -> int:
    known = {part.id for part in draft.provisions}
    return sum(part.id not in known for part in fact.provisions)


def begin(command: WriteDraft, owners: Iterable[DelegationCode]) -> Decision:
    """Begin a draft. It may be as unfinished as its authors like; what a text must be is asked when it is tabled."""
    provisions, _ = with_ids(part.fresh() for part in command.provisions)
    return Decision(
        (
            DraftBegun(
                kind=command.kind,
                format=command.format,
                edition=command.edition,
                master=command.master,
                provisions=provisions,
                owners=tuple(sorted(owners)),
                predecessor=command.predecessor,
            ),
        )
    )


def rewrite(draft: Draft, command: WriteDraft) -> Decision:
    """Write the whole text anew; what keeps its id is the same provision."""
    check_open(draft)
    _check_ids(command.provisions, draft.provisions)
    provisions, _ = with_ids(command.provisions, given=draft.ids_given)
    return Decision(
        (
            DraftRewritten(
                kind=command.kind,
                format=command.format,
                edition=command.edition,
                master=command.master,
                provisions=provisions,
                predecessor=command.predecessor,
            ),
        )
    )


def share(draft: Draft, command: ShareDraft) -> tuple[DraftBegun, DraftClosed]:
    """A new draft for the wider circle, from the words as they stand; and the end of this one. Nothing else crosses."""
    check_open(draft)
    if not draft.owners:
        raise DraftNotShareable
    wider = {*draft.owners, *command.with_}
    if wider == set(draft.owners):
        raise NobodyToShareWith(draft.owners)
    provisions, _ = with_ids(part.words() for part in draft.provisions)
    begun = DraftBegun(
        kind=draft.kind,
        format=draft.format,
        edition=draft.edition,
        master=draft.master,
        provisions=provisions,
        owners=tuple(sorted(wider)),
        predecessor=draft.predecessor,
    )
    return begun, DraftClosed(DraftEnd.SHARED, None)


def close(draft: Draft, end: DraftEnd, proposal: ProposalId | None = None) -> Decision:
    """Write on it no longer."""
    check_open(draft)
    return Decision((DraftClosed(end, proposal),))


def check_open(draft: Draft) -> None:
    """Refuse what a closed draft takes no longer."""
    if draft.end is not None:
        raise DraftHasClosed(draft.end)


def _check_ids(words: Sequence[Words], before: Sequence[Provision]) -> None:
    known = {part.id for part in before}
    for part in words:
        if part.id is not None:
            if part.id not in known:
                raise WordsUnknown(part.id)
            known.discard(part.id)
