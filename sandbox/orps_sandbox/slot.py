"""A place to run one child at a time: a private tree and the worker that uses it."""

from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import anyio
import anyio.to_thread

from orps_sandbox.cgroups import Group, NoGroups, delegated
from orps_sandbox.environment import run_environment
from orps_sandbox.errors import (
    InterpreterUnusable,
    PytestMissing,
    SandboxUnavailable,
    StartTimeout,
    TierUnavailable,
)
from orps_sandbox.launching import Launcher, launcher_for
from orps_sandbox.outcome import Tier
from orps_sandbox.process import WORKER, WorkerProcess, spawn
from orps_sandbox.program import Project
from orps_sandbox.removal import empty_tree, remove_tree
from orps_sandbox.reports import Attempt, Frame, read_attempt
from orps_sandbox.tree import PrivateTree
from orps_sandbox.worker.frames import FrameError

START_SECONDS = 60.0
MAX_RUNS = 1000
"""After which a worker is replaced, whatever it may have gathered by then."""
RUNS_BETWEEN_CONTROLS = 50
"""Of one worker; a new one has met no candidate."""
GRACE_SECONDS = 3.0
"""Beyond the run's own wall time, before a worker counts as lost."""
_LOG_CHARACTERS = 400
_SCRATCH_FOLDERS = ("home", "tmp")


