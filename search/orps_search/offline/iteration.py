"""Comprehensions: a bank of its own over the items of an iterable.

All items of all examples are the points of an inner bank. What it finds becomes, put
back together example by example, a list expression of the outer bank:
`[body for x in xs]`, `[x for x in xs if test]`, `sorted(xs, key=lambda x: body)`.
Aggregates need nothing more: the outer bank applies `sum`, `any` or `join` to them.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from orps_search.offline.bank import Bank
from orps_search.offline.elementwise import Elementwise, elementwise
from orps_search.offline.expression import (
    Expression,
    Operation,
    Precedence,
    composed,
    constant,
    variable,
)
from orps_search.offline.goal import Goal
from orps_search.offline.values import EXPECTED_ERRORS, FAILED, Value

_OVERHEAD: Final = 1
_EXPECTED_COST: Final = 2
_MAX_CONDITIONED_COST: Final = 8
_UNORDERED: Final = "set"


class Iteration:
    """One way to loop: `for NAMES in SOURCE`."""

    def __init__(
        self,
        *,
        names: tuple[str, ...],
        source: Expression,
        leaves: Sequence[Expression],
        operations: Sequence[Operation],
        max_cost: int,
    ) -> None:
        self._names = names
        self._max_cost = max_cost
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
        self._elementwise: Elementwise | None = None
        self._bodies: dict[int, list[Expression]] = {}
        self._tests: dict[int, list[Expression]] = {}

    def aim(self, goal: Goal) -> None:
        """Look for item-wise decisions too, if the goal comes apart into items."""
        if self._source.kind in {"list", "tuple", "str"}:
            self._elementwise = elementwise(goal, self._groups)
        if self._elementwise is not None:
            for value in self._elementwise.repeated():
                leaf = constant(value, self.n_items, cost=_EXPECTED_COST)
                self._bank.plant(leaf)

    def decided(self) -> Iterator[tuple[str, int] | None]:
        """Yield the texts of item-wise decisions that reach the goal, with costs."""
        if self._elementwise is not None:
            for found in self._elementwise.results(self._loop, self._source.text()):
                yield found and (found[0], found[1] + self._source.cost + _OVERHEAD)

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
        if not 1 <= inner <= self._max_cost or not self.n_items:
            return
        while self._bank.grown < inner:
            for expression in self._bank.grow():
                if expression is None:
                    yield None
                    continue
                if self._elementwise is not None:
                    self._elementwise.consider(expression)
                if expression.variables & set(self._names):
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
                apply=never,
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
                apply=never,
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
                apply=never,
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
                    Operation(template=call, operands=(), apply=never),
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


def never(value: Value) -> Value:
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


def _key(pair: Value) -> Value:
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
