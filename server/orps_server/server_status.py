"""`experimental/serverStatus`: how the server is, for a status bar.

Told to editors that declare `serverStatusNotification`, as rust-analyzer made common,
and to those that opted in to our own messages; only when it has changed.
"""

from collections.abc import Iterable, Sequence

from orps_sandbox.outcome import Tier
from orps_server.lsp_ext import SERVER_STATUS
from orps_server.protocol import OrpsProtocol
from orps_server.searches import Search, State
from orps_server.to_proto import fault_text

_ENVIRONMENT = frozenset({"sandboxUnavailable", "internal"})
"""Faults that the next search will meet again."""

UNCONFINED = "ORPS runs candidates with limits only (tier C): they can read your disk."


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
    tier = latest_tier(known)
    health, message = "ok", None
    if fault:
        health = "error" if fault.kind in _ENVIRONMENT else "warning"
        message = fault_text(fault)
    elif tier is Tier.C:
        health, message = "warning", UNCONFINED
    n_running = sum(search.progress.state is State.RUNNING for search in known)
    return {
        "health": health,
        "quiescent": n_running == 0,
        "message": message,
        "sandbox": tier.value if tier else None,
    }


def latest_tier(searches: Sequence[Search]) -> Tier | None:
    """How strongly the latest executions were confined; `None` before the first."""
    return next(
        (search.best.outcome.tier for search in reversed(searches) if search.best),
        None,
    )
