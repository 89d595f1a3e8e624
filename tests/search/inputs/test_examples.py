"""What docstrings say that calls give."""

import pytest

from orps_search.inputs.examples import MAX_CHECKS, example_checks
from support.searching import problem


def checks(docstring: str, name: str = "f") -> tuple[str, ...]:
    text = f'def {name}(x, y=0):\n    """{docstring}"""\n    ...\n'
    return example_checks(problem(text, name))


@pytest.mark.parametrize(
    ("docstring", "expected"),
    [
        (">>> f(2)\n    4\n    ", ("(f(2)) == 4",)),
        (
            ">>> f([1, 'a'], y=2)\n    [1,   'a']\n    ",
            ("(f([1, 'a'], y=2)) == [1, 'a']",),
        ),
        ("f(2) -> 4", ("(f(2)) == 4",)),
        ("f((1, 2)) => [3] for instance", ("(f((1, 2))) == [3]",)),
        (
            "So `f('a)') == 'b'`, and f(1) returns None.",
            (
                "(f('a)')) == 'b'",
                "(f(1)) == None",
            ),
        ),
        ("f(1) ➞ -2.5", ("(f(1)) == -2.5",)),
        # Twice the same is one; what holds names or no literal says nothing.
        (">>> f(2)\n    4\n    f(2) -> 4", ("(f(2)) == 4",)),
        ("f(n) -> 4, f() -> 1, f(1) -> n, g(1) -> 2", ()),
        (">>> x = f(2)\n    >>> x\n    4\n    ", ()),
        ("f(2) is nice", ()),
        ("", ()),
    ],
)
def test_what_is_said_of_calls(docstring: str, expected: tuple[str, ...]):
    assert checks(docstring) == expected


def test_there_is_a_bound():
    assert len(checks("\n".join(f"f({n}) -> {n}" for n in range(1, 50)))) == MAX_CHECKS


def test_methods_have_no_object_to_be_called_on():
    text = 'class A:\n    def f(self, x):\n        """f(2) -> 4"""\n        ...\n'
    assert example_checks(problem(text, "A.f")) == ()
