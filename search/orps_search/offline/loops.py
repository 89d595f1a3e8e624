"""Programs with state: accumulator loops, and pairs of values that step together.

The shapes are fixed, what happens in a step is enumerated: expressions over the state
and the item, told apart by what they compute on sample states.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from orps_search.offline.bank import Bank
from orps_search.offline.expression import (
    Expression,
    Operation,
    compiled,
    constant,
    variable,
)
from orps_search.offline.goal import Goal
from orps_search.offline.values import EXPECTED_ERRORS, FAILED, Value, bounded, kind_of

MAX_STEP_COST: Final = 8
_MAX_PAIR_STEP_COST: Final = 4
_MAX_STEPS: Final = 300
_SAMPLES: Final = 60
_LOOP_COST: Final = 4

_STARTS: Final[tuple[Value, ...]] = (0, 1, "", [])
_PAIR_STARTS: Final = ((0, 1), (1, 1), (1, 2), (2, 1), (0, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopBody:
    lines: tuple[str, ...]
    cost: int


def loop_bodies(
    goal: Goal, leaves: Sequence[Expression], operations: Sequence[Operation]
) -> Iterator[LoopBody | None]:
    """Yield loops that satisfy all returning examples; `None` between slices."""
    variables = [leaf for leaf in leaves if leaf.variables]
    for items in variables:
        if items.kind in {"list", "tuple", "str"}:
            for start in _starts(goal):
                yield from _folds(goal, items, start, leaves, operations)
    numbers = [leaf for leaf in variables if leaf.kind == "int"]
    for count in numbers:
        yield from _counted_pairs(goal, count, operations)
    for first, second in product(numbers, numbers):
        if first is not second:
            yield from _shrinking_pairs(goal, first, second, operations)


def _starts(goal: Goal) -> Iterator[Value]:
    """Yield the starts of the kind that the tests expect at the end."""
    kinds = {kind_of(value) for value in goal.expected}
    if "float" in kinds:
        kinds.add("int")
    yield from (start for start in _STARTS if kind_of(start) in kinds)


def _folds(
    goal: Goal,
    items: Expression,
    start: Value,
    leaves: Sequence[Expression],
    operations: Sequence[Operation],
) -> Iterator[LoopBody | None]:
    """`result = start`, and a step for each item."""
    environments = [
        {leaf.name: leaf.values[index] for leaf in leaves if leaf.variables}
        for index in range(goal.n_points)
    ]
    samples = list(_sampled(goal, items, start))
    if not samples:
        return
    rows = [
        {**environments[index], "result": state, "item": item}
        for index, state, item in samples
    ]
    inner = [
        variable(name, tuple(row[name] for row in rows))
        for name in rows[0]
        if name != items.name
    ]
    inner += [
        constant(leaf.values[0], len(samples), cost=leaf.cost)
        for leaf in leaves
        if not leaf.variables
    ]
    for step in _steps(inner, operations, MAX_STEP_COST):
        if step is None or not {"result", "item"} <= step.variables:
            yield None
            continue
        function = compiled(step)
        results = (
            _fold(function, environment, start, environment[items.name])
            for environment in environments
        )
        if goal.is_reached_by(results):
            yield LoopBody(
                lines=(
                    f"result = {start!r}",
                    f"for item in {items.name}:",
                    f"    result = {step.text()}",
                    "return result",
                ),
                cost=step.cost + _LOOP_COST,
            )


def _sampled(
    goal: Goal, items: Expression, start: Value
) -> Iterator[tuple[int, Value, Value]]:
    """Yield examples' indices with states and items to tell steps apart on."""
    states = [start, *[each for each in goal.expected if type(each) is type(start)]]
    n_yielded = 0
    for index, group in enumerate(items.values):
        for item in list(group)[:4]:
            for state in states[:4]:
                n_yielded += 1
                if n_yielded <= _SAMPLES:
                    yield index, state, item


def _fold(
    function: Callable[[dict[str, Value]], Value],
    environment: dict[str, Value],
    start: Value,
    items: Value,
) -> Value:
    state = start
    inner = dict(environment)
    try:
        for item in items:
            inner["result"], inner["item"] = state, item
            state = bounded(function(inner))
    except EXPECTED_ERRORS:
        return FAILED
    return state


def _steps(
    leaves: Sequence[Expression], operations: Sequence[Operation], max_cost: int
) -> Iterator[Expression | None]:
    bank = Bank(leaves, operations)
    for _ in range(max_cost):
        yield from bank.grow()


def _pair_steps(operations: Sequence[Operation]) -> list[Expression]:
    """Return small expressions over `a` and `b`."""
    leaves = [
        variable("a", (3, 5, 8, 2)),
        variable("b", (5, 7, 4, 9)),
        constant(1, 4, cost=2),
    ]
    steps = _steps(leaves, operations, _MAX_PAIR_STEP_COST + 1)
    return [step for step in steps if step is not None and step.kind == "int"]


def _counted_pairs(
    goal: Goal, count: Expression, operations: Sequence[Operation]
) -> Iterator[LoopBody | None]:
    """`a, b = start`, and as many steps as a parameter says."""
    if any(not 0 <= number <= _MAX_STEPS for number in count.values):
        return
    steps = _pair_steps(operations)
    for first, second in product(steps, steps):
        if "b" not in first.variables:
            continue
        step = _paired(first, second)
        for start in _PAIR_STARTS:
            yield None
            results = (_repeat(step, start, number) for number in count.values)
            if goal.is_reached_by(results):
                yield LoopBody(
                    lines=(
                        f"a, b = {start[0]}, {start[1]}",
                        f"for _ in range({count.name}):",
                        f"    a, b = {first.text()}, {second.text()}",
                        "return a",
                    ),
                    cost=first.cost + second.cost + _LOOP_COST,
                )


def _shrinking_pairs(
    goal: Goal, left: Expression, right: Expression, operations: Sequence[Operation]
) -> Iterator[LoopBody | None]:
    """Step two parameters together until the second one is zero."""
    steps = _pair_steps(operations)
    for first, second in product(steps, steps):
        yield None
        if "b" not in first.variables or not second.variables >= {"a", "b"}:
            continue
        step = _paired(first, second)
        results = (
            _exhaust(step, a, b) for a, b in zip(left.values, right.values, strict=True)
        )
        if goal.is_reached_by(results):
            yield LoopBody(
                lines=(
                    f"a, b = {left.name}, {right.name}",
                    "while b:",
                    f"    a, b = {first.text()}, {second.text()}",
                    "return a",
                ),
                cost=first.cost + second.cost + _LOOP_COST,
            )


Pair = tuple[Value, Value]


def _paired(first: Expression, second: Expression) -> Callable[[Pair], Pair]:
    left, right = compiled(first), compiled(second)

    def step(pair: Pair) -> Pair:
        names = {"a": pair[0], "b": pair[1]}
        return bounded(left(names)), bounded(right(names))

    return step


def _repeat(step: Callable[[Pair], Pair], start: Pair, count: int) -> Value:
    pair = start
    try:
        for _ in range(count):
            pair = step(pair)
    except EXPECTED_ERRORS:
        return FAILED
    return pair[0]


def _exhaust(step: Callable[[Pair], Pair], a: Value, b: Value) -> Value:
    pair = (a, b)
    try:
        for _ in range(_MAX_STEPS):
            if not pair[1]:
                return pair[0]
            pair = step(pair)
    except EXPECTED_ERRORS:
        pass
    return FAILED
