# pyright: basic
"""What a candidate may send: anything, and the judge survives it."""

import json
import sys
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from orps_sandbox.worker.split.graph import Graph
from orps_sandbox.worker.split.leaves import Unreadable
from orps_sandbox.worker.split.names import Names


class NoHandles:
    def wire(self, value: object) -> list[Any]:
        raise AssertionError(value)

    def read(self, number: int, hint: str) -> object:
        raise Unreadable(f"no handle {number} {hint}")


def graph(*, step: int) -> Graph:
    names = Names("/nowhere", frozenset(), trusting=False)
    return Graph(names, NoHandles(), step=step)


_LATER = [
    "pf",
    "ps",
    "pi",
    "Ao",
    "ar",
    "cm",
    "ns",
    "lt",
    "nd",
    "mv",
    "pT",
    "pD",
    "pN",
    "pP",
    "pI",
]
_TAGS = st.sampled_from(
    [*"rhTeibcRSKDFunPlstdfqAoxOCD", "da", "dt", "tm", "tz", "re", *_LATER]
)
_ATOMS = st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | st.text()
_WIRES = st.recursive(
    _ATOMS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.builds(lambda tag, rest: [tag, *rest], _TAGS, st.lists(inner, max_size=4))
    ),
    max_leaves=12,
)
_NODES = st.lists(
    st.tuples(st.integers(-5, 2), _TAGS, st.lists(_WIRES, max_size=4)).map(list)
    | _WIRES,
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@given(nodes=_NODES, values=st.lists(_WIRES, max_size=3))
def test_nothing_that_arrives_raises_but_unreadable(nodes: Any, values: Any):
    judge = graph(step=1)
    try:
        judge.absorb(nodes)
        judge.values(values)
    except Unreadable:
        return


_DATA = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.fractions()
    | st.decimals(allow_nan=False)
    | st.datetimes()
    | st.timedeltas()
    | st.uuids(),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text() | st.integers(), inner)
        | st.frozensets(st.integers() | st.text())
    ),
    max_leaves=20,
)


@settings(max_examples=60, deadline=None)
@given(value=_DATA)
def test_what_is_sent_arrives_as_it_was(value: Any):
    sender, receiver = graph(step=1), graph(step=-1)
    wires, nodes = json.loads(json.dumps(sender.pack(value)))
    receiver.absorb(nodes)
    (found,) = receiver.values(wires)
    assert found == value
    assert type(found) is type(value)
    assert sender.pack(value)[1] == []
    assert len(sender) == len(receiver)
    del found
    receiver.unreferenced(sys.getrefcount)
