"""What one run is confined by, above its limits: the tiers of docs/sandbox.md."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from orps_sandbox.worker import (
    landlock,
    namespaces,
    roots,
    seccomp,
    syscalls,
    visible,
)
from orps_sandbox.worker.denials import (
    SCOPED_SIGNALS_VERSION,
    own_denials,
    shared_denials,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

    from orps_sandbox.worker.cgroup import RunGroup
    from orps_sandbox.worker.opening import Opening

_READ_ONLY_LANDLOCK = 1
_READ_AND_TRUNCATE_LANDLOCK = 3
OWN = ("A", "B")
"""Tiers in which each run confines itself, and not somebody the whole worker."""
SCRATCH_FOLDERS = ("home", "tmp")


@dataclass(frozen=True)
class Confinement:
    """Prepared by the warm worker, applied by each child to itself.

    What is the same for all runs is done once: files are opened for their rules, and
    the filter of system calls is the worker's own, which its children inherit.
    """

    tier: str
    real_root: str
    copy_root: str
    scratch: str
    rules: tuple[landlock.Rule, ...]
    """What every process of a run may reach; the copy and the scratch folder apart."""
    landlock_version: int
    machine: str
    group: RunGroup | None = None
    """Limits over all processes of a run together, where the host has them."""

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What a process has to hold that will confine others."""
        rules = tuple(rule.descriptor for rule in self.rules)
        return rules if self.group is None else (*rules, *self.group.descriptors)

    @property
    def folders(self) -> tuple[str, ...]:
        """What a run may leave its traces in; none where these can be covered up."""
        if self.tier not in OWN:
            return ()
        return (self.copy_root,) if self.tier == "A" else (self.copy_root, self.scratch)

    @contextmanager
    def scratch_of_one_run(self, *, max_bytes: int) -> Generator[None]:
        """In the worker: home and temporary folder that only this run has seen."""
        if self.tier != "A":
            yield
            return
        namespaces.mount_scratch(self.scratch, SCRATCH_FOLDERS, max_bytes=max_bytes)
        try:
            yield
        finally:
            namespaces.unmount_scratch(self.scratch)

    @contextmanager
    def shared_memory(self, *, max_bytes: int) -> Generator[None]:
        """In the worker: what processes share by name, for one run or some alike."""
        if self.tier != "A":
            yield
            return
        namespaces.mount_shared_memory(max_bytes=max_bytes)
        try:
            yield
        finally:
            namespaces.unmount_shared_memory()

    def is_clean(self) -> bool:
        """Whether nothing was left in the scratch folder or in shared memory."""
        folders = [Path(self.scratch, name) for name in SCRATCH_FOLDERS]
        if self.tier == "A":
            folders.append(Path(namespaces.SHARED_MEMORY))
        return not any(list(folder.iterdir()) for folder in folders)

    def shared_memory_is_as_new(self) -> bool:
        """Whether no run has left there what the next would find."""
        if self.tier != "A":
            return True
        shared = Path(namespaces.SHARED_MEMORY)
        try:
            mode, left = shared.stat().st_mode, list(shared.iterdir())
        except OSError:
            return False
        return not left and stat.S_IMODE(mode) == namespaces.PRIVATE_MODE

    def make_own_scratch(self, *, max_bytes: int) -> None:
        """In a child that nobody shares it with: the same, gone when the child is."""
        if self.tier == "A":
            namespaces.own_mounts()
            namespaces.mount_scratch(self.scratch, SCRATCH_FOLDERS, max_bytes=max_bytes)
            namespaces.mount_shared_memory(max_bytes=max_bytes)
            # The working directory still leads to what lay under these mounts.
            os.chdir(self.copy_root)

    def apply(self) -> None:
        """Confine this process for good; before any of the candidate's code.

        Raises:
            OSError: something is not as it was when the worker looked.
        """
        if self.tier in OWN:
            written = (self.copy_root, self.scratch)
            self._enforce(landlock.rules(written, landlock.WRITE))

    def apply_to_standby(self) -> None:
        """As `apply`, for a process that runs are forked from.

        Its rules are theirs for good, so it may reach what is not there yet: the
        scratch folder of each, of which it knows the place, and their own entries in
        `/proc`. It executes the person's text alone; `narrow` is for the rest.

        Raises:
            OSError: something is not as it was when the worker looked.
        """
        if self.tier == "C":
            return
        above = os.path.dirname(self.scratch)  # noqa: PTH120 - a string
        rules = landlock.rules((self.copy_root, above), landlock.WRITE)
        if self.tier == "A":
            shared = landlock.rules((namespaces.SHARED_MEMORY,), landlock.WRITE)
        else:
            shared = landlock.rules(("/proc",), landlock.READ)
        self._restrict(chain(self.rules, rules, shared))
        if self.tier == "A":
            # Whom it may signal is another matter for each of its forks.
            self._deny(landlock_version=SCOPED_SIGNALS_VERSION, own_mounts=True)

    def narrow(self) -> None:
        """Confine a fork of such a process as `apply` would have.

        Raises:
            OSError: something is not as it was when the worker looked.
        """
        if self.tier == "A":
            self._join()
            # Of files it may reach what it should; others of its kind it may signal.
            landlock.keep_signals_inside(self.landlock_version)
            self._deny(landlock_version=self.landlock_version, own_mounts=False)
        else:
            self.apply()

    def apply_without_tests(
        self, hidden: Sequence[str], *, also: Sequence[str] = ()
    ) -> None:
        """As `apply`, for a process that must not read these files of the copy.

        It may read what is `also` named.

        Raises:
            OSError: something is not as it was when the worker looked.
        """
        if self.tier not in OWN:
            return
        shown = visible.Visible(whole=(self.copy_root,), listed=())
        if self.tier == "A":
            namespaces.cover(hidden)
        else:
            shown = visible.paths(self.copy_root, hidden)
        self._enforce(
            chain(
                landlock.rules((*shown.whole, self.scratch), landlock.WRITE),
                landlock.rules(shown.listed, landlock.WRITE_UNREAD),
                landlock.rules(also, landlock.READ),
            )
        )

    def _enforce(self, of_this_run: Iterable[landlock.Rule]) -> None:
        self._join()
        self._restrict(chain(self.rules, self._own_rules(), of_this_run))
        self._deny(landlock_version=self.landlock_version, own_mounts=self.tier == "A")

    def _join(self) -> None:
        if self.group is not None:
            self.group.join()

    def _restrict(self, rules: Iterable[landlock.Rule]) -> None:
        syscalls.drop_capabilities()
        ruleset = landlock.Ruleset(self.landlock_version)
        for rule in rules:
            ruleset.add(rule)
        ruleset.enforce()

    def _deny(self, *, landlock_version: int, own_mounts: bool) -> None:
        own = own_denials(
            self.machine,
            landlock_version=landlock_version,
            own_mounts=own_mounts,
            pid=os.getpid(),
        )
        if own:
            seccomp.install(seccomp.compiled(own, self.machine), self.machine)

    def _own_rules(self) -> Iterator[landlock.Rule]:
        """For what belongs to this run alone, and was not there before it."""
        if self.tier == "A":
            yield from landlock.rules((namespaces.SHARED_MEMORY,), landlock.WRITE)
        else:
            yield from landlock.rules((f"/proc/{os.getpid()}",), landlock.READ)


