"""From a stub to an applied candidate, as each kind of editor goes about it."""

from pathlib import Path

import pytest

from support.lsp_gestures import finished, take, titles
from support.lsp_inprocess import connected
from support.lsp_jobs import FakeJob, candidate
from support.lsp_profiles import ALE, EGLOT_1_9, NEOVIM, PROFILES, VSCODE

STUB = "import os\n\n\ndef add(a, b):\n    ...\n\n\ndef other():\n    return 1\n"
ADDED = STUB.replace("    ...", "    return a + b")
GOOD = candidate("c1", "def add(a, b):\n    return a + b\n", critique="Just right.")
BAD = candidate("c2", "def add(a, b):\n    return a - b\n", verdicts=".F.")


@pytest.fixture
def stub(tmp_path: Path) -> Path:
    path = tmp_path / "calc.py"
    path.write_text(STUB)
    return path


@pytest.mark.parametrize("name", PROFILES)
async def test_a_stub_is_filled_in_by_code_actions_alone(name: str, stub: Path):
    job = FakeJob(candidates=[BAD, GOOD])
    async with connected(PROFILES[name], stub.parent, job) as client:
        uri = client.open(stub)
        (generate,) = await client.actions(uri, "add")
        assert generate["title"] == "Generate with ORPS"
        await take(client, uri, generate)
        await finished(client)

        best, second, preview, again = await client.actions(uri, "add")
        assert preview["title"] == "Preview ORPS candidates (2)"
        assert best["title"] == ('ORPS #1 - passes 3 of 3 tests, 12 ms - "Just right."')
        assert second["title"] == "ORPS #2 - passes 2 of 3 tests, 12 ms - fails test_1"
        assert again["title"] == "Generate again with ORPS"
        assert {action["kind"] for action in (best, second, again)} == {
            "refactor.rewrite.orps"
        }
        await take(client, uri, best)
        assert client.texts[uri] == ADDED


async def test_the_function_and_the_buffers_reach_the_engine(stub: Path):
    job = FakeJob(candidates=[GOOD])
    async with connected(VSCODE, stub.parent, job) as client:
        uri = client.open(stub)
        tests = stub.parent / "test_calc.py"
        client.open(tests, "unsaved")
        await client.command("orps.generate", {"uri": uri, "name": "add"})
        await finished(client)
    (request,) = job.requests
    assert (request.file, request.qualname) == (stub, "add")
    assert request.buffers == {stub: STUB, tests: "unsaved"}


async def test_candidates_are_offered_while_the_search_still_runs(stub: Path):
    job = FakeJob(candidates=[BAD], hold=True, n_max=8)
    async with connected(VSCODE, stub.parent, job) as client:
        uri = client.open(stub)
        said = await client.command("orps.generate", {"uri": uri, "name": "add"})
        assert said["state"] == "running"
        await client.message("$/progress", lambda params: "1 of 8" in str(params))
        assert titles(await client.actions(uri, "add")) == [
            "ORPS #1 - passes 2 of 3 tests, 12 ms - fails test_1",
            "Preview ORPS candidates (1)",
            "Stop ORPS search (1 of 8)",
        ]


async def test_nothing_is_offered_where_nothing_was_asked(stub: Path):
    async with connected(VSCODE, stub.parent, FakeJob()) as client:
        uri = client.open(stub)
        assert await client.actions(uri, "import os") == []
        assert await client.actions(uri, "return 1") == []
        assert await client.actions(uri, "add", only=["quickfix"]) == []
        assert await client.actions(uri, "add", only=["source"]) == []


@pytest.mark.parametrize("only", ["refactor.rewrite.orps", "refactor.rewrite", ""])
async def test_a_kind_above_ours_is_enough_on_a_stub(only: str, stub: Path):
    async with connected(VSCODE, stub.parent, FakeJob()) as client:
        uri = client.open(stub)
        actions = await client.actions(uri, "add", only=[only])
        assert titles(actions) == ["Generate with ORPS"]


async def test_an_implemented_function_is_improved_when_our_kind_is_asked_for(
    stub: Path,
):
    async with connected(VSCODE, stub.parent, FakeJob()) as client:
        uri = client.open(stub)
        actions = await client.actions(uri, "return 1", only=["refactor.rewrite.orps"])
        assert titles(actions) == ["Improve with ORPS"]


