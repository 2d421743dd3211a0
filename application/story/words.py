# ruff: noqa: RUF001  four languages, each with its own punctuation
"""How the texts of the demonstration are written down, revision by revision, in four languages."""

from collections.abc import Iterable, Mapping
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


class Text(Struct, frozen=True):
    """A proposal's text: its kind, and its revisions from the tabling on."""

    kind: str
    revisions: tuple[Version, ...]


def say(*, en: str, ja: str, zh: str, ko: str) -> dict[Language, str]:
    """The same in four languages."""
    return {EN: en, JA: ja, ZH: zh, KO: ko}


def title_of(*, en: str, ja: str, zh: str, ko: str) -> dict[Language, str]:
    """The words of a title, which say that the text is an illustration."""
    words = say(en=en, ja=ja, zh=zh, ko=ko)
    return {language: words[language] + mark for language, mark in ILLUSTRATIVE.items()}


def title(*, en: str, ja: str, zh: str, ko: str) -> Words:
    """The title."""
    return Words(ProvisionKind.TITLE, title_of(en=en, ja=ja, zh=zh, ko=ko))


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
    return Version(tuple(Words(part.kind, part.text, _id(place)) for place, part in enumerate(parts, 1)))


def revised(base: Version, change: Change, **reworded: Mapping[Language, str]) -> Version:
    """The next revision: these provisions reworded, in the languages that are given."""
    provisions = tuple(Words(part.kind, {**part.text, **reworded.get(str(part.id), {})}, part.id) for part in base.provisions)
    return Version(provisions, {ProvisionId(name): change for name in reworded})


def enlarged(base: Version, added: Words) -> Version:
    """The next revision: a provision more, before the last. No provision was taken out before."""
    *before, last = base.provisions
    new = Words(added.kind, added.text, _id(len(base.provisions) + 1))
    return Version((*before, new, last), {_id(len(base.provisions) + 1): Change.SUBSTANTIVE})


def part_of(whole: Version, named: Iterable[ProvisionId]) -> Version:
    """What a part begins with: the title, and the provisions named for it."""
    kept = set(named)
    return tabled(*(part for part in whole.provisions if part.kind is ProvisionKind.TITLE or part.id in kept))


def _id(place: int) -> ProvisionId:
    return ProvisionId(f"p{place}")
