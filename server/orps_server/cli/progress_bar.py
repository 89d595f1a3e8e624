"""The moving line on a terminal."""

from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from orps_search.events import Progressed
from orps_server.cli.progress import best_line, measuring_line, start_line
from orps_server.engine import Job


@contextmanager
def open_bar() -> Generator["BarReporter"]:
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TimeElapsedColumn(),
        console=Console(stderr=True, highlight=False),
        transient=True,
    ) as progress:
        yield BarReporter(progress)


class BarReporter:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("finding the tests", total=None)

    def started(self, job: Job) -> None:
        for note in job.notes:
            self._progress.console.print(note, style="dim", markup=False)
        self._progress.update(self._task, description=start_line(job))

    def progressed(self, event: Progressed) -> None:
        best = best_line(event.ranking[0]) if event.ranking else "no candidate yet"
        self._progress.update(
            self._task,
            description=best,
            completed=event.n_done,
            total=event.n_max,
        )

    def measuring(self, n_finalists: int) -> None:
        self._progress.update(
            self._task, description=measuring_line(n_finalists), total=None
        )
