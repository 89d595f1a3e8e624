# pyright: basic
"""How each type of object with parts is taken apart and put together.

The judge builds objects here from what a candidate says: only containers of the
standard library, arrays of plain elements, and instances of the person's own classes,
the latter without calling any of their code.
"""

from __future__ import annotations

import sys
from collections import Counter, OrderedDict, defaultdict, deque
from enum import Enum
from types import FunctionType
from typing import TYPE_CHECKING, Any, Protocol

from orps_sandbox.worker.split import leaves
from orps_sandbox.worker.split.leaves import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orps_sandbox.worker.split.names import Names


class Codec(Protocol):
    """What shapes need of the graph."""

    names: Names

    def wire(self, value: object) -> Any: ...

    def wires(self, values: Any) -> list[Any]: ...

    def value(self, wire: Any) -> Any: ...

    def values(self, wires: Any) -> list[Any]: ...


class Shape:
    tag = ""
    mutable = True
    late = False
    """Hashes its parts when it is filled."""

    def parts(self, value: Any, graph: Codec) -> list[Any]:
        return graph.wires(value)

    def first(self, parts: list[Any]) -> Iterable[Any]:
        """The parts that are needed to make it."""
        return parts

    def make(self, parts: list[Any], graph: Codec) -> Any:
        raise NotImplementedError

    def fill(self, value: Any, parts: list[Any], graph: Codec) -> None:
        """Give a mutable object its parts."""


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
        value.default_factory = graph.value(parts[0])
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
        return [value.dtype.str, list(value.shape), leaves.to_text(value.tobytes())]

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
        state = _state(value)
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
        _set_state(value, dict(zip(names, values)))


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


def _state(value: Any) -> dict[str, Any]:
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


def _set_state(value: Any, state: dict[str, Any]) -> None:
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


class _Exception(Shape):
    """An exception: the names of its classes, its arguments, its attributes.

    The first class that the other side knows is taken; a class of the same name is
    derived where that is not the exception's own, so that a report can name it.
    """

    tag = "x"
    mutable = False

    def parts(self, value: Any, graph: Codec) -> list[Any]:
        kinds = type(value).__mro__
        names = [f"{k.__module__}:{k.__qualname__}" for k in kinds[:_MAX_BASES]]
        state = {
            name: part for name, part in _state(value).items() if name != "add_note"
        }
        wires = graph.wires(state.values())
        return [names, graph.wire(tuple(value.args)), _own_words(value), *state, *wires]

    def first(self, parts: list[Any]) -> Iterable[Any]:
        return parts[1:]

    def make(self, parts: list[Any], graph: Codec) -> Any:
        if len(parts) < 3 or type(parts[0]) is not list:  # noqa: PLR2004
            raise Unreadable("not an exception")
        names = [str(name) for name in parts[0]]
        args = graph.value(parts[1])
        if type(args) is not tuple:
            raise Unreadable("not arguments")
        kind = _first_known(names, graph)
        words, rest = parts[2], parts[3:]
        half = len(rest) // 2
        state = dict(zip(map(str, rest[:half]), graph.values(rest[half:])))
        made = _raisable(kind, args)
        if type(words) is str and hasattr(kind, "_orps_words"):
            made._orps_words = words  # type: ignore[attr-defined]  # noqa: SLF001
        made.__dict__.update(
            {name: part for name, part in state.items() if not name.startswith("__")}
        )
        return made


_MAX_BASES = 20


def _first_known(names: list[str], graph: Codec) -> type[BaseException]:
    for position, name in enumerate(names):
        found = graph.names.exception(name)
        if found is None or found in (BaseException, Exception):
            continue
        return found if position == 0 else _derived(names[0], found)
    plain = names[:1] == ["builtins:Exception"]
    return Exception if plain else _derived(names[0] if names else "", Exception)


def _derived(name: str, base: type[BaseException]) -> type[BaseException]:
    if not issubclass(base, Exception):
        base = Exception
    module, _, qualname = name.partition(":")
    short = qualname.rpartition(".")[2]
    if not short.isidentifier():
        return base
    plain = base.__str__

    def words(self: Any) -> str:
        return plain(self) if self._orps_words is None else self._orps_words

    members = {"__module__": module, "_orps_words": None, "__str__": words}
    return type(short, (base,), members)  # type: ignore[return-value]


def _own_words(value: BaseException) -> str | None:
    """What a class says that the other side may not have."""
    return str(value) if isinstance(type(value).__str__, FunctionType) else None


def _raisable(kind: type[BaseException], args: tuple[Any, ...]) -> BaseException:
    if kind.__module__ == "builtins":
        try:
            return kind(*args)
        except Exception:  # noqa: BLE001 - a constructor that wants other arguments
            return Exception(*args)
    try:
        made = kind.__new__(kind, *args)
    except Exception:  # noqa: BLE001 - likewise
        made = kind.__new__(kind)
    made.args = args
    return made


_LIST, _TUPLE, _DICT = _List(), _Tuple(), _Dict()
_INSTANCE, _ARRAY, _EXCEPTION = Instance(), _Array(), _Exception()
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
}
SHAPES: dict[str, Shape] = {
    shape.tag: shape for shape in (*_BY_TYPE.values(), _INSTANCE, _ARRAY, _EXCEPTION)
}


def shape_of(value: Any, graph: Codec) -> Shape | None:
    kind = type(value)
    name = f"{kind.__module__}.{kind.__qualname__}"
    shape = _BY_TYPE.get(name)
    if shape is not None:
        return shape
    if name == "numpy.ndarray":
        plain = value.dtype.kind in leaves.PLAIN_KINDS and not value.dtype.hasobject
        return _ARRAY if plain and value.dtype.names is None else None
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
