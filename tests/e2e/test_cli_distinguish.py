"""`distinguish` and `strength` as people run them."""

from pathlib import Path

import pytest

from support.cli import Folder

pytestmark = pytest.mark.slow

TESTS = """\
from stats import median


def test_odd():
    assert median([3, 1, 2]) == 2


def test_even():
    assert median([4, 1, 2, 3]) == 2.5
"""
RAISES = """\
def median(numbers):
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2
"""
RETURNS_NONE = """\
def median(numbers):
    if not numbers:
        return None
    ordered = sorted(numbers)
    n = len(ordered)
    return ordered[n // 2] if n % 2 else sum(ordered[n // 2 - 1 : n // 2 + 1]) / 2
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    files = {
        "pyproject.toml": "",
        "stats.py": RAISES,
        "test_stats.py": TESTS,
        "one.txt": RAISES,
        "two.txt": RETURNS_NONE,
    }
    return Folder(tmp_path, files)


CANDIDATES = ("--candidate", "one.txt", "--candidate", "two.txt")


def test_a_question_and_its_answer_as_a_test(folder: Folder) -> None:
    asked = folder.run("distinguish", "stats.py::median", *CANDIDATES)
    assert asked.status == 1, asked.stderr
    assert "What should median([]) do?" in asked.text
    assert "it returns None" in asked.text
    assert "it raises IndexError" in asked.text
    options = [line for line in asked.text.splitlines() if line.startswith("  ")]
    number = next(str(i + 1) for i, line in enumerate(options) if "None" in line)

    shown = folder.run(
        "distinguish", "stats.py::median", *CANDIDATES, "--answer", number
    )
    assert "+    assert median([]) is None" in shown.text
    assert folder.read("test_stats.py").decode() == TESTS

    folder.run(
        "distinguish", "stats.py::median", *CANDIDATES, "--answer", number, "--write"
    )
    assert folder.read("test_stats.py").decode().startswith(TESTS)
    again = folder.run("distinguish", "stats.py::median", *CANDIDATES, "--json")
    assert again.document["question"] is None
    assert [group["members"] for group in again.document["groups"]] == [["two.txt"]]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--answer", "3"), "there are 2 answers"),
        (("--write",), "--write needs --answer"),
    ],
)
def test_an_answer_that_there_is_not(
    folder: Folder, arguments: tuple[str, ...], words: str
) -> None:
    run = folder.run("distinguish", "stats.py::median", *CANDIDATES, *arguments)
    assert run.status == 3
    assert words in run.stderr


def test_candidates_of_a_search(folder: Folder) -> None:
    run = folder.run("distinguish", "stats.py::median", "--json", "--max-seconds", "5")
    assert run.status in (0, 1), run.stderr
    assert run.document["groups"]


def test_what_the_tests_leave_open(folder: Folder) -> None:
    run = folder.run("strength", "stats.py::median", "--mutants", "12", "--json")
    document = run.document
    assert run.status == (1 if document["gaps"] else 0)
    assert document["noticed"] + len(document["gaps"]) == document["changes"]
    assert document["changes"] + document["alike"] == 12
    assert document["complete"]


def test_a_body_that_fails_has_no_strength(folder: Folder) -> None:
    folder.write("wrong.txt", "def median(numbers):\n    return numbers[1]\n")
    run = folder.run("strength", "stats.py::median", "--candidate", "wrong.txt")
    assert run.status == 3
    assert "of 2 tests" in run.stderr
