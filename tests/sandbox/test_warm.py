"""Tests are collected once for many candidates, and no run sees another's traces."""

from pathlib import Path
from textwrap import dedent

import pytest

from orps_sandbox.executor import Executor, open_executor
from orps_sandbox.outcome import ExecutionOutcome, Judge, Tier
from orps_sandbox.program import CaseSelection, Program
from support.sandbox_projects import (
    CASES,
    HONEST,
    LIMITS,
    MODULE,
    TESTS,
    run,
    write_project,
    write_stub,
)

SELECTION = CaseSelection(node_ids=(TESTS,))
WRONG = "def solve(x):\n    return 3 * x\n"

COUNTING = """
    import time
    import pytest
    from m import solve, SEEN

    COLLECTED_AT = time.monotonic_ns()
    CALLS = []

    @pytest.fixture(scope="module")
    def fresh():
        return []

    @pytest.mark.parametrize("x", [1, 2])
    def test_solve(x, fresh):
        print("collected at", COLLECTED_AT)
        CALLS.append(x)
        SEEN.append(x)
        fresh.append(x)
        assert CALLS == SEEN == fresh == list(range(1, x + 1))
        assert solve(x) == 2 * x
"""


def times_collected(outcomes: list[ExecutionOutcome]) -> int:
    lines = [line for each in outcomes for line in each.output.splitlines()]
    return len({line for line in lines if line.startswith("collected at")})


@pytest.mark.parametrize("tier", [Tier.A, Tier.B, Tier.C])
async def test_collected_once_and_fresh_in_each_run(tmp_path: Path, tier: Tier):
    stub = "SEEN = []\n\ndef solve(x):\n    raise NotImplementedError\n"
    project = write_project(tmp_path, {MODULE: stub, TESTS: COUNTING})
    async with open_executor(project, limits=LIMITS, slots=1, tier=tier) as executor:
        seen: list[ExecutionOutcome] = []
        for text in (HONEST, WRONG, HONEST):
            verdict = await run(executor, "SEEN = []\n" + dedent(text))
            word = "failed" if text is WRONG else "passed"
            assert verdict.words == [word] * 2, verdict.outcome
            assert verdict.outcome.judge is Judge.SPLIT
            seen.append(verdict.outcome)
        assert times_collected(seen) == 1


@pytest.mark.parametrize(
    "lines",
    [
        "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()",
        "import os\nHELD = os.open(__file__, os.O_RDONLY)",
        "import mmap\nHELD = mmap.mmap(-1, 4096)",
        "import os\nos.mkdir('made')",
        "import tempfile\ntempfile.mkdtemp()",
        "assert solve(1) == 2",
        "FOUND = [solve(1)]",
    ],
)
async def test_what_cannot_be_collected_once_is_judged_all_the_same(
    tmp_path: Path, lines: str
):
    tests = f"""
from m import solve
{lines}

def test_solve():
    assert solve(4) == 8
"""
    project = write_project(tmp_path, {MODULE: dedent(HONEST), TESTS: tests})
    async with open_executor(project, limits=LIMITS, slots=1) as executor:
        for _ in range(2):
            assert (await run(executor, HONEST + "\n")).words == ["passed"]
        assert "passed" not in (await run(executor, WRONG)).words


async def test_candidates_that_change_different_functions(tmp_path: Path):
    module = """
        def half(x):
            raise NotImplementedError

        def solve(x):
            raise NotImplementedError
    """
    tests = """
        import m

        def test_solve():
            assert m.solve(4) == 8

        def test_half():
            assert m.half(4) == 2
    """
    project = write_project(tmp_path, {MODULE: module, TESTS: tests})
    solve = "def solve(x):\n    return 2 * x\n"
    half = "def half(x):\n    return x // 2\n"
    stub = "def {}(x):\n    raise NotImplementedError\n"
    async with open_executor(project, limits=LIMITS, slots=1) as executor:
        for text, words in [
            (stub.format("half") + solve, ["passed", "failed"]),
            (half + stub.format("solve"), ["failed", "passed"]),
            (half + "def own(x):\n    return x\n" + solve, ["passed", "passed"]),
            (half + solve + "raise ImportError('no')\n", ["error", "error"]),
            (half + solve, ["passed", "passed"]),
        ]:
            verdict = await run(executor, text)
            assert verdict.words == words, verdict.outcome
            assert verdict.outcome.judge is Judge.SPLIT


async def judged(executor: Executor, text: str, calls: dict[str, str]) -> list[str]:
    cases = (await executor.collect(SELECTION)).case_ids
    program = Program(files={MODULE: dedent(text)}, selection=SELECTION, case_ids=cases)
    outcome = await executor.judge(program, calls, module_path=MODULE)
    assert [case.id for case in outcome.cases] == list(calls)
    return [case.status.value for case in outcome.cases]


async def test_calls_are_judged_by_value_and_type(tmp_path: Path):
    text = """
        import dataclasses

        def solve(x):
            if x == 0:
                return 0.0
            if x == 1:
                raise ValueError
            if x == 2:
                return type("Forged", (int,), {"__eq__": lambda *_: True})(4)
            if x == 3:
                return [float("nan"), {1: (True,)}]
            return 2 * x
    """
    calls = {
        "solve(0)": "0",
        "solve(1)": "2",
        "solve(2)": "4",
        "solve(3)": "[float('nan'), {1: (True,)}]",
        "solve(x=5)": "10",
        "solve(solve(4)) + 1": "17",
        "solve(": "1",
        "[solve(6)]": "[12]",
        "solve([1])": "[1, 1]",
    }
    async with open_executor(write_stub(tmp_path), limits=LIMITS, slots=1) as executor:
        words = await judged(executor, text, calls)
        assert words == [
            "failed", "failed", "failed", "passed", "passed", "passed", "error",
            "passed", "passed",
        ]  # fmt: skip
        # All at once, as each is a call with plain data.
        some = {name: calls[name] for name in ("solve(0)", "solve(1)", "solve(x=5)")}
        assert await judged(executor, text, some) == ["failed", "failed", "passed"]


async def test_a_call_that_cannot_be_judged_apart_does_not_pass(tmp_path: Path):
    later = "async def later():\n    return 1\n\n"
    stub = later + "def solve(x):\n    raise NotImplementedError\n"
    project = write_project(tmp_path, {MODULE: stub, TESTS: CASES})
    async with open_executor(project, limits=LIMITS, slots=1) as executor:
        text = later + "def solve(x):\n    return 1\n"
        calls = {"solve(later())": "1", "solve(2)": "1"}
        assert await judged(executor, text, calls) == ["error", "passed"]


async def test_calls_that_hang_and_crash_are_told_apart(tmp_path: Path):
    text = """
        import os, time

        def solve(x):
            if x == 1:
                time.sleep(100)
            if x == 2:
                os.abort()
            return 2 * x
    """
    calls = {f"solve({x})": str(2 * x) for x in range(4)}
    async with open_executor(write_stub(tmp_path), limits=LIMITS, slots=1) as executor:
        program = Program(
            files={MODULE: dedent(text)},
            selection=SELECTION,
            case_ids=(await executor.collect(SELECTION)).case_ids,
            case_seconds=0.5,
        )
        outcome = await executor.judge(program, calls, module_path=MODULE)
    words = [case.status.value for case in outcome.cases]
    assert words == ["passed", "timeout", "crash", "passed"]
