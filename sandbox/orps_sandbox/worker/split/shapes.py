# pyright: basic
"""How each type of object with parts is taken apart and put together.

The judge builds objects here from what a candidate says: only containers of the
standard library, arrays of plain elements, and instances of the person's own classes,
the latter without calling any of their code.
"""

from __future__ import annotations

import sys
from array import array
from collections import ChainMap, Counter, OrderedDict, defaultdict, deque
from enum import Enum
from math import prod
from types import SimpleNamespace
from typing import Any

from orps_sandbox.worker.split import leaves, tables
from orps_sandbox.worker.split.instances import Instance
from orps_sandbox.worker.split.leaves import Unreadable
from orps_sandbox.worker.split.raised import Raised
from orps_sandbox.worker.split.shape import Codec, Shape


class _List(Shape):
    tag = "l"

    def make(self, parts: list[Any], graph: Codec) -> Any:
        return []

    def fill(self, value: Any, parts: list[Any], graph: Codec) -> None:
        value[:] = graph.values(parts)


class _Tuple(Shape):
    tag = "t"
    mutable = False

    def make(self, parts: list[Any], graph: Codec) -> Any:
        return tuple(graph.values(parts))


class _Set(Shape):
    tag = "s"
    late = True

    def make(self, parts: list[Any], graph: Codec) -> Any:
        return set()

    def fill(self, value: Any, parts: list[Any], graph: Codec) -> None:
        found = _hashed(set, graph.values(parts))
        value.clear()
        value.update(found)


class _FrozenSet(Shape):
    tag = "f"
    mutable = False

    def make(self, parts: list[Any], graph: Codec) -> Any:
        return _hashed(frozenset, graph.values(parts))


class _Dict(Shape):
    tag = "d"
    late = True
    type: Any = dict

    def parts(self, value: Any, graph: Codec) -> list[Any]:
        return [*graph.wires(value.keys()), *graph.wires(value.values())]

    def make(self, parts: list[Any], graph: Codec) -> Any:
        return self.type()

    def fill(self, value: Any, parts: list[Any], graph: Codec) -> None:
        half = len(parts) // 2
        items = zip(graph.values(parts[:half]), graph.values(parts[half:]))
        found = _hashed(dict, items)
        value.clear()
        value.update(found)


class _Ordered(_Dict):
    tag = "O"
    type = OrderedDict


class _Counter(_Dict):
    tag = "C"
    type = Counter


class _Default(_Dict):
    tag = "D"
    type = defaultdict

    def parts(self, value: Any, graph: Codec) -> list[Any]:
        return [graph.wire(value.default_factory), *super().parts(value, graph)]

    def fill(self, value: Any, parts: list[Any], graph: Codec) -> None:
        factory = graph.value(parts[0]) if parts else None
        if factory is not None and not callable(factory):
            raise Unreadable("not a factory")
        value.default_factory = factory
        super().fill(value, parts[1:], graph)


class _Keys(Shape):
    """Views of a dictionary, as those of one that holds just this."""

    mutable = False

    def __init__(self, tag: str) -> None:
        self.tag = tag

    def parts(self, value: Any, graph: Codec) -> list[Any]:
        if self.tag == "vi":
            return [
                *graph.wires(k for k, _ in value),
                *graph.wires(v for _, v in value),
            ]
        return graph.wires(value)

    def make(self, parts: list[Any], graph: Codec) -> Any:
        found = graph.values(parts)
        if self.tag == "vk":
            return _hashed(dict.fromkeys, found).keys()
        if self.tag == "vv":
            return dict(enumerate(found)).values()
        half = len(found) // 2
        return _hashed(dict, zip(found[:half], found[half:])).items()


class _Deque(Shape):
    tag = "q"

    def parts(self, value: Any, graph: Codec) -> list[Any]:
        return [value.maxlen, *graph.wires(value)]

    def make(self, parts: list[Any], graph: Codec) -> Any:
        limit = parts[0] if parts else None
        if limit is not None and (type(limit) is not int or limit < 0):
            raise Unreadable("not a length")
        return deque(maxlen=limit)

    def fill(self, value: Any, parts: list[Any], graph: Codec) -> None:
        found = graph.values(parts[1:])
        value.clear()
        value.extend(found)


