class FolderError(Exception):
    """The signer's folder cannot be used; the sentence says why, and what to do."""


class FolderTakenError(FolderError):
    """Another process holds the folder."""
