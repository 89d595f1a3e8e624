"""Removes a folder whatever a candidate has built in it."""

import itertools
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def remove_tree(top: Path) -> None:
    """Delete `top` and all below it, without recursion and without long paths.

    A candidate can nest folders deeper than Python recurses, than a path may be long
    and than descriptors may be open, so every folder is first moved up to `top`.
    What cannot be deleted is left to the sweep of the next start.
    """
    numbers = itertools.count()
    pending = [top]
    while pending:
        folder = pending.pop()
        pending += _empty(folder, fresh=lambda: top / f"orps-removal-{next(numbers)}")
        if folder != top:
            with suppress(OSError):
                folder.rmdir()
    with suppress(OSError):
        top.rmdir()


def _empty(folder: Path, *, fresh: Callable[[], Path]) -> list[Path]:
    """Delete the files of one folder; return its folders, moved to fresh names."""
    moved: list[Path] = []
    with suppress(OSError):
        # Without these rights its entries could be neither listed nor deleted.
        folder.chmod(0o700)
        entries = list(os.scandir(folder))
        for entry in entries:
            with suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    target = fresh()
                    os.rename(entry.path, target)  # noqa: PTH104 - `entry` has no Path
                    moved.append(target)
                else:
                    os.unlink(entry.path)  # noqa: PTH108
    return moved
