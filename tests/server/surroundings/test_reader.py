"""The process that reads a project runs nothing of it, and never outlives its use."""

import py_compile
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import psutil
import pytest

from orps_server.surroundings import asking
from orps_server.surroundings.asking import Question, gathered
from orps_server.surroundings.piece import Piece
from support.projects import project

MODULE = """\
from gi import Kind
from compiled import Size
from rules import Discount

def price(kind: Kind, size: Size, discount: Discount) -> int:
    ...
"""


def trapped(root: Path) -> Question:
    """A project whose modules tell when they are imported.

    Jedi imports `gi`, which it takes for a library that cannot be read, and modules
    without source, as those of C.
    """
    trap = f"open({str(root / 'sprung')!r}, 'w').close()\nclass Size: ...\n"
    project(
        root,
        {
            "pyproject.toml": "",
            "gi.py": trap.replace("Size", "Kind"),
            "source.py": trap,
            "rules.py": "class Discount:\n    percent: int\n",
            "m.py": MODULE,
        },
    )
    source = root / "source.py"
    py_compile.compile(str(source), cfile=str(root / "compiled.pyc"), doraise=True)
    source.unlink()
    return Question(
        root=str(root), overlay={}, module_path="m.py", qualname="price", tests=()
    )


async def pieces_of(question: Question) -> tuple[Piece, ...]:
    return await gathered(question, limit_characters=6000, allowed=lambda _: True)


async def test_nothing_of_the_project_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As where the server is installed into the project's own environment.
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (piece,) = await pieces_of(trapped(tmp_path))
    assert piece.name == "Discount"
    assert not (tmp_path / "sprung").exists()


async def test_nothing_of_the_project_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept"
    monkeypatch.setenv("XDG_CACHE_HOME", str(kept))
    question = trapped(tmp_path / "project")
    rules = tmp_path / "project" / "rules.py"
    rules.write_text("import datetime\n" + rules.read_text() + "    key = 'planted'\n")
    assert await pieces_of(question)
    written = [each for each in kept.rglob("*") if each.is_file()]
    assert not any(b"planted" in each.read_bytes() for each in written)


async def test_projects_are_read_at_once_and_not_in_this_process(
    tmp_path: Path,
) -> None:
    questions = [trapped(tmp_path / name) for name in ("one", "two")]
    found: list[tuple[Piece, ...]] = []

    async def read(question: Question) -> None:
        found.append(await pieces_of(question))

    before = set(sys.modules)
    async with anyio.create_task_group() as group:
        for question in questions:
            group.start_soon(read, question)
    assert [[piece.name for piece in pieces] for pieces in found] == [["Discount"]] * 2
    assert "jedi" not in set(sys.modules) - before


@asynccontextmanager
async def a_reader_that_hangs(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Question]:
    """It tells one piece and then waits for ever, as inference can."""
    script = (
        "import json, time\n"
        "input()\n"
        "print(json.dumps(dict(path='a.py', name='a', text='a = 1', weight=1)), flush=True)\n"
        "time.sleep(1000)\n"
    )
    monkeypatch.setattr(asking, "_COMMAND", (sys.executable, "-c", script))
    yield Question(
        root=str(root), overlay={}, module_path="m.py", qualname="f", tests=()
    )
    assert not psutil.Process().children()


async def test_what_a_late_reader_has_found_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MAX_SECONDS", 1.0)
    async with a_reader_that_hangs(tmp_path, monkeypatch) as question:
        assert [piece.name for piece in await pieces_of(question)] == ["a"]


async def test_a_reader_dies_with_the_search_that_wanted_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_reader_that_hangs(tmp_path, monkeypatch) as question:
        with anyio.move_on_after(0.3) as scope:
            await pieces_of(question)
        assert scope.cancelled_caught


async def test_a_reader_that_fails_costs_no_more_than_its_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(
        asking, "_COMMAND", (sys.executable, "-c", "raise SystemExit(3)")
    )
    assert await pieces_of(trapped(tmp_path)) == ()
    assert "ended with 3" in caplog.text
    monkeypatch.setattr(asking, "_COMMAND", (str(tmp_path / "nothing"),))
    assert await pieces_of(trapped(tmp_path)) == ()
