"""What goes wrong is said once, in words, and the server goes on."""

import logging
from pathlib import Path
from typing import Any

import pytest

from orps_sandbox.errors import PytestMissing
from orps_search.errors import ModelRejected
from orps_server.errors import RequestFault
from support.lsp_client import LspClient, LspError
from support.lsp_inprocess import connected
from support.lsp_jobs import FakeJob, candidate
from support.lsp_profiles import ALE, VSCODE

STUB = "def add(a, b):\n    ...\n"
INVALID_PARAMS, REQUEST_FAILED, METHOD_NOT_FOUND = -32602, -32803, -32601
NOT_INITIALIZED = -32002


@pytest.fixture
def stub(tmp_path: Path) -> Path:
    path = tmp_path / "calc.py"
    path.write_text(STUB)
    return path


async def failed(client: LspClient, uri: str) -> tuple[str, str]:
    """Run into the fault: what is shown, and what the hint says."""
    await client.command("orps.generate", {"uri": uri, "name": "add"})
    shown = await client.message("window/showMessage")
    hints = await client.message(
        "textDocument/publishDiagnostics",
        lambda params: any(hint["code"] == "failed" for hint in params["diagnostics"]),
    )
    return shown["message"], hints["diagnostics"][0]["message"]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            RequestFault("No tests.", kind="noTests", hint="Write one."),
            "ORPS: No tests. Write one.",
        ),
        (
            RequestFault("no tests in m", kind="noTests", hint="Write one."),
            "ORPS: no tests in m. Write one.",
        ),
        (ModelRejected("The key is wrong.", kind="auth"), "ORPS: The key is wrong."),
        (PytestMissing("Install pytest."), "ORPS: Install pytest."),
        (
            ExceptionGroup("tasks", [ModelRejected("No key.", kind="noApiKey")]),
            "ORPS: No key.",
        ),
    ],
)
async def test_the_worlds_faults_are_told_with_their_remedy(
    error: Exception, message: str, stub: Path, caplog: pytest.LogCaptureFixture
):
    async with connected(VSCODE, stub.parent, FakeJob(error=error)) as client:
        shown, hint = await failed(client, client.open(stub))
        assert shown == message
        assert hint.startswith("ORPS: failed: ")
        assert (await client.command("orps.status"))["health"] == "ok"
    assert not [r for r in caplog.records if r.levelno >= logging.WARNING]


async def test_our_own_bug_ends_one_search_and_is_logged(
    stub: Path, caplog: pytest.LogCaptureFixture
):
    job = FakeJob(error=KeyError("surprise"))
    async with connected(VSCODE, stub.parent, job) as client:
        shown, _ = await failed(client, client.open(stub))
        assert "bug in orps-lsp" in shown
        assert "surprise" not in shown
        assert (await client.command("orps.status"))["health"] == "ok"
    assert "KeyError: 'surprise'" in caplog.text


async def test_a_model_that_fails_late_leaves_its_candidates(stub: Path):
    found = candidate("c1", "def add(a, b):\n    return a + b\n")
    job = FakeJob([found], failure="The endpoint hung up.")
    async with connected(VSCODE, stub.parent, job) as client:
        uri = client.open(stub)
        await client.command("orps.generate", {"uri": uri, "name": "add"})
        shown = await client.message("window/showMessage")
        assert shown["message"] == "ORPS: The endpoint hung up."
        assert (await client.command("orps.apply", {"uri": uri, "name": "add"}))[
            "applied"
        ]


BAD_ARGUMENTS: list[tuple[str, list[Any], str]] = [
    ("orps.generate", [], "`uri` is missing"),
    ("orps.generate", [[]], "one JSON object"),
    ("orps.generate", [{"uri": 7}], "`uri` must be a string"),
    ("orps.generate", [{"uri": "{uri}"}], "give `position` or `name`"),
    ("orps.generate", [{"uri": "{uri}", "position": 3}], "`position` must be"),
    ("orps.generate", [{"uri": "{uri}", "name": "a", "tests": "t"}], "`tests`"),
    ("orps.generate", [{"uri": "untitled:1", "name": "a"}], "save it first"),
    ("orps.generate", [{"uri": "file:///none.py", "name": "a"}], "no file"),
    ("orps.apply", [{}], "Say which search"),
    ("orps.unknown", [], "not defined"),
]


