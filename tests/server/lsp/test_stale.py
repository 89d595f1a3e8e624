"""What happened to the text meanwhile, and what becomes of the candidates."""

from pathlib import Path

import anyio
import pytest

from orps_search.candidate import Candidate
from support.lsp_client import Json, LspClient, LspError
from support.lsp_gestures import finished, take, titles
from support.lsp_inprocess import connected
from support.lsp_jobs import FakeJob, candidate
from support.lsp_profiles import (
    ALE,
    EGLOT_1_9,
    EGLOT_1_17,
    NEOVIM,
    VSCODE,
)

STUB = (
    "import os\n"
    "\n"
    "\n"
    "def area(width, height):\n"
    '    """Of a rectangle."""\n'
    "    ...\n"
    "\n"
    "\n"
    "def after():\n"
    "    return 1\n"
)
CODE = (
    "import math\n\n\ndef area(width, height):\n    return math.prod((width, height))\n"
)
FILLED = STUB.replace("    ...", "    return math.prod((width, height))").replace(
    "import os\n", "import os\nimport math\n"
)
JOB_CANDIDATE = candidate("c1", CODE)
CONTENT_MODIFIED = -32801


@pytest.fixture
def stub(tmp_path: Path) -> Path:
    path = tmp_path / "shapes.py"
    path.write_bytes(STUB.encode())
    return path


async def searched(client: LspClient, path: Path, text: str | None = None) -> str:
    uri = client.open(path, text)
    await client.command("orps.generate", {"uri": uri, "name": "area"})
    await finished(client)
    return uri


async def test_text_above_and_below_only_moves_the_edit(stub: Path):
    async with connected(VSCODE, stub.parent, FakeJob([JOB_CANDIDATE])) as client:
        uri = await searched(client, stub)
        client.replace(uri, "import os\n\n\n", "import os\n\n\nEARLIER = 'ü😀'\n\n\n")
        client.replace(uri, "return 1", "return 2")
        best, *_ = await client.actions(uri, "area")
        await take(client, uri, best)
        assert client.texts[uri] == FILLED.replace(
            "def area", "EARLIER = 'ü😀'\n\n\ndef area"
        ).replace("return 1", "return 2")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("    ...", "    return 0", "the body of `area` has changed"),
        ("(width, height)", "(width, height, depth)", "the signature of `area`"),
        ("Of a rectangle", "Of a box", "the docstring of `area`"),
        ("def area", "def volume", "`area` is no longer in the file"),
    ],
)
async def test_work_inside_the_function_is_never_overwritten(
    stub: Path, old: str, new: str, reason: str
):
    async with connected(VSCODE, stub.parent, FakeJob([JOB_CANDIDATE])) as client:
        uri = await searched(client, stub)
        offered, *_ = await client.actions(uri, "area")
        client.replace(uri, old, new)
        before = client.texts[uri]
        with pytest.raises(LspError) as resolved:
            await take(client, uri, offered)
        with pytest.raises(LspError) as applied:
            await client.command("orps.apply", {"uri": uri, "name": "area"})
        for error in (resolved.value, applied.value):
            assert error.code == CONTENT_MODIFIED
            assert error.data["kind"] == "stale"
            assert reason in str(error)
        assert client.texts[uri] == before
        assert not client.messages("workspace/applyEdit")


async def test_a_stale_action_says_why_it_is_disabled(stub: Path):
    async with connected(VSCODE, stub.parent, FakeJob([JOB_CANDIDATE])) as client:
        uri = await searched(client, stub)
        client.replace(uri, "    ...", "    return 0")
        stale, _, again = await client.actions(uri, "area")
        assert stale["disabled"]["reason"] == (
            "the body of `area` has changed since the search"
        )
        assert "edit" not in stale
        assert "data" not in stale
        assert again["title"] == "Generate again with ORPS"
        hints = client.messages("textDocument/publishDiagnostics")[-1]
        assert [hint["code"] for hint in hints["diagnostics"]] == ["stale"]


@pytest.mark.parametrize("plain", [NEOVIM, EGLOT_1_9, ALE])
async def test_editors_that_know_no_disabled_actions_are_not_sent_any(
    stub: Path, plain: Json
):
    async with connected(plain, stub.parent, FakeJob([JOB_CANDIDATE])) as client:
        uri = await searched(client, stub)
        client.replace(uri, "    ...", "    return 0")
        assert titles(await client.actions(uri, "area")) == [
            "Preview ORPS candidates (1)",
            "Generate again with ORPS",
        ]


