"""The private copy: what is in it, and that it can be made what it was."""

import os
import stat
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orps_sandbox import tree
from orps_sandbox.errors import SandboxUnavailable
from orps_sandbox.removal import remove_tree
from orps_sandbox.tree import PrivateTree, encoded, make_pristine
from orps_sandbox.worker.copied import Copied


def write(path: Path, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def contents(root: Path) -> dict[str, str]:
    """Every path below `root` with what it is and holds."""
    found: dict[str, str] = {}
    for folder, names, files in os.walk(root):
        for name in [*names, *files]:
            path = Path(folder, name)
            key = path.relative_to(root).as_posix()
            if path.is_symlink():
                found[key] = f"-> {path.readlink()}"
            elif path.is_dir():
                found[key] = oct(stat.S_IMODE(path.stat().st_mode))
            else:
                found[key] = path.read_text()
    return found


def private_tree(tmp_path: Path) -> PrivateTree:
    root = tmp_path / "user"
    write(root / "a.py", "a")
    write(root / "pkg/b.py", "b")
    write(root / "pkg/deep/c.txt", "c")
    (root / "empty").mkdir()
    make_pristine(root, {}, tmp_path / "pristine")
    return PrivateTree(tmp_path / "pristine", tmp_path / "tree")


def test_copy_leaves_out_what_is_not_the_project(tmp_path: Path):
    root = tmp_path / "user"
    for name in (
        "keep.py", ".hidden", ".git/HEAD", "node_modules/x.js", "env/pyvenv.cfg",
        "conda/conda-meta/history", "pkg/__pycache__/b.pyc", "pkg/keep.py",
    ):  # fmt: skip
        write(root / name)
    os.mkfifo(root / "pipe")
    make_pristine(root, {"new/file.py": "text"}, tmp_path / "copy")
    assert set(contents(tmp_path / "copy")) == {
        "keep.py", ".hidden", "pkg", "pkg/keep.py", "new", "new/file.py",
    }  # fmt: skip


def test_links_stay_inside_or_become_what_they_point_to(tmp_path: Path):
    root = tmp_path / "user"
    write(root / "pkg/a.py", "a")
    (root / "inside").symlink_to("pkg/a.py")
    (root / "absolute").symlink_to(root / "pkg")
    (root / "outside").symlink_to(write(tmp_path / "elsewhere/b.py", "b"))
    (root / "folder").symlink_to(tmp_path / "elsewhere")
    (root / "dangling").symlink_to("nothing")
    copy = tmp_path / "copy"
    make_pristine(root, {}, copy)
    found = contents(copy)
    assert (copy / "inside").resolve() == copy / "pkg/a.py"
    assert (copy / "absolute").resolve() == copy / "pkg"
    assert found["outside"] == "b"
    assert found["folder"] == f"-> {tmp_path / 'elsewhere'}"
    assert found["dangling"] == "-> nothing"


def test_large_files_are_linked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tree, "LARGE_FILE_BYTES", 10)
    data = write(tmp_path / "user/data.bin", "x" * 11)
    make_pristine(tmp_path / "user", {}, tmp_path / "copy")
    assert contents(tmp_path / "copy") == {"data.bin": f"-> {data}"}


def test_too_large_a_project_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tree, "MAX_FILES", 2)
    for name in "abc":
        write(tmp_path / "user" / name)
    with pytest.raises(SandboxUnavailable, match="too large"):
        make_pristine(tmp_path / "user", {}, tmp_path / "copy")


def test_overlay_through_a_link_does_not_touch_its_target(tmp_path: Path):
    target = write(tmp_path / "elsewhere.py", "user's")
    (tmp_path / "user").mkdir()
    (tmp_path / "user/m.py").symlink_to(target)
    make_pristine(tmp_path / "user", {"m.py": "ours"}, tmp_path / "copy")
    assert target.read_text() == "user's"
    assert contents(tmp_path / "copy") == {"m.py": "ours"}


def test_restore_undoes_everything(tmp_path: Path):
    private = private_tree(tmp_path)
    root = private.root
    before = contents(root)
    outside = write(tmp_path / "outside/keep.txt", "keep")
    same_size = (root / "a.py").stat()
    (root / "a.py").write_text("A")
    os.utime(root / "a.py", ns=(same_size.st_atime_ns, same_size.st_mtime_ns))
    remove_tree(root / "pkg")
    (root / "pkg").symlink_to(tmp_path / "outside")
    (root / "empty").chmod(0)
    write(root / "new/deep/file")
    (root / "link").symlink_to(tmp_path / "outside")
    private.write({"a.py": "candidate", "more/m.py": "candidate"})
    private.restore()
    assert contents(root) == before
    assert outside.read_text() == "keep"
    private.restore()
    assert contents(root) == before


