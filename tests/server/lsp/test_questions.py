"""A search has ended, its candidates disagree, and the person says what is meant."""

from pathlib import Path

import pytest

from orps_server.settings import LLMSettings, SearchSettings, Settings
from support.lsp_client import Json, LspClient
from support.lsp_gestures import finished, take
from support.lsp_inprocess import connected
from support.lsp_jobs import FakeJob, candidate
from support.lsp_profiles import ALE, VSCODE

pytestmark = pytest.mark.slow

STUB = "def largest(numbers):\n    ...\n"
TESTS = """\
from calc import largest


def test_order():
    assert largest([1, 3, 2]) == 3
"""
RAISES = candidate("c1", "def largest(numbers):\n    return max(numbers)\n")
RETURNS = candidate(
    "c2", "def largest(numbers):\n    return max(numbers, default=None)\n"
)
LOOKING = Settings(
    llm=LLMSettings(consent="always"),
    search=SearchSettings(examine_seconds=10, profile_seconds=0),
)


@pytest.fixture
def stub(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "test_calc.py").write_text(TESTS)
    path = tmp_path / "calc.py"
    path.write_text(STUB)
    return path


async def answers(client: LspClient, uri: str) -> list[Json]:
    """The actions that answer a question, once there are any."""
    while True:
        found = [
            action
            for action in await client.actions(uri, "largest")
            if action["title"].endswith("add this as a test")
        ]
        if found:
            return found
        await news(client)


async def news(client: LspClient) -> None:
    n_before = len(client.received)
    await client.until(lambda: len(client.received) > n_before)


async def hover(client: LspClient, uri: str) -> str:
    position = client.position(uri, client.texts[uri].index("largest"))
    found = await client.request(
        "textDocument/hover", {"textDocument": {"uri": uri}, "position": position}
    )
    return found["contents"]["value"].replace("\\", "")


async def test_an_answer_is_a_test_and_a_new_order(stub: Path) -> None:
    job = FakeJob([RAISES, RETURNS])
    async with connected(VSCODE, stub.parent, job, settings=LOOKING) as client:
        uri = client.open(stub)
        opened = client.open(stub.parent / "test_calc.py")
        await client.command("orps.generate", {"uri": uri, "name": "largest"})
        await finished(client)
        first, second = await answers(client, uri)
        assert "largest([])" in first["title"]
        assert "They disagree: largest([])" in await hover(client, uri)
        assert "our tests catch" in await hover(client, uri)
        none = first if "returns None" in first["title"] else second
        await take(client, uri, none)
        await client.until(lambda: client.texts[opened] != TESTS)
        assert client.texts[opened] == TESTS + (
            "\n\ndef test_largest_chosen_1():\n    assert largest([]) is None\n"
        )
        (known,) = await client.request("orps/searches", {"uri": uri})
        assert known["candidates"][0]["id"] == "c2"


async def test_who_agrees_is_not_asked_about(stub: Path) -> None:
    job = FakeJob([RAISES])
    async with connected(VSCODE, stub.parent, job, settings=LOOKING) as client:
        uri = client.open(stub)
        await client.command("orps.generate", {"uri": uri, "name": "largest"})
        await finished(client)
        while "our tests catch" not in (text := await hover(client, uri)):
            await news(client)
        assert "disagree" not in text


async def test_what_finalists_cost_is_told_after_a_search(stub: Path) -> None:
    job = FakeJob([RETURNS])
    measuring = Settings(
        llm=LLMSettings(consent="always"),
        search=SearchSettings(examine_seconds=0, profile_seconds=5),
    )
    async with connected(VSCODE, stub.parent, job, settings=measuring) as client:
        uri = client.open(stub)
        await client.command("orps.generate", {"uri": uri, "name": "largest"})
        await finished(client)
        while "measured: CPU" not in (text := await hover(client, uri)):
            await news(client)
        assert "bytecode events" in text


async def test_a_new_search_ends_the_second_look(stub: Path) -> None:
    job = FakeJob([RAISES, RETURNS])
    async with connected(ALE, stub.parent, job, settings=LOOKING) as client:
        uri = client.open(stub)
        for _ in range(2):
            await client.command("orps.generate", {"uri": uri, "name": "largest"})
            await client.until(lambda: not job.n_open)
