"""Which calls are found in tests and docstrings, as expressions that stand alone."""

import pytest

from orps_search.inputs.harvest import harvested
from support.searching import problem

STACK = """\
class Stack:
    def __init__(self, items=()):
        self._items = list(items)

    def push(self, item):
        ...

    def pop(self):
        return self._items.pop()
"""


def calls(tests: str, text: str = "def f(x): ...\n", name: str = "f") -> list[str]:
    return list(harvested(problem(text, name, test_sources={"test_m.py": tests})))


@pytest.mark.parametrize(
    ("assertion", "expected"),
    [
        ("assert f(1) == 2", ["f(1)"]),
        ("assert 2 == f(1)", ["f(1)"]),
        ("assert not f([])", ["f([])"]),
        ("assert f('a') and f('b')", ["f('a')", "f('b')"]),
        ("assert set(f((1, 2))) == {1}", ["set(f((1, 2)))"]),
        ("assert len(f('ab')) == 2", ["f('ab')"]),
        ("assert abs(f(1) - 2.5) < 1e-6", ["f(1)"]),
        ("assert math.isclose(f(1), 2.5)", ["f(1)"]),
        ("assert f(1) == pytest.approx(2.5)", ["f(1)"]),
        ("x = [1]\n    assert f(x) == 2", ["f([1])"]),
        ("got = f(3)\n    assert got == 2", ["f(3)"]),
        ("x, y = 1, 2\n    assert f(x) == y", ["f(1)"]),
        ("for n, want in [(1, 2), (3, 4)]:\n        assert f(n) == want", ["f(1)", "f(3)"]),
        ("with pytest.raises(ValueError):\n        f(-1)", ["f(-1)"]),
        ("assert f(math.pi) > 1", ["f(__import__('importlib').import_module('math').pi)"]),
        ("assert other(1) == 2", []),
        ("def g(n): return n\n    assert f(g) == 1\n    assert f(2) == 1", ["f(2)"]),
        (
            "x = [2, 1]\n    f(x)\n    assert x == [1, 2]",
            ["(lambda: [*[(x := [2, 1])][1:], f(x), x])()"],
        ),
    ],
)  # fmt: skip
def test_calls_of_one_test_function(assertion: str, expected: list[str]) -> None:
    head = "import math\nimport pytest\nfrom m import f\n\n\ndef test_it():\n    "
    assert calls(f"{head}{assertion}\n") == expected


@pytest.mark.parametrize(
    ("line", "call"),
    [
        ("import m", "m.f(1)"),
        ("import m as it", "it.f(1)"),
        ("from m import f as g", "g(1)"),
        ("from m import *", "f(1)"),
        ("", "f(1)"),
    ],
)
def test_imported_names_become_those_of_the_module(line: str, call: str) -> None:
    assert calls(f"{line}\ndef test_it():\n    assert {call} == 2\n") == ["f(1)"]


def test_parameter_sets() -> None:
    tests = """\
import pytest

@pytest.mark.parametrize("n", [1, pytest.param(2, id="two")])
@pytest.mark.parametrize(("text", "want"), [("a", 1), ("b", 2)])
def test_it(n, text, want):
    assert f(text * n) == want
"""
    expected = ["f('a' * 1)", "f('a' * 2)", "f('b' * 1)", "f('b' * 2)"]
    assert sorted(calls(tests)) == expected


def test_unittest_methods_with_their_set_up() -> None:
    tests = """\
import unittest
from m import Stack

class StackTest(unittest.TestCase):
    def setUp(self):
        self.stack = Stack([1])

    def test_push(self):
        self.stack.push(2)
        self.assertEqual(self.stack.pop(), 2)

    def test_empty(self):
        with self.assertRaises(IndexError):
            Stack().pop()
"""
    bound = "(lambda: [*[(self_stack := Stack([1]))][1:], "
    expected = f"{bound}self_stack.push(2), self_stack.pop()])()"
    assert expected in calls(tests, STACK, "Stack.push")
    assert any("Stack().pop()" in call for call in calls(tests, STACK, "Stack"))


def test_fixtures_and_a_single_use_needs_no_name() -> None:
    tests = """\
import pytest
from m import Stack

@pytest.fixture
def stack():
    made = Stack([1, 2])
    return made

def test_pop(stack):
    assert stack.pop() == 2
"""
    (call,) = calls(tests, STACK, "Stack.pop")
    assert "Stack([1, 2])" in call
    assert call.count(".pop()") == 1


def test_docstring_examples_and_calls_in_prose() -> None:
    text = '''\
def f(x):
    """Twice x.

    >>> f(2)
    4

    For instance f([1, (2)]) -> [1, 2, 1, 2], but not f(x).
    """
'''
    assert calls("", text) == ["f(2)", "f([1, (2)])".replace("(2)", "2")]


def test_objects_that_are_built_step_by_step() -> None:
    tests = """\
from m import f, Node

def test_tree():
    root = Node(1)
    root.left = Node(2)
    assert f(root) == 3
"""
    (call,) = calls(tests)
    assert call == (
        "(lambda: [*[(root := Node(1))][1:], "
        "*[setattr(root, 'left', Node(2))][1:], f(root)])()"
    )


def test_an_async_target_is_awaited_in_a_loop_of_its_own() -> None:
    tests = "async def test_it():\n    assert await f(1) == 2\n"
    (call,) = calls(tests, "async def f(x): ...\n")
    assert call == "__import__('importlib').import_module('asyncio').run(f(1))"


@pytest.mark.parametrize("tests", ["def (", "", "x = 1\n" * 50, "assert f(" + "(" * 99])
def test_what_is_not_understood_is_left_out(tests: str) -> None:
    assert calls(tests) == []
