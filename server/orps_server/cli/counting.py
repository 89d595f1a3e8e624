"""How many parts of a large piece of work are done: a moving line on a terminal, else a line now and then."""

import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Protocol

from orps_server.cli.streams import tell

_LINE_SECONDS = 30.0


class Progress(Protocol):
    def started(self, n_total: int, what: str) -> None: ...

    def advanced(self, note: str) -> None: ...


@contextmanager
def open_progress() -> Generator[Progress]:
    if sys.stderr is None or not sys.stderr.isatty():
        yield LineProgress()
        return
    # rich takes a tenth of a second to import, which scripts need not pay.
    from orps_server.cli.counting_bar import open_bar  # noqa: PLC0415

    with open_bar() as bar:
        yield bar


class LineProgress:
    def __init__(self) -> None:
        self._n_done = self._n_total = 0
        self._said = time.monotonic()

    def started(self, n_total: int, what: str) -> None:
        self._n_total = n_total
        tell(f"{what}: {n_total}")

    def advanced(self, note: str) -> None:
        self._n_done += 1
        now = time.monotonic()
        if now - self._said >= _LINE_SECONDS or self._n_done == self._n_total:
            self._said = now
            tell(f"{self._n_done} of {self._n_total}: {note}")
