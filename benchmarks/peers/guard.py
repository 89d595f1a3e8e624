"""A wall around a peer that runs hostile programs: nothing of this machine is in reach.

The peers isolate nothing.  So each of their hosts runs in bubblewrap, as nobody, with
namespaces, file systems, limits and a canary of its own; what a program does to the
canary, or to the processes inside, is counted, and all of it goes with the guard.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psutil

SECONDS = 60.0
MIB = 1024 * 1024
HERE = Path(__file__).parent
SERVER = HERE.parents[1] / "server" / "orps_server"
_OF_SERVER = ("__init__.py", "canary.py", "errors.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of one program with one peer."""

    got: str
    """PASS or FAIL, the only words that these executors have, or LOST."""
    side_effects: tuple[str, ...]


def has_guard() -> bool:
    return shutil.which("bwrap") is not None


def run_guarded(python: Path, name: str, program: Path) -> Verdict:
    """One program in a guard of its own.

    Raises:
        FileNotFoundError: bubblewrap is not installed.
    """
    try:
        with tempfile.TemporaryDirectory() as staged:
            _stage(Path(staged))
            ended = subprocess.run(
                _command(python, name, Path(staged)),
                input=program.read_bytes(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                preexec_fn=_limit,
                timeout=SECONDS,
                check=False,
            )
        answer = json.loads(ended.stdout.splitlines()[-1])
        return Verdict(got=answer["got"], side_effects=tuple(answer["effects"]))
    except subprocess.TimeoutExpired:
        return Verdict(got="LOST", side_effects=("the harness hangs",))
    except (ValueError, LookupError, TypeError):
        return Verdict(got="LOST", side_effects=("the harness is killed",))


def _stage(folder: Path) -> None:
    """Lay out what runs inside, for nobody to read."""
    folder.chmod(0o755)
    for source in (*HERE.glob("*.py"), *(SERVER / name for name in _OF_SERVER)):
        target = folder / source.relative_to(HERE.parents[1])
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        target.chmod(0o644)
    # The traps need it, and the peers' environment is of the same interpreter.
    shutil.copytree(Path(psutil.__file__).parent, folder / "server" / "psutil")
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _command(python: Path, name: str, staged: Path) -> list[str | Path]:
    bubblewrap = shutil.which("bwrap")
    if bubblewrap is None:
        raise FileNotFoundError("the peers' table needs bubblewrap (`bwrap`)")
    seen = [Path(name) for name in ("/usr", "/bin", "/lib", "/lib64", "/etc")]
    seen += [python.parents[1], Path(sys.base_prefix)]
    inside = Path("/orps")
    bound: list[str | Path] = ["--ro-bind", staged, inside]
    # Bubblewrap makes what is above as it is outside, and may close it to nobody.
    for path in dict.fromkeys(p for each in seen for p in reversed(each.parents)):
        bound += ["--perms", "0755", "--dir", path]
    for path in seen:
        if path.exists():
            bound += ["--ro-bind", path, path]
    command: list[str | Path] = [
        bubblewrap, "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts",
        "--die-with-parent", "--new-session", *bound,
        "--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/tmp",
        "--perms", "1777", "--tmpfs", "/dev/shm",
        "--clearenv", "--setenv", "PATH", "/usr/bin:/bin", "--setenv", "HOME", "/tmp",
        "--setenv", "PYTHONPATH", inside / "server", "--setenv", "OPENBLAS_NUM_THREADS", "1",
        "--chdir", "/tmp",
    ]  # fmt: skip
    if os.geteuid() == 0:
        # Whom limits of processes hold for; in a namespace it would still be root.
        command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--"]
        command += ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
        command += ["--no-new-privs"]
    return [
        *command,
        python,
        inside / HERE.relative_to(HERE.parents[1]) / "inside.py",
        name,
    ]


def _limit() -> None:
    for which, most in (
        (resource.RLIMIT_NPROC, 400),
        (resource.RLIMIT_FSIZE, 64 * MIB),
        (resource.RLIMIT_AS, 6144 * MIB),
        (resource.RLIMIT_CPU, int(SECONDS)),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(which, (most, most))
