from pathlib import Path

import pytest

from orps_server import __main__ as program
from orps_server.cli.main import report
from orps_server.cli.status import ExitStatus
from orps_server.errors import RequestFault


def test_a_fault_is_reason_and_remedy(capsys: pytest.CaptureFixture[str]):
    fault = RequestFault("No\ntests.", kind="noTests", hint="Write some.")
    assert report(fault) is ExitStatus.FAULT
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "orps-lsp: error: No tests.\norps-lsp: hint: Write some.\n"


def test_ctrl_c_during_the_start_is_an_interruption(monkeypatch: pytest.MonkeyPatch):
    def interrupt(argv: list[str]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(program, "_run", interrupt)
    assert program.main() == ExitStatus.INTERRUPTED


def test_a_wrong_command_line_has_the_status_of_a_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("sys.argv", ["orps-lsp", "frobnicate"])
    assert program.main() == ExitStatus.FAULT
    assert "frobnicate" in capsys.readouterr().err


def test_a_working_directory_that_was_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    monkeypatch.setattr("sys.argv", ["orps-lsp", "generate", "m.py::f"])
    assert program.main() == ExitStatus.FAULT
    assert "working directory" in capsys.readouterr().err
