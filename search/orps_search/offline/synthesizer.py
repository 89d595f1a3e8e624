"""Searches the programs of a problem, simplest first, in slices of bounded work."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from orps_search.offline.bank import Bank
from orps_search.offline.branching import Guard, Halves
from orps_search.offline.expression import Expression
from orps_search.offline.goal import Goal, words_of
from orps_search.offline.iteration import Iteration
from orps_search.offline.loops import LoopBody, loop_bodies
from orps_search.offline.operations import operations_for
from orps_search.offline.reading.subject import Subject
from orps_search.offline.solution import Solution
from orps_search.offline.sources import iterations
from orps_search.offline.vocabulary import leaves_of

MAX_TRIED: Final = 1_500_000
_MAX_COST: Final = 16
_UNUSED_COST: Final = 3
_MAX_SERVED: Final = 4
_MAX_DETOUR: Final = 4
_MAX_PARTIALS_SERVED: Final = 6
_MAX_DECISIONS_PER_LEVEL: Final = 6
_LEVELS_AFTER_FIRST: Final = 2
_FIRST_DECISION_LEVEL: Final = 3
_FIRST_LOOP_LEVEL: Final = 7
_LOOP_SHARE: Final = 40_000
_NO_MORE: Final = object()


class Synthesizer:
    """All programs of one goal; iterate `solutions`."""

    def __init__(self, goal: Goal, subject: Subject, prose: str) -> None:
        words = words_of(f"{subject.qualname} {prose}")
        operations = operations_for(words)
        leaves = leaves_of(goal, subject, prose, words)
        self._goal = goal
        self._subject = subject
        self._bank = Bank(leaves, operations)
        self._iterations: list[Iteration] = iterations(leaves, operations)
        for iteration in self._iterations:
            iteration.aim(goal)
        self._loops = loop_bodies(goal, leaves, operations)
        self._halves = Halves(goal)
        self._pending: dict[str, _Body] = {}
        self._served: set[str] = set()
        self._first_level: int | None = None
        self._cheapest = 0

    @property
    def n_tried(self) -> int:
        return self._bank.n_tried + sum(each.n_tried for each in self._iterations)

    def solutions(self) -> Iterator[Solution | None]:
        """Yield complete solutions, then the best partial ones; `None` after slices."""
        for level in range(1, _MAX_COST + 1):
            for expression in self._expressions(level):
                if expression is not None:
                    self._consider(expression)
                yield None
                if self.n_tried > MAX_TRIED:
                    break
            yield from self._decide(level)
            if level >= _FIRST_LOOP_LEVEL and self._first_level is None:
                yield from self._advance_loops()
            yield from self._ripe(level)
            if self._is_enough(level):
                break
        yield from self._ripe(_MAX_COST * 4)
        if not self._served:
            yield from self._best_partials()

    def _is_enough(self, level: int) -> bool:
        if self.n_tried > MAX_TRIED or len(self._served) >= _MAX_SERVED:
            return True
        first = self._first_level
        return first is not None and level >= first + _LEVELS_AFTER_FIRST

    def _expressions(self, level: int) -> Iterator[Expression | None]:
        yield from self._bank.grow()
        for iteration in self._iterations:
            for expression in iteration.at(level):
                if expression is None or self._bank.add(expression):
                    yield expression

    def _consider(self, expression: Expression) -> None:
        halves = self._halves
        if expression.kind == "bool":
            halves.add_predicate(expression)
        if expression.cost <= _FIRST_DECISION_LEVEL and not expression.is_constant:
            halves.add_split(expression)
        if not self._goal.may_fit(expression):
            return
        mask = self._goal.mask(expression.values)
        if mask == 0:
            return
        halves.add_result(expression, mask)
        if mask == self._goal.returning and self._may_be_result(expression):
            self._found((f"return {expression.text()}",), expression.cost, "expression")

    def _may_be_result(self, expression: Expression) -> bool:
        """A constant is a result only where nothing could be computed from."""
        return bool(expression.variables) or not self._goal.variable_names

    def _found(self, lines: tuple[str, ...], cost: int, how: str) -> None:
        text = "\n".join(lines)
        if text not in self._served:
            cost += _UNUSED_COST * self._n_unused(text)
            self._pending.setdefault(text, _Body(lines=lines, cost=cost, how=how))

    def _n_unused(self, text: str) -> int:
        return sum(name not in text for name in self._subject.signature.names)

    def _decide(self, level: int) -> Iterator[None]:
        if level < _FIRST_DECISION_LEVEL or self._first_level is not None:
            return
        for iteration in self._iterations:
            for found in iteration.decided():
                yield None
                if found is not None:
                    self._found((f"return {found[0]}",), found[1], "comprehension")
        n_found = 0
        for decision in self._halves.decisions():
            yield None
            if decision is not None:
                self._found(tuple(decision.lines()), decision.cost, "decision")
                n_found += 1
                if n_found >= _MAX_DECISIONS_PER_LEVEL:
                    return

    def _advance_loops(self) -> Iterator[None]:
        """Give the loops a share of the work of each level."""
        for _ in range(_LOOP_SHARE):
            body = next(self._loops, _NO_MORE)
            if body is _NO_MORE:
                return
            if isinstance(body, LoopBody):
                self._found(body.lines, body.cost, "loop")
            yield None

    def _ripe(self, level: int) -> Iterator[Solution]:
        """Serve what nothing cheaper can come before; unused parameters cost.

        Guards are chosen only now, when there are enough predicates to choose from.
        """
        guards = self._halves.guards()
        is_last = level > _MAX_COST
        if level < _FIRST_DECISION_LEVEL or (guards is None and not is_last):
            return
        head = tuple(_guard_lines(guards or ()))
        ready = [each for each in self._pending.values() if each.cost <= level + 2]
        for body in sorted(ready, key=lambda each: each.cost):
            self._cheapest = self._cheapest or body.cost
            text = "\n".join(body.lines)
            del self._pending[text]
            if len(self._served) >= _MAX_SERVED:
                return
            if body.cost > self._cheapest + _MAX_DETOUR:
                # What is far from the simplest solution is no alternative to it.
                return
            self._served.add(text)
            self._first_level = self._first_level or level
            returning = self._goal.returning.bit_count()
            yield Solution(
                lines=(*head, *body.lines),
                cost=body.cost,
                n_matched=returning if guards is None else self._goal.n_points,
                n_examples=self._goal.n_points,
                how=body.how,
            )

    def _best_partials(self) -> Iterator[Solution]:
        partials = sorted(
            (item for item in self._halves.partials if item[1].variables),
            key=lambda item: (-item[0].bit_count(), item[1].cost),
        )
        for mask, expression in partials[:_MAX_PARTIALS_SERVED]:
            yield Solution(
                lines=(f"return {expression.text()}",),
                cost=expression.cost,
                n_matched=mask.bit_count(),
                n_examples=self._goal.n_points,
                how="expression",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """A solution of the examples that return; guards are still to come."""

    lines: tuple[str, ...]
    cost: int
    how: str


def _guard_lines(guards: tuple[Guard, ...]) -> Iterator[str]:
    for test, raises in guards:
        message = raises.message or _complaint(test.text)
        yield f"if {test.text}:"
        yield f"    raise {raises.exception}({message!r})"


def _complaint(test: str) -> str:
    """Put a guard's condition into words for the exception."""
    if test.startswith("not ") and test.removeprefix("not ").isidentifier():
        return f"{test.removeprefix('not ')} is empty"
    return f"not allowed: {test}"
