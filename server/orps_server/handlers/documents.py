"""What is open, and what is typed."""

from lsprotocol import types

from orps_server.from_proto import file_path
from orps_server.language_server import OrpsLanguageServer

_PYTHON_FILES = types.FileOperationFilter(
    scheme="file", pattern=types.FileOperationPattern(glob="**/*.py")
)


def register(server: OrpsLanguageServer) -> None:
    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(opened)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(changed)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE, types.SaveOptions(include_text=False))(
        saved
    )
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(closed)
    server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(files_changed)
    server.feature(
        types.WORKSPACE_DID_RENAME_FILES,
        types.FileOperationRegistrationOptions(filters=[_PYTHON_FILES]),
    )(renamed)


def opened(ls: OrpsLanguageServer, params: types.DidOpenTextDocumentParams) -> None:
    ls.text_opened(params.text_document.uri)


def changed(ls: OrpsLanguageServer, params: types.DidChangeTextDocumentParams) -> None:
    ls.text_changed(params.text_document.uri)


def saved(ls: OrpsLanguageServer, params: types.DidSaveTextDocumentParams) -> None:
    ls.configuration.look_again()
    ls.text_changed(params.text_document.uri)


def closed(ls: OrpsLanguageServer, params: types.DidCloseTextDocumentParams) -> None:
    ls.text_closed(params.text_document.uri)


def files_changed(
    ls: OrpsLanguageServer,
    params: types.DidChangeWatchedFilesParams,  # noqa: ARG001
) -> None:
    ls.disk_changed()


def renamed(ls: OrpsLanguageServer, params: types.RenameFilesParams) -> None:
    for file in params.files:
        old, new = file_path(file.old_uri), file_path(file.new_uri)
        if old and new:
            ls.session.renamed(old, new, file.new_uri)
