"""What files that no model is shown would give away if a program printed it.

Tests may need such a file, so it is there when candidates run; and the end of what a
candidate prints is told to the model. So the values in it are taken out of whatever
leaves, wherever they stand.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice

from orps_server.disclosure.redaction import is_secret_name, literals
from orps_server.discovery.project_tree import ProjectTree

_MAX_FILES = 100
_MAX_CHARACTERS = 100_000
_MIN_CHARACTERS = 8

_SETTING = re.compile(
    r"""^\s*(?:export\s+)?["']?([A-Za-z_][\w.-]*)["']?\s*[=:]\s*(.+?)\s*,?\s*$""",
    re.MULTILINE,
)
_LONG = re.compile(r"[A-Za-z0-9+/=_.-]{24,}")


def withheld_values(
    files: ProjectTree, allowed: Callable[[str], bool]
) -> tuple[str, ...]:
    """Values in the project's files that `allowed` keeps from models."""
    hidden = (path for path in files.find(("*",)) if not allowed(path))
    found: dict[str, None] = {}
    for path in islice(hidden, _MAX_FILES):
        text = files.read(path)[:_MAX_CHARACTERS]
        # The expressions of a module may stand in any other.
        values = literals(text) if path.endswith(".py") else _values(text)
        found |= dict.fromkeys(values)
    return tuple(found)


def _values(text: str) -> Iterator[str]:
    for match in _SETTING.finditer(text):
        value = match[2].strip("\"'")
        if len(value) < _MIN_CHARACTERS:
            continue
        # Elsewhere `DEBUG=verbose-ish` is a word of the language.
        if is_secret_name(match[1]) or _is_mixed(value):
            yield value
    for match in _LONG.finditer(text):
        if _is_mixed(match[0]):
            yield match[0]


def _is_mixed(value: str) -> bool:
    """Letters and digits and no blank, as keys are and prose is not."""
    return (
        any(c.isdigit() for c in value)
        and any(c.isalpha() for c in value)
        and not any(c.isspace() for c in value)
    )
