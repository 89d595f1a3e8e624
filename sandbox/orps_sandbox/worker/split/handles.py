# pyright: basic
"""Objects that stay where they are, and what stands for them on the other side.

What can be done with a handle from afar is a short list.  The judge's list for the
candidate's objects lacks everything that compares or computes: an object that the
candidate has made equals nothing but itself, whatever its own methods would say.
"""

from __future__ import annotations

import inspect
import weakref
from collections.abc import Callable
from typing import Any

from orps_sandbox.worker.split.leaves import Unreadable

_SHARED = (
    "__call__", "__iter__", "__next__", "__len__", "__getitem__", "__setitem__",
    "__delitem__", "__str__", "__repr__", "__bool__", "__enter__", "__exit__",
    "__reversed__", "__aiter__", "__anext__", "__aenter__", "__aexit__", "__await__",
)  # fmt: skip
FOR_TESTS = frozenset(_SHARED)
FOR_CANDIDATES = frozenset({
    *_SHARED, "__contains__", "__hash__", "__int__", "__float__", "__index__",
    "__format__", "__abs__", "__neg__", "__pos__", "__invert__", "__round__",
    "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__complex__",
    "__divmod__", "__rdivmod__", "__fspath__", "__bytes__",
    *(f"__{prefix}{name}__"
      for name in ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow",
                   "lshift", "rshift", "and", "or", "xor")
      for prefix in ("", "r", "i")),
})  # fmt: skip
_ASYNC = frozenset({"__anext__", "__aenter__", "__aexit__"})
CLOSED = ("gi_", "cr_", "ag_", "f_", "tb_", "co_", "func_")
"""Attributes with these beginnings lead from an object into the interpreter."""

Ask = Callable[[int, str, "tuple[Any, ...]", "dict[str, Any]"], Any]


class Remote:
    """The base of all stand-ins; a subclass has the methods that its original has."""

    def __init__(self, number: int, handles: HandleTable) -> None:
        object.__setattr__(self, "_orps_number", number)
        object.__setattr__(self, "_orps_handles", handles)

    def __getattr__(self, name: str) -> Any:
        if name.startswith(("__", "_orps")):
            raise AttributeError(name)
        return _ask(self, "." + name)

    def __setattr__(self, name: str, value: object) -> None:
        _ask(self, "=" + name, value)

    def __delattr__(self, name: str) -> None:
        _ask(self, "-" + name)

    def __del__(self) -> None:
        try:
            self._orps_handles.released.append(self._orps_number)
        except AttributeError:
            return


def _ask(remote: Any, operation: str, *args: Any, **kwargs: Any) -> Any:
    __tracebackhide__ = True
    handles: HandleTable = object.__getattribute__(remote, "_orps_handles")
    number: int = object.__getattribute__(remote, "_orps_number")
    return handles.ask(number, operation, args, kwargs)


def _method(name: str) -> Any:
    if name in _ASYNC:

        async def coroutine(self: Any, *args: Any) -> Any:
            __tracebackhide__ = True
            return _ask(self, name, *args)

        return coroutine
    if name == "__await__":

        def wait(self: Any) -> Any:
            __tracebackhide__ = True
            return _ask(self, name)
            yield

        return wait

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        return _ask(self, name, *args, **kwargs)

    method.__name__ = name
    return method


_METHODS = {name: _method(name) for name in FOR_CANDIDATES}


class HandleTable:
    """One side's objects that the other knows, and its stand-ins for the other's."""

    def __init__(
        self,
        ask: Ask,
        *,
        step: int,
        allowed: frozenset[str],
        check: Callable[[object], None],
    ) -> None:
        self.ask = ask
        self.released: list[int] = []
        """Stand-ins that are gone; the other side is told with the next message."""
        self._step = step
        self._allowed = allowed
        self._check = check
        self._last = 0
        self._own: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}
        self._proxies: weakref.WeakValueDictionary[int, Any] = (
            weakref.WeakValueDictionary()
        )
        self._classes: dict[str, type[Remote]] = {}

    def wire(self, value: object) -> list[Any]:
        kind = type(value)
        if issubclass(kind, Remote):
            return ["h", object.__getattribute__(value, "_orps_number"), ""]
        number = self._numbers.get(id(value))
        if number is None:
            self._check(value)
            self._last += self._step
            number = self._last
            self._own[number] = value
            self._numbers[id(value)] = number
        return ["h", number, hint_of(value)]

    def read(self, number: int, hint: str) -> object:
        if number * self._step > 0:
            return self.own(number)
        found = self._proxies.get(number)
        if found is None:
            found = self._stand_in(number, hint)
            self._proxies[number] = found
        return found

    def own(self, number: object) -> Any:
        if type(number) is not int or number not in self._own:
            raise Unreadable("no such handle")
        return self._own[number]

    def release(self, numbers: Any) -> None:
        for number in numbers if type(numbers) is list else ():
            if type(number) is int and number in self._own:
                del self._numbers[id(self._own.pop(number))]

    def _stand_in(self, number: int, hint: str) -> object:
        kind, _, names = hint.partition(":")
        if kind == "generator":
            return _generator(self._proxy("__iter__,__next__", number))
        if kind == "coroutine":
            return _coroutine(self._proxy("", number))
        return self._proxy(names, number)

    def _proxy(self, names: str, number: int) -> Remote:
        found = self._classes.get(names)
        if found is None:
            methods = {n: _METHODS[n] for n in names.split(",") if n in self._allowed}
            if "__eq__" in methods and "__hash__" not in methods:
                methods["__hash__"] = None
            found = type("Remote", (Remote,), methods)
            self._classes[names] = found
        return found(number, self)


def _generator(remote: Remote) -> Any:
    """A true generator, as tests may ask whether it is one; it is pulled lazily."""
    __tracebackhide__ = True
    operation, sent = "__next__", ()
    ended = False
    try:
        while True:
            try:
                value = _ask(remote, operation, *sent)
            except StopIteration as end:
                ended = True
                return end.value
            try:
                given = yield value
                operation, sent = (
                    ("send", (given,)) if given is not None else ("__next__", ())
                )
            except GeneratorExit:
                raise
            except BaseException as error:  # noqa: BLE001 - it is the generator's
                operation, sent = "throw", (error,)
    finally:
        if not ended:
            _ask(remote, "close")


async def _coroutine(remote: Remote) -> Any:
    __tracebackhide__ = True
    return _ask(remote, "__await__")


def hint_of(value: object) -> str:
    """What can be done with it: its kind, and the special methods of its type."""
    if inspect.isgenerator(value):
        return "generator:"
    if inspect.iscoroutine(value):
        return "coroutine:"
    kind = type(value)
    names = [name for name in _ORDER if getattr(kind, name, None) is not None]
    if "__eq__" in names and kind.__eq__ is object.__eq__:
        names = [name for name in names if name not in _OF_OBJECT]
    return "object:" + ",".join(names)


_OF_OBJECT = ("__eq__", "__ne__", "__hash__", "__lt__", "__le__", "__gt__", "__ge__")
_ORDER = sorted(FOR_CANDIDATES)
