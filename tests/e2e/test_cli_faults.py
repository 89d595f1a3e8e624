"""Requests and environments that are at fault: status 3, one or two lines, a remedy."""

import sys
from pathlib import Path

import pytest

from support.cli import Finished, Folder

pytestmark = pytest.mark.slow

PROGRESS = "orps-lsp: searching "

STUB = "def double(x):\n    ...\n"
TESTS = "from m import double\n\n\ndef test_double():\n    assert double(2) == 4\n"


def fault(finished: Finished) -> str:
    assert finished.status == 3, finished.stderr
    assert finished.stdout == b""
    progress = [line for line in finished.said if line.startswith(PROGRESS)]
    told = finished.said[len(progress) :]
    assert 1 <= len(told) <= 2, finished.stderr
    assert told[0].startswith("orps-lsp: error: ")
    return "\n".join(told)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, {"m.py": STUB, "test_m.py": TESTS})


def test_no_such_file(folder: Folder):
    assert "nope.py" in fault(folder.run("generate", "nope.py::double"))


def test_no_such_function_names_the_closest(folder: Folder):
    assert "double" in fault(folder.run("generate", "m.py::duoble"))


def test_no_tests_says_where_it_looked(folder: Folder):
    (folder.root / "test_m.py").unlink()
    said = fault(folder.run("generate", "m.py::double"))
    assert "test" in said
    assert "--tests" in said


def test_tests_that_do_not_exist(folder: Folder):
    said = fault(folder.run("generate", "m.py::double", "--tests", "test_x.py"))
    assert "test_x.py" in said


def test_tests_that_do_not_collect_in_pytest_s_words(folder: Folder):
    folder.write("test_m.py", "import absent_module\n" + TESTS)
    said = fault(folder.run("generate", "m.py::double", "--json"))
    assert "No module named 'absent_module'" in said
    assert "test_m.py" in said


def test_a_syntax_error_in_the_target_names_the_line(folder: Folder):
    folder.write("m.py", "def double(x:\n    return (\n")
    said = fault(folder.run("generate", "m.py::double"))
    assert "line 1" in said or "line 2" in said


def test_a_syntax_error_elsewhere_does_not_matter(folder: Folder):
    folder.write("m.py", STUB + "\n\ndef broken(:\n    pass\n")
    finished = folder.run("generate", "m.py::double", "--json")
    assert finished.status == 0, finished.stderr


def test_a_test_file_with_a_syntax_error(folder: Folder):
    folder.write("test_m.py", TESTS + "\ndef test_(:\n")
    assert "test_m.py" in fault(folder.run("generate", "m.py::double"))


def test_an_interpreter_that_is_none(folder: Folder):
    said = fault(folder.run_raw(["generate", "m.py::double", "--python", "no/python"]))
    assert "--python" in said


def test_a_project_without_pytest_is_told_how_to_get_it(folder: Folder):
    # -S hides site-packages, so this Python is one without pytest.
    python = folder.write(
        "../bare/python", f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n'
    )
    python.chmod(0o755)
    said = fault(folder.run_raw(["generate", "m.py::double", "--python", str(python)]))
    assert "pip install pytest" in said


def test_an_unknown_policy_names_the_known_ones(folder: Folder):
    said = fault(folder.run("generate", "m.py::double", "--policy", "magic"))
    assert "magic" in said
    assert "orps" in said


def test_a_number_that_makes_no_sense(folder: Folder):
    said = fault(folder.run("generate", "m.py::double", "--samples", "0"))
    assert "search.samples" in said


def test_a_command_line_that_makes_no_sense(folder: Folder):
    assert "--help" in fault(folder.run_raw(["generate", "m.py"]))


def test_a_model_without_a_key(folder: Folder):
    said = fault(folder.run("generate", "m.py::double", "--model", "gpt"))
    assert "OPENAI_API_KEY" in said


def test_a_bug_of_ours_is_one_line_and_a_log(folder: Folder, tmp_path: Path):
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text(
        "import orps_server.engine\n"
        "def prepare(*_): raise ZeroDivisionError('boom')\n"
        "orps_server.engine.prepare = prepare\n"
    )
    extra = {"PYTHONPATH": str(broken)}
    said = fault(folder.run("generate", "m.py::double", extra=extra))
    assert "internal error, ZeroDivisionError: boom" in said
    log = tmp_path / "state" / "orps-lsp" / "log" / "crash.log"
    assert "Traceback" in log.read_text()
