"""What a run tells the worker, over a pipe that only they share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from orps_sandbox.worker import frames

if TYPE_CHECKING:
    from collections.abc import Callable


class Reporter:
    """Sends frames that carry the nonce of this run."""

    def __init__(self, descriptor: int, nonce: str) -> None:
        self._descriptor = descriptor
        self._nonce = nonce
        self._held = b""
        # Bound now, because a candidate may patch the module later.
        self._write: Callable[[int, bytes | memoryview], int] = os.write

    def become(self, descriptor: int, nonce: str) -> None:
        """Speak from now on for another run, to whoever listens there."""
        self._descriptor, self._nonce = descriptor, nonce

    def hold(self, kind: str, **fields: object) -> None:
        """Say it with what comes next: each word by itself would wake the worker."""
        self._held += frames.encode({"nonce": self._nonce, "kind": kind, **fields})

    def send(self, kind: str, **fields: object) -> None:
        self.hold(kind, **fields)
        self.flush()

    def flush(self) -> None:
        data, self._held = memoryview(self._held), b""
        while data:
            data = data[self._write(self._descriptor, data) :]
