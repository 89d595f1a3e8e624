"""`kill -9` at any point of a search: only the call in flight is lost.

A handful of points here; `ORPS_KILL_POINTS=30`, or `benchmarks/kill_server.py`, tries
more.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anyio
import pytest

from support.cli import UNMEASURED, Folder
from support.killing import (
    FILES,
    FLAGS,
    MAX_LOST,
    SEARCH_FLAGS,
    SEED,
    SETTINGS,
    Assassin,
    endpoint_of,
    gone_within,
    kept_state,
    strange_files,
)
from support.lsp_client import LspClient
from support.lsp_process import server_process
from support.lsp_profiles import VSCODE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

PART, N_PARTS = map(int, os.environ.get("ORPS_KILL_PART", "1/1").split("/"))
"""Of many points, every `N_PARTS`-th from number `PART` on."""
N_POINTS = int(os.environ.get("ORPS_KILL_POINTS", "3"))
LAST_REQUEST = 12
"""Six drafts and rewrites, and six critiques."""


def points(offset: int) -> list[tuple[int, float | None]]:
    """Spread over the requests; before an answer, right after it, and later."""
    moments = (None, 0.02, 0.15)
    return [
        (
            1 + round((idx + offset / 3) * (LAST_REQUEST - 1) / N_POINTS),
            moments[(idx + offset) % len(moments)],
        )
        for idx in range(N_POINTS)
    ]


def part_of(
    all_points: list[tuple[int, float | None]],
) -> list[tuple[int, float | None]]:
    return all_points[PART - 1 :: N_PARTS]


def folder_of(path: Path) -> Folder:
    folder = Folder(path, FILES)
    settings = path / "state" / "orps-lsp" / "settings.toml"
    settings.write_text(UNMEASURED + SETTINGS)
    return folder


def undisturbed(path: Path) -> dict[str, Any]:
    path.mkdir()
    folder = folder_of(path)
    with endpoint_of(Assassin()) as endpoint:
        arguments = (*FLAGS, *SEARCH_FLAGS, "--base-url", endpoint.url, "--json")
        return folder.run("generate", "m.py::double", *arguments).document


def told(document: Mapping[str, Any]) -> list[tuple[str, int]]:
    """What has to be the same, however often somebody was killed.

    Without the order: among equals it is that of measured times.
    """
    return sorted((each["code"], each["passed"]) for each in document["candidates"])


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return undisturbed(tmp_path_factory.mktemp("whole") / "run")


@pytest.mark.parametrize(("at_request", "delay_seconds"), part_of(points(0)))
def test_a_killed_command_is_resumed_as_if_nothing_had_happened(
    tmp_path: Path,
    reference: dict[str, Any],
    at_request: int,
    delay_seconds: float | None,
):
    folder = folder_of(tmp_path)
    before = folder.snapshot()
    assassin = Assassin(at_request, delay_seconds)
    with endpoint_of(assassin) as endpoint:
        flags = (*FLAGS, *SEARCH_FLAGS, "--base-url", endpoint.url)
        with folder.started("generate", "m.py::double", *flags) as process:
            assassin.pid = process.pid
            process.communicate(timeout=60)
        n_asked = len(endpoint.requests)
        gone_within(folder)
        assert folder.snapshot() == before
        kept = kept_state(tmp_path / "state")
        assert kept is not None
        search_id, state = kept
        n_lost = n_asked - state.usage.requests
        assert 0 <= n_lost <= MAX_LOST
        assert not strange_files(tmp_path / "state")
        if state.stopped is not None:
            # The search was faster than whoever was to kill it.
            assert len(state.candidates) == len(reference["candidates"])
            return
        resumed = folder.run_raw(
            ["resume", search_id[:4], "--json", *FLAGS[:2], "--base-url", endpoint.url]
        )
    assert told(resumed.document) == told(reference)
    assert resumed.document["stop_reason"] == reference["stop_reason"]
    usage = resumed.document["usage"]
    assert usage["requests"] == reference["usage"]["requests"]
    # All that was paid for twice is what was in flight.
    assert len(endpoint.requests) == usage["requests"] + n_lost


@pytest.mark.parametrize(
    ("at_request", "delay_seconds"), part_of(points(1)[: max(2, N_POINTS - 1)])
)
async def test_after_a_killed_server_the_file_has_its_candidates_again(
    tmp_path: Path,
    reference: dict[str, Any],
    at_request: int,
    delay_seconds: float | None,
):
    folder = folder_of(tmp_path)
    assassin = Assassin(at_request, delay_seconds)
    with endpoint_of(assassin) as endpoint:
        settings = {
            "llm": {"baseUrl": endpoint.url, "model": "replay", "concurrency": 1},
            "search": {
                "policy": "orps",
                "seed": SEED,
                "samples": 3,
                "rounds": 1,
                "beam": 1,
            },
        }
        environment = folder.environment({})
        async with server_process(
            VSCODE, folder.root, environment=environment
        ) as server:
            client = server.client
            uri = await opened(client, folder.root, settings)
            assassin.pid = server.process.pid
            await client.command("orps.generate", {"uri": uri, "name": "double"})
            with anyio.fail_after(60):
                await server.process.wait()
        n_asked = len(endpoint.requests)
        await anyio.to_thread.run_sync(gone_within, folder)
        kept = kept_state(tmp_path / "state")
        assert kept is not None
        search_id, state = kept
        n_lost = n_asked - state.usage.requests
        assert 0 <= n_lost <= MAX_LOST
        async with server_process(
            VSCODE, folder.root, environment=environment
        ) as server:
            client = server.client
            uri = await opened(client, folder.root, settings)
            restored = await search_like(client, uri, {"interrupted", "done"})
            assert restored["stored"]
            assert {each["id"] for each in restored["candidates"]} == set(
                state.candidates
            )
            if state.stopped is not None:
                assert len(state.candidates) == len(reference["candidates"])
                await client.leave()
                return
            assert restored["state"] == "interrupted"
            answer = await client.command("orps.resume", {"searchId": search_id})
            assert answer["searchId"] == search_id
            done = await search_like(client, uri, {"done", "failed", "cancelled"})
            assert done["state"] == "done"
            tree = await client.request("orps/tree", {"searchId": search_id})
            await client.leave()
    executed = [each for each in tree["candidates"] if each["rank"]]
    assert told({"candidates": executed}) == told(reference)
    assert tree["usage"]["requests"] == reference["usage"]["requests"]
    assert tree["resumed"] == 1
    json.dumps(tree)


async def opened(client: LspClient, root: Path, settings: dict[str, Any]) -> str:
    await client.initialize(root, initializationOptions={**settings, "trusted": True})
    return client.open(root / "m.py")


async def search_like(client: LspClient, uri: str, states: set[str]) -> dict[str, Any]:
    with anyio.fail_after(60):
        while True:
            found = await client.request("orps/searches", {"uri": uri})
            for search in found:
                if search["state"] in states:
                    return search
            await anyio.sleep(0.05)
