"""Whether a run has left the copy of the project as it was.

The executor undoes what a run has changed.  Mostly it has changed nothing, and the
worker, who waits for the run anyway, sees that sooner.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_Stamp = tuple[int, ...]


class Copied:
    """Knows what is below some folders, while nothing there has changed.

    Without folders it knows nothing, and says so.
    """

    def __init__(self, *folders: str) -> None:
        self._folders = folders
        self._known: dict[str, _Stamp] | None = None

    def note(self) -> None:
        """Take what is there for what it should be, unless that is known."""
        if self._known is None and self._folders:
            self._known = dict(self._found())

    def forget(self) -> None:
        self._known = None

    def is_untouched(self) -> bool:
        """Whether it is what it should be; with the first difference, that is over."""
        known, self._known = self._known, None
        if known is None:
            return False
        n_found = 0
        for path, stamp in self._found():
            if known.get(path) != stamp:
                return False
            n_found += 1
        if n_found != len(known):
            return False
        self._known = known
        return True

    def _found(self) -> Iterator[tuple[str, _Stamp]]:
        pending = list(self._folders)
        for folder in pending:
            with suppress(OSError):
                yield folder, _stamp(os.lstat(folder))
        while pending:
            folder = pending.pop()
            with suppress(OSError), os.scandir(folder) as entries:
                for entry in entries:
                    yield entry.path, _stamp(entry.stat(follow_symlinks=False))
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(entry.path)


def _stamp(status: os.stat_result) -> _Stamp:
    if stat.S_ISDIR(status.st_mode):
        # Its times and size follow from what is in it, which is looked at as well.
        return (status.st_mode, status.st_ino)
    times = (status.st_mtime_ns, status.st_ctime_ns)
    return (status.st_mode, status.st_size, *times, status.st_ino)