async def test_undoing_the_change_brings_the_candidates_back(stub: Path):
    async with connected(VSCODE, stub.parent, FakeJob([JOB_CANDIDATE])) as client:
        uri = await searched(client, stub)
        client.replace(uri, "    ...", "    return 0")
        client.replace(uri, "    return 0", "    ...")
        best, *_ = await client.actions(uri, "area")
        await take(client, uri, best)
        assert client.texts[uri] == FILLED


async def test_a_syntax_error_elsewhere_is_in_nobodys_way(stub: Path):
    async with connected(VSCODE, stub.parent, FakeJob([JOB_CANDIDATE])) as client:
        uri = await searched(client, stub)
        client.replace(uri, "return 1", "return (1")
        best, *_ = await client.actions(uri, "area")
        await take(client, uri, best)
        assert client.texts[uri] == FILLED.replace("return 1", "return (1")


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoded", [VSCODE, NEOVIM, EGLOT_1_17])
async def test_the_edit_lands_in_the_units_of_the_editor(
    stub: Path, encoded: Json, line_end: str
):
    # A form feed and U+2028 end no line in LSP; the rest is one, two, three and four
    # bytes wide in UTF-8.
    odd = "MARK = 'ß€😀\u2028'; '😀'\n\x0c\n"
    text = STUB.replace("import os\n", f"import os\n\n{odd}").replace(
        "def area(width, height)", "def area(width='😀ß', height='€')"
    )
    code = CODE.replace("(width, height):", "(width='😀ß', height='€'):")
    wanted = text.replace("    ...", "    return math.prod((width, height))").replace(
        "import os\n", "import os\nimport math\n"
    )
    text, wanted = (each.replace("\n", line_end) for each in (text, wanted))
    async with connected(
        encoded, stub.parent, FakeJob([candidate("c1", code)])
    ) as client:
        uri = await searched(client, stub, text)
        client.replace(uri, "return 1", "return '😀'")
        best, *_ = await client.actions(uri, "area")
        await take(client, uri, best)
        assert client.texts[uri] == wanted.replace("return 1", "return '😀'")


TESTS = "from shapes import area\n\n\ndef test_area():\n    assert area(2, 3) == 6\n"


def with_tests(path: Path) -> Path:
    (path.parent / "pyproject.toml").write_text("[project]\nname = 'shapes'\n")
    tests = path.parent / "test_shapes.py"
    tests.write_text(TESTS)
    return tests


async def offered(client: LspClient, uri: str, title: str) -> list[Json]:
    """Wait until an action has this title; all that are offered then."""
    while True:
        n_received = len(client.received)
        actions = await client.actions(uri, "area")
        if any(title in action["title"] for action in actions):
            return actions
        await client.until(lambda n=n_received: len(client.received) > n)


@pytest.mark.parametrize("fails", [False, True])
async def test_candidates_are_executed_again_when_their_tests_change(
    stub: Path, fails: bool
):
    tests = with_tests(stub)
    job = FakeJob([JOB_CANDIDATE], verdicts={CODE: ".." if not fails else ".F"})
    async with connected(VSCODE, stub.parent, job, idle_seconds=0.01) as client:
        uri = await searched(client, stub)
        opened = client.open(tests)
        client.replace(opened, "== 6", "== 7")
        await client.until(
            lambda: (
                "older tests" in str(client.messages("textDocument/publishDiag"))
                or bool(job.executed_again)
            )
        )
        await client.until(lambda: job.executed_again == [CODE])
        if fails:
            # It is hidden until it is green.
            await client.message(
                "textDocument/publishDiagnostics",
                lambda params: "passes 1 of 2" in str(params["diagnostics"]),
            )
            assert titles(await client.actions(uri, "area")) == [
                "Generate again with ORPS"
            ]
            job.verdicts[CODE] = ".."
            client.replace(opened, "== 7", "== 8")
        best, *_ = await offered(client, uri, "passes 2 of 2 tests")
        assert "older" not in best["title"]
        await take(client, uri, best)
        assert client.texts[uri] == FILLED


async def test_a_changed_test_is_told_while_another_search_keeps_us_busy(stub: Path):
    tests = with_tests(stub)
    job = FakeJob([JOB_CANDIDATE])
    async with connected(VSCODE, stub.parent, job, idle_seconds=0.01) as client:
        uri = await searched(client, stub)
        job.hold = True
        await client.command("orps.generate", {"uri": uri, "name": "after"})
        opened = client.open(tests)
        client.replace(opened, "== 6", "== 7")
        best, reverify, *_ = await offered(client, uri, "verified against older tests")
        assert reverify["title"] == "Re-verify ORPS candidates"
        assert not best.get("isPreferred")
        assert job.executed_again == []
        client.replace(opened, "== 7", "== 6")
        await offered(client, uri, "passes 3 of 3 tests, 12 ms")
        client.replace(opened, "== 6", "== 7")
        await offered(client, uri, "verified against older tests")
        job.released.set()
        await client.until(lambda: job.executed_again == [CODE])


