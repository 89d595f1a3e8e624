"""Calls of a candidate, as text that tells implementations apart."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from orps_sandbox.executor import Executor, open_executor
from orps_sandbox.program import CaseSelection, Program
from support.sandbox_projects import LIMITS, MODULE, STUB, write_project

MODULE_TEXT = """
    import asyncio, collections, dataclasses, enum, random
    from decimal import Decimal

    N = 3

    class Color(enum.Enum):
        RED = 1

    @dataclasses.dataclass
    class Point:
        x: int
        y: float

    class Silent: ...

    class Stack:
        def __init__(self):
            self.items = []
        def push(self, x):
            self.items.append(x)
            return self.items

    def same(x):
        return x

    def fail(message):
        raise ValueError(message)

    def sort(items, *, more=None):
        items.sort()

    def count(n):
        for i in range(n):
            yield i
        raise KeyError("end")

    def forever():
        while True:
            yield 1

    async def later(x):
        await asyncio.sleep(0)
        return x

    def shout(x):
        print(x)

    def draw():
        return random.random()

    def loop():
        while True: pass

    def leave():
        import os
        os._exit(0)

    def deep(n):
        return deep(n + 1)

    def grow():
        return bytearray(10**10)
"""


async def seen(
    root: Path,
    *calls: str,
    files: Mapping[str, str] | None = None,
    module_path: str = MODULE,
    seconds: float | None = None,
) -> list[tuple[str, str]]:
    files = files or {MODULE: MODULE_TEXT}
    project = write_project(root, {**files, MODULE: STUB})
    limits = replace(LIMITS, case_seconds=seconds or LIMITS.case_seconds)
    async with open_executor(project, limits=limits, slots=1) as executor:
        return await observed(executor, files, calls, module_path)


async def observed(
    executor: Executor,
    files: Mapping[str, str],
    calls: tuple[str, ...],
    module_path: str = MODULE,
) -> list[tuple[str, str]]:
    program = Program(
        files={name: dedent(text) for name, text in files.items()},
        selection=CaseSelection(),
        case_ids=(),
    )
    found = await executor.observe(program, calls, module_path=module_path)
    return [(each.kind.value, each.text) for each in found]


VALUES = {
    "same({3, 1, 2})": "{1, 2, 3}",
    "same(frozenset())": "frozenset({})",
    "same({'b': 1, 'a': 0.1})": "{'a': 0.1, 'b': 1}",
    "same((1,))": "(1,)",
    "same([True, None, 1.0, 2 + 1j])": "[True, None, 1.0, (2+1j)]",
    "same(Decimal('1.10'))": "Decimal('1.10')",
    "same(Color.RED)": "Color.RED",
    "same(Point(N, 0.5))": "Point(x=3, y=0.5)",
    "same(collections.Counter('ab'))": "Counter({'a': 1, 'b': 1})",
    "same(collections.deque([1], 2))": "deque([1], 2)",
    "Stack().push(1)": "[1]",
    "count(0)": "<iterator [then KeyError: 'end']>",
    "map(str, [1])": "<iterator ['1']>",
    "later(5)": "5",
    "(await later(5)) + 1": "6",
    "sort([2, 1])": "None; argument 1 is now [1, 2]",
    "sort([1], more=[])": "None",
    "shout(5)": "None; printed '5\\n'",
    "type(same)": "<class function>",
    "same(10 ** 5000).bit_length()": "16610",
}


async def test_values_have_one_text(tmp_path: Path):
    found = await seen(tmp_path, *VALUES)
    assert dict(zip(VALUES, found, strict=True)) == {
        call: ("value", text) for call, text in VALUES.items()
    }


async def test_what_is_not_a_value(tmp_path: Path):
    expected = {
        "fail('no')": ("raised", "ValueError: no"),
        "fail(Silent())": ("raised", "ValueError: <m.Silent object>"),
        "missing(1)": ("raised", "NameError: name 'missing' is not defined"),
        "exit(3)": ("raised", "SystemExit: 3"),
        "deep(0)": ("raised", "RecursionError"),
        "Silent()": ("opaque", "<Silent object>"),
        "[same]": ("opaque", "[<function same>]"),
        "x = 1": ("invalid", "SyntaxError: invalid syntax (<unknown>, line 1)"),
        "grow()": ("memory", "MemoryError"),
    }
    found = dict(zip(expected, await seen(tmp_path, *expected), strict=True))
    assert found == expected


async def test_long_texts_are_cut_and_still_differ(tmp_path: Path):
    one, other, _ = await seen(
        tmp_path, "'a' * 5000 + 'b'", "'a' * 5000 + 'c'", "forever()"
    )
    assert one != other
    assert len(one[1]) < 2100


async def test_no_call_loses_another(tmp_path: Path):
    """A time-out goes on in the same child, a death in another."""
    calls = ("same(1)", "loop()", "same(2)", "leave()", "same(3)")
    found = await seen(tmp_path, *calls, seconds=0.3)
    assert found == [
        ("value", "1"),
        ("timeout", "took longer than 0.3 s"),
        ("value", "2"),
        ("crash", "ended the interpreter"),
        ("value", "3"),
    ]


async def test_hopeless_calls_are_given_up(tmp_path: Path):
    *_, last = await seen(tmp_path, *["loop()"] * 3, "same(1)", seconds=0.1)
    assert last == ("timeout", "not called: 3 calls ran into their limit")


async def test_random_numbers_start_anew(tmp_path: Path):
    first, second = await seen(tmp_path, "draw()", "draw()")
    assert first == second


async def test_module_that_does_not_import(tmp_path: Path):
    found = await seen(tmp_path, "f()", "g()", files={MODULE: "import nowhere\n"})
    text = "importing m.py raised ModuleNotFoundError: No module named 'nowhere'"
    assert found == [("invalid", text)] * 2
    found = await seen(tmp_path, "f()", files={MODULE: "import os; os._exit(0)\n"})
    assert found == [("crash", "ended the interpreter")]


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("src/pkg/part.py", {"src/pkg/__init__.py": "", "src/pkg/base.py": "N = 2\n"}),
        ("spaces/part.py", {"spaces/base.py": "N = 2\n"}),
    ],
)
async def test_modules_of_packages(tmp_path: Path, path: str, more: dict[str, str]):
    text = "from .base import N\ndef f(): return N, __name__.rpartition('.')[0]\n"
    files = {path: text, **more}
    package = Path(path).parent.name
    found = await seen(tmp_path, "f()", files=files, module_path=path)
    assert found == [("value", f"(2, {package!r})")]


async def test_module_with_the_name_of_another(tmp_path: Path):
    files = {"queue.py": "def f(): return 'mine'\n"}
    found = await seen(tmp_path, "f()", files=files, module_path="queue.py")
    assert found == [("value", "'mine'")]


async def test_candidates_do_not_see_each_other(tmp_path: Path):
    project = write_project(tmp_path, {MODULE: STUB})
    async with open_executor(project, limits=LIMITS, slots=1) as executor:
        for n in (1, 2):
            text = f"def f(): return {n}\n"
            assert await observed(executor, {MODULE: text}, ("f()",)) == [
                ("value", str(n))
            ]