async def test_only_the_best_of_a_finished_search_is_preferred(stub: Path):
    job = FakeJob(candidates=[GOOD, BAD])
    async with connected(VSCODE, stub.parent, job) as client:
        uri = client.open(stub)
        await client.command("orps.generate", {"uri": uri, "name": "add"})
        await finished(client)
        best, second, _, again = await client.actions(uri, "add")
        assert best["isPreferred"]
        assert best["tags"] == [1]
        assert "isPreferred" not in second
        assert "isPreferred" not in again


async def test_resolving_is_idempotent_and_leaves_other_actions_alone(stub: Path):
    job = FakeJob(candidates=[GOOD])
    async with connected(VSCODE, stub.parent, job) as client:
        uri = client.open(stub)
        await client.command("orps.generate", {"uri": uri, "name": "add"})
        await finished(client)
        best, _, again = await client.actions(uri, "add")
        once = await client.request("codeAction/resolve", best)
        assert await client.request("codeAction/resolve", once) == once
        assert await client.request("codeAction/resolve", again) == again
        foreign = {"title": "Organize imports", "data": {"of": "somebody else"}}
        assert await client.request("codeAction/resolve", foreign) == foreign


async def test_the_second_candidate_can_replace_the_first(stub: Path):
    job = FakeJob(candidates=[GOOD, BAD])
    async with connected(NEOVIM, stub.parent, job) as client:
        uri = client.open(stub)
        await client.command("orps.generate", {"uri": uri, "name": "add"})
        await finished(client)
        best, second, *_ = await client.actions(uri, "add")
        await take(client, uri, best)
        await take(client, uri, second)
        assert client.texts[uri] == STUB.replace("    ...", "    return a - b")


async def test_the_apply_command_takes_the_best_when_none_is_named(stub: Path):
    job = FakeJob(candidates=[BAD, GOOD])
    async with connected(EGLOT_1_9, stub.parent, job) as client:
        uri = client.open(stub)
        await client.command("orps.generate", {"uri": uri, "name": "add"})
        await finished(client)
        said = await client.command("orps.apply", {"uri": uri, "name": "add"})
        assert said == {"applied": True, "reason": None}
        assert client.texts[uri] == ADDED


async def test_a_client_that_declares_nothing_can_do_all_of_it(stub: Path):
    async with connected({}, stub.parent, FakeJob(candidates=[GOOD])) as client:
        uri = client.open(stub)
        await client.command("orps.generate", {"uri": uri, "name": "add"})
        await finished(client)
        best, *_ = await client.actions(uri, "add")
        assert best["edit"]["changes"].keys() == {uri}
        assert (await client.command("orps.apply", {"uri": uri, "name": "add"}))[
            "applied"
        ]
        assert client.texts[uri] == ADDED


async def test_an_edit_that_the_editor_refuses_is_offered_once_more(stub: Path):
    job = FakeJob(candidates=[GOOD])
    async with connected(VSCODE, stub.parent, job) as client:
        client.answers["workspace/applyEdit"] = lambda params: {
            "applied": False,
            "failureReason": "the file is read-only",
        }
        uri = client.open(stub)
        await client.command("orps.generate", {"uri": uri, "name": "add"})
        await finished(client)
        said = await client.command("orps.apply", {"uri": uri, "name": "add"})
        assert said == {"applied": False, "reason": "the file is read-only"}
        assert len(client.messages("workspace/applyEdit")) == 2


async def test_progress_tells_what_is_waited_for_before_the_first_candidate(stub: Path):
    job = FakeJob(hold=True)
    async with connected(VSCODE, stub.parent, job) as client:
        await client.command("orps.generate", {"uri": client.open(stub), "name": "add"})
        await client.message(
            "$/progress",
            lambda params: "waiting for the first candidate" in str(params),
        )
        job.released.set()


async def test_an_editor_without_progress_is_told_the_end(stub: Path):
    async with connected(ALE, stub.parent, FakeJob(candidates=[GOOD])) as client:
        uri = client.open(stub)
        await client.command("orps.generate", {"uri": uri, "name": "add"})
        said = await client.message("window/showMessage")
        assert said["message"] == ("ORPS add(): 1 candidate; best passes 3 of 3 tests")


