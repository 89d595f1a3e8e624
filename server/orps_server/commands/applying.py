"""A candidate takes its place in the text: by an edit that the editor makes."""

from typing import cast

import anyio
from lsprotocol import types

from orps_sandbox.outcome import Judge
from orps_search.candidate import Candidate
from orps_server.commands.lookup import known_candidate
from orps_server.errors import RequestFault
from orps_server.from_proto import JsonObject, candidate_ref
from orps_server.language_server import OrpsLanguageServer
from orps_server.lsp_ext import ApplyData, CandidateRef, SearchRef
from orps_server.open_files import Document
from orps_server.protocol import NoAnswer
from orps_server.searches import Search
from orps_server.staleness import Stale, over_own_body, replacement
from orps_server.to_proto import workspace_edit

APPLY_SECONDS = 0.8
"""How long `orps.apply` waits for the editor's answer before it returns without."""
MAX_APPLY_ATTEMPTS = 2
CONFIRMATION = "Replace the body that was written meanwhile"
DOUBT = "Apply what ran in one process with its tests (judge: in-process)"


async def apply(server: OrpsLanguageServer, value: JsonObject) -> dict[str, object]:
    """Have the editor put a candidate in place; `applied` is its answer, if it came."""
    if server.connection.profile.refuses_edits:
        raise RequestFault(
            "This editor does not accept edits from a server.",
            kind="badRequest",
            hint="Choose the candidate among the code actions instead.",
        )
    search, candidate = known_candidate(server, candidate_ref(value))
    with anyio.move_on_after(APPLY_SECONDS):
        return await _apply(server, search, candidate)
    return {"applied": None, "reason": "The editor has not answered yet."}


def resolve(
    server: OrpsLanguageServer, action: types.CodeAction, data: ApplyData
) -> types.CodeAction:
    """Fill in the edit for the present text; asked twice, it answers the same."""
    ref = CandidateRef(search=SearchRef(search=data.search), candidate=data.candidate)
    search, candidate = known_candidate(server, ref)
    action.edit = candidate_edit(
        server, search, candidate, _present(server, search), confirmed=data.confirmed
    )
    return action


def candidate_edit(
    server: OrpsLanguageServer,
    search: Search,
    candidate: Candidate,
    document: Document,
    *,
    confirmed: bool = False,
) -> types.WorkspaceEdit:
    """Raises `RequestFault` of kind `stale` when somebody changed the target.

    A `confirmed` edit may replace a body that somebody wrote; the editor asks first.
    """
    place = over_own_body if confirmed else replacement
    placed = place(search, candidate, document.text)
    if isinstance(placed, Stale):
        raise RequestFault(
            f"The candidate was not applied: {placed.reason}.",
            kind="stale",
            hint="Generate again for the present text.",
        )
    search.accept(placed.source)
    confirmation = None
    if candidate.outcome.n_passed and candidate.outcome.judge is not Judge.SPLIT:
        confirmation = DOUBT
    elif confirmed or server.configuration.now(document.path).confirm_edits:
        confirmation = CONFIRMATION
    return workspace_edit(
        placed.edits,
        uri=document.uri,
        text=document.text,
        version=document.version,
        profile=server.connection.profile,
        confirmation=confirmation,
    )


def _present(server: OrpsLanguageServer, search: Search) -> Document:
    """What the editor has open: an edit of a closed file could not be undone."""
    document = server.files.open_document(search.uri)
    if document is None:
        raise RequestFault(
            f"{search.key.path.name} is not open.",
            kind="stale",
            hint="Open the file, then apply the candidate.",
        )
    return document


async def _apply(
    server: OrpsLanguageServer, search: Search, candidate: Candidate
) -> dict[str, object]:
    reason: str | None = None
    # An editor refuses an edit when somebody typed in between; the second edit is
    # made for what was typed.
    for _ in range(MAX_APPLY_ATTEMPTS):
        edit = candidate_edit(server, search, candidate, _present(server, search))
        params = types.ApplyWorkspaceEditParams(edit=edit, label="Apply ORPS candidate")
        try:
            said = await server.protocol.ask(types.WORKSPACE_APPLY_EDIT, params)
        except NoAnswer as error:
            return {"applied": False, "reason": str(error)}
        answer = cast("types.ApplyWorkspaceEditResult", said)
        if answer.applied:
            return {"applied": True, "reason": None}
        reason = answer.failure_reason or "The editor refused the edit."
    return {"applied": False, "reason": reason}
