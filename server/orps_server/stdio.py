"""The two ends of the pipe to the editor."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from typing import BinaryIO


def claim_stdout() -> BinaryIO:
    """Take standard output for messages; what is printed from now on goes to stderr."""
    sys.stdout.flush()
    messages = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return messages


def read_stdin(first: bytes = b"") -> asyncio.StreamReader:
    """Feed a stream from standard input, whatever kind of file that is.

    It begins with `first`, which somebody has read from there before.

    The thread is a daemon and holds no lock: when the server leaves for another
    reason than the end of its input, it does not wait for a read that never returns.
    """
    reader = asyncio.StreamReader()
    if first:
        reader.feed_data(first)
    loop = asyncio.get_running_loop()
    threading.Thread(
        target=_feed, args=(0, reader, loop), name="stdin", daemon=True
    ).start()
    return reader


class Output:
    """Writes whole messages; an editor that is gone is told of, not raised about."""

    def __init__(self, stream: BinaryIO, *, on_lost: Callable[[], None]) -> None:
        self._stream = stream
        self._on_lost = on_lost

    def write(self, data: bytes) -> None:
        try:
            self._stream.write(data)
            self._stream.flush()
        except (OSError, ValueError):
            self._on_lost()

    def close(self) -> None:
        self._stream.close()


def _feed(
    descriptor: int, reader: asyncio.StreamReader, loop: asyncio.AbstractEventLoop
) -> None:
    try:
        while chunk := os.read(descriptor, 1 << 16):
            loop.call_soon_threadsafe(reader.feed_data, chunk)
        loop.call_soon_threadsafe(reader.feed_eof)
    except RuntimeError:
        # The loop is closed: the server has left.
        return
    except OSError:
        loop.call_soon_threadsafe(reader.feed_eof)