class _Bytes(Shape):
    tag = "ba"

    def parts(self, value: Any, graph: Codec) -> list[Any]:
        return [leaves.to_text(value)]

    def make(self, parts: list[Any], graph: Codec) -> Any:
        return bytearray()

    def fill(self, value: Any, parts: list[Any], graph: Codec) -> None:
        value[:] = leaves.to_bytes(_only(parts))


class _Array(Shape):
    """A numpy array of plain elements: type of element, shape, bytes."""

    tag = "A"

    def parts(self, value: Any, graph: Codec) -> list[Any]:
        dtype = leaves.dtype_parts(value.dtype)
        return [dtype, list(value.shape), leaves.to_text(value.tobytes())]

    def make(self, parts: list[Any], graph: Codec) -> Any:
        if len(parts) != 3:  # noqa: PLR2004
            raise Unreadable("not an array")
        return self._read(parts)

    def fill(self, value: Any, parts: list[Any], graph: Codec) -> None:
        found = self._read(parts)
        if value.shape != found.shape or value.dtype != found.dtype:
            raise Unreadable("an array cannot change its shape")
        if value.tobytes() != found.tobytes():
            value[...] = found

    def _read(self, parts: list[Any]) -> Any:
        import numpy  # noqa: PLC0415, ICN001 - only where the project has it

        dtype = leaves.plain_dtype(parts[0])
        lengths = parts[1]
        if type(lengths) is not list or any(type(n) is not int for n in lengths):
            raise Unreadable("not a shape")
        try:
            flat = numpy.frombuffer(leaves.to_bytes(parts[2]), dtype=dtype)
            return flat.reshape(lengths).copy()
        except ValueError as error:
            raise Unreadable(str(error)) from error


class _Objects(Shape):
    """A numpy array of anything."""

    tag = "Ao"
    late = True

    def parts(self, value: Any, graph: Codec) -> list[Any]:
        return [list(value.shape), *graph.wires(value.ravel().tolist())]

    def make(self, parts: list[Any], graph: Codec) -> Any:
        import numpy  # noqa: PLC0415, ICN001 - only where the project has it

        lengths = parts[0] if parts else None
        if type(lengths) is not list or any(type(n) is not int for n in lengths):
            raise Unreadable("not a shape")
        if prod(lengths) != len(parts) - 1 or any(n < 0 for n in lengths):
            raise Unreadable("not as many elements as its shape has")
        return numpy.empty(lengths, dtype=object)

    def fill(self, value: Any, parts: list[Any], graph: Codec) -> None:
        found = graph.values(parts[1:])
        if len(found) != value.size:
            raise Unreadable("an array cannot change its shape")
        for index, element in enumerate(found):
            value.flat[index] = element


class _Numbers(Shape):
    """An array of the standard library's."""

    tag = "ar"

    def parts(self, value: Any, graph: Codec) -> list[Any]:
        return [value.typecode, leaves.to_text(value.tobytes())]

    def make(self, parts: list[Any], graph: Codec) -> Any:
        if len(parts) != 2 or type(parts[0]) is not str:  # noqa: PLR2004
            raise Unreadable("not an array")
        try:
            return array(parts[0])
        except (TypeError, ValueError) as error:
            raise Unreadable(str(error)) from error

    def fill(self, value: Any, parts: list[Any], graph: Codec) -> None:
        data = leaves.to_bytes(parts[-1] if len(parts) == 2 else None)  # noqa: PLR2004
        if len(data) % value.itemsize or parts[0] != value.typecode:
            raise Unreadable("not an array of this type")
        del value[:]
        value.frombytes(data)


class _Chain(Shape):
    tag = "cm"

    def parts(self, value: Any, graph: Codec) -> list[Any]:
        return graph.wires(value.maps)

    def make(self, parts: list[Any], graph: Codec) -> Any:
        return ChainMap()

    def fill(self, value: Any, parts: list[Any], graph: Codec) -> None:
        maps = graph.values(parts)
        if not all(isinstance(each, dict) for each in maps):
            raise Unreadable("not dictionaries")
        value.maps[:] = maps


