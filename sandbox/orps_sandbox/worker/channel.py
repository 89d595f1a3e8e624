"""The worker's side of its stdin and stdout."""

from __future__ import annotations

import os
import select
from typing import Any

from orps_sandbox.worker.frames import FrameReader, encode

_READ_BYTES = 64 * 1024


class Channel:
    """Frames to and from the executor; nobody else keeps these descriptors."""

    def __init__(self) -> None:
        self._input = os.dup(0)
        self._output = os.dup(1)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)
        self._reader = FrameReader()
        self._frames: list[dict[str, Any]] = []
        self._held: list[dict[str, object]] = []
        self.closed = False

    def receive(self) -> dict[str, Any] | None:
        """Wait for the next frame; `None` when the executor is gone."""
        while not self._frames and not self.closed:
            self._read()
        return self._frames.pop(0) if self._frames else None

    def hold(self, frame: dict[str, object]) -> None:
        """Say it with what comes next, so that the executor does not wake for each."""
        self._held.append(frame)

    def send(self, frame: dict[str, object]) -> None:
        self._held.append(frame)
        self.flush()

    def flush(self) -> None:
        """Say what is held: it is known even if this process breaks."""
        data = memoryview(b"".join(map(encode, self._held)))
        self._held.clear()
        try:
            while data:
                data = data[os.write(self._output, data) :]
        except BrokenPipeError:
            self.closed = True

    def abandoned(self) -> bool:
        """Look, without waiting, whether the executor has closed its side."""
        while not self.closed and select.select([self._input], [], [], 0)[0]:
            self._read()
        return self.closed

    def waits(self, *, seconds: float) -> bool:
        """Whether something is there to be received, now or soon."""
        ready = self._frames or select.select([self._input], [], [], seconds)[0]
        return bool(ready)

    def release(self) -> None:
        """Leave the channel to a forked process that goes on with it."""
        os.close(self._input)
        os.close(self._output)

    def _read(self) -> None:
        data = os.read(self._input, _READ_BYTES)
        self.closed = not data
        self._frames += self._reader.feed(data)
