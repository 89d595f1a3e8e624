"""The whole job with what each real editor declares, and the fallback for what it lacks."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.lsp_captured import CAPTURES, N_CAPTURED, capabilities, client_files
from support.lsp_client import Json, LspClient, LspError
from support.lsp_gestures import finished, take, titles
from support.lsp_inprocess import connected
from support.lsp_jobs import FakeJob, candidate

STUB = """\
NOTE = "ß€😀"


def add(a, b="😀"):
    ...


def after():
    return 1
"""
GOOD = candidate(
    "c1", 'def add(a, b="😀"):\n    return a + b\n', critique="Adds *both*."
)
BAD = candidate("c2", 'def add(a, b="😀"):\n    return a - b\n', verdicts=".F.")
FILLED = STUB.replace("    ...", "    return a + b")

FILES = client_files()
every_client = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


@pytest.fixture
def stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "calc.py"
    path.write_bytes(STUB.encode())
    return path


def declared(client: Json, *path: str) -> Any:
    """What stands at a path of the capabilities; falsy where nothing does."""
    for name in path:
        client = client.get(name) or {}
    return client


def test_all_captured_clients_are_tried():
    if CAPTURES.is_dir():
        assert len(FILES) == N_CAPTURED
    else:
        sys.stderr.write(f"{CAPTURES} is not here: its editors were not tried\n")
        assert {file.stem for file in FILES} == {"full", "plain", "resolving"}


async def searched(client: LspClient, path: Path) -> str:
    uri = client.open(path)
    (generate,) = await client.actions(uri, "add")
    assert generate["title"] == "Generate with ORPS"
    await take(client, uri, generate)
    await finished(client)
    return uri


@every_client
async def test_generate_look_and_take(file: Path, stub: Path):
    mine = capabilities(file)
    async with connected(mine, stub.parent, FakeJob([BAD, GOOD])) as client:
        uri = await searched(client, stub)
        actions = await client.actions(uri, "add")
        best, _, preview, again = actions
        assert titles(actions) == [
            'ORPS #1 - passes 3 of 3 tests, 12 ms - "Adds *both*."',
            "ORPS #2 - passes 2 of 3 tests, 12 ms - fails test_1",
            "Preview ORPS candidates (2)",
            "Generate again with ORPS",
        ]
        _check_shape(mine, best)

        at = client.position(uri, client.texts[uri].index("add") + 1)
        place = {"textDocument": {"uri": uri}, "position": at}
        said = (await client.request("textDocument/hover", place))["contents"]
        formats: list[str] = (
            declared(mine, "textDocument", "hover", "contentFormat") or []
        )
        is_markdown = "markdown" in formats
        assert said["kind"] == ("markdown" if is_markdown else "plaintext")
        assert ("Adds \\*both\\*" if is_markdown else "Adds *both*") in said["value"]

        await take(client, uri, preview)
        _check_shown(mine, client)

        client.replace(uri, "return 1", "return '😀'")
        for rank in ("#2", "#1"):
            # Some editors are given the edit with the action, so they ask again.
            (chosen,) = [
                action
                for action in await client.actions(uri, "add")
                if action["title"].startswith(f"ORPS {rank}")
            ]
            await take(client, uri, chosen)
        assert client.texts[uri] == FILLED.replace("return 1", "return '😀'")
        # An editor resolves also what carries an edit or a command.
        assert await client.request("codeAction/resolve", again) == again


def _check_shape(mine: Json, best: Json) -> None:
    """Each editor is given what it can do something with, and nothing else."""
    action: Json = declared(mine, "textDocument", "codeAction")
    resolved: Json = action.get("resolveSupport") or {}
    if "edit" in resolved.get("properties", ()):
        assert best["data"]["op"] == "apply"
        assert "command" not in best
        assert "edit" not in best
    elif declared(mine, "workspace", "applyEdit"):
        assert best["command"]["command"] == "orps.apply"
        assert "data" not in best
    else:
        (changes,) = best["edit"].values()
        assert changes
    assert ("tags" in best) == bool(action.get("tagSupport"))
    assert ("isPreferred" in best) == bool(action.get("isPreferredSupport"))


def _check_shown(mine: Json, client: LspClient) -> None:
    shows = declared(mine, "window", "showDocument", "support")
    shown = [params["uri"] for params in client.messages("window/showDocument")]
    if not shows:
        assert shown == []
    elif declared(mine, "workspace", "textDocumentContent"):
        assert [uri.split("/")[0:2] for uri in shown] == [["orps:", "report"]]
    else:
        assert all(uri.startswith("file:") and uri.endswith(".md") for uri in shown)
        assert len(shown) == 1


@every_client
async def test_candidates_arrive_while_the_search_runs(file: Path, stub: Path):
    mine = capabilities(file)
    job = FakeJob([BAD], hold=True)
    async with connected(mine, stub.parent, job) as client:
        uri = client.open(stub)
        await client.command("orps.generate", {"uri": uri, "name": "add"})
        await client.message(
            "textDocument/publishDiagnostics",
            lambda params: "1 of 8" in str(params["diagnostics"]),
        )
        first, *_, stop = titles(await client.actions(uri, "add"))
        assert first.startswith("ORPS #1 - passes 2 of 3 tests")
        assert stop == "Stop ORPS search (1 of 8)"
        client.replace(uri, "NOTE", "NOTES")
        await client.message(
            "textDocument/publishDiagnostics", lambda params: params["version"] == 1
        )
        assert bool(client.messages("workspace/codeLens/refresh")) == bool(
            declared(mine, "workspace", "codeLens", "refreshSupport")
        )
        job.released.set()
        await finished(client)
        if declared(mine, "window", "workDoneProgress"):
            await client.message("$/progress", _is_end)
            assert client.messages("window/showMessage") == []
        else:
            said = await client.message("window/showMessage")
            assert "best passes 2 of 3 tests" in said["message"]
            assert client.messages("$/progress") == []


@every_client
async def test_every_way_to_stop(file: Path, stub: Path):
    mine = capabilities(file)
    job = FakeJob([GOOD], hold=True)
    async with connected(mine, stub.parent, job) as client:
        uri = client.open(stub)

        async def by_action() -> None:
            *_, stop = await client.actions(uri, "add")
            await take(client, uri, stop)

        async def by_progress() -> None:
            begun = [m for m in client.messages("$/progress") if not _is_end(m)]
            token = begun[-1]["token"]
            client.notify("window/workDoneProgress/cancel", {"token": token})

        has_progress = declared(mine, "window", "workDoneProgress")
        for stop in (by_action, by_progress) if has_progress else (by_action,):
            job.hold = True
            client.received.clear()
            await client.command("orps.generate", {"uri": uri, "name": "add"})
            await client.until(
                lambda: (
                    "1 of 8" in str(client.messages("textDocument/publishDiag"))
                    or "1 of 8" in str(client.received)
                )
            )
            await stop()
            await client.until(lambda: job.n_open == 0)
            await client.message(
                "textDocument/publishDiagnostics",
                lambda params: "cancelled" in str(params["diagnostics"]),
            )


def _is_end(params: Json) -> bool:
    return params["value"]["kind"] == "end"


ELSEWHERE: list[tuple[str, str]] = [("return 1", "return 2"), ("NOTE", "# 😀\nNOTE")]
INSIDE = [
    ("    ...", "    return 0", "the body of `add` has changed"),
    ("(a, b", "(a, /, b", "the signature of `add` has changed"),
    ("def add", "def plus", "`add` is no longer in the file"),
    ("def add(a", "def add((a", "the file has a syntax error"),
]


@every_client
async def test_the_matrix_of_stale_edits(file: Path, stub: Path):
    mine = capabilities(file)
    async with connected(mine, stub.parent, FakeJob([GOOD])) as client:
        uri = await searched(client, stub)
        best, *_ = await client.actions(uri, "add")
        take_it = _taking(mine, client, uri, best)
        for old, new, reason in INSIDE:
            client.replace(uri, old, new)
            before = client.texts[uri]
            if take_it:
                with pytest.raises(LspError, match=reason) as refused:
                    await take_it()
                assert refused.value.code == -32801
                assert refused.value.data["kind"] == "stale"
            assert client.texts[uri] == before
            await _check_offered(mine, client, uri, reason)
            client.replace(uri, new, old)
        for old, new in ELSEWHERE:
            client.replace(uri, old, new)
        best, *_ = await client.actions(uri, "add")
        await take(client, uri, best)
        wanted = FILLED
        for old, new in ELSEWHERE:
            wanted = wanted.replace(old, new)
        assert client.texts[uri] == wanted


def _taking(
    mine: Json, client: LspClient, uri: str, best: Json
) -> Callable[[], Any] | None:
    """How the editor takes an action that it was shown before; `None`: as it is."""
    if "edit" in best:
        return None
    return lambda: take(client, uri, best)


async def _check_offered(mine: Json, client: LspClient, uri: str, reason: str) -> None:
    """Disabled with the reason where that is understood, else not there at all."""
    name = "add" if "add" in client.texts[uri] else "plus"
    offered = await client.actions(uri, name)
    ranked = [action for action in offered if action["title"].startswith("ORPS #")]
    understands = declared(mine, "textDocument", "codeAction", "disabledSupport")
    # A function that has no name any more, or no header, has no actions of its own.
    if ranked:
        assert understands
        assert all(reason in action["disabled"]["reason"] for action in ranked)
    elif understands:
        assert "no longer" in reason or "syntax error" in reason


@every_client
async def test_positions_are_counted_as_the_client_counts(file: Path, stub: Path):
    mine = capabilities(file)
    offered = declared(mine, "general", "positionEncodings") or ["utf-16"]
    async with connected(mine, stub.parent, FakeJob([GOOD])) as client:
        assert client.encoding == offered[0]
        uri = await searched(client, stub)
        hints = client.messages("textDocument/publishDiagnostics")[-1]["diagnostics"]
        start = client.position(uri, STUB.index("add"))
        assert hints[0]["range"]["start"] == start
