"""Limits over a run as a whole, by cgroup v2 where a part of its tree is ours.

Continuous integration has no delegated tree with controllers: what is decided and written
is tried on folders that stand in for one. Where this machine lets us make groups, joining
and killing are tried in the kernel's own tree too.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from orps_sandbox import slot
from orps_sandbox.cgroups import PREFIX, Delegated, Group, NoGroups, delegated
from orps_sandbox.executor import open_executor
from orps_sandbox.outcome import Tier
from orps_sandbox.worker.cgroup import RunGroup
from support.sandbox_projects import LIMITS, run, write_stub
from support.tiers import confining_tiers

REAL = Path("/sys/fs/cgroup/unified"), Path("/sys/fs/cgroup")
WHERE_AM_I = """
    def solve(x):
        print(open("/proc/self/cgroup").read())
        return 2 * x
"""
GONE = 4_000_000
"""Above the largest process id that there is."""


def host(tmp_path: Path, *, path: str, controllers: dict[str, str]) -> Path:
    """A folder that stands in for /proc/self, beside a tree of groups."""
    root = tmp_path / "tree"
    for name, words in controllers.items():
        folder = root / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "cgroup.subtree_control").write_text(f"{words}\n")
    process = tmp_path / "self"
    process.mkdir()
    (process / "cgroup").write_text(f"4:memory:/old\n0::{path}\n")
    (process / "mountinfo").write_text(
        "21 1 0:5 / /proc rw - proc proc rw\n"
        f"30 21 0:26 / {root} rw,relatime shared:4 - cgroup2 cgroup2 rw\n"
    )
    return process


def test_the_nearest_group_that_hands_down_memory_and_pids_is_taken(tmp_path: Path):
    handed = {"app": "cpu memory pids", "app/editor": "", "": "memory pids io"}
    found = delegated(host(tmp_path, path="/app/editor", controllers=handed))
    assert found.folder == tmp_path / "tree" / "app"
    assert found.controllers == ("memory", "pids", "cpu")


def test_why_there_is_none(tmp_path: Path):
    handed = {"app": "hugetlb", "": ""}
    with pytest.raises(NoGroups, match="tree/app hands down hugetlb"):
        delegated(host(tmp_path, path="/app", controllers=handed))
    with pytest.raises(NoGroups, match="not known"):
        delegated(tmp_path / "nowhere")
    (tmp_path / "self" / "mountinfo").write_text("")
    with pytest.raises(NoGroups, match="not mounted"):
        delegated(tmp_path / "self")


def stand_in(tmp_path: Path) -> Delegated:
    return Delegated(folder=tmp_path, controllers=("memory", "pids", "cpu"))


def filled(group: Group) -> Path:
    """With the files that the kernel makes in a new group."""
    for name in ("worker", "run"):
        (group.folder / name / "cgroup.procs").write_text("")
    for name in ("memory.max", "memory.swap.max", "pids.max", "cpu.weight"):
        (group.folder / "run" / name).write_text("max")
    return group.folder / "run"


def test_a_run_is_limited_as_a_whole(tmp_path: Path):
    group = Group.make(stand_in(tmp_path))
    asked = (group.folder / "cgroup.subtree_control").read_text()
    assert asked == "+memory +pids +cpu"
    run = filled(group)
    entered = RunGroup.enter(str(group.folder))
    assert entered is not None
    entered.limit(memory_bytes=123, processes=45)
    entered.join()
    assert (run / "memory.max").read_text() == "123"
    assert (run / "pids.max").read_text().startswith("180")
    assert (run / "cpu.weight").read_text().startswith("20")
    assert (run / "cgroup.procs").read_text() == "0"
    assert (group.folder / "worker" / "cgroup.procs").read_text() == "0"
    for descriptor in entered.descriptors:
        os.close(descriptor)


def test_without_a_group_nothing_is_limited(tmp_path: Path):
    assert RunGroup.enter("") is None
    assert RunGroup.enter(str(tmp_path / "gone")) is None


def test_what_a_killed_server_left_is_swept(tmp_path: Path):
    for name in (f"{PREFIX}{GONE}-1", f"{PREFIX}{os.getpid()}-99999", "orps-other"):
        (tmp_path / name / "run").mkdir(parents=True)
    made = Group.make(stand_in(tmp_path))
    left = {path.name for path in tmp_path.iterdir()} - {made.folder.name}
    assert left == {f"{PREFIX}{os.getpid()}-99999", "orps-other"}


def real_trees() -> list[Path]:
    return [
        root
        for root in REAL
        if (root / "cgroup.controllers").is_file() and os.access(root, os.W_OK)
    ][:1]


def test_in_the_kernel_s_own_tree():
    """A process joins, counts there, and is gone with the group, where we may try."""
    for root in real_trees():
        joined_and_killed(root)


def joined_and_killed(root: Path) -> None:
    group = Group.make(Delegated(folder=root, controllers=()))
    script = (
        "import sys, time\n"
        "from orps_sandbox.worker.cgroup import RunGroup\n"
        "group = RunGroup.enter(sys.argv[1])\n"
        "group.join()\n"
        "print('joined', flush=True)\n"
        "time.sleep(60)\n"
    )
    command = [sys.executable, "-c", script, str(group.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"joined\n"
        members = (group.folder / "run" / "cgroup.procs").read_text().split()
        assert members == [str(process.pid)]
        group.close()
        assert process.wait(timeout=10) == -9
    assert not group.folder.exists()


@pytest.mark.parametrize("tier", set(confining_tiers()) & {Tier.A})
async def test_runs_are_in_the_group_and_it_goes_with_the_worker(
    tmp_path: Path, tier: Tier, monkeypatch: pytest.MonkeyPatch
):
    """In folders that are no groups at all, tier A is what it was without them."""
    (tmp_path / "tree").mkdir()
    for root in (tmp_path / "tree", *real_trees()):
        within = Delegated(folder=root, controllers=())
        monkeypatch.setattr(slot, "delegated", lambda within=within: within)
        project = write_stub(tmp_path / root.name)
        async with open_executor(
            project, limits=LIMITS, slots=1, tier=tier
        ) as executor:
            verdict = await run(executor, WHERE_AM_I)
            assert verdict.words == ["passed"] * 4
            is_real = root != tmp_path / "tree"
            told = executor.confinement.resources
            assert told.startswith("cgroup v2" if is_real else "no cgroup v2"), told
            # Its own group is the root of what it can see.
            assert ("/run" in verdict.outcome.output) == is_real, verdict.outcome.output
        assert not list(root.glob(f"{PREFIX}{os.getpid()}-*/run"))
