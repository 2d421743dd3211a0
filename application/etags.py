"""Entity tags: which state of a thing somebody has before them. They count only what its readers see."""

from domain.identity import Language
from domain.proposals.proposal import Proposal, Revision


def etag(version: int) -> str:
    """Of a thing that is one stream."""
    return f'"{version}"'


def proposal_etag(version: int, settled: Proposal) -> str:
    """Of a proposal: its stream's version and its settled status, since time alone may change that."""
    return f'"{version}-{settled.status}"'


def comparison_etag(before: Revision, after: Revision, language: Language) -> str:
    """Of two revisions side by side, which never change: known before they are compared."""
    return f'"{before.fingerprint}-{after.fingerprint}-{language}"'