@pytest.mark.parametrize(("command", "arguments", "message"), BAD_ARGUMENTS)
async def test_a_bad_argument_is_answered_as_such(
    command: str, arguments: list[Any], message: str, stub: Path
):
    async with connected(VSCODE, stub.parent, FakeJob()) as client:
        uri = client.open(stub)
        for argument in arguments:
            if argument and argument.get("uri") == "{uri}":
                argument["uri"] = uri
        with pytest.raises(LspError, match=message) as error:
            await client.command(command, *arguments)
        assert error.value.code == INVALID_PARAMS


@pytest.mark.parametrize(
    ("where", "kind"),
    [
        ({"name": "nothing"}, "noStub"),
        ({"position": {"line": 3, "character": 0}}, "noStub"),
    ],
)
async def test_a_function_that_is_not_there_is_the_requests_fault(
    where: dict[str, Any], kind: str, stub: Path, caplog: pytest.LogCaptureFixture
):
    async with connected(VSCODE, stub.parent, FakeJob()) as client:
        uri = client.open(stub, STUB + "\n\nX = 1\n")
        with pytest.raises(LspError) as error:
            await client.command("orps.generate", {"uri": uri, **where})
        assert error.value.code == REQUEST_FAILED
        assert error.value.data["kind"] == kind
    assert caplog.text == ""


async def test_declarations_are_offered_nothing(stub: Path):
    declared = stub.with_suffix(".pyi")
    declared.write_text(STUB)
    async with connected(VSCODE, stub.parent, FakeJob()) as client:
        uri = client.open(declared)
        document = {"textDocument": {"uri": uri}}
        assert not await client.request("textDocument/codeLens", document)
        assert not await client.actions(uri, "add")
        with pytest.raises(LspError, match="declares functions") as caught:
            await client.command("orps.generate", {"uri": uri, "name": "add"})
        assert caught.value.code == REQUEST_FAILED
        beside = client.open(stub)
        document = {"textDocument": {"uri": beside}}
        assert await client.request("textDocument/codeLens", document)


async def test_a_file_that_does_not_parse_is_the_requests_fault(stub: Path):
    async with connected(VSCODE, stub.parent, FakeJob()) as client:
        uri = client.open(stub, "def add(a, b:\n    ...\n")
        with pytest.raises(LspError) as error:
            await client.command("orps.generate", {"uri": uri, "name": "add"})
        assert error.value.code == REQUEST_FAILED
        assert error.value.data["kind"] == "syntaxError"


async def test_an_editor_that_takes_no_edits_is_told_so(stub: Path):
    found = candidate("c1", "def add(a, b):\n    return a + b\n")
    async with connected(ALE, stub.parent, FakeJob([found])) as client:
        uri = client.open(stub)
        await client.command("orps.generate", {"uri": uri, "name": "add"})
        await client.message("window/showMessage")
        with pytest.raises(LspError, match="does not accept edits"):
            await client.command("orps.apply", {"uri": uri, "name": "add"})


async def test_a_request_that_does_not_parse_is_answered(
    stub: Path, caplog: pytest.LogCaptureFixture
):
    async with connected(VSCODE, stub.parent, FakeJob()) as client:
        with pytest.raises(LspError) as error:
            await client.request("textDocument/hover", {"secret": "KEY-TO-FIND"})
        assert error.value.code == INVALID_PARAMS
        with pytest.raises(LspError) as error:
            await client.request("orps/unknown", {})
        assert error.value.code == METHOD_NOT_FOUND
        assert (await client.command("orps.status"))["health"] == "ok"
    assert "KEY-TO-FIND" not in caplog.text


async def test_a_request_before_initialize_is_refused(stub: Path):
    refused: list[LspError] = []

    class Early(LspClient):
        async def initialize(self, root: Path, **params: Any) -> dict[str, Any]:
            with pytest.raises(LspError, match="initialize") as caught:
                await self.command("orps.status")
            refused.append(caught.value)
            return await super().initialize(root, **params)

    async with connected(VSCODE, stub.parent, FakeJob(), client=Early(VSCODE)) as early:
        assert [error.code for error in refused] == [NOT_INITIALIZED]
        assert (await early.command("orps.status"))["health"] == "ok"
