"""Previews, ghost text, inlay hints and lenses: what is only looked at."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from orps_sandbox.flakiness import FlakyCase
from orps_sandbox.outcome import Judge, Tier
from orps_server.server_status import UNCONFINED
from support.lsp_client import Json, LspClient, LspError
from support.lsp_gestures import finished, take, titles
from support.lsp_inprocess import connected
from support.lsp_jobs import FakeJob, candidate
from support.lsp_profiles import ALE, EGLOT_1_17, NEOVIM, VSCODE, VSCODE_FULL

STUB = "import os\n\n\ndef add(a, b):\n    ...\n\n\nlast = 1\n"
FILLED = STUB.replace("    ...", "    return a + b")
GOOD = candidate("c1", "def add(a, b):\n    return a + b\n", critique="Fine.")
BAD = candidate("c2", "def add(a, b):\n    return a - b\n", verdicts=".F.")
LONG = candidate("c3", "def add(a, b):\n    total = a\n    return total + b\n")
IMPORTING = candidate(
    "c4", "import math\n\ndef add(a, b):\n    return math.fsum((a, b))\n"
)


@pytest.fixture
def stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "calc.py"
    path.write_text(STUB)
    return path


async def searched(client: LspClient, path: Path) -> tuple[str, str]:
    uri = client.open(path)
    said = await client.command("orps.generate", {"uri": uri, "name": "add"})
    await finished(client)
    return uri, said["searchId"]


async def content(client: LspClient, uri: str) -> str:
    return (await client.request("workspace/textDocumentContent", {"uri": uri}))["text"]


async def test_capabilities_are_announced_to_those_who_know_them(stub: Path):
    async def announced(capabilities: Json) -> Json:
        client = LspClient(capabilities)
        results: list[Json] = []

        class Remembering(LspClient):
            async def request(self, method: str, params: Any) -> Any:
                result = await super().request(method, params)
                if method == "initialize":
                    results.append(result)
                return result

        client = Remembering(capabilities)
        async with connected(capabilities, stub.parent, FakeJob(), client=client):
            return results[0]["capabilities"]

    full, plain = await announced(VSCODE_FULL), await announced(ALE)
    assert full["workspace"]["textDocumentContent"] == {"schemes": ["orps"]}
    assert "inlineCompletionProvider" in full
    assert "textDocumentContent" not in plain.get("workspace", {})
    assert "inlineCompletionProvider" not in plain
    for capabilities in (full, plain):
        assert capabilities["textDocumentSync"]["change"] == 2
        assert capabilities["textDocumentSync"]["openClose"]
        assert not capabilities["textDocumentSync"]["save"].get("includeText")
        assert capabilities["inlayHintProvider"]
        kinds = capabilities["codeActionProvider"]["codeActionKinds"]
        assert kinds == ["refactor.rewrite.orps"]


async def test_a_preview_is_a_virtual_document_of_the_present_text(stub: Path):
    async with connected(VSCODE_FULL, stub.parent, FakeJob([GOOD, BAD])) as client:
        uri, search = await searched(client, stub)
        ref = {"searchId": search, "candidateId": "c2"}
        said = await client.command("orps.preview", ref)
        assert said["uri"] == f"orps:/candidate/{search}/c2/calc.py"
        shown = await client.message("window/showDocument")
        assert shown["uri"] == said["uri"]
        client.replace(uri, "last = 1", "last = 2")
        text = await content(client, said["uri"])
        assert text == STUB.replace("    ...", "    return a - b").replace("= 1", "= 2")
        assert client.texts[uri] == STUB.replace("= 1", "= 2")


async def test_a_preview_of_what_no_longer_fits_says_so_and_shows_the_code(stub: Path):
    async with connected(VSCODE_FULL, stub.parent, FakeJob([GOOD])) as client:
        uri, search = await searched(client, stub)
        said = await client.command("orps.preview", {"searchId": search})
        client.replace(uri, "    ...", "    return 0")
        text = await content(client, said["uri"])
        assert text.startswith("# Not in its place: the body of `add` has changed")
        assert GOOD.code in text


def read_only(uri: str) -> str:
    path = Path(uri.removeprefix("file://"))
    assert path.stat().st_mode & 0o777 == 0o400
    return path.read_text()


@pytest.mark.parametrize("profile", [EGLOT_1_17, NEOVIM, ALE])
async def test_editors_without_virtual_documents_get_a_file(stub: Path, profile: Json):
    shows = {**profile, "window": {"showDocument": {"support": True}}}
    for capabilities, method in (
        (shows, "window/showDocument"),
        (profile, "window/showMessage"),
    ):
        async with connected(capabilities, stub.parent, FakeJob([GOOD])) as client:
            _, search = await searched(client, stub)
            said = await client.command("orps.preview", {"searchId": search})
            assert read_only(said["uri"]) == FILLED
            name = said["uri"].rpartition("/")[2]
            await client.until(
                lambda client=client, method=method, name=name: (
                    name in str(client.messages(method))
                )
            )


async def test_a_document_that_is_gone_is_an_error(stub: Path):
    async with connected(VSCODE_FULL, stub.parent, FakeJob([GOOD])) as client:
        for uri in (
            "orps:/report/none/x.md",
            "orps:/prompt/7/x.md",
            "orps:/what",
            "a:b",
        ):
            with pytest.raises(LspError):
                await content(client, uri)


async def test_a_dismissed_candidate_is_not_offered_again(stub: Path):
    async with connected(VSCODE, stub.parent, FakeJob([GOOD, BAD])) as client:
        uri, search = await searched(client, stub)
        await client.command("orps.dismiss", {"searchId": search, "candidateId": "c1"})
        (best, *_) = titles(await client.actions(uri, "add"))
        assert best.startswith("ORPS #1 - passes 2 of 3")
        await client.command("orps.dismiss", {"searchId": search})
        assert titles(await client.actions(uri, "add")) == ["Generate with ORPS"]
        await client.message(
            "textDocument/publishDiagnostics", lambda params: not params["diagnostics"]
        )


async def test_a_body_of_ones_own_is_replaced_only_after_a_question(stub: Path):
    async with connected(VSCODE_FULL, stub.parent, FakeJob([GOOD])) as client:
        uri, _ = await searched(client, stub)
        client.replace(uri, "    ...", "    return 0")
        stale, replace, *_ = await client.actions(uri, "add")
        assert "disabled" in stale
        assert replace["title"] == "Replace my body with ORPS #1 (passes 3 of 3 tests)"
        edit = (await client.request("codeAction/resolve", replace))["edit"]
        assert edit["changeAnnotations"]["orps"]["needsConfirmation"]
        client.apply(edit)
        assert client.texts[uri] == FILLED
        client.replace(uri, "(a, b)", "(a, b, c)")
        with pytest.raises(LspError):
            await take(client, uri, replace)


async def test_edits_are_confirmed_where_people_want_that(stub: Path):
    async with connected(
        VSCODE_FULL,
        stub.parent,
        FakeJob([GOOD]),
        initializationOptions={"confirmEdits": True},
    ) as client:
        uri, _ = await searched(client, stub)
        best, *_ = await client.actions(uri, "add")
        edit = (await client.request("codeAction/resolve", best))["edit"]
        assert edit["changeAnnotations"]["orps"]["needsConfirmation"]


async def test_what_could_be_forged_is_named_and_never_applied_unseen(stub: Path):
    code = "def add(a, b):\n    return a + b\n"
    job = FakeJob(
        [candidate("c1", code, judge=Judge.IN_PROCESS)],
        flaky=(FlakyCase(id="test_m.py::test_odd", n_passed=1, n_runs=3),),
    )
    options = {"inlineSuggestions": "verified"}
    async with connected(
        VSCODE_FULL, stub.parent, job, initializationOptions=options
    ) as client:
        uri, _ = await searched(client, stub)
        best, *_ = await client.actions(uri, "add")
        assert "judge: in-process" in best["title"]
        assert "isPreferred" not in best
        edit = (await client.request("codeAction/resolve", best))["edit"]
        assert edit["changeAnnotations"]["orps"]["needsConfirmation"]
        said = client.messages("textDocument/publishDiagnostics")
        (hint,) = said[-1]["diagnostics"]
        assert "judge: in-process" in hint["message"]
        assert "1 flaky test left out" in hint["message"]
        place = {
            "textDocument": {"uri": uri},
            "position": client.position(uri, STUB.index("...")),
        }
        ghost = {**place, "context": {"triggerKind": 1}}
        found = await client.request("textDocument/inlineCompletion", ghost)
        assert found["items"] == []
        place["position"] = client.position(uri, STUB.index("add"))
        hover = await client.request("textDocument/hover", place)
        assert "judge: in-process" in hover["contents"]["value"]
        assert "is flaky: it passed 1 of 3 times" in hover["contents"]["value"]


@pytest.mark.parametrize(
    "stubbed", ["    ...", "    pass", "    raise NotImplementedError"]
)
async def test_ghost_text_fills_in_what_passes_everything(stub: Path, stubbed: str):
    text = STUB.replace("    ...", stubbed)
    job = FakeJob([BAD, IMPORTING, LONG, GOOD])
    async with connected(
        VSCODE_FULL,
        stub.parent,
        job,
        initializationOptions={"inlineSuggestions": "verified"},
    ) as client:
        uri = client.open(stub, text)

        async def completed(at: str) -> list[Json]:
            params = {
                "textDocument": {"uri": uri},
                "position": client.position(uri, text.index(at)),
                "context": {"triggerKind": 1},
            }
            return (await client.request("textDocument/inlineCompletion", params))[
                "items"
            ]

        assert await completed(stubbed.strip()) == []
        await client.command("orps.generate", {"uri": uri, "name": "add"})
        await finished(client)
        assert await completed("def add") == []
        items = await completed(stubbed.strip())
        filled = {
            GOOD.code.partition("\n    ")[2].rstrip(),
            LONG.code.partition("\n    ")[2].rstrip(),
        }
        assert {item["insertText"] for item in items} == filled
        for item in items:
            edit = {"range": item["range"], "newText": item["insertText"]}
            assert item["range"]["start"]["line"] == item["range"]["end"]["line"]
            client.texts[uri], client.versions[uri] = text, 0
            client.apply({"changes": {uri: [edit]}})
            assert client.texts[uri] == text.replace(
                stubbed, "    " + item["insertText"]
            )


async def test_ghost_text_and_inlay_hints_are_off_unless_wanted(stub: Path):
    async with connected(VSCODE_FULL, stub.parent, FakeJob([GOOD])) as client:
        uri, _ = await searched(client, stub)
        document = {"textDocument": {"uri": uri}}
        at = client.position(uri, STUB.index("..."))
        inline = {**document, "position": at, "context": {"triggerKind": 1}}
        everything = {"start": {"line": 0, "character": 0}, "end": at}
        said = await client.request("textDocument/inlineCompletion", inline)
        assert said["items"] == []
        hints = {**document, "range": everything}
        assert await client.request("textDocument/inlayHint", hints) == []
        assert not client.messages("workspace/inlayHint/refresh")


async def test_inlay_hints_tell_the_state_behind_the_name(stub: Path):
    async with connected(
        VSCODE_FULL,
        stub.parent,
        FakeJob([GOOD]),
        initializationOptions={"inlayHints": True},
    ) as client:
        uri, _ = await searched(client, stub)
        place = {"line": 0, "character": 0}
        params = {
            "textDocument": {"uri": uri},
            "range": {"start": place, "end": {"line": 9, "character": 0}},
        }
        (hint,) = await client.request("textDocument/inlayHint", params)
        assert hint["label"] == "ORPS: passes 3 of 3 tests"
        assert hint["position"] == {"line": 3, "character": 7}
        client.replace(uri, "    ...", "    return 0")
        (hint,) = await client.request("textDocument/inlayHint", params)
        assert hint["label"] == "ORPS: stale"
        assert client.messages("workspace/inlayHint/refresh")


async def test_lenses_stay_on_their_lines_while_nothing_can_be_read(stub: Path):
    async with connected(VSCODE, stub.parent, FakeJob()) as client:
        uri = client.open(stub)

        async def lines() -> list[int]:
            params = {"textDocument": {"uri": uri}}
            found = await client.request("textDocument/codeLens", params)
            return [lens["range"]["start"]["line"] for lens in found]

        assert await lines() == [3]
        client.replace(uri, "import os\n", "import os\n\x00\n")
        assert await lines() == [4]
        client.replace(uri, "\x00", "")
        assert await lines() == [4]


async def test_the_status_is_told_to_those_who_declare_it(stub: Path):
    job = FakeJob([GOOD], hold=True)
    async with connected(VSCODE_FULL, stub.parent, job) as client:
        uri = client.open(stub)
        await client.command("orps.generate", {"uri": uri, "name": "add"})
        await client.message(
            "experimental/serverStatus", lambda params: not params["quiescent"]
        )
        job.released.set()
        await finished(client)
        told = client.messages("experimental/serverStatus")
        assert told[0] == {
            "health": "ok",
            "quiescent": True,
            "message": None,
            "sandbox": None,
        }
        # The fake runs in tier C, which nobody should have to ask for to learn.
        assert told[-1] == {
            "health": "warning",
            "quiescent": True,
            "message": UNCONFINED,
            "sandbox": "C",
        }


async def test_the_status_of_a_confined_search_is_fine(stub: Path):
    outcome = replace(GOOD.outcome, tier=Tier.A)
    job = FakeJob([replace(GOOD, outcome=outcome)])
    async with connected(VSCODE_FULL, stub.parent, job) as client:
        uri = client.open(stub)
        await client.command("orps.generate", {"uri": uri, "name": "add"})
        told = await client.message(
            "experimental/serverStatus", lambda params: params["sandbox"] is not None
        )
        assert (told["health"], told["sandbox"]) == ("ok", "A")