class Slot:
    """Owns its folder and its worker; the executor gives it to one run at a time."""

    def __init__(
        self,
        project: Project,
        *,
        pristine: Path,
        folder: Path,
        outer: Mapping[str, str],
    ) -> None:
        self._project = project
        self._pristine = pristine
        self._folder = folder
        # Below a folder that stays, by which some processes know its place.
        self._scratch = folder / "scratch" / "run"
        self._outer = outer
        self._dirty = True
        self._cleaner = ThreadPoolExecutor(max_workers=1)
        self._cleaning: Future[bool] | None = None
        self._tree: PrivateTree | None = None
        self._worker: WorkerProcess | None = None
        self._n_runs = 0
        self._control_at = 0
        self.tier = Tier.C
        """Of the worker that the next start will start."""
        self._group: Group | None = None
        self.resources = ""
        """How runs are limited together, or why they are not."""
        self.python_version = ""
        self.pytest_version = ""

    async def start(self) -> None:
        """Have a copy of the tree and a worker that answers.

        Raises:
            InterpreterUnusable: it does not start, or is older than Python 3.9.
            PytestMissing: it has no pytest.
            SandboxUnavailable: there is no room for the copy.
            TierUnavailable: the self-check of the slot's tier has failed.
        """
        if self._tree is None:
            self._tree = await anyio.to_thread.run_sync(self._prepare)
        if self._worker is None:
            await self._start_worker(self._tree)

    async def attempt(
        self,
        request: Frame,
        files: Mapping[str, str],
        *,
        wall_seconds: float,
        in_passing: bool = False,
    ) -> Attempt:
        """Run one child on the tree with `files` in place, then undo its traces.

        Undone `in_passing`, it is not told which files have changed.
        """
        if self._n_runs >= MAX_RUNS:
            await self.stop()
        await self.start()
        self._n_runs += 1
        if files or self._dirty or self._cleaning is not None:
            await anyio.to_thread.run_sync(self._make_ready, files)
        # Else it is ready, and nothing will be written to it.
        self._dirty = True
        request = {**request, "is_pristine": not files}
        attempt = read_attempt(await self._frames_of(request, wall_seconds))
        if in_passing:
            # Nobody has to wait for it but the next run, which mostly comes later.
            self._cleaning = self._cleaner.submit(self._try_to_clean_up)
        else:
            if attempt.is_untouched:
                self._dirty = False
            else:
                attempt.changed_files = await anyio.to_thread.run_sync(
                    self._try_to_clean_up
                )
            if self._worker is not None and not self._dirty:
                await self._worker.send({"kind": "prepare"})
        return attempt

    @property
    def is_control_due(self) -> bool:
        """Whether this worker has made enough runs to be looked at again."""
        return self._n_runs >= self._control_at

    def note_control(self) -> None:
        self._control_at = self._n_runs + RUNS_BETWEEN_CONTROLS

    async def rest(self) -> None:
        """Leave no process but the worker and what it started with."""
        worker = self._worker
        if worker is None:
            return
        rests = False
        try:
            with anyio.move_on_after(GRACE_SECONDS):
                await worker.send({"kind": "rest"})
                frame = await worker.receive()
                rests = frame is not None and frame.get("kind") == "resting"
        finally:
            if not rests:
                await self.stop()

    async def stop(self) -> None:
        """Leave no process; the next run starts a new worker."""
        worker, self._worker = self._worker, None
        if worker is not None:
            await worker.kill()
        group, self._group = self._group, None
        if group is not None:
            await anyio.to_thread.run_sync(group.close)

    async def close(self) -> None:
        """Leave no process and no thread; the folder is the executor's to remove."""
        await self.stop()
        await anyio.to_thread.run_sync(self._cleaner.shutdown)

    def _prepare(self) -> PrivateTree:
        try:
            self._folder.mkdir()
            # Ends pytest's search for a configuration above the project, which the
            # system's temporary folder might answer.
            (self._folder / "pytest.ini").touch()
            self._make_scratch()
            return PrivateTree(self._pristine, self._folder / "tree")
        except OSError as error:
            raise SandboxUnavailable(
                f"no private copy of the project can be made: {error}; "
                "make room or set TMPDIR"
            ) from error

    async def _start_worker(self, tree: PrivateTree) -> None:
        log = self._folder / "worker.log"
        # Its self-check writes there, and the last run's clean-up has removed it.
        # In A, what the warm-up of the worker before has left lies there, uncovered.
        await anyio.to_thread.run_sync(remove_tree, self._scratch)
        await anyio.to_thread.run_sync(self._make_scratch)
        if self.tier is not Tier.A:
            self.resources = ""
        elif self._group is None:
            await anyio.to_thread.run_sync(self._make_group)
        environment = await anyio.to_thread.run_sync(self._environment)
        linked = await anyio.to_thread.run_sync(tree.links_leading_out)
        worker = await spawn(
            self._project.interpreter,
            environment=environment,
            folder=tree.root,
            log=log,
            launcher=await anyio.to_thread.run_sync(self._launcher, linked),
        )
        ready = False
        try:
            with anyio.move_on_after(START_SECONDS):
                await worker.send(
                    {
                        "kind": "open",
                        "tier": self.tier.value,
                        "real_root": str(self._project.root),
                        "copy_root": str(tree.root),
                        "folder": str(self._folder),
                        "scratch": str(self._scratch),
                        "linked": linked,
                        "group": str(self._group.folder) if self._group else "",
                        "preimports": list(self._project.preimports),
                    }
                )
                answer = await worker.receive()
                words = await anyio.to_thread.run_sync(_last_line, log)
                self._greet(answer or {"kind": "dead"}, last_words=words)
                ready = True
        finally:
            if ready:
                self._worker, self._n_runs = worker, 0
                self._control_at = RUNS_BETWEEN_CONTROLS
            else:
                await worker.kill()
        if not ready:
            raise StartTimeout(
                f"{self._project.interpreter} did not start within "
                f"{START_SECONDS:g} s; choose the project's Python with --python"
            )

    def _greet(self, answer: Frame, *, last_words: str) -> None:
        """Read the worker's first words, or raise what keeps it from working."""
        interpreter = self._project.interpreter
        match answer:
            case {
                "kind": "ready",
                "python_version": str(python),
                "pytest_version": str(pytest),
            }:
                self.python_version, self.pytest_version = python, pytest
                if self._group is not None and answer.get("has_group") is not True:
                    self.resources = "no cgroup v2: a process cannot be moved into it"
            case {"kind": "no-fork"}:
                raise SandboxUnavailable(
                    "candidates cannot be run on this system, which has no fork; "
                    "on Windows, run the server inside WSL"
                )
            case {"kind": "unconfined", "message": str(message)}:
                raise TierUnavailable(message)
            case {"kind": "no-pytest"}:
                raise PytestMissing(
                    f"{interpreter} has no pytest; install it with "
                    f"`{interpreter} -m pip install pytest`"
                )
            case {"kind": "unusable", "message": str(message)}:
                raise InterpreterUnusable(
                    f"{interpreter} cannot be used: {message}, and 3.9 or newer is "
                    "needed; choose another with --python"
                )
            case _:
                raise InterpreterUnusable(
                    f"{interpreter} does not start as Python 3.9 or newer: "
                    f"{last_words}; choose another with --python"
                )

    def _launcher(self, linked: Iterable[str]) -> Launcher:
        """A worker that is confined from outside cannot say itself what it needs."""
        interpreter = self._project.interpreter
        homes = [interpreter.parent.parent, interpreter.resolve().parent.parent]
        return launcher_for(
            self.tier,
            writable=self._folder.resolve(),
            readable=(
                *homes,
                WORKER.parent,
                *(Path(each).resolve() for each in linked),
            ),
        )

    def _make_group(self) -> None:
        try:
            within = delegated()
            self._group = Group.make(within)
        except (NoGroups, OSError) as error:
            self.resources = f"no cgroup v2: {error}"
        else:
            self.resources = f"cgroup v2: {', '.join(within.controllers)}"

    def _environment(self) -> dict[str, str]:
        return run_environment(
            self._outer, interpreter=self._project.interpreter, scratch=self._scratch
        )

    def _make_ready(self, files: Mapping[str, str]) -> None:
        """Undo the last run's traces, unless that is done, and write the candidate."""
        assert self._tree is not None
        cleaning, self._cleaning = self._cleaning, None
        try:
            if cleaning is not None:
                cleaning.result()
            if self._dirty:
                self._clean_up()
            self._dirty = True
            self._tree.write(files)
        except OSError as error:
            raise SandboxUnavailable(
                f"the candidate cannot be written: {error}; make room or set TMPDIR"
            ) from error

    def _make_scratch(self) -> None:
        for folder in _SCRATCH_FOLDERS:
            (self._scratch / folder).mkdir(parents=True, exist_ok=True)

    def _scratch_is_used(self) -> bool:
        """In C, where modes can be changed, it is not looked at, but made anew."""
        folders = (self._scratch, *(self._scratch / name for name in _SCRATCH_FOLDERS))
        try:
            found = [path for folder in folders for path in folder.iterdir()]
        except OSError:
            # A run has removed one of them, or put something else in its place.
            return True
        return self.tier is Tier.C or sorted(found) != sorted(folders[1:])

    def _try_to_clean_up(self) -> bool:
        """What has been run stays run; what cannot be undone now, the next run tries."""
        try:
            return self._clean_up()
        except OSError:
            return True

    def _clean_up(self) -> bool:
        assert self._tree is not None
        changed = self._tree.restore()
        # In A, what a run wrote there lay in memory and is gone with it.
        if self.tier is not Tier.A and self._scratch_is_used():
            # The folder itself stays: it is what processes that wait may write to.
            empty_tree(self._scratch)
            self._make_scratch()
        self._dirty = False
        return changed

    async def _frames_of(self, request: Frame, wall_seconds: float) -> list[Frame]:
        """Collect what is said of one child; a worker that fails is killed."""
        worker = self._worker
        assert worker is not None
        frames: list[Frame] = []
        done = False
        try:
            with anyio.move_on_after(wall_seconds + GRACE_SECONDS):
                await worker.send(request)
                while not done and (frame := await worker.receive()) is not None:
                    frames.append(frame)
                    done = frame.get("kind") == "done"
        except FrameError:
            # Only a candidate that got hold of the worker can be behind this.
            done = False
        finally:
            if not done:
                self._worker = None
                await worker.kill()
        if not done:
            frames.append({"kind": "done", "reason": "worker-lost"})
        return frames


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1][:_LOG_CHARACTERS] if lines else "it ended without a word"
