"""`--tests`: exactly what was named, or a word about what does not exist."""

from pathlib import Path

import pytest

from orps_server.errors import RequestFault
from support.projects import chosen, discovered, project

FILES = {
    "stats.py": "def median(values): ...\n",
    "tests/test_a.py": """\
        from stats import median

        class TestMedian:
            def test_odd(self): assert median([1]) == 1
            def test_even(self): assert median([1, 2]) == 1.5

        def test_other(): pass
        """,
    "examples/cases.py": "def test_named_oddly():\n    pass\n",
    "empty/readme.txt": "",
    "none/test_none.py": "x = 1\n",
}


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (
            "tests/test_a.py::TestMedian::test_odd",
            {"tests/test_a.py::TestMedian::test_odd"},
        ),
        ("tests/test_a.py::TestMedian", {"tests/test_a.py::TestMedian"}),
        ("tests/test_a.py::test_other", {"tests/test_a.py::test_other"}),
        (
            "tests/test_a.py::TestMedian::test_odd[a::b-1]",
            {"tests/test_a.py::TestMedian::test_odd[a::b-1]"},
        ),
        (
            "tests/test_a.py",
            {
                "tests/test_a.py::TestMedian::test_odd",
                "tests/test_a.py::TestMedian::test_even",
            },
        ),
        (
            "tests",
            {
                "tests/test_a.py::TestMedian::test_odd",
                "tests/test_a.py::TestMedian::test_even",
            },
        ),
        ("examples/cases.py", {"examples/cases.py::test_named_oddly"}),
    ],
)
def test_what_is_named_is_taken(tmp_path: Path, named: str, expected: set[str]) -> None:
    root = project(tmp_path, FILES)
    assert chosen(root, "stats.py::median", explicit=[named]) == expected
    absolute = str(root / named)
    assert chosen(root, "stats.py::median", explicit=[absolute]) == expected


def test_the_model_sees_named_tests(tmp_path: Path) -> None:
    root = project(tmp_path, FILES)
    found = discovered(
        root, "stats.py::median", explicit=["tests/test_a.py::TestMedian::test_odd"]
    )
    assert "test_odd" in found.sources["tests/test_a.py"]


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("tests/test_b.py", "tests/test_b.py does not exist"),
        ("tests/test_b.py::test_x", "no file tests/test_b.py"),
        ("tests/test_a.py::test_x", "defines no `test_x`"),
        ("tests/test_a.py::TestMedian::test_x", "defines no `TestMedian.test_x`"),
        ("../elsewhere.py", "outside the project"),
        ("empty", "no test files in empty"),
        ("none/test_none.py", "no tests in none/test_none.py"),
    ],
)
def test_what_does_not_exist_is_said(tmp_path: Path, named: str, words: str) -> None:
    root = project(tmp_path / "root", FILES)
    with pytest.raises(RequestFault) as caught:
        chosen(root, "stats.py::median", explicit=[named])
    assert caught.value.kind == "noTests"
    assert words in str(caught.value)
    assert caught.value.hint
