# pyright: basic
"""Instances of the person's own classes: built from attributes, without their code."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from orps_sandbox.worker.split.leaves import Unreadable
from orps_sandbox.worker.split.shape import Codec, Shape

if TYPE_CHECKING:
    from collections.abc import Iterable

_BASES: dict[str, type] = {
    base.__name__: base
    for base in (list, dict, set, tuple, frozenset, str, int, float, bytes, bytearray)
}
_FROZEN = (tuple, frozenset, str, int, float, bytes)
_STATELESS = (type(None),)


class Instance(Shape):
    """An instance of a class that both sides have: its class and its attributes."""

    tag = "o"

    def parts(self, value: Any, graph: Codec) -> list[Any]:
        kind = type(value)
        base = _base(kind)
        content: Any = None
        if base is BaseException:
            content = graph.wire(tuple(value.args))
        elif base is not None:
            content = graph.wire(_content(base, value))
        state = state_of(value)
        return [
            graph.names.of(kind),
            base.__name__ if base else "",
            content,
            *state,
            *graph.wires(state.values()),
        ]

    def first(self, parts: list[Any]) -> Iterable[Any]:
        return parts[2:3]

    def make(self, parts: list[Any], graph: Codec) -> Any:
        kind = graph.names.resolve(str(parts[0])) if len(parts) > 2 else None  # noqa: PLR2004
        if not isinstance(kind, type) or not graph.names.is_own(kind):
            raise Unreadable("no such class")
        base = _base(kind)
        if (base.__name__ if base else "") != parts[1]:
            raise Unreadable("a class with another base")
        if issubclass(kind, Enum):
            raise Unreadable("not an instance")
        try:
            if base is None:
                return object.__new__(kind)
            content = graph.value(parts[2])
            if base is BaseException:
                made = kind.__new__(kind, *content)
                made.args = content
                return made
            if base in _FROZEN:
                return base.__new__(kind, content)  # type: ignore[call-overload]
            return base.__new__(kind)  # type: ignore[call-overload]
        except Unreadable:
            raise
        except Exception as error:
            raise Unreadable(f"{parts[0]}: {error}") from error

    def fill(self, value: Any, parts: list[Any], graph: Codec) -> None:
        base = _base(type(value))
        if base in (list, dict, set, bytearray):
            _refill(base, value, graph.value(parts[2]))
        rest = parts[3:]
        half = len(rest) // 2
        names, values = rest[:half], graph.values(rest[half:])
        if any(type(name) is not str or name.startswith("__") for name in names):
            raise Unreadable("not an attribute")
        set_state(value, dict(zip(names, values)))


def _base(kind: type) -> Any:
    """The built-in type whose content an instance has beside its attributes."""
    for base in kind.__mro__:
        if _BASES.get(base.__name__) is base:
            return base
        if base is BaseException:
            return base
    return None


def _content(base: type, value: Any) -> Any:
    if base is dict:
        return dict(dict.items(value))
    if base in (str, int, float, bytes):
        return base.__getnewargs__(value)[0]  # type: ignore[attr-defined]
    return base(base.__iter__(value))  # type: ignore[attr-defined, call-arg]


def _refill(base: Any, value: Any, content: Any) -> None:
    if base is list:
        list.__setitem__(value, slice(None), content)
    elif base is bytearray:
        bytearray.__setitem__(value, slice(None), content)
    else:
        base.clear(value)
        base.update(value, content)


def _slots(kind: type) -> Iterable[str]:
    for base in kind.__mro__:
        slots = vars(base).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name.startswith("__") and not name.endswith("__"):
                yield f"_{base.__name__.lstrip('_')}{name}"
            elif not name.startswith("__"):
                yield name


def state_of(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in _slots(type(value)):
        try:
            found[name] = object.__getattribute__(value, name)
        except AttributeError:
            continue
    try:
        found.update(object.__getattribute__(value, "__dict__"))
    except AttributeError:
        pass
    return {n: v for n, v in found.items() if type(n) is str and not n.startswith("__")}


def set_state(value: Any, state: dict[str, Any]) -> None:
    """Without `__setattr__`, which a frozen dataclass has closed."""
    slots = set(_slots(type(value)))
    try:
        own = object.__getattribute__(value, "__dict__")
    except AttributeError:
        own = {}
    private = {n: v for n, v in own.items() if type(n) is str and n.startswith("__")}
    own.clear()
    own.update(private)
    own.update({n: v for n, v in state.items() if n not in slots})
    for name in slots:
        try:
            if name in state:
                object.__setattr__(value, name, state[name])
            else:
                object.__delattr__(value, name)
        except (AttributeError, TypeError):
            continue
