"""What the embedded server says when it cannot be had."""


class EmbeddedPostgresError(Exception):
    """The embedded server could not be started; the sentence says why, and what helps."""
