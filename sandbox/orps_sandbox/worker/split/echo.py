# pyright: basic
"""Repeats, in the judge, what a candidate has printed, logged, warned and raised."""

from __future__ import annotations

import logging
import sys
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orps_sandbox.worker.split.graph import Graph

_MAX_TRACE = 40


def repeat(message: dict[str, Any], graph: Graph) -> None:
    pieces = message.get("out")
    for piece in pieces if type(pieces) is list else ():
        if type(piece) is list and all(type(p) in {str, int} for p in piece):
            _print_piece(piece, graph)


def trace_text(frames: object) -> str:
    lines: list[str] = []
    for frame in frames[:_MAX_TRACE] if type(frames) is list else ():
        if type(frame) is list and len(frame) == 4:  # noqa: PLR2004
            name, line, function, text = map(str, frame)
            lines += [f"{name}:{line}: in {function}", f"    {text}"]
    return "\n".join(lines)


def _print_piece(piece: list[Any], graph: Graph) -> None:
    kind, *parts = piece
    if kind == "out" and parts:
        sys.stdout.write(str(parts[0]))
    elif kind == "err" and parts:
        sys.stderr.write(str(parts[0]))
    elif kind == "log" and len(parts) == 4:  # noqa: PLR2004
        logger = logging.getLogger(str(parts[0]))
        level = parts[1] if type(parts[1]) is int else logging.INFO
        if logger.isEnabledFor(level):
            record = logger.makeRecord(
                logger.name, level, "", 0, "%s", (str(parts[2]),), None, str(parts[3])
            )
            record.msg, record.args = str(parts[2]), ()
            logger.handle(record)
    elif kind == "warn" and len(parts) > 3:  # noqa: PLR2004
        known = (graph.names.exception(str(name)) for name in parts[3:])
        category = next((k for k in known if k and issubclass(k, Warning)), UserWarning)
        line = parts[2] if type(parts[2]) is int else 0
        warnings.warn_explicit(str(parts[0]), category, str(parts[1]), line)
