"""What ends a search for reasons outside it.

SearchError
├── ExtraMissing         something was asked for that an extra installs
└── ModelError           one message that names the remedy
    ├── ModelUnavailable no answer: refused connection, time-out, server error
    ├── ModelRejected    the endpoint refuses this key, model or request
    └── ModelRefused     the model declines to answer
"""


class SearchError(Exception):
    """Base of what the search raises."""


class ExtraMissing(SearchError):
    """Raised when something is asked for that only an extra of the package brings."""

    def __init__(self, extra: str, *, needed_by: str) -> None:
        self.remedy = f"pip install 'orps-lsp[{extra}]'"
        super().__init__(
            f"{needed_by[0].upper()}{needed_by[1:]} needs packages that are not "
            f"installed; to install them: {self.remedy}"
        )


class ModelError(SearchError):
    """The endpoint or the model is at fault; never a bad candidate.

    `kind` is one of protocol's error kinds: `noApiKey`, `auth`, `rateLimited`,
    `contextTooLong`, `badEndpoint`, `tls`, `modelRefused`, `budget`.
    """

    def __init__(self, message: str, *, kind: str) -> None:
        super().__init__(message)
        self.kind = kind


class ModelUnavailable(ModelError):
    """Raised when no answer could be had within the retries."""


class ModelRejected(ModelError):
    """Raised when the endpoint refuses the key, the model or the request."""


class ModelRefused(ModelError):
    """Raised when the model declines to answer."""
