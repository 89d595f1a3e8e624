# pyright: basic
"""What a candidate may hold of the tests, and what it may do with that."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from orps_sandbox.worker.split import handles
from orps_sandbox.worker.split.leaves import Unreadable

if TYPE_CHECKING:
    from orps_sandbox.worker.split.graph import Graph
    from orps_sandbox.worker.split.guard import Guard


def check_given(value: object, graph: Graph, guard: Guard) -> None:
    """Called for each object of a test that the candidate gets a handle to."""
    if (
        inspect.isawaitable(value)
        or inspect.iscoroutinefunction(value)
        or inspect.isasyncgenfunction(value)
        or hasattr(type(value), "__anext__")
        or hasattr(type(value), "__aenter__")
    ):
        guard.refuse("the test passes something to wait for to the target")
    if inspect.isframe(value) or inspect.istraceback(value) or inspect.iscode(value):
        raise TypeError("frames and code are not passed on")
    base = type(value)
    if graph.names.is_own(base) or any(
        graph.names.is_own(kind) for kind in base.__mro__
    ):
        guard.refuse("the test derives from a class of the module")


def check_operation(value: object, operation: str) -> None:
    """Keep a candidate to the surface of what it was given.

    Raises:
        Unreadable: the operation leads into the interpreter, or changes code.
    """
    mark, name = operation[:1], operation[1:]
    if mark not in {".", "=", "-"}:
        return
    if name.startswith(("__", *handles.CLOSED)):
        raise Unreadable("leads into the interpreter")
    if mark != "." and (inspect.isroutine(value) or isinstance(value, type)):
        raise Unreadable("changes code")
