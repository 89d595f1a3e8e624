# pyright: basic
"""What one side does with its own object when the other asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from orps_sandbox.worker.split.leaves import Unreadable

_OF_GENERATORS = ("send", "throw", "close")


def perform(
    value: Any,
    operation: str,
    args: list[Any],
    kwargs: dict[str, Any],
    *,
    allowed: frozenset[str],
    wait: Callable[[Any], Any],
) -> Any:
    """Read, set or delete an attribute, or call a method; `wait` ends awaitables.

    Raises:
        Unreadable: there is no such operation.
    """
    if operation[:1] == ".":
        return getattr(value, operation[1:])
    if operation[:1] == "=":
        return setattr(value, operation[1:], *args)
    if operation[:1] == "-":
        return delattr(value, operation[1:])
    if operation in _OF_GENERATORS:
        return getattr(value, operation)(*args)
    if operation not in allowed:
        raise Unreadable(f"no such operation: {operation!r}")
    if operation == "__await__":
        return wait(value)
    if operation == "__call__":
        return value(*args, **kwargs)
    result = getattr(type(value), operation)(value, *args, **kwargs)
    return (
        wait(result) if operation.startswith("__a") and _is_async(operation) else result
    )


def _is_async(operation: str) -> bool:
    return operation in {"__anext__", "__aenter__", "__aexit__"}
