"""A process that forks others on demand, and tells of their ends.

Children inherit the memory of their parent.  So whoever must not know something is
forked by a server that has never been told of it, and whoever needs something that
takes long to make is forked by a server that has made it.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from orps_sandbox.worker import descendants, frames
from orps_sandbox.worker.usage import as_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_READ_BYTES = 64 * 1024
_exit = os._exit


@dataclass(frozen=True)
class Exit:
    """How a process ended: a status, or the number of the signal that killed it."""

    status: int | None
    signal: int | None
    usage: dict[str, float | None]


class ForkServer:
    """The worker's end; the server lives as long as this process at most."""

    def __init__(self, live: Callable[[socket.socket], NoReturn]) -> None:
        self.control, inner = socket.socketpair()
        self._reader = frames.FrameReader()
        self._pids: list[int | None] = []
        self._ended: dict[int, Exit] = {}
        worker = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                self.control.close()
                descendants.signal_at_parents_death(signal.SIGKILL)
                if os.getppid() == worker:
                    live(inner)
            finally:
                _exit(1)
        inner.close()
        descendants.spared.add(self.pid)

    @property
    def is_alive(self) -> bool:
        ready = select.select([self.control], [], [], 0)[0]
        return not ready or bool(self.control.recv(1, socket.MSG_PEEK))

    def order(self, wanted: dict[str, object], descriptors: Sequence[int]) -> None:
        """Have a child forked that gets these descriptors; `born` tells its id.

        Raises:
            OSError: the server is gone.
        """
        data = frames.encode(wanted)
        sent = socket.send_fds(self.control, [data], descriptors)
        self.control.sendall(data[sent:])

    def born(self) -> Served:
        """Wait for the child of the oldest order that was not answered.

        Raises:
            OSError: the server is gone, or can fork no more.
        """
        while not self._pids:
            self._read()
        pid = self._pids.pop(0)
        if pid is None:
            raise OSError("no further process can be started")
        return Served(pid, self)

    def end_of(self, pid: int, *, seconds: float) -> Exit | None:
        """How one of its children ended; `None` if it has not.

        Raises:
            OSError: the server is gone.
        """
        deadline = time.monotonic() + seconds
        while pid not in self._ended:
            left = max(deadline - time.monotonic(), 0)
            if not select.select([self.control], [], [], left)[0]:
                return None
            self._read()
        return self._ended.pop(pid)

    def close(self) -> None:
        """End it, and with it all that it has forked."""
        with suppress(OSError):
            os.kill(self.pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)
        descendants.spared.discard(self.pid)
        self.control.close()

    def _read(self) -> None:
        data = self.control.recv(_READ_BYTES)
        if not data:
            raise OSError("the process that forks others is gone")
        for word in self._reader.feed(data):
            fields: dict[str, Any] = word
            if "ended" in fields:
                ended = Exit(fields["status"], fields["signal"], fields["usage"])
                self._ended[fields["ended"]] = ended
            else:
                self._pids.append(fields["pid"])


class Served:
    """A child of a fork server, seen from the worker."""

    def __init__(self, pid: int, server: ForkServer) -> None:
        self.pid = pid
        self.server = server
        self._ended: Exit | None = None

    def kill(self) -> None:
        for kill in (os.kill, os.killpg):
            with suppress(OSError):
                kill(self.pid, signal.SIGKILL)

    def wait(self, *, seconds: float) -> Exit | None:
        """How it ended; `None` if it has not.

        Raises:
            OSError: its server is gone, and has told nothing of it.
        """
        if self._ended is None:
            self._ended = self.server.end_of(self.pid, seconds=seconds)
        return self._ended


def forked(
    control: socket.socket, *, n_descriptors: int
) -> tuple[dict[str, Any], list[int]]:
    """Serve; returns in each child, with its order, and never in the server itself."""
    gc.freeze()
    ended, wake = os.pipe()
    for descriptor in (ended, wake):
        os.set_blocking(descriptor, False)
    handler = signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    server = os.getpid()
    reader = frames.FrameReader()
    descriptors: list[int] = []
    while True:
        for ready in select.select([control, ended], [], [])[0]:
            if ready is not control:
                _tell_of_deaths(ended, control)
                continue
            data, received, _, _ = socket.recv_fds(control, _READ_BYTES, n_descriptors)
            if not data:
                _exit(0)
            descriptors += received
            for wanted in reader.feed(data):
                own, descriptors = descriptors, []
                try:
                    pid = os.fork()
                except OSError:
                    pid = None
                if pid == 0:
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, handler or signal.SIG_DFL)
                    _leave(server)
                    return wanted, own
                for descriptor in own:
                    os.close(descriptor)
                control.sendall(frames.encode({"pid": pid}))


def _leave(server: int) -> None:
    """Be a session of its own, which dies when the server does."""
    os.setsid()
    descendants.signal_at_parents_death(signal.SIGKILL)
    if os.getppid() != server:
        _exit(1)


def _tell_of_deaths(ended: int, control: socket.socket) -> None:
    with contextlib.suppress(BlockingIOError):
        os.read(ended, _READ_BYTES)
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
            if not pid:
                return
            killed = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
            code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
            word: dict[str, object] = {"ended": pid, "status": code, "signal": killed}
            control.sendall(frames.encode({**word, "usage": as_frame(usage)}))
