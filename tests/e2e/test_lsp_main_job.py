"""The main job through LSP: a real server process, the offline proposer, real tests."""

import sys
from pathlib import Path

import anyio
import pytest

from support.lsp_client import LspClient, LspError
from support.lsp_gestures import finished, take
from support.lsp_process import server_process
from support.lsp_profiles import ALE, EGLOT_1_9, NEOVIM, VSCODE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

STUB = '''\
NOTE = "ß€😀"


def largest(numbers: list[int]) -> int:
    """The largest of the numbers."""
    ...
'''
TESTS = """\
from shop import largest


def test_order():
    assert largest([1, 3, 2]) == 3


def test_negative():
    assert largest([-5, -2]) == -2


def test_one():
    assert largest([7]) == 7
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'shop'\n")
    (tmp_path / "shop.py").write_bytes(STUB.encode())
    (tmp_path / "test_shop.py").write_text(TESTS)
    return tmp_path


async def best_of(client: LspClient, uri: str) -> str:
    """Search by the code action and take the first candidate."""
    (generate,) = await client.actions(uri, "largest")
    await take(client, uri, generate)
    await finished(client)
    best, *_ = await client.actions(uri, "largest")
    await take(client, uri, best)
    return best["title"]


@pytest.mark.parametrize(
    "capabilities",
    [VSCODE, NEOVIM, EGLOT_1_9, ALE],
    ids=["vscode", "nvim", "el", "ale"],
)
async def test_a_stub_becomes_code_that_passes_its_tests(
    capabilities: dict[str, object], project: Path
):
    async with server_process(capabilities, project) as server:
        client = server.client
        result = await client.initialize(project)
        assert result["serverInfo"]["name"] == "orps-lsp"
        assert result["capabilities"]["experimental"] == {"orps": {"protocol": 1}}
        uri = client.open(project / "shop.py")
        title = await best_of(client, uri)
        assert title.startswith("ORPS #1 - passes 3 of 3 tests")
        text = client.texts[uri]
        await client.leave()
        with anyio.fail_after(5):
            assert await server.process.wait() == 0
    # The server itself has not touched the file; the editor saves it.
    path = project / "shop.py"
    assert path.read_bytes() == STUB.encode()
    assert text.startswith(STUB.replace("    ...\n", ""))
    path.write_bytes(text.encode())
    run = await anyio.run_process(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=project,
        check=False,
    )
    assert run.returncode == 0, run.stdout.decode()


async def test_the_edit_follows_the_function_and_spares_other_peoples_work(
    project: Path,
):
    async with server_process(VSCODE, project) as server:
        client = server.client
        await client.initialize(project)
        uri = client.open(project / "shop.py")
        said = await client.command("orps.generate", {"uri": uri, "name": "largest"})
        # Typed while the search runs: above the function, so it goes on.
        client.replace(uri, 'NOTE = "ß€😀"', '# 😀 new\nNOTE = "ß€😀"')
        await finished(client)
        best, *_ = await client.actions(uri, "largest")
        resolved = await client.request("codeAction/resolve", best)
        (change,) = resolved["edit"]["documentChanges"]
        assert change["textDocument"]["version"] == 1

        client.replace(uri, "    ...", "    return numbers[0]")
        with pytest.raises(LspError) as error:
            await client.request("codeAction/resolve", best)
        assert error.value.code == -32801
        with pytest.raises(LspError):
            await client.command("orps.apply", {"searchId": said["searchId"]})

        client.replace(uri, "    return numbers[0]", "    ...")
        await take(client, uri, best)
        assert client.texts[uri].startswith(
            "# 😀 new\n" + STUB.replace("    ...\n", "")
        )


async def test_the_tests_in_the_editor_are_the_ones_that_run(project: Path):
    """On the disk the function is wanted to be `max`, in the editor `min`."""
    async with server_process(VSCODE, project) as server:
        client = server.client
        await client.initialize(project)
        uri = client.open(project / "shop.py")
        tests = client.open(project / "test_shop.py")
        client.replace(tests, "[1, 3, 2]) == 3", "[1, 3, 2]) == 1")
        client.replace(tests, "[-5, -2]) == -2", "[-5, -2]) == -5")
        title = await best_of(client, uri)
        assert title.startswith("ORPS #1 - passes 3 of 3 tests")
        scope: dict[str, object] = {}
        exec(client.texts[uri], scope)
        assert scope["largest"]([3, 1, 2]) == 1  # pyright: ignore[reportCallIssue]


async def test_a_syntax_error_elsewhere_does_not_matter(project: Path):
    broken = STUB + "\n\ndef later(:\n    pass\n"
    async with server_process(NEOVIM, project) as server:
        client = server.client
        await client.initialize(project)
        uri = client.open(project / "shop.py", broken)
        title = await best_of(client, uri)
        assert title.startswith("ORPS #1 - passes 3 of 3 tests")
        assert client.texts[uri].endswith("\n\ndef later(:\n    pass\n")


async def test_a_function_without_tests_is_told_where_they_were_looked_for(
    project: Path,
):
    (project / "test_shop.py").unlink()
    async with server_process(VSCODE, project) as server:
        client = server.client
        await client.initialize(project)
        uri = client.open(project / "shop.py")
        await client.command("orps.generate", {"uri": uri, "name": "largest"})
        shown = await client.message("window/showMessage")
        assert shown["type"] == 1
        assert "largest" in shown["message"]
        assert "Traceback" not in shown["message"]
        assert (await client.command("orps.status"))["health"] == "ok"
