"""Small stubs are solved, and what solves them is no table of the tests."""

from typing import Any

import pytest

from orps_search.offline.drafts import drafts_of
from support.offline import bodies, called, first, offline_problem

TASKS: dict[str, tuple[str, str, list[tuple[tuple[Any, ...], Any]]]] = {
    "arithmetic": (
        "def area(w, h):\n    ...\n",
        "assert area(2, 3) == 6\n    assert area(5, 4) == 20",
        [((7, 9), 63)],
    ),
    "constant from the docstring": (
        'def minutes(hours):\n    """An hour has 60 minutes."""\n',
        "assert minutes(2) == 120\n    assert minutes(5) == 300",
        [((3,), 180)],
    ),
    "text": (
        "def shout(text: str):\n    ...\n",
        'assert shout("hi") == "HI!"\n    assert shout("Oh no") == "OH NO!"',
        [(("élan",), "ÉLAN!")],
    ),
    "filter": (
        "def positive(items):\n    ...\n",
        """assert positive([1, -2, 3]) == [1, 3]
    assert positive([-1]) == []
    assert positive([0, 5]) == [5]""",
        [(([9, -9, 8],), [9, 8])],
    ),
    "aggregate": (
        'def total(prices, counts):\n    """Sum of prices times counts."""\n',
        """assert total([2, 3], [4, 5]) == 23
    assert total([10], [7]) == 70
    assert total([], []) == 0""",
        [(([1, 2], [3, 4]), 11)],
    ),
    "key": (
        'def longest(words):\n    """The longest word."""\n',
        """assert longest(["a", "ccc", "dd"]) == "ccc"
    assert longest(["bbb", "zz"]) == 'bbb'""",
        [((["p", "qq", "rrr", "ss"],), "rrr")],
    ),
    "decision": (
        "def size(n):\n    ...\n",
        """assert size(1) == "small"
    assert size(4) == "small"
    assert size(10) == "large"
    assert size(99) == 'large'""",
        [((50,), "large"), ((2,), "small")],
    ),
    "item-wise decision": (
        "def mask(items):\n    ...\n",
        """assert mask([1, -2, 3, 0]) == ['+', '-', '+', '+']
    assert mask([-1, -5, 7]) == ['-', '-', '+']""",
        [(([-3, 3],), ["-", "+"])],
    ),
    "loop": (
        "def fib(n):\n    ...\n",
        """for n, e in [(0, 0), (1, 1), (2, 1), (3, 2), (7, 13), (10, 55)]:
        assert fib(n) == e""",
        [((12,), 144)],
    ),
}


@pytest.mark.parametrize("task", TASKS)
def test_solved_beyond_the_tests(task: str):
    text, tests, further = TASKS[task]
    name = text.partition("(")[0].removeprefix("def ")
    given = offline_problem(text, name, f"def test():\n    {tests}\n")
    (proposal,) = first(drafts_of(given, seed=0), 1)
    function = called(given, proposal.code)
    for arguments, expected in further:
        assert function(*arguments) == expected, proposal.code


def test_a_guard_raises_what_the_tests_expect():
    given = offline_problem(
        'def mean(xs):\n    """The mean."""\n',
        "mean",
        """def test():
    assert mean([1, 2]) == 1.5
    assert mean([4, 4, 1]) == 3
    with pytest.raises(ValueError, match="no data"):
        mean([])
""",
    )
    for proposal in first(drafts_of(given, seed=0), 2):
        function = called(given, proposal.code)
        assert function([2, 4]) == 3
        with pytest.raises(ValueError, match="no data"):
            function([])


def test_attributes_are_variables():
    text = (
        "class Box:\n    def __init__(self, w, h):\n        self.w = w\n"
        "        self.h = h\n\n    @property\n    def area(self):\n        ...\n"
    )
    given = offline_problem(
        text,
        "Box.area",
        """def test():
    assert Box(2, 3).area == 6
    assert Box(5, 4).area == 20
""",
    )
    (proposal,) = first(drafts_of(given, seed=0), 1)
    assert proposal.code.endswith("return self.w * self.h\n")
    assert proposal.code.startswith("@property\n")


def test_what_one_test_expects_is_not_returned_as_a_constant():
    given = offline_problem(
        "def f(n):\n    ...\n",
        "f",
        """def test():
    assert f(1) == 5
    assert f(2) == 6
    assert f(3) == 871
    assert f(4) == 8
""",
    )
    stream = (
        each for each, _ in zip(drafts_of(given, seed=0), range(3000), strict=False)
    )
    assert not any("871" in line for line in bodies(first(stream, 5)))


def test_the_docstring_and_the_header_stay():
    text = 'async def f(\n    a: int, # the only one\n) -> int:\n    """Same.\n\n    Twice."""\n    # soon\n    ...\n'
    given = offline_problem(
        text,
        "f",
        """def test():
    assert asyncio.run(f(2)) == 4
    assert asyncio.run(f(5)) == 10
""",
    )
    (proposal,) = first(drafts_of(given, seed=0), 1)
    assert proposal.code.startswith(text.partition("    # soon")[0])


def test_a_tab_stays_a_tab():
    given = offline_problem(
        "def f(a):\n\tpass\n",
        "f",
        "def test():\n    assert f(2) == 4\n    assert f(3) == 6\n",
    )
    (proposal,) = first(drafts_of(given, seed=0), 1)
    assert "\n\treturn" in proposal.code


def test_a_class_is_left_to_a_model():
    given = offline_problem("class A:\n    def f(self): ...\n", "A", "")
    assert first(drafts_of(given, seed=0), 1) == []


def test_without_examples_nothing_is_proposed():
    given = offline_problem("def f(a):\n    ...\n", "f", "def test():\n    f(g())\n")
    assert first(drafts_of(given, seed=0), 1) == []
