import tempfile
from pathlib import Path

import pytest

from orps_server.errors import RequestFault
from orps_server.workspace import MARKERS, project_root


def lay_out(root: Path, *names: str) -> None:
    for name in names:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()


@pytest.mark.parametrize("marker", MARKERS)
def test_the_nearest_marker_is_the_root(tmp_path: Path, marker: str):
    lay_out(tmp_path, "pyproject.toml", f"inner/{marker}", "inner/src/p/m.py")
    assert project_root(tmp_path / "inner/src/p/m.py") == tmp_path / "inner"


def test_without_a_marker_it_is_the_folder_above_the_top_package(tmp_path: Path):
    lay_out(tmp_path, "a/p/__init__.py", "a/p/q/__init__.py", "a/p/q/m.py")
    assert project_root(tmp_path / "a/p/q/m.py") == tmp_path / "a"


def test_a_single_file_has_its_folder(tmp_path: Path):
    lay_out(tmp_path, "a/m.py")
    assert project_root(tmp_path / "a/m.py") == tmp_path / "a"


@pytest.mark.parametrize("tests", ["tests", "test"])
def test_a_folder_of_tests_beside_the_code_is_of_the_same_project(
    tmp_path: Path, tests: str
):
    lay_out(tmp_path, "a/src/m.py", f"a/{tests}/test_m.py")
    assert project_root(tmp_path / "a/src/m.py") == tmp_path / "a"


def test_tests_beside_the_folder_widen_the_root(tmp_path: Path):
    lay_out(tmp_path, "a/m.py", "tests/test_m.py")
    assert project_root(tmp_path / "a/m.py", [tmp_path / "tests/test_m.py"]) == tmp_path


def test_the_home_folder_is_never_a_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    lay_out(tmp_path, ".git", "code/m.py", "other/test_m.py")
    assert project_root(tmp_path / "code/m.py") == tmp_path / "code"
    with pytest.raises(RequestFault, match="no common project folder"):
        project_root(tmp_path / "code/m.py", [tmp_path / "other/test_m.py"])
    with pytest.raises(RequestFault, match="much more than one project"):
        project_root(tmp_path / "m.py")


def test_neither_is_the_folder_of_temporary_files(tmp_path: Path):
    with pytest.raises(RequestFault, match="much more than one project"):
        project_root(Path(tempfile.gettempdir()) / "m.py")
