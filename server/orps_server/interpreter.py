"""Which Python runs the project's tests: the project's own, never ours by accident."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from orps_server.errors import RequestFault

ENVIRONMENT_FOLDERS = (".venv", "venv")
MAX_PARENTS = 3
"""How many folders above the root may hold its environment, as in a monorepo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    path: Path
    """Not resolved: following a virtual environment's link would leave it."""
    reason: str
    """Why this one, as the end of a sentence."""
    is_own: bool = False
    """The one that orps-lsp itself runs in, for want of any other."""


def find_interpreter(
    root: Path, configured: str, environment: Mapping[str, str]
) -> Interpreter:
    """Find the project's Python; `configured` is a path or a command's name."""
    if configured:
        return Interpreter(path=_configured(root, configured), reason="it was set")
    return next(_candidates(root, environment))


def _configured(root: Path, configured: str) -> Path:
    path = Path(configured).expanduser()
    if path.name == configured and (found := shutil.which(configured)):
        return Path(found)
    bases = (Path.cwd(), root)
    for place in (base / path for base in bases):
        if place.is_dir() and (inner := _python_in(place)):
            return inner
        if place.is_file():
            return Path(os.path.normpath(place))
    raise RequestFault(
        f"There is no Python interpreter at {configured}.",
        kind="sandboxUnavailable",
        hint="Correct --python or the setting orps.interpreter.",
    )


def _candidates(root: Path, environment: Mapping[str, str]) -> Iterator[Interpreter]:
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        prefix = environment.get(variable)
        if prefix and (found := _python_in(Path(prefix))):
            yield Interpreter(path=found, reason=f"{variable} is active")
    for folder in (root, *root.parents[:MAX_PARENTS]):
        for name in ENVIRONMENT_FOLDERS:
            if found := _python_in(folder / name):
                yield Interpreter(path=found, reason=f"the project has {name}")
    for command in ("python3", "python"):
        if found := shutil.which(command, path=environment.get("PATH")):
            yield Interpreter(path=Path(found), reason="it is first on PATH")
    yield Interpreter(
        path=Path(sys.executable),
        reason="PATH has no Python, so orps-lsp's own has to do",
        is_own=True,
    )


def _python_in(prefix: Path) -> Path | None:
    for inner in ("bin/python", "Scripts/python.exe", "python.exe"):
        if (prefix / inner).exists():
            return prefix / inner
    return None
