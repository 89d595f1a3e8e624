import sys
from pathlib import Path

import pytest

from orps_server.errors import RequestFault
from orps_server.interpreter import find_interpreter


def environment_at(folder: Path) -> Path:
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch(mode=0o755)
    return python


def test_what_was_set_wins(tmp_path: Path):
    python = environment_at(tmp_path / "mine")
    environment_at(tmp_path / ".venv")
    environment = {"VIRTUAL_ENV": str(tmp_path / ".venv")}
    assert find_interpreter(tmp_path, str(python), environment).path == python
    folder = find_interpreter(tmp_path, "mine", environment)
    assert folder.path == python, "a path is relative to the root too"


def test_a_missing_one_is_a_fault_that_names_the_flag(tmp_path: Path):
    with pytest.raises(RequestFault, match="no Python interpreter at nope/py") as info:
        find_interpreter(tmp_path, "nope/py", {})
    assert "--python" in info.value.hint


def test_the_order_of_the_places(tmp_path: Path):
    root = tmp_path / "root"
    active = environment_at(tmp_path / "active")
    near = environment_at(root / "venv")
    on_path = tmp_path / "bin" / "python3"
    on_path.parent.mkdir()
    on_path.touch(mode=0o755)
    environment = {
        "VIRTUAL_ENV": str(tmp_path / "active"),
        "PATH": str(on_path.parent),
    }
    assert find_interpreter(root, "", environment).path == active
    del environment["VIRTUAL_ENV"]
    assert find_interpreter(root, "", environment).path == near
    near.unlink()
    found = find_interpreter(root, "", environment)
    assert found.path == on_path
    assert not found.is_own


def test_an_environment_above_the_root_is_the_project_s_too(tmp_path: Path):
    python = environment_at(tmp_path / ".venv")
    assert find_interpreter(tmp_path / "packages/a", "", {"PATH": ""}).path == python


def test_our_own_is_the_last_resort_and_says_so(tmp_path: Path):
    found = find_interpreter(tmp_path / "a/b/c/d/e", "", {"PATH": str(tmp_path)})
    assert found.path == Path(sys.executable)
    assert found.is_own
