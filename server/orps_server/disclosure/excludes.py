"""Files whose contents no model is shown, by patterns as in a `.gitignore`.

Decided by path where context is gathered, never by asking a model to be discreet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

DEFAULT_EXCLUDES = (
    "**/.env*",
    "**/*.pem",
    "**/*.key",
    "**/id_rsa*",
    "**/id_ed25519*",
    "**/*secret*",
    "**/*credential*",
    "**/.netrc",
    "**/.pypirc",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Excludes:
    spec: "GitIgnoreSpec"

    def allows(self, path: str) -> bool:
        """Of a POSIX path relative to the project's root."""
        return not self.spec.match_file(path)


def excludes(patterns: Iterable[str]) -> Excludes:
    # Imported late: the language server's start should not pay for it.
    from pathspec import GitIgnoreSpec  # noqa: PLC0415

    return Excludes(spec=GitIgnoreSpec.from_lines(patterns))
