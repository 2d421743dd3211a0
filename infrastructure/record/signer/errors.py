class FolderError(Exception):
    """The signer's folder cannot be used; the sentence says why, and what to do."""
