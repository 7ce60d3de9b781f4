"""Whose fault a failure is."""


class BaseToolkitError(Exception):
    """A failure with a message and what caused it."""

    def __init__(self, message=None, caused_by=None):
        super().__init__(message or "")
        self.message = message
        self.caused_by = caused_by


class AlgorithmError(BaseToolkitError):
    """The algorithm's."""


class UserError(BaseToolkitError):
    """The data's or the settings'."""


class PlatformError(BaseToolkitError):
    """The platform's."""
