"""Which targets a text has, and what a stub is."""

import textwrap

import pytest

from orps_search.source.fault import TargetFault
from orps_search.source.find import find_target, find_targets, target_at
from orps_search.source.target import Target, TargetKind


def find(text: str, qualname: str) -> Target:
    found = find_target(text, qualname)
    assert isinstance(found, Target), found
    return found


def fault(text: str, qualname: str) -> TargetFault:
    found = find_target(text, qualname)
    assert isinstance(found, TargetFault)
    return found


MODULE = '''\
import abc
from typing import Protocol, overload


@decorated(by="x")
def median(values: list[float]) -> float: ...


async def fetch(url):
    """Get it."""


class Stack:
    size = 0

    def push(self, item):
        raise NotImplementedError("later")

    @property
    def top(self):
        pass

    @top.setter
    def top(self, item):
        self._top = item

    @staticmethod
    def join(a, /, b, *rest, key, **more):
        return a

    @classmethod
    def of(cls, items):
        # TODO: write it
        raise NotImplementedError

    class Node:
        def value(self): return 1


class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self): ...


class Sized(Protocol[int]):
    def size(self) -> int: ...


if True:
    def in_branch(): return 1


@overload
def both(x: int) -> int: ...
@overload
def both(x: str) -> str: ...
def both(x):
    def nested(): ...
    return x
'''


@pytest.mark.parametrize(
    ("qualname", "kind", "is_stub", "parameters"),
    [
        ("median", TargetKind.FUNCTION, True, ("values",)),
        ("fetch", TargetKind.FUNCTION, True, ("url",)),
        ("Stack", TargetKind.CLASS, True, ()),
        ("Stack.push", TargetKind.METHOD, True, ("self", "item")),
        ("Stack.top", TargetKind.PROPERTY, True, ("self",)),
        (
            "Stack.join",
            TargetKind.STATICMETHOD,
            False,
            ("a", "b", "rest", "key", "more"),
        ),
        ("Stack.of", TargetKind.CLASSMETHOD, True, ("cls", "items")),
        ("Stack.Node", TargetKind.CLASS, False, ()),
        ("Stack.Node.value", TargetKind.METHOD, False, ("self",)),
        ("Shape.area", TargetKind.METHOD, False, ("self",)),
        ("Shape", TargetKind.CLASS, False, ()),
        ("Sized.size", TargetKind.METHOD, False, ("self",)),
        ("in_branch", TargetKind.FUNCTION, False, ()),
        ("both", TargetKind.FUNCTION, False, ("x",)),
    ],
)
def test_kinds_of_targets(
    qualname: str, kind: TargetKind, is_stub: bool, parameters: tuple[str, ...]
) -> None:
    target = find(MODULE, qualname)
    assert (target.kind, target.is_stub, target.parameters) == (
        kind,
        is_stub,
        parameters,
    )
    assert MODULE[target.name_start : target.name_end] == qualname.rpartition(".")[2]


def test_only_what_can_be_named_from_outside_is_a_target() -> None:
    names = [target.qualname for target in find_targets(MODULE)]
    assert "both.nested" not in names
    assert names == sorted(names, key=lambda name: find(MODULE, name).start)
    assert len(names) == len(set(names)) == 15


def test_only_an_async_def_is_async() -> None:
    assert find(MODULE, "fetch").is_async
    assert not find(MODULE, "median").is_async


def test_a_target_starts_at_its_decorator_and_knows_its_header() -> None:
    target = find(MODULE, "median")
    assert MODULE[target.start :].startswith("@decorated")
    assert target.header == (
        '@decorated(by="x")\ndef median(values: list[float]) -> float:'
    )
    assert MODULE[target.body_start : target.end] == " ..."


def test_replacing_begins_after_the_docstring() -> None:
    target = find(MODULE, "fetch")
    assert target.docstring == "Get it."
    assert MODULE[: target.body_start].endswith('"""Get it."""')
    assert target.body_start == target.end


@pytest.mark.parametrize(
    "body",
    [
        "...",
        "pass",
        '"""Doc."""',
        '"""Doc."""\n    ...',
        "import math\n    pass",
        "raise NotImplementedError",
        'raise NotImplementedError("soon")',
        "# TODO\n    pass\n    # and more",
    ],
)
def test_stub_bodies(body: str) -> None:
    assert find(f"def f(x):\n    {body}\n", "f").is_stub


