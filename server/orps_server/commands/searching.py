"""Searches begin, stop and are forgotten."""

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from orps_server.commands.lookup import find_search, known_search
from orps_server.engine import GenerateRequest
from orps_server.errors import RequestFault
from orps_server.from_proto import (
    JsonObject,
    candidate_ref,
    generate_arguments,
    search_ref,
)
from orps_server.language_server import OrpsLanguageServer
from orps_server.lsp_ext import FunctionRef, GenerateArguments
from orps_server.open_files import Document
from orps_server.preview import written_prompt
from orps_server.session import Order
from orps_server.settings import Settings
from orps_server.targets import named_target
from orps_server.workspace import folder_root, project_root


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

    order = order_of(
        server,
        document,
        request,
        overrides=arguments.overrides,
        fingerprint=_fingerprint(arguments, request),
    )
    search = server.session.start(order)
    return {"searchId": search.id, "state": search.progress.state.value}


def order_of(
    server: OrpsLanguageServer,
    document: Document,
    request: GenerateRequest,
    *,
    overrides: object,
    fingerprint: str,
) -> Order:
    """A search of a function of a document; raises `RequestFault` if it has none."""
    named = FunctionRef(uri=document.uri, path=document.path, name=request.qualname)
    encoding = server.connection.profile.encoding

    async def settings() -> Settings:
        return await server.configuration.of(document.path, overrides)

    async def admit(settings: Settings, waiting: Callable[[], None]) -> None:
        root = project_root(document.path)
        written = partial(written_prompt, request, settings, server.keys.environment)
        await server.connection.gate.admit(root, settings, written, waiting)

    return Order(
        uri=document.uri,
        request=request,
        origin=named_target(document.text, encoding, named),
        settings=settings,
        fingerprint=fingerprint,
        root=folder_root(document.path.parent),
        admit=admit,
    )


def cancel(server: OrpsLanguageServer, value: JsonObject) -> dict[str, object]:
    """Stop one search, that of one function, or all."""
    ref = search_ref(value)
    session = server.session
    if ref.search is None and ref.function is None:
        return {"cancelled": session.cancel(session.searches)}
    search = find_search(server, ref)
    return {"cancelled": session.cancel([search] if search else [])}


def reverify(server: OrpsLanguageServer, value: JsonObject) -> dict[str, object]:
    """Execute stored candidates again, on the present text and tests; no model."""
    ref = candidate_ref(value)
    search = known_search(server, ref.search)
    if search.is_running:
        raise RequestFault(
            "The search is still running; what it finds is up to date.",
            kind="badRequest",
        )
    server.connection.renewal.on_request(search, ref.candidate)
    return {"state": "running"}


def dismiss(server: OrpsLanguageServer, value: JsonObject) -> dict[str, object]:
    """Forget one candidate, or a whole search, which is stopped first."""
    ref = candidate_ref(value)
    search = find_search(server, ref.search)
    if search is None:
        return {}
    if ref.candidate is None:
        server.session.forget(search)
    else:
        search.dismiss(ref.candidate)
    server.tell(search)
    return {}


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
