"""Why a witness cannot do its work."""


class WitnessError(Exception):
    """The witness's folder cannot be used; the sentence says why, and what to do."""


class Away(Exception):
    """The forum does not answer, or not now: worth another try."""


class Unknown(Exception):
    """The token is missing or not valid."""


class Refused(Exception):
    """The forum answered no."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
