"""Many targets at a time: which there are, and files with several bodies."""

import json
from pathlib import Path

import pytest

from orps_server.batch.combining import Body, with_bodies
from orps_server.batch.parcel import parcel
from orps_server.batch.stubs import requests_in, stubs_in
from orps_server.cli.arguments import parse_arguments
from orps_server.cli.commands.generate import GenerateAll
from orps_server.cli.options import Output
from orps_server.errors import RequestFault
from orps_server.spread.work import Place
from support.cli import Finished, Folder

TEXT = """\
from typing import Protocol


def done(x):
    return x


def double(x):
    ...


class Shape(Protocol):
    def area(self): ...


class Point:
    def __init__(self, x):
        self.x = x

    def left(self):
        pass

    def right(self):
        raise NotImplementedError


class Pile:
    def __init__(self):
        ...

    def push(self, item):
        ...
"""


def test_each_body_that_was_left_for_later_belongs_to_one_target():
    names = [target.qualname for target in stubs_in(TEXT)]
    assert names == ["double", "Point.left", "Point.right", "Pile"]


def test_stubs_of_folders_are_those_of_their_files_but_tests(tmp_path: Path):
    for name in ("a.py", "pkg/b.py", "test_a.py", "pkg/b_test.py", ".venv/c.py"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("def f():\n    ...\n")
    found = requests_in([tmp_path, tmp_path / "a.py"])
    names = [each.file.relative_to(tmp_path).as_posix() for each in found]
    assert names == ["a.py", "pkg/b.py"]
    with pytest.raises(RequestFault, match="no file or folder"):
        requests_in([tmp_path / "missing"])


def test_bodies_are_put_in_place_one_after_the_other():
    text = with_bodies(
        TEXT,
        [
            Body(
                qualname="double", code="def double(x):\n    y = x\n    return y + x\n"
            ),
            Body(qualname="Point.left", code="return self.x - 1"),
            Body(qualname="gone", code="return 1"),
        ],
    )
    assert "    return y + x\n" in text
    assert "        return self.x - 1\n" in text
    assert "raise NotImplementedError" in text


def test_a_parcel_holds_what_a_sandbox_would_copy(tmp_path: Path):
    (tmp_path / "m.py").write_text("x = 1\n")
    (tmp_path / "data.bin").write_bytes(b"\0\xff")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").touch()
    with parcel(tmp_path).unpacked() as root:
        assert (root / "m.py").read_text() == "x = 1\n"
        assert (root / "data.bin").read_bytes() == b"\0\xff"
        assert (root / "pyproject.toml").exists()
        assert not (root / ".git").exists()
    assert not root.exists()


@pytest.mark.parametrize(
    "argv",
    [
        ["generate", "a.py::f", "b.py::g"],
        ["generate", "a.py::f", "--executor", "ray"],
        ["generate", "a.py", "--all-stubs", "--tests", "t.py"],
        ["generate", "a.py", "--all-stubs", "--address", "x:1"],
        ["generate", "a.py", "--all-stubs", "--workers", "0"],
    ],
)
def test_what_does_not_go_together_is_a_fault(argv: list[str]):
    with pytest.raises(RequestFault):
        parse_arguments(argv)


def test_the_command_line_names_paths_and_a_place():
    argv = "generate a.py src --all-stubs --executor ray --address h:1 --json"
    assert parse_arguments(argv.split()) == GenerateAll(
        overrides={},
        paths=("a.py", "src"),
        place=Place(address="h:1"),
        output=Output.JSON,
    )


NUMBERS = """\
def double(x):
    \"\"\"Twice x.\"\"\"


def unclear(x):
    \"\"\"Nobody tests it.\"\"\"


def total(a, b):
    \"\"\"The sum.\"\"\"
"""
TESTS = """\
from numbers_ import double, total


def test_double():
    assert double(2) == 4
    assert double(5) == 10


def test_total():
    assert total(2, 3) == 5
    assert total(4, 0) == 4
"""


@pytest.mark.slow
def test_all_stubs_make_one_report_and_what_is_solved_is_written(tmp_path: Path):
    folder = Folder(tmp_path, {"numbers_.py": NUMBERS, "test_numbers.py": TESTS})
    report = run(folder, "--json")
    assert report.status == 1
    found = json.loads(report.stdout)
    states = {each["qualname"]: each["state"] for each in found["targets"]}
    assert states == {"double": "solved", "unclear": "fault", "total": "solved"}
    untested = found["targets"][1]
    assert untested["fault"]["kind"] == "noTests"
    assert untested["result"] is None
    assert found["targets"][0]["result"]["schema"] == "orps.result/1"
    assert run(folder, "--write").status == 1
    text = folder.read("numbers_.py").decode()
    assert text.count("return ") == 2
    # What is left is the stub without tests: nothing can be searched.
    assert run(folder).status == 3


def run(folder: Folder, *arguments: str) -> Finished:
    return folder.run("generate", ".", "--all-stubs", *arguments)
