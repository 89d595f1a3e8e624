"""Streams that are closed or full are the caller's affair, never a bug of ours."""

import sys
from pathlib import Path

import pytest

from orps_server.cli.streams import is_terminal, tell, write_result
from orps_server.errors import RequestFault


def test_without_streams_nothing_is_written(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    write_result("a result")
    tell("something")
    assert not is_terminal()


def test_a_full_disk_is_named(monkeypatch: pytest.MonkeyPatch):
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(RequestFault, match="stdout: No space left"):
            write_result("a result")
        write_result("and nothing more is heard of it")


def test_stderr_that_nobody_can_read(monkeypatch: pytest.MonkeyPatch):
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stderr", full)
        tell("something")