class _Namespace(Shape):
    tag = "ns"

    def parts(self, value: Any, graph: Codec) -> list[Any]:
        own = vars(value)
        return [*own, *graph.wires(own.values())]

    def make(self, parts: list[Any], graph: Codec) -> Any:
        return SimpleNamespace()

    def fill(self, value: Any, parts: list[Any], graph: Codec) -> None:
        half = len(parts) // 2
        if any(type(name) is not str for name in parts[:half]):
            raise Unreadable("not a name")
        own = vars(value)
        own.clear()
        own.update(zip(parts[:half], graph.values(parts[half:])))


class _LibraryTuple(Shape):
    """A named tuple of the standard library, such as `urlsplit` gives."""

    tag = "lt"
    mutable = False

    def parts(self, value: Any, graph: Codec) -> list[Any]:
        return [graph.names.of_data(type(value)), *graph.wires(tuple.__iter__(value))]

    def first(self, parts: list[Any]) -> Any:
        return parts[1:]

    def make(self, parts: list[Any], graph: Codec) -> Any:
        kind = graph.names.data(str(parts[0])) if parts else None
        if not isinstance(kind, type) or not issubclass(kind, tuple):
            raise Unreadable("no such tuple")
        return tuple.__new__(kind, graph.values(parts[1:]))


_LIST, _TUPLE, _DICT = _List(), _Tuple(), _Dict()
_LIBRARY_TUPLE, _OBJECTS = _LibraryTuple(), _Objects()
_INSTANCE, _ARRAY, _EXCEPTION = Instance(), _Array(), Raised()
_BY_TYPE: dict[str, Shape] = {
    "builtins.list": _LIST,
    "builtins.tuple": _TUPLE,
    "builtins.set": _Set(),
    "builtins.frozenset": _FrozenSet(),
    "builtins.dict": _DICT,
    "builtins.bytearray": _Bytes(),
    "builtins.dict_keys": _Keys("vk"),
    "builtins.dict_values": _Keys("vv"),
    "builtins.dict_items": _Keys("vi"),
    "collections.OrderedDict": _Ordered(),
    "collections.Counter": _Counter(),
    "collections.defaultdict": _Default(),
    "collections.deque": _Deque(),
    "collections.ChainMap": _Chain(),
    "array.array": _Numbers(),
    "types.SimpleNamespace": _Namespace(),
}
SHAPES: dict[str, Shape] = {
    shape.tag: shape
    for shape in (
        *_BY_TYPE.values(),
        _OBJECTS,
        _INSTANCE,
        _ARRAY,
        _EXCEPTION,
        _LIBRARY_TUPLE,
        *tables.SHAPES,
    )
}


def shape_of(value: Any, graph: Codec) -> Shape | None:
    kind = type(value)
    name = f"{kind.__module__}.{kind.__qualname__}"
    shape = _BY_TYPE.get(name)
    if shape is not None:
        return shape
    if name == "numpy.ndarray":
        if leaves.dtype_parts(value.dtype) is not None:
            return _ARRAY
        return _OBJECTS if value.dtype.kind == "O" else None
    if tables.is_table(kind):
        return tables.shape_of(value)
    if isinstance(value, tuple) and graph.names.of_data(kind) is not None:
        return _LIBRARY_TUPLE
    if isinstance(value, BaseException):
        return _EXCEPTION
    if isinstance(value, type) or kind.__module__ in sys.builtin_module_names:
        return None
    if graph.names.is_own(kind) and graph.names.of(kind) is not None:
        return None if isinstance(value, Enum) else _INSTANCE
    return None


def _hashed(make: Any, items: Any) -> Any:
    try:
        return make(items)
    except Exception as error:
        raise Unreadable(f"cannot be hashed: {error}") from error


def _only(parts: list[Any]) -> str:
    if len(parts) != 1 or type(parts[0]) is not str:
        raise Unreadable("not a text")
    return parts[0]
