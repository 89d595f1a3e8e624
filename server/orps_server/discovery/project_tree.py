"""The files of a project as the person sees them: the disk, with buffers over it."""

import fnmatch
import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_SKIPPED = frozenset(
    {
        "node_modules",
        "site-packages",
        "__pycache__",
        "__pypackages__",
        "build",
        "dist",
        "venv",
        "virtualenv",
        "env",
    }
)
_MAX_FOLDERS = 5_000
_MAX_BYTES = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectTree:
    """Paths are POSIX and relative to the root throughout."""

    root: Path
    overlay: Mapping[str, str]

    def exists(self, path: str) -> bool:
        return path in self.overlay or (self.root / path).is_file()

    def is_folder(self, path: str) -> bool:
        return (self.root / path).is_dir()

    def read(self, path: str) -> str:
        """The text; empty where there is none that could be read."""
        if path in self.overlay:
            return self.overlay[path]
        file = self.root / path
        try:
            if file.stat().st_size > _MAX_BYTES:
                return ""
            return file.read_bytes().decode("utf-8-sig", errors="replace")
        except OSError:
            return ""

    def find(self, patterns: Sequence[str], under: str = ".") -> list[str]:
        """Files whose names match, of the folder and below, buffers included."""
        found = set(self._walk(patterns, under))
        for path in self.overlay:
            inside = under == "." or path.startswith(f"{under}/")
            if inside and _matches(PurePosixPath(path).name, patterns):
                found.add(path)
        return sorted(found)

    def _walk(self, patterns: Sequence[str], under: str) -> Iterator[str]:
        walk = itertools.islice(os.walk(self.root / under), _MAX_FOLDERS)
        for folder, subfolders, files in walk:
            here = Path(folder)
            subfolders[:] = sorted(
                name for name in subfolders if _is_of_the_project(here, name)
            )
            for name in files:
                if _matches(name, patterns):
                    yield (here / name).relative_to(self.root).as_posix()


def _is_of_the_project(folder: Path, name: str) -> bool:
    if name.startswith(".") or name in _SKIPPED or name.endswith(".egg-info"):
        return False
    # Whatever its name, a virtual environment holds other people's tests.
    return not (folder / name / "pyvenv.cfg").exists()


def _matches(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)
