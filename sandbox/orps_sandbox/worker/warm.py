"""The worker's end of a session that has collected the tests and stands by."""

from __future__ import annotations

import json
import os
import selectors
import time
from typing import TYPE_CHECKING, Any

from orps_sandbox.worker import child
from orps_sandbox.worker.forkserver import ForkServer
from orps_sandbox.worker.frames import FrameError, FrameReader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from orps_sandbox.worker.confinement import Confinement
    from orps_sandbox.worker.request import RunRequest

MAX_AGE_SECONDS = 120.0
"""After which tests are collected again: modules may have noted the time."""
_TICK_SECONDS = 0.05
_READ_BYTES = 64 * 1024
_MAX_REPORT_BYTES = 32 * 1024 * 1024
_AS_BEFORE = frozenset({"born", "collecting"})


class NotWarm(Exception):
    """Raised when the tests cannot be collected once for all runs."""


class WarmSession:
    """A process that has collected the tests of one request, for others like it."""

    def __init__(
        self,
        request: RunRequest,
        confinement: Confinement,
        *,
        nonce: str,
        abandoned: Callable[[], bool],
    ) -> None:
        """Collect, with the person's own text and no candidate.

        Raises:
            NotWarm: that is not possible; the copy may have been changed.
        """
        self.output = b""
        """What collecting has printed, which belongs to the output of each run."""
        before = _stamps(confinement.copy_root)
        self._collected_at = time.monotonic()
        result, result_writer = os.pipe()
        output, output_writer = os.pipe()
        self.server = ForkServer(
            lambda control: child.stand_by(
                request,
                confinement,
                control=control,
                result=result_writer,
                output=output_writer,
                nonce=nonce,
            )
        )
        os.close(result_writer)
        os.close(output_writer)
        stands = False
        try:
            self._watch(request, nonce, abandoned, result, output)
            if _stamps(confinement.copy_root) != before or not confinement.is_clean():
                raise NotWarm("collecting writes files")
            stands = True
        finally:
            os.close(result)
            os.close(output)
            if not stands:
                self.close()

    @property
    def is_fresh(self) -> bool:
        """Whether it lives, and has not stood by for too long."""
        age = time.monotonic() - self._collected_at
        return age < MAX_AGE_SECONDS and self.server.is_alive

    def close(self) -> None:
        self.server.close()

    def _watch(
        self,
        request: RunRequest,
        nonce: str,
        abandoned: Callable[[], bool],
        result: int,
        output: int,
    ) -> None:
        """Wait until it stands by, or raise `NotWarm` when it never will."""
        reader = FrameReader(max_total_bytes=_MAX_REPORT_BYTES)
        deadline = time.monotonic() + request.wall_seconds
        with selectors.DefaultSelector() as selector:
            selector.register(result, selectors.EVENT_READ)
            selector.register(output, selectors.EVENT_READ)
            while time.monotonic() < deadline and not abandoned():
                for key, _ in selector.select(_TICK_SECONDS):
                    data = os.read(key.fd, _READ_BYTES)
                    if key.fd == output:
                        self.output += data
                        if len(self.output) > request.output_bytes:
                            raise NotWarm("collecting floods the output")
                        if not data:
                            selector.unregister(output)
                    elif not data:
                        raise NotWarm("collecting ends the process")
                    elif _stands(reader, data, nonce):
                        self.output += _rest(output)
                        return
        raise NotWarm("collecting takes too long")


def _stands(reader: FrameReader, data: bytes, nonce: str) -> bool:
    try:
        for frame in reader.feed(data):
            if frame.get("nonce") != nonce:
                raise NotWarm("not from our plugin")
            if frame["kind"] == "standing":
                return True
            if frame["kind"] not in _AS_BEFORE:
                raise NotWarm(str(frame.get("message") or frame["kind"]))
    except FrameError as error:
        raise NotWarm(str(error)) from None
    return False


def _rest(descriptor: int) -> bytes:
    os.set_blocking(descriptor, False)
    try:
        return os.read(descriptor, _READ_BYTES)
    except BlockingIOError:
        return b""


def key_of(request: RunRequest) -> str:
    """Equal for requests that the same session serves."""
    frame: Mapping[str, Any] = request.frame
    split = frame["split"]
    parts = [
        frame[name]
        for name in (
            "node_ids",
            "doctests",
            "import_roots",
            "docstrings",
            "pytest_args",
        )
    ]
    return json.dumps([*parts, split["hidden"], sorted(split["sources"])])


def _stamps(root: str) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for folder, _, files in os.walk(root):
        for path in (folder, *(f"{folder}/{name}" for name in files)):
            status = os.lstat(path)
            found[path] = (status.st_mode, status.st_ino, status.st_ctime_ns)
    return found
