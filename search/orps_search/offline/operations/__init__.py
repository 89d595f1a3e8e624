"""The whitelist of what a synthesized expression may do, cheapest first.

Costs order the search: a lower sum is served earlier. `words` lower the cost of an
operation by one where the target's name or docstring suggests it.
"""

from dataclasses import replace

from orps_search.offline.expression import Operation
from orps_search.offline.operations.aggregates import AGGREGATE_OPERATIONS
from orps_search.offline.operations.mappings import MAPPING_OPERATIONS
from orps_search.offline.operations.numbers import NUMBER_OPERATIONS
from orps_search.offline.operations.sequences import SEQUENCE_OPERATIONS
from orps_search.offline.operations.texts import TEXT_OPERATIONS
from orps_search.offline.operations.truth import TRUTH_OPERATIONS

__all__ = ["OPERATIONS", "operations_for"]

OPERATIONS = (
    *NUMBER_OPERATIONS,
    *TRUTH_OPERATIONS,
    *TEXT_OPERATIONS,
    *AGGREGATE_OPERATIONS,
    *SEQUENCE_OPERATIONS,
    *MAPPING_OPERATIONS,
)


def operations_for(words: frozenset[str]) -> tuple[Operation, ...]:
    """Return all operations, those that the words suggest at a lower cost."""
    return tuple(_suggested(operation, words) for operation in OPERATIONS)


def _suggested(operation: Operation, words: frozenset[str]) -> Operation:
    if not any(suggests(word, operation.words) for word in words):
        return operation
    return replace(operation, cost=max(1, operation.cost - 2))


def suggests(word: str, beginnings: tuple[str, ...]) -> bool:
    """Return whether a word begins like one of these; short ones must be equal."""
    return any(
        word == beginning if len(beginning) < _SHORT else word.startswith(beginning)
        for beginning in beginnings
    )


_SHORT = 4
