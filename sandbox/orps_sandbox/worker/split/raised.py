# pyright: basic
"""Exceptions: raised in one process, raised again in the other."""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any

from orps_sandbox.worker.split.instances import state_of
from orps_sandbox.worker.split.leaves import Unreadable
from orps_sandbox.worker.split.shape import Codec, Shape

if TYPE_CHECKING:
    from collections.abc import Iterable


class Raised(Shape):
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
            name: part for name, part in state_of(value).items() if name != "add_note"
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
