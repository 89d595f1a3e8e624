"""The folder under the system's temporary directory that holds all private copies.

Its name carries who made it, so that the next server can tell a dead server's folder
from a living one's.
"""

import os
import re
import tempfile
from pathlib import Path

import psutil

from orps_sandbox.errors import SandboxUnavailable
from orps_sandbox.removal import remove_tree

_NAME = re.compile(r"orps-(?P<pid>\d+)-(?P<started>\d+)-\w+")


def open_scratch() -> Path:
    """Make a folder for this process, after sweeping those of dead ones."""
    sweep(Path(tempfile.gettempdir()))
    process = psutil.Process()
    prefix = f"orps-{process.pid}-{_started(process)}-"
    try:
        return Path(tempfile.mkdtemp(prefix=prefix)).resolve()
    except OSError as error:
        raise SandboxUnavailable(
            f"no temporary folder can be made: {error}; make room or set TMPDIR"
        ) from error


def sweep(parent: Path) -> None:
    """Remove what servers that no longer live have left in `parent`."""
    try:
        entries = [entry for entry in os.scandir(parent) if _is_stale(entry)]
    except OSError:
        return
    for entry in entries:
        remove_tree(Path(entry.path))


def _is_stale(entry: os.DirEntry[str]) -> bool:
    match = _NAME.fullmatch(entry.name)
    if match is None or not entry.is_dir(follow_symlinks=False):
        return False
    if (
        hasattr(os, "getuid")
        and entry.stat(follow_symlinks=False).st_uid != os.getuid()
    ):
        return False
    try:
        owner = psutil.Process(int(match["pid"]))
        return _started(owner) != int(match["started"])
    except psutil.NoSuchProcess:
        return True
    except psutil.AccessDenied:
        return False


def _started(process: psutil.Process) -> int:
    """Hundredths of a second, which tells two uses of one process id apart."""
    return round(process.create_time() * 100)
