"""Runs the tests of one request: in a fork of a session that has collected them.

Or in a process that collects by itself, where that is needed.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from orps_sandbox.worker.launch import start
from orps_sandbox.worker.pair import Pair
from orps_sandbox.worker.supervise import Supervision
from orps_sandbox.worker.warm import NotWarm, WarmSession, key_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from orps_sandbox.worker.channel import Channel
    from orps_sandbox.worker.confinement import Confinement
    from orps_sandbox.worker.launch import Child
    from orps_sandbox.worker.nursery import Nursery
    from orps_sandbox.worker.request import RunRequest

_NEVER: dict[str, object] = {"kind": "done", "reason": "unfit", "is_for_good": True}
"""The run is to be asked for again, once the copy is as it was, and not warm."""


class Runs:
    """In the worker; keeps the last session that was collected."""

    def __init__(
        self, channel: Channel, confinement: Confinement, nursery: Nursery
    ) -> None:
        self._channel = channel
        self._confinement = confinement
        self._nursery = nursery
        self._warm: WarmSession | None = None
        self._key = ""
        self._of_warm = ExitStack()
        self._last: RunRequest | None = None
        self._pair: Pair | None = None
        self._of_run = ExitStack()
        self._is_finished = True

    def run(self, request: RunRequest, *, nonce: str) -> dict[str, object]:
        """Run it to its end; what the worker says of that. `finish` comes next."""
        self._is_finished = False
        if request.splitting is None or not request.splitting.may_be_warm:
            self.let_go()
            return self._run_by_itself(request, nonce=nonce)
        key = key_of(request)
        if self._warm is None or self._key != key or not self._warm.is_fresh:
            try:
                self._collect(request, key, nonce=nonce)
            except NotWarm:
                self._discard()
                return _NEVER
        assert self._warm is not None
        done = self._run_warm(request, self._warm, nonce=nonce)
        # After what had to be ended, whoever forks may not be what it was.
        self._last = None if done["reason"] else request
        return done

    def finish(self) -> None:
        """Take down what the run has left, if that is still to be done."""
        if self._is_finished:
            return
        self._is_finished = True
        self._of_run.close()
        is_clean = (
            self._last is not None and self._confinement.shared_memory_is_as_new()
        )
        if self._warm is not None and not is_clean:
            self._discard()

    def prepare(self) -> None:
        """Have the processes of the next run born, which is likely as the last was."""
        if self._warm is not None and self._pair is None and self._last is not None:
            self._pair = self._paired(self._last, self._warm)

    def let_go(self) -> None:
        """Give that up: what comes next may change the copy under them."""
        if self._pair is not None:
            self._pair.give_up()
            self._pair = None

    def rest(self) -> None:
        """Give up all that waits, so that what is still there is nobody's."""
        self._discard()

    def _collect(self, request: RunRequest, key: str, *, nonce: str) -> None:
        """Have a session collected that serves this request and others like it."""
        self._discard()
        memory = self._confinement.shared_memory(max_bytes=request.file_bytes)
        self._of_warm.enter_context(memory)
        with self._confinement.scratch_of_one_run(max_bytes=request.file_bytes):
            self._warm = WarmSession(
                request,
                self._confinement,
                nonce=nonce,
                abandoned=self._channel.abandoned,
            )
        self._key = key

    def _discard(self) -> None:
        self.let_go()
        self._last = None
        if self._warm is not None:
            self._warm.close()
            self._warm = None
        self._of_warm.close()

    def _paired(self, request: RunRequest, warm: WarmSession) -> Pair:
        return Pair(request, self._confinement, self._nursery, warm)

    def _run_warm(
        self, request: RunRequest, warm: WarmSession, *, nonce: str
    ) -> dict[str, object]:
        pair, self._pair = self._pair, None
        if pair is not None and not pair.fits(request):
            pair.give_up()
            pair = None
        if pair is None:
            pair = self._paired(request, warm)
        self._of_run.callback(pair.close)
        child = pair.go(request, nonce=nonce)
        return self._watched(child, request, nonce=nonce, printed=warm.output)

    def _run_by_itself(self, request: RunRequest, *, nonce: str) -> dict[str, object]:
        for folder in (
            self._confinement.shared_memory,
            self._confinement.scratch_of_one_run,
        ):
            self._of_run.enter_context(folder(max_bytes=request.file_bytes))
        child = start(request, self._confinement, self._nursery, nonce=nonce)
        return self._watched(child, request, nonce=nonce)

    def _forward(self, request: RunRequest) -> Callable[[dict[str, object]], None]:
        """How what is reported of a run is passed on: at once, or when it is over.

        At once where a candidate can end this process, or could have said it.
        """
        if request.splitting is None or self._confinement.tier == "C":
            return self._channel.send
        return self._channel.hold

    def _watched(
        self, child: Child, request: RunRequest, *, nonce: str, printed: bytes = b""
    ) -> dict[str, object]:
        supervision = Supervision(
            child,
            request,
            nonce=nonce,
            forward=self._forward(request),
            flush=self._channel.flush,
            abandoned=self._channel.abandoned,
            printed=printed,
        )
        self._of_run.callback(supervision.collect)
        return supervision.run()
