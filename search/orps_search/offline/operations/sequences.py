"""What has an order: positions, slices, and lists made of lists."""

import itertools

from orps_search.offline.expression import Operation, Precedence
from orps_search.offline.operations.shapes import (
    ANYTHING,
    INT,
    ITEMS,
    KEY,
    LIST,
    PLAIN,
    SEQUENCE,
    TEXT,
    TUPLE,
    call,
    infix,
    method,
    suffix,
)
from orps_search.offline.values import MAX_LENGTH, Value, bounded


def _span(start: Value, stop: Value) -> Value:
    if stop - start > MAX_LENGTH:
        raise OverflowError
    return list(range(start, stop))


def _times(items: Value, count: Value) -> Value:
    if len(items) * count > MAX_LENGTH:
        raise OverflowError
    return items * count


def _flat(nested: Value) -> Value:
    if any(isinstance(each, str) for each in nested):
        raise TypeError(nested)
    return bounded([item for each in nested for item in each])


def _running_sum(items: Value) -> Value:
    return bounded(list(itertools.accumulate(items, lambda a, b: bounded(a + b))))


def _running_max(items: Value) -> Value:
    return list(itertools.accumulate(items, max))


SEQUENCE_OPERATIONS: tuple[Operation, ...] = (
    suffix(
        "{0}[::-1]",
        SEQUENCE,
        apply=lambda items: items[::-1],
        cost=3,
        words=("revers", "backward", "palindrome", "last", "mirror", "right"),
    ),
    suffix(
        "{0}[0]",
        SEQUENCE,
        apply=lambda items: items[0],
        cost=2,
        words=("first", "initial", "start", "begin", "head"),
    ),
    suffix(
        "{0}[-1]",
        SEQUENCE,
        apply=lambda items: items[-1],
        cost=2,
        words=("last", "end", "final"),
    ),
    suffix(
        "{0}[1:]",
        SEQUENCE,
        apply=lambda items: items[1:],
        cost=3,
        words=("rest", "tail", "without", "first", "skip"),
    ),
    suffix(
        "{0}[:-1]",
        SEQUENCE,
        apply=lambda items: items[:-1],
        cost=3,
        words=("without", "last", "but"),
    ),
    suffix(
        "{0}[{1}]",
        SEQUENCE,
        INT,
        apply=lambda items, key: items[key],
        cost=2,
        caps=(9, 7),
        words=("first", "last", "nth", "index", "element", "item", "kth", "middle"),
    ),
    suffix(
        "{0}[{1}:]",
        SEQUENCE,
        INT,
        apply=lambda items, start: items[start:],
        cost=3,
        caps=(9, 7),
        words=("rest", "tail", "last", "from", "rotate", "drop", "skip"),
    ),
    suffix(
        "{0}[:{1}]",
        SEQUENCE,
        INT,
        apply=lambda items, stop: items[:stop],
        cost=3,
        caps=(9, 7),
        words=("first", "prefix", "head", "up", "truncat", "largest", "top", "rotate"),
    ),
    suffix(
        "{0}[{1}:{2}]",
        SEQUENCE,
        INT,
        INT,
        apply=lambda items, start, stop: items[start:stop],
        cost=4,
        caps=(5, 3, 5),
        words=("slice", "between", "sub", "middle"),
    ),
    suffix(
        "{0}[::{1}]",
        SEQUENCE,
        INT,
        apply=lambda items, step: items[::step],
        cost=4,
        caps=(9, 3),
        words=("every", "alternat", "step", "odd", "even"),
    ),
    suffix(
        "{0}[1::2]",
        SEQUENCE,
        apply=lambda items: items[1::2],
        cost=5,
        words=("odd", "alternat"),
    ),
    infix(
        "+",
        Precedence.ADD,
        LIST,
        LIST,
        lambda a, b: bounded(a + b),
        words=("concat", "merge", "combine", "append", "rotate", "join"),
    ),
    infix(
        "+",
        Precedence.ADD,
        TUPLE,
        TUPLE,
        lambda a, b: bounded(a + b),
        words=("concat", "merge", "combine", "append"),
    ),
    infix("*", Precedence.MULTIPLY, LIST, INT, _times, cost=4, caps=(5, 5)),
    Operation(
        template="[{0}]",
        operands=(PLAIN,),
        apply=lambda value: [value],
        cost=3,
        caps=(7,),
        words=("append", "list", "wrap"),
    ),
    Operation(
        template="[{0}, {1}]",
        operands=(PLAIN, PLAIN),
        apply=lambda a, b: [a, b],
        cost=4,
        caps=(7, 7),
        words=("pair", "list"),
    ),
    Operation(
        template="({0}, {1})",
        operands=(ANYTHING, ANYTHING),
        apply=lambda a, b: (a, b),
        cost=3,
        caps=(9, 9),
        words=("pair", "tuple", "both"),
    ),
    call("list(range", INT, apply=lambda stop: _span(0, stop), after=")", cost=4),
    call(
        "list(zip",
        ITEMS | TEXT,
        ITEMS | TEXT,
        apply=lambda a, b: list(zip(a, b, strict=False)),
        after=")",
        cost=4,
        caps=(5, 5),
        words=("zip", "pair", "dict", "map", "merge"),
    ),
    method(
        "count",
        SEQUENCE,
        KEY | {"float", "list"},
        apply=lambda items, item: items.count(item),
        cost=2,
        caps=(7, 5),
        words=("count", "occur", "frequen", "number", "how"),
    ),
    method(
        "index",
        SEQUENCE,
        KEY | {"float", "list"},
        apply=lambda items, item: items.index(item),
        cost=3,
        caps=(7, 7),
        words=("index", "position", "find", "where"),
    ),
    call(
        "list(itertools.accumulate",
        ITEMS,
        apply=_running_sum,
        after=")",
        cost=5,
        words=("cumul", "running", "prefix", "accumul", "rolling"),
    ),
    call(
        "list(itertools.accumulate",
        ITEMS,
        apply=_running_max,
        after=", max)",
        cost=5,
        words=("max", "running", "rolling"),
    ),
    Operation(
        template="[item for group in {0} for item in group]",
        operands=(ITEMS,),
        apply=_flat,
        cost=4,
        words=("flat", "nested", "chain", "sublist"),
        is_comprehension=True,
        needs=(Precedence.OR,),
    ),
    Operation(
        template="[list(pair) for pair in {0}]",
        operands=(ITEMS,),
        apply=lambda items: [list(each) for each in items],
        cost=7,
        words=("transpose", "list", "matrix"),
        needs=(Precedence.OR,),
        is_comprehension=True,
    ),
    Operation(
        template="list(zip(*{0}))",
        operands=(ITEMS,),
        apply=lambda rows: list(zip(*rows, strict=False)),
        cost=5,
        words=("transpose", "unzip", "column", "matrix"),
        needs=(Precedence.ATOM,),
    ),
)
