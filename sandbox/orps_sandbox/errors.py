"""What goes wrong around an execution, never because of the candidate.

SandboxError
├── SandboxUnavailable      this host cannot run what was asked; says what to do
│   ├── InterpreterUnusable the project's Python does not start or is too old
│   │   └── StartTimeout    it did not get ready in time
│   ├── PytestMissing       that Python has no pytest
│   ├── TierUnavailable     runs cannot be confined as strongly as was asked
│   └── UnconfinedRefused   nothing isolates runs here, and nobody has allowed that
└── WorkerLost              the worker broke twice in a row on its own account
"""


class SandboxError(Exception):
    """A fault of the host or of the sandbox; the message names the remedy."""


class SandboxUnavailable(SandboxError):
    """Raised when nothing can be executed here."""


class InterpreterUnusable(SandboxUnavailable):
    """Raised when the project's interpreter does not start or is too old."""


class StartTimeout(InterpreterUnusable):
    """Raised when the project's interpreter starts, and does not answer for too long."""


class PytestMissing(SandboxUnavailable):
    """Raised when the project's interpreter has no pytest."""


class TierUnavailable(SandboxUnavailable):
    """Raised when a self-check has shown that a tier does not hold here."""


class UnconfinedRefused(SandboxUnavailable):
    """Raised instead of running with limits only."""


class WorkerLost(SandboxError):
    """Raised when the worker dies without running a candidate."""
