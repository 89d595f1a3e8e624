# pyright: basic
"""Values without parts that travel whole: an exact type, and the text to rebuild it.

Reading a leaf calls nothing but constructors of the standard library, whoever sent
it; what a candidate derives from these types is no leaf.
"""

from __future__ import annotations

import base64
import binascii
import importlib
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

ATOMS = frozenset({type(None), bool, str, float})
"""What JSON carries as itself; whole numbers do so up to 64 bits."""
_SMALL = 1 << 63
MAX_DIGITS = 1 << 20
"""Of a whole number, in hexadecimal."""


class Unreadable(ValueError):
    """Raised when data is not what our own encoder writes."""


def is_atom(value: object) -> bool:
    kind = type(value)
    return kind in ATOMS or (kind is int and -_SMALL < value < _SMALL)  # type: ignore[operator]


def pack(value: object) -> list[Any] | None:
    """The wire form of a leaf; `None` if it is none."""
    kind = type(value)
    found = _PACKERS.get(f"{kind.__module__}.{kind.__qualname__}")
    if found is None:
        return None
    tag, packer = found
    parts = packer(value)
    return None if parts is None else [tag, *parts]


def unpack(wire: list[Any]) -> object:
    """Rebuild a leaf.

    Raises:
        Unreadable: it does not describe one.
    """
    reader = _READERS.get(wire[0]) if wire and isinstance(wire[0], str) else None
    if reader is None:
        raise Unreadable(f"no such tag: {wire[:1]!r}")
    try:
        return reader(*wire[1:])
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(f"{wire[0]}: {error}") from error


def to_text(data: bytes | bytearray | memoryview) -> str:
    return base64.b64encode(data).decode("ascii")


def to_bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise Unreadable(f"not base64: {error}") from error


def _module(name: str) -> ModuleType:
    return sys.modules.get(name) or importlib.import_module(name)


def _pack_range(value: range) -> list[Any] | None:
    parts = [value.start, value.stop, value.step]
    return parts if all(is_atom(part) for part in parts) else None


def _pack_slice(value: slice) -> list[Any] | None:
    parts: list[Any] = [value.start, value.stop, value.step]
    return parts if all(is_atom(part) for part in parts) else None


def _pack_zone(zone: Any) -> list[Any] | None:
    if zone is None:
        return []
    name = f"{type(zone).__module__}.{type(zone).__qualname__}"
    if name == "datetime.timezone":
        offset = zone.utcoffset(None)
        return ["fixed", offset.days, offset.seconds, offset.microseconds]
    if name in {"zoneinfo.ZoneInfo", "zoneinfo._common.ZoneInfo"} and zone.key:
        return ["zone", zone.key]
    return None


def _zone(parts: tuple[Any, ...]) -> Any:
    datetime = _module("datetime")
    if not parts:
        return None
    if parts[0] == "fixed":
        days, seconds, microseconds = map(int, parts[1:])
        return datetime.timezone(datetime.timedelta(days, seconds, microseconds))
    return _module("zoneinfo").ZoneInfo(_text(parts[1]))


def _pack_datetime(value: Any) -> list[Any] | None:
    zone = _pack_zone(value.tzinfo)
    if zone is None:
        return None
    return [value.replace(tzinfo=None).isoformat(), value.fold, *zone]


def _read_datetime(text: str, fold: int, *zone: Any) -> object:
    value = _module("datetime").datetime.fromisoformat(_text(text))
    return value.replace(tzinfo=_zone(zone), fold=fold)


def _pack_time(value: Any) -> list[Any] | None:
    zone = _pack_zone(value.tzinfo)
    if zone is None:
        return None
    return [value.replace(tzinfo=None).isoformat(), value.fold, *zone]


def _read_time(text: str, fold: int, *zone: Any) -> object:
    value = _module("datetime").time.fromisoformat(_text(text))
    return value.replace(tzinfo=_zone(zone), fold=fold)


def _pack_pattern(value: Any) -> list[Any] | None:
    if isinstance(value.pattern, bytes):
        return ["b", to_text(value.pattern), value.flags]
    return ["s", value.pattern, value.flags & ~0x20]


def _read_pattern(kind: str, text: str, flags: int) -> object:
    pattern = to_bytes(text) if kind == "b" else _text(text)
    return _module("re").compile(pattern, flags)


def _read_int(text: str) -> int:
    if len(_text(text)) > MAX_DIGITS:
        raise Unreadable("too many digits")
    return int(text, 16)


def _text(value: object) -> str:
    if type(value) is not str:
        raise Unreadable("not a text")
    return value


