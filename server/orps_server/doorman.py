"""Greets the editor, and has the server loaded when there is something to do.

Loading takes ten times as long as answering `initialize`, and three times the memory;
many servers are started for windows in which nobody asks them anything. So the first
messages are read here, with little more than `json`:

- `initialize` is answered at once, by `greeting.py`;
- `initialized` and what is opened, typed, saved and closed is kept;
- anything else has the server loaded, which is given all that was kept and what
  follows; that it has been greeted for already is all that it has to know.

An editor that can be asked for its settings, or has sent some, has the server loaded
right after the greeting, and so has one that opens a file for which something was found
before: then there is something to say without being asked.
"""

import json
import os
import select
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from orps_server.greeting import declared, initialize_result

MAX_KEPT_BYTES = 8 * 1024 * 1024
"""More than this of unasked messages is somebody at work."""

_CHUNK_BYTES = 1 << 16

Json = Mapping[str, Any]
_KEPT = frozenset(
    {
        "initialized",
        "$/setTrace",
        "$/cancelRequest",
        "textDocument/didOpen",
        "textDocument/didChange",
        "textDocument/didSave",
        "textDocument/didClose",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What has been read so far, for the server to read first."""

    data: bytes
    greeted: str | int | None = None
    """Id of the `initialize` request that has its answer."""
    exit_status: int | None = None
    """The editor has left, and nothing needs to be loaded."""


class Door:
    """Standard input and output, seen as messages; pure but for `read` and `write`."""

    def __init__(
        self,
        read: Callable[[], bytes],
        write: Callable[[bytes], None],
        *,
        is_due: Callable[[str, Mapping[str, Any]], bool],
    ) -> None:
        """`is_due` says of a kept message whether the server has to be loaded for it.

        `read` returns nothing when the editor has hung up.
        """
        self._read = read
        self._write = write
        self._is_due = is_due
        self._kept = b""
        self._rest = b""
        self._greeted: str | int | None = None

    def attend(self) -> Kept:
        """Greet, and keep, until the server is needed or the editor has left."""
        while True:
            message = self._next()
            if message is None:
                return self._needed()
            if message == b"":
                return Kept(data=b"", exit_status=0)
            status = self._take(message)
            if status is not None:
                return status

    def _take(self, message: bytes) -> Kept | None:
        content = _content(message)
        method = content.get("method")
        if method == "exit":
            return Kept(data=b"", exit_status=1)
        self._kept += message
        if self._greeted is None:
            self._greet(content)
            is_kept = self._greeted is not None
        else:
            is_kept = method in _KEPT and len(self._kept) <= MAX_KEPT_BYTES
        params = content.get("params")
        known: Json = cast("Json", params) if isinstance(params, Mapping) else {}
        if is_kept and not self._is_due(str(method), known):
            return None
        return self._needed()

    def _greet(self, content: Json) -> None:
        """Answer `initialize`; what is not quite that is left to the server."""
        number = content.get("id")
        client = declared(content, "params", "capabilities")
        if isinstance(number, bool) or not isinstance(number, str | int):
            return
        if content.get("method") == "initialize" and isinstance(client, Mapping):
            result = initialize_result(cast("Json", client))
            self._write(framed({"jsonrpc": "2.0", "id": number, "result": result}))
            self._greeted = number

    def _needed(self) -> Kept:
        return Kept(data=self._kept + self._rest, greeted=self._greeted)

    def _next(self) -> bytes | None:
        """The next whole message; nothing at the end, `None` if it is none."""
        while True:
            head, separator, body = self._rest.partition(b"\r\n\r\n")
            if separator:
                length = _length(head)
                if length is None:
                    return None
                if len(body) >= length:
                    end = len(head) + len(separator) + length
                    message, self._rest = self._rest[:end], self._rest[end:]
                    return message
            if len(self._rest) > MAX_KEPT_BYTES:
                return None
            chunk = self._read()
            if not chunk:
                return b""
            self._rest += chunk


def _content(message: bytes) -> Json:
    """Of one message; nothing in it when it is not an object."""
    try:
        content: object = json.loads(message.partition(b"\r\n\r\n")[2])
    except (ValueError, RecursionError):
        return {}
    return cast("Json", content) if isinstance(content, dict) else {}


def framed(message: Mapping[str, Any]) -> bytes:
    body = json.dumps(message, separators=(",", ":")).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def _length(head: bytes) -> int | None:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            return int(value)
    return None


def wait_at_the_door() -> Kept:
    """Attend to this process's own standard input and output."""
    watch = _Editor()
    try:
        return Door(watch.read, _write_all, is_due=watch.is_due).attend()
    finally:
        watch.close()


class _Editor:
    """The process at the other end: what it sends, and whether it lives."""

    def __init__(self) -> None:
        self._process: int | None = None

    def read(self) -> bytes:
        if self._process is not None:
            ready, _, _ = select.select([0, self._process], [], [])
            if self._process in ready:
                return b""
        return os.read(0, _CHUNK_BYTES)

    def is_due(self, method: str, params: Mapping[str, Any]) -> bool:
        if method == "initialize":
            self._watch(params.get("processId"))
            if has_leftovers():
                threading.Thread(target=sweep_leftovers, daemon=True).start()
            return has_something_to_say(params)
        return method == "textDocument/didOpen" and was_searched(params)

    def close(self) -> None:
        if self._process is not None:
            os.close(self._process)

    def _watch(self, pid: object) -> None:
        try:
            self._process = os.pidfd_open(cast("int", pid))
        except (AttributeError, OSError, TypeError, OverflowError):
            # No such process here, or no such call: the end of the input has to do.
            self._process = None


def has_something_to_say(params: Mapping[str, Any]) -> bool:
    """Whether this client expects more than answers once it is initialized."""
    client = params.get("capabilities")
    return bool(
        params.get("initializationOptions")
        or declared(client, "workspace", "configuration")
        or declared(client, "workspace", "didChangeWatchedFiles", "dynamicRegistration")
        or declared(client, "experimental")
    )


def was_searched(params: Mapping[str, Any]) -> bool:
    """Whether results of an opened file are to be shown again."""
    # Imported late: an editor that opens nothing needs no database.
    from orps_server.store.peek import holds_any  # noqa: PLC0415

    uri = declared(params, "textDocument", "uri")
    parts = urlsplit(uri) if isinstance(uri, str) else None
    if parts is None or parts.scheme != "file":
        return False
    return holds_any(Path(unquote(parts.path)))


def has_leftovers() -> bool:
    """Whether a server that was killed has left a folder, which the next one removes."""
    folder = Path(tempfile.gettempdir())
    return next(folder.glob("orps-*"), None) is not None


def sweep_leftovers() -> None:
    """Remove what dead servers have left; those of living ones stay."""
    from orps_sandbox.scratch import sweep  # noqa: PLC0415

    sweep(Path(tempfile.gettempdir()))


def _write_all(data: bytes) -> None:
    while data:
        data = data[os.write(1, data) :]
