"""What to loop over: the variables of a problem, and what derives from them."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final, cast

from orps_search.offline.expression import (
    Apply,
    Expression,
    Operation,
    Precedence,
    composed,
)
from orps_search.offline.iteration import Iteration, never
from orps_search.offline.values import (
    EXPECTED_ERRORS,
    FAILED,
    MAX_LENGTH,
    Value,
    kind_of,
)

_MAX_ITEMS: Final = 600
_MAX_DIRECT_COST: Final = 9
_MAX_DERIVED_COST: Final = 6
_PAIR: Final = ("first", "second")

# The names that a loop binds, and the iterable that it takes them from.
Loop = tuple[tuple[str, ...], Expression]


def iterations(
    leaves: Sequence[Expression], operations: Sequence[Operation]
) -> list[Iteration]:
    """Return the loops that the variables suggest."""
    found = [
        Iteration(
            names=names,
            source=source,
            leaves=leaves,
            operations=operations,
            max_cost=_MAX_DERIVED_COST if _is_derived(source) else _MAX_DIRECT_COST,
        )
        for names, source in _sources(leaves)
    ]
    return [each for each in found if 0 < each.n_items <= _MAX_ITEMS]


def _sources(leaves: Sequence[Expression]) -> Iterator[Loop]:
    variables = [leaf for leaf in leaves if leaf.variables]
    taken = {leaf.name for leaf in variables}
    sequences = [v for v in variables if v.kind in {"list", "tuple", "str", "set"}]
    for source in sequences:
        yield _named(source, taken), source
        if source.kind != "set":
            yield from _derived(source, taken)
        if _holds_pairs(source):
            yield _free(_PAIR, taken), source
    for source in variables:
        if source.kind == "dict":
            yield _free(("key",), taken), source
            items = _call("{0}.items()", _items, source)
            yield from _if_made(_free(("key", "value"), taken), items)
        elif source.kind == "int":
            yield from _counted(source, taken)
    for left, right in pairwise(sequences):
        pairs = _call("zip({0}, {1})", _zipped, left, right)
        yield from _if_made(_free(("left", "right"), taken), pairs)
    # Words of a sentence are what most programs on long texts are about.
    for source in sequences:
        if source.kind == "str" and any(" " in str(text) for text in source.values):
            split = _call("{0}.split()", str.split, source)
            yield from _if_made(_free(("word",), taken), split)


def _is_derived(source: Expression) -> bool:
    """Return whether the loop is over positions or neighbors: rarer, so less deep."""
    return len(source.children) == 1 and source.text().startswith(_RARER)


_RARER: Final = ("enumerate(", "zip(", "range(len(", "sorted(", "str(")


def _derived(source: Expression, taken: set[str]) -> Iterator[Loop]:
    (name,) = _named(source, taken)
    numbered = _call("enumerate({0})", _numbered, source)
    yield from _if_made((*_free(("index",), taken), name), numbered)
    adjacent = _call("zip({0}, {0}[1:])", _neighbors, source)
    yield from _if_made(_free(("left", "right"), taken), adjacent)
    indices = _call("range(len({0}))", _indices, source)
    yield from _if_made(_free(("i",), taken), indices)
    ordered = _call("sorted(set({0}))", _distinct, source)
    yield from _if_made((name,), ordered)


def _counted(source: Expression, taken: set[str]) -> Iterator[Loop]:
    for template, start, extra in (
        ("range({0})", 0, 0),
        ("range(1, {0} + 1)", 1, 1),
        ("range(2, {0})", 2, 0),
        ("range(1, {0})", 1, 0),
    ):
        counted = _call(template, _span_from(start, extra), source)
        yield from _if_made(_free(("i",), taken), counted)
    digits = _call("str({0})", str, source)
    yield from _if_made(_free(("digit",), taken), digits)


def _items(mapping: Value) -> Value:
    return list(mapping.items())


def _zipped(left: Value, right: Value) -> Value:
    return list(zip(left, right, strict=False))


def _numbered(items: Value) -> Value:
    return list(zip(range(len(items)), items, strict=True))


def _neighbors(items: Value) -> Value:
    return list(pairwise(items))


def _indices(items: Value) -> Value:
    return list(range(len(items)))


def _distinct(items: Value) -> Value:
    return sorted(set(items))


def _span_from(start: int, extra: int) -> Callable[[Value], Value]:
    def span(stop: Value) -> Value:
        if stop > MAX_LENGTH:
            raise OverflowError
        return list(range(start, stop + extra))

    return span


def _call(
    template: str,
    apply: Apply,
    *sources: Expression,
    cost: int = 1,
) -> Expression | None:
    values: list[Value] = []
    function = cast(Callable[..., Value], apply)
    for operands in zip(*[source.values for source in sources], strict=True):
        try:
            values.append(function(*operands))
        except EXPECTED_ERRORS:
            values.append(FAILED)
    if all(value is FAILED for value in values):
        return None
    operation = Operation(
        template=template,
        operands=(),
        apply=never,
        needs=(Precedence.ATOM,) * len(sources),
    )
    total = cost + sum(source.cost for source in sources)
    return composed(operation, sources, total, tuple(values))


def _if_made(names: tuple[str, ...], source: Expression | None) -> Iterator[Loop]:
    if source is not None:
        yield names, source


def _holds_pairs(source: Expression) -> bool:
    items = [item for value in source.values if value is not FAILED for item in value]
    return bool(items) and all(
        kind_of(item) in {"list", "tuple"} and len(item) == len(_PAIR) for item in items
    )


def _named(source: Expression, taken: set[str]) -> tuple[str, ...]:
    """Name one item as a person would: `words` hold a `word`, a text characters."""
    if source.kind == "str":
        return _free(("char",), taken)
    name = source.name.rpartition(".")[2]
    if len(name) > len("xs") and name.endswith("s") and not name.endswith("ss"):
        return _free((name[:-1],), taken)
    return _free(("x" if name == "xs" else "item",), taken)


def _free(names: tuple[str, ...], taken: set[str]) -> tuple[str, ...]:
    return tuple(name + "_" if name in taken else name for name in names)
