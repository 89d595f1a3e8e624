"""Decisions: programs that are right on some examples, joined by a predicate.

An expression that satisfies only some examples is kept by the mask of those. A
predicate that separates them from the others makes the two halves one program; the
same search over failing examples finds guard clauses.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from orps_search.offline.example import Raises
from orps_search.offline.expression import Expression
from orps_search.offline.goal import Goal, mask_of
from orps_search.offline.values import FAILED

_MAX_PREDICATES: Final = 600
_MAX_PARTIALS: Final = 400
_MAX_NESTED: Final = 60
_THRESHOLD_COST: Final = 3
_MAX_EVIDENCE: Final = 4
_MAX_DISPATCH: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicate:
    text: str
    negated: str
    when_true: int
    when_false: int
    cost: int


Guard = tuple[Predicate, Raises]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`if test: return result` for each branch, then `return otherwise`."""

    branches: tuple[tuple[str, Expression], ...]
    otherwise: Expression
    cost: int

    def lines(self) -> Iterator[str]:
        for test, result in self.branches:
            yield f"if {test}:"
            yield f"    return {result.text()}"
        yield f"return {self.otherwise.text()}"


class Halves:
    """Remembers what enumeration brings that is of use for decisions."""

    def __init__(self, goal: Goal) -> None:
        self._goal = goal
        self._partials: dict[int, Expression] = {}
        self._predicates: dict[tuple[int, int], Predicate] = {}

    @property
    def partials(self) -> Sequence[tuple[int, Expression]]:
        """Return the simplest expression for each set of satisfied examples."""
        return list(self._partials.items())

    def add_result(self, expression: Expression, mask: int) -> None:
        if mask and mask not in self._partials and len(self._partials) < _MAX_PARTIALS:
            self._partials[mask] = expression

    def add_predicate(self, expression: Expression) -> None:
        """Remember a boolean expression by where it is true and where false."""
        if expression.is_constant:
            return
        text = expression.text()
        self._remember(
            Predicate(
                text=text,
                negated=_negated(text),
                when_true=mask_of([value is True for value in expression.values]),
                when_false=mask_of([value is False for value in expression.values]),
                cost=expression.cost,
            )
        )

    def add_split(self, expression: Expression) -> None:
        """Derive predicates from a number's thresholds or from a word's values."""
        values = expression.values
        if FAILED in values or self._goal.is_predicate:
            # Any truth table can be cut along the inputs of the tests.
            return
        if expression.kind in {"int", "float"}:
            for threshold in sorted({v for v in values if isinstance(v, (int, float))})[
                1:
            ]:
                at_least = mask_of([v >= threshold for v in values])
                self._remember_split(expression, ">=", "<", threshold, at_least)
        elif expression.kind == "str" and len(set(values)) <= _MAX_DISPATCH:
            for word in sorted(set(values)):
                equal = mask_of([value == word for value in values])
                self._remember_split(expression, "==", "!=", word, equal)

    def _remember_split(
        self, expression: Expression, sign: str, opposite: str, bound: object, mask: int
    ) -> None:
        text = expression.text()
        everything = (1 << self._goal.n_points) - 1
        self._remember(
            Predicate(
                text=f"{text} {sign} {bound!r}",
                negated=f"{text} {opposite} {bound!r}",
                when_true=mask,
                when_false=everything & ~mask,
                cost=expression.cost + _THRESHOLD_COST,
            )
        )

    def _remember(self, predicate: Predicate) -> None:
        key = (predicate.when_true, predicate.when_false)
        known = self._predicates.get(key)
        if known is None and len(self._predicates) >= _MAX_PREDICATES:
            return
        if known is None or predicate.cost < known.cost:
            self._predicates[key] = predicate

    def guards(self) -> tuple[Guard, ...] | None:
        """Return a guard for each failure that tests expect; `None` if one is lacking."""
        chosen: list[Guard] = []
        for raises, mask in self._goal.raising:
            keep = self._goal.returning
            fitting = [
                predicate
                for predicate in self._both_ways()
                if predicate.when_true & mask == mask
                and predicate.when_false & keep == keep
            ]
            if not fitting:
                return None
            chosen.append((min(fitting, key=lambda each: each.cost), raises))
        return tuple(chosen)

    def _both_ways(self) -> Iterator[Predicate]:
        for predicate in self._predicates.values():
            yield predicate
            yield Predicate(
                text=predicate.negated,
                negated=predicate.text,
                when_true=predicate.when_false,
                when_false=predicate.when_true,
                cost=predicate.cost + 1,
            )

    def decisions(self) -> Iterator[Decision | None]:
        """Yield decisions that satisfy all examples, and `None` between slices.

        Each branch must be backed by examples: two branches by three of them, three
        branches by five. With fewer, any table of the tests would do.
        """
        n_examples = self._goal.returning.bit_count()
        n_branches = min(4, (n_examples + 1) // 2)
        if n_branches > 1:
            tests = sorted(self._both_ways(), key=lambda each: each.cost)
            yield from self._decide(self._goal.returning, n_branches, tests)

    def _decide(
        self, goal: int, n_branches: int, tests: Sequence[Predicate]
    ) -> Iterator[Decision | None]:
        for predicate in tests:
            yield None
            inside = predicate.when_true & goal
            outside = predicate.when_false & goal
            if not inside or not outside or inside | outside != goal:
                continue
            result = self._covering(inside)
            if result is None:
                continue
            for rest in self._otherwise(outside, n_branches - 1, tests[:_MAX_NESTED]):
                if rest is None or self._is_a_predicate(result, rest):
                    yield None
                    continue
                yield Decision(
                    branches=((predicate.text, result), *rest.branches),
                    otherwise=rest.otherwise,
                    cost=predicate.cost
                    + result.cost
                    + rest.cost
                    + _thinness(inside, result),
                )

    def _is_a_predicate(self, result: Expression, rest: Decision) -> bool:
        """`if test: return True`, `return False` is the test, found without us."""
        plain = result.is_constant and rest.otherwise.is_constant
        return self._goal.is_predicate and plain

    def _otherwise(
        self, goal: int, n_branches: int, tests: Sequence[Predicate]
    ) -> Iterator[Decision | None]:
        simple = self._covering(goal)
        if simple is not None:
            cost = simple.cost + _thinness(goal, simple)
            yield Decision(branches=(), otherwise=simple, cost=cost)
        elif n_branches > 1:
            yield from self._decide(goal, n_branches, tests)

    def _covering(self, goal: int) -> Expression | None:
        fitting = [
            expression
            for mask, expression in self._partials.items()
            if mask & goal == goal
        ]
        return min(fitting, key=lambda each: each.cost, default=None)


def _thinness(examples: int, result: Expression) -> int:
    """Return what a branch costs extra for resting on a single example.

    Several examples pay for it instead: they are evidence for the branch, and a
    constant that they agree on is the name of a class.
    """
    n_examples = examples.bit_count()
    if n_examples == 1:
        return 3 if result.is_constant else 5
    return -result.cost if result.is_constant else 2 - min(n_examples, _MAX_EVIDENCE)


def _negated(text: str) -> str:
    if text.startswith("not ") and " and " not in text and " or " not in text:
        return text.removeprefix("not ")
    plain = all(character not in text for character in " =<>")
    return f"not {text}" if plain else f"not ({text})"
