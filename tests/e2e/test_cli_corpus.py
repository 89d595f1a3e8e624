"""`orps-lsp doctor --corpus`: a row per program, and a status that says it all."""

import shutil
from pathlib import Path

import pytest

from orps_server.canary import FOLDER, set_up
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


def test_what_expects_nothing_or_what_nobody_knows(tmp_path: Path):
    unknown = HONEST.replace("PASS", "BANANA")
    files = {"bad/a.py": HONEST, "bad/b.py": "x = 1\n", "bad/c.py": unknown}
    finished = Folder(tmp_path, files).run("doctor", "--corpus=bad", "--tier=C")
    assert "b.py was not run" in finished.stderr
    assert finished.text.splitlines()[-1] == "1 of 2 programs as expected in tier C"
    assert finished.status == 3


def test_programs_that_are_no_utf_8(tmp_path: Path):
    body = b"def solve(x):\n    return 2 * len('\xe4' * x) if x > 0 else 2 * x\n"
    cookie = b"# EXPECT: PASS | FAIL\n# coding: latin-1\n"
    files = {"bad/a.py": cookie + body, "bad/b.py": b"# EXPECT: ERROR\n" + body}
    folder = Folder(tmp_path, files)
    finished = folder.run("doctor", "--corpus=bad", "--tier=C", "--json")
    got = [program["got"] for program in finished.document["programs"]]
    assert (got, finished.status) == (["PASS", "ERROR"], 0), finished.text


def test_why_it_is_not_as_expected_is_told(tmp_path: Path):
    text = "# EXPECT: PASS; needs more\nimport nothing_of_this_name\n"
    folder = Folder(tmp_path, {"bad/a.py": text})
    finished = folder.run("doctor", "--corpus=bad", "--tier=C")
    assert "No module named 'nothing_of_this_name'" in finished.text


def test_traps_of_a_run_that_was_killed_are_in_nobodys_way(tmp_path: Path):
    folder = Folder(tmp_path, {"bad/a.py": HONEST})
    with set_up():
        finished = folder.run("doctor", "--corpus=bad", "--tier=C")
        assert "one corpus at a time" in finished.stderr
        left = tmp_path / "left"
        shutil.copytree(FOLDER, left, ignore=shutil.ignore_patterns("agent.sock"))
    left.rename(FOLDER)
    finished = folder.run("doctor", "--corpus=bad", "--tier=C")
    assert finished.status == 0, finished.stderr
    assert not FOLDER.exists()
