"""Private copies of a project's tree, so that the user's own is never written."""

import io
import os
import shutil
import stat
import time
import tokenize
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from orps_sandbox.errors import SandboxUnavailable
from orps_sandbox.limits import MIB
from orps_sandbox.removal import remove_tree

LARGE_FILE_BYTES = 32 * MIB
"""Larger files are data sets: the copy has a symbolic link to them."""
MAX_FILES = 50_000
MAX_BYTES = 2048 * MIB

_SKIPPED = frozenset({
    ".git", ".hg", ".svn", ".bzr", "node_modules", "__pycache__", ".mypy_cache",
    ".pytest_cache", ".ruff_cache", ".hypothesis", ".tox", ".nox", ".eggs", ".idea",
    ".vscode", ".cache",
})  # fmt: skip
_ENVIRONMENT_MARKS = ("pyvenv.cfg", "conda-meta")

_Stamp = tuple[int, ...]
"""Type, mode, size, times and inode: differs when a file was written or replaced."""

_TICK_SECONDS = 0.01
"""Kernels before 6.13 count the times of files in ticks of up to this: what is written
twice within one may look the same."""


class PrivateTree:
    """A copy that can be made what it was after each run."""

    def __init__(self, pristine: Path, root: Path) -> None:
        self.root = root
        self._pristine = pristine
        copy_tree(pristine, root)
        self._stamps = dict(_walk(root))
        self._mode = _stamp(root.stat())

    def write(self, files: Mapping[str, str]) -> None:
        """Put a candidate's files in place; `restore` takes them out again."""
        for name, text in files.items():
            write_text(self.root, name, text)

    def links_leading_out(self) -> list[str]:
        """Where links of the copy lead that are links because of their size."""
        links = (self.root / path for path in self._stamps)
        return [
            str(destination)
            for link in links
            if link.is_symlink() and (destination := link.readlink()).is_absolute()
        ]

    def restore(self) -> bool:
        """Undo whatever was written, removed or replaced since the copy was made.

        True if a file that belongs to the copy was among it.
        """
        # What is in a folder that was closed cannot be seen.
        reopened = self._reopen()
        now = dict(_walk(self.root, known=self._stamps.keys()))
        for path in now.keys() - self._stamps.keys():
            _remove(self.root / path)
        # Parents come before what they hold.
        changed = [p for p in sorted(self._stamps) if now.get(p) != self._stamps[p]]
        for path in changed:
            self._bring_back(path)
        if changed:
            time.sleep(_TICK_SECONDS)
        return bool(changed) or reopened

    def _reopen(self) -> bool:
        """Give the folders back their modes, from the top; tell if one needed that."""
        reopened = False
        for path, (mode, *rest) in sorted([("", self._mode), *self._stamps.items()]):
            folder = self.root / path
            if rest or not folder.is_dir() or folder.is_symlink():
                continue
            if folder.stat().st_mode != mode:
                folder.chmod(stat.S_IMODE(mode))
                reopened = True
        return reopened

    def _bring_back(self, path: str) -> None:
        source, target = self._pristine / path, self.root / path
        if source.is_dir() and not source.is_symlink():
            if target.is_symlink() or not target.is_dir():
                _remove(target)
                target.mkdir()
            shutil.copymode(source, target)
        else:
            _remove(target)
            _copy_file(source, target)
        self._stamps[path] = _stamp(target.lstat())


def make_pristine(root: Path, overlay: Mapping[str, str], target: Path) -> None:
    """Copy the user's tree, and put the unsaved texts over it.

    Raises:
        SandboxUnavailable: the tree cannot be read, or is too large to be a project.
    """
    try:
        copy_tree(root, target)
        for name, text in overlay.items():
            write_text(target, name, text)
    except OSError as error:
        raise SandboxUnavailable(
            f"the project could not be copied: {error}; make room or set TMPDIR"
        ) from error


