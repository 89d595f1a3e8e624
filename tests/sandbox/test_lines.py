"""Which lines each case executes, in real processes."""

from pathlib import Path
from textwrap import dedent

from orps_sandbox.executor import open_executor
from support.sandbox_projects import LIMITS, run, write_project, write_stub

BRANCHES = """
    def solve(x):
        if x > 0:
            return double(x)
        return x + x


    def double(x):
        return 2 * x
"""
POSITIVE, OTHER = {2, 3, 8}, {2, 4}


async def lines(root: Path, candidate: str, **project: str) -> list[set[int] | None]:
    if project:
        files = {name + ".py": text for name, text in project.items()}
        opened = write_project(root, files)
    else:
        opened = write_stub(root)
    async with open_executor(opened, limits=LIMITS, slots=1) as executor:
        text = dedent(candidate).lstrip()
        verdict = await run(executor, text, trace_lines=True)
    return [
        None if each.lines is None else set(each.lines)
        for each in verdict.outcome.cases
    ]


async def test_each_case_tells_its_own_lines(tmp_path: Path):
    assert await lines(tmp_path, BRANCHES) == [POSITIVE, POSITIVE, OTHER, OTHER]


async def test_nothing_is_traced_unasked(tmp_path: Path):
    async with open_executor(write_stub(tmp_path), limits=LIMITS, slots=1) as executor:
        verdict = await run(executor, BRANCHES)
    assert [each.lines for each in verdict.outcome.cases] == [None] * 4


async def test_threads_generators_and_failing_cases(tmp_path: Path):
    candidate = """
        import threading


        def solve(x):
            found = []
            thread = threading.Thread(target=lambda: found.extend(each(x)))
            thread.start()
            thread.join()
            return found


        def each(x):
            yield x
            yield x
    """
    tests = """
        from m import each, solve

        def test_thread(): assert solve(1) == [1, 1]
        def test_fails(): assert list(each(1)) == []
    """
    found = await lines(
        tmp_path,
        candidate,
        m="def solve(x): ...\n\ndef each(x): ...\n",
        test_m=tests,
    )
    assert found == [{5, 6, 7, 8, 9, 13, 14}, {13, 14}]


async def test_a_loop_that_was_cut_tells_where_it_was(tmp_path: Path):
    async with open_executor(write_stub(tmp_path), limits=LIMITS, slots=1) as executor:
        verdict = await run(
            executor,
            "def solve(x):\n    while True:\n        x += 1\n",
            case_seconds=1.0,
            trace_lines=True,
        )
    assert verdict.outcome.cases[0].lines == {2, 3}
