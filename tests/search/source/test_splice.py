"""A reply's code in place of a body, whatever shape it came in."""

import textwrap

import pytest

from orps_search.source.splice import Misplacement, place
from support.placing import misplaced, placed, placement_of, target_in

STUB = '''\
"""Statistics."""

import os


def mean(values):
    """The mean.

    >>> mean([1])
    1
    """
    # TODO
    pass


x = 1
'''


def check(code: str, body: str, *, text: str = STUB, imports: str = "") -> None:
    """`code` leads to `body` in place of the stub's, and to nothing else."""
    old = "    # TODO\n    pass\n"
    expected = text.replace(old, textwrap.indent(textwrap.dedent(body), "    "))
    expected = expected.replace("import os\n", f"import os\n{imports}")
    assert placed(text, "mean", textwrap.dedent(code)) == expected


BODY = "total = sum(values)\nreturn total / len(values)\n"


@pytest.mark.parametrize(
    "code",
    [
        f"def mean(values):\n{textwrap.indent(BODY, '    ')}",
        f'def mean(values):\n    """Mine."""\n\n{textwrap.indent(BODY, "    ")}',
        f"async def mean(values):  # new\n{textwrap.indent(BODY, '  ')}",
        BODY,
        textwrap.indent(BODY, "    "),
        textwrap.indent(BODY, "\t"),
        textwrap.indent(BODY, "    ").lstrip(),
        BODY.replace("\n", "\r\n"),
        (
            f"import os\n\n\ndef mean(values):\n{textwrap.indent(BODY, '    ')}\n\n"
            "assert mean([1]) == 1\n\nif __name__ == '__main__':\n    print(mean([2]))\n"
        ),
        f"def mean(values):\n    return 0\n\ndef mean(values):\n{textwrap.indent(BODY, '    ')}",
        f"def mean(values):\n{textwrap.indent(BODY, '    ')}\ndef cut_off(x):\n    return (x",
        f"def average(values):\n    pass\n\ndef mean(values):\n{textwrap.indent(BODY, '        ')}",
    ],
)
def test_shapes_of_a_function(code: str) -> None:
    check(code, BODY)


def test_the_docstring_that_is_there_stays() -> None:
    text = placed(STUB, "mean", 'def mean(values):\n    "Mine."\n    return 1\n')
    assert ">>> mean([1])" in text
    assert "Mine" not in text


def test_a_class_around_the_function_is_nested_and_called() -> None:
    method = f"    def mean(self, values):\n{textwrap.indent(BODY, ' ' * 8)}"
    solution = f"class Solution:\n{method}"
    for around in ("", "\n\ndef main():\n    print(Solution().mean([1]))\n"):
        check(solution + around, f"{solution}\nreturn Solution().mean(values)\n")


def test_a_docstring_that_the_reply_repeats_goes_with_the_first() -> None:
    docstrings = '    """The mean."""\n    """Again."""\n'
    check(f"def mean(values):\n{docstrings}{textwrap.indent(BODY, '    ')}", BODY)


def test_a_new_docstring_is_kept_where_there_was_none() -> None:
    text = placed(
        "class A:\n    def f(self): ...\n",
        "A.f",
        'def f(self):\n    """Doc.\n\n    More.\n    """\n    return 1\n',
    )
    assert text == (
        'class A:\n    def f(self):\n        """Doc.\n\n        More.\n        """\n'
        "        return 1\n"
    )


def test_comments_of_the_reply_come_along() -> None:
    body = "# why\nreturn 1  # how\n# end\n"
    check(f"def mean(values):\n{textwrap.indent(body, '    ')}", body)


