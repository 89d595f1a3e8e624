# pyright: basic
"""pandas' frames, series and indexes by value, where a project has pandas.

Columns are bytes where their elements are, else lists of elements; the judge rebuilds
them with pandas' public constructors from plain data and never reads a pickle.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

from orps_sandbox.worker.split import leaves, table_leaves
from orps_sandbox.worker.split.leaves import Unreadable
from orps_sandbox.worker.split.shape import Codec, Shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_EXTENSIONS = re.compile(
    r"U?Int(8|16|32|64)|Float(32|64)|boolean|str|string(\[\w+\])?"
    r"|datetime64\[\w+, [\w/+:-]+\]|period\[[\w-]+\]|interval\[[\w\[\], ]+\]"
)
"""Types of columns that pandas makes from their names, and all that are asked for."""


__all__ = ["SHAPES", "is_table", "shape_of", "table_leaves"]


def _pandas() -> Any:
    import pandas  # noqa: PLC0415, ICN001 - only where the project has it

    return pandas


def is_table(kind: type) -> bool:
    pandas = sys.modules.get("pandas")
    return pandas is not None and kind in (
        pandas.DataFrame, pandas.Series, pandas.Index, pandas.RangeIndex,
        pandas.MultiIndex, pandas.DatetimeIndex, pandas.TimedeltaIndex,
        pandas.PeriodIndex, pandas.IntervalIndex, pandas.CategoricalIndex,
    )  # fmt: skip


class Frame(Shape):
    tag = "pf"
    late = True

    def parts(self, value: Any, graph: Codec) -> list[Any]:
        columns = [
            _column(value.iloc[:, n].array, graph) for n in range(value.shape[1])
        ]
        return [_index(value.index, graph), _index(value.columns, graph), columns]

    def make(self, parts: list[Any], graph: Codec) -> Any:
        return _pandas().DataFrame()

    def fill(self, value: Any, parts: list[Any], graph: Codec) -> None:
        index, names, columns = _three(parts)
        index = _read_index(index, graph)
        arrays = [_read_column(column, graph) for column in _listed(columns)]
        frame = _built(_pandas().DataFrame, dict(enumerate(arrays)), index=index)
        names = _read_index(names, graph)
        if len(names) != len(arrays):
            raise Unreadable("not a name for each column")
        frame.columns = names
        value._update_inplace(frame)  # noqa: SLF001 - nothing public changes it whole


class Series(Shape):
    tag = "ps"
    late = True

    def parts(self, value: Any, graph: Codec) -> list[Any]:
        return [
            _index(value.index, graph),
            graph.wire(value.name),
            _column(value.array, graph),
        ]

    def make(self, parts: list[Any], graph: Codec) -> Any:
        return _pandas().Series(dtype=object)

    def fill(self, value: Any, parts: list[Any], graph: Codec) -> None:
        index, name, column = _three(parts)
        found = _built(
            _pandas().Series,
            _read_column(column, graph),
            index=_read_index(index, graph),
        )
        value._update_inplace(found)  # noqa: SLF001 - as above
        value.name = _hashable(graph.value(name))


class Index(Shape):
    tag = "pi"
    mutable = False

    def parts(self, value: Any, graph: Codec) -> list[Any]:
        return _index(value, graph)

    def first(self, parts: list[Any]) -> Iterable[Any]:
        return _references(parts)

    def make(self, parts: list[Any], graph: Codec) -> Any:
        return _read_index(parts, graph)


def shape_of(value: Any) -> Shape | None:
    """For what is a table: its shape, if all of it can be told by value."""
    name = type(value).__name__
    return {"DataFrame": _FRAME, "Series": _SERIES}.get(name, _INDEX)


_FRAME, _SERIES, _INDEX = Frame(), Series(), Index()
SHAPES = (_FRAME, _SERIES, _INDEX)


def _index(value: Any, graph: Codec) -> list[Any]:
    pandas = _pandas()
    names = graph.wires(value.names)
    if isinstance(value, pandas.RangeIndex):
        return ["range", names, [value.start, value.stop, value.step]]
    if isinstance(value, pandas.MultiIndex):
        levels = [value.get_level_values(n).array for n in range(value.nlevels)]
        return ["multi", names, [_column(level, graph) for level in levels]]
    frequency = getattr(value, "freqstr", None)
    return ["flat", names, [_column(value.array, graph), frequency]]


def _read_index(parts: Any, graph: Codec) -> Any:
    pandas = _pandas()
    kind, names, content = _three(parts)
    names = [_hashable(name) for name in graph.values(names)]
    content = _listed(content)
    if kind == "range" and len(content) == 3:  # noqa: PLR2004
        return _built(pandas.RangeIndex, *map(_whole, content), name=_only(names))
    if kind == "multi":
        levels = [_read_column(column, graph) for column in content]
        return _built(pandas.MultiIndex.from_arrays, levels, names=names)
    if kind != "flat" or len(content) != 2:  # noqa: PLR2004
        raise Unreadable("not an index")
    found = _built(pandas.Index, _read_column(content[0], graph), name=_only(names))
    if type(content[1]) is str and isinstance(
        found, (pandas.DatetimeIndex, pandas.TimedeltaIndex)
    ):
        found = _built(type(found), found, freq=content[1])
    return found


def _column(array: Any, graph: Codec) -> list[Any]:
    pandas = _pandas()
    if isinstance(array, pandas.Categorical):
        codes = [int(code) for code in array.codes]
        return [
            "cat",
            [bool(array.ordered), codes],
            _column(array.categories.array, graph),
        ]
    name = str(array.dtype)
    if _EXTENSIONS.fullmatch(name):
        return ["ext", name, graph.wires(array.astype(object))]
    plain = array.to_numpy()
    if plain.dtype.kind in leaves.PLAIN_KINDS:
        return ["np", plain.dtype.str, leaves.to_text(plain.tobytes())]
    return ["obj", "", graph.wires(plain.tolist())]


def _read_column(parts: Any, graph: Codec) -> Any:
    pandas = _pandas()
    kind, what, content = _three(parts)
    if kind == "np":
        dtype = leaves.plain_dtype(what)
        data = bytearray(leaves.to_bytes(content))
        import numpy  # noqa: PLC0415, ICN001 - pandas has it

        return _built(numpy.frombuffer, data, dtype=dtype)
    if kind == "obj":
        import numpy  # noqa: PLC0415, ICN001 - pandas has it

        values = graph.values(content)
        found = numpy.empty(len(values), dtype=object)
        for place, element in enumerate(values):
            found[place] = element
        return found
    if kind == "ext" and type(what) is str and _EXTENSIONS.fullmatch(what):
        return _built(pandas.array, graph.values(content), dtype=what)
    if kind == "cat" and type(what) is list and len(what) == 2:  # noqa: PLR2004
        categories = _built(pandas.Index, _read_column(content, graph))
        codes = [_whole(code) for code in _listed(what[1])]
        return _built(
            pandas.Categorical.from_codes, codes, categories, ordered=what[0] is True
        )
    raise Unreadable("not a column")


def _references(parts: Any) -> Iterator[Any]:
    pending = [parts]
    while pending:
        found = pending.pop()
        if type(found) is list:
            if found[:1] == ["r"]:
                yield found
            else:
                pending += found


def _built(make: Any, *args: Any, **kwargs: Any) -> Any:
    try:
        return make(*args, **kwargs)
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(f"pandas: {error}") from error


def _three(parts: Any) -> list[Any]:
    if type(parts) is not list or len(parts) != 3:  # noqa: PLR2004
        raise Unreadable("not of three parts")
    return parts


def _listed(value: Any) -> list[Any]:
    if type(value) is not list:
        raise Unreadable("not a list")
    return value


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise Unreadable("not a whole number")
    return value


def _only(names: list[Any]) -> Any:
    if len(names) != 1:
        raise Unreadable("not one name")
    return names[0]


def _hashable(name: Any) -> Any:
    _built(hash, name)
    return name
