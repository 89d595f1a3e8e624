"""Traps for hostile programs: files, sockets and processes that should stay as they are.

Programs name `/tmp/canary`, so the folder has to stand there while they run.
"""

import os
import shutil
import socket
import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil

from orps_server.errors import RequestFault

FOLDER = Path("/tmp/canary")  # noqa: S108 - the place that the programs name
SECRET = "orps-canary-secret"  # noqa: S105 - bait
_FILES = {"secret.txt": SECRET, "victim.txt": "untouched"}
_DATAGRAM_PORT = 45455
_LEAK = "LEAK:"

_Snapshot = dict[str, tuple[int, bytes]]


class Canary:
    """Says what has changed since it was last asked."""

    def __init__(self, listeners: dict[str, socket.socket]) -> None:
        self._listeners = listeners
        self._files = _snapshot()
        self._processes = _descendants()

    def settle(self) -> None:
        """Take the processes of now as those that belong here."""
        self._processes = _descendants()

    def side_effects(self, output: str) -> list[str]:
        """Name each, and put the files back as they were."""
        found = [f"{name} was reached" for name in self._reached()]
        found += [f"{name} has changed" for name in self._changed()]
        found += [f"process {pid} survives" for pid in self._survivors()]
        if _LEAK in output or SECRET in output:
            found.append("a secret was printed")
        return found

    def _reached(self) -> Iterator[str]:
        for name, listener in self._listeners.items():
            try:
                if listener.type == socket.SOCK_DGRAM:
                    listener.recv(1)
                else:
                    listener.accept()[0].close()
            except BlockingIOError:
                continue
            yield name

    def _changed(self) -> list[str]:
        before, after = self._files, _snapshot()
        names = before.keys() | after.keys()
        changed = sorted(n for n in names if before.get(n) != after.get(n))
        for name in changed:
            _restore(FOLDER / name)
        return changed

    def _survivors(self) -> list[int]:
        return sorted(_descendants() - self._processes)


@contextmanager
def set_up() -> Generator[Canary]:
    """Lay the traps; remove them at the end.

    Raises:
        RequestFault: something of somebody else stands there.
    """
    with ExitStack() as stack:
        try:
            if _is_left_behind():
                shutil.rmtree(FOLDER)
            FOLDER.mkdir(mode=0o700)
        except OSError as error:
            raise RequestFault(
                f"The folder {FOLDER}, which the programs name, cannot be made: "
                f"{error.strerror}.",
                kind="badRequest",
                hint=f"Remove {FOLDER} if nobody needs it, and run one corpus at a time.",
            ) from error
        stack.callback(shutil.rmtree, FOLDER, ignore_errors=True)
        stack.enter_context(_locked())
        for name in _FILES:
            _restore(FOLDER / name)
        yield Canary(_listeners(stack))


def _is_left_behind() -> bool:
    """Whether these are the traps of a run that was killed."""
    try:
        if (FOLDER / "secret.txt").read_text(encoding="ascii") != SECRET:
            return False
        with _locked():
            return True
    except (OSError, UnicodeDecodeError):
        return False


@contextmanager
def _locked() -> Generator[None]:
    """Tells others that these traps are in use; `BlockingIOError` if they are."""
    if sys.platform == "win32":
        yield
        return
    import fcntl  # noqa: PLC0415

    folder = os.open(FOLDER, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(folder)


def _listeners(stack: ExitStack) -> dict[str, socket.socket]:
    def bound(family: int, kind: int, address: tuple[str, int] | str) -> socket.socket:
        listener = stack.enter_context(socket.socket(family, kind))
        listener.setblocking(False)
        listener.bind(address)
        if kind == socket.SOCK_STREAM:
            listener.listen()
        return listener

    local = ("127.0.0.1", _DATAGRAM_PORT)
    listeners = {
        "the local datagram port": bound(socket.AF_INET, socket.SOCK_DGRAM, local),
        "the local stream port": bound(socket.AF_INET, socket.SOCK_STREAM, local),
    }
    if sys.platform == "linux":
        agent = str(FOLDER / "agent.sock")
        for name, address in (
            ("the agent's socket", agent),
            ("the abstract socket", "\0orps-canary"),
        ):
            listeners[name] = bound(socket.AF_UNIX, socket.SOCK_STREAM, address)
    return listeners


def _snapshot() -> _Snapshot:
    """Mode and content of each file; folders and sockets have only a mode."""
    found: _Snapshot = {}
    for path in FOLDER.rglob("*"):
        with suppress(FileNotFoundError):
            content = path.read_bytes() if path.is_file() else b""
            found[str(path.relative_to(FOLDER))] = (path.lstat().st_mode, content)
    return found


def _restore(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    if path.name in _FILES:
        path.write_text(_FILES[path.name], encoding="ascii")
        path.chmod(0o600)


def _descendants() -> set[int]:
    return {process.pid for process in psutil.Process().children(recursive=True)}
