"""The moving line for many parts on a terminal."""

from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


@contextmanager
def open_bar() -> Generator["CountingBar"]:
    with Progress(
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
        console=Console(stderr=True, highlight=False),
        transient=True,
    ) as progress:
        yield CountingBar(progress)


class CountingBar:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("reading", total=None)

    def started(self, n_total: int, what: str) -> None:
        self._progress.update(self._task, total=n_total, description=what)

    def advanced(self, note: str) -> None:
        self._progress.update(self._task, advance=1, description=note)
