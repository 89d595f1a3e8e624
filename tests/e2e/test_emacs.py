"""The main job in a real Emacs, set up by the snippets that its page tells people."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from support.shop import STUB, environment, require_solved, shop

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

PAGE = Path(__file__).parents[2] / "docs" / "editors" / "emacs.md"
DRIVERS = Path(__file__).parent / "emacs"


@pytest.fixture
def emacs() -> str:
    found = shutil.which("emacs")
    assert found, (
        "Emacs is missing: `make test` installs it, or `apt install emacs-nox`"
    )
    return found


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return shop(tmp_path)


def snippet(heading: str) -> str:
    """The first block below a heading of the page."""
    found = re.search(
        rf"^## {re.escape(heading)}$.*?```elisp\n(.*?)```",
        PAGE.read_text(),
        re.DOTALL | re.MULTILINE,
    )
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("heading", "gestures"), [("Eglot", "eglot.el"), ("lsp-mode", "lsp-mode.el")]
)
def test_open_a_stub_generate_apply_undo_save(
    emacs: str, project: Path, tmp_path: Path, heading: str, gestures: str
) -> None:
    (tmp_path / "snippet.el").write_text(snippet(heading))
    variables = environment(
        tmp_path,
        ORPS_FILE=str(project / "shop.py"),
        ORPS_RECORD=str(tmp_path / "record.json"),
    )
    loads = [
        *("-l", str(DRIVERS / "drive.el")),
        *("-l", str(tmp_path / "snippet.el")),
        *("-l", str(DRIVERS / gestures)),
    ]
    run = subprocess.run(
        [emacs, "--batch", *loads, "-f", "drive"],
        cwd=project,
        env=variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    record = json.loads((tmp_path / "record.json").read_text())
    assert "failure" not in record, record
    assert "Generate with ORPS" in record["seen"]
    first = [t for t in record["seen"] if t.startswith("ORPS #1 - passes 2 of 2 tests")]
    assert first, record["seen"]
    after = record["after"].splitlines()
    assert after[:3] == ["# typed later, 😀", *STUB.splitlines()[:2]]
    assert record["undone"] == "true", "one undo takes all of it back"
    assert (project / "shop.py").read_text() == record["after"]
    require_solved(project)
