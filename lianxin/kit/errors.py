"""The errors a service may raise; each carries a sentence a tired person understands."""

from __future__ import annotations


class RefusedError(Exception):
    """The request makes no sense here. The message is shown to the person as it is."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class ForbiddenError(RefusedError):
    """The person may not do this."""


class StaleError(RefusedError):
    """Somebody, or a second tap, was faster: the page shown is older than the record."""
