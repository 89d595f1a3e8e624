"""Which lines of the candidate's files a case executes.

`sys.monitoring` from Python 3.12 on: each line is reported once per case and costs
nothing afterwards. Before that `sys.settrace`, which slows every line of these files
down, and nothing else.
"""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import CodeType, FrameType

    from _typeshed import TraceFunction


@contextmanager
def traced(files: frozenset[str]) -> Generator[set[int]]:
    """Collect line numbers for as long as this is open; the set grows meanwhile."""
    seen: set[int] = set()
    stop = _monitor(files, seen) if sys.version_info >= (3, 12) else _trace(files, seen)
    try:
        yield seen
    finally:
        stop()


def _trace(files: frozenset[str], seen: set[int]) -> Callable[[], None]:
    before = sys.gettrace()

    def local(frame: FrameType, event: str, _argument: object) -> TraceFunction:
        if event == "line":
            seen.add(frame.f_lineno)
        return local

    def called(
        frame: FrameType, _event: str, _argument: object
    ) -> TraceFunction | None:
        return local if frame.f_code.co_filename in files else None

    sys.settrace(called)
    threading.settrace(called)

    def stop() -> None:
        sys.settrace(before)
        threading.settrace(before)

    return stop


if sys.version_info >= (3, 12):

    def _monitor(files: frozenset[str], seen: set[int]) -> Callable[[], None]:
        monitoring = sys.monitoring
        tool = next(
            (each for each in (3, 4, 5, 2, 1) if monitoring.get_tool(each) is None),
            None,
        )
        if tool is None:
            return _trace(files, seen)

        def on_line(code: CodeType, line: int) -> object:
            if code.co_filename in files:
                seen.add(line)
            return monitoring.DISABLE

        lines = monitoring.events.LINE
        monitoring.use_tool_id(tool, "orps")
        monitoring.register_callback(tool, lines, on_line)
        monitoring.set_events(tool, lines)
        # What an earlier case has switched off is of interest again.
        monitoring.restart_events()

        def stop() -> None:
            monitoring.set_events(tool, monitoring.events.NO_EVENTS)
            monitoring.register_callback(tool, lines, None)
            monitoring.free_tool_id(tool)

        return stop

else:
    _monitor = _trace
