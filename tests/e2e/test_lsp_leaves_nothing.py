"""However a search or the server ends, nothing of it is left half a second later."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import anyio
import psutil
import pytest

from support.lsp_client import LspClient
from support.lsp_process import ServerProcess, server_process
from support.lsp_profiles import VSCODE
from support.replay_answers import Fault
from support.replay_endpoint import ReplayEndpoint

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

STUB = "def wait() -> int:\n    ...\n"
TESTS = "from slow import wait\n\n\ndef test_wait():\n    assert wait() == 1\n"
ENDLESS = """\
```python
import subprocess, sys

def wait() -> int:
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    while True:
        pass
```
"""
GROWTH_BYTES = 16 * 1024 * 1024
"""Caches have bounds, and allocators keep some."""
GRACE_SECONDS = 0.5
EXIT_SECONDS = 2.0
"""After the end of its input, or after `exit`."""
PATIENCE_SECONDS = 20.0
POLL_SECONDS = 0.02


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'slow'\n")
    (tmp_path / "slow.py").write_text(STUB)
    (tmp_path / "test_slow.py").write_text(TESTS)
    return tmp_path


async def comes_true(condition: Callable[[], bool], *, within: float) -> bool:
    """Here alone time is the promise, so here alone it is measured."""
    give_up = anyio.current_time() + within
    while anyio.current_time() < give_up:
        if condition():
            return True
        await anyio.sleep(POLL_SECONDS)
    return False


async def gone(processes: list[psutil.Process], *, within: float) -> bool:
    return await comes_true(
        lambda: not any(_lives(process) for process in processes), within=within
    )


def _lives(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def executing(server: ServerProcess) -> list[psutil.Process]:
    """Wait until the candidate's own child runs; everything below the server."""
    with anyio.fail_after(60):
        while True:
            found = server.descendants()
            for process in found:
                try:
                    if "time.sleep(600)" in " ".join(process.cmdline()):
                        return found
                except psutil.NoSuchProcess:
                    continue
            await anyio.sleep(POLL_SECONDS)


async def started(
    client: LspClient, project: Path, endpoint: ReplayEndpoint, **params: object
) -> tuple[str, str]:
    """A search whose candidates never end; its URI and id."""
    options = {"llm": {"baseUrl": endpoint.url, "model": "replay"}}
    await client.initialize(project, initializationOptions=options, **params)
    uri = client.open(project / "slow.py")
    said = await client.command("orps.generate", {"uri": uri, "name": "wait"})
    return uri, said["searchId"]


async def test_cancelling_kills_everything_below_the_server(project: Path):
    with ReplayEndpoint([ENDLESS]) as endpoint:
        async with server_process(VSCODE, project) as server:
            client = server.client
            _, search = await started(client, project, endpoint)
            processes = await executing(server)
            assert len(processes) >= 2
            said = await client.command("orps.cancel", {"searchId": search})
            assert said == {"cancelled": 1}
            assert await gone(processes, within=GRACE_SECONDS)
            ended = await client.message(
                "$/progress", lambda params: params["value"]["kind"] == "end"
            )
            assert "cancelled" in ended["value"]["message"]


@pytest.mark.parametrize("door", ["action", "function", "dismiss", "supersede", "exit"])
async def test_every_other_door_leads_out_as_fast(door: str, project: Path):
    with ReplayEndpoint([ENDLESS]) as endpoint:
        async with server_process(VSCODE, project) as server:
            client = server.client
            uri, search = await started(client, project, endpoint)
            processes = await executing(server)
            if door == "action":
                *_, stop = await client.actions(uri, "wait")
                assert stop["title"].startswith("Stop ORPS search")
                command = stop["command"]
                await client.command(command["command"], *command["arguments"])
            elif door == "function":
                await client.command("orps.cancel", {"uri": uri, "name": "wait"})
            elif door == "dismiss":
                await client.command("orps.dismiss", {"searchId": search})
            elif door == "supersede":
                client.replace(uri, "-> int", "->  int")
                function = {"uri": uri, "name": "wait"}
                again = await client.command("orps.generate", function)
                assert again["searchId"] != search
            else:
                client.notify("exit", None)
            assert await gone(processes, within=GRACE_SECONDS)


async def test_the_progress_buttons_cancel_does_the_same(project: Path):
    with ReplayEndpoint([ENDLESS]) as endpoint:
        async with server_process(VSCODE, project) as server:
            client = server.client
            await started(client, project, endpoint)
            processes = await executing(server)
            begun = await client.message("$/progress")
            client.notify("window/workDoneProgress/cancel", {"token": begun["token"]})
            assert await gone(processes, within=GRACE_SECONDS)
            await client.message(
                "$/progress", lambda params: params["value"]["kind"] == "end"
            )


async def test_the_end_of_its_input_ends_the_server_and_all_below(project: Path):
    with ReplayEndpoint([ENDLESS]) as endpoint:
        async with server_process(VSCODE, project) as server:
            await started(server.client, project, endpoint)
            processes = await executing(server)
            with anyio.fail_after(EXIT_SECONDS):
                await server.hang_up()
            assert await gone(processes, within=GRACE_SECONDS)


