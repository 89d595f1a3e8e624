"""From our types to lsprotocol types and JSON; the only way out to the editor."""

import logging
from collections.abc import Sequence

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from orps_search.source.splice import Edit
from orps_server.errors import RequestFault
from orps_server.positions import Encoding, line_index
from orps_server.profile import Profile

logger = logging.getLogger(__name__)

_ANNOTATION = "orps"

_CODES = {
    "badRequest": types.ErrorCodes.InvalidParams,
    "stale": types.LSPErrorCodes.ContentModified,
}


def text_range(text: str, encoding: Encoding, *, start: int, end: int) -> types.Range:
    index = line_index(text, encoding)
    first, last = index.place(start), index.place(end)
    return types.Range(
        start=types.Position(line=first.line, character=first.character),
        end=types.Position(line=last.line, character=last.character),
    )


def workspace_edit(
    edits: Sequence[Edit],
    *,
    uri: str,
    text: str,
    version: int | None,
    profile: Profile,
    confirmation: str | None = None,
) -> types.WorkspaceEdit:
    """One edit of one document, which the editor can undo in one step.

    With a `confirmation` an editor that can shows the edit and asks before making it.
    """
    ranges = [
        text_range(text, profile.encoding, start=edit.start, end=edit.end)
        for edit in edits
    ]
    plain = [
        types.TextEdit(range=span, new_text=edit.text)
        for span, edit in zip(ranges, edits, strict=True)
    ]
    if not profile.versioned_edits:
        return types.WorkspaceEdit(changes={uri: plain})
    document = types.OptionalVersionedTextDocumentIdentifier(uri=uri, version=version)
    if confirmation is None or not profile.confirms_edits:
        return types.WorkspaceEdit(
            document_changes=[
                types.TextDocumentEdit(text_document=document, edits=plain)
            ]
        )
    annotated = [
        types.AnnotatedTextEdit(
            range=span, new_text=edit.text, annotation_id=_ANNOTATION
        )
        for span, edit in zip(ranges, edits, strict=True)
    ]
    annotation = types.ChangeAnnotation(label=confirmation, needs_confirmation=True)
    return types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(text_document=document, edits=annotated)
        ],
        change_annotations={_ANNOTATION: annotation},
    )


def fault_data(fault: RequestFault) -> dict[str, object]:
    """`OrpsError` of docs/lsp-extensions.md."""
    return {
        "kind": fault.kind,
        "message": str(fault),
        "hint": fault.hint or None,
        "command": None,
        "retryable": fault.kind in ("stale", "rateLimited"),
    }


def fault_text(fault: RequestFault) -> str:
    """What a person reads: the message, then what to do."""
    if not fault.hint:
        return f"ORPS: {fault}"
    return f"ORPS: {str(fault).rstrip('.')}. {fault.hint}"


def response_error(error: BaseException) -> types.ResponseError:
    """Say what went wrong with a request; our own bugs are logged, not shown."""
    if isinstance(error, JsonRpcException):
        return types.ResponseError(code=error.code, message=error.message)
    if isinstance(error, RequestFault):
        code = _CODES.get(error.kind, types.LSPErrorCodes.RequestFailed)
        return types.ResponseError(
            code=code, message=fault_text(error), data=fault_data(error)
        )
    logger.error("a request failed", exc_info=error)
    message = f"ORPS: internal error ({type(error).__name__}); see the server's log."
    return types.ResponseError(
        code=types.ErrorCodes.InternalError,
        message=message,
        data=fault_data(RequestFault(message, kind="internal")),
    )
