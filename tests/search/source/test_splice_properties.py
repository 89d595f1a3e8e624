"""What holds for every placement, whatever the module and the body."""

import ast
import textwrap

from hypothesis import given, settings
from hypothesis import strategies as st

from orps_search.source.splice import Placement, apply_edits, place
from support.placing import target_in

BEFORE = st.sampled_from(
    [
        "",
        '"""Doc."""\n',
        "#!/usr/bin/python\n# é 🎉\n",
        "import os\nimport re as r\n\n",
        "def other(x):\n    return '''\n  x\n'''\n\n",
        "class B:\n    def f(self): ...\n\n",
        "broken = = 1\n\n",
    ]
)
AFTER = st.sampled_from(["", "\n", "\n# c\nx = 1\n", "\n\ndef f2(:\n    pass\n"])
STUBS = st.sampled_from(
    [
        "def f(a, b): ...",
        "def f(a, b):\n    pass\n",
        'def f(a, b):\n    """Doc.\n\n      é\n    """\n    # TODO\n',
        "@dec\nasync def f(a, b):  # c\n    raise NotImplementedError\n    # end\n",
        "def f(a, b):",
    ]
)
STATEMENTS = st.sampled_from(
    [
        "a = a + 1",
        "if a:\n    b = 2\nelse:\n    # c\n    b = 3",
        "text = '''\n x\n   y\n'''",
        "for i in range(3):\n    b += call(i,\n              b)",
        "z = 1\nimport os",
        "x = f'''{a}\n {b}'''",
        "def inner(y):\n\n    return y",
        "values = [\n    1,\n# c\n    2,\n]",
        "# a comment",
        "while True:\n        break",
        "x = 'a\\\n  b'",
        "y = 1 + \\\n  2",
    ]
)
BODIES = st.lists(STATEMENTS, max_size=5).map(
    lambda parts: "\n".join([*parts, "return a"]) + "\n"
)
UNITS = st.sampled_from(["    ", "  ", "\t"])


@given(
    before=BEFORE,
    stub=STUBS,
    after=AFTER,
    body=BODIES,
    in_class=st.booleans(),
    crlf=st.booleans(),
    tabs=st.booleans(),
)
@settings(deadline=None, max_examples=60)
def test_only_the_body_changes(
    *,
    before: str,
    stub: str,
    after: str,
    body: str,
    in_class: bool,
    crlf: bool,
    tabs: bool,
) -> None:
    if in_class:
        stub = "class A:\n" + textwrap.indent(stub, "    ")
        qualname = "A.f"
    else:
        qualname = "f"
    if tabs:
        stub = stub.replace("    ", "\t")
    text = before + stub + ("" if stub.endswith("\n") else "\n") + after
    if crlf:
        text = text.replace("\n", "\r\n")
    target = target_in(text, qualname)
    placement = place(text, target, body)
    assert isinstance(placement, Placement), placement
    edited = apply_edits(text, placement.edits)

    again = target_in(edited, qualname)
    assert again.header == target.header
    assert target.docstring is None or again.docstring == target.docstring
    assert not again.is_stub
    # What stands around the target is there as it was, line for line.
    assert edited[again.end :] == text[target.end :]
    assert edited[: again.start] == text[: target.start]
    if crlf:
        assert "\n" not in edited.replace("\r\n", "")
    # The body means what it meant.
    expected = [ast.unparse(statement) for statement in ast.parse(body).body]
    assert _statements(again.source)[-len(expected) :] == expected
    assert place(text, target, placement.code) == placement


def _statements(source: str) -> list[str]:
    """The statements of a function's body, independent of layout."""
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    return [ast.unparse(statement) for statement in function.body]


@given(BODIES, UNITS)
@settings(deadline=None, max_examples=60)
def test_a_body_survives_whatever_it_is_indented_by(body: str, unit: str) -> None:
    lines = [
        line if _inside_string(body, number) else unit + line
        for number, line in enumerate(body.split("\n"))
    ]
    text = "def f(a, b): ...\n"
    target = target_in(text, "f")
    assert place(text, target, "\n".join(["def f(a, b):", *lines])) == place(
        text, target, body
    )


def _inside_string(body: str, number: int) -> bool:
    """Whether a line of the body (from 0) begins in a string or continues one."""
    return any(
        isinstance(node, ast.Constant | ast.JoinedStr)
        and node.end_lineno is not None
        and node.lineno - 1 < number < node.end_lineno
        for node in ast.walk(ast.parse(body))
    )
