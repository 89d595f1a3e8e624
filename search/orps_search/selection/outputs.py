"""When two observed outputs count as the same.

Two right programs may add in another order, or complain in other words about an input
that means nothing; a wrong one differs in more than that. So observations are compared
in a normal form: numbers to nine digits, exceptions by their type, and what cannot be
seen alike everywhere.
"""

import re
from typing import assert_never

from orps_sandbox.observation import Observation, ObservationKind

_TOKENS = re.compile(
    r"'(?:[^'\\]|\\.)*'"
    r'|"(?:[^"\\]|\\.)*"'
    r"|(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.])",
    re.ASCII,
)
"""Texts, which stay as they are, and numbers."""
_FORMAT = ".9g"


def normal_output(observation: Observation) -> str:
    """Equal for outputs between which nobody should see a difference."""
    match observation.kind:
        case ObservationKind.VALUE:
            return _TOKENS.sub(_rounded, observation.text)
        case ObservationKind.RAISED:
            return "!" + observation.text.partition(":")[0]
        case ObservationKind.OPAQUE:
            return "?"
        case (
            ObservationKind.TIMEOUT
            | ObservationKind.CRASH
            | ObservationKind.MEMORY
            | ObservationKind.INVALID
        ):
            return "!" + observation.kind.value
        case _:
            assert_never(observation.kind)


def _rounded(token: re.Match[str]) -> str:
    text = token.group()
    if text[0] in "'\"" or not set(text) & set(".e"):
        return text
    return format(float(text), _FORMAT)
