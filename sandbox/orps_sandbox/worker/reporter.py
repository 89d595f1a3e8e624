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
        # Bound now, because a candidate may patch the module later.
        self._write: Callable[[int, bytes | memoryview], int] = os.write

    def become(self, descriptor: int, nonce: str) -> None:
        """Speak from now on for another run, to whoever listens there."""
        self._descriptor, self._nonce = descriptor, nonce

    def send(self, kind: str, **fields: object) -> None:
        data = memoryview(frames.encode({"nonce": self._nonce, "kind": kind, **fields}))
        while data:
            data = data[self._write(self._descriptor, data) :]
