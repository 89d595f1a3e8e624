"""Numbers counted by hand."""

import pytest

from orps_search.candidate import StaticMetrics
from orps_search.static_metrics import measure

CLASS = """\
class C:
    def f(self):
        return 1

    def g(self, x):
        if x:
            return 1
"""


@pytest.mark.parametrize(
    ("code", "cyclomatic", "cognitive"),
    [
        ("def f():\n    return 1\n", 1, 0),
        ("def f(x):\n    if x:\n        return 1\n    return 2\n", 2, 1),
        ("async def f(x):\n    if x:\n        return 1\n", 2, 1),
        # McCabe: one for `if`, one for `and`; cognitive: the same here.
        ("def f(x, y):\n    if x and y:\n        return 1\n", 3, 2),
        # A nested decision costs cognition twice.
        ("def f(x):\n    for y in x:\n        if y:\n            return y\n", 3, 3),
        # Each function has a way through, so a closure counts for itself.
        ("def f():\n    def g(x):\n        if x:\n            return 1\n", 3, 2),
        (CLASS, 3, 1),
    ],
)
def test_complexity(code: str, cyclomatic: int, cognitive: int) -> None:
    metrics = measure(code)
    assert (metrics.cyclomatic, metrics.cognitive) == (cyclomatic, cognitive)


def test_size() -> None:
    metrics = measure("import re\n\n\ndef f():\n    return 1\n")
    assert metrics.lines == 3
    # Module, Import, alias, FunctionDef, arguments, Return, Constant
    assert metrics.ast_nodes == 7


@pytest.mark.parametrize("code", ["def f(", "\0", "x" + ")" * 5])
def test_what_does_not_parse_is_not_measured(code: str) -> None:
    assert measure(code) == StaticMetrics()


def test_very_deep_code_is_not_a_fault() -> None:
    unparsable = "def f():\n    return " + "-" * 50_000 + "1\n"
    assert measure(unparsable) == StaticMetrics()
    deep = "def f(x):\n    return " + " + ".join(["x"] * 900) + "\n"
    assert measure(deep).lines == 2
    assert measure(deep).cyclomatic is None
    assert measure(deep).cognitive is None
