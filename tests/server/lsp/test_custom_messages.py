"""The messages of docs/lsp-extensions.md, for the clients that asked for them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from orps_sandbox.outcome import CaseResult, CaseStatus
from support.lsp_gestures import finished
from support.lsp_inprocess import connected
from support.lsp_jobs import FakeJob, candidate
from support.lsp_profiles import ALE, VSCODE

STUB = "def add(a, b):\n    ...\n"
GOOD = candidate("c1", "def add(a, b):\n    return a + b\n", critique="Fine.")
BAD = candidate("c2", "def add(a, b):\n    return a - b\n", verdicts=".F")


@pytest.fixture
def stub(tmp_path: Path) -> Path:
    path = tmp_path / "calc.py"
    path.write_text(STUB)
    return path


OPTED_IN: Any = {**VSCODE, "experimental": {"orps": {"protocol": 1}}}


@pytest.mark.parametrize(
    ("capabilities", "options"),
    [(OPTED_IN, None), (VSCODE, {"clientCapabilities": {"orps": True}})],
)
async def test_snapshots_come_to_those_who_opted_in(
    capabilities: Any, options: Any, stub: Path
):
    job = FakeJob([GOOD, BAD])
    async with connected(
        capabilities, stub.parent, job, initializationOptions=options
    ) as client:
        uri = client.open(stub)
        said = await client.command("orps.generate", {"uri": uri, "name": "add"})
        last = await client.message(
            "orps/searchDidChange", lambda params: params["state"] == "done"
        )
        assert last["searchId"] == said["searchId"]
        assert (last["uri"], last["function"]) == (uri, "add")
        assert last["expansions"] == {"done": 2, "max": 8}
        assert last["usage"]["inputTokens"] == 100
        assert [(c["rank"], c["id"], c["passed"]) for c in last["candidates"]] == [
            (1, "c1", 3),
            (2, "c2", 1),
        ]
        revisions = [m["revision"] for m in client.messages("orps/searchDidChange")]
        assert revisions == sorted(set(revisions))
        assert client.messages("window/showMessage") == []
        assert await client.request("orps/searches", {"uri": uri}) == [last]
        assert await client.request("orps/searches", {}) == [last]
        assert await client.request("orps/searches", {"uri": uri + "x"}) == []


async def test_a_search_whose_job_is_not_open_yet_is_a_document_without_candidates(
    stub: Path,
):
    async with connected(OPTED_IN, stub.parent, FakeJob([])) as client:
        uri = client.open(stub)
        said = await client.command("orps.generate", {"uri": uri, "name": "add"})
        tree = await client.request("orps/tree", {"searchId": said["searchId"]})
        assert tree["searchId"] == said["searchId"]
        assert tree["target"]["qualname"] == "add"
        assert tree["candidates"] == []


async def test_a_candidate_can_be_looked_into(stub: Path):
    job = FakeJob([GOOD, BAD])
    async with connected(OPTED_IN, stub.parent, job) as client:
        uri = client.open(stub)
        said = await client.command("orps.generate", {"uri": uri, "name": "add"})
        await client.message(
            "orps/searchDidChange", lambda params: params["state"] == "done"
        )
        ref = {"searchId": said["searchId"], "candidateId": "c2"}
        details = await client.request("orps/candidate", ref)
        assert details["code"] == BAD.code
        assert details["rank"] == 2
        assert "-    ...\n+    return a - b" in details["diff"]
        assert details["tests"] == [
            {"id": "tests/test_it.py::test_0", "verdict": "passed", "message": ""},
            {
                "id": "tests/test_it.py::test_1",
                "verdict": "failed",
                "message": "assert 1 == 2",
            },
        ]


async def test_nobody_else_is_sent_a_message_that_lsp_does_not_know(stub: Path):
    async with connected(VSCODE, stub.parent, FakeJob([GOOD])) as client:
        uri = client.open(stub)
        await client.command("orps.generate", {"uri": uri, "name": "add"})
        await client.message(
            "$/progress", lambda params: params["value"]["kind"] == "end"
        )
        assert client.messages("orps/searchDidChange") == []


async def test_the_report_is_shown_by_editors_that_can_and_returned_to_all(
    stub: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(stub.parent / "cache"))
    job = FakeJob([GOOD, BAD])
    for profile in (VSCODE, ALE):
        async with connected(profile, stub.parent, job) as client:
            uri = client.open(stub)
            function = {"uri": uri, "name": "add"}
            await client.command("orps.generate", function)
            await finished(client)
            said = await client.command("orps.report", function)
            assert "    def add(a, b):\n        return a - b" in said["markdown"]
            shown = client.messages("window/showDocument")
            assert [params["uri"] for params in shown] == (
                [said["uri"]] if profile is VSCODE else []
            )


async def told_in_traces(stub: Path, trace: str) -> list[Any]:
    async with connected(VSCODE, stub.parent, FakeJob([GOOD]), trace=trace) as client:
        uri = client.open(stub)
        await client.command("orps.generate", {"uri": uri, "name": "add"})
        await finished(client)
        return client.messages("$/logTrace")


async def test_a_trace_follows_a_search_where_one_is_wanted(stub: Path):
    assert await told_in_traces(stub, "off") == []
    brief = await told_in_traces(stub, "messages")
    assert "passes 3 of 3" in brief[-1]["message"]
    assert not any(each.get("verbose") for each in brief)
    assert "tokens" in (await told_in_traces(stub, "verbose"))[-1]["verbose"]


async def test_a_trace_can_be_turned_on_later(stub: Path):
    async with connected(VSCODE, stub.parent, FakeJob([GOOD])) as client:
        client.notify("$/setTrace", {"value": "messages"})
        uri = client.open(stub)
        await client.command("orps.generate", {"uri": uri, "name": "add"})
        await finished(client)
        assert client.messages("$/logTrace")


@pytest.mark.parametrize("shows", [True, False])
async def test_a_client_that_can_tell_about_our_actions_is_asked_to(
    stub: Path, shows: bool
):
    action = {**VSCODE["textDocument"]["codeAction"], "documentationSupport": shows}
    capabilities = {
        **VSCODE,
        "textDocument": {**VSCODE["textDocument"], "codeAction": action},
        "experimental": {"orps": {"documentation": "mine.about"}},
    }
    async with connected(capabilities, stub.parent, FakeJob()) as client:
        offered = client.greeting["capabilities"]["codeActionProvider"]
        kinds = [each["kind"] for each in offered.get("documentation", [])]
        assert kinds == (["refactor.rewrite.orps"] if shows else [])
        assert all(
            each["command"]["command"] == "mine.about"
            for each in offered.get("documentation", [])
        )


async def test_what_tests_have_printed_is_told_without_secrets(stub: Path):
    failing = candidate("c1", "def add(a, b):\n    return 'hush'\n", verdicts="F")
    secret = CaseResult(id="t.py::test_0", status=CaseStatus.FAILED, message="got hush")
    outcome = replace(failing.outcome, cases=(secret,), output="said hush")
    job = FakeJob([replace(failing, outcome=outcome)])
    job.clean = lambda text: text.replace("hush", "-")
    async with connected(VSCODE, stub.parent, job) as client:
        uri = client.open(stub)
        said = await client.command("orps.generate", {"uri": uri, "name": "add"})
        await finished(client)
        ref = {"searchId": said["searchId"]}
        details = await client.request("orps/candidate", ref)
        assert details["tests"][0]["message"] == "got -"
        assert details["output"] == "said -"
        # It is what would be put in place.
        assert "'hush'" in details["code"]
        assert "got hush" not in str(await client.request("orps/tree", ref))
