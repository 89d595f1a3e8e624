"""How a worker is started so that its host confines it: one launcher for each system.

On Linux a worker confines itself and its children.  Elsewhere that has to be done from
outside, before it starts.
None of the other systems' code has run on a real machine yet; the self-check of each
worker decides whether it may be used.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from orps_sandbox import seatbelt, windows_start
from orps_sandbox.limits import Limits
from orps_sandbox.outcome import Tier
from orps_sandbox.windows_job import Job

ISOLATING = {"linux": (Tier.A, Tier.B), "darwin": (Tier.M,)}
"""Per system, strongest first; the others have none."""


class Launcher(Protocol):
    def command(self, worker: Sequence[str]) -> list[str]:
        """What to execute instead of the worker's own command."""
        ...

    def started(self, pid: int) -> None:
        """Confine a process that has just begun; raises `OSError` where it cannot."""
        ...

    def ended(self) -> None:
        """The worker is gone, and all that it had started has to be."""
        ...


class PlainLauncher:
    """For workers that confine themselves, or are not to be confined."""

    def command(self, worker: Sequence[str]) -> list[str]:
        return list(worker)

    def started(self, pid: int) -> None: ...

    def ended(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatbeltLauncher:
    """Has macOS execute the worker, and so all that it forks, under a profile."""

    writable: Path
    readable: tuple[Path, ...]

    def command(self, worker: Sequence[str]) -> list[str]:
        profile = seatbelt.profile(self.writable, self.readable)
        return [seatbelt.PROGRAM, "-p", profile, *worker]

    def started(self, pid: int) -> None: ...

    def ended(self) -> None: ...


class WindowsLauncher:
    """Has a Windows worker started under a restricted token, and limits what it starts.

    The worker is in a job before it executes anything (`windows_start`).  The one here
    holds the program that starts it, which so ends with the server.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._job: Job | None = None

    def command(self, worker: Sequence[str]) -> list[str]:
        return windows_start.command(worker, self._limits)

    def started(self, pid: int) -> None:
        self._job = Job.holding(pid, self._limits)

    def ended(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.close()


def isolating(platform: str = sys.platform) -> tuple[Tier, ...]:
    """The tiers that may isolate there; whether one does, its self-check finds out."""
    return ISOLATING.get(platform, ())


def launcher_for(
    tier: Tier,
    *,
    writable: Path,
    readable: tuple[Path, ...],
    platform: str = sys.platform,
) -> Launcher:
    """What starts a worker of this tier."""
    if tier is Tier.M:
        return SeatbeltLauncher(writable=writable, readable=readable)
    if platform == "win32":
        return WindowsLauncher(Limits())
    return PlainLauncher()
