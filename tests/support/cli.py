"""Runs the real `orps-lsp` on real folders, and looks at what it leaves behind."""

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

ORPS = str(Path(sysconfig.get_path("scripts")) / "orps-lsp")
SECONDS = 50
UNMEASURED = "[search]\nprofileSeconds = 0\n"
"""Measuring finalists takes seconds, and few tests are about what they cost."""
PLUGINLESS = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""Pytest's plugins of the developers' environment take each worker a second to load, and
no project of these tests needs one; those of the sandbox run with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    status: int
    stdout: bytes
    stderr: str

    @property
    def text(self) -> str:
        return self.stdout.decode()

    @property
    def document(self) -> dict[str, Any]:
        """Exactly one JSON document, and nothing around it."""
        return json.loads(self.stdout)

    @property
    def best(self) -> dict[str, Any]:
        return self.document["candidates"][0]

    @property
    def said(self) -> list[str]:
        return self.stderr.splitlines()


class Folder:
    """A project on disk and a scratch folder beside it, both watched."""

    def __init__(self, path: Path, files: Mapping[str, str | bytes]) -> None:
        self.root = path / "project"
        self._scratch = path / "scratch"
        self._state = path / "state"
        for folder in (self.root, self._scratch, self._state):
            folder.mkdir()
        settings = self._state / "orps-lsp" / "settings.toml"
        settings.parent.mkdir()
        settings.write_text(UNMEASURED)
        for name, content in files.items():
            self.write(name, content)

    def write(self, name: str, content: str | bytes) -> Path:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def read(self, name: str) -> bytes:
        return (self.root / name).read_bytes()

    def snapshot(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }

    def environment(self, extra: Mapping[str, str]) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("OPENAI_", "COV_", "XDG_", "VIRTUAL_ENV"))
        }
        places = {
            "TMPDIR": str(self._scratch),
            "XDG_CONFIG_HOME": str(self._state),
            "XDG_STATE_HOME": str(self._state),
        }
        return kept | places | PLUGINLESS | dict(extra)

    @contextmanager
    def started(
        self,
        *arguments: str,
        extra: Mapping[str, str] | None = None,
        terminal: int = subprocess.PIPE,
    ) -> Generator[subprocess.Popen[bytes]]:
        process = subprocess.Popen(
            [ORPS, *arguments],
            cwd=self.root,
            env=self.environment(extra or {}),
            stdout=terminal,
            stderr=terminal,
        )
        with process:
            try:
                yield process
            finally:
                process.kill()

    def run(
        self,
        command: str,
        target: str,
        *arguments: str,
        extra: Mapping[str, str] | None = None,
    ) -> Finished:
        """Run a command in the tests' own Python; nothing may be left of it."""
        return self.run_raw(
            [command, target, "--python", sys.executable, *arguments], extra=extra
        )

    def run_raw(
        self, arguments: Sequence[str], *, extra: Mapping[str, str] | None = None
    ) -> Finished:
        before = self.snapshot()
        with self.started(*arguments, extra=extra) as process:
            stdout, stderr = process.communicate(timeout=SECONDS)
        finished = Finished(
            status=process.returncode, stdout=stdout, stderr=stderr.decode()
        )
        assert "Traceback" not in finished.stderr, finished.stderr
        self.require_nothing_left()
        if "--write" not in arguments:
            assert self.snapshot() == before, "the tree is the person's own"
        return finished

    def require_nothing_left(self) -> None:
        assert not self.processes()
        assert not list(self._scratch.iterdir())

    def processes(self) -> list[str]:
        """Whatever runs in our folders: the sandbox's workers and their children."""
        found: list[str] = []
        for process in psutil.process_iter():
            try:
                where = [process.cwd(), *process.cmdline()]
            except psutil.Error:
                continue
            if any(str(self._scratch) in text for text in where):
                found.append(f"{process.pid}: {where}")
        return found
