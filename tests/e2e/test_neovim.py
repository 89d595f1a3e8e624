"""The main job in a real Neovim, set up by the snippet that its page tells people."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import psutil
import pytest

from support.shop import STUB, environment, require_solved, shop

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

PAGE = Path(__file__).parents[2] / "docs" / "editors" / "neovim.md"
DRIVER = Path(__file__).parent / "neovim" / "drive.lua"


NEWER = Path(__file__).parents[2] / ".editors" / "bin" / "nvim"


@pytest.fixture(params=["system", "newer"])
def neovim(request: pytest.FixtureRequest) -> str:
    """Debian's own, 0.7, and the one that is unpacked from a newer release."""
    found = shutil.which("nvim") if request.param == "system" else str(NEWER)
    assert found, "Neovim is missing: `make test` installs it, or `apt install neovim`"
    assert Path(found).exists(), "`make test` unpacks a newer Neovim into .editors"
    return found


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return shop(tmp_path)


def test_open_a_stub_generate_apply_undo_redo_write(
    neovim: str, project: Path, tmp_path: Path
):
    snippet = re.search(r"```lua\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert snippet
    (tmp_path / "snippet.lua").write_text(snippet[1])
    variables = environment(
        tmp_path,
        ORPS_SNIPPET=str(tmp_path / "snippet.lua"),
        ORPS_FILE=str(project / "shop.py"),
        ORPS_RECORD=str(tmp_path / "record.json"),
    )
    quiet = ["--headless", "-u", "NONE", "--noplugin", "-i", "NONE", "-n"]
    run = subprocess.run(
        [neovim, *quiet, "-c", f"luafile {DRIVER}", "-c", "cquit"],
        cwd=project,
        env=variables,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    record = json.loads((tmp_path / "record.json").read_text())
    assert "failure" not in record, record

    assert record["seen"][0] == "Generate with ORPS"
    assert any(
        title.startswith("ORPS #1 - passes 2 of 2 tests") for title in record["seen"]
    )
    header = STUB.splitlines()[:2]
    assert record["after"][:3] == ["# typed later, 😀", *header]
    assert record["undone"] == record["edited"], "one undo takes all of it back"
    assert record["redone"] == record["after"]
    assert (project / "shop.py").read_text().splitlines() == record["after"]
    require_solved(project)
    assert servers_in(project) == []


def servers_in(folder: Path) -> list[psutil.Process]:
    """Servers that the editor started there and left behind."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        try:
            if (
                any("orps-lsp" in part for part in process.cmdline())
                and Path(process.cwd()) == folder
            ):
                found.append(process)
        except psutil.Error:
            continue
    return found
