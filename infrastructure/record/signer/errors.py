class FolderError(Exception):
    """The signer's folder cannot be used; the sentence says why, and what to do."""


class StateSpoiltError(FolderError):
    """The state is not as it was written. What is to be done says whose it is."""


class FolderTakenError(FolderError):
    """Another process holds the folder."""
