"""A search of this server as a search document, whether it runs or not."""

from orps_search.journal.document import VERSION, search_document
from orps_server.searches import Search


def tree_snapshot(search: Search) -> dict[str, object]:
    """As docs/search-document.md has it."""
    progress = search.progress
    fault = str(progress.fault) if progress.fault else None
    if search.journal.is_empty:
        return _unbegun(search, fault)
    return search_document(
        search.journal.state(),
        now=progress.state.value,
        position=progress.position,
        fault=fault,
    )


def _unbegun(search: Search, fault: str | None) -> dict[str, object]:
    """Before a search knows its tests and its model there is only what was asked for."""
    progress = search.progress
    return {
        "version": VERSION,
        "searchId": search.id,
        "target": {
            "file": search.key.path.name,
            "qualname": search.key.qualname,
            "source": search.origin.source,
        },
        "state": progress.state.value,
        "position": progress.position,
        "stopReason": progress.stop_reason.value if progress.stop_reason else None,
        "resumable": search.is_resumable,
        "failure": fault,
        "policy": None,
        "proposer": progress.proposer,
        "budget": {"requests": None, "tokens": None, "seconds": None},
        "usage": {
            "requests": 0,
            "inputTokens": 0,
            "outputTokens": 0,
            "executions": 0,
            "seconds": 0.0,
        },
        "started": None,
        "updated": None,
        "resumed": 0,
        "tier": None,
        "judge": None,
        "tests": [],
        "candidates": [],
    }
