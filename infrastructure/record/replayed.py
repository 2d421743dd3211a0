"""What envelopes come to, as a bundle states it: read as the record's own are, and folded as everybody's."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime

import msgspec

from application.stated import Replaying
from domain.erasures.authority import Authority, authorities
from domain.erasures.events import ErasureCarriedOut
from domain.forum.events import BookOpened, DelegationAdmitted
from domain.identity import DelegationCode
from domain.kernel import Fact, Recorded
from domain.record.envelope import opened
from domain.record.malformed import UNREADABLE
from domain.record.openings import Authorised
from domain.record.verifying import NotReplayed
from infrastructure.eventlog.mapper import READER, UnknownFactError
from infrastructure.eventlog.upcast import UnknownShapeError


class Replayed(Replaying):
    """A replay that takes envelopes."""

    def take_envelope(self, envelope: bytes) -> None:
        """The next. Raises UnknownFactError, UnknownShapeError, msgspec.ValidationError."""
        around = opened(envelope)
        self.take(READER.recorded(around.type, self.next_version(around.stream), envelope))


def replayed(envelopes: Iterable[bytes]) -> bytes:
    """The state, as `state.json` has it. Raises NotReplayed."""
    replaying = Replayed()
    for envelope in envelopes:
        try:
            replaying.take_envelope(envelope)
        except (UnknownFactError, UnknownShapeError) as error:
            raise NotReplayed(f"a later version of this program recorded it: {error}") from None
        except msgspec.ValidationError as error:
            raise NotReplayed(f"a fact has a shape that this program does not know: {error}") from None
    return replaying.stated()


def authorised(telling: Iterable[bytes]) -> Mapping[int, Authorised]:
    """What was erased in a book, by its facts that tell of it and of erasures."""
    facts = [recorded for envelope in telling for recorded in _read(envelope)]

    def members(then: datetime) -> frozenset[DelegationCode]:
        return _members(recorded.fact for recorded in facts if recorded.at <= then)

    return {index: Authorised(found.erasure, _lacking(found)) for index, found in authorities(facts, members).items()}


def _read(envelope: bytes) -> Iterator[Recorded[Fact]]:
    """The fact in it, if this program knows it; the replay says so where it does not."""
    with suppress(UnknownFactError, UnknownShapeError, *UNREADABLE):
        yield READER.recorded(opened(envelope).type, 1, envelope)


def _members(facts: Iterable[Fact]) -> frozenset[DelegationCode]:
    """Who has to agree, as far as the book tells: it names its members, or admits them; else those whose agreement it claims."""
    named: set[DelegationCode] = set()
    claimed: set[DelegationCode] = set()
    for fact in facts:
        match fact:
            case BookOpened(audience=audience):
                named.update(audience.members)
            case DelegationAdmitted(code=code):
                named.add(code)
            case ErasureCarriedOut(approvals=approvals):
                claimed.update(approvals)
            case _:
                pass
    return frozenset(named or claimed)


def _lacking(found: Authority) -> str | None:
    return None if found.lacking is None else " ".join((found.lacking.value, *found.missing))
