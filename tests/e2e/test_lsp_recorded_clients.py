"""The main job with capabilities that pytest-lsp recorded from real editors."""

import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, Union

import anyio
import pytest
import pytest_lsp
from cattrs import Converter
from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities
from pytest_lsp.client import register_lsp_features

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

STUB = "def largest(numbers: list[int]) -> int:\n    ...\n"
TESTS = (
    "from shop import largest\n\n\n"
    "def test_order():\n    assert largest([1, 3, 2]) == 3\n\n\n"
    "def test_negative():\n    assert largest([-5, -2]) == -2\n"
)
PATIENCE_SECONDS = 60


class RecordedClient(LanguageClient):
    """pytest-lsp's client, with what it lacks for this server."""

    def __init__(self) -> None:
        super().__init__(converter_factory=_converter)  # pyright: ignore[reportUnknownMemberType]
        self.applied: list[types.WorkspaceEdit] = []
        register_lsp_features(self)
        self.feature(types.WORKSPACE_APPLY_EDIT)(_apply)
        self.feature(types.WORKSPACE_CODE_LENS_REFRESH)(_agree)
        self.feature(types.CLIENT_REGISTER_CAPABILITY)(_agree)
        self.feature(types.WINDOW_SHOW_MESSAGE_REQUEST)(_trust)


def _apply(
    ls: RecordedClient, params: types.ApplyWorkspaceEditParams
) -> types.ApplyWorkspaceEditResult:
    ls.applied.append(params.edit)
    return types.ApplyWorkspaceEditResult(applied=True)


def _agree(ls: RecordedClient, params: object) -> None:
    pass


def _trust(
    ls: RecordedClient, params: types.ShowMessageRequestParams
) -> types.MessageActionItem:
    (once,) = (each for each in params.actions or () if each.title == "Allow once")
    return once


def _converter() -> Converter:
    """lsprotocol takes any code action that carries a command for a command."""
    converter, plain = default_converter(), default_converter()

    def structure(value: Any, _: object) -> object:
        is_command = isinstance(value.get("command"), str)
        return plain.structure(value, types.Command if is_command else types.CodeAction)

    for union in (
        types.Command | types.CodeAction,
        Union[types.Command, types.CodeAction],  # noqa: UP007 - another type to cattrs
    ):
        converter.register_structure_hook(union, structure)
    return converter


@pytest_lsp.fixture(  # pyright: ignore[reportUnknownMemberType]
    config=ClientServerConfig(
        server_command=[sys.executable, "-P", "-m", "orps_server", "--stdio"],
        client_factory=RecordedClient,
    ),
    params=["visual-studio-code@1.65.2", "neovim@0.11.0", "emacs@29.1"],
)
async def client(
    lsp_client: RecordedClient, request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncGenerator[None]:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'shop'\n")
    (tmp_path / "shop.py").write_text(STUB)
    (tmp_path / "test_shop.py").write_text(TESTS)
    await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=client_capabilities(request.param),
            root_uri=tmp_path.as_uri(),
            workspace_folders=[
                types.WorkspaceFolder(uri=tmp_path.as_uri(), name="shop")
            ],
        )
    )
    yield
    await lsp_client.shutdown_session()


async def test_generate_wait_apply(client: RecordedClient, tmp_path: Path):
    uri = (tmp_path / "shop.py").as_uri()
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(
            types.TextDocumentItem(uri=uri, language_id="python", version=1, text=STUB)
        )
    )
    (generate,) = await actions(client, uri)
    assert generate.title == "Generate with ORPS"
    await run(client, generate)
    with anyio.fail_after(PATIENCE_SECONDS):
        while "candidate" not in [
            hint.code for hint in client.diagnostics.get(uri, ())
        ]:
            await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)

    best, *_ = await actions(client, uri)
    assert best.title.startswith("ORPS #1 - passes 2 of 2 tests")
    if best.command is None:
        best = await client.code_action_resolve_async(best)
        assert best.edit
        edit = best.edit
    else:
        await run(client, best)
        (edit,) = client.applied
    scope: dict[str, Any] = {}
    exec(applied(edit, uri), scope)
    assert scope["largest"]([1, 3, 2]) == 3


async def actions(client: RecordedClient, uri: str) -> list[types.CodeAction]:
    at = types.Position(line=0, character=5)
    found = await client.text_document_code_action_async(
        types.CodeActionParams(
            text_document=types.TextDocumentIdentifier(uri=uri),
            range=types.Range(start=at, end=at),
            context=types.CodeActionContext(diagnostics=[]),
        )
    )
    return [action for action in found or () if isinstance(action, types.CodeAction)]


async def run(client: RecordedClient, action: types.CodeAction) -> None:
    assert action.command
    await client.workspace_execute_command_async(
        types.ExecuteCommandParams(
            command=action.command.command, arguments=action.command.arguments
        )
    )


def applied(edit: types.WorkspaceEdit, uri: str) -> str:
    """The stub after an edit of its one line; it is ASCII, so units are characters."""
    if edit.changes:
        (change,) = edit.changes[uri]
    else:
        assert edit.document_changes
        (document,) = edit.document_changes
        assert isinstance(document, types.TextDocumentEdit)
        (change,) = document.edits
    assert isinstance(change, types.TextEdit)
    lines = STUB.splitlines(keepends=True)
    start, end = (
        sum(len(line) for line in lines[: at.line]) + at.character
        for at in (change.range.start, change.range.end)
    )
    return STUB[:start] + change.new_text + STUB[end:]
