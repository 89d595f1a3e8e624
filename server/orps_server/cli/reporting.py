"""Which kind of progress stderr gets: a moving line on a terminal, else few lines."""

import sys
from collections.abc import Generator
from contextlib import contextmanager

from orps_server.cli.progress import LineReporter, Reporter


@contextmanager
def open_reporter() -> Generator[Reporter]:
    if sys.stderr is None or not sys.stderr.isatty():
        yield LineReporter()
        return
    # rich takes a tenth of a second to import, which scripts need not pay.
    from orps_server.cli.progress_bar import open_bar  # noqa: PLC0415

    with open_bar() as bar:
        yield bar
