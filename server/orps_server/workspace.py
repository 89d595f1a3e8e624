"""Which folder is the project of a file.

The root is copied into the sandbox and is pytest's working directory, so it must hold
the file, its package's parent and its tests, and should hold little else.
"""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from orps_server.errors import RequestFault

MARKERS = (
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "pytest.ini",
    "tox.ini",
    ".git",
)

TEST_FOLDERS = ("tests", "test")


def project_root(file: Path, tests: Iterable[Path] = ()) -> Path:
    """Find the root of an absolute `file`, widened to hold `tests` that exist.

    The nearest folder with a marker counts; without one, the folder above the file's
    top package, or the one above that if the tests are kept there. The home folder, the folder of temporary files and the top of the file
    system are never a root, whatever lies in them: copying them would take forever.
    """
    root = folder_root(file.parent)
    if _too_wide(root):
        raise RequestFault(
            f"{file} lies in {root}, which holds much more than one project.",
            kind="badRequest",
            hint="Move it and its tests into a folder of their own.",
        )
    for test in tests:
        if not test.is_relative_to(root):
            root = _common(root, test, file)
    return root


def folder_root(folder: Path) -> Path:
    """Find the project that a folder belongs to."""
    return _marked(folder) or _above_packages(folder)


def relative_posix(path: Path, root: Path) -> str:
    """The way a path inside the root is written in node ids and overlays."""
    return path.relative_to(root).as_posix()


def _marked(start: Path) -> Path | None:
    for folder in (start, *start.parents):
        if _too_wide(folder):
            return None
        if any((folder / marker).exists() for marker in MARKERS):
            return folder
    return None


def _above_packages(folder: Path) -> Path:
    while (folder / "__init__.py").exists() and not _too_wide(folder.parent):
        folder = folder.parent
    above = folder.parent
    has_tests_beside = any((above / name).is_dir() for name in TEST_FOLDERS)
    return above if has_tests_beside and not _too_wide(above) else folder


def _common(root: Path, test: Path, file: Path) -> Path:
    shared = [folder for folder in root.parents if test.is_relative_to(folder)]
    if not shared or _too_wide(shared[0]):
        raise RequestFault(
            f"{test} and {file} have no common project folder.",
            kind="noTests",
            hint="Put the tests beside the file, or a pyproject.toml above both.",
        )
    return shared[0]


def _too_wide(folder: Path) -> bool:
    """Whether the folder holds much more than any one project."""
    crowded = (Path.home(), Path(tempfile.gettempdir()))
    return any(place.is_relative_to(folder) for place in crowded)
