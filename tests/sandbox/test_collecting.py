"""Collections that go wrong say so in pytest's words, or in clear ones of our own."""

import platform
from dataclasses import replace
from pathlib import Path

from orps_sandbox.executor import open_executor
from orps_sandbox.limits import Limits
from orps_sandbox.program import CaseSelection, Collection, CollectionProblem
from support.sandbox_projects import LIMITS, write_project, write_stub


async def collect(
    tmp_path: Path,
    files: dict[str, str],
    *node_ids: str,
    doctests: tuple[str, ...] = (),
    limits: Limits = LIMITS,
) -> Collection:
    project = write_project(tmp_path, files)
    async with open_executor(project, limits=limits, slots=1) as executor:
        return await executor.collect(
            CaseSelection(node_ids=node_ids, doctests=doctests)
        )


async def test_one_broken_file_spares_the_others(tmp_path: Path):
    collection = await collect(
        tmp_path,
        {
            "test_bad.py": "import no_such_module\n",
            "test_good.py": "def test_it(): pass\n",
        },
        "test_bad.py",
        "test_good.py",
        "nowhere/test_none.py",
        "test_good.py::test_other",
        "test_bad.py::test_in_bad",
    )
    assert collection.case_ids == ("test_good.py::test_it",)
    messages = {problem.where: problem.message for problem in collection.problems}
    assert set(messages) == {
        "test_bad.py",
        "nowhere/test_none.py",
        "test_good.py::test_other",
    }
    assert "No module named 'no_such_module'" in messages["test_bad.py"]
    assert str(tmp_path) not in messages["test_bad.py"]
    assert messages["nowhere/test_none.py"] == "no such file or folder"


async def test_nothing_that_exists_collects_nothing(tmp_path: Path):
    collection = await collect(
        tmp_path, {"test_m.py": "def test_it(): pass\n"}, "none.py"
    )
    assert collection.case_ids == ()
    assert collection.problems == (
        CollectionProblem(where="none.py", message="no such file or folder"),
    )


async def test_folders_are_selections(tmp_path: Path):
    files = {"tests/test_a.py": "def test_it(): pass\n", "test_b.py": "def test_b(): 1"}
    collection = await collect(tmp_path, files, "tests")
    assert collection.case_ids == ("tests/test_a.py::test_it",)


async def test_broken_conftest_and_broken_options(tmp_path: Path):
    files = {"conftest.py": "1 / 0\n", "test_m.py": "def test_it(): pass\n"}
    collection = await collect(tmp_path / "a", files, "test_m.py")
    assert collection.case_ids == ()
    assert "ZeroDivisionError" in collection.problems[0].message
    files = {
        "pytest.ini": "[pytest]\naddopts = --no-such-option\n",
        "test_m.py": "def test_it(): pass\n",
    }
    collection = await collect(tmp_path / "b", files, "test_m.py")
    assert "--no-such-option" in collection.problems[0].message


async def test_module_that_never_ends_or_dies_at_import(tmp_path: Path):
    limits = replace(LIMITS, wall_seconds=3.0)
    files = {"test_m.py": "while True: pass\n"}
    collection = await collect(tmp_path / "a", files, "test_m.py", limits=limits)
    assert collection.problems == (
        CollectionProblem(
            where="test_m.py",
            message="importing and collecting test_m.py did not end within 3 s",
            is_timeout=True,
        ),
    )
    files = {"test_m.py": "import os\nprint('bye', flush=True)\nos._exit(3)\n"}
    collection = await collect(tmp_path / "b", files, "test_m.py")
    assert collection.problems[0].message == (
        "importing and collecting test_m.py ended the interpreter\nbye"
    )


async def test_doctests_of_other_docstrings_and_none(tmp_path: Path):
    files = {
        "m.py": '''
            def solve():
                """No example."""

            def other():
                """
                >>> 1
                1
                """
        '''
    }
    collection = await collect(tmp_path, files, doctests=("m.py::solve",))
    assert collection.case_ids == ()
    assert collection.problems == (
        CollectionProblem(
            where="m.py::solve", message="the docstring holds no examples"
        ),
    )


async def test_versions_are_those_of_the_project(tmp_path: Path):
    project = write_stub(tmp_path)
    async with open_executor(project, limits=LIMITS, slots=1) as executor:
        collection = await executor.collect(CaseSelection(node_ids=("test_m.py",)))
    assert collection.python_version == platform.python_version()
    assert collection.pytest_version.partition(".")[0].isdigit()
    assert collection.case_ids == (
        "test_m.py::test_solve[3-6]",
        "test_m.py::test_solve[10-20]",
        "test_m.py::test_solve[0-0]",
        "test_m.py::test_solve[-7--14]",
    )
