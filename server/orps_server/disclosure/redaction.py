"""Takes what looks like a key, or is one, out of a text.

Two sources: shapes that issuers give their keys, and the values of this process's own
environment variables and settings that are named like secrets. Both are deterministic
and both are counted, so that people can be told.
"""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

PLACEHOLDER = "[redacted]"
_MIN_SECRET = 8
"""Shorter values, such as `test` or `true`, stand everywhere."""

_SECRET_NAME = re.compile(
    r"(?i)(?:api|access|private|signing|account)[_-]?key|_key$|^key$|token|secret"
    r"|passw(?:or)?d|passphrase|credential"
)

_SHAPES = tuple(
    re.compile(pattern)
    for pattern in (
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
        r"\bsk-[A-Za-z0-9_-]{16,}",
        r"\b(?:gh[pousr]|github_pat)_[A-Za-z0-9_]{20,}",
        r"\bglpat-[A-Za-z0-9_-]{16,}",
        r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
        r"\bAIza[0-9A-Za-z_-]{30,}",
        r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}",
        r"\b(?:hf|npm|pypi|dop_v1|rk_live|sk_live|pk_live|sk_test)[_-][A-Za-z0-9_-]{16,}",
        r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}",
        r"(?<=://)[^\s/:@'\"]+:[^\s/@'\"]+(?=@)",
    )
)

_ASSIGNED = re.compile(
    r"(?i)\b(?P<name>[A-Za-z_][\w-]*)(?P<between>[\"']?\]?(?:\s*:\s*\w+)?\s*(?:=|:)\s*)"
    r"(?P<quote>[\"'])(?P<value>[^\"'\s]{8,})(?P=quote)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    text: str
    count: int
    """How many places were taken out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redactor:
    secrets: tuple[str, ...] = ()
    """Values to take out wherever they stand, the longest first."""

    def redact(self, text: str) -> Redacted:
        count = 0
        for secret in self.secrets:
            count += text.count(secret)
            text = text.replace(secret, PLACEHOLDER)
        for shape in _SHAPES:
            text, n = shape.subn(PLACEHOLDER, text)
            count += n
        text, n = _without_assigned(text)
        return Redacted(text=text, count=count + n)

    def __call__(self, text: str) -> str:
        return self.redact(text).text


def redactor(environment: Mapping[str, str], values: Iterable[str] = ()) -> Redactor:
    """One that knows the secrets of an environment, and further `values`.

    Those of this process, too: a key that was given for a session hides one of the same
    name, which stays a secret.
    """
    known = (*environment.items(), *os.environ.items())
    named = (value for name, value in known if is_secret_name(name))
    secrets = {value for value in (*named, *values) if len(value) >= _MIN_SECRET}
    return Redactor(secrets=tuple(sorted(secrets, key=len, reverse=True)))


def literals(text: str) -> tuple[str, ...]:
    """The values that `redact` takes out for the name before them.

    They may stand elsewhere without it: a failing test prints what it compared.
    """
    return tuple(
        match["value"]
        for match in _ASSIGNED.finditer(text)
        if _is_telling(match["name"], match["value"])
    )


def is_secret_name(name: str) -> bool:
    """Whether a variable or header of this name holds a secret."""
    return bool(_SECRET_NAME.search(name)) or name.lower() in _SECRET_HEADERS


_SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})


def _without_assigned(text: str) -> tuple[str, int]:
    """`password = "..."` and its like: the literal behind a telling name."""
    count = 0

    def replaced(match: re.Match[str]) -> str:
        nonlocal count
        if not _is_telling(match["name"], match["value"]):
            return match[0]
        count += 1
        quote = match["quote"]
        return f"{match['name']}{match['between']}{quote}{PLACEHOLDER}{quote}"

    return _ASSIGNED.sub(replaced, text), count


def _is_telling(name: str, value: str) -> bool:
    if value == PLACEHOLDER or not _SECRET_NAME.search(name):
        return False
    # A tokenizer's `token="NEWLINE_MARK"` is a word; a key mixes letters and digits.
    mixed = any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
    return mixed or bool(re.search(r"(?i)passw|passphrase|secret", name))
