"""`orps-lsp generate` on a function with failing tests, and a critic of lines for it."""

import json
from pathlib import Path

import pytest

from support.classic_bugs import BUGS
from support.cli import Folder

pytestmark = pytest.mark.slow

BUG = next(bug for bug in BUGS if bug.name == "best_load")


def rows() -> str:
    """Labels that say: what adds a name that nobody knows is wrong."""
    found = [
        {
            "prompt": "def f(a):\n",
            "completions": [f"    return a + {'unknown' if wrong else 'a'}\n"],
            "labels": [not wrong],
            "problem": f"p{number}",
            "operator": "variable" if wrong else "original",
            "cases": 2,
            "executed": [2],
        }
        for number in range(40)
        for wrong in (False, True)
    ]
    return "".join(json.dumps(row) + "\n" for row in found)


def test_a_wrong_line_is_repaired_without_a_model(tmp_path: Path):
    folder = Folder(tmp_path, {"m.py": BUG.wrong, "test_m.py": BUG.tests})
    target = f"m.py::{BUG.name}"
    done = folder.run("generate", target, "--json")
    assert done.status == 0
    assert "weight - 1" in done.best["code"]
    assert "one edit" in done.best["reasoning"]
    assert done.document["usage"]["executions"] < 10
    assert folder.read("m.py").decode() == BUG.wrong


def test_a_critic_of_lines_is_trained_and_seated(tmp_path: Path):
    folder = Folder(
        tmp_path, {"m.py": BUG.wrong, "test_m.py": BUG.tests, "rows.jsonl": rows()}
    )
    model = str(tmp_path / "lines.json")
    trained = folder.run_raw(["prm", "train", "rows.jsonl", "-o", model, "--json"])
    assert trained.status == 0
    assert trained.document["model"]["value"] > 0.9
    critic = ("--critic", "prm", "--prm-model", model)
    judged = folder.run("generate", f"m.py::{BUG.name}", "--json", *critic)
    assert judged.status == 0
    assert "model of lines" in judged.best["critique"]
    refused = folder.run_raw(["prm", "train", "m.py", "-o", model])
    assert refused.status == 3
    assert "no row of labels" in refused.stderr
