"""Where candidates are born: a process that has never been told of any test.

A fork inherits the memory of its parent, and the worker's holds requests: names of
tests, with the values that they expect in them.  So this process is forked from the
worker before the first request arrives.  It learns of a candidate only the limits,
and which files not to show it.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import types
from typing import TYPE_CHECKING, Any, NoReturn

from orps_sandbox.worker import cachegrind, limits
from orps_sandbox.worker.forkserver import ForkServer, forked
from orps_sandbox.worker.split import candidate

if TYPE_CHECKING:
    import socket

    from orps_sandbox.worker.confinement import Confinement
    from orps_sandbox.worker.request import RunRequest

_exit = os._exit


class Nursery:
    """The worker's end."""

    def __init__(self, confinement: Confinement) -> None:
        self.server = ForkServer(lambda control: _serve(control, confinement))

    def order(
        self, request: RunRequest, *, link: int, output: int, log: int | None
    ) -> None:
        """Have a candidate's process born, on its end of the link.

        With a `log`, for valgrind's words, it is inside of that.

        Raises:
            OSError: the nursery is gone.
        """
        passed = [link, output, *(() if log is None else (log,))]
        self.server.order(self.limits_of(request), passed)

    @staticmethod
    def limits_of(request: RunRequest) -> dict[str, object]:
        """All that it is told of a run."""
        return {
            "hidden": list(request.hidden),
            "cpu_seconds": request.cpu_seconds,
            "file_bytes": request.file_bytes,
            "address_space_bytes": request.address_space_bytes,
        }


def _serve(control: socket.socket, confinement: Confinement) -> NoReturn:
    # The worker's own channel is not for this process.
    limits.close_all_but(control.fileno(), *confinement.descriptors)
    # Once for all that it will bear: to do so touches hundreds of pages.
    for name in [n for n in sys.modules if n.partition(".")[0] == "orps_sandbox"]:
        del sys.modules[name]
    sys.modules["__main__"] = types.ModuleType("__main__")
    sys.argv = ["pytest"]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    gc.collect()
    wanted, (link, output, *logs) = forked(control, n_descriptors=3)
    _live(confinement, wanted, link=link, output=output, logs=logs)


def _live(
    confinement: Confinement,
    wanted: dict[str, Any],
    *,
    link: int,
    output: int,
    logs: list[int],
) -> NoReturn:
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.chdir(confinement.copy_root)
        packages = [os.path.dirname(cachegrind.__file__)] if logs else []  # noqa: PTH120
        confinement.apply_without_tests(wanted["hidden"], also=packages)
        limits.close_all_but(link, *logs)
        address_space_bytes = wanted["address_space_bytes"]
        if logs and address_space_bytes is not None:
            address_space_bytes += cachegrind.ADDRESS_SPACE_BYTES
        limits.apply(
            limits.Limited(
                cpu_seconds=wanted["cpu_seconds"],
                file_bytes=wanted["file_bytes"],
                address_space_bytes=address_space_bytes,
            )
        )
        for log in logs:
            cachegrind.execute(
                cachegrind.VALGRIND,
                link=link,
                log=log,
                root=confinement.copy_root,
                real_root=confinement.real_root,
                hidden=wanted["hidden"],
            )
        root, hidden = confinement.copy_root, frozenset(wanted["hidden"])
        candidate.serve(link, root=root, hidden=hidden)
    finally:
        _exit(1)
