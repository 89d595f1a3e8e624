import ast
from pathlib import Path
from typing import Any

import pytest

from orps_server.bench.case_files import functions_file, unittest_file
from orps_server.bench.dataset import load_data_sets
from orps_server.errors import RequestFault
from support.bench_data import PROBLEMS, SENTINEL, write_lines


def load(tmp_path: Path, *rows: dict[str, Any]):
    return load_data_sets([write_lines(tmp_path / "p.jsonl", rows)])


@pytest.mark.parametrize("name", ["p.jsonl", "p.jsonl.gz"])
def test_problems_are_read(tmp_path: Path, name: str):
    data = load_data_sets([write_lines(tmp_path / name, PROBLEMS)])
    assert [each.task.id for each in data.problems] == [p["task_id"] for p in PROBLEMS]
    assert data.left_out == ()


def test_what_a_search_sees_holds_nothing_hidden(tmp_path: Path):
    for problem in load(tmp_path, *map(dict, PROBLEMS)).problems:
        assert SENTINEL not in repr(problem.task)
        assert SENTINEL in problem.hidden.tests


def test_a_test_that_is_flagged_as_wrong_is_left_out(tmp_path: Path):
    task = load(tmp_path, dict(PROBLEMS[2])).problems[0].task
    assert "== 'A'" in task.tests
    assert "== 'b'" not in task.tests


def test_an_instruction_becomes_the_docstring_of_a_bare_stub(tmp_path: Path):
    task = load(tmp_path, dict(PROBLEMS[2])).problems[0].task
    function = ast.parse(task.module).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert "in capitals" in (ast.get_docstring(function) or "")


def test_annotations_that_nothing_imports_do_not_break_the_module(tmp_path: Path):
    row = dict(PROBLEMS[0]) | {"stub": "def double(x: Any) -> Any:\n    pass\n"}
    assert "annotations" in load(tmp_path, row).problems[0].task.module


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"visible_tests": []}, "no visible test"),
        ({"hidden_tests": [], "hidden_plus": []}, "no hidden test"),
        ({"visible_tests": ["assert double(Node(1)) == 2"]}, "does not define: Node"),
        ({"visible_tests": ["assert double("]}, "does not compile"),
        ({"stub": "def double(self, x):\n    pass\n"}, "without its class"),
        ({"entry_point": "triple"}, "does not define triple"),
    ],
)
def test_what_cannot_be_played_is_left_out_with_a_reason(
    tmp_path: Path, change: dict[str, Any], reason: str
):
    data = load(tmp_path, dict(PROBLEMS[0]) | change)
    assert data.problems == ()
    assert reason in data.left_out[0].reason


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "line 2: it is no JSON"),
        ("[]", "line 2: it is no JSON object"),
        ("{}", "line 2: it has no text `task_id`"),
        ('{"task_id": "x"}', "line 2: x: it has no text `stub`"),
        ('{"task_id": "x", "visible_tests": [1]}', "`visible_tests` is no list"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, reason: str):
    path = write_lines(tmp_path / "p.jsonl", PROBLEMS[:1])
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(RequestFault) as info:
        load_data_sets([path])
    assert reason in str(info.value)
    assert info.value.hint


def test_a_problem_that_is_there_twice_is_a_fault(tmp_path: Path):
    with pytest.raises(RequestFault, match="twice"):
        load(tmp_path, dict(PROBLEMS[0]), dict(PROBLEMS[0]))


def test_entries_with_strings_of_many_lines_stay_what_they_are():
    entry = 'text = """a\n b\n"""\nassert f(text) == 2'
    tree = ast.parse(functions_file("m", "def f(x): ...\n", [entry]))
    case = tree.body[-1]
    assert isinstance(case, ast.FunctionDef)
    assert ast.unparse(case.body) == ast.unparse(ast.parse(entry).body)  # pyright: ignore[reportArgumentType]


def test_tests_find_what_the_module_imports_and_defines():
    text = "import math\n\n\ndef f(x): ...\n\n\ndef g(x): ...\n"
    file = functions_file("m", text, ["assert math.sqrt(f(4)) == 2"])
    assert file.startswith("import math\nfrom m import f\n\n\ndef test_0")


def test_only_the_named_methods_of_a_test_class_stay():
    text = str(PROBLEMS[4]["test_file"])
    file = unittest_file("m", "class Pile: ...\n", text, ["PushTests.test_push"])
    tree = ast.parse(file)
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    names = [
        [f.name for f in c.body if isinstance(f, ast.FunctionDef)] for c in classes
    ]
    assert names == [["setUp", "test_push"]]
    assert file.startswith("from m import Pile\n")
