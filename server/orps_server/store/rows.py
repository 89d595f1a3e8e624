"""What the store knows of a search beside its records."""

import os
from dataclasses import dataclass
from functools import cache

import psutil


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Where a search belongs, as far as a later process has to know."""

    search_id: str
    root: str
    """Absolute path of the project's root."""
    file: str
    """Absolute path of the target's file."""
    qualname: str
    tests: tuple[str, ...] = ()
    """Those that were named; empty if they were found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A search in the store, without its records."""

    header: Header
    started: float
    """Seconds since the epoch, as `updated`."""
    updated: float
    n_bytes: int
    owner: str

    @property
    def is_running(self) -> bool:
        """Somebody writes to it: this process, or another that lives."""
        return is_alive(self.owner)


NOBODY = ""


@cache
def this_process() -> str:
    """Its number and its start, since numbers are used again."""
    return _named(psutil.Process(os.getpid()))


def is_alive(owner: str) -> bool:
    pid = owner.partition("@")[0]
    if not pid.isdigit():
        return False
    try:
        return _named(psutil.Process(int(pid))) == owner
    except psutil.Error:
        return False


def _named(process: psutil.Process) -> str:
    return f"{process.pid}@{process.create_time():.2f}"
