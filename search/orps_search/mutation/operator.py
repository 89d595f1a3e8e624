"""The names of what an edit does to a program."""

import enum
from typing import Final


class Operator(enum.Enum):
    """One kind of change; the values are the words of labels and exports."""

    ARITHMETIC = "arithmetic"
    COMPARISON = "comparison"
    BOOLEAN = "boolean"
    CONDITION = "condition"
    """A condition is negated."""
    CONSTANT = "constant"
    OFF_BY_ONE = "off-by-one"
    SLICE = "slice"
    LOOP_BOUND = "loop-bound"
    ARGUMENT_SWAP = "argument-swap"
    ARGUMENT_DROP = "argument-drop"
    VARIABLE = "variable"
    """Another name that seems to hold the same kind of value."""
    CALL = "call"
    """Another function or method, or none."""
    STATEMENT_DELETE = "statement-delete"
    STATEMENT_DUPLICATE = "statement-duplicate"
    STATEMENT_MOVE = "statement-move"
    JUMP = "jump"
    """`break`, `continue` and `pass` for each other."""
    RETURN_VALUE = "return-value"
    EXCEPTION = "exception"
    DEFAULT = "default"
    BASE_CASE = "base-case"
    """A leading case is dropped, or one that tests ask for is added."""

    EXCHANGE = "exchange"
    """An expression that stands elsewhere in the function."""
    MISSING_TERM = "missing-term"
    MISSING_LINE = "missing-line"

    EXTRACT_VARIABLE = "extract-variable"
    LOOP_TO_COMPREHENSION = "loop-to-comprehension"
    COMPREHENSION_TO_LOOP = "comprehension-to-loop"
    DE_MORGAN = "de-morgan"
    EARLY_RETURN = "early-return"


REFACTORINGS: Final = frozenset(
    {
        Operator.EXTRACT_VARIABLE,
        Operator.LOOP_TO_COMPREHENSION,
        Operator.COMPREHENSION_TO_LOOP,
        Operator.DE_MORGAN,
        Operator.EARLY_RETURN,
    }
)
"""They keep behavior: the negative class of what mutants are labeled against."""

REPAIRS: Final = frozenset(
    {Operator.EXCHANGE, Operator.MISSING_TERM, Operator.MISSING_LINE}
)
"""They add what a person forgot; as faults to plant they are far-fetched."""

MUTATIONS: Final = frozenset(Operator) - REFACTORINGS - REPAIRS
"""The faults that people make: what tests and labels are measured with."""
