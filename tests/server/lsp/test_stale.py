"""What happened to the text meanwhile, and what becomes of the candidates."""

from pathlib import Path

import pytest

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
