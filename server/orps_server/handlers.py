"""One short function for each LSP method: convert in, call, convert out.

Plain functions run on the loop and must not wait. Their first parameter is called `ls`
because pygls looks for that name.
"""

from functools import partial

from lsprotocol import types

from orps_server import commands
from orps_server.code_actions import Offer, code_actions
from orps_server.code_lens import code_lenses
from orps_server.from_proto import (
    apply_data,
    asks_for,
    candidate_ref,
    command_object,
    file_path,
    names_kind,
    place,
)
from orps_server.hover import MARKDOWN, PLAIN, leaderboard
from orps_server.language_server import OrpsLanguageServer
from orps_server.lsp_ext import (
    ACTION_KIND,
    CANDIDATE,
    SEARCHES,
    SECTION,
    CommandName,
)
from orps_server.positions import line_index
from orps_server.progress import search_id
from orps_server.searches import FunctionKey
from orps_server.snapshot import candidate_snapshot, search_snapshot
from orps_server.targets import target_under
from orps_server.to_proto import text_range


def register(server: OrpsLanguageServer) -> None:
    _register_lifecycle(server)
    _register_documents(server)
    _register_features(server)
    _register_commands(server)
    _register_custom(server)


def _register_lifecycle(server: OrpsLanguageServer) -> None:
    server.feature(types.INITIALIZE)(initialize)
    server.feature(types.INITIALIZED)(initialized)
    server.feature(types.SHUTDOWN)(shutdown)
    server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(configuration_changed)
    server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(folders_changed)
    server.feature(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)(progress_cancelled)


def _register_documents(server: OrpsLanguageServer) -> None:
    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(opened)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(changed)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(closed)


def _register_features(server: OrpsLanguageServer) -> None:
    options = types.CodeActionOptions(
        code_action_kinds=[ACTION_KIND], resolve_provider=True
    )
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)(offer_actions)
    server.feature(types.CODE_ACTION_RESOLVE)(resolve_action)
    server.feature(types.TEXT_DOCUMENT_CODE_LENS)(show_lenses)
    server.feature(types.TEXT_DOCUMENT_HOVER)(hover)


def _register_commands(server: OrpsLanguageServer) -> None:
    server.command(CommandName.GENERATE.value)(generate)
    server.command(CommandName.CANCEL.value)(cancel)
    server.command(CommandName.APPLY.value)(apply)
    server.command(CommandName.REPORT.value)(report)
    server.command(CommandName.STATUS.value)(status)


def _register_custom(server: OrpsLanguageServer) -> None:
    server.feature(SEARCHES)(searches)
    server.feature(CANDIDATE)(candidate)


def initialize(ls: OrpsLanguageServer, params: types.InitializeParams) -> None:
    ls.connect(params)


def initialized(ls: OrpsLanguageServer, params: types.InitializedParams) -> None:  # noqa: ARG001
    profile = ls.connection.profile
    if profile.registers_configuration:
        registration = types.Registration(
            id=f"{SECTION}.configuration",
            method=types.WORKSPACE_DID_CHANGE_CONFIGURATION,
            register_options={"section": SECTION},
        )
        ls.client_register_capability(
            types.RegistrationParams(registrations=[registration])
        )
    _pull_configuration(ls)


async def shutdown(ls: OrpsLanguageServer, params: None) -> None:  # noqa: ARG001
    await ls.session.close()


def configuration_changed(
    ls: OrpsLanguageServer, params: types.DidChangeConfigurationParams
) -> None:
    """An editor that can be asked is asked again, whatever it sends."""
    if params.settings and not ls.connection.profile.pulls_configuration:
        ls.configuration.push(params.settings)
    else:
        _pull_configuration(ls)


def folders_changed(
    ls: OrpsLanguageServer,
    params: types.DidChangeWorkspaceFoldersParams,  # noqa: ARG001
) -> None:
    _pull_configuration(ls)


def progress_cancelled(
    ls: OrpsLanguageServer, params: types.WorkDoneProgressCancelParams
) -> None:
    search = ls.session.by_id(search_id(params.token))
    ls.session.cancel([search] if search else [])


def opened(ls: OrpsLanguageServer, params: types.DidOpenTextDocumentParams) -> None:
    _refresh_hints(ls, params.text_document.uri)


def changed(ls: OrpsLanguageServer, params: types.DidChangeTextDocumentParams) -> None:
    _refresh_hints(ls, params.text_document.uri)


