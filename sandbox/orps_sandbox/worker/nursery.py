"""Where candidates are born: a process that has never been told of any test.

A fork inherits the memory of its parent, and the worker's holds requests: names of
tests, with the values that they expect in them.  So this process is forked from the
worker before the first request arrives.  It learns of a candidate only the limits,
and which files not to show it.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import socket
import sys
import types
from typing import TYPE_CHECKING, Any, NoReturn

from orps_sandbox.worker import cachegrind, descendants, frames, limits
from orps_sandbox.worker.split import candidate
from orps_sandbox.worker.usage import as_frame

if TYPE_CHECKING:
    from orps_sandbox.worker.confinement import Confinement
    from orps_sandbox.worker.request import RunRequest

_READ_BYTES = 64 * 1024
_exit = os._exit


class Nursery:
    """The worker's end."""

    def __init__(self, confinement: Confinement) -> None:
        self.control, inner = socket.socketpair()
        self._reader = frames.FrameReader()
        worker = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            self.control.close()
            _serve(inner, confinement, worker)
        inner.close()

    def start(
        self, request: RunRequest, *, link: int, output: int, log: int | None
    ) -> int:
        """Have a candidate's process born, on its end of the link; its id.

        With a `log`, for valgrind's words, it is inside of that.

        Raises:
            OSError: the nursery is gone, or can bear no more.
        """
        wanted: dict[str, object] = {
            "hidden": list(request.hidden),
            "cpu_seconds": request.cpu_seconds,
            "file_bytes": request.file_bytes,
            "address_space_bytes": request.address_space_bytes,
        }
        data = frames.encode(wanted)
        passed = [link, output, *(() if log is None else (log,))]
        sent = socket.send_fds(self.control, [data], passed)
        self.control.sendall(data[sent:])
        pid = self.next_word().get("pid")
        if type(pid) is not int:
            raise OSError("no process can be started for the candidate")
        return pid

    def next_word(self) -> dict[str, Any]:
        """Wait for what the nursery says next.

        Raises:
            OSError: it is gone.
        """
        while True:
            for frame in self._reader.feed(b""):
                return frame
            data = self.control.recv(_READ_BYTES)
            if not data:
                raise OSError("the process that starts candidates is gone")
            for frame in self._reader.feed(data):
                return frame


def _serve(control: socket.socket, confinement: Confinement, worker: int) -> NoReturn:
    status = 1
    try:
        descendants.signal_at_parents_death(signal.SIGKILL)
        if os.getppid() != worker:
            _exit(1)
        # The worker's own channel is not for this process.
        rules = [rule.descriptor for rule in confinement.rules]
        group = confinement.group.descriptors if confinement.group else ()
        limits.close_all_but(control.fileno(), *rules, *group)
        gc.freeze()
        _answer_requests(control, confinement)
        status = 0
    finally:
        _exit(status)


def _answer_requests(control: socket.socket, confinement: Confinement) -> None:
    ended, wake = os.pipe()
    for descriptor in (ended, wake):
        os.set_blocking(descriptor, False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    reader = frames.FrameReader()
    descriptors: list[int] = []
    while True:
        for ready in select.select([control, ended], [], [])[0]:
            if ready is control:
                data, received, _, _ = socket.recv_fds(control, _READ_BYTES, 3)
                if not data:
                    return
                descriptors += received
                for wanted in reader.feed(data):
                    pid = _bear(confinement, wanted, descriptors)
                    descriptors.clear()
                    control.sendall(frames.encode({"pid": pid}))
            else:
                _tell_of_deaths(ended, control)


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


def _bear(
    confinement: Confinement, wanted: dict[str, Any], descriptors: list[int]
) -> int | None:
    link, output, *logs = descriptors
    nursery = os.getpid()
    try:
        pid = os.fork()
    except OSError:
        pid = None
    if pid == 0:
        _live(confinement, wanted, nursery=nursery, link=link, output=output, logs=logs)
    for descriptor in (link, output, *logs):
        os.close(descriptor)
    return pid


def _live(
    confinement: Confinement,
    wanted: dict[str, Any],
    *,
    nursery: int,
    link: int,
    output: int,
    logs: list[int],
) -> NoReturn:
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        descendants.signal_at_parents_death(signal.SIGKILL)
        if os.getppid() != nursery:
            _exit(1)
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
        for name in [n for n in sys.modules if n.partition(".")[0] == "orps_sandbox"]:
            del sys.modules[name]
        sys.modules["__main__"] = types.ModuleType("__main__")
        sys.argv = ["pytest"]
        signal.signal(signal.SIGINT, signal.default_int_handler)
        candidate.serve(link, root=root, hidden=hidden)
    finally:
        _exit(1)
