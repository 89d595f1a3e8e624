"""Lists, tuples, sets and dictionaries."""

import itertools

from orps_search.offline.expression import Operation, Precedence
from orps_search.offline.operations.shapes import (
    ANYTHING,
    INT,
    ITEMS,
    ITERABLE,
    LIST,
    MAPPING,
    NUMBER,
    SEQUENCE,
    SET,
    TEXT,
    Kinds,
    call,
    infix,
    method,
    suffix,
)
from orps_search.offline.values import MAX_LENGTH, Value, bounded, kind_of

_TUPLE: Kinds = frozenset({"tuple"})
_KEY: Kinds = frozenset({"int", "str", "tuple", "other"})
_PLAIN: Kinds = NUMBER | TEXT | ITEMS | {"bool", "other"}


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


def _in_order(items: Value) -> Value:
    """Sort as Python does, but not sets of strings inside lists and the like."""
    return sorted(items)


def _listed(items: Value) -> Value:
    if kind_of(items) == "set":
        # Its order would differ from one process to the next.
        raise TypeError(items)
    return list(items)


def _numbered_sum(items: Value) -> Value:
    return bounded(sum(items))


def _counted(items: Value) -> Value:
    counts: dict[Value, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    return counts


def _running_sum(items: Value) -> Value:
    return bounded(list(itertools.accumulate(items, lambda a, b: bounded(a + b))))


def _running_max(items: Value) -> Value:
    return list(itertools.accumulate(items, max))


COLLECTION_OPERATIONS: tuple[Operation, ...] = (
    call(
        "len",
        ITERABLE,
        apply=len,
        words=("len", "count", "number", "size", "how", "average", "mean"),
    ),
    call(
        "sum",
        ITEMS | SET,
        apply=_numbered_sum,
        words=("sum", "total", "average", "mean", "count", "add"),
        consumes=True,
    ),
    call(
        "max",
        ITERABLE - MAPPING,
        apply=max,
        words=("max", "larg", "big", "most", "great", "high", "long", "range"),
        consumes=True,
    ),
    call(
        "min",
        ITERABLE - MAPPING,
        apply=min,
        words=("min", "small", "least", "low", "short", "range"),
        consumes=True,
    ),
    call(
        "sorted",
        ITERABLE,
        apply=_in_order,
        words=("sort", "order", "ascend", "median", "anagram", "largest", "smallest"),
        consumes=True,
    ),
    call(
        "sorted",
        ITERABLE,
        apply=lambda items: sorted(items, reverse=True),
        after=", reverse=True",
        cost=4,
        words=("descend", "reverse", "largest", "n_largest", "top"),
    ),
    call("set", ITERABLE, apply=set, cost=3, words=("uniq", "distinct", "dup", "set")),
    call("list", ITERABLE - LIST, apply=_listed, cost=3, words=("list", "char")),
    call("tuple", LIST, apply=tuple, cost=3, words=("tuple",), consumes=True),
    call(
        "any",
        ITEMS,
        apply=any,
        cost=2,
        words=("any", "exist", "contain", "some", "has"),
        consumes=True,
    ),
    call(
        "all",
        ITEMS,
        apply=all,
        cost=2,
        words=("all", "every", "prime", "only", "monoton"),
        consumes=True,
    ),
    call("dict", ITEMS, apply=dict, cost=4, words=("dict", "map"), consumes=True),
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
        _TUPLE,
        _TUPLE,
        lambda a, b: bounded(a + b),
        words=("concat", "merge", "combine", "append"),
    ),
    infix("*", Precedence.MULTIPLY, LIST, INT, _times, cost=4, caps=(5, 5)),
    Operation(
        template="[{0}]",
        operands=(_PLAIN,),
        apply=lambda value: [value],
        cost=3,
        caps=(7,),
        words=("append", "list", "wrap"),
    ),
    Operation(
        template="[{0}, {1}]",
        operands=(_PLAIN, _PLAIN),
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
        _KEY | {"float", "list"},
        apply=lambda items, item: items.count(item),
        cost=2,
        caps=(7, 5),
        words=("count", "occur", "frequen", "number", "how"),
    ),
    method(
        "index",
        SEQUENCE,
        _KEY | {"float", "list"},
        apply=lambda items, item: items.index(item),
        cost=3,
        caps=(7, 7),
        words=("index", "position", "find", "where"),
    ),
    suffix(
        "{0}[{1}]",
        MAPPING,
        _KEY,
        apply=lambda items, key: items[key],
        cost=3,
        caps=(7, 5),
        words=("look", "get", "value", "key"),
    ),
    method(
        "get",
        MAPPING,
        _KEY,
        apply=lambda mapping, key: mapping.get(key),
        cost=3,
        caps=(7, 5),
        words=("look", "get", "find", "optional"),
    ),
    method(
        "get",
        MAPPING,
        _KEY,
        _PLAIN | MAPPING,
        apply=lambda mapping, key, default: mapping.get(key, default),
        cost=4,
        caps=(7, 5, 3),
        words=("look", "get", "default", "count"),
    ),
    Operation(
        template="list({0}.values())",
        operands=(MAPPING,),
        apply=lambda mapping: list(mapping.values()),
        cost=3,
        needs=(Precedence.ATOM,),
        words=("value", "dict", "total", "sum"),
    ),
    Operation(
        template="list({0}.items())",
        operands=(MAPPING,),
        apply=lambda mapping: list(mapping.items()),
        cost=4,
        needs=(Precedence.ATOM,),
        words=("item", "dict", "pair", "key"),
    ),
    Operation(
        template="{{**{0}, **{1}}}",
        operands=(MAPPING, MAPPING),
        apply=lambda a, b: {**a, **b},
        cost=3,
        caps=(5, 5),
        words=("merge", "dict", "update", "combin"),
    ),
    infix(
        "&",
        Precedence.BIT_AND,
        SET,
        SET,
        lambda a, b: a & b,
        commutative=True,
        words=("common", "shared", "intersect", "similar", "both"),
    ),
    infix(
        "|",
        Precedence.BIT_OR,
        SET,
        SET,
        lambda a, b: a | b,
        commutative=True,
        words=("union", "merge", "combin", "all"),
    ),
    infix(
        "-",
        Precedence.ADD,
        SET,
        SET,
        lambda a, b: a - b,
        words=("differ", "missing", "without", "except", "remove"),
    ),
    infix(
        "^",
        Precedence.BIT_XOR,
        SET,
        SET,
        lambda a, b: a ^ b,
        cost=3,
        commutative=True,
        words=("dissimilar", "symmetric", "differ", "uncommon"),
    ),
    call(
        "list(dict.fromkeys",
        ITEMS | TEXT,
        apply=lambda items: list(dict.fromkeys(items)),
        after=")",
        cost=4,
        words=("uniq", "distinct", "dup", "dedup", "order"),
    ),
    call(
        "dict(collections.Counter",
        ITEMS | TEXT,
        apply=_counted,
        after=")",
        cost=5,
        words=("count", "frequen", "occur", "histogram", "tally"),
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
