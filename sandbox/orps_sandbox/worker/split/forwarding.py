# pyright: basic
"""What a candidate prints, logs and warns, as data for the judge."""

from __future__ import annotations

import io
import logging
import sys
import warnings
from collections.abc import Callable
from typing import Any

from orps_sandbox.worker.split.link import LinkLost

_FLUSH_CHARACTERS = 64 * 1024


class Forwarding:
    """Collects in the candidate's process; goes out with the next message."""

    def __init__(self, tell: Callable[[dict[str, Any]], None]) -> None:
        self._tell = tell
        self._pieces: list[list[Any]] = []
        self._n_characters = 0
        sys.stdout = _Stream(lambda text: self._add(["out", text]))
        sys.stderr = _Stream(lambda text: self._add(["err", text]))
        sys.__stdout__, sys.__stderr__ = sys.stdout, sys.stderr  # type: ignore[misc]
        root = logging.getLogger()
        root.handlers[:] = [_Handler(self._add)]
        root.setLevel(logging.NOTSET)
        warnings.simplefilter("always")
        warnings.showwarning = self._warn

    def add_to(self, message: dict[str, Any]) -> None:
        if self._pieces:
            message["out"] = self._pieces[:]
            self._pieces.clear()
            self._n_characters = 0

    def _add(self, piece: list[Any]) -> None:
        self._pieces.append(piece)
        self._n_characters += 16 + sum(len(p) for p in piece if isinstance(p, str))
        if self._n_characters > _FLUSH_CHARACTERS:
            message: dict[str, Any] = {}
            self.add_to(message)
            try:
                self._tell(message)
            except LinkLost:
                return

    def _warn(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        *_: object,
    ) -> None:
        kinds = [f"{k.__module__}:{k.__qualname__}" for k in category.__mro__]
        self._add(["warn", str(message), filename, lineno, *kinds[:8]])


class _Handler(logging.Handler):
    def __init__(self, add: Callable[[list[Any]], None]) -> None:
        super().__init__()
        self._add = add

    def emit(self, record: logging.LogRecord) -> None:
        self._add(
            ["log", record.name, record.levelno, record.getMessage(), record.funcName]
        )


class _Bytes(io.RawIOBase):
    def __init__(self, write: Callable[[str], None]) -> None:
        self._write_text = write

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        text = bytes(data).decode("utf-8", "backslashreplace")
        self._write_text(text)
        return len(data)


class _Stream(io.TextIOBase):
    """A text file without a descriptor, like the one that pytest gives to tests."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write_text = write
        self.buffer = _Bytes(write)

    def writable(self) -> bool:
        return True

    def write(self, s: str) -> int:
        if not isinstance(s, str):
            raise TypeError(f"write() argument must be str, not {type(s).__name__}")
        for start in range(0, len(s), _FLUSH_CHARACTERS):
            self._write_text(s[start : start + _FLUSH_CHARACTERS])
        return len(s)
