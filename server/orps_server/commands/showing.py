"""Candidates, reports and prompts, shown without touching the file."""

from pathlib import Path

from orps_server.commands.lookup import known_candidate, known_search
from orps_server.engine import GenerateRequest
from orps_server.errors import RequestFault
from orps_server.from_proto import JsonObject, candidate_ref, function_ref, search_ref
from orps_server.language_server import OrpsLanguageServer
from orps_server.lsp_ext import CandidateRef, FunctionRef, SearchRef
from orps_server.preview import Preview, preview_text, written_prompt
from orps_server.report import search_report
from orps_server.targets import named_target
from orps_server.virtual_documents import (
    candidate_document,
    candidate_text,
    read_uri,
    report_document,
    report_text,
)
from orps_server.workspace import project_root


def preview(server: OrpsLanguageServer, value: JsonObject) -> dict[str, object]:
    """Show the file as it would be with a candidate."""
    ref = candidate_ref(value)
    search, candidate = known_candidate(server, ref)
    document = candidate_document(search, candidate)
    return {
        "uri": server.connection.shown.show(document, text_of(server, document.uri))
    }


def report(server: OrpsLanguageServer, value: JsonObject) -> dict[str, object]:
    """Show a search as a document, where the editor can, and return it anyway."""
    search = known_search(server, search_ref(value))
    document = report_document(search)
    uri = None
    if server.connection.profile.show_document:
        uri = server.connection.shown.show(document, report_text(search))
    return {"uri": uri, "markdown": search_report(search)}


async def show_prompt(
    server: OrpsLanguageServer, value: JsonObject
) -> dict[str, object]:
    """Show exactly what would be sent; sends nothing."""
    function = function_ref(value)
    found, root = await _prompt(server, function)
    document = server.prompts.add(
        preview_text(found), title=function.name or function.path.stem
    )
    uri = server.connection.shown.show(document, preview_text(found))
    told = _prompt_json(found, root)
    return {"uri": uri} | {key: told[key] for key in ("tokens", "endpoint", "files")}


async def prompt(server: OrpsLanguageServer, value: JsonObject) -> dict[str, object]:
    """The same as data."""
    return _prompt_json(*await _prompt(server, function_ref(value)))


def text_of(server: OrpsLanguageServer, uri: str) -> str:
    """The contents of a document of ours; raises `RequestFault` when it is gone."""
    document = read_uri(uri)
    text = None
    if document and document.kind == "prompt":
        text = server.prompts.text(document)
    elif document and document.kind == "report":
        text = report_text(known_search(server, SearchRef(search=document.names[0])))
    elif document:
        search_id, candidate_id = document.names
        search, candidate = known_candidate(
            server, CandidateRef.of(search_id, candidate_id)
        )
        opened = server.files.open_document(search.uri)
        text = candidate_text(search, candidate, opened.text if opened else None)
    if text is None:
        raise RequestFault(f"There is no document {uri}.", kind="stale")
    return text


async def _prompt(
    server: OrpsLanguageServer, function: FunctionRef
) -> tuple[Preview, Path]:
    """The prompt of a first draft, and the root that its paths are relative to."""
    document = server.files.read(function.uri, function.path)
    target = named_target(document.text, server.connection.profile.encoding, function)
    request = GenerateRequest(
        file=document.path, qualname=target.qualname, buffers=server.files.buffers()
    )
    settings = await server.configuration.of(document.path, None)
    found = await written_prompt(request, settings, server.keys.environment)
    return found, project_root(document.path)


def _prompt_json(found: Preview, root: Path) -> dict[str, object]:
    """`PromptPreview` of docs/lsp-extensions.md."""
    endpoint = found.endpoint
    return {
        "messages": [
            {"role": message.role, "content": message.content}
            for message in found.messages
        ],
        "model": (endpoint.model or None) if endpoint else None,
        "endpoint": endpoint.base_url if endpoint else None,
        "files": [
            {"uri": (root / file.path).as_uri(), "bytes": file.n_bytes}
            for file in found.files
        ],
        "redactions": found.n_redactions,
        "tokens": found.n_tokens,
    }
