"""Work that parses Python, in a thread beside an event loop that parses, too.

CPython keeps one count for the syntax trees that all threads build. A collection of
garbage in the middle of one may run a finalizer, and with it another thread that
parses; the first then finds a count that is not its own and raises `SystemError: AST
constructor recursion depth mismatch` (python/cpython#106905). With two threads that do
nothing but parse, one tree in fifteen fails so. No garbage is collected while one of
these threads runs, and then none does.
"""

import gc
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from typing import ParamSpec, TypeVar

from anyio import to_thread

P = ParamSpec("P")
T = TypeVar("T")

_lock = threading.Lock()
"""Protects the next, which threads change."""
_n_running = 0


async def in_parsing_thread(
    work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Do it in a thread; one that is not waited for any more comes to its end alone."""
    return await to_thread.run_sync(
        partial(_uncollected_work, partial(work, *args, **kwargs)),
        abandon_on_cancel=True,
    )


def _uncollected_work(work: Callable[[], T]) -> T:
    with _uncollected():
        return work()


@contextmanager
def _uncollected() -> Generator[None]:
    global _n_running  # noqa: PLW0603 - as global as the collector is
    with _lock:
        _n_running += 1
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            _n_running -= 1
            if not _n_running:
                gc.enable()
