"""What starts workers on systems that are not at hand, as far as it can be tried here."""

import ctypes
import sys
from pathlib import Path

import pytest

from orps_sandbox import process
from orps_sandbox.errors import SandboxUnavailable
from orps_sandbox.launching import (
    Launcher,
    PlainLauncher,
    SeatbeltLauncher,
    WindowsLauncher,
    isolating,
    launcher_for,
)
from orps_sandbox.limits import MIB, Limits
from orps_sandbox.outcome import Tier
from orps_sandbox.seatbelt import PROGRAM, profile
from orps_sandbox.windows_job import (
    LIMIT_KILL_ON_JOB_CLOSE,
    BasicLimits,
    ExtendedLimits,
    IoCounters,
    Job,
    extended_limits,
)

SLOT = Path("/private/var/folders/slot 1")
WORKER = ["/usr/bin/python3", "-B", "/site/worker/__main__.py"]
ALL = [
    PlainLauncher(),
    SeatbeltLauncher(writable=SLOT, readable=(Path("/site"),)),
    WindowsLauncher(Limits()),
]


@pytest.mark.parametrize("launcher", ALL, ids=lambda each: type(each).__name__)
def test_every_launcher_executes_the_worker_and_may_be_ended_at_any_time(
    launcher: Launcher,
):
    command = launcher.command(WORKER)
    assert command[-len(WORKER) :] == WORKER
    launcher.ended()
    launcher.ended()


@pytest.mark.parametrize(
    ("platform", "tiers"),
    [("linux", (Tier.A, Tier.B)), ("darwin", (Tier.M,)), ("win32", ()), ("sunos5", ())],
)
def test_tiers_that_may_isolate(platform: str, tiers: tuple[Tier, ...]):
    assert isolating(platform) == tiers


@pytest.mark.parametrize(
    ("platform", "tier", "kind"),
    [
        ("linux", Tier.A, PlainLauncher),
        ("linux", Tier.C, PlainLauncher),
        ("darwin", Tier.M, SeatbeltLauncher),
        ("darwin", Tier.C, PlainLauncher),
        ("win32", Tier.C, WindowsLauncher),
    ],
)
def test_which_launcher(platform: str, tier: Tier, kind: type):
    chosen = launcher_for(tier, writable=SLOT, readable=(), platform=platform)
    assert type(chosen) is kind


def test_seatbelt_denies_what_it_does_not_name():
    (program, flag, text, *worker) = ALL[1].command(WORKER)
    assert (program, flag, worker) == (PROGRAM, "-p", WORKER)
    assert text.startswith("(version 1)\n(deny default)\n")
    assert "network" not in text
    assert "mach-lookup" not in text
    writing = [rule for rule in text.split("(allow ") if "file-write*" in rule]
    assert len(writing) == 2
    assert all("/dev/" in each or str(SLOT) in each for each in writing)
    assert '(subpath "/site")' in text
    assert text.count("(") == text.count(")")


def test_paths_cannot_leave_their_text():
    text = profile(Path('/a"b\\c'), [])
    assert text.endswith('(allow file-write*\n  (subpath "/a\\"b\\\\c"))\n')


def test_structures_have_the_layout_of_64_bit_windows():
    assert ctypes.sizeof(BasicLimits) == 64
    assert ctypes.sizeof(IoCounters) == 48
    assert ctypes.sizeof(ExtendedLimits) == 144
    assert BasicLimits.ActiveProcessLimit.offset == 40
    assert BasicLimits.Affinity.offset == 48
    assert ExtendedLimits.IoInfo.offset == 64
    assert ExtendedLimits.JobMemoryLimit.offset == 120


def test_what_a_job_is_told():
    asked = extended_limits(Limits(cpu_seconds=2.5, processes=7, memory_bytes=3 * MIB))
    basic = asked.BasicLimitInformation
    assert basic.PerProcessUserTimeLimit == 25_000_000
    assert basic.ActiveProcessLimit == 7
    assert asked.JobMemoryLimit == 3 * MIB
    assert basic.LimitFlags == 0x2 | 0x8 | 0x200 | 0x400 | 0x2000
    assert basic.LimitFlags & LIMIT_KILL_ON_JOB_CLOSE


async def test_a_worker_that_cannot_be_confined_is_killed_and_says_why(tmp_path: Path):
    """Here, where there are no job objects."""
    with pytest.raises(OSError, match="Windows's own"):
        Job.holding(1, Limits())
    launcher = WindowsLauncher(Limits())
    with pytest.raises(SandboxUnavailable, match="cannot be confined: Job objects"):
        await process.spawn(
            Path(sys.executable),
            environment={},
            folder=tmp_path,
            log=tmp_path / "log",
            launcher=launcher,
        )
