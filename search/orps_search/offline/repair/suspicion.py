"""What the failing tests say about the kind of mistake."""

import re
from typing import Final

from orps_sandbox.outcome import CaseStatus, ExecutionOutcome
from orps_search.mutation.edits import Edit

_NEAR: Final = 1
_COMPARED: Final = re.compile(
    r"(?:assert|AssertionError:?)\s+(-?\d+(?:\.\d+)?)\s*(?:==|!=)\s*(-?\d+(?:\.\d+)?)"
)

# Words of a failure, and the edits that it makes likelier.
_CLUES: Final = (
    ("IndexError", (" - 1", " + 1", "range(", "<", "-1", "< len(", ">= 0 and")),
    ("ZeroDivisionError", ("a missing case",)),
    (
        "RecursionError",
        ("a missing case", " - 1", " + 1", "<=", "a missing line", " in "),
    ),
    ("AttributeError: 'NoneType'", ("out of the loop", "a missing case")),
    ("KeyError", (" in ", ".get", "a missing case")),
    ("empty", ("default=", "a missing case", "not ")),
    ("DID NOT RAISE", ("a missing case", "raise", "<", ">")),
    ("not raised", ("a missing case", "raise", "<", ">")),
    ("UnboundLocalError", ("the order of",)),
    ("NameError", ("the order of",)),
)


def suspicion(edit: Edit, clues: tuple[str, ...]) -> int:
    """Return the edit's weight, lowered where a clue points at it."""
    text = f"{edit.what} {edit.replacement}"
    return edit.weight - 2 if any(clue in text for clue in clues) else edit.weight


def clues_of(outcome: ExecutionOutcome | None) -> tuple[str, ...]:
    """Return the words to look for in edits."""
    if outcome is None:
        return ()
    clues: list[str] = []
    for case in outcome.cases:
        if case.status is CaseStatus.TIMEOUT:
            clues += [" + 1", " - 1", "<", ">", "a missing line", "a missing case"]
        for words, hints in _CLUES:
            if words in case.message:
                clues += hints
        for actual, expected in _COMPARED.findall(case.message):
            clues += _numeric_clues(float(actual), float(expected))
    return tuple(dict.fromkeys(clues))


def _numeric_clues(actual: float, expected: float) -> tuple[str, ...]:
    if abs(actual - expected) == _NEAR:
        return (" + 1", " - 1", "<=", ">=", "range(")
    if actual == -expected:
        return ("-(", "to `-`", "to `+`", "abs(", "the order of")
    return ()
