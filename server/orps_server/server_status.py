"""`experimental/serverStatus`: how the server is, for a status bar.

Told to editors that declare `serverStatusNotification`, as rust-analyzer made common,
and to those that opted in to our own messages; only when it has changed.
"""

from collections.abc import Iterable

from orps_server.lsp_ext import SERVER_STATUS
from orps_server.protocol import OrpsProtocol
from orps_server.searches import Search, State
from orps_server.to_proto import fault_text

_ENVIRONMENT = frozenset({"sandboxUnavailable", "internal"})
"""Faults that the next search will meet again."""


class ServerStatus:
    def __init__(self, protocol: OrpsProtocol) -> None:
        self._protocol = protocol
        self._told: dict[str, object] | None = None

    def tell(self, searches: Iterable[Search]) -> None:
        status = server_status(searches)
        if status != self._told:
            self._told = status
            self._protocol.notify(SERVER_STATUS, status)


def server_status(searches: Iterable[Search]) -> dict[str, object]:
    """`health` by the latest search that has ended; `quiescent` when none runs."""
    known = tuple(searches)
    ended = [search for search in known if not search.is_running]
    fault = ended[-1].progress.fault if ended else None
    health, message = "ok", None
    if fault:
        health = "error" if fault.kind in _ENVIRONMENT else "warning"
        message = fault_text(fault)
    n_running = sum(search.progress.state is State.RUNNING for search in known)
    return {"health": health, "quiescent": n_running == 0, "message": message}
