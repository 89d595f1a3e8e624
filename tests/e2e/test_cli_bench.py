"""`orps-lsp bench` as people start it, and end it."""

import json
import signal
import sys
import time
from pathlib import Path

import pytest

from support.bench_data import PROBLEMS, REPLAY, write_lines
from support.cli import SECONDS, Folder

pytestmark = pytest.mark.slow

BENCH = (
    *("bench", "p.jsonl", "--replay", "r.jsonl.gz", "--python", sys.executable),
    *("--policy", "bon", "--policy", "cot", "--budget", "4", "--workers", "1"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path, {})
    write_lines(made.root / "p.jsonl", PROBLEMS[:3])
    write_lines(made.root / "r.jsonl.gz", REPLAY)
    return made


def test_ctrl_c_ends_it_tidily_and_the_same_command_goes_on(
    folder: Folder, tmp_path: Path
):
    out = tmp_path / "out"
    results = out / "results.jsonl"
    with folder.started(*BENCH, "--out", str(out)) as process:
        deadline = time.monotonic() + SECONDS
        while not results.exists() or results.read_bytes().count(b"\n") < 2:
            assert time.monotonic() < deadline, "no search ends"
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=SECONDS)
    assert process.returncode == 130
    assert stdout == b""
    assert b"goes on" in stderr
    folder.require_nothing_left()
    kept = results.read_bytes()
    plot = tmp_path / "plot.svg"
    finished = folder.run_raw([*BENCH, "--out", str(out), "--plot", str(plot)])
    assert finished.status == 0
    assert results.read_bytes().startswith(kept)
    assert "at most 4 calls" in finished.text
    assert "95 % interval" in finished.text
    assert plot.read_text().startswith("<svg")
    again = folder.run_raw([*BENCH, "--out", str(out), "--json"])
    assert "problems to play: 0" in again.stderr
    assert [row["policy"] for row in again.document["rows"]] == ["bon", "cot"]


@pytest.mark.parametrize(
    ("arguments", "reason", "remedy"),
    [
        (("bench", "none.jsonl", "--replay", "r.jsonl.gz"), "no file", "data set"),
        (("bench", "p.jsonl"), "nobody to answer", "--replay"),
        (("bench", "p.jsonl", "--replay", "p.jsonl"), "line 1", "docs/bench.md"),
        ((*BENCH, "--policy", "magic"), "'magic'", "Known policies: "),
        ((*BENCH, "--against", "magic"), "'magic'", "Known policies: "),
        ((*BENCH, "--model", "m"), "one of both", "--help"),
        ((*BENCH, "--budget", "0"), "'0' is no number", "--help"),
        ((*BENCH, "--plot", "none/x.svg"), "no folder for none/x.svg", "--help"),
    ],
)
def test_what_is_wrong_is_said_with_a_remedy(
    folder: Folder, arguments: tuple[str, ...], reason: str, remedy: str
):
    finished = folder.run_raw(arguments)
    assert finished.status == 3
    assert finished.stdout == b""
    assert reason in finished.said[-2]
    assert remedy in finished.said[-1]


def test_a_replay_of_other_problems_is_a_fault(folder: Folder):
    other = {"task_id": "elsewhere/1", "samples": ["x = 1"]}
    (folder.root / "r.jsonl.gz").write_text(json.dumps(other) + "\n")
    finished = folder.run_raw(BENCH)
    assert finished.status == 3
    assert "`task_id` fields have to agree" in finished.said[-1]
