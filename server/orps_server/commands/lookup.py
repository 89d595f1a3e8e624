"""Which search and which candidate a client means."""

from orps_search.candidate import Candidate
from orps_server.errors import RequestFault
from orps_server.language_server import OrpsLanguageServer
from orps_server.lsp_ext import CandidateRef, FunctionRef, SearchRef
from orps_server.searches import FunctionKey, Search
from orps_server.targets import named_target


def find_search(server: OrpsLanguageServer, ref: SearchRef) -> Search | None:
    if ref.search is not None:
        return server.session.by_id(ref.search)
    if ref.function is None:
        raise RequestFault(
            "Say which search: give `searchId`, or `uri` with a function.",
            kind="badRequest",
        )
    return server.session.by_key(_key(server, ref.function))


def known_search(server: OrpsLanguageServer, ref: SearchRef) -> Search:
    search = find_search(server, ref)
    if search is None:
        raise RequestFault(
            "There is no such search any more.", kind="stale", hint="Generate again."
        )
    return search


def known_candidate(
    server: OrpsLanguageServer, ref: CandidateRef
) -> tuple[Search, Candidate]:
    """The candidate that is named, else the best that may be offered."""
    search = known_search(server, ref.search)
    if ref.candidate:
        found = search.candidate(ref.candidate)
        if found is None:
            raise RequestFault("The search has no such candidate.", kind="badRequest")
        return search, found
    if search.best is None:
        raise RequestFault(
            "The search has found no candidate.",
            kind="noCandidate",
            hint="Wait for it, or generate again with more budget.",
        )
    return search, search.best


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
