"""Imports of the standard library that a reply uses and forgets.

Models answer with `math.floor(x)` and no `import math` often enough, and what they
mean is beyond doubt for the names below, as long as nothing else bears them.
"""

import ast
from collections.abc import Iterable

from orps_search.source.names import Import

_MODULE_NAMES = """
abc array ast asyncio base64 binascii bisect calendar cmath collections contextlib
copy csv dataclasses decimal difflib enum fnmatch fractions functools gc glob
hashlib heapq hmac html inspect io itertools json keyword locale logging math
numbers operator os pathlib pickle platform random re secrets shlex shutil socket
sqlite3 statistics string struct subprocess sys tempfile textwrap threading time
timeit traceback types typing unicodedata urllib uuid warnings weakref zlib
"""
_MODULES = frozenset(_MODULE_NAMES.split())
"""Taken for a module only where an attribute is asked of it: `string.digits`."""

_MEMBERS = {
    **dict.fromkeys(("Counter", "OrderedDict", "defaultdict", "deque"), "collections"),
    **dict.fromkeys(("cache", "cmp_to_key", "lru_cache", "reduce"), "functools"),
    **dict.fromkeys(("accumulate", "groupby", "zip_longest"), "itertools"),
    **dict.fromkeys(("date", "timedelta"), "datetime"),
    **dict.fromkeys(("dataclass",), "dataclasses"),
    "Decimal": "decimal",
    "Fraction": "fractions",
    "Path": "pathlib",
    **dict.fromkeys(
        (
            *("Any", "Callable", "Dict", "FrozenSet", "Generator", "Iterable"),
            *("Iterator", "List", "Mapping", "NamedTuple", "Optional", "Sequence"),
            *("Set", "Tuple", "Type", "TypeVar", "Union"),
        ),
        "typing",
    ),
}

_OF_THE_MODULE_DATETIME = {"UTC", "date", "datetime", "time", "timedelta", "timezone"}


def forgotten(names: Iterable[str], tree: ast.Module) -> list[Import]:
    """The imports that `names`, which nothing defines, stand for in the code."""
    asked: dict[str, set[str]] = {name: set() for name in names}
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if (
                name in asked
            ):
                asked[name].add(attribute)
            case _:
                pass
    found = (_import_of(name, asked[name]) for name in sorted(asked))
    return [each for each in found if each is not None]


def _import_of(name: str, attributes: set[str]) -> Import | None:
    if name in _MEMBERS:
        return Import(name=name, module=_MEMBERS[name], attribute=name)
    if name == "datetime" and attributes:
        # The class bears the name of its module.
        is_module = not attributes.isdisjoint(_OF_THE_MODULE_DATETIME)
        return Import(
            name=name, module=name, attribute=None if is_module else "datetime"
        )
    if name in _MODULES and attributes:
        return Import(name=name, module=name)
    return None
