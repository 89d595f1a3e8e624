"""What is installed is imported once; what is the project's, by each run."""

import sys
import sysconfig
from dataclasses import replace
from pathlib import Path

import pytest

from orps_sandbox import slot
from orps_sandbox.executor import open_executor
from orps_sandbox.program import Project
from support.sandbox_projects import HONEST, LIMITS, run, write_project, write_stub

PACKAGES = "site-packages"
LOADED = """
    import sys

    LOADED = {name: name in sys.modules for name in %r}

    def solve(x):
        assert LOADED == %r, LOADED
        return 2 * x
"""


def with_packages(root: Path, packages: dict[str, str], *names: str) -> Project:
    """A project whose interpreter also has these in a `site-packages` of its own."""
    project = write_stub(root / "p")
    write_project(root / PACKAGES, packages)
    python = root / "python"
    python.write_text(
        f'#!/bin/sh\nPYTHONPATH={root / PACKAGES} exec {sys.executable} "$@"\n'
    )
    python.chmod(0o755)
    return replace(project, interpreter=python, preimports=names)


async def test_installed_modules_are_warm(tmp_path: Path):
    packages = {
        "heavy/__init__.py": "",
        "heavy/part.py": "",
        "threaded.py": """
            import threading, time
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        """,
        "leaving.py": "import os\nos._exit(0)\n",
        "raising.py": "raise ValueError\n",
    }
    project = with_packages(
        tmp_path, packages, "heavy.part", "threaded", "leaving", "raising", "m", "nil"
    )
    expected = {"heavy": True, "heavy.part": True, "threaded": False, "m": True}
    candidate = LOADED % (list(expected), expected)
    async with open_executor(project, limits=LIMITS, slots=1) as executor:
        verdict = await run(executor, candidate)
        assert verdict.words == ["passed"] * 4
        # The project's own module is imported by each run, candidate and all.
        assert (await run(executor, HONEST)).words == ["passed"] * 4


async def test_workers_are_replaced_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(slot, "MAX_RUNS", 2)
    project = write_stub(tmp_path)
    async with open_executor(project, limits=LIMITS, slots=1) as executor:
        for _ in range(4):
            assert (await run(executor, HONEST)).words == ["passed"] * 4


def test_the_name_of_the_folder_is_that_of_this_interpreter():
    assert sysconfig.get_path("purelib").endswith(("site-packages", "dist-packages"))