_NAMES = st.sampled_from(
    ["a.py", "pkg", "pkg/b.py", "pkg/deep", "empty", "new", "new/x"]
)
_DEEDS = st.lists(
    st.tuples(st.sampled_from(["write", "remove", "folder", "link", "lock"]), _NAMES)
)


@settings(deadline=None)
@given(deeds=_DEEDS)
def test_restore_after_any_deeds(
    deeds: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
):
    private = private_tree(tmp_path_factory.mktemp("tree"))
    before = contents(private.root)
    for deed, name in deeds:
        do(deed, private.root / name)
    private.restore()
    assert contents(private.root) == before


def do(deed: str, path: Path) -> None:
    """Try one deed; that it is impossible after the others is part of the game."""
    try:
        match deed:
            case "write":
                path.write_text("other")
            case "remove" if path.is_dir() and not path.is_symlink():
                remove_tree(path)
            case "remove":
                path.unlink()
            case "folder":
                path.mkdir()
            case "link":
                path.symlink_to("/nowhere")
            case _:
                path.chmod(0)
    except OSError:
        return


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("x = 'é'\r\n", "x = 'é'\r\n".encode()),
        ("# coding: latin-1\nx = 'é'\n", b"# coding: latin-1\nx = '\xe9'\n"),
        ("# coding: ascii\nx = 'é'\n", "# coding: ascii\nx = 'é'\n".encode()),
        ("# coding: nonsense\n", b"# coding: nonsense\n"),
        ("\ufeffx = 1\n", b"\xef\xbb\xbfx = 1\n"),
        ("x = '\ud800'\n", b"x = '\xed\xa0\x80'\n"),
    ],
)
def test_encoding_follows_the_declaration(text: str, data: bytes):
    assert encoded(text) == data


def test_removal_of_deep_wide_and_locked_folders(tmp_path: Path):
    top = tmp_path / "top"
    outside = write(tmp_path / "outside/keep.txt")
    write(top / "locked/file")
    (top / "locked").chmod(0)
    (top / "link").symlink_to(outside.parent)
    here = Path.cwd()
    os.chdir(top)
    try:
        for _ in range(1500):
            Path("d").mkdir()
            os.chdir("d")
    finally:
        os.chdir(here)
    remove_tree(top)
    assert not top.exists()
    assert outside.exists()


def test_what_was_brought_back_is_older_than_whatever_is_written_next(tmp_path: Path):
    private = private_tree(tmp_path)
    write(private.root / "a.py", "b")
    assert private.restore()
    brought_back = (private.root / "a.py").stat().st_ctime_ns
    assert time.time_ns() - brought_back >= 10_000_000


def test_a_worker_notices_whatever_a_run_has_changed(tmp_path: Path):
    copied = Copied(str(tmp_path))
    assert not copied.is_untouched(), "nobody has said what it should be"
    file, new = tmp_path / "package" / "file.py", tmp_path / "package" / "new"
    file.parent.mkdir()
    file.write_text("x = 1\n")

    def rewrite():
        times = file.stat()
        file.write_text("x = 2\n")
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))

    def swap():
        (tmp_path / "other").write_text("x = 2\n")
        (tmp_path / "other").replace(file)

    def lead_elsewhere():
        file.parent.rename(tmp_path / "other")
        file.parent.symlink_to(tmp_path / "other")

    changes = (
        rewrite,
        swap,
        lambda: file.chmod(0o600),
        new.touch,
        new.unlink,
        lambda: file.parent.chmod(0o700),
        lambda: tmp_path.chmod(0o500),
        lambda: tmp_path.chmod(0o700),
        lead_elsewhere,
    )
    for change in changes:
        copied.note()
        assert copied.is_untouched()
        assert copied.is_untouched()
        change()
        assert not copied.is_untouched(), change
        assert not copied.is_untouched(), "it is what it was only when somebody says so"


def test_a_worker_without_walls_vouches_for_nothing():
    copied = Copied()
    copied.note()
    assert not copied.is_untouched()


def test_folders_that_a_run_has_closed_are_open_again(tmp_path: Path):
    tree = private_tree(tmp_path)
    before = contents(tree.root)
    folder = next(path for path in tree.root.iterdir() if path.is_dir())
    write(folder / "planted.py")
    folder.chmod(0)
    tree.root.chmod(0)
    assert tree.restore()
    assert stat.S_IMODE(tree.root.stat().st_mode) & 0o700 == 0o700
    assert contents(tree.root) == before
    assert not tree.restore()
