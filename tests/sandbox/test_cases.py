"""The kinds of cases that a project has, judged in real processes."""

from dataclasses import replace
from pathlib import Path

from orps_sandbox.executor import open_executor
from orps_sandbox.outcome import Judge, Termination
from orps_sandbox.program import CaseSelection
from support.sandbox_projects import (
    HONEST,
    LIMITS,
    run,
    run_once,
    write_project,
    write_stub,
)

SLOW_AND_QUICK = """
    from m import solve
    def test_slow(): assert solve(1) == 2
    def test_quick(): assert solve(0) == 0
"""
SLEEPER = """
    import time

    def solve(x):
        try:
            time.sleep(10 * x)
        except BaseException:
            pass
        return 2 * x
"""


async def test_every_kind_of_verdict(tmp_path: Path):
    project = write_project(
        tmp_path,
        {
            "m.py": "def solve(x): ...\n",
            "test_m.py": """
                import unittest
                import pytest
                from m import solve

                @pytest.fixture
                def broken():
                    raise RuntimeError("no database")

                def test_right():
                    assert solve(1) == 2

                def test_wrong():
                    assert solve(2) == 5

                @pytest.mark.parametrize("x", [1, "a b"])
                def test_many(x):
                    assert solve(x) == x + x

                def test_fixture(broken):
                    assert solve(1) == 2

                @pytest.mark.skip(reason="not on this system")
                def test_skipped():
                    assert solve(1) == 2

                @pytest.mark.xfail(reason="known bug", strict=True)
                def test_known():
                    assert solve(1) == 3

                class TestGrouped:
                    def test_inside(self):
                        assert solve("x") == "xx"

                class Old(unittest.TestCase):
                    def setUp(self):
                        self.x = 3

                    def test_equal(self):
                        self.assertEqual(solve(self.x), 6)

                    def test_unequal(self):
                        self.assertEqual(solve(self.x), 7)

                    def test_parts(self):
                        for y in (6, 8):
                            with self.subTest(y=y):
                                self.assertEqual(solve(self.x), y)
            """,
        },
    )
    verdict = await run_once(project, HONEST)
    assert verdict.collection.problems == ()
    assert verdict.statuses == {
        "test_m.py::test_right": "passed",
        "test_m.py::test_wrong": "failed",
        "test_m.py::test_many[1]": "passed",
        "test_m.py::test_many[a b]": "passed",
        "test_m.py::test_fixture": "error",
        "test_m.py::test_skipped": "skipped",
        "test_m.py::test_known": "skipped",
        "test_m.py::TestGrouped::test_inside": "passed",
        "test_m.py::Old::test_equal": "passed",
        "test_m.py::Old::test_unequal": "failed",
        "test_m.py::Old::test_parts": "failed",
    }
    assert "assert 4 == 5" in verdict.message("test_m.py::test_wrong")
    assert "no database" in verdict.message("test_m.py::test_fixture")
    assert "not on this system" in verdict.message("test_m.py::test_skipped")
    assert verdict.outcome.n_passed == 5
    assert verdict.outcome.n_total == 9


async def test_outcome_says_how_and_where_it_ran(tmp_path: Path):
    verdict = await run_once(
        write_stub(tmp_path), "def solve(x):\n    print('seen', x)\n    return 2 * x\n"
    )
    outcome = verdict.outcome
    assert outcome.all_passed
    assert outcome.termination is Termination.COMPLETED
    assert outcome.judge is Judge.SPLIT
    assert {case.judge for case in outcome.cases} == {Judge.SPLIT}
    assert outcome.output == "seen 3\nseen 10\nseen 0\nseen -7\n"
    assert outcome.detail == ""


async def test_profile_is_of_the_cases(tmp_path: Path):
    verdict = await run_once(
        write_stub(tmp_path),
        """
        import time

        time.sleep(0.3)

        def solve(x):
            waste = bytearray(b"x" * 40_000_000)
            time.sleep(0.01)
            return 2 * x
        """,
    )
    profile = verdict.outcome.profile
    assert profile.wall_seconds is not None
    assert profile.cpu_seconds is not None
    assert profile.peak_memory_bytes is not None
    assert profile.page_faults is not None
    # Four sleeps, without the import's longer one.
    assert profile.wall_seconds >= 0.04
    assert 0 < profile.cpu_seconds < profile.wall_seconds
    assert 40_000_000 < profile.peak_memory_bytes < 200_000_000
    assert profile.page_faults > 4 * 9000
    assert profile.instructions is None
    for case in verdict.outcome.cases:
        assert case.wall_seconds is not None
        assert case.wall_seconds >= 0.01
        assert case.cpu_seconds is not None


async def test_doctest_of_one_docstring(tmp_path: Path):
    project = write_project(
        tmp_path,
        {
            "pkg/__init__.py": "",
            "pkg/m.py": '''
                class Shape:
                    def area(self, side):
                        """Area.

                        >>> Shape().area(3)
                        9
                        """
                        raise NotImplementedError

                def other():
                    """
                    >>> 1 + 1
                    3
                    """
            ''',
        },
    )
    selection = CaseSelection(doctests=("pkg/m.py::Shape.area",))
    verdict = await run_once(
        project,
        "class Shape:\n    def area(self, side):\n        return side * side\n",
        module="pkg/m.py",
        selection=selection,
    )
    assert verdict.statuses == {"pkg/m.py::pkg.m.Shape.area": "passed"}


