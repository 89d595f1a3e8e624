"""Groups of cgroup v2 for one worker and its runs, where this user may make them.

A desktop's systemd hands each user a part of the tree; containers and other systems
mostly do not.  The server makes the groups, since a worker may be killed at any time, and
removes them after it; those of a server that was killed are swept by the next one.

    <delegated>/orps-<server's pid>-<n>/worker      the warm worker
                                       /run         what it runs, within limits
"""

import itertools
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

PREFIX = "orps-"
_NEEDED = frozenset({"memory", "pids"})
_WANTED = ("memory", "pids", "cpu")
_REMOVE_SECONDS = 1.0
_numbers = itertools.count(1)


class NoGroups(Exception):
    """There is no delegated tree here; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegated:
    """A folder in which groups with these controllers can be made."""

    folder: Path
    controllers: tuple[str, ...]


def delegated(process: Path = Path("/proc/self")) -> Delegated:
    """The nearest group above this process that hands down memory and pids.

    Raises:
        NoGroups: there is none that this user may write in.
    """
    try:
        own = _own_group(process)
    except OSError as error:
        raise NoGroups(f"the groups of this process are not known: {error}") from error
    reason = ""
    for folder in own:
        handed = _words(folder / "cgroup.subtree_control")
        if not handed >= _NEEDED:
            reason = reason or f"{folder} hands down {' '.join(handed) or 'nothing'}"
        elif not os.access(folder, os.W_OK):
            reason = reason or f"{folder} is closed to this user"
        else:
            chosen = tuple(each for each in _WANTED if each in handed)
            return Delegated(folder=folder, controllers=chosen)
    raise NoGroups(reason or "cgroup v2 is not mounted")


class Group:
    """The groups of one worker; `close` removes them and kills what is in them."""

    def __init__(self, base: Path) -> None:
        self.folder = base

    @classmethod
    def make(cls, within: Delegated) -> "Group":
        """Make them, and sweep what a server has left that is gone.

        Raises:
            OSError: that is not allowed after all.
        """
        for left in within.folder.glob(f"{PREFIX}*-*"):
            if not _is_alive(left.name):
                cls(left).close()
        group = cls(within.folder / f"{PREFIX}{os.getpid()}-{next(_numbers)}")
        try:
            group.folder.mkdir()
            wanted = " ".join(f"+{each}" for each in within.controllers)
            (group.folder / "cgroup.subtree_control").write_text(wanted)
            for name in ("worker", "run"):
                (group.folder / name).mkdir()
        except OSError:
            group.close()
            raise
        return group

    def close(self) -> None:
        """Leave nothing; a process that is still dying is waited for, with a bound."""
        with suppress(OSError), (self.folder / "cgroup.kill").open("r+") as kill:
            kill.write("1")
        deadline = time.monotonic() + _REMOVE_SECONDS
        for folder in (self.folder / "run", self.folder / "worker", self.folder):
            while folder.is_dir() and time.monotonic() < deadline:
                with suppress(OSError):
                    folder.rmdir()
                    break
                time.sleep(0.01)


def _own_group(process: Path) -> Iterator[Path]:
    """The process's group and those above it, in the tree of cgroup v2."""
    path = next(
        (
            line[3:]
            for line in (process / "cgroup").read_text().splitlines()
            if line.startswith("0::/")
        ),
        None,
    )
    mounts = (line.split() for line in (process / "mountinfo").read_text().splitlines())
    root = next((each[4] for each in mounts if each[-3] == "cgroup2"), None)
    if path is None or root is None:
        return iter(())
    own = Path(root, path.lstrip("/"))
    above = [own, *own.parents]
    return iter(above[: above.index(Path(root)) + 1])


def _words(file: Path) -> frozenset[str]:
    try:
        return frozenset(file.read_text().split())
    except OSError:
        return frozenset()


def _is_alive(name: str) -> bool:
    """Whether the server that has made the group of this name still lives."""
    pid = name.removeprefix(PREFIX).partition("-")[0]
    return not pid.isdigit() or psutil.pid_exists(int(pid))
