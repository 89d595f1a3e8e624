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
    if found is None and kind.__module__ == "numpy.dtypes":
        found = _DTYPE
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


def to_bytes(text: Any) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise Unreadable(f"not base64: {error}") from error


def module(name: str) -> ModuleType:
    return sys.modules.get(name) or importlib.import_module(name)


def _pack_range(value: range) -> list[Any] | None:
    parts = [value.start, value.stop, value.step]
    return parts if all(is_atom(part) for part in parts) else None


def _pack_slice(value: slice) -> list[Any] | None:
    parts: list[Any] = [value.start, value.stop, value.step]
    return parts if all(is_atom(part) for part in parts) else None


def pack_zone(zone: Any) -> list[Any] | None:
    if zone is None:
        return []
    name = f"{type(zone).__module__}.{type(zone).__qualname__}"
    if name == "datetime.timezone":
        offset = zone.utcoffset(None)
        return ["fixed", offset.days, offset.seconds, offset.microseconds]
    if name in {"zoneinfo.ZoneInfo", "zoneinfo._common.ZoneInfo"} and zone.key:
        return ["zone", zone.key]
    return None


def zone_of(parts: tuple[Any, ...]) -> Any:
    datetime = module("datetime")
    if not parts:
        return None
    if parts[0] == "fixed":
        days, seconds, microseconds = map(int, parts[1:])
        return datetime.timezone(datetime.timedelta(days, seconds, microseconds))
    return module("zoneinfo").ZoneInfo(text_of(parts[1]))


def _pack_datetime(value: Any) -> list[Any] | None:
    zone = pack_zone(value.tzinfo)
    if zone is None:
        return None
    return [value.replace(tzinfo=None).isoformat(), value.fold, *zone]


def _read_datetime(text: str, fold: int, *zone: Any) -> object:
    value = module("datetime").datetime.fromisoformat(text_of(text))
    return value.replace(tzinfo=zone_of(zone), fold=fold)


def _pack_time(value: Any) -> list[Any] | None:
    zone = pack_zone(value.tzinfo)
    if zone is None:
        return None
    return [value.replace(tzinfo=None).isoformat(), value.fold, *zone]


def _read_time(text: str, fold: int, *zone: Any) -> object:
    value = module("datetime").time.fromisoformat(text_of(text))
    return value.replace(tzinfo=zone_of(zone), fold=fold)


def _pack_pattern(value: Any) -> list[Any] | None:
    if isinstance(value.pattern, bytes):
        return ["b", to_text(value.pattern), value.flags]
    return ["s", value.pattern, value.flags & ~0x20]


def _read_pattern(kind: str, text: str, flags: int) -> object:
    pattern = to_bytes(text) if kind == "b" else text_of(text)
    return module("re").compile(pattern, flags)


def _pack_view(value: memoryview) -> list[Any] | None:
    """Memory that can be written to stays where it is."""
    if not value.readonly or value.format != "B" or not value.c_contiguous:
        return None
    return [to_text(value)]


def _read_int(text: str) -> int:
    if len(text_of(text)) > MAX_DIGITS:
        raise Unreadable("too many digits")
    return int(text, 16)


def text_of(value: object) -> str:
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
    return getattr(module("pathlib"), name)(*map(text_of, parts))


def _read_address(name: str, text: str) -> object:
    if name not in _ADDRESSES:
        raise Unreadable("no such address")
    return getattr(module("ipaddress"), name)(text_of(text))


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
    numpy = module("numpy")
    return numpy.frombuffer(to_bytes(text), dtype=plain_dtype(dtype), count=1)[0]


PLAIN_KINDS = "biufcSUMm"
"""numpy's kinds of elements that are bytes and nothing else: never objects."""


def dtype_parts(dtype: Any) -> Any:
    """An element type as data: a name, or a name for each field of a record."""
    if dtype.names is None:
        return dtype.str if dtype.kind in PLAIN_KINDS and not dtype.hasobject else None
    fields = [[name, dtype_parts(dtype[name])] for name in dtype.names]
    is_packed = dtype.itemsize == sum(dtype[name].itemsize for name in dtype.names)
    is_flat = all(type(part) is str for _, part in fields)
    return fields if is_packed and is_flat else None


def plain_dtype(name: Any) -> Any:
    if type(name) is list:
        pairs = [(text_of(field), plain_dtype(part)) for field, part in name]
        return module("numpy").dtype(pairs)
    dtype = module("numpy").dtype(text_of(name))
    if dtype.kind not in PLAIN_KINDS or dtype.hasobject:
        raise Unreadable("not a plain element type")
    return dtype


def _pack_dtype(value: Any) -> list[Any] | None:
    parts = "O" if value.str == "|O" else dtype_parts(value)
    return None if parts is None else [parts]


def _read_dtype(name: Any) -> object:
    return module("numpy").dtype(object) if name == "O" else plain_dtype(name)


_DTYPE = ("nd", _pack_dtype)

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
    "datetime.timezone": ("tz", pack_zone),
    "zoneinfo.ZoneInfo": ("tz", pack_zone),
    "uuid.UUID": ("u", lambda value: [value.hex]),
    "re.Pattern": ("re", _pack_pattern),
    "builtins.memoryview": ("mv", _pack_view),
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
    "D": lambda text: module("decimal").Decimal(text_of(text)),
    "F": lambda over, under: module("fractions").Fraction(
        int(over, 16), int(under, 16)
    ),
    "da": lambda text: module("datetime").date.fromisoformat(text_of(text)),
    "dt": _read_datetime,
    "tm": _read_time,
    "td": lambda *parts: module("datetime").timedelta(*map(int, parts)),
    "tz": lambda *parts: zone_of(parts),
    "u": lambda text: module("uuid").UUID(hex=text_of(text)),
    "re": _read_pattern,
    "P": _read_path,
    "ip": _read_address,
    "n": _read_scalar,
    "nd": _read_dtype,
    "mv": lambda text: memoryview(to_bytes(text)),
}


def add(
    packers: dict[str, tuple[str, _Packer]], readers: dict[str, Callable[..., object]]
) -> None:
    """Further leaves, by the full names of their types and by their tags."""
    _PACKERS.update(packers)
    _READERS.update(readers)