@pytest.mark.parametrize(
    ("stub", "expected"),
    [
        ("def f(x): ...\n", "def f(x):\n    return x\n"),
        ("def f(x): ...", "def f(x):\n    return x"),
        ("def f(x): pass; pass  # no\n", "def f(x):\n    return x\n"),
        ("def f(x):  # keep\n    pass\n", "def f(x):  # keep\n    return x\n"),
        ("def f(x):", "def f(x):\n    return x"),
        ("def f(x):  # keep", "def f(x):  # keep\n    return x"),
        ('def f(x): "doc"\n', 'def f(x):\n    "doc"\n    return x\n'),
        ('def f(x):\n  "doc"; pass\n', 'def f(x):\n  "doc"\n  return x\n'),
        (
            'def f(x):\n  "doc"  # keep\n\n  pass\n',
            'def f(x):\n  "doc"  # keep\n  return x\n',
        ),
        (
            "class A:\n\tdef f(self, x):\n\t\tpass\n",
            "class A:\n\tdef f(self, x):\n\t\treturn x\n",
        ),
        ("if 1:\n   def f(x): ...\n", "if 1:\n   def f(x):\n      return x\n"),
        (
            "def f(x): ...\n\fclass B:\n  y = 1\n",
            "def f(x):\n  return x\n\fclass B:\n  y = 1\n",
        ),
        (
            "def f(\n    x,\n) -> int: ...\n",
            "def f(\n    x,\n) -> int:\n    return x\n",
        ),
    ],
)
def test_shapes_of_a_stub(stub: str, expected: str) -> None:
    qualname = "A.f" if stub.startswith("class") else "f"
    assert placed(stub, qualname, "return x\n") == expected


def test_the_document_decides_on_indentation_and_line_ends() -> None:
    text = "class A:\r\n\tdef f(self, x):\r\n\t\tpass\r\n\r\n\ty = 1\r\n"
    code = "def f(self, x):\n  if x:\n    # why\n    return call(x,\n                x)\n  return '''\n  é\n'''\n"
    assert placed(text, "A.f", code) == (
        "class A:\r\n\tdef f(self, x):\r\n\t\tif x:\r\n\t\t\t# why\r\n"
        "\t\t\treturn call(x,\r\n\t\t\t            x)\r\n"
        "\t\treturn '''\r\n  é\r\n'''\r\n\r\n\ty = 1\r\n"
    )


@pytest.mark.parametrize(
    ("code", "imports", "body"),
    [
        (
            "import math\n\ndef mean(values):\n    return math.pi\n",
            "import math\n",
            "return math.pi\n",
        ),
        ("import math\nreturn math.pi\n", "import math\n", "return math.pi\n"),
        (
            "from typing import List, Dict\n\ndef mean(values: List):\n    x: Dict = {}\n    return x\n",
            "from typing import Dict\n",
            "x: Dict = {}\nreturn x\n",
        ),
        (
            "from collections import Counter, deque as dq\ndef mean(values):\n    return dq(values)\n",
            "from collections import deque as dq\n",
            "return dq(values)\n",
        ),
        ("import os\ndef mean(values):\n    return os.sep\n", "", "return os.sep\n"),
        (
            "import os.path\ndef mean(values):\n    return os.path.sep\n",
            "import os.path\n",
            "return os.path.sep\n",
        ),
        (
            "from math import *\ndef mean(values):\n    return pi\n",
            "from math import *\n",
            "return pi\n",
        ),
        ("from math import *\ndef mean(values):\n    return 1\n", "", "return 1\n"),
        ("from stats import x\ndef mean(values):\n    return x\n", "", "return x\n"),
        (
            "from __future__ import annotations\ndef mean(values):\n    return 1\n",
            "",
            "return 1\n",
        ),
        (
            "from posixpath import os\ndef mean(values):\n    return os\n",
            "",
            "from posixpath import os\nreturn os\n",
        ),
    ],
)
def test_imports_that_the_body_needs(code: str, imports: str, body: str) -> None:
    check(code, body, imports=imports)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("", "import re\n\n\n"),
        (
            "#!/usr/bin/env python\n# About.\n",
            "#!/usr/bin/env python\nimport re\n\n\n# About.\n",
        ),
        ('"""Doc."""\n', '"""Doc."""\n\nimport re\n'),
        (
            "from __future__ import annotations\n",
            "from __future__ import annotations\nimport re\n",
        ),
        (
            "import os  # for sep\n\nx = 1\n",
            "import os  # for sep\nimport re\n\nx = 1\n",
        ),
    ],
)
def test_where_an_import_goes(head: str, expected: str) -> None:
    text = f"{head}def f(x): ...\n"
    assert placed(text, "f", "import re\nreturn re\n") == (
        f"{expected}def f(x):\n    return re\n"
    )


