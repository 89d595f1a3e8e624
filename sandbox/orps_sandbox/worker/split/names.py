# pyright: basic
"""Classes and functions that both processes have, by name.

A name from the candidate is looked up only among what the judge has itself: types of
data, and what the person's own modules define.  Never a function of the standard
library, so no name can make the judge do something.
"""

from __future__ import annotations

import importlib
import os
import sys
from enum import Enum
from types import FunctionType, ModuleType
from typing import Any

_DATA_MODULES = frozenset({
    "builtins", "collections", "decimal", "fractions", "datetime", "pathlib", "uuid",
    "numbers", "abc", "collections.abc", "enum", "types", "typing", "ipaddress",
    "numpy",
})  # fmt: skip
_LIBRARY_DATA = frozenset({
    "http", "re", "signal", "calendar", "inspect", "uuid", "socket", "urllib.parse",
    "difflib", "statistics", "platform", "shutil", "tokenize", "sched", "time", "sys",
})  # fmt: skip
"""Modules whose enumerations and named tuples are data, too."""
_FORBIDDEN_BASES = frozenset({
    "pytest", "_pytest", "unittest", "orps_sandbox", "pluggy", "doctest",
})  # fmt: skip


class Names:
    """Finds names; `root` holds the person's modules, `hidden` files are not shared."""

    def __init__(self, root: str, hidden: frozenset[str], *, trusting: bool) -> None:
        self._root = root + os.sep
        self._hidden = hidden
        self._trusting = trusting
        """In the candidate's process: look up whatever the judge names."""
        self.there: dict[str, frozenset[str]] = {}
        """There: what the judge has in modules of which it has another text."""

    def of(self, value: object) -> str | None:
        """`module:qualified.name`, if the other side finds the same under it."""
        if isinstance(value, ModuleType):
            return None if self._trusting else f"{value.__name__}:"
        module = getattr(value, "__module__", None)
        name = getattr(value, "__qualname__", None)
        if type(module) is not str or type(name) is not str or "<" in name:
            return None
        if not callable(value) or _lookup(module, name) is not value:
            return None
        if self._trusting:
            there = self.there.get(module)
            known = self._is_shared(module, value) and (there is None or name in there)
        else:
            known = self._in_copy(module) or self._is_library(module)
        return f"{module}:{name}" if known else None

    def resolve(self, text: str) -> Any:
        """What the name stands for here; `None` if there is no such thing."""
        module, _, name = text.partition(":")
        if self._trusting and module not in sys.modules:
            try:
                __import__(module)
            except Exception:  # noqa: BLE001 - whatever importing it raises
                return None
        found = _lookup(module, name)
        if self._trusting or self._is_shared(module, found):
            return found
        return None

    def exception(self, text: str) -> type[BaseException] | None:
        """An exception class that the other side may have raised."""
        module, _, name = text.partition(":")
        found = _lookup(module, name)
        if not isinstance(found, type) or not issubclass(found, BaseException):
            return None
        tops = {base.__module__.partition(".")[0] for base in found.__mro__}
        return None if tops & _FORBIDDEN_BASES else found

    def of_data(self, kind: type) -> str | None:
        """`module:name` of an enumeration or named tuple of the standard library."""
        text = f"{kind.__module__}:{kind.__qualname__}"
        return text if self.data(text) is kind else None

    def data(self, text: str) -> type | None:
        """What such a name stands for; its module is imported if need be."""
        module, _, name = text.partition(":")
        if module not in _LIBRARY_DATA:
            return None
        found = vars(importlib.import_module(module)).get(name)
        if not isinstance(found, type):
            return None
        is_tuple = issubclass(found, tuple) and hasattr(found, "_fields")
        return found if is_tuple or issubclass(found, Enum) else None

    def is_own(self, value: object) -> bool:
        """Whether one of the person's modules defines it."""
        return self._in_copy(str(getattr(value, "__module__", "")))

    def _is_shared(self, module: str, value: object) -> bool:
        """Whether a name from the candidate may stand for it in the judge."""
        if isinstance(value, type):
            return self._in_copy(module) or module in _DATA_MODULES
        return isinstance(value, FunctionType) and self._in_copy(module)

    def _in_copy(self, module: str) -> bool:
        file = getattr(sys.modules.get(module), "__file__", None)
        if type(file) is not str or not file.startswith(self._root):
            return False
        return file not in self._hidden

    def _is_library(self, module: str) -> bool:
        """Whether both processes import it from one file that is not the person's."""
        loaded = sys.modules.get(module)
        if loaded is None or module == "__main__":
            return False
        file = getattr(loaded, "__file__", None)
        return file is None or not str(file).startswith(self._root)


def defined_in(module: ModuleType) -> list[str]:
    """Qualified names of the classes and functions that a module defines."""
    found: list[str] = []
    pending: list[Any] = [module]
    while pending:
        for value in list(vars(pending.pop()).values()):
            if getattr(value, "__module__", None) != module.__name__:
                continue
            if isinstance(value, (type, FunctionType)):
                if value.__qualname__ in found:
                    continue
                found.append(value.__qualname__)
                if isinstance(value, type):
                    pending.append(value)
    return found


def _lookup(module: str, name: str) -> Any:
    found: Any = sys.modules.get(module)
    for part in name.split(".") if name else ():
        try:
            own = vars(found)
        except TypeError:
            return None
        found = own.get(part)
    return None if isinstance(found, (staticmethod, classmethod)) else found
