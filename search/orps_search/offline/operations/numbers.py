"""Arithmetic and what `math` and `statistics` add to it."""

import math
import statistics

from orps_search.offline.expression import Operation, Precedence
from orps_search.offline.operations.shapes import (
    INT,
    ITEMS,
    NUMBER,
    TEXT,
    call,
    infix,
)
from orps_search.offline.values import MAX_INT_BITS, Value, bounded

_MAX_EXPONENT = 64
_MAX_FACTORIAL = 50


def _power(base: Value, exponent: Value) -> Value:
    if abs(exponent) > _MAX_EXPONENT or abs(base) > 1 << 32:
        raise OverflowError
    if base < 0 and exponent != int(exponent):
        raise ArithmeticError  # It would be a complex number.
    return bounded(base**exponent)


def _factorial(number: Value) -> Value:
    if number > _MAX_FACTORIAL:
        raise OverflowError
    return math.factorial(number)


def _choose(total: Value, chosen: Value) -> Value:
    if total > _MAX_FACTORIAL:
        raise OverflowError
    return math.comb(total, chosen)


def _are_numbers(items: Value) -> bool:
    """A list times a large number would fill the memory."""
    return all(isinstance(item, (int, float)) for item in items)


def _product(numbers: Value) -> Value:
    if len(numbers) > MAX_INT_BITS or not _are_numbers(numbers):
        raise OverflowError
    return bounded(math.prod(numbers))


def _shift(number: Value, places: Value) -> Value:
    if places > MAX_INT_BITS:
        raise OverflowError
    return bounded(number << places)


def _of_numbers(function: Value) -> Value:
    """Keep `statistics` from its slow exact arithmetic on odd inputs."""

    def checked(numbers: Value) -> Value:
        if not numbers or not _are_numbers(numbers):
            raise ValueError(numbers)
        return function(numbers)

    return checked


