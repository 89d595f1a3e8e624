"""What the commands do. Each returns at once; nothing waits for a model or a test."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import anyio
from lsprotocol import types

from orps_search.candidate import Candidate
from orps_server import __version__
from orps_server.engine import GenerateRequest
from orps_server.errors import RequestFault
from orps_server.from_proto import (
    JsonObject,
    candidate_ref,
    generate_arguments,
    search_ref,
)
from orps_server.language_server import OrpsLanguageServer
from orps_server.lsp_ext import (
    PROTOCOL_VERSION,
    ApplyData,
    CandidateRef,
    FunctionRef,
    GenerateArguments,
    SearchRef,
)
from orps_server.open_files import Document
from orps_server.protocol import NoAnswer
from orps_server.report import search_report, write_report
from orps_server.searches import FunctionKey, Search
from orps_server.session import Order
from orps_server.settings import Settings
from orps_server.staleness import Stale, replacement
from orps_server.targets import named_target
from orps_server.to_proto import workspace_edit

APPLY_SECONDS = 0.8
"""How long `orps.apply` waits for the editor's answer before it returns without."""
MAX_APPLY_ATTEMPTS = 2


def generate(server: OrpsLanguageServer, value: JsonObject) -> dict[str, object]:
    """Start a search, or join the same one that is running."""
    arguments = generate_arguments(value)
    function = arguments.function
    document = server.files.read(function.uri, function.path)
    encoding = server.connection.profile.encoding
    target = named_target(document.text, encoding, function)
    request = GenerateRequest(
        file=document.path,
        qualname=target.qualname,
        tests=arguments.tests,
        buffers=server.files.buffers(),
    )

    async def settings() -> Settings:
        return await server.configuration.of(document.path, arguments.overrides)

    order = Order(
        uri=document.uri,
        request=request,
        origin=target,
        settings=settings,
        fingerprint=_fingerprint(arguments, request),
    )
    search = server.session.start(order)
    return {"searchId": search.id, "state": search.progress.state.value}


def cancel(server: OrpsLanguageServer, value: JsonObject) -> dict[str, object]:
    """Stop one search, that of one function, or all."""
    ref = search_ref(value)
    session = server.session
    if ref.search is None and ref.function is None:
        return {"cancelled": session.cancel(session.searches)}
    search = _find_search(server, ref)
    return {"cancelled": session.cancel([search] if search else [])}


async def apply(server: OrpsLanguageServer, value: JsonObject) -> dict[str, object]:
    """Have the editor put a candidate in place; `applied` is its answer, if it came."""
    if server.connection.profile.refuses_edits:
        raise RequestFault(
            "This editor does not accept edits from a server.",
            kind="badRequest",
            hint="Choose the candidate among the code actions instead.",
        )
    search, candidate = find_candidate(server, candidate_ref(value))
    with anyio.move_on_after(APPLY_SECONDS):
        return await _apply(server, search, candidate)
    return {"applied": None, "reason": "The editor has not answered yet."}


def report(server: OrpsLanguageServer, value: JsonObject) -> dict[str, object]:
    """Show a search as a document, where the editor can, and return it anyway."""
    ref = search_ref(value)
    if ref.search is None and ref.function is None:
        raise RequestFault("Say which search to report on.", kind="badRequest")
    search = _find_search(server, ref)
    if search is None:
        raise _no_search()
    uri = None
    if server.connection.profile.show_document:
        uri = write_report(search).as_uri()
        server.protocol.send_request(
            types.WINDOW_SHOW_DOCUMENT, types.ShowDocumentParams(uri=uri)
        )
    return {"uri": uri, "markdown": search_report(search)}


def status(server: OrpsLanguageServer) -> dict[str, object]:
    searches = server.session.searches
    return {
        "health": "ok",
        "version": __version__,
        "protocol": PROTOCOL_VERSION,
        "searches": {
            "known": len(searches),
            "running": sum(search.is_running for search in searches),
        },
    }


def resolve(
    server: OrpsLanguageServer, action: types.CodeAction, data: ApplyData
) -> types.CodeAction:
    """Fill in the edit for the present text; asked twice, it answers the same."""
    ref = CandidateRef(search=SearchRef(search=data.search), candidate=data.candidate)
    search, candidate = find_candidate(server, ref)
    document = server.files.read(search.uri, search.key.path)
    action.edit = candidate_edit(server, search, candidate, document)
    return action


def candidate_edit(
    server: OrpsLanguageServer,
    search: Search,
    candidate: Candidate,
    document: Document,
) -> types.WorkspaceEdit:
    """Raises `RequestFault` of kind `stale` when somebody changed the target."""
    placed = replacement(search, candidate, document.text)
    if isinstance(placed, Stale):
        raise RequestFault(
            f"The candidate was not applied: {placed.reason}.",
            kind="stale",
            hint="Generate again for the present text.",
        )
    search.accept(placed.source)
    return workspace_edit(
        placed.edits,
        uri=document.uri,
        text=document.text,
        version=document.version,
        profile=server.connection.profile,
    )


def find_candidate(
    server: OrpsLanguageServer, ref: CandidateRef
) -> tuple[Search, Candidate]:
    search = _find_search(server, ref.search)
    if search is None:
        raise _no_search()
    found = search.candidate(ref.candidate) if ref.candidate else search.best
    if found is None:
        raise RequestFault("The search has no such candidate.", kind="badRequest")
    return search, found


async def _apply(
    server: OrpsLanguageServer, search: Search, candidate: Candidate
) -> dict[str, object]:
    reason: str | None = None
    # An editor refuses an edit when somebody typed in between; the second edit is
    # made for what was typed.
    for _ in range(MAX_APPLY_ATTEMPTS):
        document = server.files.read(search.uri, search.key.path)
        edit = candidate_edit(server, search, candidate, document)
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


def _find_search(server: OrpsLanguageServer, ref: SearchRef) -> Search | None:
    if ref.search is not None:
        return server.session.by_id(ref.search)
    assert ref.function is not None
    return server.session.by_key(_key(server, ref.function))


def _no_search() -> RequestFault:
    return RequestFault(
        "There is no such search any more.", kind="stale", hint="Generate again."
    )


def _key(server: OrpsLanguageServer, function: FunctionRef) -> FunctionKey:
    if function.name is not None:
        return FunctionKey(path=function.path, qualname=function.name)
    if function.place is None:
        raise RequestFault(
            "Say which function: give `position` or `name`.", kind="badRequest"
        )
    text = server.files.read(function.uri, function.path).text
    target = named_target(text, server.connection.profile.encoding, function)
    return FunctionKey(path=function.path, qualname=target.qualname)


def _fingerprint(arguments: GenerateArguments, request: GenerateRequest) -> str:
    """Of all that a search depends on and that the editor can change meanwhile."""
    parts = [
        str(request.file),
        request.qualname,
        json.dumps(request.tests),
        json.dumps(arguments.overrides, sort_keys=True, default=str),
        *_texts(request.buffers),
    ]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return digest.hexdigest()


def _texts(buffers: Mapping[Path, str]) -> list[str]:
    return [part for path in sorted(buffers) for part in (str(path), buffers[path])]
