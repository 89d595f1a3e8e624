"""Which tier is taken, and what is said where a stronger one does not work."""

import stat
import sys
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

import orps_sandbox.worker
from orps_sandbox.errors import SandboxUnavailable, UnconfinedRefused
from orps_sandbox.executor import open_executor
from orps_sandbox.outcome import Tier
from orps_sandbox.tiers import Confinement
from support.sandbox_projects import HONEST, LIMITS, run, run_once, write_stub
from support.tiers import confining_tiers

CONFINING = confining_tiers()

# Puts the worker on a host where one system call is denied, by our own filter.
WITHOUT_NAMESPACES = """
    import platform, sys
    sys.path.insert(0, {packages!r})
    from orps_sandbox.worker import seccomp, syscalls
    machine = platform.machine()
    unshare = {{"x86_64": 272, "aarch64": 97}}[machine]
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    seccomp.install(seccomp.compiled([seccomp.Deny(unshare, 1)], machine), machine)
    del sys.path[0]
    for name in [n for n in sys.modules if n.startswith("orps_sandbox")]:
        del sys.modules[name]
"""
UNKNOWN_PROCESSOR = """
    import platform
    platform.machine = lambda: "riscv64"
"""


def interpreter_after(folder: Path, customization: str) -> Path:
    """The running interpreter, in a process that has run `customization` first."""
    site = folder / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(dedent(customization))
    path = folder / "python"
    path.write_text(f'#!/bin/sh\nPYTHONPATH={site} exec {sys.executable} "$@"\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


async def opened(
    root: Path, interpreter: Path, tier: Tier | None, *, unconfined: bool = False
) -> Confinement:
    project = replace(write_stub(root), interpreter=interpreter)
    async with open_executor(
        project, limits=LIMITS, slots=1, tier=tier, unconfined=unconfined
    ) as executor:
        verdict = await run(executor, HONEST)
        assert verdict.words == ["passed"] * 4
        assert verdict.outcome.tier is executor.confinement.tier
        return executor.confinement


def without_namespaces(folder: Path) -> Path:
    packages = Path(orps_sandbox.worker.__path__[0]).parents[1]
    return interpreter_after(folder, WITHOUT_NAMESPACES.format(packages=str(packages)))


async def test_strongest_tier_that_works_is_taken(tmp_path: Path):
    confinement = await opened(tmp_path / "p", Path(sys.executable), None)
    assert confinement.tier is (CONFINING or (Tier.C,))[0]


async def test_without_namespaces_it_is_b_and_says_why(tmp_path: Path):
    interpreter = without_namespaces(tmp_path)
    confinement = await opened(tmp_path / "p", interpreter, None)
    assert confinement.tier is Tier.B
    (shortfall,) = confinement.shortfalls
    assert "tier A does not work here: namespaces cannot be made" in shortfall
    again = await opened(tmp_path / "p", interpreter, None)
    assert again == confinement
    with pytest.raises(SandboxUnavailable, match="tier A does not work"):
        await opened(tmp_path / "p", interpreter, Tier.A)


async def test_unknown_processor_has_limits_only_where_that_is_allowed(tmp_path: Path):
    interpreter = interpreter_after(tmp_path, UNKNOWN_PROCESSOR)
    with pytest.raises(UnconfinedRefused, match=r"riscv64.*sandbox\.unconfined"):
        await opened(tmp_path / "p", interpreter, None)
    confinement = await opened(tmp_path / "p", interpreter, None, unconfined=True)
    assert confinement.tier is Tier.C
    assert all("riscv64" in shortfall for shortfall in confinement.shortfalls)
    assert len(confinement.shortfalls) == 2
    with pytest.raises(SandboxUnavailable, match="tier B does not work here"):
        await opened(tmp_path / "p", interpreter, Tier.B)


@pytest.mark.parametrize("tier", CONFINING)
async def test_files_outside_are_closed_and_links_of_the_project_open(
    tmp_path: Path, tier: Tier
):
    """A folder that the project links to is part of what its tests need."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "numbers").write_text("2")
    (tmp_path / "secret").write_text("2")
    project = write_stub(tmp_path / "p")
    (project.root / "data").symlink_to(data)
    reading = "def solve(x):\n    return int(open({name!r}).read()) * x\n"
    for name, words in (
        ("data/numbers", {"passed"}),
        (str(tmp_path / "secret"), {"failed"}),
    ):
        verdict = await run_once(project, reading.format(name=name), tier=tier)
        assert set(verdict.words) == words, verdict.outcome.cases[0].message


@pytest.mark.parametrize("tier", CONFINING)
async def test_metadata_of_other_files_stays_as_it_is(tmp_path: Path, tier: Tier):
    other = tmp_path / "other"
    other.touch(mode=0o600)
    verdict = await run_once(
        write_stub(tmp_path / "p"),
        f"""
        import os

        def solve(x):
            try:
                os.chmod({str(other)!r}, 0o777)
            except OSError:
                pass
            return 2 * x
        """,
        tier=tier,
    )
    assert verdict.words == ["passed"] * 4
    assert stat.S_IMODE(other.stat().st_mode) == 0o600


@pytest.mark.parametrize("tier", set(CONFINING) & {Tier.A})
async def test_multiprocessing_locks_work_in_tier_a(tmp_path: Path, tier: Tier):
    verdict = await run_once(
        write_stub(tmp_path / "p"),
        """
        import multiprocessing

        def double(x):
            return 2 * x

        def solve(x):
            with multiprocessing.get_context("fork").Pool(2) as pool:
                return pool.map(double, [x])[0]
        """,
        tier=tier,
    )
    assert verdict.words == ["passed"] * 4
