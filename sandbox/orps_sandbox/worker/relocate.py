"""Loads from the private copy whatever the interpreter would load from the real tree.

Editable installs and `.pth` files name the user's real folder.  A module found there
would be the user's file on disk, not the candidate, and its tests would judge the
wrong code.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType


class Relocation:
    """Maps paths under the real root to the copy, where the copy has them.

    A virtual environment inside the project is not copied, so it keeps its place.
    """

    def __init__(self, *, real_root: str, copy_root: str) -> None:
        self._roots = {os.path.normcase(real_root), os.path.normcase(_real(real_root))}
        self._copy_root = copy_root

    def path(self, path: str) -> str:
        relative = self._relative(path)
        if relative is None:
            return path
        copy = str(Path(self._copy_root, relative))
        return copy if os.path.lexists(copy) else path

    def paths(self, paths: Iterable[str]) -> list[str]:
        return [self.path(path) for path in paths]

    def _relative(self, path: str) -> str | None:
        normal = os.path.normcase(path)
        for root in self._roots:
            if normal == root:
                return "."
            if normal.startswith(root + os.sep):
                return path[len(root) + 1 :]
        return None


class RelocatingFinder:
    """A meta path finder that corrects what the finders after it have found."""

    def __init__(self, relocation: Relocation) -> None:
        self._relocation = relocation

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        folders = None if path is None else self._relocation.paths(path)
        after = False
        for finder in list(sys.meta_path):
            if finder is self:
                after = True
                continue
            if not after or not hasattr(finder, "find_spec"):
                continue
            spec = finder.find_spec(fullname, folders, target)
            if spec is not None:
                return self._corrected(spec)
        return None

    def _corrected(self, spec: ModuleSpec) -> ModuleSpec:
        folders = spec.submodule_search_locations
        moved = None if folders is None else self._relocation.paths(folders)
        if spec.has_location and spec.origin is not None:
            origin = self._relocation.path(spec.origin)
            if origin == spec.origin:
                return spec
            corrected = importlib.util.spec_from_file_location(
                spec.name, origin, submodule_search_locations=moved
            )
            return corrected if corrected is not None else spec
        if folders is not None and moved is not None and moved != list(folders):
            spec.submodule_search_locations = moved
        return spec


def install(relocation: Relocation, *, copy_root: str) -> None:
    """Make this interpreter see the copy as `python -m pytest` sees the project."""
    sys.path[:] = [copy_root, *relocation.paths(sys.path)]
    sys.meta_path.insert(0, RelocatingFinder(relocation))
    importlib.invalidate_caches()


def _real(path: str) -> str:
    return str(Path(path).resolve())
