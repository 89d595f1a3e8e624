"""Cases that vary by themselves are found on the person's own text."""

from pathlib import Path

import pytest

from orps_sandbox.executor import open_executor
from orps_sandbox.flakiness import REPEATS, FlakyCase, flaky_among
from orps_sandbox.program import CaseSelection, Collection
from support.sandbox_projects import LIMITS, TESTS, write_stub


async def collected(root: Path, tests: str) -> Collection:
    project = write_stub(root, cases=tests)
    async with open_executor(project, limits=LIMITS, slots=1) as executor:
        selection = CaseSelection(node_ids=(TESTS,))
        return await executor.collect(selection, repeats=REPEATS)


def test_what_differs_is_flaky():
    repeats = [[True, True, False], [True, False, False], [True, True, False]]
    assert flaky_among(("a", "b", "c"), repeats) == (
        FlakyCase(id="b", n_passed=2, n_runs=3),
    )


def test_repeats_that_were_cut_count_as_far_as_they_went():
    assert flaky_among(("a", "b"), [[True, False], [False], []]) == (
        FlakyCase(id="a", n_passed=1, n_runs=2),
    )
    assert flaky_among(("a",), [[True]]) == ()


VARYING = {
    "the id of the process": "os.getpid()",
    "random numbers": "int(random.random() * 1e9)",
    "numpy's random numbers": "int(numpy.random.random() * 1e9)",
}


@pytest.mark.parametrize("source", VARYING.values(), ids=VARYING)
async def test_varying_cases_are_found_and_steady_ones_are_not(
    tmp_path: Path, source: str
):
    # Eight bits of a number: in three draws all of them agree once in 65,536 times.
    tests = f"""
        import os, random
        import numpy, pytest

        @pytest.mark.parametrize("bit", range(8))
        def test_varying(bit): assert {source} >> bit & 1

        def test_passing(): pass

        def test_failing(): assert False
    """
    collection = await collected(tmp_path, tests)
    assert collection.problems == ()
    assert collection.flaky
    assert all("test_varying" in case.id for case in collection.flaky)
    assert {f"{TESTS}::test_passing", f"{TESTS}::test_failing"} <= {
        *collection.steady_ids
    }
    assert all(0 < c.n_passed < c.n_runs for c in collection.flaky)


async def test_a_case_that_only_meets_its_own_traces_is_steady(tmp_path: Path):
    tests = """
        from pathlib import Path

        def test_new():
            assert not Path("made").exists()
            Path("made").touch()
    """
    collection = await collected(tmp_path, tests)
    assert collection.case_ids == collection.steady_ids == (f"{TESTS}::test_new",)


async def test_a_case_that_hangs_or_dies_ends_its_repeat_alone(tmp_path: Path):
    tests = """
        import os, time
        def test_passing(): pass
        def test_dying(): os.abort()
        def test_hanging(): time.sleep(1000)
    """
    collection = await collected(tmp_path, tests)
    assert len(collection.case_ids) == 3
    assert collection.flaky == ()
