"""The folder under the system's temporary directory that holds all private copies.

Its name carries who made it, and a lock in it lives as long as its maker, so that the
next server can tell a dead server's folder from a living one's.
"""

import os
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import psutil

from orps_sandbox.errors import SandboxUnavailable
from orps_sandbox.removal import remove_tree

if sys.platform != "win32":
    import fcntl

_NAME = re.compile(r"orps-(?P<pid>\d+)-(?P<started>\d+)-\w+")
_LOCK = "lock"
_YOUNG_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Scratch:
    folder: Path
    lock: BinaryIO
    """Locked while this is open; the kernel unlocks it for a killed process."""

    def remove(self) -> None:
        self.lock.close()
        remove_tree(self.folder)


def open_scratch() -> Scratch:
    """Make a folder for this process, after sweeping those of dead ones.

    Raises:
        SandboxUnavailable: the temporary directory takes no more.
    """
    sweep(Path(tempfile.gettempdir()))
    process = psutil.Process()
    prefix = f"orps-{process.pid}-{_started(process)}-"
    try:
        folder = Path(tempfile.mkdtemp(prefix=prefix)).resolve()
        lock = (folder / _LOCK).open("wb")
    except OSError as error:
        raise SandboxUnavailable(
            f"no temporary folder can be made: {error}; make room or set TMPDIR"
        ) from error
    _try_to_lock(lock)
    return Scratch(folder=folder, lock=lock)


def sweep(parent: Path) -> None:
    """Remove what servers that no longer live have left in `parent`."""
    try:
        with os.scandir(parent) as entries:
            stale = [entry.path for entry in entries if _is_stale(entry)]
    except OSError:
        return
    for path in stale:
        remove_tree(Path(path))


def _is_stale(entry: os.DirEntry[str]) -> bool:
    match = _NAME.fullmatch(entry.name)
    if match is None or not entry.is_dir(follow_symlinks=False):
        return False
    if _is_alive(int(match["pid"]), int(match["started"])):
        return False
    # A process in another container with the same temporary directory is not in our
    # list of processes, but its lock is in our kernel.
    try:
        with Path(entry.path, _LOCK).open("rb") as lock:
            return _try_to_lock(lock)
    except FileNotFoundError:
        # Not locked yet, or its owner was killed in the middle of removing it.
        age = time.time() - entry.stat(follow_symlinks=False).st_mtime
        return age > _YOUNG_SECONDS
    except OSError:
        return False


def _is_alive(pid: int, started: int) -> bool:
    try:
        return _started(psutil.Process(pid)) == started
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True


def _try_to_lock(file: BinaryIO) -> bool:
    """Lock it for as long as it is open; `False` if another process has done so."""
    if sys.platform != "win32":
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True


def _started(process: psutil.Process) -> int:
    """Hundredths of a second, which tells two uses of one process id apart."""
    return round(process.create_time() * 100)
