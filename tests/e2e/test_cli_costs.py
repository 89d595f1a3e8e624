"""Finalists are measured when a search has ended, and nobody has to wait for that."""

import signal
import sys
from pathlib import Path

import pytest

from support.cli import Folder

STUB = """\
def double(x):
    ...
"""
TESTS = """\
from numbers_ import double


def test_double():
    assert double(1) == 2
    assert double(-3) == -6
"""
TARGET = "numbers_.py::double"
UNITS = {
    "cpu_seconds": "s",
    "peak_memory_bytes": "B",
    "page_faults": "",
    "instructions": "",
    "branch_misses": "",
    "bytecode_events": "",
}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, {"numbers_.py": STUB, "test_numbers_.py": TESTS})


def test_the_document_tells_what_finalists_cost_and_how_that_is_known(folder: Folder):
    finished = folder.run("generate", TARGET, "--json", "--profile-seconds", "20")
    assert finished.status == 0, finished.stderr
    assert any("measuring" in line for line in finished.said)
    costs = finished.best["costs"]
    assert {name: metric["unit"] for name, metric in costs.items()} == UNITS
    cpu = costs["cpu_seconds"]
    assert cpu["n"] >= 3
    assert cpu["noise"] >= 0.0005
    assert (cpu["trusted"], cpu["deterministic"]) == (True, False)
    assert costs["bytecode_events"]["value"] > 0
    assert costs["bytecode_events"]["deterministic"]
    for metric in costs.values():
        assert (metric["value"] is None) == (metric["reason"] is not None)
    unranked = finished.document["candidates"][3:]
    assert all(each["costs"] is None for each in unranked)
    shown = folder.run_raw(["report", finished.document["search_id"]]).text
    assert "Measured: CPU" in shown


def test_an_interrupt_while_measuring_keeps_what_was_found(folder: Folder):
    arguments = ("generate", TARGET, "--python", sys.executable)
    with folder.started(*arguments, "--profile-seconds", "40") as process:
        assert process.stderr
        for line in process.stderr:
            if b"measuring" in line:
                break
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=20)
    assert process.returncode == 0, stderr
    assert b"1. passes 1 of 1 test," in stdout
    assert b"measured" not in stdout
    folder.require_nothing_left()
