"""How what the server said stands on a terminal."""

from datetime import datetime
from unicodedata import category


def harmless(text: str) -> str:
    """What somebody wrote, without the signs by which it could command a terminal, and so that none of its lines stands as one of ours."""
    shown = "".join("\ufffd" if category(sign) == "Cc" and sign not in "\n\t" else sign for sign in text)
    return shown.replace("\n", "\n    ")


def instant(at: datetime) -> str:
    """To the second, in UTC."""
    return f"{at:%Y-%m-%d %H:%M:%S}Z"
