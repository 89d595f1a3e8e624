"""Bottom-up enumeration: every expression of a cost, one per observed behavior.

Of all expressions that agree on all points (*observational equivalence*) only the
first, hence cheapest, is kept: what is built on top could not differ either.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from orps_search.offline.expression import (
    Expression,
    Operation,
    Precedence,
    applied,
    composed,
)
from orps_search.offline.values import Value, identity

_SLICE: Final = 200
_UNCAPPED: Final = 99
_MAX_KEPT_PER_LEVEL: Final = 60_000


class Bank:
    """The expressions over one set of points, grown one cost level at a time."""

    def __init__(
        self, leaves: Sequence[Expression], operations: Sequence[Operation]
    ) -> None:
        self._operations = operations
        self._seen: set[object] = set()
        self._levels: dict[int, dict[str, list[Expression]]] = {}
        self._waiting = sorted(leaves, key=lambda leaf: leaf.cost)
        self.grown = 0
        """The highest cost that is complete."""
        self.n_tried = 0

    def plant(self, leaf: Expression) -> None:
        """Add a leaf to a bank that has not grown to its cost yet."""
        assert leaf.cost > self.grown
        self._waiting = sorted([*self._waiting, leaf], key=lambda each: each.cost)

    def level(self, cost: int) -> Iterator[Expression]:
        for members in self._levels.get(cost, {}).values():
            yield from members

    def up_to(self, cost: int) -> Iterator[Expression]:
        for level in range(1, cost + 1):
            yield from self.level(level)

    def add(self, expression: Expression) -> bool:
        """Keep an expression built elsewhere, unless its behavior is known."""
        if not self._is_new(expression.values):
            return False
        self._keep(expression)
        return True

    def _is_new(self, values: tuple[Value, ...]) -> bool:
        key = identity(values)
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def _keep(self, expression: Expression) -> None:
        level = self._levels.setdefault(expression.cost, {})
        members = level.setdefault(expression.kind, [])
        if len(members) < _MAX_KEPT_PER_LEVEL:
            members.append(expression)

    def grow(self) -> Iterator[Expression | None]:
        """Make the next level; yield what is new, and `None` between slices of work."""
        cost = self.grown + 1
        while self._waiting and self._waiting[0].cost <= cost:
            leaf = self._waiting.pop(0)
            if self.add(leaf):
                yield leaf
        for operation in self._operations:
            for children in self._operands(operation, cost - operation.cost):
                self.n_tried += 1
                if self.n_tried % _SLICE == 0:
                    yield None
                values = applied(operation, children)
                if values is None or not self._is_new(values):
                    continue
                expression = composed(operation, children, cost, values)
                self._keep(expression)
                yield expression
        self.grown = cost

    def _operands(
        self, operation: Operation, budget: int
    ) -> Iterator[tuple[Expression, ...]]:
        match operation.operands:
            case (only,):
                cap = operation.caps[0] if operation.caps else _UNCAPPED
                if 0 < budget <= cap:
                    for child in self._of_kinds(budget, only):
                        if not child.is_constant:
                            yield (child,)
            case (_, _):
                yield from self._pairs(operation, budget)
            case _:
                yield from self._triples(operation, budget)

    def _pairs(
        self, operation: Operation, budget: int
    ) -> Iterator[tuple[Expression, ...]]:
        left_kinds, right_kinds = operation.operands
        left_cap, right_cap = operation.caps or (_UNCAPPED, _UNCAPPED)
        for left_cost in range(1, min(left_cap, budget - 1) + 1):
            right_cost = budget - left_cost
            if right_cost > right_cap or not self._levels.get(left_cost):
                continue
            if operation.commutative and right_cost > left_cost:
                continue
            rights = list(self._of_kinds(right_cost, right_kinds))
            for left in self._of_kinds(left_cost, left_kinds):
                for right in rights:
                    if _worth_pairing(operation, left, right):
                        yield _readable(operation, left, right)

    def _triples(
        self, operation: Operation, budget: int
    ) -> Iterator[tuple[Expression, ...]]:
        first_kinds, second_kinds, third_kinds = operation.operands
        first_cap, second_cap, third_cap = operation.caps
        for second_cost in range(1, second_cap + 1):
            for third_cost in range(1, third_cap + 1):
                first_cost = budget - second_cost - third_cost
                if not 0 < first_cost <= first_cap:
                    continue
                for first in self._of_kinds(first_cost, first_kinds):
                    if first.is_constant:
                        continue
                    for second in self._of_kinds(second_cost, second_kinds):
                        for third in self._of_kinds(third_cost, third_kinds):
                            yield (first, second, third)

    def _of_kinds(self, cost: int, kinds: frozenset[str]) -> Iterator[Expression]:
        for kind, members in self._levels.get(cost, {}).items():
            if kind in kinds:
                yield from members


def _worth_pairing(operation: Operation, left: Expression, right: Expression) -> bool:
    if left.is_constant and right.is_constant:
        return False
    if left.is_constant and operation.variable_first and not operation.commutative:
        return False
    if left is right and not _doubles(operation):
        # `x == x`, `x - x` and the like are constants in disguise.
        return False
    if operation.commutative and left.kind != right.kind:
        numbers = {"int", "float"}
        return left.kind in numbers and right.kind in numbers
    return True


def _doubles(operation: Operation) -> bool:
    return operation.commutative and operation.precedence > Precedence.SHIFT


def _readable(
    operation: Operation, left: Expression, right: Expression
) -> tuple[Expression, Expression]:
    """Put the constant last where the order does not matter: `n == 0`, `n + 1`."""
    if operation.commutative and left.is_constant:
        return right, left
    return left, right
