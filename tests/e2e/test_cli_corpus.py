"""`orps-lsp doctor --corpus`: a row per program, and a status that says it all."""

from pathlib import Path

import pytest

from support.cli import Folder

pytestmark = pytest.mark.slow

HONEST = "# EXPECT: PASS; control\ndef solve(x):\n    return 2 * x\n"
WRONG = "# EXPECT: FAIL|ERROR; a wrong answer\ndef solve(x):\n    return x\n"
MISJUDGED = "# EXPECT: FAIL; but it is right\ndef solve(x):\n    return 2 * x\n"
LEAKING = (
    "# EXPECT: PASS; prints\ndef solve(x):\n    print('LEAK:')\n    return 2 * x\n"
)


def test_all_as_expected(tmp_path: Path):
    folder = Folder(tmp_path, {"bad/a.py": HONEST, "bad/b.py": WRONG})
    finished = folder.run("doctor", "--corpus=bad", "--tier", "C")
    assert finished.status == 0, finished.stderr
    heading, first, second, summary = finished.text.splitlines()
    assert heading.split()[:4] == ["program", "expected", "got", "ms"]
    assert first.split()[:4] == ["ok", "a.py", "PASS", "PASS"]
    assert second.split()[:4] == ["ok", "b.py", "FAIL|ERROR", "FAIL"]
    assert summary == "2 of 2 programs as expected in tier C"


def test_what_is_not_as_expected_is_a_fault(tmp_path: Path):
    folder = Folder(tmp_path, {"bad/a.py": MISJUDGED, "bad/b.py": LEAKING})
    finished = folder.run("doctor", "--corpus=bad", "--tier", "C", "--json")
    assert finished.status == 3
    document = finished.document
    assert (document["tier"], document["as_expected"]) == ("C", False)
    misjudged, leaking = document["programs"]
    assert (misjudged["expected"], misjudged["got"]) == (["FAIL"], "PASS")
    assert leaking["side_effects"] == ["a secret was printed"]
    assert [misjudged["ok"], leaking["ok"]] == [False, False]


def test_folder_without_programs(tmp_path: Path):
    folder = Folder(tmp_path, {"bad/a.py": "x = 1\n"})
    finished = folder.run("doctor", "--corpus=bad")
    assert finished.status == 3
    assert "holds no program" in finished.stderr