async def test_the_log_of_the_editor_has_what_a_search_cost(stub: Path):
    async with connected(VSCODE, stub.parent, FakeJob(candidates=[GOOD])) as client:
        uri = client.open(stub)
        await client.command("orps.generate", {"uri": uri, "name": "add"})
        said = await client.message("window/logMessage")
        assert said["message"] == (
            "ORPS add(): 1 candidate; best passes 3 of 3 tests; 2 requests, "
            "100 tokens in and 50 out, 2 executions, 0.5 s"
        )


async def test_the_lenses_of_a_stub_stay_on_its_line_and_follow_the_search(stub: Path):
    job = FakeJob(candidates=[GOOD], hold=True)
    async with connected(VSCODE, stub.parent, job) as client:
        uri = client.open(stub)
        params = {"textDocument": {"uri": uri}}

        async def lenses() -> list[str]:
            found = await client.request("textDocument/codeLens", params)
            assert {lens["range"]["start"]["line"] for lens in found} == {3}
            return [lens["command"]["title"] for lens in found]

        assert await lenses() == ["Generate with ORPS"]
        await client.command("orps.generate", {"uri": uri, "name": "add"})
        await client.message("$/progress", lambda params: "1 of 8" in str(params))
        assert await lenses() == [
            "ORPS: 1 candidate; best passes 3 of 3 tests (searching, 1 of 8) | Stop",
            "Apply ORPS #1 (passes 3 of 3 tests)",
            "Preview",
        ]
        job.released.set()
        await finished(client)
        assert await lenses() == [
            "Generate again with ORPS",
            "Apply ORPS #1 (passes 3 of 3 tests)",
            "Preview",
        ]
        assert client.messages("workspace/codeLens/refresh")


async def test_the_hint_is_published_again_for_each_version(stub: Path):
    job = FakeJob(candidates=[GOOD])
    async with connected(VSCODE, stub.parent, job) as client:
        uri = client.open(stub)
        await client.command("orps.generate", {"uri": uri, "name": "add"})
        await finished(client)
        client.replace(uri, "import os", "import os, re")
        hints = await client.message(
            "textDocument/publishDiagnostics", lambda params: params["version"] == 1
        )
        (hint,) = hints["diagnostics"]
        assert hint["message"] == "ORPS: 1 candidate; best passes 3 of 3 tests"
        assert (hint["severity"], hint["source"]) == (4, "orps")
        assert hint["range"]["start"] == {"line": 3, "character": 4}


async def test_an_applied_candidate_takes_the_hint_away(stub: Path):
    job = FakeJob(candidates=[GOOD])
    async with connected(VSCODE, stub.parent, job) as client:
        uri = client.open(stub)
        await client.command("orps.generate", {"uri": uri, "name": "add"})
        await finished(client)
        await client.command("orps.apply", {"uri": uri, "name": "add"})
        await client.message(
            "textDocument/publishDiagnostics",
            lambda params: params["version"] == 1 and not params["diagnostics"],
        )


async def test_hover_tells_the_evidence_and_escapes_the_critic(stub: Path):
    sly = candidate("c1", GOOD.code, critique="See [this](command:evil) <b>now</b>")
    async with connected(VSCODE, stub.parent, FakeJob(candidates=[sly])) as client:
        uri = client.open(stub)
        position = client.position(uri, STUB.index("add") + 1)
        params = {"textDocument": {"uri": uri}, "position": position}
        assert await client.request("textDocument/hover", params) is None
        await client.command("orps.generate", {"uri": uri, "name": "add"})
        await finished(client)
        said = (await client.request("textDocument/hover", params))["contents"]
        assert said["kind"] == "markdown"
        assert "passes 3 of 3 tests, 12 ms, 1.0 MiB, critic 4 of 5" in said["value"]
        assert r"See \[this\](command:evil) \<b\>now\</b\>" in said["value"]
        params["position"] = client.position(uri, STUB.index("..."))
        assert await client.request("textDocument/hover", params) is None


async def test_hover_is_plain_for_editors_that_do_not_render(stub: Path):
    job = FakeJob(candidates=[BAD])
    async with connected(ALE, stub.parent, job) as client:
        uri = client.open(stub)
        await client.command("orps.generate", {"uri": uri, "name": "add"})
        await finished(client)
        position = client.position(uri, STUB.index("add"))
        params = {"textDocument": {"uri": uri}, "position": position}
        said = (await client.request("textDocument/hover", params))["contents"]
        assert said["kind"] == "plaintext"
        assert "failed: test_1 (assert 1 == 2)" in said["value"]
