import sys
from dataclasses import replace
from pathlib import Path

import pytest

from orps_sandbox.flakiness import FlakyCase
from orps_sandbox.program import Collection, CollectionProblem
from orps_server.engine import (
    essence,
    limits_of,
    open_job,
    open_workbench,
    present_body,
    require_cases,
)
from orps_server.errors import RequestFault
from orps_server.preparation import GenerateRequest, Preparation, prepare
from orps_server.settings import Settings, settings_from_json
from support import results

TESTS = "from m import double\n\n\ndef test_double():\n    assert double(2) == 4\n"


def prepared(
    root: Path, text: str, *, tests: str = TESTS, saved: bool = True
) -> Preparation:
    file = root / "m.py"
    (root / "pyproject.toml").touch()
    (root / "test_m.py").write_text(tests)
    buffers: dict[Path, str] = {}
    if saved:
        file.write_text(text)
    else:
        buffers[file] = text
    request = GenerateRequest(file=file, qualname="double", buffers=buffers)
    return prepare(request, Settings(), {"PATH": ""})


def collection(*ids: str, problem: str = "") -> Collection:
    problems = (CollectionProblem(where="test_m.py", message=problem),)
    return Collection(
        case_ids=ids,
        problems=problems if problem else (),
        python_version="3.11",
        pytest_version="9",
    )


def test_an_unsaved_buffer_is_what_counts(tmp_path: Path):
    (tmp_path / "m.py").write_text("old = 1\n")
    preparation = prepared(tmp_path, results.STUB, saved=False)
    assert preparation.uncollected.module_text == results.STUB
    assert preparation.project.overlay["m.py"] == results.STUB
    assert preparation.project.root == tmp_path
    assert preparation.selection.node_ids == ("test_m.py::test_double",)


@pytest.mark.parametrize(
    "stub", ["def double(x):\n", 'def double(x):\n    """Twice."""\n', "def double(x):"]
)
def test_a_stub_without_a_body_can_be_imported_by_the_tests(tmp_path: Path, stub: str):
    preparation = prepared(tmp_path, stub)
    compile(preparation.project.overlay["m.py"], "m.py", "exec")
    assert preparation.uncollected.module_text == stub


def test_our_own_interpreter_is_told(tmp_path: Path):
    deep = tmp_path / "a/b/c/d"
    deep.mkdir(parents=True)
    (note,) = prepared(deep, results.STUB).notes
    assert "orps-lsp's own" in note


def test_only_a_body_that_is_there_is_a_first_candidate():
    assert present_body(results.problem(results.STUB)) is None
    proposal = present_body(results.problem(results.SOLUTION))
    assert proposal
    assert proposal.code == results.SOLUTION.rstrip()


def test_a_collection_problem_is_a_fault_in_pytest_s_words(tmp_path: Path):
    report = "test_m.py:1: in <module>\n    import x\nE   ModuleNotFoundError: no x\n"
    preparation = prepared(tmp_path, results.STUB)
    with pytest.raises(RequestFault, match=r"test_m\.py: ModuleNotFoundError") as info:
        require_cases(collection("test_m.py::t", problem=report), preparation)
    assert info.value.kind == "testsDoNotCollect"
    with pytest.raises(RequestFault, match=r"finds no tests in test_m\.py") as info:
        require_cases(collection(), preparation)
    assert info.value.kind == "noTests"
    require_cases(collection("test_m.py::test_double"), preparation)


def test_nothing_but_flaky_tests_is_a_fault(tmp_path: Path):
    flaky = FlakyCase(id="test_m.py::t", n_passed=1, n_runs=3)
    found = replace(collection("test_m.py::t"), flaky=(flaky,))
    with pytest.raises(RequestFault, match="passed 1 of 3 times") as info:
        require_cases(found, prepared(tmp_path, results.STUB))
    assert info.value.kind == "noTests"


async def test_flaky_tests_are_told_of_and_decide_nothing(tmp_path: Path):
    varying = "\nimport os\nimport pytest\n\n@pytest.mark.parametrize('bit', range(9))"
    varying += "\ndef test_varying(bit):"
    varying += "\n    assert os.getpid() >> bit & 1 or double(0) == 0\n"
    prepared(tmp_path, results.STUB, tests=TESTS + varying)
    request = GenerateRequest(
        file=tmp_path / "m.py", qualname="double", tests=("test_m.py",)
    )
    settings, _ = settings_from_json({"interpreter": sys.executable})
    async with open_workbench(request, settings) as workbench:
        problem = workbench.problem
        assert problem.flaky
        assert "test_m.py::test_double" in problem.case_ids
        assert not {case.id for case in problem.flaky} & {*problem.case_ids}
        assert any("test_varying" in note for note in workbench.notes)
        found = await workbench.verify(results.SOLUTION)
    assert {case.id for case in found.outcome.cases} == {*problem.case_ids}
    luckier = replace(problem, case_ids=(*problem.case_ids, problem.flaky[0].id))
    luckier = replace(luckier, flaky=problem.flaky[1:])
    assert luckier.fingerprint == problem.fingerprint


@pytest.mark.parametrize(
    ("report", "line"),
    [
        ("a\nE   first\nE   second\nb", "second"),
        ("a\n\nb\n\n", "b"),
        ("", "it says nothing"),
    ],
)
def test_the_essence_of_a_report(report: str, line: str):
    assert essence(report) == line


PATIENT: dict[str, object] = {}
HASTY: dict[str, object] = {"sandbox": {"wallSeconds": 1}}
STUB_PASSES = "from m import double\n\n\ndef test_double():\n    double(2)\n"
HANGS = "import m\n\nwhile True:\n    pass\n\n\ndef test_double():\n    m.double(2)\n"


@pytest.mark.parametrize(
    ("tests", "chosen", "kind"),
    [
        (STUB_PASSES, PATIENT, "alreadyPasses"),
        (HANGS, HASTY, "sandboxTimeout"),
        (TESTS, PATIENT, None),
    ],
)
async def test_what_the_tests_do_before_a_search(
    tmp_path: Path, tests: str, chosen: dict[str, object], kind: str | None
):
    preparation = prepared(tmp_path, results.STUB, tests=tests)
    request = GenerateRequest(file=preparation.source.path, qualname="double")
    settings, _ = settings_from_json({"interpreter": sys.executable, **chosen})
    raised = None
    try:
        async with open_job(request, settings) as job:
            await job.require_unsolved()
    except RequestFault as fault:
        raised = fault.kind
    assert raised == kind


async def test_arguments_for_pytest_choose_among_the_cases(tmp_path: Path):
    more = TESTS + "\n\ndef test_more():\n    assert double(3) == 6\n"
    preparation = prepared(tmp_path, results.STUB, tests=more)
    request = GenerateRequest(file=preparation.source.path, qualname="double")
    settings, _ = settings_from_json(
        {"interpreter": sys.executable, "tests": {"args": ["-k", "more"]}}
    )
    async with open_workbench(request, settings) as bench:
        assert bench.collection.case_ids == ("test_m.py::test_more",)
        candidate = await bench.verify(results.SOLUTION)
    assert candidate.outcome.all_passed


def test_limits_are_what_was_set():
    settings, _ = settings_from_json(
        {
            "sandbox": {"memoryMb": 64, "cpuSeconds": 3, "wallSeconds": 4},
            "tests": {"timeoutSeconds": 2},
        }
    )
    limits = limits_of(settings)
    assert limits.memory_bytes == 64 * 1024 * 1024
    assert (limits.cpu_seconds, limits.wall_seconds, limits.case_seconds) == (3, 4, 2)
