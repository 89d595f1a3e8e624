"""Comparison, membership and logic."""

from orps_search.offline.expression import Apply, Operation, Precedence
from orps_search.offline.operations.shapes import (
    ANYTHING,
    BOOL,
    ITERABLE,
    NUMBER,
    SET,
    TEXT,
    Kinds,
    call,
    infix,
)
from orps_search.offline.values import Value

_COMPARE = Precedence.COMPARE
_SCALAR: Kinds = frozenset({"int", "float", "str", "bool", "other"})
_ORDERED: Kinds = NUMBER
# Deep operands on both sides of a comparison are rarely what people write.
_COMPARE_CAPS = (99, 9)


def _inside(value: Value, container: Value) -> bool:
    return value in container


def _outside(value: Value, container: Value) -> bool:
    return value not in container


def _is_type(kind: type) -> Value:
    def check(value: Value) -> bool:
        return isinstance(value, kind)

    return check


def _compare(symbol: str, apply: Apply, *words: str) -> Operation:
    return infix(
        symbol,
        _COMPARE,
        _ORDERED,
        _ORDERED,
        apply,
        variable_first=True,
        caps=_COMPARE_CAPS,
        words=words,
    )


TRUTH_OPERATIONS: tuple[Operation, ...] = (
    _compare(
        ">", lambda a, b: a > b, "positive", "greater", "above", "exceed", "larger"
    ),
    _compare("<", lambda a, b: a < b, "negative", "below", "smaller", "less"),
    _compare(">=", lambda a, b: a >= b, "least"),
    _compare("<=", lambda a, b: a <= b, "most"),
    infix(
        "==",
        _COMPARE,
        ANYTHING,
        ANYTHING,
        lambda a, b: a == b,
        commutative=True,
        variable_first=True,
        caps=(9, 9),
        words=("equal", "same", "palindrome", "identical", "match"),
    ),
    infix(
        "!=",
        _COMPARE,
        ANYTHING,
        ANYTHING,
        lambda a, b: a != b,
        cost=3,
        commutative=True,
        variable_first=True,
        caps=(9, 9),
        words=("differ", "unequal"),
    ),
    infix(
        "in",
        _COMPARE,
        _SCALAR,
        ITERABLE - TEXT,
        _inside,
        caps=(5, 7),
        words=("contain", "common", "shared", "member", "both", "in"),
    ),
    infix(
        "in",
        _COMPARE,
        TEXT,
        TEXT,
        _inside,
        caps=(5, 7),
        words=("contain", "substring", "vowel", "occur"),
    ),
    infix(
        "not in",
        _COMPARE,
        _SCALAR,
        ITERABLE,
        _outside,
        cost=3,
        caps=(5, 7),
        words=("remove", "missing", "without", "except", "exclude", "not"),
    ),
    Operation(
        template="{0} is None",
        operands=(frozenset({"none", "other"}) | _SCALAR | ITERABLE,),
        apply=lambda value: value is None,
        cost=4,
        precedence=_COMPARE,
        needs=(Precedence.BIT_OR,),
        caps=(2,),
        words=("none", "missing", "optional"),
    ),
    Operation(
        template="not {0}",
        operands=(BOOL | ITERABLE,),
        apply=lambda a: not a,
        cost=2,
        precedence=Precedence.NOT,
        needs=(Precedence.NOT,),
        words=("not", "empty"),
    ),
    infix(
        "and",
        Precedence.AND,
        BOOL,
        BOOL,
        lambda a, b: a and b,
        commutative=True,
        words=("both", "and", "all"),
    ),
    infix(
        "or",
        Precedence.OR,
        BOOL,
        BOOL,
        lambda a, b: a or b,
        commutative=True,
        words=("either", "or", "any"),
    ),
    infix("<=", _COMPARE, SET, SET, lambda a, b: a <= b, cost=4, words=("subset",)),
    call(
        "isinstance",
        frozenset({"other"}),
        apply=_is_type(str),
        after=", str",
        cost=5,
        words=("type", "string"),
    ),
    call(
        "isinstance",
        frozenset({"other"}),
        apply=_is_type(int),
        after=", int",
        cost=5,
        words=("type", "int", "number"),
    ),
    call(
        "isinstance",
        frozenset({"other"}),
        apply=_is_type(list),
        after=", list",
        cost=5,
        words=("type", "list", "nested", "flat"),
    ),
)
