"""Removes a folder whatever a candidate has built in it."""

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


@dataclass(slots=True)
class _Level:
    """One folder on the way down, and what is still to be done in it."""

    name: str
    inode: int
    pending: list[str]


def remove_tree(top: Path) -> None:
    """Delete `top` and all below it."""
    empty_tree(top)
    with suppress(OSError):
        top.rmdir()


def empty_tree(top: Path) -> None:
    """Delete all below `top`, without recursion and without long paths.

    A candidate can nest folders deeper than Python recurses, than a path may be long
    and than descriptors may be open: one descriptor walks down by name and up by
    `..`.  What cannot be deleted is left to the sweep of the next start.
    """
    if os.open not in os.supports_dir_fd:
        shutil.rmtree(top, ignore_errors=True)
        return
    if top.is_symlink():
        # Put in its place by a candidate; what it points to is not ours.
        top.unlink()
        return
    with suppress(OSError):
        top.chmod(0o700)
        _remove_below(os.open(top, _OPEN_FLAGS))


def _remove_below(descriptor: int) -> None:
    """Empty an open folder, and close it."""
    levels = [_level(descriptor, "")]
    try:
        while True:
            level = levels[-1]
            if level.pending:
                name = level.pending.pop()
                below = _descend(descriptor, name)
                if below is not None:
                    os.close(descriptor)
                    descriptor = below
                    levels.append(_level(descriptor, name))
            elif len(levels) == 1:
                return
            else:
                levels.pop()
                above = os.open("..", _OPEN_FLAGS, dir_fd=descriptor)
                os.close(descriptor)
                descriptor = above
                # Nobody can move folders any more, but a wrong turn must not delete.
                if os.fstat(descriptor).st_ino != levels[-1].inode:
                    return
                with suppress(OSError):
                    os.rmdir(level.name, dir_fd=descriptor)
    finally:
        os.close(descriptor)


def _descend(descriptor: int, name: str) -> int | None:
    """Open a folder; `None` where that is not possible even with all rights given."""
    with suppress(OSError):
        os.chmod(name, 0o700, dir_fd=descriptor)
        return os.open(name, _OPEN_FLAGS, dir_fd=descriptor)
    return None


def _level(descriptor: int, name: str) -> _Level:
    """Delete the files of a folder and note its folders."""
    folders: list[str] = []
    with os.scandir(descriptor) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.name)
            else:
                with suppress(OSError):
                    os.unlink(entry.name, dir_fd=descriptor)
    return _Level(name=name, inode=os.fstat(descriptor).st_ino, pending=folders)
