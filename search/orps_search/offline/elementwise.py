"""Decisions inside a comprehension: `[a if test else b for x in xs]`.

Where every expected list is as long as the iterable, the expected items are known one
by one: they become the examples of a smaller goal, solved by the same decisions.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from orps_search.offline.branching import Decision, Halves
from orps_search.offline.example import Example, Returns
from orps_search.offline.expression import Expression
from orps_search.offline.goal import Goal
from orps_search.offline.values import Value, kind_of

_MAX_POINTS: Final = 200
_MAX_DECISIONS: Final = 3
_SPLIT_COST: Final = 3
_MAX_CONSTANTS: Final = 4


class Elementwise:
    """Collects what an iteration's inner bank finds, and joins it by a predicate."""

    def __init__(self, goal: Goal, is_text: bool) -> None:
        self._goal = goal
        self._halves = Halves(goal)
        self._is_text = is_text
        self._n_found = 0

    def repeated(self) -> tuple[Value, ...]:
        """Return the items that are expected more than once, if they are few."""
        counts = list(self._goal.expected_counts())
        values = tuple(value for value, count in counts if count > 1)
        return values if len(counts) <= _MAX_CONSTANTS else ()

    def consider(self, expression: Expression) -> None:
        """Remember an expression over one item."""
        if expression.kind == "bool":
            self._halves.add_predicate(expression)
        if expression.cost <= _SPLIT_COST and expression.variables:
            self._halves.add_split(expression)
        if self._goal.may_fit(expression):
            self._halves.add_result(expression, self._goal.mask(expression.values))

    def results(self, loop: str, source: str) -> Iterator[tuple[str, int] | None]:
        """Yield expressions' texts with their costs; `None` between slices."""
        for decision in self._halves.decisions():
            if self._n_found >= _MAX_DECISIONS:
                return
            if decision is None:
                yield None
                continue
            self._n_found += 1
            body = f"{_conditional(decision)} for {loop} in {source}"
            text = f'"".join({body})' if self._is_text else f"[{body}]"
            yield text, decision.cost


def _conditional(decision: Decision) -> str:
    parts = [f"{result.text()} if {test} else " for test, result in decision.branches]
    return "".join(parts) + decision.otherwise.text()


def elementwise(goal: Goal, groups: Sequence[Sequence[Value]]) -> Elementwise | None:
    """Return `None` where the goal does not come apart into items."""
    items: list[Value] = []
    for example, group in zip(goal.examples, groups, strict=True):
        expectation = example.expectation
        if not isinstance(expectation, Returns) or expectation.views:
            return None
        expected = expectation.value
        if kind_of(expected) not in {"list", "str"} or len(expected) != len(group):
            return None
        items.extend(expected)
    kinds = {kind_of(value) for value in goal.expected}
    if len(kinds) != 1 or not 0 < len(items) <= _MAX_POINTS:
        return None
    examples = tuple(
        Example(variables={}, expectation=Returns(value=item)) for item in items
    )
    return Elementwise(Goal(examples=examples), is_text=kinds == {"str"})
