"""Comprehensions: a bank of its own over the items of an iterable.

All items of all examples are the points of an inner bank. What it finds becomes, put
back together example by example, a list expression of the outer bank:
`[body for x in xs]`, `[x for x in xs if test]`, `sorted(xs, key=lambda x: body)`.
Aggregates need nothing more: the outer bank applies `sum`, `any` or `join` to them.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from orps_search.offline.bank import Bank
from orps_search.offline.expression import (
    Expression,
    Operation,
    Precedence,
    composed,
    variable,
)
from orps_search.offline.values import EXPECTED_ERRORS, FAILED, MAX_LENGTH, Value

_MAX_ITEMS: Final = 600
_OVERHEAD: Final = 2
_MAX_INNER_COST: Final = 9
_MAX_CONDITIONED_COST: Final = 8
_UNORDERED: Final = "set"

Regroup = Callable[[Sequence[Value]], list[Value]]


class Iteration:
    """One way to loop: `for NAMES in SOURCE`."""

    def __init__(
        self,
        *,
        names: tuple[str, ...],
        source: Expression,
        leaves: Sequence[Expression],
        operations: Sequence[Operation],
    ) -> None:
        self._names = names
        self._loop = ", ".join(names)
        self._source = source
        self._groups = [
            list(value) if value is not FAILED else [] for value in source.values
        ]
        items = [item for group in self._groups for item in group]
        columns = [tuple(items)] if len(names) == 1 else _columns(items, names)
        own = [
            variable(name, values) for name, values in zip(names, columns, strict=True)
        ]
        self._own = own
        self._bank = Bank([*own, *self._spread(leaves)], operations)
        self._bodies: dict[int, list[Expression]] = {}
        self._tests: dict[int, list[Expression]] = {}

    @property
    def n_items(self) -> int:
        return sum(len(group) for group in self._groups)

    @property
    def n_tried(self) -> int:
        return self._bank.n_tried

    def _spread(self, leaves: Sequence[Expression]) -> Iterator[Expression]:
        """Repeat each outer leaf for every item of its example."""
        for leaf in leaves:
            values = tuple(
                value
                for value, group in zip(leaf.values, self._groups, strict=True)
                for _ in group
            )
            yield Expression(
                operation=None,
                name=leaf.name,
                cost=leaf.cost,
                values=values,
                kind=leaf.kind,
                is_constant=leaf.is_constant,
                variables=leaf.variables,
            )

    def at(self, cost: int) -> Iterator[Expression | None]:
        """Yield the list expressions of this cost; `None` between slices of work."""
        inner = cost - self._source.cost - _OVERHEAD
        if not 1 <= inner <= _MAX_INNER_COST or not self.n_items:
            return
        while self._bank.grown < inner:
            for expression in self._bank.grow():
                if expression is None:
                    yield None
                elif expression.variables & set(self._names):
                    self._remember(expression)
        for test in self._tests.get(inner, ()):
            yield self._filtered(test, cost)
            yield from self._chosen(test, cost)
        for body in self._bodies.get(inner, ()):
            yield self._mapped(body, cost)
            yield from self._keyed(body, cost)
            yield self._tabulated(body, cost)
        if inner <= _MAX_CONDITIONED_COST:
            yield from self._conditioned(inner, cost)

    def _remember(self, expression: Expression) -> None:
        self._bodies.setdefault(expression.cost, []).append(expression)
        if expression.kind == "bool":
            self._tests.setdefault(expression.cost, []).append(expression)

    def _conditioned(self, inner: int, cost: int) -> Iterator[Expression | None]:
        for body_cost in range(1, inner):
            for test in self._tests.get(inner - body_cost, ()):
                yield None
                for body in self._bodies.get(body_cost, ()):
                    if body not in self._own or len(self._own) > 1:
                        yield self._filtered(test, cost, body)

    def _mapped(self, body: Expression, cost: int) -> Expression | None:
        if body in self._own and len(self._own) == 1:
            return None
        return self._expression(
            f"[{{0}} for {self._loop} in {{1}}]", (body,), cost, list(body.values)
        )

    def _filtered(
        self, test: Expression, cost: int, body: Expression | None = None
    ) -> Expression | None:
        if body is None and len(self._own) > 1:
            return None
        result = body or self._own[0]
        kept = [
            value if verdict is True else _DROPPED if verdict is False else FAILED
            for value, verdict in zip(result.values, test.values, strict=True)
        ]
        return self._expression(
            f"[{{0}} for {self._loop} in {{2}} if {{1}}]", (result, test), cost, kept
        )

    def _expression(
        self,
        template: str,
        parts: tuple[Expression, ...],
        cost: int,
        items: list[Value],
    ) -> Expression | None:
        if self._source.kind == _UNORDERED:
            return None
        values = tuple(_listed(group) for group in self._regrouped(items))
        if all(value is FAILED for value in values):
            return None
        return composed(
            Operation(
                template=template,
                operands=(),
                apply=_never,
                needs=(Precedence.CONDITIONAL,) * len(parts) + (Precedence.OR,),
                is_comprehension=True,
            ),
            (*parts, self._source),
            cost,
            values,
        )

    def _tabulated(self, body: Expression, cost: int) -> Expression | None:
        """Build `{x: body for x in xs}`."""
        if len(self._own) > 1 or body in self._own:
            return None
        pairs = list(zip(self._own[0].values, body.values, strict=True))
        values = tuple(_mapping(group) for group in self._regrouped(pairs))
        if all(value is FAILED for value in values):
            return None
        return composed(
            Operation(
                template=f"{{{{{self._loop}: {{0}} for {self._loop} in {{1}}}}}}",
                operands=(),
                apply=_never,
                needs=(Precedence.CONDITIONAL, Precedence.OR),
            ),
            (body, self._source),
            cost,
            values,
        )

    def _chosen(self, test: Expression, cost: int) -> Iterator[Expression | None]:
        """Build the first item that passes a test, or nothing."""
        if len(self._own) > 1 or self._source.kind == _UNORDERED:
            return
        found = self._regrouped(
            [
                item if verdict is True else _DROPPED
                for item, verdict in zip(self._own[0].values, test.values, strict=True)
            ]
        )
        values = tuple(
            next((item for item in group if item is not _DROPPED), None)
            for group in found
        )
        yield composed(
            Operation(
                template=(
                    f"next(({self._loop} for {self._loop} in {{1}} if {{0}}), None)"
                ),
                operands=(),
                apply=_never,
                needs=(Precedence.OR, Precedence.OR),
            ),
            (test, self._source),
            cost,
            values,
        )

    def _keyed(self, body: Expression, cost: int) -> Iterator[Expression | None]:
        """Build `sorted`, `max` and `min` with a key."""
        if len(self._own) > 1 or body in self._own or self._source.kind == _UNORDERED:
            return
        pairs = self._regrouped(
            list(zip(body.values, self._own[0].values, strict=True))
        )
        for name, pick in _PICKERS.items():
            values = tuple(_picked(pick, group) for group in pairs)
            if any(value is not FAILED for value in values):
                call = name.format(f"{{1}}, key=lambda {self._loop}: {{0}}")
                yield composed(
                    Operation(template=call, operands=(), apply=_never),
                    (body, self._source),
                    cost,
                    values,
                )

    def _regrouped(self, items: Sequence[Value]) -> list[list[Value]]:
        groups: list[list[Value]] = []
        start = 0
        for group in self._groups:
            groups.append(list(items[start : start + len(group)]))
            start += len(group)
        return groups


class _Dropped:
    """Stands where a filter leaves an item out."""


_DROPPED: Final = _Dropped()


def _never(value: Value) -> Value:
    """Composed values are known; nothing is ever applied."""
    raise AssertionError(value)


def _listed(group: list[Value]) -> Value:
    kept = [item for item in group if item is not _DROPPED]
    return FAILED if any(item is FAILED for item in kept) else kept


def _mapping(pairs: list[Value]) -> Value:
    if any(value is FAILED for _, value in pairs):
        return FAILED
    try:
        return dict(pairs)
    except TypeError:
        return FAILED


def _picked(pick: Callable[[list[Value]], Value], pairs: list[Value]) -> Value:
    if any(key is FAILED for key, _ in pairs):
        return FAILED
    try:
        return pick(pairs)
    except EXPECTED_ERRORS:
        return FAILED


def _key(pair: Value) -> Any:
    return pair[0]


_PICKERS: Final[dict[str, Callable[[list[Value]], Value]]] = {
    "sorted({})": lambda pairs: [item for _, item in sorted(pairs, key=_key)],
    "max({})": lambda pairs: max(pairs, key=_key)[1],
    "min({})": lambda pairs: min(pairs, key=_key)[1],
    "sorted({}, reverse=True)": lambda pairs: [
        item for _, item in sorted(pairs, key=_key, reverse=True)
    ],
}


def _columns(items: list[Value], names: tuple[str, ...]) -> list[tuple[Value, ...]]:
    return [tuple(item[index] for item in items) for index in range(len(names))]


def iterations(
    leaves: Sequence[Expression], operations: Sequence[Operation], words: frozenset[str]
) -> list[Iteration]:
    """Return the loops that the variables suggest."""
    found = [
        Iteration(names=names, source=source, leaves=leaves, operations=operations)
        for names, source in _sources(leaves, words)
    ]
    return [each for each in found if 0 < each.n_items <= _MAX_ITEMS]


def _sources(
    leaves: Sequence[Expression], words: frozenset[str]
) -> Iterator[tuple[tuple[str, ...], Expression]]:
    variables = [leaf for leaf in leaves if leaf.variables]
    taken = {leaf.name for leaf in variables}
    sequences = [v for v in variables if v.kind in {"list", "tuple", "str", "set"}]
    for source in sequences:
        yield _named(source, taken), source
        if source.kind != "set":
            yield from _derived(source, taken)
        if _holds_pairs(source):
            yield _free(("first", "second"), taken), source
    for source in variables:
        if source.kind == "dict":
            yield _free(("key",), taken), source
            items = _call("{0}.items()", lambda m: list(m.items()), source, cost=1)
            yield from _if_made(_free(("key", "value"), taken), items)
        elif source.kind == "int":
            yield from _counted(source, taken)
    for left, right in zip(sequences, sequences[1:], strict=False):
        pairs = _call(
            "zip({0}, {1})", lambda a, b: list(zip(a, b, strict=False)), left, right
        )
        yield from _if_made(_free(("left", "right"), taken), pairs)
    # Words of a sentence are what most programs on long texts are about.
    for source in sequences:
        if source.kind == "str" and any(" " in str(text) for text in source.values):
            split = _call("{0}.split()", lambda text: text.split(), source, cost=1)
            yield from _if_made(_free(("word",), taken), split)


def _derived(
    source: Expression, taken: set[str]
) -> Iterator[tuple[tuple[str, ...], Expression]]:
    (name,) = _named(source, taken)
    numbered = _call("enumerate({0})", lambda xs: list(enumerate(xs)), source)
    yield from _if_made((*_free(("index",), taken), name), numbered)
    adjacent = _call(
        "zip({0}, {0}[1:])", lambda xs: list(zip(xs, xs[1:], strict=False)), source
    )
    yield from _if_made(_free(("left", "right"), taken), adjacent)
    indices = _call("range(len({0}))", lambda xs: list(range(len(xs))), source)
    yield from _if_made(_free(("i",), taken), indices)
    ordered = _call("sorted(set({0}))", lambda xs: sorted(set(xs)), source)
    yield from _if_made((name,), ordered)


def _counted(
    source: Expression, taken: set[str]
) -> Iterator[tuple[tuple[str, ...], Expression]]:
    for template, start, extra in (
        ("range({0})", 0, 0),
        ("range(1, {0} + 1)", 1, 1),
        ("range(2, {0})", 2, 0),
        ("range(1, {0})", 1, 0),
    ):
        counted = _call(template, _span_from(start, extra), source, cost=1)
        yield from _if_made(_free(("i",), taken), counted)
    digits = _call("str({0})", str, source, cost=1)
    yield from _if_made(_free(("digit",), taken), digits)


def _span_from(start: int, extra: int) -> Callable[[Any], Value]:
    def span(stop: Any) -> Value:
        if stop > MAX_LENGTH:
            raise OverflowError
        return list(range(start, stop + extra))

    return span


def _call(
    template: str,
    apply: Callable[..., Any],
    *sources: Expression,
    cost: int = 2,
) -> Expression | None:
    values: list[Value] = []
    for operands in zip(*[source.values for source in sources], strict=True):
        try:
            values.append(apply(*operands))
        except EXPECTED_ERRORS:
            values.append(FAILED)
    if all(value is FAILED for value in values):
        return None
    operation = Operation(
        template=template,
        operands=(),
        apply=_never,
        needs=(Precedence.ATOM,) * len(sources),
    )
    total = cost + sum(source.cost for source in sources)
    return composed(operation, sources, total, tuple(values))


def _if_made(
    names: tuple[str, ...], source: Expression | None
) -> Iterator[tuple[tuple[str, ...], Expression]]:
    if source is not None:
        yield names, source


def _holds_pairs(source: Expression) -> bool:
    items = [item for value in source.values if value is not FAILED for item in value]
    return bool(items) and all(
        isinstance(item, (list, tuple)) and len(item) == len(("a", "b"))  # pyright: ignore[reportUnknownArgumentType]
        for item in items
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
