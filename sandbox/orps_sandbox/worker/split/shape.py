# pyright: basic
"""What a type of object with parts has to say of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

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