async def test_shutdown_and_exit_leave_in_good_order(project: Path):
    with ReplayEndpoint([ENDLESS]) as endpoint:
        async with server_process(VSCODE, project) as server:
            await started(server.client, project, endpoint)
            processes = await executing(server)
            with anyio.fail_after(EXIT_SECONDS):
                await server.client.leave()
                assert await server.process.wait() == 0
            assert await gone(processes, within=GRACE_SECONDS)


async def test_exit_without_shutdown_is_an_error_status(project: Path):
    async with server_process(VSCODE, project) as server:
        await server.client.initialize(project)
        server.client.notify("exit", None)
        with anyio.fail_after(EXIT_SECONDS):
            assert await server.process.wait() == 1


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGKILL])
async def test_a_killed_server_takes_everything_along(
    signum: signal.Signals, project: Path
):
    with ReplayEndpoint([ENDLESS]) as endpoint:
        async with server_process(VSCODE, project) as server:
            await started(server.client, project, endpoint)
            processes = await executing(server)
            os.kill(server.process.pid, signum)
            assert await gone(processes, within=GRACE_SECONDS)
            with anyio.fail_after(PATIENCE_SECONDS):
                await server.process.wait()


async def test_the_next_server_removes_what_a_killed_one_left(
    project: Path, tmp_path_factory: pytest.TempPathFactory
):
    temporary = tmp_path_factory.mktemp("temporary")
    environment = {**os.environ, "TMPDIR": str(temporary)}
    with ReplayEndpoint([ENDLESS]) as endpoint:
        async with server_process(VSCODE, project, environment=environment) as server:
            await started(server.client, project, endpoint)
            processes = await executing(server)
            server.process.kill()
            assert await gone(processes, within=GRACE_SECONDS)
    assert list(temporary.glob("orps-*"))
    async with server_process(VSCODE, project, environment=environment) as server:
        await server.client.initialize(project)
        assert await comes_true(
            lambda: not list(temporary.glob("orps-*")), within=PATIENCE_SECONDS
        )


async def test_the_server_does_not_outlive_its_editor(project: Path):
    with ReplayEndpoint([ENDLESS]) as endpoint:
        async with (
            await anyio.open_process([sys.executable, "-c", "input()"]) as editor,
            server_process(VSCODE, project) as server,
        ):
            await started(server.client, project, endpoint, processId=editor.pid)
            processes = await executing(server)
            editor.kill()
            assert await gone(processes, within=GRACE_SECONDS)
            with anyio.fail_after(PATIENCE_SECONDS):
                await server.process.wait()


async def test_a_server_that_nobody_asked_for_anything_is_small(project: Path):
    """Complaint of users about others: a gigabyte for each window."""
    async with server_process(VSCODE, project) as server:
        await server.client.initialize(project)
        server.client.open(project / "slow.py")
        assert await server.client.command("orps.status")
        resident = psutil.Process(server.process.pid).memory_info().rss
        assert resident < 120 * 1024 * 1024
        assert server.descendants() == []


async def test_a_long_day_of_typing_does_not_fill_the_memory(project: Path):
    """Each text is new, so whatever were kept for each would show."""
    async with server_process(VSCODE, project) as server:
        client = server.client
        await client.initialize(project)
        uri = client.open(project / "slow.py")
        place = {"textDocument": {"uri": uri}, "position": client.position(uri, 5)}

        async def type_and_look(first: int, n_times: int) -> int:
            for number in range(first, first + n_times):
                line = f"note_{number} = {'x' * 200!r}\n"
                client.type(uri, 0, 0 if number == 0 else len(before[0]), line)
                before[0] = line
                await client.actions(uri, "wait")
                await client.request("textDocument/codeLens", place)
                await client.request("textDocument/hover", place)
                client.received.clear()
            return psutil.Process(server.process.pid).memory_info().rss

        before = [""]
        resident = await type_and_look(0, 200)
        assert await type_and_look(200, 1000) - resident < GROWTH_BYTES


async def test_cancelling_hangs_up_on_the_model(project: Path):
    with ReplayEndpoint([Fault.HANG]) as endpoint:
        async with server_process(VSCODE, project) as server:
            client = server.client
            _, search = await started(client, project, endpoint)
            assert await comes_true(lambda: bool(endpoint.requests), within=60)
            await client.command("orps.cancel", {"searchId": search})
            assert await comes_true(
                lambda: endpoint.n_hung_up >= len(endpoint.requests),
                within=GRACE_SECONDS,
            )


async def test_a_wrong_key_is_told_and_leaves_nothing(project: Path):
    with ReplayEndpoint([ENDLESS], require_key=True) as endpoint:
        environment = {**os.environ, "OPENAI_API_KEY": "not-the-key"}
        async with server_process(VSCODE, project, environment=environment) as server:
            client = server.client
            await started(client, project, endpoint)
            shown = await client.message("window/showMessage")
            assert "OPENAI_API_KEY" in shown["message"]
            assert "not-the-key" not in str(client.received)
            assert "Traceback" not in shown["message"]
            await client.message(
                "$/progress", lambda params: params["value"]["kind"] == "end"
            )
            assert await gone(server.descendants(), within=GRACE_SECONDS)
