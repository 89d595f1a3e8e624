"""Length-prefixed JSON between processes that do not trust each other.

Never pickle, never eval, never a parsed stdout: a frame is four bytes of length and
that many bytes of JSON whose top level is an object.  Both sides import this module.
"""

from __future__ import annotations

import json
import os
import struct
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_FRAME_BYTES = 8 * 1024 * 1024
_READ_BYTES = 64 * 1024
_HEADER = struct.Struct(">I")

# Bound once: a candidate that patches the `json` module must not reach the reports.
_encode = json.JSONEncoder().encode
_decode = json.JSONDecoder().decode


class FrameError(ValueError):
    """Raised when bytes are not a frame; whoever sent them is not to be believed."""


def encode(frame: Mapping[str, object]) -> bytes:
    body = _encode(dict(frame)).encode("ascii")
    return _HEADER.pack(len(body)) + body


def decode(body: bytes) -> dict[str, object]:
    """Read the part of a frame after its length."""
    try:
        # RecursionError is what deep nesting gives; ValueError covers the rest.
        value = _decode(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise FrameError(f"not JSON: {error}") from error
    if not isinstance(value, dict):
        raise FrameError("not a JSON object")
    return cast("dict[str, object]", value)


class FrameReader:
    """Cuts a stream of bytes into frames, whatever pieces it arrives in."""

    def __init__(
        self,
        *,
        max_total_bytes: int | None = None,
        max_frame_bytes: int = MAX_FRAME_BYTES,
    ) -> None:
        self._max_frame_bytes = max_frame_bytes
        self._pending = bytearray()
        self._total = 0
        self._max_total_bytes = max_total_bytes

    def feed(self, data: bytes) -> Iterator[dict[str, object]]:
        """Yield the frames that `data` completes; raise `FrameError` on nonsense."""
        self._total += len(data)
        if self._max_total_bytes is not None and self._total > self._max_total_bytes:
            raise FrameError("too much data")
        self._pending += data
        while len(self._pending) >= _HEADER.size:
            (length,) = _HEADER.unpack_from(self._pending)
            if length > self._max_frame_bytes:
                raise FrameError(f"a frame of {length} bytes")
            end = _HEADER.size + length
            if len(self._pending) < end:
                return
            body = bytes(self._pending[_HEADER.size : end])
            del self._pending[:end]
            yield decode(body)


def received(descriptor: int) -> dict[str, Any] | None:
    """Wait for one frame, and close; `None` where the other side wants nothing."""
    reader = FrameReader()
    try:
        while True:
            data = os.read(descriptor, _READ_BYTES)
            if not data:
                return None
            for frame in reader.feed(data):
                return frame
    finally:
        os.close(descriptor)
