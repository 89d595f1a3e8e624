"""The leaves of a problem: its variables, and the constants worth trying.

Constants never come from the inputs of the tests, except for separators that occur
in them: a program that compares with a test's own input is a table, not a solution.
"""

import ast
import math
import re
from collections.abc import Iterator
from typing import Final

from orps_search.offline.expression import Expression, constant, variable
from orps_search.offline.goal import Goal
from orps_search.offline.reading.subject import Subject
from orps_search.offline.values import Value

_COMMON: Final[tuple[tuple[Value, int], ...]] = (
    (1, 1),
    (0, 1),
    (2, 2),
    ("", 2),
    (" ", 2),
    (-1, 3),
    (3, 5),
    (10, 4),
    (100, 5),
)
_SEPARATORS: Final = ",-_.:/;|\n\t=@"
# Character classes that English names by one word.
_LEXICON: Final = {
    "vowel": "aeiou",
    "consonant": "aeiou",
    "digit": "0123456789",
}
_CIRCULAR: Final = ("circ", "radi", "sphere", "cylinder", "cone", "angle", "sector")
_MAX_TEXT: Final = 24


def leaves_of(
    goal: Goal, subject: Subject, prose: str, words: frozenset[str]
) -> list[Expression]:
    """Return all leaves, variables first."""
    n_points = goal.n_points
    leaves = [variable(name, values) for name, values in goal.variables()]
    leaves += [
        Expression(
            operation=None,
            name=name,
            cost=2,
            values=(value,) * n_points,
            kind=constant(value, 1, cost=1).kind,
            is_constant=True,
        )
        for name, value in _named_constants(subject, words)
    ]
    costs: dict[str, tuple[Value, int]] = {}
    for value, cost in _constants(goal, prose, words):
        known = costs.get(repr(value))
        if known is None or cost < known[1]:
            costs[repr(value)] = (value, cost)
    leaves += [constant(value, n_points, cost=cost) for value, cost in costs.values()]
    return leaves


def _named_constants(
    subject: Subject, words: frozenset[str]
) -> Iterator[tuple[str, Value]]:
    """Yield the module's own constants, and pi where there is something round."""
    for statement in subject.module:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=node):
                try:
                    yield name, ast.literal_eval(node)
                except ValueError:
                    continue
            case _:
                pass
    if any(word.startswith(_CIRCULAR) for word in words):
        yield "math.pi", math.pi


def _constants(
    goal: Goal, prose: str, words: frozenset[str]
) -> Iterator[tuple[Value, int]]:
    yield from _COMMON
    for number in re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]|\.\d)", prose)[:6]:
        yield (float(number) if "." in number else int(number)), 2
    for _, text in re.findall(r"(['\"`])([^'\"`\n]{1,24})\1", prose)[:6]:
        yield text, 3
    for word, text in _LEXICON.items():
        if any(each.startswith(word) for each in words):
            yield text, 2
            yield text + text.upper(), 2
    yield from _separators(goal)
    yield from _results(goal)


def _separators(goal: Goal) -> Iterator[tuple[Value, int]]:
    texts = [
        value
        for example in goal.examples
        for value in (*example.variables.values(), *goal.expected)
        if isinstance(value, str)
    ]
    for character in _SEPARATORS:
        if any(character in text for text in texts):
            yield character, 3
    if any(", " in text for text in texts):
        yield ", ", 3


def _results(goal: Goal) -> Iterator[tuple[Value, int]]:
    """Yield what tests expect, for the branches of a decision.

    What only one example expects is no constant but an entry of a table, unless it is
    one of the values that mean nothing or little.
    """
    if not goal.variable_names:
        yield from ((value, 6) for value in goal.expected)
    if len(goal.expected) < 2:  # noqa: PLR2004
        return
    for value, count in goal.expected_counts():
        if value is None or isinstance(value, bool) or value in ([], {}, (), 0.0):
            yield value, 4
        elif count > 1 and _is_word(value):
            yield value, 3
    yield from _common_part(goal)


def _is_word(value: Value) -> bool:
    return isinstance(value, (int, float, str)) and len(str(value)) <= _MAX_TEXT


def _common_part(goal: Goal) -> Iterator[tuple[Value, int]]:
    """Yield the words that all expected texts begin or end with."""
    texts = [value for value in goal.expected if isinstance(value, str)]
    if len(texts) < len(goal.expected):
        return
    shortest = min(texts, key=len)
    for length in range(len(shortest), 0, -1):
        if all(text.startswith(shortest[:length]) for text in texts):
            yield shortest[:length], 3
            break
    for start in range(len(shortest)):
        if all(text.endswith(shortest[start:]) for text in texts):
            yield shortest[start:], 3
            break
