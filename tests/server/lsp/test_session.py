"""One search per function, and every way to stop it."""

from pathlib import Path

import pytest

from support.lsp_client import LspClient, LspError
from support.lsp_inprocess import connected
from support.lsp_jobs import FakeJob, candidate
from support.lsp_profiles import NEOVIM, VSCODE

STUB = "def add(a, b):\n    ...\n\n\ndef sub(a, b):\n    ...\n"
GOOD = candidate("c1", "def add(a, b):\n    return a + b\n")


@pytest.fixture
def stub(tmp_path: Path) -> Path:
    path = tmp_path / "calc.py"
    path.write_text(STUB)
    return path


async def generate(client: LspClient, uri: str, name: str) -> str:
    said = await client.command("orps.generate", {"uri": uri, "name": name})
    return said["searchId"]


async def ended(client: LspClient, search: str) -> str:
    """Wait for the end of a search's progress; says how it ended."""
    params = await client.message(
        "$/progress",
        lambda params: (
            params["token"].endswith(search) and params["value"]["kind"] == "end"
        ),
    )
    return params["value"]["message"]


async def begun(client: LspClient, search: str) -> str:
    params = await client.message(
        "$/progress", lambda params: params["token"].endswith(search)
    )
    return params["token"]


async def test_the_same_request_joins_the_search_that_runs(stub: Path):
    job = FakeJob([GOOD], hold=True)
    async with connected(VSCODE, stub.parent, job) as client:
        uri = client.open(stub)
        search = await generate(client, uri, "add")
        at = {"uri": uri, "position": {"line": 1, "character": 4}}
        assert (await client.command("orps.generate", at))["searchId"] == search
    assert len(job.requests) == 1


async def test_another_text_supersedes_the_search_that_runs(stub: Path):
    job = FakeJob([GOOD], hold=True)
    async with connected(VSCODE, stub.parent, job) as client:
        uri = client.open(stub)
        first = await generate(client, uri, "add")
        await begun(client, first)
        client.replace(uri, "def sub(a, b):\n", "def sub(a, b, c):\n")
        second = await generate(client, uri, "add")
        assert second != first
        assert await ended(client, first) == (
            "1 candidate; best passes 3 of 3 tests (cancelled)"
        )
        assert job.n_open == 1


async def test_two_functions_are_searched_side_by_side(stub: Path):
    job = FakeJob(hold=True)
    async with connected(VSCODE, stub.parent, job) as client:
        uri = client.open(stub)
        add, sub = (
            await generate(client, uri, "add"),
            await generate(client, uri, "sub"),
        )
        await begun(client, add)
        await begun(client, sub)
        status = await client.command("orps.status")
        assert status["searches"] == {"known": 2, "running": 2}
        assert await client.command("orps.cancel") == {"cancelled": 2}
        assert await ended(client, add) == await ended(client, sub) == "cancelled"
        assert job.n_open == 0


@pytest.mark.parametrize("door", ["id", "function", "position", "progress", "action"])
async def test_every_door_stops_the_search(door: str, stub: Path):
    job = FakeJob([GOOD], hold=True)
    async with connected(VSCODE, stub.parent, job) as client:
        uri = client.open(stub)
        search = await generate(client, uri, "add")
        token = await begun(client, search)
        if door == "id":
            await client.command("orps.cancel", {"searchId": search})
        elif door == "function":
            await client.command("orps.cancel", {"uri": uri, "name": "add"})
        elif door == "position":
            position = {"line": 0, "character": 5}
            await client.command("orps.cancel", {"uri": uri, "position": position})
        elif door == "progress":
            client.notify("window/workDoneProgress/cancel", {"token": token})
        else:
            actions = await client.actions(uri, "add")
            (stop,) = [a["command"] for a in actions if "Stop" in a["title"]]
            await client.command(stop["command"], *stop["arguments"])
        await ended(client, search)
        assert job.n_open == 0


async def test_shutting_down_stops_what_runs_before_it_answers(stub: Path):
    job = FakeJob(hold=True)
    async with connected(VSCODE, stub.parent, job) as client:
        uri = client.open(stub)
        search = await generate(client, uri, "add")
        await begun(client, search)
        await client.request("shutdown", None)
        assert job.n_open == 0
        assert await ended(client, search) == "cancelled"
        with pytest.raises(LspError, match="shut down"):
            await client.command("orps.status")


async def test_what_was_found_before_the_stop_can_still_be_applied(stub: Path):
    job = FakeJob([GOOD], hold=True)
    async with connected(NEOVIM, stub.parent, job) as client:
        uri = client.open(stub)
        search = await generate(client, uri, "add")
        await client.message("$/progress", lambda params: "1 of 8" in str(params))
        await client.command("orps.cancel", {"searchId": search})
        await ended(client, search)
        said = await client.command("orps.apply", {"searchId": search})
        assert said["applied"]
        assert "return a + b" in client.texts[uri]


async def test_progress_is_readable_and_cancellable(stub: Path):
    job = FakeJob([GOOD])
    async with connected(VSCODE, stub.parent, job) as client:
        uri = client.open(stub)
        search = await generate(client, uri, "add")
        assert await ended(client, search) == "1 candidate; best passes 3 of 3 tests"
        (created,) = client.messages("window/workDoneProgress/create")
        assert created["token"] == f"ORPS add {search}"
        first, *_ = [params["value"] for params in client.messages("$/progress")]
        assert first["title"] == "ORPS add()"
        assert first["cancellable"]


async def test_progress_that_the_editor_refuses_is_done_without(stub: Path):
    job = FakeJob([GOOD])

    def prepare(client: LspClient) -> None:
        client.refused.add("window/workDoneProgress/create")

    async with connected(VSCODE, stub.parent, job, prepare=prepare) as client:
        uri = client.open(stub)
        await generate(client, uri, "add")
        await client.message(
            "textDocument/publishDiagnostics",
            lambda params: "1 candidate" in str(params),
        )
        assert client.messages("$/progress") == []


async def test_the_hints_of_a_closed_file_are_withdrawn(stub: Path):
    async with connected(VSCODE, stub.parent, FakeJob([GOOD])) as client:
        uri = client.open(stub)
        search = await generate(client, uri, "add")
        await ended(client, search)
        await client.message("textDocument/publishDiagnostics")
        client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        await client.message(
            "textDocument/publishDiagnostics", lambda params: not params["diagnostics"]
        )


async def test_a_class_is_a_target_too(tmp_path: Path):
    path = tmp_path / "shapes.py"
    path.write_text("class Box:\n    def area(self):\n        ...\n")
    async with connected(VSCODE, tmp_path, FakeJob()) as client:
        uri = client.open(path)
        (whole,) = await client.actions(uri, "Box")
        (method,) = await client.actions(uri, "area")
        assert whole["command"]["arguments"] == [{"uri": uri, "name": "Box"}]
        assert method["command"]["arguments"] == [{"uri": uri, "name": "Box.area"}]


async def test_an_unknown_search_is_not_cancelled(stub: Path):
    async with connected(VSCODE, stub.parent, FakeJob()) as client:
        assert await client.command("orps.cancel", {"searchId": "none"}) == {
            "cancelled": 0
        }
        with pytest.raises(LspError, match="no such search"):
            await client.command("orps.apply", {"searchId": "none"})
