"""What a text must be before it is on the table, as tabled or as revised."""

from collections.abc import Sequence

from domain.identity import Language
from domain.proposals.refusals import LanguageNotOfForum, TitleMissing, WordsMissing
from domain.text.provisions import Provision, ProvisionKind, Words


def check_text(provisions: Sequence[Words | Provision], master: Language, languages: tuple[Language, ...]) -> None:
    """Refuse a text without exactly one title, with a provision empty in the master, or in a foreign language (6)."""
    titles = sum(part.kind is ProvisionKind.TITLE for part in provisions)
    if titles != 1:
        raise TitleMissing(titles)
    for language in {master}.union(*(part.text for part in provisions)):
        if language not in languages:
            raise LanguageNotOfForum(language, languages)
    for place, part in enumerate(provisions, 1):
        if not part.text.get(master, "").strip():
            raise WordsMissing(place, master)


def complete_languages(provisions: Sequence[Provision]) -> int:
    """In how many languages every provision has words."""
    versions = [frozenset(language for language, words in part.text.items() if words.strip()) for part in provisions]
    return len(frozenset[Language].intersection(*versions)) if versions else 0
