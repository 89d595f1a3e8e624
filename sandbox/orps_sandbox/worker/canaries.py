"""Tests that cannot pass, planted among those that run beside a candidate.

Where the two share an interpreter, code that was written to deceive can have everything
reported as passed; mostly it then has these reported so, too. Their names are drawn for
each run, and they stand in the modules of the real tests.
"""

from __future__ import annotations

import unittest
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _by_assertion() -> None:
    assert [] == [None]


def _by_unittest() -> None:
    unittest.TestCase().assertEqual({1: 2}, {1: 3})  # noqa: PT009 - the other way to fail


def _by_pytest() -> None:
    pytest.fail("as it has to")


_WAYS: tuple[Callable[[], None], ...] = (_by_assertion, _by_unittest, _by_pytest)


def plant(
    cases: list[pytest.Item], names: Sequence[str], *, collected: Sequence[pytest.Item]
) -> list[str]:
    """Put the first before all other cases, and the rest among and after them.

    Returns the ids; none where nothing that was collected has a module to put them into.
    """
    modules = [item.getparent(pytest.Module) for item in cases or collected]
    parents = [module for module in modules if type(module) is pytest.Module]
    if not parents:
        return []
    planted: list[str] = []
    n_cases = len(cases)
    function: Any = pytest.Function
    for index, name in enumerate(names):
        place = index * n_cases // max(len(names) - 1, 1)
        parent = parents[min(place, len(parents) - 1)]
        way = _WAYS[int(name[-2:], 16) % len(_WAYS)]
        canary = function.from_parent(parent, name=name, callobj=way)
        cases.insert(place + index, canary)
        planted.append(canary.nodeid)
    return planted
