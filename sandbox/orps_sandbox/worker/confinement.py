"""What one run is confined by, above its limits: the tiers of docs/sandbox.md."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orps_sandbox.worker import landlock, namespaces, roots, seccomp, syscalls
from orps_sandbox.worker.denials import denials

if TYPE_CHECKING:
    from orps_sandbox.worker.opening import Opening

_READ_ONLY_LANDLOCK = 1
_READ_AND_TRUNCATE_LANDLOCK = 3
SCRATCH_FOLDERS = ("home", "tmp")


@dataclass(frozen=True)
class Confinement:
    """Made by the warm worker, applied by each child to itself."""

    tier: str
    copy_root: str
    scratch: str
    readable: tuple[str, ...]
    landlock_version: int
    machine: str

    def apply(self, *, scratch_bytes: int) -> None:
        """Confine this process for good; before any of the candidate's code.

        Raises:
            OSError: something is not as it was when the worker looked.
        """
        if self.tier == "C":
            return
        own_mounts = self.tier == "A"
        if own_mounts:
            namespaces.mount_scratch(
                self.scratch, SCRATCH_FOLDERS, max_bytes=scratch_bytes
            )
            # The working directory still leads to what lay under these mounts.
            os.chdir(self.copy_root)
        syscalls.drop_capabilities()
        syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
        self._ruleset().enforce()
        rules = denials(
            self.machine,
            landlock_version=self.landlock_version,
            pid=os.getpid(),
            read_only_mounts=own_mounts,
        )
        seccomp.install(seccomp.compiled(rules, self.machine), self.machine)

    def _ruleset(self) -> landlock.Ruleset:
        ruleset = landlock.Ruleset(self.landlock_version)
        writable = [self.copy_root, self.scratch]
        if self.tier == "A":
            # Both show and hold nothing but what belongs to this run.
            processes = ["/proc"]
            writable.append(namespaces.SHARED_MEMORY)
        else:
            processes = [*roots.PROCESS_FILES, f"/proc/{os.getpid()}"]
        ruleset.allow([*self.readable, *processes], landlock.READ)
        ruleset.allow(writable, landlock.WRITE)
        ruleset.allow(roots.DEVICES, landlock.DEVICE)
        return ruleset


def confinement_of(opening: Opening) -> Confinement:
    """Look at what this kernel offers, and what this interpreter has to read."""
    confined = opening.tier != "C"
    # Above the copy lies the empty configuration at which pytest ends its search.
    around = os.path.join(opening.folder, "pytest.ini")  # noqa: PTH118 - a string
    return Confinement(
        tier=opening.tier,
        copy_root=opening.copy_root,
        scratch=opening.scratch,
        readable=(
            (around, *roots.readable(opening.linked, real_root=opening.real_root))
            if confined
            else ()
        ),
        landlock_version=landlock.version() if confined else 0,
        machine=syscalls.machine(),
    )


def obstacle(tier: str) -> str:
    """Why this kernel cannot have the tier at all, with a remedy; empty if it can."""
    if tier == "C":
        return ""
    if sys.platform != "linux":
        return "Linux alone has what confines a run; there, or inside WSL, it works"
    if syscalls.machine() not in syscalls.KNOWN_MACHINES:
        return f"there is no seccomp filter for {syscalls.machine()} processors"
    # Older ones do not keep a file from being emptied; read-only mounts do.
    needed = _READ_ONLY_LANDLOCK if tier == "A" else _READ_AND_TRUNCATE_LANDLOCK
    found = landlock.version()
    if found < needed:
        return (
            f"this kernel has Landlock {found or 'switched off'}, and {needed} is "
            "needed; Linux 6.2 or newer with `landlock` among its security modules "
            "has it"
        )
    return ""