async def test_a_changed_import_has_them_executed_again(stub: Path):
    with_tests(stub)
    job = FakeJob([JOB_CANDIDATE])
    async with connected(VSCODE, stub.parent, job, idle_seconds=0.01) as client:
        uri = await searched(client, stub)
        client.replace(uri, "return 1", "return 2")
        client.replace(uri, "import os", "import os, re")
        await client.until(lambda: job.executed_again == [CODE])


async def test_a_new_signature_is_verified_on_request(stub: Path):
    job = FakeJob([JOB_CANDIDATE])
    async with connected(VSCODE, stub.parent, job, idle_seconds=0.01) as client:
        uri = await searched(client, stub)
        best, *_ = await client.actions(uri, "area")
        client.replace(uri, "(width, height)", "(width, height: float)")
        stale, reverify, *_ = await client.actions(uri, "area")
        assert "disabled" in stale
        assert reverify["title"] == "Re-verify ORPS candidates"
        assert job.executed_again == []
        await take(client, uri, reverify)
        await client.until(lambda: job.executed_again == [CODE])
        await client.until(lambda: job.n_open == 0)
        await take(client, uri, best)
        assert client.texts[uri] == FILLED.replace("height)", "height: float)", 1)


async def test_ones_own_body_is_not_verified_away(stub: Path):
    job = FakeJob([JOB_CANDIDATE])
    async with connected(VSCODE, stub.parent, job, idle_seconds=0.01) as client:
        uri = await searched(client, stub)
        client.replace(uri, "(width, height)", "(width, height: float)")
        client.replace(uri, "    ...", "    return 0")
        function = {"uri": uri, "name": "area"}
        assert "Re-verify" not in str(titles(await client.actions(uri, "area")))
        with pytest.raises(LspError, match="body of `area` has changed") as error:
            await client.command("orps.reverify", function)
        assert error.value.code == CONTENT_MODIFIED


async def test_stopping_stops_the_verification_too(stub: Path):
    job = FakeJob([JOB_CANDIDATE])
    async with connected(VSCODE, stub.parent, job) as client:
        uri = await searched(client, stub)
        started = anyio.Event()

        async def endless(code: str) -> Candidate:
            started.set()
            await anyio.sleep_forever()
            return JOB_CANDIDATE

        job.verify = endless
        await client.command("orps.reverify", {"uri": uri, "name": "area"})
        await started.wait()
        assert await client.command("orps.cancel") == {"cancelled": 1}
        await client.until(lambda: job.n_open == 0)


async def test_what_was_found_goes_with_a_renamed_file(stub: Path):
    async with connected(VSCODE, stub.parent, FakeJob([JOB_CANDIDATE])) as client:
        uri = await searched(client, stub)
        new = stub.with_name("forms.py")
        client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        files = [{"oldUri": uri, "newUri": new.as_uri()}]
        client.notify("workspace/didRenameFiles", {"files": files})
        moved = client.open(new, STUB)
        best, *_ = await client.actions(moved, "area")
        await take(client, moved, best)
        assert client.texts[moved] == FILLED


async def test_a_closed_file_is_not_edited(stub: Path):
    async with connected(VSCODE, stub.parent, FakeJob([JOB_CANDIDATE])) as client:
        uri = await searched(client, stub)
        client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        with pytest.raises(LspError, match="not open") as error:
            await client.command("orps.apply", {"uri": uri, "name": "area"})
        assert error.value.code == CONTENT_MODIFIED
        again = client.open(stub)
        best, *_ = await client.actions(again, "area")
        await take(client, again, best)
        assert client.texts[again] == FILLED


async def test_a_candidate_of_an_earlier_session_is_stale(stub: Path):
    async with connected(VSCODE, stub.parent, FakeJob()) as client:
        client.open(stub)
        action = {
            "title": "ORPS #1",
            "data": {"v": 1, "op": "apply", "s": "0ld", "c": "c1"},
        }
        with pytest.raises(LspError, match="no such search") as error:
            await client.request("codeAction/resolve", action)
        assert error.value.code == CONTENT_MODIFIED
