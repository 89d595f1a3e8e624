"""The two processes of a split run, which can be born before anyone asks for it.

Forking, confining and touching memory takes longer than most tests.  So after a run,
while nobody waits, the worker has the next two processes born: one that will run the
tests and one for a candidate.  Neither has been told anything yet, and each serves one
run, like all others.
"""

from __future__ import annotations

import os
import socket
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from orps_sandbox.worker import descendants, frames
from orps_sandbox.worker.launch import Child
from orps_sandbox.worker.nursery import Nursery

if TYPE_CHECKING:
    from orps_sandbox.worker.confinement import Confinement
    from orps_sandbox.worker.forkserver import Served
    from orps_sandbox.worker.request import RunRequest
    from orps_sandbox.worker.warm import WarmSession

_LAST_WORD_SECONDS = 1.0


class Pair:
    """In the worker: ready for `go`, or to be given up by `close`."""

    def __init__(
        self,
        request: RunRequest,
        confinement: Confinement,
        nursery: Nursery,
        warm: WarmSession,
    ) -> None:
        """Have both born.

        Raises:
            OSError: who should bear them is gone.
        """
        self.limits = nursery.limits_of(request)
        """What the candidate's process was born with."""
        self._mounts = ExitStack()
        scratch = confinement.scratch_of_one_run(max_bytes=request.file_bytes)
        self._mounts.enter_context(scratch)
        try:
            self._bear(request, nursery, warm)
        except BaseException:
            self._mounts.close()
            raise

    def _bear(self, request: RunRequest, nursery: Nursery, warm: WarmSession) -> None:
        self._result, result = os.pipe()
        self._output, output = os.pipe()
        order, self._order = os.pipe()
        link, of_candidate = (end.detach() for end in socket.socketpair())
        passed = (result, output, link, order)
        try:
            warm.server.order({}, passed)
            nursery.order(request, link=of_candidate, output=output, log=None)
        finally:
            for descriptor in (*passed, of_candidate):
                os.close(descriptor)
        self._judge = warm.server.born()
        self._candidate = nursery.server.born()
        for process in self._both():
            # A run that comes in between does not end them.
            descendants.spared.add(process.pid)

    def fits(self, request: RunRequest) -> bool:
        """Whether both live, and may do what this request says."""
        if Nursery.limits_of(request) != self.limits:
            return False
        try:
            return all(process.wait(seconds=0) is None for process in self._both())
        except OSError:
            return False

    def go(self, request: RunRequest, *, nonce: str) -> Child:
        """Give the order; from here on they are a run like any other."""
        for process in self._both():
            descendants.spared.discard(process.pid)
        order = frames.encode({"request": request.frame, "nonce": nonce})
        # Whoever does not read it has died, which shows at once.
        with suppress(BrokenPipeError), os.fdopen(self._order, "wb") as pipe:
            pipe.write(order)
        for descriptor in (self._result, self._output):
            os.set_blocking(descriptor, False)
        return Child(
            self._judge.pid,
            result=self._result,
            output=self._output,
            candidate=self._candidate,
            served=self._judge,
        )

    def give_up(self) -> None:
        """End both before they were asked anything."""
        for process in self._both():
            descendants.spared.discard(process.pid)
            process.kill()
        with suppress(OSError):
            for process in self._both():
                process.wait(seconds=_LAST_WORD_SECONDS)
        for descriptor in (self._result, self._output, self._order):
            os.close(descriptor)
        self.close()

    def close(self) -> None:
        """After the run: take down what belonged to it alone."""
        self._mounts.close()

    def _both(self) -> tuple[Served, Served]:
        return self._judge, self._candidate
