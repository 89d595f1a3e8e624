"""The editor is greeted at once, and nothing that it says is lost."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orps_server.doorman import Door, Kept, framed, has_something_to_say
from orps_server.greeting import initialize_result
from orps_server.store import peek
from support.lsp_captured import capabilities, client_files
from support.lsp_inprocess import connected
from support.lsp_jobs import FakeJob
from support.lsp_profiles import ALE, VSCODE

Json = dict[str, Any]
INITIALIZE: Json = {"id": 1, "method": "initialize", "params": {"capabilities": ALE}}
INITIALIZED: Json = {"method": "initialized", "params": {}}
OPENED: Json = {
    "method": "textDocument/didOpen",
    "params": {"textDocument": {"uri": "file:///m.py", "text": "ß😀"}},
}
HOVER: Json = {"id": 2, "method": "textDocument/hover", "params": {}}


def attend(chunks: Iterable[bytes], *due: str) -> tuple[Kept, list[Json]]:
    """What is kept of the input, and what the editor is told."""
    left = iter(chunks)
    told: list[Json] = []

    def is_due(method: str, params: Mapping[str, Any]) -> bool:
        return method in due

    door = Door(
        lambda: next(left, b""),
        lambda data: told.append(json.loads(data.partition(b"\r\n\r\n")[2])),
        is_due=is_due,
    )
    return door.attend(), told


def test_the_greeting_comes_first_and_the_rest_is_for_the_server():
    sent = [framed(m) for m in (INITIALIZE, INITIALIZED, OPENED, HOVER)]
    kept, told = attend(sent)
    assert told == [{"jsonrpc": "2.0", "id": 1, "result": initialize_result(ALE)}]
    assert kept == Kept(data=b"".join(sent), greeted=1)


@given(st.integers(1, 50))
def test_messages_come_in_pieces_of_any_size(size: int):
    sent = b"".join(framed(m) for m in (INITIALIZE, INITIALIZED, OPENED, HOVER))
    pieces = [sent[at : at + size] for at in range(0, len(sent), size)]
    kept, told = attend(pieces)
    assert len(told) == 1
    assert kept.greeted == 1
    assert sent.startswith(kept.data)
    assert b"hover" in kept.data


@pytest.mark.parametrize(
    "first",
    [
        framed(HOVER),
        framed({**INITIALIZE, "id": True}),
        framed({**INITIALIZE, "params": None}),
        framed({**INITIALIZE, "params": {"capabilities": 3}}),
        b"Content-Length: 3\r\n\r\n{x}",
        b"Content-Length: 2\r\n\r\n[]",
        b"Content-Type: none\r\n\r\n{}",
    ],
)
def test_what_is_no_greeting_is_left_to_the_server(first: bytes):
    kept, told = attend([first])
    assert told == []
    assert kept == Kept(data=first)


def test_an_editor_that_leaves_needs_no_server():
    sent = [framed(INITIALIZE), framed(INITIALIZED)]
    assert attend(sent)[0].exit_status == 0
    assert attend([])[0].exit_status == 0
    assert attend([*sent, framed({"method": "exit"})])[0].exit_status == 1


def test_the_server_is_loaded_where_there_is_something_to_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    kept, _ = attend([framed(INITIALIZE), framed(OPENED)], "textDocument/didOpen")
    assert b"didOpen" in kept.data
    assert has_something_to_say({"capabilities": VSCODE})
    assert has_something_to_say(
        {"capabilities": ALE, "initializationOptions": {"x": 1}}
    )
    assert not has_something_to_say({"capabilities": ALE})
    store = tmp_path / "searches.sqlite3"
    assert not peek.holds_any(Path("/m.py"), store)
    store.write_text("no database")
    assert peek.holds_any(Path("/m.py"), store)


@pytest.mark.parametrize("file", client_files(), ids=lambda file: file.stem)
async def test_the_server_itself_says_the_same(file: Path, tmp_path: Path):
    mine = capabilities(file)
    async with connected(mine, tmp_path, FakeJob()) as client:
        assert client.greeting == json.loads(json.dumps(initialize_result(mine)))
