"""What turns a whole collection into one value, or into another collection."""

from orps_search.offline.expression import Operation
from orps_search.offline.operations.shapes import (
    ITEMS,
    ITERABLE,
    LIST,
    MAPPING,
    SET,
    TEXT,
    call,
)
from orps_search.offline.values import Value, bounded, kind_of


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


AGGREGATE_OPERATIONS: tuple[Operation, ...] = (
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
)
