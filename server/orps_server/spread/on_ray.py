"""Works on the nodes of a Ray cluster.

Every work is a Ray task that takes one CPU, on whichever node has one free. A node
that is lost takes its works with it, and Ray starts them again on another one; works
are pure but for time, so whoever waits sees one result per work either way. Nodes need
the same orps-lsp installed, and nothing of this machine's disk.

The one module that knows Ray, which is an extra.
"""

import os
import socket
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any, TypeVar, cast

import anyio
from anyio import to_thread

from orps_server.errors import FaultKind, RequestFault
from orps_server.faults import fault_in
from orps_server.spread.work import Work

R = TypeVar("R")

LOCAL = "local"
"""The address of a cluster that lives as long as this command."""
_MAX_LOSSES = 10
"""How often a work is started again after its node was lost."""
_POLL_SECONDS = 0.5
_CONNECT_SECONDS = 5.0
_WAITING_PER_CPU = 3
"""Works that wait at the cluster for each CPU; all others wait here, where they cost
no memory of the cluster's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fault:
    """A `RequestFault` that survives the way back."""

    message: str
    kind: FaultKind
    hint: str


async def run_on_ray(
    works: Sequence[Work[R]],
    done: Callable[[int, R, str], None],
    *,
    address: str,
    workers: int | None,
) -> None:
    """Tell of each work as it ends.

    Raises `RequestFault` where there is no Ray or no cluster, where a work was lost too
    often, and for what a work says is at fault with its node.
    """
    ray = _import_ray()
    # Ray prints what happens to nodes, and stdout is for results.
    with redirect_stdout(sys.stderr), _connected(ray, address) as cluster:
        await cluster.run(works, done, workers=workers)


class _Cluster:
    def __init__(self, ray: ModuleType) -> None:
        self._ray = ray
        self._perform = ray.remote(
            num_cpus=1, max_retries=_MAX_LOSSES, scheduling_strategy="SPREAD"
        )(_performed)
        self._open: dict[Any, int] = {}

    async def run(
        self,
        works: Sequence[Work[R]],
        done: Callable[[int, R, str], None],
        *,
        workers: int | None,
    ) -> None:
        waiting = iter(enumerate(works))
        try:
            while True:
                n_most = workers or self._n_cpus() * _WAITING_PER_CPU
                while len(self._open) < n_most:
                    following = next(waiting, None)
                    if following is None:
                        break
                    self._open[self._perform.remote(following[1])] = following[0]
                if not self._open:
                    return
                for number, result, node in await to_thread.run_sync(self._finished):
                    done(number, cast("R", result), node)
        finally:
            with anyio.CancelScope(shield=True):
                await to_thread.run_sync(self._cancel)

    def _n_cpus(self) -> int:
        return max(1, int(self._ray.cluster_resources().get("CPU", 1)))

    def _finished(self) -> list[tuple[int, object, str]]:
        """Wait for a moment, so that Ctrl-C is heard."""
        ready, _ = self._ray.wait(
            list(self._open), num_returns=1, timeout=_POLL_SECONDS
        )
        found: list[tuple[int, object, str]] = []
        for reference in ready:
            number = self._open.pop(reference)
            try:
                result, node = self._ray.get(reference)
            except self._ray.exceptions.RayTaskError:
                # It is a mistake of ours, with its traceback.
                raise
            except self._ray.exceptions.RayError as error:
                raise RequestFault(
                    f"The Ray cluster lost work {_MAX_LOSSES} times: "
                    f"{str(error).partition('.')[0]}.",
                    kind="badRequest",
                    hint="`ray status` and the logs of the nodes say what they lack.",
                ) from error
            if isinstance(result, _Fault):
                raise RequestFault(
                    f"On node {node}: {result.message}",
                    kind=result.kind,
                    hint=result.hint,
                )
            found.append((number, result, node))
        return found

    def _cancel(self) -> None:
        for reference in self._open:
            self._ray.cancel(reference, force=True)


@contextmanager
def _connected(ray: ModuleType, address: str) -> Generator[_Cluster]:
    local = {"num_gpus": 0, "include_dashboard": False}
    try:
        _require_listener(address)
        ray.init(
            address=address,
            log_to_driver=False,
            logging_level="ERROR",
            configure_logging=False,
            **(local if address == LOCAL else {}),
        )
    except (ConnectionError, OSError, ValueError, RuntimeError) as error:
        reason = str(error).strip().partition("\n")[0].rstrip(".")
        raise RequestFault(
            f"There is no Ray cluster at {address}: {reason}.",
            kind="badRequest",
            hint="Start one with `ray start --head` (docs/scaling.md), or do without "
            "--executor ray.",
        ) from error
    try:
        yield _Cluster(ray)
    finally:
        ray.shutdown()


def _require_listener(address: str) -> None:
    """Raise `OSError` at once; Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    if port.isdigit() and "/" not in host:
        socket.create_connection((host, int(port)), _CONNECT_SECONDS).close()


def _performed(work: Work[object]) -> tuple[object, str]:
    """On the node: the result, or what is at fault with it, and the node's address."""
    node = _import_ray().util.get_node_ip_address()
    try:
        return anyio.run(work.perform), node
    except Exception as error:
        fault = fault_in(error)
        if fault is None:
            raise
        return _Fault(message=str(fault), kind=fault.kind, hint=fault.hint), node


def _import_ray() -> ModuleType:
    # Ray tells its makers how it is used unless it is told not to.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        return import_module("ray")
    except ImportError as error:
        raise RequestFault(
            "The executor `ray` is not installed.",
            kind="badRequest",
            hint="Install it with `pip install 'orps-lsp[ray]'`, here and on all nodes.",
        ) from error
