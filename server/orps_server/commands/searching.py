"""Searches begin, stop and are forgotten."""

import hashlib
import json
from collections.abc import Callable, Generator, Mapping
from functools import partial
from pathlib import Path

import anyio

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
from orps_server.searches import Search
from orps_server.session import Order
from orps_server.settings import Settings, settings_from_json
from orps_server.targets import named_target
from orps_server.workspace import folder_root, project_root

PLACE_SECONDS = 0.3
"""How long an answer waits to say whether the search waits or runs: the editor may have
to be asked for its settings first."""


def generate(
    server: OrpsLanguageServer, value: JsonObject
) -> Generator[object, dict[str, object], dict[str, object]]:
    """Start a search, or join the same one that is running.

    A generator, so that it has begun before the next message is read.
    """
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
    return (yield started, (search,), {})


async def started(search: Search) -> dict[str, object]:
    """What is answered when a search has begun, or waits to."""
    with anyio.move_on_after(PLACE_SECONDS):
        await search.placed()
    return {"searchId": search.id, "state": search.progress.state.value}


def order_of(
    server: OrpsLanguageServer,
    document: Document,
    request: GenerateRequest,
    *,
    overrides: object,
    budget: object = None,
    fingerprint: str,
) -> Order:
    """A search of a function of a document; raises `RequestFault` if it has none.

    `budget`, in the shape of `orps.budget`, goes before all other settings.
    """
    named = FunctionRef(uri=document.uri, path=document.path, name=request.qualname)
    encoding = server.connection.profile.encoding

    async def settings() -> Settings:
        found = await server.configuration.of(document.path, overrides)
        return settings_from_json({"budget": budget}, base=found)[0]

    async def admit(settings: Settings, waiting: Callable[[], None]) -> None:
        root = project_root(document.path)
        written = partial(written_prompt, request, settings, server.keys.environment)
        await server.connection.gate.admit(root, settings, written, waiting)

    return Order(
        uri=document.uri,
        request=request,
        origin=named_target(document.text, encoding, named),
        overrides=overrides,
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
