"""Counts the interpreter's instructions in the candidate's files.

The same program gives the same count on the same version of Python, whatever else the
machine does.  The candidate could change it: it runs in the same interpreter.
"""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import CodeType, FrameType

    from _typeshed import TraceFunction


@dataclass
class Counter:
    n: int = 0


@contextmanager
def counted(files: frozenset[str], counter: Counter) -> Generator[None]:
    """Add to the counter for as long as this is open."""
    count = _monitor if sys.version_info >= (3, 12) else _trace
    stop = count(files, counter)
    try:
        yield
    finally:
        stop()


def _trace(files: frozenset[str], counter: Counter) -> Callable[[], None]:
    before = sys.gettrace()

    def local(_frame: FrameType, event: str, _argument: object) -> TraceFunction:
        counter.n += event == "opcode"
        return local

    def called(
        frame: FrameType, _event: str, _argument: object
    ) -> TraceFunction | None:
        if frame.f_code.co_filename not in files:
            return None
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        return local

    sys.settrace(called)
    threading.settrace(called)

    def stop() -> None:
        sys.settrace(before)
        threading.settrace(before)

    return stop


if sys.version_info >= (3, 12):

    def _monitor(files: frozenset[str], counter: Counter) -> Callable[[], None]:
        monitoring = sys.monitoring
        tool = next(
            (each for each in (3, 4, 5, 2, 1) if monitoring.get_tool(each) is None),
            None,
        )
        if tool is None:
            return _trace(files, counter)
        events = monitoring.events

        def on_start(code: CodeType, _offset: int) -> object:
            if code.co_filename in files:
                monitoring.set_local_events(tool, code, events.INSTRUCTION)
            return monitoring.DISABLE

        def on_instruction(_code: CodeType, _offset: int) -> None:
            counter.n += 1

        monitoring.use_tool_id(tool, "orps-events")
        monitoring.register_callback(tool, events.PY_START, on_start)
        monitoring.register_callback(tool, events.INSTRUCTION, on_instruction)
        monitoring.set_events(tool, events.PY_START)
        monitoring.restart_events()

        def stop() -> None:
            monitoring.set_events(tool, events.NO_EVENTS)
            monitoring.register_callback(tool, events.PY_START, None)
            monitoring.register_callback(tool, events.INSTRUCTION, None)
            monitoring.free_tool_id(tool)

        return stop

else:
    _monitor = _trace