def test_a_name_imported_for_type_checkers_only_is_imported_for_real() -> None:
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import re\n\ndef f(): ...\n"
    edited = placed(text, "f", "import re\n\ndef f():\n    return re.compile('')\n")
    assert edited.startswith("from typing import TYPE_CHECKING\nimport re\nif TYPE")


def test_helpers_are_nested_with_what_they_need() -> None:
    code = """\
        import math

        SCALE = 2
        TABLE = {}
        for i in range(3):
            TABLE[i] = i
        UNUSED = 3

        def inner(value):
            return math.floor(value) * SCALE

        def outer(value):
            return inner(value) + TABLE[0]

        def unused():
            return UNUSED

        def mean(values):
            return outer(values[0])
        """
    body = """\
        SCALE = 2
        TABLE = {}
        for i in range(3):
            TABLE[i] = i
        def inner(value):
            return math.floor(value) * SCALE

        def outer(value):
            return inner(value) + TABLE[0]

        return outer(values[0])
        """
    check(code, body, imports="import math\n")


def test_a_helper_that_the_module_has_is_not_doubled() -> None:
    text = "def g(x): return x\n\ndef f(x): ...\n"
    code = "def g(x):\n    return 2\n\ndef f(x):\n    return g(x)\n"
    assert (
        placed(text, "f", code) == "def g(x): return x\n\ndef f(x):\n    return g(x)\n"
    )


def test_a_helper_that_is_a_stub_in_the_module_is_nested() -> None:
    text = "def g(x): ...\n\ndef f(x): ...\n"
    code = "def g(x):\n    return 2\n\ndef f(x):\n    return g(x)\n"
    assert placed(text, "f", code) == (
        "def g(x): ...\n\ndef f(x):\n    def g(x):\n        return 2\n\n    return g(x)\n"
    )


@pytest.mark.parametrize(
    ("signature", "first"),
    [
        ("mean(xs)", "xs = values\n"),
        ("mean(values, memo={})", None),
        ("average(values)", None),
    ],
)
def test_other_signatures_are_made_to_work(signature: str, first: str | None) -> None:
    code = f"def {signature}:\n    return {signature.partition('(')[2][:2]}\n"
    edited = placed(STUB, "mean", code)
    if first is not None:
        assert f"    {first}    return xs\n" in edited
    else:
        name = signature.partition("(")[0]
        assert f"    def {signature}:\n" in edited
        assert f"\n    return {name}(values)\n" in edited


def test_a_reply_may_do_without_a_parameter() -> None:
    edited = placed("def f(a, b): ...\n", "f", "def f(a):\n    return a\n")
    assert edited == "def f(a, b):\n    return a\n"


def test_exchanged_parameter_names_are_exchanged_back() -> None:
    edited = placed("def f(a, b): ...\n", "f", "def f(b, a):\n    return b - a\n")
    scope: dict[str, object] = {}
    exec(edited, scope)
    assert scope["f"](5, 3) == 2  # pyright: ignore[reportCallIssue]


def test_a_cached_reply_stays_cached() -> None:
    code = "from functools import cache\n\n@cache\ndef fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n"
    edited = placed("def fib(n): ...\n", "fib", code)
    scope: dict[str, object] = {}
    exec(edited, scope)
    assert scope["fib"](200) == 280571172992510140037611932413038677189525  # pyright: ignore[reportCallIssue]


def test_a_target_that_is_cached_already_takes_the_body_alone() -> None:
    text = "@cache\ndef f(n):\n    return 1\n"
    assert placed(text, "f", text.replace("1", "2")) == text.replace("1", "2")


CLASS = """\
class Stack:
    def __init__(self):
        self._items = []

    def push(self, item):
        pass

    @property
    def top(self): ...
"""


