"""Expression trees: what they compute on the examples, and how they read."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from orps_search.offline.values import (
    EXPECTED_ERRORS,
    FAILED,
    Value,
    common_kind,
)

Apply = (
    Callable[[Any], Any] | Callable[[Any, Any], Any] | Callable[[Any, Any, Any], Any]
)
"""What an operation computes; as many operands as its template has places."""

# Subscribing an alias costs more than most operations, so both are made once.
_Function = Callable[..., Value]
_NO_NAMES: frozenset[str] = frozenset()


class Precedence(enum.IntEnum):
    """Python's, loosest first; a child that binds looser is parenthesized."""

    CONDITIONAL = 0
    OR = 1
    AND = 2
    NOT = 3
    COMPARE = 4
    BIT_OR = 5
    BIT_XOR = 6
    BIT_AND = 7
    SHIFT = 8
    ADD = 9
    MULTIPLY = 10
    UNARY = 11
    POWER = 12
    ATOM = 13


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Operation:
    """One way to build an expression from smaller ones."""

    template: str
    """`{0}`, `{1}` stand for the operands."""
    operands: tuple[frozenset[str], ...]
    """The kinds (`values.kind_of`) that each operand may have."""
    apply: Apply
    cost: int = 2
    precedence: Precedence = Precedence.ATOM
    needs: tuple[Precedence, ...] = ()
    """The loosest precedence of each operand that needs no parentheses; missing
    entries mean none ever does."""
    caps: tuple[int, ...] = ()
    """The highest cost of each operand, where trees must stay small."""
    words: tuple[str, ...] = ()
    """Beginnings of words which, in a name or docstring, suggest this operation."""
    commutative: bool = False
    variable_first: bool = False
    """The first operand is never a constant: `n > 0`, not `0 < n`."""
    consumes: bool = False
    """A call that takes any iterable, so a generator will do for a list."""
    is_comprehension: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Expression:
    """A tree with its value on every example, which is what identifies it."""

    operation: Operation | None
    """`None` for a variable or a constant."""
    children: tuple["Expression", ...] = ()
    name: str = ""
    """The source text of a variable or a constant."""
    cost: int
    values: tuple[Value, ...]
    kind: str
    is_constant: bool = False
    variables: frozenset[str] = field(default_factory=frozenset[str])
    may_fail: bool = False
    """Some value is FAILED, which no operation may ever see."""

    @property
    def precedence(self) -> Precedence:
        if self.operation is None:
            negative = self.is_constant and self.name.startswith("-")
            return Precedence.UNARY if negative else Precedence.ATOM
        return self.operation.precedence

    def text(self) -> str:
        """Return Python source."""
        operation = self.operation
        if operation is None:
            return self.name
        texts: list[str] = []
        for index, child in enumerate(self.children):
            text = child.text()
            needs = operation.needs[index : index + 1]
            if needs and child.precedence < needs[0]:
                text = f"({text})"
            texts.append(text)
        if operation.consumes and _is_list_comprehension(self.children[-1]):
            texts[-1] = texts[-1][1:-1]
        return operation.template.format(*texts)


def _is_list_comprehension(child: Expression) -> bool:
    operation = child.operation
    return (
        operation is not None
        and operation.is_comprehension
        and operation.template.startswith("[")
    )


def variable(name: str, values: tuple[Value, ...], *, cost: int = 1) -> Expression:
    return Expression(
        operation=None,
        name=name,
        cost=cost,
        values=values,
        kind=common_kind(values),
        variables=frozenset({name}),
    )


def constant(value: Value, n_points: int, *, cost: int) -> Expression:
    return Expression(
        operation=None,
        name=repr(value),
        cost=cost,
        values=(value,) * n_points,
        kind=common_kind((value,)),
        is_constant=True,
    )


def applied(
    operation: Operation, children: tuple[Expression, ...]
) -> tuple[Value, ...] | None:
    """Apply an operation on all examples; `None` when it mostly fails."""
    values: list[Value] = []
    n_failed = 0
    n_allowed = len(children[0].values) // 2
    apply = cast(_Function, operation.apply)
    may_fail = any(child.may_fail for child in children)
    for operands in zip(*[child.values for child in children], strict=True):
        try:
            if may_fail and any(operand is FAILED for operand in operands):
                raise ValueError
            values.append(apply(*operands))
        except EXPECTED_ERRORS:
            n_failed += 1
            if n_failed > n_allowed:
                return None
            values.append(FAILED)
    return tuple(values)


def composed(
    operation: Operation,
    children: tuple[Expression, ...],
    cost: int,
    values: tuple[Value, ...],
) -> Expression:
    """Build an expression whose values are already known."""
    return Expression(
        operation=operation,
        children=children,
        cost=cost,
        values=values,
        kind=common_kind(values),
        variables=_NO_NAMES.union(*[child.variables for child in children]),
        may_fail=FAILED in values,
    )


Environment = Mapping[str, Value]


def compiled(expression: Expression) -> Callable[[Environment], Value]:
    """Turn a tree into a function of its variables; it raises what its parts raise."""
    operation = expression.operation
    if operation is None:
        if expression.is_constant:
            value = expression.values[0]
            return lambda _: value
        name = expression.name
        return lambda environment: environment[name]
    apply = cast(_Function, operation.apply)
    match [compiled(child) for child in expression.children]:
        case [only]:
            return lambda environment: apply(only(environment))
        case [left, right]:
            return lambda environment: apply(left(environment), right(environment))
        case parts:
            return lambda environment: apply(*[part(environment) for part in parts])