def prepare(opening: Opening, group: RunGroup | None = None) -> Confinement:
    """Look at what this kernel offers, and give up what no run needs.

    Called once, when all is imported that a run has to be able to read.

    Raises:
        OSError: the kernel refuses what it should have.
    """
    tier, machine = opening.tier, syscalls.machine()
    if tier not in OWN:
        version, rules = 0, ()
    else:
        version, rules = landlock.version(), tuple(_shared_rules(opening))
        syscalls.drop_bounding_set()
        syscalls.keep_addresses()
        syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
        denied = shared_denials(machine, own_mounts=tier == "A")
        seccomp.install(seccomp.compiled(denied, machine), machine)
    return Confinement(
        tier=tier,
        real_root=opening.real_root,
        copy_root=opening.copy_root,
        scratch=opening.scratch,
        rules=rules,
        landlock_version=version,
        machine=machine,
        group=group,
    )


def _shared_rules(opening: Opening) -> Iterator[landlock.Rule]:
    # Above the copy lies the empty configuration at which pytest ends its search.
    around = os.path.join(opening.folder, "pytest.ini")  # noqa: PTH118 - a string
    # In A, /proc shows nothing but what belongs to these runs.
    processes = ("/proc",) if opening.tier == "A" else roots.PROCESS_FILES
    # The copy is on the search path, and not every process of a run may read it all.
    copied = (opening.copy_root, opening.copy_root + os.sep)
    readable = [
        path
        for path in roots.readable(opening.linked, real_root=opening.real_root)
        if path != copied[0] and not path.startswith(copied[1])
    ]
    yield from landlock.rules((around, *readable, *processes), landlock.READ)
    yield from landlock.rules(roots.DEVICES, landlock.DEVICE)


def obstacle(tier: str) -> str:
    """Why this kernel cannot have the tier at all, with a remedy; empty if it can."""
    if tier == "C" or (tier == "M" and sys.platform == "darwin"):
        return ""
    if tier == "M":
        return "Seatbelt is macOS's own"
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
