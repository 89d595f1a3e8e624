"""The messages of docs/lsp-extensions.md that are requests."""

from orps_server.commands import keeping, showing
from orps_server.commands.lookup import known_candidate
from orps_server.from_proto import (
    JsonObject,
    candidate_ref,
    command_object,
    file_path,
    secret,
)
from orps_server.language_server import OrpsLanguageServer
from orps_server.lsp_ext import CANDIDATE, PROMPT, SEARCHES, SET_SECRET, TREE
from orps_server.snapshot import candidate_snapshot, search_snapshot


def register(server: OrpsLanguageServer) -> None:
    server.feature(SEARCHES)(searches)
    server.feature(CANDIDATE)(candidate)
    server.feature(TREE)(tree)
    server.feature(PROMPT)(prompt)
    server.feature(SET_SECRET)(set_secret)


def searches(ls: OrpsLanguageServer, params: object) -> list[dict[str, object]]:
    uri = _object(params).get("uri")
    path = file_path(uri) if isinstance(uri, str) else None
    found = ls.session.in_file(path) if path else ls.session.searches
    return [search_snapshot(search) for search in found]


def candidate(ls: OrpsLanguageServer, params: object) -> dict[str, object]:
    return candidate_snapshot(*known_candidate(ls, candidate_ref(_object(params))))


async def tree(ls: OrpsLanguageServer, params: object) -> dict[str, object]:
    return await keeping.tree(ls, _object(params))


async def prompt(ls: OrpsLanguageServer, params: object) -> dict[str, object]:
    return await showing.prompt(ls, _object(params))


def set_secret(ls: OrpsLanguageServer, params: object) -> dict[str, object]:
    ls.keys.set(*secret(_object(params)))
    return {}


def _object(params: object) -> JsonObject:
    return command_object([params] if params else [])
