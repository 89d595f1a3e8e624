"""Names that a candidate needs and that nothing defines."""

import pytest

from orps_search.source.unresolved import unresolved_names

MODULE = "import math\nfrom os import path as where\nLIMIT = 3\n\n\n{code}"


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("def f(x):\n    return math.floor(x) + LIMIT\n", ()),
        ("def f(x):\n    return helper(x)\n", ("helper",)),
        ("def f(x):\n    if x:\n        return a\n    return lambda: b\n", ("a", "b")),
        ("def f(x):\n    return [y for y in x if len(where) > y]\n", ()),
        ("def f(x):\n    def g():\n        return x\n    return g()\n", ()),
        ("def f(x):\n    return f(x - 1)\n", ()),
        ("class A:\n    y = 1\n    def m(self):\n        return y\n", ("y",)),
        (
            "def f():\n    global made\n    made = 1\n\n\ndef g():\n    return made\n",
            (),
        ),
        (
            "def f():\n    try:\n        pass\n    except E as e:\n        print(e)\n",
            ("E",),
        ),
        ("def f(x):\n    return globals()[x] or later\n", ()),
        ("def f(x) -> Missing:\n    return __name__\n", ("Missing",)),
    ],
)
def test_names_that_nothing_defines(code: str, names: tuple[str, ...]):
    assert unresolved_names(MODULE.format(code=code), code) == names


def test_a_star_import_may_bring_anything():
    code = "def f(x):\n    return helper(x)\n"
    assert unresolved_names("from os import *\n" + code, code) == ()


def test_what_does_not_parse_tells_nothing():
    assert unresolved_names("def f(:", "def f(:") == ()
