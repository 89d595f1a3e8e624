# pyright: basic
"""Objects with parts, kept alike in two processes.

Each side has a table of the objects that both know.  Whenever one speaks, it sends
the parts of those that are new or have changed since, and the other builds them or
changes its own in place.  So a list that a candidate sorts is sorted in the test, two
names for one object stay two names for one object, and a result that *is* an argument
comes back as that argument.

The judge numbers upwards from 1 and the candidate downwards from -1, so a number says
who has made an object.  Parts are named by number, never nested: depth costs nothing.
"""

from __future__ import annotations

from collections import deque
from enum import Enum, Flag
from typing import TYPE_CHECKING, Any, Protocol

from orps_sandbox.worker.split import leaves
from orps_sandbox.worker.split.instances import Instance
from orps_sandbox.worker.split.leaves import ATOMS, Unreadable, is_atom
from orps_sandbox.worker.split.shape import Shape
from orps_sandbox.worker.split.shapes import SHAPES, shape_of

if TYPE_CHECKING:
    from orps_sandbox.worker.split.names import Names

MAX_NODES = 2_000_000
"""Objects that one message may describe."""
MAX_DEPTH = 10_000
"""How far down from a value what it is made of may lie."""
MAX_TUPLES = 300
"""How deep tuples may nest in tuples; they are built from the inside."""
_PURE_ATOMS = ATOMS
_NUMBERS = ATOMS | {int}


class Handles(Protocol):
    """Stands in for what is no data: the one side's object, the other side's proxy."""

    def wire(self, value: object) -> list[Any]: ...

    def read(self, number: int, hint: str) -> object: ...


_LENGTHS = {"h": 3, "T": 2, "e": 3}
"""Of a handle, a name and a member of an enumeration, each with its tag."""


