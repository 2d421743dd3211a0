"""The texts of the demonstration by the code of their proposal, the parts of a split one under the numbers that they get.

All of them are illustrative, and every title says so: no forum, government or delegate ever put them forward. They follow the
parts of such texts in practice: preamble, definitions, scope and rules, communication, review, and a last provision on status.
"""

from collections.abc import Mapping
from typing import Final

from application.story.editions import texts_2020, texts_2021, texts_2022, texts_2023, texts_2024, texts_2025, texts_2026
from application.story.words import Text, Version

TEXTS: Final[Mapping[str, Text]] = {
    **texts_2020.TEXTS,
    **texts_2021.TEXTS,
    **texts_2022.TEXTS,
    **texts_2023.TEXTS,
    **texts_2024.TEXTS,
    **texts_2025.TEXTS,
    **texts_2026.TEXTS,
}

REVISIONS: Final[Mapping[str, tuple[Version, ...]]] = {code: text.revisions for code, text in TEXTS.items()}
