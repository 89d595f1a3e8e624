"""Which files know the target's module, however they import it."""

from pathlib import Path

import pytest

from orps_server.errors import RequestFault
from support.projects import chosen, discovered, project

MODULE = "def median(values): ...\n"


@pytest.mark.parametrize(
    ("module", "file", "head", "call"),
    [
        ("stats.py", "test_stats.py", "from stats import median", "median"),
        ("stats.py", "tests/test_a.py", "from stats import median as m", "m"),
        ("stats.py", "tests/test_a.py", "import stats", "stats.median"),
        ("stats.py", "tests/test_a.py", "import stats as s", "s.median"),
        ("stats.py", "tests/test_a.py", "from stats import *", "median"),
        (
            "src/app/stats.py",
            "tests/test_a.py",
            "from app.stats import median",
            "median",
        ),
        ("src/app/stats.py", "tests/test_a.py", "import app.stats", "app.stats.median"),
        (
            "src/app/stats.py",
            "tests/test_a.py",
            "from app import stats",
            "stats.median",
        ),
        ("app/stats.py", "app/tests/test_a.py", "from ..stats import median", "median"),
        ("app/stats.py", "app/test_a.py", "from . import stats", "stats.median"),
        ("app/stats.py", "app/test_a.py", "from .stats import *", "median"),
        ("app/__init__.py", "tests/test_a.py", "from app import median", "median"),
        ("app/__init__.py", "tests/test_a.py", "import app", "app.median"),
        (
            "app/lib/stats.py",
            "tests/a_test.py",
            "import sys\nfrom stats import median",
            "median",
        ),
        (
            "stats.py",
            "tests/test_a.py",
            "import importlib\ns = importlib.import_module('stats')",
            "s.median",
        ),
        (
            "stats.py",
            "tests/test_a.py",
            "def load():\n    import stats\n    return stats.median",
            "load()",
        ),
        ("stats.py", "tests/tests.py", "import stats", "stats.median"),
        ("stats.py", "test_stats.py", "median = load('stats', 'median')", "median"),
    ],
)
def test_ways_to_import(
    tmp_path: Path, module: str, file: str, head: str, call: str
) -> None:
    test = f"{head}\n\ndef test_it():\n    assert {call}([1]) == 1\n\ndef test_else():\n    pass\n"
    root = project(tmp_path, {module: MODULE, file: test})
    assert chosen(root, f"{module}::median") == {f"{file}::test_it"}


def test_a_name_that_the_package_passes_on_is_followed(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        {
            "src/app/__init__.py": "from app.stats import median\n",
            "src/app/stats.py": "def median(values): ...\ndef mode(values): return 1\n",
            "tests/test_a.py": """\
                from app import median, mode

                def test_median(): assert median([1]) == 1
                def test_mode(): assert mode([1]) == 1
                """,
        },
    )
    assert chosen(root, "src/app/stats.py::median") == {"tests/test_a.py::test_median"}


def test_tests_of_a_namesake_are_not_taken(tmp_path: Path) -> None:
    test = "from {}utils import median\n\ndef test_it(): assert median([1])\n"
    root = project(
        tmp_path,
        {
            "a/utils.py": MODULE,
            "b/utils.py": MODULE,
            "tests/test_a.py": test.format("a."),
            "tests/test_b.py": test.format("b."),
            "b/test_local.py": test.format(""),
        },
    )
    assert chosen(root, "a/utils.py::median") == {"tests/test_a.py::test_it"}


def test_other_peoples_tests_are_not_walked(tmp_path: Path) -> None:
    test = "from stats import median\ndef test_it(): median([])\n"
    root = project(
        tmp_path,
        {
            "stats.py": MODULE,
            "test_mine.py": test,
            "node_modules/x/test_a.py": test,
            ".tox/test_b.py": test,
            "lib/pyvenv.cfg": "",
            "lib/test_c.py": test,
        },
    )
    assert chosen(root, "stats.py::median") == {"test_mine.py::test_it"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "pyproject.toml",
            "[tool.pytest.ini_options]\npython_files = ['check_*.py']\n",
        ),
        ("pytest.ini", "[pytest]\npython_files = check_*.py\n"),
        ("setup.cfg", "[tool:pytest]\npython_files =\n    check_*.py\n"),
    ],
)
def test_the_names_that_pytest_is_told_are_used(
    tmp_path: Path, name: str, text: str
) -> None:
    test = "from stats import median\ndef test_it(): median([])\n"
    root = project(
        tmp_path,
        {name: text, "stats.py": MODULE, "check_a.py": test, "test_b.py": test},
    )
    assert chosen(root, "stats.py::median") == {"check_a.py::test_it"}


def test_buffers_are_read_instead_of_the_disk(tmp_path: Path) -> None:
    test = "from stats import median\ndef {}(): median([])\n"
    root = project(tmp_path, {"stats.py": MODULE, "test_a.py": test.format("test_old")})
    overlay = {
        "test_a.py": test.format("test_new"),
        "tests/test_b.py": test.format("test_b"),
    }
    found = discovered(root, "stats.py::median", overlay=overlay)
    assert set(found.selection.node_ids) == {
        "test_a.py::test_new",
        "tests/test_b.py::test_b",
    }
    assert found.sources["test_a.py"] == overlay["test_a.py"]


def test_tests_beside_the_code_count(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        {"stats.py": f"{MODULE}\ndef test_median():\n    assert median([1]) == 1\n"},
    )
    assert chosen(root, "stats.py::median") == {"stats.py::test_median"}


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, ["no files named test_*.py"]),
        (
            {"test_a.py": "def test_it(): pass\n"},
            ["none of the 1 test file", "stats.py"],
        ),
        (
            {"test_a.py": "import stats\ndef test_it(): stats.mode()\n"},
            ["test_a.py knows stats, but no test in it mentions `median`"],
        ),
        ({"test_a.py": "from stats import median\n"}, ["test_a.py defines no tests"]),
    ],
)
def test_nothing_found_says_where_it_looked(
    tmp_path: Path, files: dict[str, str], words: list[str]
) -> None:
    root = project(tmp_path, {"stats.py": f"{MODULE}\ndef mode(): return 1\n", **files})
    with pytest.raises(RequestFault) as caught:
        chosen(root, "stats.py::median")
    assert caught.value.kind == "noTests"
    assert "--tests" in caught.value.hint
    assert str(root) in str(caught.value)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    "test", ["def test_it(:\n    assert median([1])\n", "x = (\n", "  oops\n"]
)
def test_a_file_that_does_not_parse_is_named(tmp_path: Path, test: str) -> None:
    files = {"stats.py": MODULE, "test_a.py": f"from stats import median\n{test}"}
    root = project(tmp_path, files)
    with pytest.raises(RequestFault, match=r"test_a\.py has a syntax error on line"):
        discovered(root, "stats.py::median")
