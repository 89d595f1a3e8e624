"""Refactorings keep behavior: executed on programs that these tests wrote."""

from typing import Any

import pytest

from orps_search.mutation import REFACTORINGS, Operator, mutants
from support.classic_bugs import BUGS, Bug


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_every_check_still_holds(bug: Bug):
    made = list(mutants(bug.right, bug.name, operators=REFACTORINGS))
    assert made
    for mutant in made:
        namespace: dict[str, Any] = {}
        exec(mutant.source, namespace)
        for check in bug.checks:
            assert eval(check, namespace), mutant.source


@pytest.mark.parametrize(
    ("text", "operator", "expected"),
    [
        (
            "def f(a):\n    x = []\n    for i in a:\n        if i:\n            x.append(i * 2)\n    return x\n",
            Operator.LOOP_TO_COMPREHENSION,
            "    x = [i * 2 for i in a if i]\n    return x\n",
        ),
        (
            "def f(a):\n    return [i * 2 for i in a if i]  # twice\n",
            Operator.COMPREHENSION_TO_LOOP,
            "    collected = []\n    for i in a:\n        if i:\n            collected.append(i * 2)\n    return collected  # twice\n",
        ),
        (
            "def f(a, b):\n    if not (a and b):\n        return 1\n    return 2\n",
            Operator.DE_MORGAN,
            "    if not (a) or not (b):\n",
        ),
        (
            "def f(a):\n    if a:\n        return 1\n    else:\n        b = 2\n        return b\n",
            Operator.EARLY_RETURN,
            "        return 1\n    b = 2\n    return b\n",
        ),
        (
            "def f(a):\n    return a + 1\n",
            Operator.EXTRACT_VARIABLE,
            "    result = a + 1\n    return result\n",
        ),
    ],
)
def test_what_each_writes(text: str, operator: Operator, expected: str):
    sources = [each.source for each in mutants(text, "f", operators={operator})]
    assert any(expected in source for source in sources), sources


@pytest.mark.parametrize(
    "text",
    [
        # The loop's variable lives on, what is collected is looked at, or a handler
        # sees what is half done.
        "def f(a):\n    x = []\n    for i in a:\n        x.append(i)\n    return x, i\n",
        "def f(a):\n    x = []\n    for i in a:\n        x.append(len(x))\n    return x\n",
        "def f(a):\n    i = 1\n    return [i for i in a] + [i]\n",
        "def f(a):\n    try:\n        x = []\n        for i in a:\n            x.append(1 / i)\n    except ZeroDivisionError:\n        pass\n    return x\n",
        "def f(a):\n    global x\n    x = []\n    for i in a:\n        x.append(i)\n",
    ],
)
def test_what_is_not_safe_is_left_alone(text: str):
    loops = {Operator.LOOP_TO_COMPREHENSION, Operator.COMPREHENSION_TO_LOOP}
    assert list(mutants(text, "f", operators=loops)) == []
