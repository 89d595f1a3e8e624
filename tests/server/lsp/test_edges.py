"""The process's edges: the log, the pipe, the editor's process."""

import io
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from orps_server import logs
from orps_server.logs import N_OLD_FILES, configure_logging
from orps_server.parent import parent_gone
from orps_server.session_keys import SessionKeys
from orps_server.settings import LogSettings
from orps_server.stdio import Output
from support.lsp_inprocess import connected
from support.lsp_jobs import FakeJob
from support.lsp_profiles import VSCODE

FILE_BYTES = 10_000


@pytest.fixture
def clean_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    for handler in set(root.handlers) - set(handlers):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


@pytest.mark.usefixtures("clean_logging")
def test_stderr_gets_warnings_and_the_file_what_was_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    file = tmp_path / "orps.log"
    configure_logging(LogSettings(file=str(file), level="info"))
    logger = logging.getLogger("orps_server.anything")
    logger.debug("a detail")
    logger.info("a story")
    logger.warning("a problem")
    printed = capsys.readouterr().err
    assert "a problem" in printed
    assert "a story" not in printed
    written = file.read_text()
    assert "a story" in written
    assert "a detail" not in written


@pytest.mark.usefixtures("clean_logging")
def test_what_pygls_says_of_messages_is_never_written(tmp_path: Path):
    file = tmp_path / "orps.log"
    configure_logging(LogSettings(file=str(file), level="debug"))
    logger = logging.getLogger("pygls.protocol.json_rpc")
    logger.info("Sending data: %s", "KEY-TO-FIND")
    logger.error("Unable to deserialize message\n%s", "KEY-TO-FIND")
    logger.error("Error sending data")
    written = file.read_text()
    assert "KEY-TO-FIND" not in written
    assert "Error sending data" in written


@pytest.mark.usefixtures("clean_logging")
def test_keys_are_in_no_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "orps.log"
    keys = SessionKeys()
    keys.set("OPENAI_API_KEY", "given-by-the-editor")
    configure_logging(LogSettings(file=str(file)), lambda: keys.environment)
    logger = logging.getLogger("orps_server.anything")
    try:
        int("given-by-the-editor")
    except ValueError:
        logger.exception("sent %s", {"key": "given-by-the-editor"})
    for text in (file.read_text(), capsys.readouterr().err):
        assert "ValueError" in text
        assert "given-by-the-editor" not in text


@pytest.mark.usefixtures("clean_logging")
def test_the_log_does_not_grow_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert logs.FILE_BYTES <= 5 * 1024 * 1024
    monkeypatch.setattr(logs, "FILE_BYTES", FILE_BYTES)
    file = tmp_path / "orps.log"
    configure_logging(LogSettings(file=str(file), level="info"))
    logger = logging.getLogger("orps_server.anything")
    line = "x" * (FILE_BYTES // 2)
    for _ in range(2 * (N_OLD_FILES + 2)):
        logger.info(line)
    files = list(tmp_path.iterdir())
    assert len(files) == N_OLD_FILES + 1
    assert all(each.stat().st_size <= FILE_BYTES for each in files)


async def test_the_end_of_a_process_that_is_not_ours_is_noticed():
    async with await anyio.open_process([sys.executable, "-c", "input()"]) as editor:
        with anyio.fail_after(10):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(parent_gone, editor.pid)
                await anyio.lowlevel.checkpoint()
                editor.kill()


async def test_a_process_of_another_machine_is_not_waited_for():
    """Its number means nothing here; a server that left for it would never start."""
    with anyio.move_on_after(0.05) as scope:
        await parent_gone(2**22 + 1)
    assert scope.cancelled_caught


def test_an_editor_that_hung_up_is_told_of_and_not_raised_about():
    class Broken(io.BytesIO):
        def flush(self) -> None:
            raise BrokenPipeError

    lost: list[str] = []
    output = Output(Broken(), on_lost=lambda: lost.append("lost"))
    output.write(b"message")
    assert lost == ["lost"]


@pytest.mark.parametrize("host", ["file://", "file://localhost"])
@pytest.mark.parametrize("version", [{}, {"version": None}])
async def test_a_document_without_a_version_is_open(
    tmp_path: Path, host: str, version: dict[str, None]
):
    (tmp_path / "calc.py").touch()
    uri = (tmp_path / "calc.py").as_uri().replace("file://", host)
    document = {"uri": uri, **version}
    async with connected(VSCODE, tmp_path, FakeJob()) as client:
        opened = {**document, "languageId": "python", "text": ""}
        client.notify("textDocument/didOpen", {"textDocument": opened})
        change = {"text": "def add(a, b):\n    ...\n"}
        client.notify(
            "textDocument/didChange",
            {"textDocument": document, "contentChanges": [change]},
        )
        lenses = await client.request(
            "textDocument/codeLens", {"textDocument": {"uri": uri}}
        )
        assert [lens["command"]["title"] for lens in lenses] == ["Generate with ORPS"]