@pytest.mark.parametrize(
    "body", ["return None", "raise ValueError", "return NotImplemented", "x", "1"]
)
def test_bodies_that_say_something(body: str) -> None:
    assert not find(f"def f(x):\n    {body}\n", "f").is_stub


@pytest.mark.parametrize(
    "text",
    [
        "def f(x):",
        "def f(x):\n",
        "def f(x):  # TODO\n",
        "def f(\n    x,\n) -> dict[str, int]:\n    # TODO\n\n",
        "def f(x):\n\ndef g(): return 1\n",
        "class A:\n    def f(self): return 1\ndef f(x):\n    # TODO",
    ],
)
def test_a_header_without_a_body_is_a_stub(text: str) -> None:
    target = find(text, "f")
    assert target.is_stub
    assert target.parameters == ("x",)
    assert text[: target.body_start].endswith(":")


def test_members_without_bodies_are_stubs() -> None:
    text = "class A:\n    @property\n    def p(self):\n        # later\n\n    def q(self):\n"
    assert [t.qualname for t in find_targets(text) if t.is_stub] == ["A", "A.p", "A.q"]


def test_the_last_definition_of_a_name_counts() -> None:
    text = "def f(): return 1\n\ndef f(x): ...\n"
    assert find(text, "f").parameters == ("x",)


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
@pytest.mark.parametrize("prefix", ["", "\ufeff", "# é 🎉\n", "\f"])
def test_offsets_hold_whatever_surrounds_the_target(eol: str, prefix: str) -> None:
    text = (prefix + 'x = "ü"; y = 1\ndef f(a="é🎉"): # ñ\n\tpass  # ß').replace(
        "\n", eol
    )
    target = find(text, "f")
    assert text[target.start : target.start + 3] == "def"
    assert text[target.name_start : target.name_end] == "f"
    assert text[target.body_start : target.end] == f" # ñ{eol}\tpass  # ß"
    assert "\r" not in target.source


def test_comments_belong_to_the_body_as_far_as_they_are_indented() -> None:
    text = "class A:\n    def f(self):\n        pass\n        # mine\n\n        # too\n    # not\n"
    target = find(text, "A.f")
    assert text[target.body_start : target.end].endswith("# too")


def test_the_source_of_a_method_is_dedented_outside_strings() -> None:
    text = 'class A:\n    def f(self):\n        """Doc.\n\n        More.\n        """\n        return """\n    x\n"""\n'
    assert find(text, "A.f").source == (
        'def f(self):\n    """Doc.\n\n    More.\n    """\n    return """\n    x\n"""'
    )


def test_target_at_an_offset_is_the_innermost() -> None:
    text = "import os\nclass A:\n    x = 1\n    def f(self):\n        pass\n\ny = 2\n"
    assert target_at(text, 3) is None
    for word, qualname in [
        ("x = 1", "A"),
        ("class", "A"),
        ("pass", "A.f"),
        ("    def", "A.f"),
    ]:
        target = target_at(text, text.index(word) + 1)
        assert target is not None
        assert target.qualname == qualname
    assert target_at(text, text.index("y = 2") + 1) is None


def test_no_such_target_names_what_is_close() -> None:
    assert "did you mean `median`" in fault(MODULE, "medain").message
    assert "`Stack.push`" in fault(MODULE, "push").message
    assert fault(MODULE, "medain").kind == "noSuchTarget"
    assert fault("x = 1\n", "f").message.endswith("the file defines none")


BROKEN = textwrap.dedent("""\
    import os

    def bad(x:
        return (1

    class A:
        def also_bad(self):
            if x
                return 1

        def good(self):
            pass

    y = = 3

    def fine(x): ...
""")


def test_intact_functions_of_a_broken_file_are_targets() -> None:
    assert [t.qualname for t in find_targets(BROKEN)] == ["A.good", "fine"]


@pytest.mark.parametrize("qualname", ["bad", "A.also_bad", "A"])
def test_a_broken_target_is_a_syntax_error_with_its_line(qualname: str) -> None:
    found = fault(BROKEN, qualname)
    assert found.kind == "syntaxError"
    assert "line " in found.message
