"""Watches one child from outside it: its reports, its output, its time, its brood."""

from __future__ import annotations

import os
import selectors
import signal
import time
from typing import TYPE_CHECKING

from orps_sandbox.worker import cachegrind, descendants, halting
from orps_sandbox.worker.forkserver import Exit
from orps_sandbox.worker.frames import FrameError, FrameReader

if TYPE_CHECKING:
    from collections.abc import Callable

    from orps_sandbox.worker.forkserver import Served
    from orps_sandbox.worker.launch import Child
    from orps_sandbox.worker.request import RunRequest

_TICK_SECONDS = 0.02
_LAST_TICK_SECONDS = 0.001
"""Where no descriptor tells the end of a child."""
_MAX_REPORT_BYTES = 32 * 1024 * 1024
_READ_BYTES = 64 * 1024
_LAST_WORD_SECONDS = 1.0
"""How long the end of a candidate's process is waited for, after that of its judge."""
_KILL_SECONDS = 1.0
_CASE_GRACE_SECONDS = 0.5
"""How long after its own alarm a case may take to give up by itself."""


class Supervision:
    """One child's run, until it has ended and nothing of it lives."""

    def __init__(
        self,
        child: Child,
        request: RunRequest,
        *,
        nonce: str,
        forward: Callable[[dict[str, object]], None],
        flush: Callable[[], None],
        abandoned: Callable[[], bool],
        printed: bytes = b"",
    ) -> None:
        self._child = child
        self._request = request
        self._nonce = nonce
        self._forward = forward
        self._flush = flush
        self._abandoned = abandoned
        self._reader = FrameReader(max_total_bytes=_MAX_REPORT_BYTES)
        self._output = bytearray()
        self._n_output_bytes = 0
        self._drain(printed)
        self._result_open = True
        self._case_started: float | None = None
        self._reason = ""
        self._is_lost = self._ended_first = False
        self._counted: dict[str, object] = {}
        self._kills_until = 0.0
        self._is_through = False
        """All that counts has been reported: how the child ends matters no more."""
        self._is_halted = self._is_quiet = False
        """Nothing is left that could still do something."""
        self._started = time.monotonic()
        self._next_count = self._started + _TICK_SECONDS

    def run(self) -> dict[str, object]:
        """Watch to the end; the answer says how and why it ended."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._child.result, selectors.EVENT_READ, self._reports)
            selector.register(self._child.output, selectors.EVENT_READ, self._drain)
            if self._child.end >= 0:
                selector.register(self._child.end, selectors.EVENT_READ, None)
            ended = self._watch(selector)
            if self._child.end >= 0:
                selector.unregister(self._child.end)
            # Whose end it is that counts may stand in the judge's last report.
            self._read_rest(selector)
            ended = self._end_candidate(ended)
            if not self._is_quiet:
                descendants.kill_all()
            self._read_rest(selector)
        return {
            "kind": "done",
            "reason": self._reason,
            "status": ended.status,
            "signal": ended.signal,
            "usage": ended.usage,
            "case_wall_seconds": self._case_seconds(),
            "output": bytes(self._output).decode("utf-8", "replace"),
            **self._counted,
        }

    def _halted(self) -> Exit:
        """Kill what has said all; it is taken down while nobody waits."""
        candidate = self._child.candidate
        usage = {} if candidate is None else halting.usage_of(candidate.pid)
        if candidate is None:
            self._child.kill()
        else:
            # What it could still do to the copy, the next run would find.
            candidate.kill()
            self._child.stop()
        # With a signal that waits for it, a process cannot start another.
        is_alone = self._is_alone()
        if candidate is not None:
            self._is_halted = halting.halts(candidate.pid, seconds=_LAST_WORD_SECONDS)
        self._is_quiet = is_alone and (self._is_halted or candidate is None)
        return Exit(status=0, signal=None, usage=usage)

    def _end_candidate(self, ended: Exit) -> Exit:
        """End it with its judge; the end of the run is its own if it went first."""
        candidate = self._child.candidate
        if candidate is None or self._is_halted:
            return ended
        own = None
        if self._child.log is not None:
            self._counted = self._count(candidate, self._child.log)
        if self._ended_first:
            own = candidate.wait(seconds=_LAST_WORD_SECONDS)
        if own is None:
            # A word that is already there is about its own end.
            candidate.kill()
            killed = candidate.wait(seconds=_LAST_WORD_SECONDS)
            usage = killed.usage if killed else {}
            # A candidate that did not end was broken with: it has no status.
            status = None if self._is_lost else ended.status
            return Exit(status, ended.signal, usage)
        return own

    def _count(self, candidate: Served, log: int) -> dict[str, object]:
        """Let it end by itself, as it does without its judge, and say what it took."""
        # What it still has to say it says at once; until then it may be starting.
        left = self._started + self._request.wall_seconds - time.monotonic()
        if self._reason or candidate.wait(seconds=max(left, 0)) is None:
            return {}
        os.set_blocking(log, False)
        try:
            said = os.read(log, _READ_BYTES).decode("utf-8", "replace")
        except BlockingIOError:
            return {}
        found = cachegrind.counts(said)
        return {} if found is None else {"cachegrind": list(found)}

    def collect(self) -> None:
        """Wait for what has been killed; it can do nothing any more, but takes time."""
        if self._is_halted:
            # Only what was not waited for is sure to be what has this number.
            self._child.kill()
            self._child.wait_as_served(seconds=_LAST_WORD_SECONDS)
        descendants.kill_all()
        self._child.close()

    def _is_alone(self) -> bool:
        known = {self._child.pid}
        if self._child.candidate is not None:
            known.add(self._child.candidate.pid)
        return set(descendants.living()) <= known

    def _watch(self, selector: selectors.BaseSelector) -> Exit:
        while True:
            if self._is_through:
                return self._halted()
            ended = self._child.poll()
            if ended is not None:
                return ended
            if not self._reason:
                self._reason = self._violation()
            if self._reason:
                self._child.kill()
                self._kills_until = (
                    self._kills_until or time.monotonic() + _KILL_SECONDS
                )
                if time.monotonic() > self._kills_until:
                    # Who would tell of its end is stopped, or gone.
                    return Exit(None, int(signal.SIGKILL), {})
            # The pipe of the reports closes a moment before the child can be reaped.
            ending = self._child.end < 0 and not self._result_open
            for key, _ in selector.select(
                _LAST_TICK_SECONDS if ending else _TICK_SECONDS
            ):
                if key.fd != self._child.end:
                    self._read(selector, key)

    def _violation(self) -> str:
        """Name the limit that was passed; empty while all hold."""
        request = self._request
        now = time.monotonic()
        if self._abandoned():
            return "abandoned"
        if now - self._started > request.wall_seconds:
            return "wall"
        case_seconds = self._case_seconds()
        if case_seconds > request.case_seconds + _CASE_GRACE_SECONDS:
            return "case"
        if self._n_output_bytes > request.output_bytes:
            return "output"
        if now >= self._next_count:
            # Reading /proc costs more than anything else here.
            self._next_count = now + _TICK_SECONDS
            self._flush()
            if len(descendants.living()) > request.processes:
                return "processes"
        return ""

    def _case_seconds(self) -> float:
        if self._case_started is None:
            return 0.0
        return time.monotonic() - self._case_started

    def _read(
        self, selector: selectors.BaseSelector, key: selectors.SelectorKey
    ) -> None:
        """Read once; at its end take the pipe out of the selection."""
        try:
            data = os.read(key.fd, _READ_BYTES)
        except BlockingIOError:
            return
        if data:
            key.data(data)
            return
        selector.unregister(key.fileobj)
        if key.fd == self._child.result:
            self._result_open = False

    def _read_rest(self, selector: selectors.BaseSelector) -> None:
        """Read what the pipes still hold; nobody is left who could write more."""
        while selector.get_map():
            ready = selector.select(0)
            if not ready:
                return
            for key, _ in ready:
                self._read(selector, key)

    def _reports(self, data: bytes) -> None:
        if self._reason == "garbled":
            return
        try:
            for frame in self._reader.feed(data):
                self._report(frame)
        except FrameError:
            self._reason = "garbled"

    def _report(self, frame: dict[str, object]) -> None:
        if frame.pop("nonce", None) != self._nonce:
            raise FrameError("not from our plugin")
        if frame.get("kind") == "unfit" and self._request.splitting is not None:
            self._reason = "unfit"
            return
        if frame.get("kind") == "lost":
            self._is_lost = True
            self._ended_first = not frame.get("reason")
        if frame.get("kind") == "start":
            self._case_started = time.monotonic()
        elif frame.get("kind") in {"case", "observed"}:
            self._case_started = None
        if frame.get("kind") == "end" and self._ends_for_nothing():
            self._is_through = True
        self._forward(frame)

    def _ends_for_nothing(self) -> bool:
        """Whether what comes after its last word proves nothing.

        In a split run, no candidate can have said it; of calls, nothing is proven.
        """
        request = self._request
        if request.counting:
            # The candidate is to end by itself, as it does when the judge has ended.
            return False
        return request.observing is not None or request.splitting is not None

    def _drain(self, data: bytes) -> None:
        self._n_output_bytes += len(data)
        self._output += data
        excess = len(self._output) - self._request.kept_output_bytes
        del self._output[: max(excess, 0)]