_PATHS = ("PurePosixPath", "PureWindowsPath", "PosixPath", "WindowsPath")
_ADDRESSES = (
    "IPv4Address", "IPv6Address", "IPv4Network", "IPv6Network", "IPv4Interface",
    "IPv6Interface",
)  # fmt: skip


def _read_path(name: str, *parts: str) -> object:
    if name not in _PATHS:
        raise Unreadable("no such path")
    return getattr(_module("pathlib"), name)(*map(_text, parts))


def _read_address(name: str, text: str) -> object:
    if name not in _ADDRESSES:
        raise Unreadable("no such address")
    return getattr(_module("ipaddress"), name)(_text(text))


def _read_constant(name: str) -> object:
    constants = {"Ellipsis": Ellipsis, "NotImplemented": NotImplemented}
    if name not in constants:
        raise Unreadable("no such constant")
    return constants[name]


def _pack_scalar(value: Any) -> list[Any] | None:
    if value.dtype.kind not in PLAIN_KINDS:
        return None
    return [value.dtype.str, to_text(value.tobytes())]


def _read_scalar(dtype: str, text: str) -> object:
    numpy = _module("numpy")
    return numpy.frombuffer(to_bytes(text), dtype=plain_dtype(dtype), count=1)[0]


PLAIN_KINDS = "biufcSUMm"
"""numpy's kinds of elements that are bytes and nothing else: never objects."""


def plain_dtype(name: str) -> Any:
    dtype = _module("numpy").dtype(_text(name))
    if dtype.kind not in PLAIN_KINDS or dtype.hasobject:
        raise Unreadable("not a plain element type")
    return dtype


_Packer = Callable[[Any], "list[Any] | None"]

_PACKERS: dict[str, tuple[str, _Packer]] = {
    "builtins.int": ("i", lambda value: [format(value, "x")]),
    "builtins.bytes": ("b", lambda value: [to_text(value)]),
    "builtins.complex": ("c", lambda value: [value.real, value.imag]),
    "builtins.range": ("R", _pack_range),
    "builtins.slice": ("S", _pack_slice),
    "builtins.ellipsis": ("K", lambda _: ["Ellipsis"]),
    "builtins.NotImplementedType": ("K", lambda _: ["NotImplemented"]),
    "decimal.Decimal": ("D", lambda value: [str(value)]),
    "fractions.Fraction": ("F", lambda value: [hex(value.numerator), hex(value.denominator)]),
    "datetime.date": ("da", lambda value: [value.isoformat()]),
    "datetime.datetime": ("dt", _pack_datetime),
    "datetime.time": ("tm", _pack_time),
    "datetime.timedelta": ("td", lambda v: [v.days, v.seconds, v.microseconds]),
    "datetime.timezone": ("tz", _pack_zone),
    "zoneinfo.ZoneInfo": ("tz", _pack_zone),
    "uuid.UUID": ("u", lambda value: [value.hex]),
    "re.Pattern": ("re", _pack_pattern),
}  # fmt: skip
for _name in _PATHS:
    for _home in ("pathlib", "pathlib._local"):
        _PACKERS[f"{_home}.{_name}"] = (
            "P",
            lambda value: [type(value).__name__, *value.parts],
        )
for _name in _ADDRESSES:
    _PACKERS[f"ipaddress.{_name}"] = (
        "ip",
        lambda value: [type(value).__name__, str(value)],
    )
for _name in (
    "bool", "bool_", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32",
    "uint64", "longlong", "ulonglong", "intc", "uintc", "float16", "float32",
    "float64", "complex64", "complex128", "str_", "bytes_", "datetime64",
    "timedelta64",
):  # fmt: skip
    _PACKERS[f"numpy.{_name}"] = ("n", _pack_scalar)

_READERS: dict[str, Callable[..., object]] = {
    "i": _read_int,
    "b": lambda text: to_bytes(text),  # noqa: PLW0108 - one argument, no more
    "c": lambda real, imag: complex(float(real), float(imag)),
    "R": range,
    "S": slice,
    "K": _read_constant,
    "D": lambda text: _module("decimal").Decimal(_text(text)),
    "F": lambda over, under: _module("fractions").Fraction(
        int(over, 16), int(under, 16)
    ),
    "da": lambda text: _module("datetime").date.fromisoformat(_text(text)),
    "dt": _read_datetime,
    "tm": _read_time,
    "td": lambda *parts: _module("datetime").timedelta(*map(int, parts)),
    "tz": lambda *parts: _zone(parts),
    "u": lambda text: _module("uuid").UUID(hex=_text(text)),
    "re": _read_pattern,
    "P": _read_path,
    "ip": _read_address,
    "n": _read_scalar,
}
