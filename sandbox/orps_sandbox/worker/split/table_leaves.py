# pyright: basic
"""pandas' moments, spans and missing values, which travel whole."""

from __future__ import annotations

from typing import Any

from orps_sandbox.worker.split import leaves
from orps_sandbox.worker.split.leaves import Unreadable


def _pack_moment(value: Any) -> list[Any] | None:
    """A `Timestamp` as its number, its unit and its zone."""
    zone = leaves.pack_zone(value.tzinfo)
    if zone is None:
        return None
    return [value.unit, int(value.asm8.view("i8")), *zone]


def _read_moment(unit: str, number: int, *zone: Any) -> object:
    pandas = leaves.module("pandas")
    moment = pandas.Timestamp(leaves.module("numpy").datetime64(number, _unit(unit)))
    tz = leaves.zone_of(zone)
    return moment if tz is None else moment.tz_localize("UTC").tz_convert(tz)


def _unit(text: str) -> str:
    if text not in ("s", "ms", "us", "ns"):
        raise Unreadable("not a unit of time")
    return text


def _pack_interval(value: Any) -> list[Any] | None:
    ends = [value.left, value.right]
    wires = [end if leaves.is_atom(end) else leaves.pack(end) for end in ends]
    return None if None in wires else [*wires, value.closed]


def _read_interval(left: Any, right: Any, closed: str) -> object:
    ends = [leaves.unpack(end) if type(end) is list else end for end in (left, right)]
    return leaves.module("pandas").Interval(*ends, closed=leaves.text_of(closed))


def _read_missing(name: str) -> object:
    if name not in ("NaT", "NA"):
        raise Unreadable("not a missing value")
    return getattr(leaves.module("pandas"), name)


_PACKERS = {
    "Timestamp": ("pT", _pack_moment),
    "Timedelta": ("pD", lambda v: [v.unit, int(v.asm8.view("i8"))]),
    "NaTType": ("pN", lambda _: ["NaT"]),
    "NAType": ("pN", lambda _: ["NA"]),
    "Period": ("pP", lambda value: [value.ordinal, value.freqstr]),
    "Interval": ("pI", _pack_interval),
}
_HOMES = {
    "Timestamp": "pandas._libs.tslibs.timestamps",
    "Timedelta": "pandas._libs.tslibs.timedeltas",
    "NaTType": "pandas._libs.tslibs.nattype",
    "NAType": "pandas._libs.missing",
    "Period": "pandas._libs.tslibs.period",
    "Interval": "pandas._libs.interval",
}
"""Where they say that they are defined, before pandas 3."""

_READERS = {
    "pT": _read_moment,
    "pD": lambda unit, number: leaves.module("pandas").Timedelta(
        leaves.module("numpy").timedelta64(number, _unit(unit))
    ),
    "pN": _read_missing,
    "pP": lambda ordinal, freq: leaves.module("pandas").Period(
        ordinal=ordinal, freq=leaves.text_of(freq)
    ),
    "pI": _read_interval,
}
leaves.add(
    {
        f"{home}.{name}": packer
        for name, packer in _PACKERS.items()
        for home in (_HOMES[name], "pandas", "pandas.api.typing")
    },
    _READERS,
)
