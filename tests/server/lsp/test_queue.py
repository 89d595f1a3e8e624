"""One search of a project at a time: the others wait in a line that people can see."""

from pathlib import Path
from typing import Any

import anyio

from support.lsp_client import LspClient
from support.lsp_inprocess import connected
from support.lsp_jobs import FakeJob, candidate
from support.lsp_profiles import VSCODE

TEXT = "def one():\n    ...\n\n\ndef two():\n    ...\n\n\ndef three():\n    ...\n"
FOUND = candidate("c1", "def one():\n    return 1\n")


async def states(client: LspClient, uri: str) -> dict[str, tuple[str, int | None]]:
    found: list[dict[str, Any]] = await client.request("orps/searches", {"uri": uri})
    return {each["function"]: (each["state"], each["position"]) for each in found}


async def until(
    client: LspClient, uri: str, wanted: dict[str, tuple[str, int | None]]
) -> None:
    with anyio.fail_after(10):
        while await states(client, uri) != wanted:
            await anyio.lowlevel.checkpoint()


async def test_searches_of_a_project_wait_for_each_other(tmp_path: Path):
    path = tmp_path / "m.py"
    path.write_text(TEXT)
    job = FakeJob([FOUND], hold=True)
    async with connected(VSCODE, tmp_path, job) as client:
        uri = client.open(path)
        said = [
            (await client.command("orps.generate", {"uri": uri, "name": name}))["state"]
            for name in ("one", "two", "three")
        ]
        assert said == ["running", "queued", "queued"]
        waiting = {"two": ("queued", 1), "three": ("queued", 2)}
        await until(client, uri, {"one": ("running", None), **waiting})
        assert len(job.requests) == 1
        # Who waits can be stopped, and whoever is behind moves up.
        stopped = await client.command("orps.cancel", {"uri": uri, "name": "two"})
        assert stopped == {"cancelled": 1}
        await until(
            client,
            uri,
            {
                "one": ("running", None),
                "two": ("cancelled", None),
                "three": ("queued", 1),
            },
        )
        # Meanwhile everything else answers.
        assert await client.actions(uri, "one")
        job.released.set()
        with anyio.fail_after(10):
            while (await states(client, uri))["three"] != ("done", None):
                await anyio.lowlevel.checkpoint()
        assert [request.qualname for request in job.requests] == ["one", "three"]


async def test_what_was_stopped_before_it_began_begins_when_it_is_resumed(
    tmp_path: Path,
):
    path = tmp_path / "m.py"
    path.write_text(TEXT)
    job = FakeJob([FOUND], hold=True)
    async with connected(VSCODE, tmp_path, job) as client:
        uri = client.open(path)
        await client.command("orps.generate", {"uri": uri, "name": "one"})
        await until(client, uri, {"one": ("running", None)})
        waiting = await client.command(
            "orps.generate",
            {"uri": uri, "name": "two", "overrides": {"search": {"seed": 7}}},
        )
        await client.command("orps.cancel", {"searchId": waiting["searchId"]})
        await until(client, uri, {"one": ("running", None), "two": ("cancelled", None)})
        bounds = {"maxRequestsPerSearch": 5}
        resumed = await client.command(
            "orps.resume", {"searchId": waiting["searchId"], "budget": bounds}
        )
        assert resumed["state"] == "queued"
        await until(client, uri, {"one": ("running", None), "two": ("queued", 1)})
        job.released.set()
        with anyio.fail_after(10):
            while (await states(client, uri))["two"] != ("done", None):
                await anyio.lowlevel.checkpoint()
        assert job.settings[-1].budget.max_requests_per_search == 5
        assert job.settings[-1].search.seed == 7