@pytest.mark.parametrize(
    "code",
    [
        "class Stack:\n    def push(self, item):\n        self._items.append(item)\n",
        "class Other:\n    def push(self, item):\n        self._items.append(item)\n",
        "def push(self, item):\n    self._items.append(item)\n",
        "def push(item):\n    self._items.append(item)\n",
        "self._items.append(item)\n",
        "    def push(self, item):\n        self._items.append(item)\n",
    ],
)
def test_shapes_of_a_method(code: str) -> None:
    expected = CLASS.replace("        pass\n", "        self._items.append(item)\n")
    assert placed(CLASS, "Stack.push", code) == expected


def test_a_property_gets_its_getter() -> None:
    code = "class Stack:\n    @property\n    def top(self):\n        return 1\n    @top.setter\n    def top(self, item):\n        self.x = 2\n"
    assert placed(CLASS, "Stack.top", code) == CLASS.replace(
        "def top(self): ...", "def top(self):\n        return 1"
    )


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("def mean(values): ...", "leaves the body empty"),
        ('def mean(values):\n    """Doc."""\n    pass\n', "leaves the body empty"),
        ("pass", "leaves the body empty"),
        (
            "def median(values): return 1\n\ndef mode(x): return 2\n",
            "does not define `mean`",
        ),
        ("This is how one does it.", "is not Python"),
        ("def mean(values):\n    return (1\n", "is not Python"),
        ("", "does not define `mean`"),
        ("class mean:\n    x = 1\n", "does not define `mean`"),
        ("def mean(a, b):\n    return a\n", "takes (a, b)"),
        ("async def mean(values):\n    return await values\n", "does not compile"),
        (
            "def mean(values):\n    global values\n    return 1\n",
            "cannot stand in `mean`",
        ),
        ("break\nreturn 1", "does not compile"),
    ],
)
def test_code_that_has_no_place(code: str, reason: str) -> None:
    assert reason in misplaced(STUB, "mean", code)


def test_a_target_that_is_gone_is_said_to_be() -> None:
    refused = place("x = 1\n", target_in(STUB, "mean"), "return 1")
    assert refused == Misplacement(reason="`mean` is no longer in the file")


def test_a_file_that_is_broken_elsewhere_still_takes_a_body() -> None:
    text = "def bad(:\n    pass\n\ndef f(x): ...\n\ny = = 2\n"
    assert placed(text, "f", "import re\nreturn re") == (
        "def bad(:\n    pass\n\nimport re\n\n\ndef f(x):\n    return re\n\ny = = 2\n"
    )


def test_the_code_of_a_placement_is_all_that_is_new() -> None:
    placement = placement_of(
        CLASS.replace("class", "import os\nclass"),
        "Stack.top",
        "import os, re\nreturn re, os",
    )
    assert placement.code == (
        "import re\n\n\n@property\ndef top(self):\n    return re, os\n"
    )


@pytest.mark.parametrize(
    ("body", "imports"),
    [
        ("return math.fsum(values) / len(values)", "import math\n"),
        ("return os.sep", ""),
        ("return string.digits + re.escape('')", "import re\nimport string\n"),
        ("return string(values)", ""),
        ("string = values\nreturn string.pop()", ""),
        ("return Counter(values)", "from collections import Counter\n"),
        ("return datetime.now()", "from datetime import datetime\n"),
        ("return datetime.datetime.now()", "import datetime\n"),
        ("return statistics.mean(values)", "import statistics\n"),
        ("return numpy.mean(values)", ""),
        (
            "def inner(x: List[int]):\n    return x\nreturn inner(values)",
            "from typing import List\n",
        ),
    ],
)
def test_forgotten_imports_of_the_standard_library(body: str, imports: str) -> None:
    code = f"def mean(values):\n{textwrap.indent(body, '    ')}\n"
    check(code, f"{body}\n", imports=imports)


@pytest.mark.parametrize(
    "other",
    [
        "def statistics(x):\n    ...\n",
        "statistics = 1\n",
        "class statistics: ...\n",
        "from tools import *\n",
        "import stats as statistics\n",
    ],
)
def test_a_name_that_the_module_has_is_not_imported(other: str) -> None:
    body = "return statistics.mean(values)\n"
    text = STUB.replace("x = 1\n", other)
    check(f"def mean(values):\n    {body}", body, text=text)
