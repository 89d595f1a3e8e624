"""What is told to the person who asked: one message, one remedy.

ServerError
└── RequestFault   the request or its surroundings are at fault
"""

from typing import Literal

FaultKind = Literal[
    "noStub",
    "noTests",
    "testsDoNotCollect",
    "alreadyPasses",
    "syntaxError",
    "untrusted",
    "consentDenied",
    "excluded",
    "noApiKey",
    "auth",
    "rateLimited",
    "contextTooLong",
    "badEndpoint",
    "tls",
    "modelRefused",
    "budget",
    "badRequest",
    "sandboxUnavailable",
    "sandboxTimeout",
    "noCandidate",
    "stale",
    "internal",
]


class ServerError(Exception):
    """Base of what this layer raises."""


class RequestFault(ServerError):
    """Raised when what was asked cannot be done; the message stands alone.

    `hint` says what to do about it, in one sentence.
    """

    def __init__(self, message: str, *, kind: FaultKind, hint: str = "") -> None:
        super().__init__(message)
        self.kind: FaultKind = kind
        self.hint = hint
