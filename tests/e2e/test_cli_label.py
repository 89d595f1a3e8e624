"""`orps-lsp label`: what it says of each mutant is what plain execution shows."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.cli import Folder

pytestmark = pytest.mark.slow

MODULE = '''\
def clamp(value, low=0, high=10):
    """Keep a value within bounds."""
    if low > high:
        raise ValueError("bounds")
    if value < low:
        return low  # too small
    return min(value, high)
'''
CHECKS = (
    "clamp(5) == 5",
    "clamp(-3) == 0",
    "clamp(99, high=20) == 20",
)
TESTS = "from m import clamp\n" + "".join(
    f"\ndef test_{number}():\n    assert {check}\n"
    for number, check in enumerate(CHECKS)
)


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, {"m.py": MODULE, "test_m.py": TESTS})


def failing(source: str) -> set[str]:
    """Execute the tests plainly; what is run here was written by this file."""
    ids: set[str] = set()
    for number, check in enumerate(CHECKS):
        namespace: dict[str, Any] = {}
        try:
            exec(source, namespace)
            assert eval(check, namespace)
        except Exception:  # noqa: BLE001
            ids.add(f"test_m.py::test_{number}")
    return ids


def test_labels_agree_with_plain_execution(folder: Folder):
    before = folder.snapshot()
    labels = folder.run("label", "m.py::clamp", "--json", "--per-statement", "5")
    assert labels.status == 0
    document = labels.document
    assert document["schema"] == "orps.labels/1"
    assert document["source"] == MODULE
    assert len(document["mutants"]) > 20
    for mutant in document["mutants"]:
        edit, source = mutant["edit"], mutant["source"]
        edited = MODULE[: edit["start"]] + edit["replacement"] + MODULE[edit["end"] :]
        assert source == edited
        assert mutant["prefix"] + mutant["statement"] in source
        assert {each["id"] for each in mutant["outcome"]["failing"]} == failing(source)
        assert (mutant["verdict"] == "kept") == (not failing(source))
        if mutant["refactoring"]:
            assert mutant["verdict"] == "kept"
    assert folder.snapshot() == before

    steps = {step["line"]: step for step in document["steps"]}
    assert {line: step["label"] for line, step in steps.items()} == {
        3: 1,
        4: None,
        5: 1,
        6: 1,
        7: 1,
    }
    assert [steps[line]["cases"] for line in (3, 4, 5, 6, 7)] == [3, 0, 3, 1, 2]
    for line, step in steps.items():
        own = [each for each in document["mutants"] if each["line"] == line]
        assert step["mutants"] == len(own)
        assert step["broken"] == sum(each["verdict"] == "broken" for each in own)
        assert all((each["label"] is None) == (line == 4) for each in own)


def test_rows_have_the_shape_of_stepwise_supervision(folder: Folder):
    lines = folder.run("label", "m.py::clamp", "--prm", "--per-statement", "2")
    rows = [json.loads(line) for line in lines.text.splitlines()]
    # What `datasets` infers one type for, and `trl` zips: same keys, same lengths.
    assert len({tuple(row) for row in rows}) == 1
    for row in rows:
        assert isinstance(row["prompt"], str)
        assert all(isinstance(each, str) for each in row["completions"])
        assert all(isinstance(each, bool) for each in row["labels"])
        assert len(row["completions"]) == len(row["labels"]) == len(row["executed"]) > 0
        assert row["problem"] == "m.py::clamp"
    original = rows[0]
    assert original["operator"] == "original"
    assert "".join(original["completions"]) in MODULE
    assert original["labels"] == [True] * 4
    assert {label for row in rows[1:] for label in row["labels"][-1:]} == {True, False}


def test_a_stub_has_nothing_to_label(folder: Folder):
    folder.write("m.py", "def clamp(value, low=0, high=10):\n    ...\n")
    refused = folder.run("label", "m.py::clamp")
    assert refused.status == 3
    assert "stub" in refused.stderr
