"""Settings, however the editor hands them over."""

from pathlib import Path
from typing import Any

import pytest

from orps_server.server import file_layers
from support.lsp_client import LspClient
from support.lsp_inprocess import connected
from support.lsp_jobs import FakeJob, candidate
from support.lsp_profiles import ALE, NEOVIM, VSCODE

STUB = "def add(a, b):\n    ...\n"
GOOD = candidate("c1", "def add(a, b):\n    return a + b\n")


@pytest.fixture
def stub(tmp_path: Path) -> Path:
    path = tmp_path / "calc.py"
    path.write_text(STUB)
    return path


async def model(client: LspClient, stub: Path, job: FakeJob, **arguments: Any) -> str:
    """The model that a search of this client would use."""
    uri = client.open(stub)
    n_before = len(job.settings)
    await client.command("orps.generate", {"uri": uri, "name": "add", **arguments})
    await client.until(lambda: len(job.settings) > n_before or _messages(client) > 1)
    return job.settings[-1].llm.model


def _messages(client: LspClient) -> int:
    return len(client.messages("window/showMessage"))


@pytest.mark.parametrize(
    "options", [{"llm": {"model": "m"}}, {"orps": {"llm": {"model": "m"}}}]
)
async def test_the_options_of_initialize_are_read(options: Any, stub: Path):
    job = FakeJob([GOOD])
    async with connected(
        ALE, stub.parent, job, initializationOptions=options
    ) as client:
        assert await model(client, stub, job) == "m"


async def test_the_editors_answer_wins_over_the_options(stub: Path):
    job = FakeJob([GOOD])

    def prepare(client: LspClient) -> None:
        client.configuration = lambda item: (
            {"llm": {"model": "answered"}} if "scopeUri" in item else None
        )

    options = {"llm": {"model": "option"}, "search": {"samples": 7}}
    async with connected(
        NEOVIM, stub.parent, job, prepare=prepare, initializationOptions=options
    ) as client:
        assert await model(client, stub, job) == "answered"
        assert job.settings[-1].search.samples == 7


async def test_a_change_is_asked_for_again(stub: Path):
    job = FakeJob([GOOD])
    async with connected(VSCODE, stub.parent, job) as client:
        assert await model(client, stub, job) == ""
        client.configuration = lambda item: {"llm": {"model": "later"}}
        n_before = len(client.messages("workspace/configuration"))
        client.notify("workspace/didChangeConfiguration", {"settings": None})
        await client.until(
            lambda: len(client.messages("workspace/configuration")) > n_before
        )
        assert await model(client, stub, job) == "later"
        assert client.messages("client/registerCapability")


async def test_an_editor_that_cannot_be_asked_may_push(stub: Path):
    job = FakeJob([GOOD])
    async with connected(ALE, stub.parent, job) as client:
        settings = {"orps": {"llm": {"model": "pushed"}}}
        client.notify("workspace/didChangeConfiguration", {"settings": settings})
        assert await model(client, stub, job) == "pushed"


async def test_overrides_hold_for_one_search(stub: Path):
    job = FakeJob([GOOD])
    async with connected(NEOVIM, stub.parent, job) as client:
        overrides = {"llm": {"model": "once"}}
        assert await model(client, stub, job, overrides=overrides) == "once"
        await client.message(
            "$/progress", lambda params: params["value"]["kind"] == "end"
        )
        assert await model(client, stub, job) == ""


async def test_an_unknown_key_is_told_once_with_what_was_meant(stub: Path):
    job = FakeJob([GOOD])
    options = {"llm": {"modell": "m"}}
    async with connected(
        NEOVIM, stub.parent, job, initializationOptions=options
    ) as client:
        await model(client, stub, job)
        told = [m["message"] for m in client.messages("window/showMessage")]
        assert told == [
            "ORPS: unknown setting `orps.llm.modell`; did you mean `orps.llm.model`?"
        ]


async def test_what_was_wrong_before_the_editor_came_is_told(stub: Path):
    async with connected(
        NEOVIM, stub.parent, FakeJob(), complaints=("settings.toml: bad",)
    ) as client:
        assert client.messages("window/showMessage") == [
            {"type": 2, "message": "ORPS: settings.toml: bad"}
        ]


@pytest.mark.parametrize("key", ["diagnostics", "codeLens", "hover"])
async def test_each_surface_has_a_switch(key: str, stub: Path):
    job = FakeJob([GOOD])
    async with connected(
        ALE, stub.parent, job, initializationOptions={key: False}
    ) as client:
        uri = client.open(stub)
        await client.command("orps.generate", {"uri": uri, "name": "add"})
        await client.message("window/showMessage")
        document = {"textDocument": {"uri": uri}}
        position = {"line": 0, "character": 4}
        shown = {
            "diagnostics": bool(client.messages("textDocument/publishDiagnostics")),
            "codeLens": bool(await client.request("textDocument/codeLens", document)),
            "hover": bool(
                await client.request(
                    "textDocument/hover", {**document, "position": position}
                )
            ),
        }
        assert shown == {
            "diagnostics": key != "diagnostics",
            "codeLens": key != "codeLens",
            "hover": key != "hover",
        }


async def test_a_project_says_what_its_editors_show(stub: Path):
    project = stub.parent / "pyproject.toml"
    project.write_text("[tool.orps]\ncodeLens = false\n")
    async with connected(ALE, stub.parent, FakeJob(), layers=file_layers) as client:
        document = {"textDocument": {"uri": client.open(stub)}}
        assert not await client.request("textDocument/codeLens", document)
        project.write_text("[tool.orps]\n")
        client.notify("textDocument/didSave", document)
        assert await client.request("textDocument/codeLens", document)
