# pyright: basic
"""Finds the function that a definition made, and gives it another body."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orps_sandbox.worker.split.targets import Target

_MAX_WRAPPERS = 12


def plain_function(value: object, *, name: str, file: str) -> FunctionType | None:
    """The function of this name and file below whatever decorators made of it."""
    pending, seen = [value], 0
    while pending and seen < _MAX_WRAPPERS:
        found = pending.pop(0)
        seen += 1
        if isinstance(found, FunctionType):
            code = found.__code__
            if code.co_name == name and code.co_filename == file:
                return found
        pending += _below(found)
    return None


def _below(value: object) -> Iterator[object]:
    for name in ("__wrapped__", "__func__", "fget", "func"):
        try:
            inner = inspect.getattr_static(value, name, None)
            if inner is not None:
                yield getattr(value, name)
        except Exception:  # noqa: BLE001, S112 - a decorator may make anything
            continue
    if isinstance(value, FunctionType):
        for cell in value.__closure__ or ():
            try:
                yield cell.cell_contents
            except ValueError:
                continue
    elif isinstance(value, functools.partial):
        yield value.func
    elif hasattr(value, "__dict__") and not isinstance(value, type):
        yield from list(vars(value).values())[:_MAX_WRAPPERS]


class _Asking:
    """Takes the place of the text in the code below."""

    def __init__(self, ask: Callable[[Any, Any], Any]) -> None:
        self._ask = ask

    def translate(self, call: tuple[Any, Any]) -> Any:
        __tracebackhide__ = True
        return self._ask(*call)


def _plain(*args: Any, **kwargs: Any) -> Any:
    __tracebackhide__ = True
    return "ORPS".translate((args, kwargs))  # type: ignore[arg-type]


async def _async(*args: Any, **kwargs: Any) -> Any:
    __tracebackhide__ = True
    return await "ORPS".translate((args, kwargs))  # type: ignore[misc, arg-type]


def replace_body(
    function: FunctionType, ask: Callable[[Any, Any], Any], *, is_async: bool
) -> bool:
    """Have this very object ask, wherever it is referred to; `False` if it cannot.

    A function with variables of an enclosing one keeps their number for good.
    """
    if function.__code__.co_freevars:
        return False
    try:
        signature = inspect.signature(function)
    except (ValueError, TypeError):
        signature = None
    function.__code__ = _code(function.__name__, ask, is_async=is_async)
    function.__defaults__ = None
    function.__kwdefaults__ = None  # type: ignore[assignment]
    if signature is not None:
        function.__signature__ = signature  # type: ignore[attr-defined]
    return True


def new_function(
    like: object,
    target: Target,
    ask: Callable[[Any, Any], Any],
    namespace: dict[str, Any],
) -> FunctionType:
    """A function that asks, with the name and signature of `like`."""
    name = target.path[-1]
    code = _code(name, ask, is_async=target.is_async)
    made = FunctionType(code, namespace, name)
    made.__qualname__ = ".".join(target.path)
    made.__module__ = str(namespace.get("__name__"))
    made.__doc__ = getattr(like, "__doc__", None)
    try:
        made.__signature__ = inspect.signature(like)  # type: ignore[attr-defined, arg-type]
    except (ValueError, TypeError):
        pass
    return made


def _code(name: str, ask: Callable[[Any, Any], Any], *, is_async: bool) -> CodeType:
    template = (_async if is_async else _plain).__code__
    constants = tuple(
        _Asking(ask) if constant == "ORPS" else constant
        for constant in template.co_consts
    )
    return template.replace(co_consts=constants, co_name=name)
