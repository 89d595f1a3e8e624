"""Searches that are kept: gone on with, drawn, forgotten."""

from pathlib import Path
from typing import cast

import anyio

from orps_search.journal.codec import cleaned
from orps_search.journal.document import Json, search_document
from orps_server.commands.lookup import find_search, known_candidate
from orps_server.commands.searching import order_of, started
from orps_server.disclosure.redaction import redactor
from orps_server.endpoint import configured_endpoint
from orps_server.engine import GenerateRequest
from orps_server.errors import RequestFault
from orps_server.from_proto import (
    JsonObject,
    critique_arguments,
    resume_arguments,
    search_ref,
)
from orps_server.language_server import OrpsLanguageServer
from orps_server.resumption import Resumption, advised, resumption
from orps_server.searches import FunctionKey, Search
from orps_server.session import Order
from orps_server.settings import settings_from_json
from orps_server.store.store import SearchStore, StoredSearch
from orps_server.tree_snapshot import tree_snapshot

STOP_SECONDS = 0.6
"""How long a search that somebody has something to say about may take to stop."""


async def resume(server: OrpsLanguageServer, value: JsonObject) -> dict[str, object]:
    """Go on with a search that was stopped, killed, or ran out of its budget."""
    arguments = resume_arguments(value)
    present = server.session.by_id(arguments.search)
    if present is not None and present.is_running:
        return await started(present)
    given, complaints = settings_from_json({"budget": arguments.budget})
    if complaints:
        raise RequestFault(complaints[0], kind="badRequest")
    try:
        stored = await _store(server).load(arguments.search)
    except RequestFault:
        if present is None or present.progress.ranking:
            raise
        # It was stopped before it had begun: nothing was spent, nothing is to count.
        again = _afresh(server, present, arguments.budget)
        return await started(server.session.start(again))
    return await _go_on(server, resumption(stored, given), present)


async def critique(server: OrpsLanguageServer, value: JsonObject) -> dict[str, object]:
    """Have a candidate written anew by what a person says about it."""
    arguments = critique_arguments(value)
    search, candidate = known_candidate(server, arguments.about)
    settings = await server.configuration.of(search.key.path, None)
    if configured_endpoint(settings.llm) is None:
        raise RequestFault(
            "The offline proposer understands no words.",
            kind="badRequest",
            hint="Configure a model (orps.llm), then say it again.",
        )
    if search.is_running:
        server.session.cancel([search])
        with anyio.move_on_after(STOP_SECONDS):
            await search.ended()
    stored = await _store(server).load(search.id)
    return await _go_on(server, advised(stored, candidate.id, arguments.text), search)


async def _go_on(
    server: OrpsLanguageServer, resumed: Resumption, present: Search | None
) -> dict[str, object]:
    order = _order(server, resumed.stored, present)
    await _store(server).claim(resumed.stored.header.search_id)
    return await started(server.session.start(order.going_on_with(resumed)))


async def clear_cache(
    server: OrpsLanguageServer,
    value: JsonObject,  # noqa: ARG001 - every command has one
) -> dict[str, object]:
    """Forget all that is kept, and what was restored from it."""
    n_forgotten = await server.store.clear() if server.store else 0
    for search in server.session.searches:
        if search.progress.is_stored:
            server.session.forget(search)
            server.show(search)
    return {"forgotten": n_forgotten}


async def tree(server: OrpsLanguageServer, value: JsonObject) -> Json:
    """The search document of a search, of this server or of an earlier one."""
    ref = search_ref(value)
    search = find_search(server, ref)
    if search is not None:
        document = cast("Json", cleaned(tree_snapshot(search), search.clean))
    elif ref.search is not None and server.store is not None:
        document = search_document((await server.store.load(ref.search)).state())
    else:
        raise RequestFault("The function has no search.", kind="stale")
    return cast("Json", cleaned(document, redactor(server.keys.environment)))


def _order(
    server: OrpsLanguageServer, stored: StoredSearch, present: Search | None
) -> Order:
    header = stored.header
    path = Path(header.file)
    return _order_of(
        server,
        uri=present.uri if present else path.as_uri(),
        key=FunctionKey(path=path, qualname=header.qualname),
        tests=header.tests,
        fingerprint=f"resume {header.search_id}",
    )


def _afresh(server: OrpsLanguageServer, search: Search, budget: object) -> Order:
    return _order_of(
        server,
        uri=search.uri,
        key=search.key,
        tests=search.tests,
        overrides=search.overrides,
        budget=budget,
        fingerprint=search.fingerprint,
    )


def _order_of(
    server: OrpsLanguageServer,
    *,
    uri: str,
    key: FunctionKey,
    tests: tuple[str, ...],
    overrides: object = None,
    budget: object = None,
    fingerprint: str,
) -> Order:
    document = server.files.read(uri, key.path)
    request = GenerateRequest(
        file=document.path,
        qualname=key.qualname,
        tests=tests,
        buffers=server.files.buffers(),
    )
    return order_of(
        server,
        document,
        request,
        overrides=overrides,
        budget=budget,
        fingerprint=fingerprint,
    )


def _store(server: OrpsLanguageServer) -> SearchStore:
    if server.store is None:
        raise RequestFault("This server keeps no searches.", kind="badRequest")
    return server.store
