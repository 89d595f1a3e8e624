"""Variants that share one session: right about most, honest about the rest."""

from pathlib import Path
from textwrap import dedent

from orps_sandbox.executor import open_executor
from orps_sandbox.program import CaseSelection, Program
from orps_sandbox.screening import Screened
from support.sandbox_projects import CASES, LIMITS, MODULE, TESTS, write_project

MODULE_TEXT = """\
import functools
SCALE = 3

def twice(x):
    return SCALE * x

@functools.lru_cache
def solve(x, *, plus=0):
    def inner(y):
        return twice(y)
    return inner(x) + plus
"""
BODY = "SCALE * x"


async def screened(
    root: Path, *changes: tuple[str, str], stops: bool = True, cases: str = CASES
) -> tuple[Screened, ...]:
    project = write_project(root, {MODULE: MODULE_TEXT, TESTS: cases})
    selection = CaseSelection(node_ids=(TESTS,))
    async with open_executor(project, limits=LIMITS, slots=1) as executor:
        collection = await executor.collect(selection)
        program = Program(
            files={MODULE: MODULE_TEXT},
            selection=selection,
            case_ids=collection.case_ids,
            case_seconds=0.2,
        )
        variants = [
            ((MODULE_TEXT.index(old), MODULE_TEXT.index(old) + len(old), new),)
            for old, new in changes
        ]
        return await executor.screen(
            program, variants, module_path=MODULE, stops_at_failure=stops
        )


async def test_each_variant_runs_alone(tmp_path: Path):
    right, wrong, again, inner = await screened(
        tmp_path,
        (BODY, "2 * x"),
        (BODY, "x"),
        (BODY, "2 * x"),
        ("twice(y)", "y + y"),
    )
    assert right == again == inner == Screened(tried=True, passed=(True,) * 4)
    assert wrong == Screened(tried=True, passed=(False,))


async def test_a_failure_need_not_stop_it(tmp_path: Path):
    (thorough,) = await screened(tmp_path, (BODY, "6 if x else 0"), stops=False)
    assert thorough.passed == (True, False, True, False)


async def test_what_hangs_exits_or_crashes_is_cut_and_the_next_one_runs(tmp_path: Path):
    endless = "[each for each in iter(int, 1)]"
    exits, hangs, sleeps, killed, right = await screened(
        tmp_path,
        (BODY, "__import__('os')._exit(0)"),
        (BODY, endless),
        (BODY, "__import__('time').sleep(60)"),
        (BODY, "__import__('os').kill(__import__('os').getpid(), 9)"),
        (BODY, "2 * x"),
    )
    assert [each.passed for each in (exits, hangs, sleeps, killed)] == [()] * 4
    assert right.passed == (True,) * 4


async def test_what_only_an_import_would_show_is_unfit(tmp_path: Path):
    unfit = await screened(
        tmp_path,
        ("SCALE = 3", "SCALE = 2"),
        ("plus=0", "plus=1"),
        (BODY, "SCALE *"),
        (BODY, "SCALE  *  x"),
    )
    assert unfit == (Screened(tried=False),) * 4


async def test_unittest_fixtures_and_output(tmp_path: Path):
    cases = dedent("""
        import unittest
        import pytest
        from m import solve

        @pytest.fixture(scope="module")
        def three():
            print("x" * 10_000_000)
            return 3

        class TestSolve(unittest.TestCase):
            def test_solve(self):
                self.assertEqual(solve(1), 2)

        def test_three(three): assert solve(three) == 6
    """)
    found = await screened(tmp_path, (BODY, "2 * x"), (BODY, "x"), cases=cases)
    assert [each.passed for each in found] == [(True, True), (False,)]
