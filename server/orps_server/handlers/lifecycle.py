"""Begin, settings, end; and the way to stop a search from its progress display."""

from functools import partial

from lsprotocol import types

from orps_server.language_server import OrpsLanguageServer
from orps_server.lsp_ext import SECTION
from orps_server.progress import search_id

WATCHED = (
    "**/*.py",
    "**/pyproject.toml",
    "**/pytest.ini",
    "**/tox.ini",
    "**/setup.cfg",
)
"""What decides about tests and settings, changed by others than the editor."""


def register(server: OrpsLanguageServer) -> None:
    server.feature(types.INITIALIZE)(initialize)
    server.feature(types.INITIALIZED)(initialized)
    server.feature(types.SHUTDOWN)(shutdown)
    server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(configuration_changed)
    server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(folders_changed)
    server.feature(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)(progress_cancelled)
    server.feature(types.SET_TRACE)(trace_set)


def initialize(ls: OrpsLanguageServer, params: types.InitializeParams) -> None:
    ls.connect(params)


def initialized(ls: OrpsLanguageServer, params: types.InitializedParams) -> None:  # noqa: ARG001
    registrations = _registrations(ls)
    if registrations:
        ls.client_register_capability(
            types.RegistrationParams(registrations=registrations)
        )
    _pull_configuration(ls)
    ls.tell_status()


def _registrations(ls: OrpsLanguageServer) -> list[types.Registration]:
    profile = ls.connection.profile
    wanted: list[types.Registration] = []
    if profile.registers_configuration:
        wanted.append(
            types.Registration(
                id=f"{SECTION}.configuration",
                method=types.WORKSPACE_DID_CHANGE_CONFIGURATION,
                register_options={"section": SECTION},
            )
        )
    if profile.watches_files:
        watchers = [types.FileSystemWatcher(glob_pattern=glob) for glob in WATCHED]
        wanted.append(
            types.Registration(
                id=f"{SECTION}.files",
                method=types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                register_options=types.DidChangeWatchedFilesRegistrationOptions(
                    watchers=watchers
                ),
            )
        )
    return wanted


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


def trace_set(ls: OrpsLanguageServer, params: types.SetTraceParams) -> None:
    """Pygls keeps the value, and the announcer's traces follow it."""


def progress_cancelled(
    ls: OrpsLanguageServer, params: types.WorkDoneProgressCancelParams
) -> None:
    search = ls.session.by_id(search_id(params.token))
    ls.session.cancel([search] if search else [])


def _pull_configuration(ls: OrpsLanguageServer) -> None:
    if ls.connection.profile.pulls_configuration:
        folders = [folder.uri for folder in ls.workspace.folders.values()]
        ls.tasks.start_soon(partial(ls.configuration.pull, folders))
    else:
        ls.configuration.settle()
