"""Keeps the examples of a docstring out of the candidate's hands.

The doctest of a target is part of the target's own text, so a candidate could drop
it or write an easier one.  What was collected from the user's text is put back
before the examples are found.
"""

from __future__ import annotations

import contextlib
import doctest
from typing import TYPE_CHECKING, Any

from orps_sandbox.worker.selection import path_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import ModuleType

    from _pytest.doctest import DoctestItem

    from orps_sandbox.worker.selection import Selection


def entry_of(item: DoctestItem, selection: Selection) -> str | None:
    """Name the selected entry of this doctest, whose own name has the module in front."""
    module = str(item.dtest.globs.get("__name__"))
    if not item.name.startswith(module + "."):
        return None
    qualname = item.name[len(module) + 1 :]
    return selection.doctest_of(path_of(item.nodeid), qualname)


def texts(items: Iterable[DoctestItem], selection: Selection) -> dict[str, str]:
    """The docstrings that hold the selected examples, by entry."""
    found: dict[str, str] = {}
    for item in items:
        entry = entry_of(item, selection)
        if entry is not None:
            found[entry] = item.dtest.docstring or ""
    return found


def restore_before_finding(docstrings: Mapping[str, str]) -> None:
    """Give each target its docstring back as soon as doctest looks at its module."""
    if not docstrings:
        return
    by_path: dict[str, dict[str, str]] = {}
    for entry, text in docstrings.items():
        path, _, qualname = entry.partition("::")
        by_path.setdefault(path, {})[qualname] = text
    find = doctest.DocTestFinder.find

    def find_restored(  # noqa: PLR0917 - the signature of what it replaces
        self: doctest.DocTestFinder,
        obj: object,
        name: str | None = None,
        module: ModuleType | bool | None = None,
        globs: dict[str, Any] | None = None,
        extraglobs: dict[str, Any] | None = None,
    ) -> list[doctest.DocTest]:
        file = str(getattr(obj, "__file__", "")).replace("\\", "/")
        for path, texts in by_path.items():
            if file.endswith("/" + path):
                for qualname, text in texts.items():
                    _set_docstring(obj, qualname, text)
        return find(self, obj, name, module, globs, extraglobs)

    doctest.DocTestFinder.find = find_restored


def _set_docstring(module: object, qualname: str, text: str) -> None:
    owner: object = module
    *path, name = qualname.split(".")
    for part in path:
        owner = getattr(owner, part, None)
    member = vars(owner).get(name) if hasattr(owner, "__dict__") else None
    member = getattr(member, "__func__", member)
    # Some objects have no writable docstring; their cases are then not reported.
    with contextlib.suppress(AttributeError, TypeError):
        member.__doc__ = text
