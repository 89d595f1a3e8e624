"""Writes any value as text by which two implementations can be compared.

Values of the same type that are equal have the same text: sets and dicts are sorted, no
address of memory appears, floats are exact.  What cannot be written so, such as a
function or an object that says nothing of itself, is marked as opaque.
"""

from __future__ import annotations

import asyncio
import collections
import collections.abc
import dataclasses
import enum
import hashlib
import re
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    Foreign = Any
    """A value of the candidate: of any type, and nothing of it is known."""

MAX_CHARACTERS = 2000
MAX_ITERATED = 1000
"""Of an iterator, which may have no end."""
_MAX_VALUES = 200_000
_MAX_DEPTH = 80
_MAX_DECIMAL_BITS = 4096
"""Beyond, Python refuses to write an integer in decimal, and hexadecimal is exact."""
_ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]+|0x[0-9A-Fa-f]{8,}")

_ATOMS = (type(None), bool, float, complex, type(...), type(NotImplemented), range)
_BASES: tuple[type, ...] = (int, float, complex, str, bytes, bytearray)
_FUNCTIONS = (
    types.FunctionType, types.BuiltinFunctionType, types.MethodType,
    types.MethodWrapperType, types.WrapperDescriptorType, types.MethodDescriptorType,
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Rendering:
    text: str
    is_opaque: bool


class TooLarge(Exception):
    """Raised inside a rendering that would not end in reasonable time."""


def render(value: object, *, copy_root: str) -> Rendering:
    """Write one value; iterators are used up to a bound.

    Raises whatever the value's own methods raise.
    """
    renderer = _Renderer()
    try:
        text = renderer.text(value)
    except (RecursionError, TooLarge):
        return Rendering(f"<{_name(type(value))} too large to be compared>", True)
    return Rendering(shortened(plain(text, copy_root)), renderer.is_opaque)


def is_stateful(value: object) -> bool:
    """Tell whether a call may change this argument in a way that a rendering shows."""
    if isinstance(value, (*_ATOMS, *_BASES[:-2], type, *_FUNCTIONS)):
        return False
    return not isinstance(value, types.ModuleType) and not _is_iterator(value)


def plain(text: str, copy_root: str) -> str:
    """Name files as the project knows them."""
    return text.replace(copy_root + "/", "").replace(copy_root, ".")


def without_addresses(text: str) -> str:
    return _ADDRESS.sub("", text)


def shortened(text: str) -> str:
    """Bound a text and keep what tells it from others."""
    if len(text) <= MAX_CHARACTERS:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{text[:MAX_CHARACTERS]}... {len(text)} characters, {digest}"


def error_text(error: BaseException, *, copy_root: str) -> str:
    """`ValueError: message`, as the last line of a traceback has it."""
    name = _name(type(error))
    if isinstance(error, RecursionError):
        # Its message depends on where the stack happened to end.
        return name
    message = shortened(plain(without_addresses(str(error)), copy_root))
    return f"{name}: {message}" if message else name


class _Renderer:
    """One rendering: what it has met so far, and how much it may still meet."""

    def __init__(self) -> None:
        self.is_opaque = False
        self._open: set[int] = set()
        self._n_values = 0

    def text(self, value: Foreign) -> str:
        self._n_values += 1
        if self._n_values > _MAX_VALUES or len(self._open) > _MAX_DEPTH:
            raise TooLarge
        kind = _type(value)
        if kind in _ATOMS:
            return repr(value)
        if kind in _BASES:
            return _written(kind, value)
        if id(value) in self._open:
            return "<itself>"
        self._open.add(id(value))
        try:
            return self._compound(kind, value)
        finally:
            self._open.discard(id(value))

    def _compound(self, kind: type, value: Foreign) -> str:
        for base, write in self._writers():
            if isinstance(value, base):
                return write(kind, value)
        if dataclasses.is_dataclass(value):
            names = [field.name for field in dataclasses.fields(value) if field.repr]
            return self._fields(kind, names, value)
        if kind.__module__.partition(".")[0] in ("numpy", "pandas"):
            return self._of_arrays(kind, value)
        if _is_iterator(value):
            return f"<iterator [{self._iterated(iter(value))}]>"
        if hasattr(kind, "__anext__"):
            items = asyncio.run(_first_of(value))
            return f"<iterator [{self._joined(items)}]>"
        return self._own_words(kind, value)

    def _writers(self) -> list[tuple[type, Callable[[type, Foreign], str]]]:
        """By type, subclasses included; the first that fits writes the value."""
        return [
            (enum.Enum, _member),
            (type, lambda _, value: f"<class {_name(value)}>"),
            (tuple, self._tuple),
            (list, self._list),
            (collections.deque, self._deque),
            (set, self._set),
            (frozenset, self._set),
            (collections.OrderedDict, self._ordered),
            (dict, self._dict),
            (types.MappingProxyType, self._dict),
            (collections.abc.MappingView, self._view),
            (BaseException, self._error),
            *((base, _subclassed) for base in _BASES),
        ]

    def _tuple(self, kind: type, value: Foreign) -> str:
        names: object = getattr(kind, "_fields", None)
        if isinstance(names, tuple):
            return self._fields(kind, map(str, _own_items(tuple, names)), value)
        items = _own_items(tuple, value)
        text = f"({self._joined(items)}{',' if len(items) == 1 else ''})"
        return text if kind is tuple else f"{_name(kind)}({text})"

    def _list(self, kind: type, value: Foreign) -> str:
        text = f"[{self._joined(_own_items(list, value))}]"
        return text if kind is list else f"{_name(kind)}({text})"

    def _deque(self, kind: type, value: Foreign) -> str:
        bound = "" if value.maxlen is None else f", {value.maxlen}"
        return f"{_name(kind)}([{self._joined(value)}]{bound})"

    def _set(self, kind: type, value: Foreign) -> str:
        base = frozenset if isinstance(value, frozenset) else set
        items = _own_items(base, value)
        text = ", ".join(sorted(self.text(item) for item in items))
        return f"{{{text}}}" if kind is set and text else f"{_name(kind)}({{{text}}})"

    def _dict(self, kind: type, value: Mapping[Any, Any]) -> str:
        text = ", ".join(sorted(self._pairs(value)))
        return f"{{{text}}}" if kind is dict else f"{_name(kind)}({{{text}}})"

    def _ordered(self, kind: type, value: Mapping[Any, Any]) -> str:
        return f"{_name(kind)}({{{', '.join(self._pairs(value))}}})"

    def _view(self, kind: type, value: Iterable[object]) -> str:
        return f"{_name(kind)}([{self._joined(value)}])"

    def _pairs(self, value: Mapping[Any, Any]) -> Iterator[str]:
        base = dict if isinstance(value, dict) else types.MappingProxyType
        for key, item in _own_pairs(base, value):
            yield f"{self.text(key)}: {self.text(item)}"

    def _error(self, kind: type, value: BaseException) -> str:
        return f"{_name(kind)}({self._joined(value.args)})"

    def _fields(self, kind: type, names: Iterable[str], value: object) -> str:
        parts = [f"{name}={self.text(getattr(value, name, None))}" for name in names]
        return f"{_name(kind)}({', '.join(parts)})"

    def _of_arrays(self, kind: type, value: Foreign) -> str:
        """Arrays, scalars, series and frames: kind of data, shape, and all elements."""
        name = _name(kind)
        if hasattr(kind, "tolist") and hasattr(value, "dtype"):
            index = getattr(value, "index", None)
            labels = "" if index is None else f", index={self.text(index.tolist())}"
            shape, dtype = tuple(value.shape), value.dtype
            return f"{name}({self.text(value.tolist())}, {shape}, {dtype}{labels})"
        if name == "DataFrame":
            return f"{name}({self.text(value.to_dict('split'))}, {list(value.dtypes)})"
        return self._own_words(kind, value)

    def _own_words(self, kind: type, value: Foreign) -> str:
        """What the value says of itself, or nothing but its type."""
        if isinstance(value, (*_FUNCTIONS, types.ModuleType)):
            self.is_opaque = True
            return f"<{_name(kind)} {getattr(value, '__name__', '?')}>"
        if kind.__repr__ is object.__repr__:
            self.is_opaque = True
            return f"<{_name(kind)} object>"
        text = repr(value)
        found = without_addresses(text)
        self.is_opaque |= found != text
        return found

    def _iterated(self, items: Iterator[object]) -> str:
        parts: list[str] = []
        try:
            for item in items:
                if len(parts) == MAX_ITERATED:
                    parts.append("...")
                    break
                parts.append(self.text(item))
        except Exception as error:  # noqa: BLE001 - how it ends belongs to what it gives
            parts.append(f"then {error_text(error, copy_root='/')}")
        return ", ".join(parts)

    def _joined(self, items: Iterable[object]) -> str:
        return ", ".join([self.text(item) for item in items])


async def _first_of(items: Foreign) -> list[object]:
    found: list[object] = []
    async for item in items:
        found.append(item)
        if len(found) == MAX_ITERATED:
            break
    return found


def _is_iterator(value: object) -> bool:
    return hasattr(type(value), "__next__") and hasattr(type(value), "__iter__")


def _own_items(base: Foreign, value: Foreign) -> list[object]:
    """What a container of a built-in type holds, whatever its subclass claims."""
    return list(base.__iter__(value))


def _own_pairs(base: Foreign, value: Foreign) -> list[tuple[object, object]]:
    return list(base.items(value))


def _type(value: object) -> type:
    return type(value)


def _written(base: Foreign, value: Foreign) -> str:
    if base is int and int.bit_length(value) > _MAX_DECIMAL_BITS:
        return int.__format__(value, "#x")
    return str(base.__repr__(value))


def _subclassed(kind: type, value: Foreign) -> str:
    base = next(base for base in _BASES if isinstance(value, base))
    return f"{_name(kind)}({_written(base, value)})"


def _member(kind: type, value: enum.Enum) -> str:
    name: str | None = getattr(value, "_name_", None)
    return f"{_name(kind)}.{name}" if name else repr(value)


def _name(kind: type) -> str:
    return str(type.__getattribute__(kind, "__qualname__"))
