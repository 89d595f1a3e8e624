"""A small project with one stub, and how it ends in a real editor."""

import os
import subprocess
import sys
from pathlib import Path

STUB = '''\
def largest(numbers: list[int]) -> int:
    """The largest of the numbers."""
    ...
'''
TESTS = """\
from shop import largest


def test_order():
    assert largest([1, 3, 2]) == 3


def test_negative():
    assert largest([-5, -2]) == -2
"""


def shop(folder: Path) -> Path:
    """Write the project below `folder`; `shop.py` holds the stub."""
    project = folder / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text("[project]\nname = 'shop'\n")
    (project / "shop.py").write_text(STUB)
    (project / "test_shop.py").write_text(TESTS)
    return project


def environment(home: Path, **more: str) -> dict[str, str]:
    """An editor's, with the console script of the Python that runs the tests."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    return {**os.environ, "HOME": str(home), "PATH": path, **more}


def require_solved(project: Path) -> None:
    """What was written passes the project's own tests."""
    tests = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert tests.returncode == 0, tests.stdout