NUMBER_OPERATIONS: tuple[Operation, ...] = (
    infix(
        "+",
        Precedence.ADD,
        NUMBER,
        NUMBER,
        lambda a, b: bounded(a + b),
        commutative=True,
        words=("sum", "add", "plus", "total", "increment"),
    ),
    infix(
        "-",
        Precedence.ADD,
        NUMBER,
        NUMBER,
        lambda a, b: a - b,
        words=("difference", "subtract", "minus", "less", "decrement", "remain"),
    ),
    infix(
        "*",
        Precedence.MULTIPLY,
        NUMBER,
        NUMBER,
        lambda a, b: bounded(a * b),
        commutative=True,
        words=("product", "multipl", "times", "area", "square", "volume", "cube"),
    ),
    infix(
        "/",
        Precedence.MULTIPLY,
        NUMBER,
        NUMBER,
        lambda a, b: a / b,
        words=("average", "mean", "ratio", "divide", "half", "percent"),
    ),
    infix(
        "//",
        Precedence.MULTIPLY,
        NUMBER,
        NUMBER,
        lambda a, b: a // b,
        cost=3,
        words=("quotient", "divid", "floor", "half", "integer"),
    ),
    infix(
        "%",
        Precedence.MULTIPLY,
        NUMBER,
        NUMBER,
        lambda a, b: a % b,
        cost=3,
        words=("remainder", "modul", "even", "odd", "divisible", "multiple", "digit"),
    ),
    Operation(
        template="{0} ** {1}",
        operands=(NUMBER, NUMBER),
        apply=_power,
        cost=3,
        precedence=Precedence.POWER,
        needs=(Precedence.ATOM, Precedence.UNARY),
        caps=(99, 4),
        words=("power", "exponent", "square", "cube", "root", "raise"),
    ),
    Operation(
        template="-{0}",
        operands=(NUMBER,),
        apply=lambda a: -a,
        cost=3,
        precedence=Precedence.UNARY,
        needs=(Precedence.POWER,),
        words=("negat", "opposite"),
    ),
    call("abs", NUMBER, apply=abs, words=("absolute", "distance", "magnitude")),
    call("min", NUMBER, NUMBER, apply=min, words=("min", "small", "clamp", "most")),
    call("max", NUMBER, NUMBER, apply=max, words=("max", "larg", "clamp", "least")),
    call("round", NUMBER, apply=round, cost=3, words=("round", "nearest")),
    call(
        "round", NUMBER, INT, apply=round, cost=3, caps=(99, 3), words=("round", "deci")
    ),
    call("int", NUMBER, apply=int, cost=3, words=("int", "truncate", "whole")),
    call("float", NUMBER, apply=float, cost=4),
    call("int", TEXT, apply=int, cost=3, words=("int", "number", "parse", "digit")),
    call("float", TEXT, apply=float, cost=4, words=("float", "parse", "number")),
    call(
        "int",
        TEXT,
        apply=lambda text: int(text, 2),
        after=", 2",
        cost=4,
        words=("binary", "bits"),
    ),
    call(
        "math.sqrt",
        NUMBER,
        apply=math.sqrt,
        cost=4,
        words=("sqrt", "root", "hypot", "distance", "perfect"),
    ),
    call(
        "math.isqrt",
        INT,
        apply=math.isqrt,
        cost=5,
        words=("sqrt", "root", "perfect"),
    ),
    call(
        "math.floor",
        NUMBER,
        apply=math.floor,
        cost=5,
        words=("floor",),
    ),
    call(
        "math.ceil",
        NUMBER,
        apply=math.ceil,
        cost=4,
        words=("ceil", "round"),
    ),
    call(
        "math.gcd",
        INT,
        INT,
        apply=math.gcd,
        cost=4,
        words=("gcd", "divisor", "common"),
    ),
    call(
        "math.lcm",
        INT,
        INT,
        apply=lambda a, b: bounded(math.lcm(a, b)),
        cost=5,
        words=("lcm", "multiple", "common"),
    ),
    call(
        "math.factorial",
        INT,
        apply=_factorial,
        cost=4,
        words=("factorial", "permutation"),
    ),
    call(
        "math.comb",
        INT,
        INT,
        apply=_choose,
        cost=5,
        words=("comb", "choose", "binomial"),
    ),
    call(
        "math.radians",
        NUMBER,
        apply=math.radians,
        cost=6,
        words=("radian", "angle", "degree"),
    ),
    call(
        "math.degrees",
        NUMBER,
        apply=math.degrees,
        cost=6,
        words=("angle", "degree"),
    ),
    call(
        "math.prod",
        ITEMS,
        apply=_product,
        cost=4,
        words=("product", "multipl"),
        consumes=True,
    ),
    call(
        "statistics.mean",
        ITEMS,
        apply=_of_numbers(statistics.mean),
        cost=4,
        words=("mean", "average"),
    ),
    call(
        "statistics.median",
        ITEMS,
        apply=_of_numbers(statistics.median),
        cost=4,
        words=("median",),
    ),
    infix(
        "&",
        Precedence.BIT_AND,
        INT,
        INT,
        lambda a, b: a & b,
        cost=6,
        commutative=True,
        words=("bit", "mask"),
    ),
    infix(
        "|",
        Precedence.BIT_OR,
        INT,
        INT,
        lambda a, b: a | b,
        cost=6,
        commutative=True,
        words=("bit", "mask"),
    ),
    infix(
        "^",
        Precedence.BIT_XOR,
        INT,
        INT,
        lambda a, b: a ^ b,
        cost=6,
        commutative=True,
        words=("bit", "xor", "opposite"),
    ),
    infix(
        "<<",
        Precedence.SHIFT,
        INT,
        INT,
        _shift,
        cost=6,
        words=("bit", "shift"),
        caps=(6, 3),
    ),
    infix(
        ">>",
        Precedence.SHIFT,
        INT,
        INT,
        lambda a, b: a >> b,
        cost=6,
        words=("bit", "shift"),
        caps=(6, 3),
    ),
)