def copy_tree(source: Path, target: Path) -> None:
    n_files = n_bytes = 0
    target.mkdir()
    for folder, relative in _folders(source):
        for entry in _entries(folder):
            copy = target / relative / entry.name
            if entry.is_dir(follow_symlinks=False):
                if not _is_skipped(entry):
                    copy.mkdir()
                continue
            n_files += 1
            n_bytes += _copy_entry(entry, copy, source=source, target=target)
            if n_files > MAX_FILES or n_bytes > MAX_BYTES:
                raise SandboxUnavailable(
                    f"{source} is too large to be copied as a project; "
                    "open the project's own folder, or give it a pyproject.toml"
                )


def write_text(root: Path, name: str, text: str) -> None:
    """Write a Python text as its own encoding declaration asks, line ends untouched."""
    relative = PurePosixPath(name)
    assert not relative.is_absolute(), f"{name!r} is not relative"
    assert ".." not in relative.parts, f"{name!r} leaves the project"
    path = root / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink():
        # Never write through a link: it may lead back to the user's file.
        path.unlink()
    path.write_bytes(encoded(text))


def encoded(text: str) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data if encoding.startswith("utf-8") else text.encode(encoding)
    except (SyntaxError, UnicodeEncodeError):
        # The interpreter will say what is wrong with it better than we could.
        return data


def _folders(top: Path) -> Iterator[tuple[Path, Path]]:
    """Each folder that belongs to the project, parents first, and its relative path."""
    pending = [Path()]
    while pending:
        relative = pending.pop()
        yield top / relative, relative
        with suppress(OSError):
            pending += [
                relative / entry.name
                for entry in _entries(top / relative)
                if entry.is_dir(follow_symlinks=False) and not _is_skipped(entry)
            ]


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return list(entries)


def _is_skipped(folder: os.DirEntry[str]) -> bool:
    if folder.name in _SKIPPED or not os.access(folder.path, os.R_OK | os.X_OK):
        return True
    return any(Path(folder.path, mark).exists() for mark in _ENVIRONMENT_MARKS)


def _copy_entry(
    entry: os.DirEntry[str], copy: Path, *, source: Path, target: Path
) -> int:
    """Copy one file or link; return how many bytes that took."""
    if entry.is_symlink():
        return _copy_link(Path(entry.path), copy, source=source, target=target)
    status = entry.stat(follow_symlinks=False)
    if not stat.S_ISREG(status.st_mode) or not os.access(entry.path, os.R_OK):
        # Sockets, pipes, devices and what the user may not read either.
        return 0
    if status.st_size > LARGE_FILE_BYTES:
        copy.symlink_to(entry.path)
        return 0
    _copy_file(Path(entry.path), copy)
    return status.st_size


def _copy_link(link: Path, copy: Path, *, source: Path, target: Path) -> int:
    """Keep a link inside the project a link; bring in what it has from outside."""
    destination = Path(os.path.normpath(link.parent / link.readlink()))
    if destination.is_relative_to(source):
        inside = target / destination.relative_to(source)
        copy.symlink_to(os.path.relpath(inside, copy.parent))
        return 0
    resolved = link.resolve()
    if resolved.is_file() and resolved.stat().st_size <= LARGE_FILE_BYTES:
        _copy_file(resolved, copy)
        return copy.stat().st_size
    copy.symlink_to(resolved)
    return 0


def _copy_file(source: Path, target: Path) -> None:
    shutil.copyfile(source, target, follow_symlinks=False)
    if not target.is_symlink():
        shutil.copymode(source, target)


def _walk(
    top: Path, *, known: Collection[str] | None = None
) -> Iterator[tuple[str, _Stamp]]:
    """Stamp everything; do not descend into folders that are not among the known."""
    pending = [""]
    while pending:
        folder = pending.pop()
        with suppress(OSError):
            for entry in _entries(top / folder):
                path = f"{folder}/{entry.name}" if folder else entry.name
                yield path, _stamp(entry.stat(follow_symlinks=False))
                if entry.is_dir(follow_symlinks=False) and (
                    known is None or path in known
                ):
                    pending.append(path)


def _stamp(status: os.stat_result) -> _Stamp:
    if stat.S_ISDIR(status.st_mode):
        # A folder's size and times follow from its entries, which have their own.
        return (status.st_mode,)
    times = (status.st_mtime_ns, status.st_ctime_ns)
    return (status.st_mode, status.st_size, *times, status.st_ino)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        remove_tree(path)
    else:
        path.unlink(missing_ok=True)