def closed(ls: OrpsLanguageServer, params: types.DidCloseTextDocumentParams) -> None:
    ls.connection.announcer.withdraw_hints(params.text_document.uri)


def offer_actions(
    ls: OrpsLanguageServer, params: types.CodeActionParams
) -> list[types.CodeAction]:
    document = ls.files.open_document(params.text_document.uri)
    only = params.context.only
    if document is None or not asks_for(only, ACTION_KIND):
        return []
    profile = ls.connection.profile
    target = target_under(document.text, profile.encoding, place(params.range.start))
    if target is None:
        return []
    offer = Offer(
        document=document,
        target=target,
        search=ls.session.by_key(
            FunctionKey(path=document.path, qualname=target.qualname)
        ),
        named=names_kind(only, ACTION_KIND),
        profile=profile,
        diagnostics=params.context.diagnostics,
    )
    return code_actions(offer)


def resolve_action(
    ls: OrpsLanguageServer, params: types.CodeAction
) -> types.CodeAction:
    """Editors send every chosen action without an edit, so also those of commands."""
    data = apply_data(params.data)
    return commands.resolve(ls, params, data) if data else params


def show_lenses(
    ls: OrpsLanguageServer, params: types.CodeLensParams
) -> list[types.CodeLens]:
    document = ls.files.open_document(params.text_document.uri)
    if document is None or not ls.configuration.now(document.path).code_lens:
        return []
    return code_lenses(
        document,
        ls.connection.profile.encoding,
        lambda target: ls.session.by_key(
            FunctionKey(path=document.path, qualname=target.qualname)
        ),
    )


def hover(ls: OrpsLanguageServer, params: types.HoverParams) -> types.Hover | None:
    """Answers on the name of a function that has a search, and nowhere else."""
    document = ls.files.open_document(params.text_document.uri)
    if document is None or not ls.configuration.now(document.path).hover:
        return None
    profile = ls.connection.profile
    at = place(params.position)
    target = target_under(document.text, profile.encoding, at)
    offset = line_index(document.text, profile.encoding).offset(at)
    if target is None or not target.name_start <= offset <= target.name_end:
        return None
    search = ls.session.by_key(
        FunctionKey(path=document.path, qualname=target.qualname)
    )
    if search is None:
        return None
    kind = types.MarkupKind.Markdown if profile.markdown_hover else None
    style = MARKDOWN if profile.markdown_hover else PLAIN
    return types.Hover(
        contents=types.MarkupContent(
            kind=kind or types.MarkupKind.PlainText, value=leaderboard(search, style)
        ),
        range=text_range(
            document.text,
            profile.encoding,
            start=target.name_start,
            end=target.name_end,
        ),
    )


def generate(ls: OrpsLanguageServer, *arguments: object) -> dict[str, object]:
    return commands.generate(ls, command_object(arguments))


def cancel(ls: OrpsLanguageServer, *arguments: object) -> dict[str, object]:
    return commands.cancel(ls, command_object(arguments))


async def apply(ls: OrpsLanguageServer, *arguments: object) -> dict[str, object]:
    return await commands.apply(ls, command_object(arguments))


def report(ls: OrpsLanguageServer, *arguments: object) -> dict[str, object]:
    return commands.report(ls, command_object(arguments))


def status(ls: OrpsLanguageServer, *arguments: object) -> dict[str, object]:  # noqa: ARG001
    return commands.status(ls)


def searches(ls: OrpsLanguageServer, params: object) -> list[dict[str, object]]:
    value = command_object([params] if params else [])
    uri = value.get("uri")
    path = file_path(uri) if isinstance(uri, str) else None
    found = ls.session.in_file(path) if path else ls.session.searches
    return [search_snapshot(search) for search in found]


def candidate(ls: OrpsLanguageServer, params: object) -> dict[str, object]:
    ref = candidate_ref(command_object([params] if params else []))
    return candidate_snapshot(*commands.find_candidate(ls, ref))


def _refresh_hints(ls: OrpsLanguageServer, uri: str) -> None:
    document = ls.files.open_document(uri)
    if document:
        ls.refresh_hints(document)


def _pull_configuration(ls: OrpsLanguageServer) -> None:
    if ls.connection.profile.pulls_configuration:
        folders = [folder.uri for folder in ls.workspace.folders.values()]
        ls.tasks.start_soon(partial(ls.configuration.pull, folders))
    else:
        ls.configuration.settle()
