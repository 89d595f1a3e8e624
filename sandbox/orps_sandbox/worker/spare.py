"""A child that stands ready: forked and confined before its calls are known.

Forking, mounting and confining take longer than most calls.  So while the executor
reads what came of one observation, the worker prepares the child of the next, which
waits for its order on a pipe.  It meets one candidate, like every child.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

from orps_sandbox.worker import child, descendants, frames, limits
from orps_sandbox.worker.calls import Call
from orps_sandbox.worker.launch import Child, fork_into
from orps_sandbox.worker.reporter import Reporter
from orps_sandbox.worker.request import RunRequest

if TYPE_CHECKING:
    from orps_sandbox.worker.confinement import Confinement

_MISSING = "orps_module_that_nobody_has"
_exit = os._exit


class Spare:
    """The worker's end: at most one child in waiting."""

    def __init__(self, confinement: Confinement) -> None:
        self._confinement = confinement
        self._waiting: tuple[Child, int] | None = None
        self._scratch_bytes = 0

    def take(self, frame: dict[str, Any], *, nonce: str) -> Child:
        """Give the order to the child in waiting, or to a new one."""
        scratch_bytes = int(frame["limits"]["file_bytes"])
        if scratch_bytes != self._scratch_bytes:
            self.discard()
            self._scratch_bytes = scratch_bytes
        data = frames.encode({"request": frame, "nonce": nonce})
        for _ in range(2):
            if self._waiting is None:
                self.renew()
            assert self._waiting is not None
            (born, order), self._waiting = self._waiting, None
            descendants.spared.discard(born.pid)
            with suppress(BrokenPipeError), os.fdopen(order, "wb") as pipe:
                pipe.write(data)
                pipe.flush()
                return born
            # It was killed with the run that it stood beside.
            born.poll()
            born.close()
        raise BrokenPipeError("a child dies before it is asked anything")

    def renew(self) -> None:
        """Have a child in waiting; called when nobody waits for us."""
        if self._waiting is None:
            order, writer = os.pipe()
            born = fork_into(
                lambda result: _live(
                    self._confinement, order, result, scratch_bytes=self._scratch_bytes
                )
            )
            os.close(order)
            descendants.spared.add(born.pid)
            self._waiting = born, writer

    def discard(self) -> None:
        if self._waiting is not None:
            (born, order), self._waiting = self._waiting, None
            os.close(order)
            descendants.spared.discard(born.pid)
            born.kill()
            born.wait()
            born.close()


def _live(
    confinement: Confinement, order: int, result: int, *, scratch_bytes: int
) -> NoReturn:
    status = 1
    try:
        confinement.make_own_scratch(max_bytes=scratch_bytes)
        confinement.apply()
        limits.close_all_but(order, result)
        child.leave_no_trace_of_the_worker()
        _touch()
        frame = frames.received(order)
        if frame is not None:
            root = confinement.copy_root
            request = RunRequest.from_frame(frame["request"], copy_root=root)
            reporter = Reporter(result, frame["nonce"])
            # A child that says nothing was never confined, and has run nothing.
            reporter.send("born")
            assert request.observing is not None
            child.observe(request, request.observing, reporter)
            reporter.send("end", exit_status=0)
            status = 0
    except BaseException:  # noqa: BLE001 - whatever it was, the process ends here
        traceback.print_exc(file=sys.__stderr__)
    finally:
        _exit(status)


def _touch() -> None:
    """Go through the motions, so that pages which that writes to are private by then."""
    Call("[abs(-1)]").evaluate({}, copy_root="/")
    importlib.util.find_spec(_MISSING)
