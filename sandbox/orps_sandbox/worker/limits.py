"""What a child does to itself before it meets the candidate."""

from __future__ import annotations

import math
import os
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

if sys.platform == "win32":
    # There, limits are a Job object's business.
    resource = None
else:
    import resource

if TYPE_CHECKING:
    from collections.abc import Generator

    from orps_sandbox.worker.request import RunRequest

_HEADROOM_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Limited:
    """What a process may use; `None` does not limit it."""

    cpu_seconds: float
    file_bytes: int
    address_space_bytes: int | None


def apply(request: Limited | RunRequest) -> None:
    if resource is None:
        return
    cpu = math.ceil(request.cpu_seconds)
    _limit(resource.RLIMIT_CPU, cpu, cpu + 1)
    _limit(resource.RLIMIT_FSIZE, request.file_bytes, request.file_bytes)
    _limit(resource.RLIMIT_CORE, 0, 0)
    if request.address_space_bytes is not None:
        soft = request.address_space_bytes
        _limit(resource.RLIMIT_AS, soft, soft + _HEADROOM_BYTES)


@contextmanager
def headroom(needed: bool) -> Generator[None]:
    """Let pytest report a `MemoryError` while the frames that hold it all are alive."""
    if not needed or resource is None:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    _limit(resource.RLIMIT_AS, hard, hard)
    try:
        yield
    finally:
        _limit(resource.RLIMIT_AS, soft, hard)


class Memory:
    """Holds the limit of memory only while the candidate's own code runs.

    What talks for it needs some even when the candidate has taken all it may.
    """

    def __init__(self) -> None:
        limit = None if resource is None else resource.getrlimit(resource.RLIMIT_AS)
        self._soft, self._hard = limit or (0, 0)
        if resource is not None:
            _limit(resource.RLIMIT_AS, self._hard, self._hard)

    def __enter__(self) -> None:
        if resource is not None:
            _limit(resource.RLIMIT_AS, self._soft, self._hard)

    def __exit__(self, *_: object) -> None:
        if resource is not None:
            _limit(resource.RLIMIT_AS, self._hard, self._hard)


def use_real_output() -> None:
    """Connect `print` to the descriptors that the worker drains."""
    sys.stdout = _stream(1)
    sys.stderr = _stream(2)


def close_all_but(*kept: int) -> None:
    """Close what a fork inherits; the worker's own channel above all."""
    try:
        highest = os.sysconf("SC_OPEN_MAX")
    except (ValueError, OSError):
        highest = 4096
    first = 3
    for descriptor in sorted(kept):
        os.closerange(first, descriptor)
        first = descriptor + 1
    os.closerange(first, max(highest, first))


def _limit(which: int, soft: int, hard: int) -> None:
    assert resource is not None
    # A stricter limit that the server itself runs under stays as it is.
    with suppress(ValueError, OSError):
        resource.setrlimit(which, (soft, hard))


def _stream(descriptor: int) -> TextIO:
    return open(
        descriptor,
        "w",
        encoding="utf-8",
        errors="backslashreplace",
        buffering=1,
        closefd=False,
    )
