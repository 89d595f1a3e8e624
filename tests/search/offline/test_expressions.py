"""What an expression's text means is what its values say."""

import collections
import itertools
import math
import statistics
from collections.abc import Iterable
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orps_search.offline.bank import Bank
from orps_search.offline.expression import Expression, constant, variable
from orps_search.offline.operations import OPERATIONS, operations_for
from orps_search.offline.sources import iterations
from orps_search.offline.values import FAILED, bounded, common_kind, identity

MODULES = {
    "math": math,
    "statistics": statistics,
    "itertools": itertools,
    "collections": collections,
}
VALUES: dict[str, tuple[Any, ...]] = {
    "n": (3, 0, -2),
    "x": (0.5, 2.0, -1.5),
    "text": ("a Bc", "", "zz top"),
    "items": ([3, 1, 2], [], [5, 5]),
    "words": (["b", "a"], ["x"], []),
    "table": ({"a": 1}, {}, {"b": 2, "c": 3}),
}


def leaves_of(names: Iterable[str]) -> list[Expression]:
    leaves = [variable(name, VALUES[name]) for name in names]
    return leaves + [constant(value, 3, cost=2) for value in (1, 2, " ")]


def agrees(expression: Expression, names: Iterable[str]) -> bool:
    for index in range(3):
        expected = expression.values[index]
        scope = {name: VALUES[name][index] for name in names}
        if expected is FAILED:
            continue
        actual: Any = eval(expression.text(), {**MODULES, **scope})
        if isinstance(actual, (zip, range)):
            actual = [*actual]
        if repr(actual) != repr(expected):
            return False
    return True


@settings(max_examples=25, deadline=None)
@given(
    names=st.sets(st.sampled_from(sorted(VALUES)), min_size=1, max_size=2),
    start=st.integers(0, 400),
)
def test_the_text_of_an_expression_computes_its_values(names: Any, start: int):
    bank = Bank(leaves_of(sorted(names)), OPERATIONS)
    grown = (each for _ in range(7) for each in bank.grow() if each is not None)
    for expression in islice(grown, start, start + 60):
        assert agrees(expression, names), expression.text()


@pytest.mark.parametrize("names", [["items"], ["text"], ["n"], ["table"], ["words"]])
def test_the_text_of_a_comprehension_computes_its_values(names: Any):
    leaves = leaves_of(names)
    found = [
        expression
        for iteration in iterations(leaves, OPERATIONS)
        for cost in range(1, 8)
        for expression in iteration.at(cost)
        if expression is not None
    ]
    assert len(found) > 20
    for expression in found:
        assert agrees(expression, names), expression.text()


def test_of_expressions_that_agree_only_the_first_is_kept():
    bank = Bank(leaves_of(["n"]), OPERATIONS)
    for _ in range(6):
        list(bank.grow())
    keys = [identity(each.values) for each in bank.up_to(6)]
    assert len(keys) == len(set(keys))


def test_the_same_leaves_give_the_same_expressions():
    def texts() -> list[str]:
        bank = Bank(leaves_of(["items", "n"]), OPERATIONS)
        return [e.text() for _ in range(5) for e in bank.grow() if e is not None]

    assert texts() == texts()


def test_a_word_makes_an_operation_cheaper():
    plain = {each.template: each.cost for each in operations_for(frozenset())}
    hinted = {each.template: each.cost for each in operations_for(frozenset({"upper"}))}
    assert hinted["{0}.upper()"] < plain["{0}.upper()"]
    assert hinted["{0}.lower()"] == plain["{0}.lower()"]


@pytest.mark.parametrize(
    "value", [1 << 300, -(1 << 300), "x" * 2000, [0] * 2000, {*range(2000)}]
)
def test_large_values_are_refused(value: Any):
    with pytest.raises(OverflowError):
        bounded(value)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ((1, 2), "int"),
        ((1, 2.5), "float"),
        ((1, None), "int"),
        ((1, FAILED), "int"),
        ((True, 1), "other"),
        ((None, None), "none"),
        ((1, "a"), "other"),
    ],
)
def test_kinds(values: tuple[Any, ...], kind: str):
    assert common_kind(values) == kind


def test_equal_values_of_different_types_are_told_apart():
    assert len({identity((value,)) for value in (1, 1.0, True)}) == 3
    assert identity(({1, 2},)) == identity(({2, 1},))