class Graph:
    def __init__(self, names: Names, handles: Handles, *, step: int) -> None:
        self.names = names
        self._handles = handles
        self._step = step
        self._last = 0
        self._objects: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}
        self._shapes: dict[int, Shape] = {}
        self._agreed: dict[int, list[Any]] = {}
        """The parts of each object as both sides have last seen them."""
        self._queue: deque[int] = deque()

    # Writing ------------------------------------------------------------------

    def pack(self, *values: object) -> tuple[list[Any], list[Any]]:
        """The wire forms of `values`, and all parts that the other side lacks.

        Raises:
            ValueError: they are too deep or too many; nothing has changed.
        """
        last = self._last
        try:
            return self._pack(values)
        except BaseException:
            # What the other side has not been told of is not known to both.
            for number in list(self._objects):
                if abs(number) > abs(last) and number * self._step > 0:
                    self.forget([number])
            raise

    def _pack(self, values: tuple[object, ...]) -> tuple[list[Any], list[Any]]:
        known = [n for n, shape in self._shapes.items() if shape.mutable]
        self._queue.clear()
        wires = [self.wire(value) for value in values]
        self._queue.extend(known)
        nodes: list[Any] = []
        seen: set[int] = set()
        level, depth = len(self._queue), 0
        while self._queue:
            if not level:
                level, depth = len(self._queue), depth + 1
                if depth > MAX_DEPTH:
                    raise ValueError("nested too deeply to be passed on")
            level -= 1
            number = self._queue.popleft()
            if number in seen:
                continue
            seen.add(number)
            shape = self._shapes[number]
            parts = shape.parts(self._objects[number], self)
            if parts != self._agreed.get(number):
                self._agreed[number] = parts
                nodes.append([number, shape.tag, parts])
        return wires, nodes

    def wire(self, value: object) -> Any:
        if is_atom(value):
            return value
        number = self._numbers.get(id(value))
        if number is not None:
            return ["r", number]
        leaf = leaves.pack(value)
        if leaf is not None:
            return leaf
        shape = shape_of(value, self)
        if shape is not None:
            if len(self._objects) > MAX_NODES:
                raise ValueError("too many objects at a time")
            number = self._enter(value, shape)
            self._queue.append(number)
            return ["r", number]
        if isinstance(value, Enum):
            return self._member(value)
        name = self.names.of(value)
        if name is not None:
            return ["T", name]
        return self._handles.wire(value)

    def _member(self, value: Enum) -> list[Any]:
        kind = self.names.of_data(type(value)) or self.names.of(type(value))
        if kind is None:
            return self._handles.wire(value)
        if isinstance(value, Flag) and type(value.value) is int:
            # Several of them at a time have no name.
            return ["e", kind, value.value]
        if type(value.name) is not str:
            return self._handles.wire(value)
        return ["e", kind, value.name]

    def wires(self, values: Any) -> list[Any]:
        """As `wire`, for many; those of plain data cost next to nothing."""
        values = list(values)
        types = set(map(type, values))
        if types <= _PURE_ATOMS or (types <= _NUMBERS and all(map(is_atom, values))):
            return values
        return [self.wire(value) for value in values]

    # Reading ------------------------------------------------------------------

    def absorb(self, nodes: object) -> None:
        """Build and change what the other side has described.

        Raises:
            Unreadable: it has described nothing that could be.
        """
        described = self._described(nodes)
        for number, (shape, parts) in described.items():
            self._make(number, shape, parts, described, 0)
        # What is hashed by its parts has to have them first.
        order = sorted(described, key=lambda number: described[number][0].late)
        for number in order:
            shape, parts = described[number]
            if shape.mutable:
                shape.fill(self._objects[number], parts, self)
                self._agreed[number] = parts

    def value(self, wire: Any) -> Any:
        if type(wire) is not list:
            if type(wire) not in _NUMBERS:
                raise Unreadable("not an atom")
            return wire
        tag = wire[0] if wire else None
        if tag == "r":
            return self._known(wire)
        if type(tag) is str and len(wire) != _LENGTHS.get(tag, len(wire)):
            raise Unreadable("too short or too long")
        if tag == "h":
            if type(wire[1]) is not int or type(wire[2]) is not str:
                raise Unreadable("not a handle")
            return self._handles.read(wire[1], wire[2])
        if tag == "T":
            found = self.names.resolve(str(wire[1]))
            if found is None:
                raise Unreadable(f"no such name: {wire[1]!r}")
            return found
        if tag == "e":
            kind = self.names.data(str(wire[1])) or self.names.resolve(str(wire[1]))
            if not isinstance(kind, type) or not issubclass(kind, Enum):
                raise Unreadable("no such enumeration")
            return _member_of(kind, wire[2])
        return leaves.unpack(wire)

    def values(self, wires: Any) -> list[Any]:
        if type(wires) is not list:
            raise Unreadable("not a list")
        if set(map(type, wires)) <= _NUMBERS:
            return wires.copy()
        return [self.value(wire) for wire in wires]

    def forget(self, numbers: Any) -> None:
        """Take these for strangers from now on."""
        for number in numbers if type(numbers) is list else ():
            if type(number) is int and number in self._objects:
                key = id(self._objects[number])
                if self._numbers.get(key) == number:
                    del self._numbers[key]
                for table in (self._objects, self._shapes, self._agreed):
                    table.pop(number, None)  # type: ignore[attr-defined]

    def unreferenced(self, count: Any) -> list[int]:
        """Forget, and name, what nothing but this table holds (`sys.getrefcount`)."""
        dropped: list[int] = []
        again = True
        while again:
            again = False
            for number in list(self._objects):
                # The table, the argument of `count`: any further one is a use.
                if count(self._objects[number]) <= _OWN_REFERENCES:
                    dropped.append(number)
                    self.forget([number])
                    again = True
        return dropped

    def __len__(self) -> int:
        return len(self._objects)

    def _enter(self, value: object, shape: Shape, number: int | None = None) -> int:
        if number is None:
            self._last += self._step
            number = self._last
        self._objects[number] = value
        self._numbers[id(value)] = number
        self._shapes[number] = shape
        return number

    def _described(self, nodes: object) -> dict[int, tuple[Shape, list[Any]]]:
        if type(nodes) is not list or len(nodes) > MAX_NODES:
            raise Unreadable("too many parts")
        described: dict[int, tuple[Shape, list[Any]]] = {}
        for node in nodes:
            if type(node) is not list or len(node) != 3:  # noqa: PLR2004
                raise Unreadable("not a part")
            number, tag, parts = node
            shape = SHAPES.get(tag) if type(tag) is str else None
            if type(number) is not int or shape is None or type(parts) is not list:
                raise Unreadable("not a part")
            if number in self._objects:
                if self._shapes[number] is not shape:
                    raise Unreadable("an object cannot change its type")
                if not shape.mutable:
                    continue
            elif number * self._step >= 0:
                raise Unreadable("a number that is not its own")
            described[number] = (shape, parts)
        return described

    def _make(
        self,
        number: int,
        shape: Shape,
        parts: list[Any],
        described: dict[int, tuple[Shape, list[Any]]],
        depth: int,
    ) -> None:
        if number in self._objects:
            return
        if depth > MAX_TUPLES:
            raise Unreadable("nested too deeply")
        if not shape.mutable or isinstance(shape, Instance):
            for part in shape.first(parts):
                if type(part) is list and part[:1] == ["r"] and len(part) > 1:
                    inner = part[1]
                    if type(inner) is int and inner in described:
                        self._make(inner, *described[inner], described, depth + 1)
        made = shape.make(parts, self)
        if id(made) in self._numbers:
            # An empty tuple, say: the interpreter has only one.
            self._objects[number] = made
            self._shapes[number] = shape
        else:
            self._enter(made, shape, number)
        if not shape.mutable:
            self._agreed[number] = parts

    def _known(self, wire: list[Any]) -> Any:
        try:
            return self._objects[wire[1]]
        except (KeyError, IndexError, TypeError):
            raise Unreadable("no such object") from None


def _member_of(kind: type[Enum], which: Any) -> Enum:
    if type(which) is int and issubclass(kind, Flag):
        try:
            return kind(which)
        except Exception as error:
            raise Unreadable(f"no such flags: {error}") from error
    if type(which) is not str or which not in kind.__members__:
        raise Unreadable("no such member")
    return kind.__members__[which]


_OWN_REFERENCES = 2