async def test_candidate_cannot_soften_its_own_doctest(tmp_path: Path):
    project = write_project(
        tmp_path,
        {
            "m.py": '''
                def solve(x):
                    """
                    >>> solve(2)
                    4
                    """
            '''
        },
    )
    verdict = await run_once(
        project,
        'def solve(x):\n    """\n    >>> 1\n    1\n    """\n    return 5\n',
        selection=CaseSelection(doctests=("m.py::solve",)),
    )
    assert verdict.statuses == {"m.py::m.solve": "failed"}
    assert "Expected:\n    4\nGot:\n    5" in verdict.message("m.py::m.solve")


async def test_selection_takes_cases_classes_and_parameter_sets(tmp_path: Path):
    cases = """
        import pytest
        from m import solve

        @pytest.mark.parametrize("x", [1, 2])
        def test_a(x): assert solve(x) == 2 * x

        def test_ab(): assert False

        class TestB:
            def test_in(self): assert solve(1) == 2

        class TestC:
            def test_in(self): assert False
    """
    verdict = await run_once(
        write_stub(tmp_path, cases=cases),
        HONEST,
        selection=CaseSelection(node_ids=("test_m.py::test_a", "test_m.py::TestB")),
    )
    assert verdict.statuses == {
        "test_m.py::test_a[1]": "passed",
        "test_m.py::test_a[2]": "passed",
        "test_m.py::TestB::test_in": "passed",
    }


async def test_skip_from_the_candidate_is_a_failure(tmp_path: Path):
    verdict = await run_once(
        write_stub(tmp_path),
        """
        import pytest

        def solve(x):
            pytest.skip("too hard")
        """,
    )
    assert set(verdict.words) == {"failed"}
    assert "Skipped: too hard" in verdict.outcome.cases[0].message


async def test_long_failures_are_cut(tmp_path: Path):
    verdict = await run_once(
        write_stub(tmp_path),
        "def solve(x):\n    raise ValueError('\\n'.join(map(str, range(10**3))))\n",
    )
    message = verdict.outcome.cases[0].message
    assert len(message) <= 2000
    assert "[...]" in message
    assert message.startswith("test_m.py:")


async def test_import_error_of_the_candidate(tmp_path: Path):
    verdict = await run_once(write_stub(tmp_path), "import no_such_module\n")
    assert set(verdict.words) == {"error"}
    assert "No module named 'no_such_module'" in verdict.outcome.detail
    assert str(tmp_path) not in verdict.outcome.detail
    assert verdict.outcome.profile.wall_seconds in (None, 0)


async def test_syntax_error_of_the_candidate(tmp_path: Path):
    verdict = await run_once(write_stub(tmp_path), "def solve(x) return x\n")
    assert set(verdict.words) == {"error"}
    assert "SyntaxError" in verdict.outcome.detail


async def test_no_cases_is_a_collection(tmp_path: Path):
    verdict = await run_once(write_stub(tmp_path, cases="x = 1\n"), HONEST)
    assert verdict.collection.case_ids == ()
    assert verdict.collection.problems == ()
    assert verdict.outcome.n_total == 0


async def test_case_that_vanishes_is_an_error(tmp_path: Path):
    """A candidate must not lose a failing case by changing what is collected."""
    cases = """
        import pytest
        import m

        @pytest.mark.parametrize("x", getattr(m, "INPUTS", [1, 2]))
        def test_solve(x): assert m.solve(x) == 2 * x
    """
    verdict = await run_once(
        write_stub(tmp_path, cases=cases), "INPUTS = [1]\ndef solve(x): return 2\n"
    )
    assert verdict.statuses == {
        "test_m.py::test_solve[1]": "passed",
        "test_m.py::test_solve[2]": "failed",
    }


async def test_case_slower_than_its_limit_is_a_timeout_although_it_passes(
    tmp_path: Path,
):
    verdict = await run_once(
        write_stub(tmp_path, cases=SLOW_AND_QUICK),
        SLEEPER,
        limits=replace(LIMITS, case_seconds=0.3),
    )
    assert verdict.words == ["timeout", "passed"]


async def test_a_program_may_ask_for_less_time_and_not_for_more(tmp_path: Path):
    project = write_stub(tmp_path, cases=SLOW_AND_QUICK)
    limits = replace(LIMITS, case_seconds=0.6)
    async with open_executor(project, limits=limits, slots=1) as executor:
        shorter = await run(executor, SLEEPER, case_seconds=0.2)
        longer = await run(executor, SLEEPER, case_seconds=60.0)
    assert shorter.words == longer.words == ["timeout", "passed"]
    assert "0.2 s" in shorter.message("test_m.py::test_slow")
    assert "0.6 s" in longer.message("test_m.py::test_slow")
