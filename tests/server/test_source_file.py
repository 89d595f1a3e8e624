import stat
from pathlib import Path

import pytest

from orps_server.errors import RequestFault
from orps_server.source_file import read_source, unsaved_source, write_source


@pytest.mark.parametrize(
    "content",
    [
        b"x = 1\r\ny = 2\r\n",
        b"x = 1",
        b"",
        "x = 'ä→'\n".encode(),
        "\ufeffx = 'ä'\r\n".encode(),
        "# -*- coding: latin-1 -*-\nx = 'ä'\n".encode("latin-1"),
        b"x = 1\x0c\ny = 2\rz\n",
    ],
)
def test_what_is_read_is_written_back_byte_for_byte(tmp_path: Path, content: bytes):
    file = tmp_path / "m.py"
    file.write_bytes(content)
    source = read_source(file)
    assert not source.text.startswith("\ufeff")
    write_source(source, source.text)
    assert file.read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["m.py"]


def test_mode_and_link_survive(tmp_path: Path):
    file = tmp_path / "m.py"
    file.write_text("x = 1\n")
    file.chmod(0o750)
    link = tmp_path / "link.py"
    link.symlink_to(file)
    write_source(read_source(link), "x = 2\n")
    assert link.is_symlink()
    assert file.read_text() == "x = 2\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o750


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path):
    file = tmp_path / "m.py"
    file.write_text("x = 1\n")
    source = read_source(file)
    file.write_text("x = 3\n")
    with pytest.raises(RequestFault, match="has changed") as info:
        write_source(source, "x = 2\n")
    assert info.value.kind == "stale"
    assert file.read_text() == "x = 3\n"


def test_an_unsaved_text_is_never_written(tmp_path: Path):
    file = tmp_path / "m.py"
    file.write_text("x = 1\n")
    with pytest.raises(RequestFault):
        write_source(unsaved_source(file, "x = 1\n"), "x = 2\n")


def test_characters_that_the_encoding_lacks_are_a_fault(tmp_path: Path):
    file = tmp_path / "m.py"
    content = "# coding: latin-1\nx = 'ä'\n".encode("latin-1")
    file.write_bytes(content)
    with pytest.raises(RequestFault, match="cannot hold"):
        write_source(read_source(file), "# coding: latin-1\nx = '→'\n")
    assert file.read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["m.py"]


@pytest.mark.parametrize("content", [b"x = '\xff'\n", b"# coding: nonsense\n"])
def test_text_that_python_cannot_read(tmp_path: Path, content: bytes):
    file = tmp_path / "m.py"
    file.write_bytes(content)
    with pytest.raises(RequestFault, match="not text that Python can read"):
        read_source(file)


def test_a_file_that_is_gone_or_locked_is_a_fault(tmp_path: Path):
    file = tmp_path / "m.py"
    file.write_text("x = 1\n")
    source = read_source(file)
    file.unlink()
    with pytest.raises(RequestFault, match="cannot be written"):
        write_source(source, "x = 2\n")
    assert list(tmp_path.iterdir()) == []


def test_no_such_file(tmp_path: Path):
    with pytest.raises(RequestFault, match="There is no file"):
        read_source(tmp_path / "m.py")
    with pytest.raises(RequestFault, match="cannot be read"):
        read_source(tmp_path)
