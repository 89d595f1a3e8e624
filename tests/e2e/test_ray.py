"""`--executor ray` on a real cluster of two nodes, one of which is lost mid-run."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from support.bench_data import PROBLEMS, REPLAY, write_lines
from support.cli import ORPS
from support.ray_cluster import RayCluster, open_cluster

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

STUBS = """\
def double(x):
    \"\"\"Twice x.\"\"\"


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


@pytest.fixture(scope="module")
def cluster() -> Generator[RayCluster]:
    with open_cluster() as opened:
        yield opened


def orps(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [ORPS, *arguments, "--json", "--python", sys.executable],
        cwd=folder,
        env=os.environ | {"XDG_STATE_HOME": str(folder / "state")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def finished(started: subprocess.Popen[bytes]) -> tuple[bytes, str]:
    try:
        stdout, stderr = started.communicate(timeout=150)
    finally:
        started.kill()
    return stdout, stderr.decode()


def document(started: subprocess.Popen[bytes]) -> dict[str, Any]:
    stdout, stderr = finished(started)
    assert started.returncode == 0, stderr
    return json.loads(stdout)


def test_stubs_are_searched_for_where_their_files_are_not(
    cluster: RayCluster, tmp_path: Path
):
    (tmp_path / "numbers_.py").write_text(STUBS)
    (tmp_path / "test_numbers.py").write_text(TESTS)
    (tmp_path / "pyproject.toml").touch()
    ray = ("--executor", "ray", "--address", cluster.address)
    found = document(orps(tmp_path, "generate", ".", "--all-stubs", *ray))
    assert found["solved"] == found["total"] == 2
    assert {each["file"] for each in found["targets"]} == {"numbers_.py"}
    assert {each["node"] for each in found["targets"]} <= {"127.0.0.2", "127.0.0.3"}
    assert all(each["result"]["sandbox"]["tier"] in "ABC" for each in found["targets"])
    # The journals have come back with the results: nothing is done again, anywhere.
    again = document(orps(tmp_path, "generate", ".", "--all-stubs", "--resume"))
    assert again["solved"] == 2
    for each in ("search_id", "candidates", "stop_reason"):
        assert [target["result"][each] for target in again["targets"]] == [
            target["result"][each] for target in found["targets"]
        ]
    listed = subprocess.run(
        [ORPS, "searches", "--json"],
        env=os.environ | {"XDG_STATE_HOME": str(tmp_path / "state")},
        capture_output=True,
        check=True,
    )
    kept = json.loads(listed.stdout)["searches"]
    assert {(each["qualname"], each["state"]) for each in kept} == {
        (each["qualname"], "done") for each in found["targets"]
    }
    assert {each["file"] for each in kept} == {str(tmp_path / "numbers_.py")}


def test_what_a_lost_node_had_runs_again_and_results_are_the_local_ones(
    cluster: RayCluster, tmp_path: Path
):
    write_lines(tmp_path / "p.jsonl", PROBLEMS[:4])
    write_lines(tmp_path / "r.jsonl", REPLAY)
    bench = (
        *("bench", "p.jsonl", "--replay", "r.jsonl", "--policy", "opal"),
        *("--policy", "bon", "--budget", "10"),
    )
    spread = orps(tmp_path, *bench, "--executor", "ray", "--address", cluster.address)
    cluster.wait_for_sandbox()
    cluster.kill_second()
    found = document(spread)
    local = document(orps(tmp_path, *bench))
    assert "127.0.0.2" in found["nodes"]
    assert sum(sum(tiers.values()) for tiers in found["nodes"].values()) == 4 * 2
    for document_ in (found, local):
        del document_["nodes"]
        for row in document_["rows"]:
            del row["cpu_seconds"]
    assert found == local


def test_no_cluster_is_a_fault_with_a_remedy(tmp_path: Path):
    write_lines(tmp_path / "p.jsonl", PROBLEMS)
    write_lines(tmp_path / "r.jsonl", REPLAY)
    started = orps(
        *(tmp_path, "bench", "p.jsonl", "--replay", "r.jsonl", "--policy", "cot"),
        *("--executor", "ray", "--address", "127.0.0.2:1"),
    )
    _, stderr = finished(started)
    assert started.returncode == 3
    assert "no Ray cluster at 127.0.0.2:1" in stderr
    assert "ray start --head" in stderr
