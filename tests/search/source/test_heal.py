"""Text that does not parse, made to, without moving anything."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orps_search.source.fault import TargetFault
from orps_search.source.find import find_target
from orps_search.source.heal import runnable_text
from orps_search.source.target import Target


def run(text: str, qualname: str = "f") -> str | TargetFault:
    target = find_target(text, qualname)
    assert isinstance(target, Target), target
    return runnable_text(text, target)


def test_what_parses_is_unchanged() -> None:
    text = "def f(): ...\r\n\r\nx = '''\n'''\n"
    assert run(text) == text


STUB = "def f(x):\n    pass\n"

BROKEN_NEIGHBORS = [
    "def g(:\n    return 1\n",
    "def g():\n    return (1\n",
    "def g():\n    x = 'abc\n    return x\n",
    "@decorated\ndef g():\n    return 1 +\n",
    "try:\n    x = 1\n",
    "x = = 1\n",
    "class B:\n    y = = 1\n    def m(self): return 1\n",
    "class B:\n    def m(self) return 1\n",
    "def g():\n",
    "class B:\n    def m(self):\n        # later\n",
    "if x:\n    y = (\nelse:\n    z = 1\n",
    "def g():\n    '''doc\n  text\n'''\n    return = 1\n",
    "import\n",
    "    indented = 1\n",
]


@pytest.mark.parametrize("neighbor", BROKEN_NEIGHBORS)
@pytest.mark.parametrize("order", ["before", "after"])
def test_a_broken_neighbor_is_commented_out(neighbor: str, order: str) -> None:
    text = f"{neighbor}\n{STUB}" if order == "before" else f"{STUB}\n{neighbor}"
    healed = run(text)
    assert isinstance(healed, str)
    ast.parse(healed)
    assert STUB in healed
    assert len(healed) == len(text)


def test_only_the_broken_member_goes() -> None:
    text = "class A:\n    x = 1\n    def bad(self):\n        return )\n    def f(self):\n        pass\n"
    healed = run(text, "A.f")
    assert healed == text.replace("def bad", "#ef bad").replace("return )", "#eturn )")


def test_an_unterminated_string_swallows_no_more_than_its_function() -> None:
    text = 'def g():\n    """doc\n    return 1\n\ndef f(x):\n    pass\n\ndef h():\n    return 2\n'
    healed = run(text)
    assert isinstance(healed, str)
    assert [
        n.name for n in ast.parse(healed).body if isinstance(n, ast.FunctionDef)
    ] == [
        "f",
        "h",
    ]


def test_a_target_without_a_body_keeps_its_place() -> None:
    text = "def g(:\n    pass\n\ndef f(x):\n    # TODO\n"
    healed = run(text)
    assert isinstance(healed, str)
    target, again = find_target(text, "f"), find_target(healed, "f")
    assert target == again


def test_a_class_that_is_broken_inside_cannot_be_healed_around() -> None:
    target = find_target("class A:\n    def f(self): ...\n", "A")
    assert isinstance(target, Target)
    found = runnable_text("class A:\n    def f(self: ..\n", target)
    assert isinstance(found, TargetFault)
    assert found.kind == "syntaxError"


@given(st.lists(st.sampled_from(BROKEN_NEIGHBORS), max_size=4), st.integers(0, 4))
def test_any_mixture_heals_or_says_so(neighbors: list[str], at: int) -> None:
    parts = [*neighbors[:at], STUB, *neighbors[at:]]
    text = "\n".join(parts)
    target = find_target(text, "f")
    if isinstance(target, TargetFault):
        assert target.kind == "syntaxError"
        return
    healed = runnable_text(text, target)
    if isinstance(healed, str):
        ast.parse(healed)
        assert healed[target.start : target.end] == text[target.start : target.end]
        assert [len(line) for line in healed.split("\n")] == [
            len(line) for line in text.split("\n")
        ]


@given(st.text(alphabet="def f(x):\n \t#'\"()[]=,.1\r\\@:", max_size=120))
def test_nothing_that_is_typed_raises(text: str) -> None:
    target = find_target(text, "f")
    if isinstance(target, Target):
        assert 0 <= target.start <= target.body_start <= target.end <= len(text)
        runnable_text(text, target)
