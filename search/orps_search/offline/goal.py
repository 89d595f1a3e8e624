"""What a synthesized body must do: the examples, as bit masks over points."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from orps_search.offline.example import Example, Raises, Returns
from orps_search.offline.expression import Expression
from orps_search.offline.values import Value, common_kind

_ANNOTATED = frozenset({"bool", "dict", "float", "int", "list", "set", "str", "tuple"})
_NUMBERS = frozenset({"int", "float"})


@dataclass(frozen=True, kw_only=True)
class Goal:
    """One point per example; bit `i` of a mask stands for point `i`."""

    examples: tuple[Example, ...]
    annotation: str = ""
    """What the signature says about the result, as it is written there."""

    @property
    def n_points(self) -> int:
        return len(self.examples)

    @cached_property
    def returning(self) -> int:
        """The mask of the examples that return a value."""
        return mask_of(isinstance(each.expectation, Returns) for each in self.examples)

    @cached_property
    def expected(self) -> tuple[Value, ...]:
        """Return the values of the returning examples, without repeats, in order."""
        values = [
            each.expectation.value
            for each in self.examples
            if isinstance(each.expectation, Returns)
        ]
        return tuple({repr(value): value for value in values}.values())

    def expected_counts(self) -> Iterator[tuple[Value, int]]:
        """Yield each expected value with the number of examples that expect it."""
        keys = [
            repr(each.expectation.value)
            for each in self.examples
            if isinstance(each.expectation, Returns)
        ]
        for value in self.expected:
            yield value, keys.count(repr(value))

    @property
    def is_predicate(self) -> bool:
        """Whether all that is asked for is a truth value."""
        return self._kind == "bool"

    @cached_property
    def _kind(self) -> str:
        """The kind that results must have; `other` when it cannot be told."""
        returns = [
            each.expectation
            for each in self.examples
            if isinstance(each.expectation, Returns)
        ]
        if all(each.views == ("bool",) for each in returns):
            # `assert f(x)` accepts much; a person means a truth value.
            return "bool"
        if any(each.views for each in returns):
            return "other"
        kind = common_kind([each.value for each in returns])
        annotated = self.annotation.partition("[")[0]
        return annotated if kind == "other" and annotated in _ANNOTATED else kind

    @cached_property
    def raising(self) -> tuple[tuple[Raises, int], ...]:
        """Each kind of failure with the mask of the examples that expect it."""
        groups: dict[Raises, int] = {}
        for index, example in enumerate(self.examples):
            if isinstance(example.expectation, Raises):
                known = groups.get(example.expectation, 0)
                groups[example.expectation] = known | 1 << index
        return tuple(groups.items())

    def variables(self) -> Iterator[tuple[str, tuple[Value, ...]]]:
        """Yield the names that all examples know, each with its values."""
        first, *others = self.examples
        for name in first.variables:
            if all(name in other.variables for other in others):
                yield name, tuple(each.variables[name] for each in self.examples)

    @cached_property
    def variable_names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.variables())

    def may_fit(self, expression: Expression) -> bool:
        """Tell quickly that an expression cannot be of use as a result."""
        wanted, kind = self._kind, expression.kind
        if wanted == "bool":
            return kind == "bool"
        if wanted == kind or "other" in (wanted, kind) or kind == "none":
            return True
        return wanted in _NUMBERS and kind in _NUMBERS

    def is_reached_by(self, values: Iterable[Value]) -> bool:
        """Return whether all returning examples are satisfied; stop at the first not."""
        pairs = zip(self.examples, values, strict=True)
        return all(
            example.expectation.agrees(value)
            for example, value in pairs
            if isinstance(example.expectation, Returns)
        )

    def mask(self, values: Sequence[Value]) -> int:
        """Return which examples a vector of results satisfies."""
        mask = 0
        for index, (example, value) in enumerate(
            zip(self.examples, values, strict=True)
        ):
            expectation = example.expectation
            if isinstance(expectation, Returns) and expectation.agrees(value):
                mask |= 1 << index
        return mask


def mask_of(bits: Iterator[bool] | Sequence[bool]) -> int:
    """Return the number whose bit `i` says whether the `i`-th is true."""
    return sum(1 << index for index, bit in enumerate(bits) if bit)


def words_of(text: str) -> frozenset[str]:
    """Return the lower-case words of names and prose; `snake_case` is two words."""
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", text).replace("_", " ")
    return frozenset(re.findall(r"[a-z]{2,}", spaced.lower()))
