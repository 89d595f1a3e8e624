"""The main job in a real Helix, in a terminal, set up by what its page tells people."""

import re
import shutil
import subprocess
import time
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from support.shop import STUB, environment, require_solved, shop

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "editors" / "helix.md"
HELIX = ROOT / ".editors" / "bin" / "hx"
PATIENCE_SECONDS = 60


class Terminal:
    """A tmux of its own, in which one program runs."""

    def __init__(self, socket: Path) -> None:
        found = shutil.which("tmux")
        assert found, "tmux is missing: `make test` installs it, or `apt install tmux`"
        self._tmux = [found, "-S", str(socket), "-f", "/dev/null"]

    def start(self, command: str, folder: Path, environment: dict[str, str]) -> None:
        size = ["-x", "140", "-y", "40"]
        self._run(
            "new-session", "-d", *size, "-c", str(folder), command, env=environment
        )

    def press(self, *keys: str) -> None:
        self._run("send-keys", *keys)

    def screen(self) -> str:
        return self._run("capture-pane", "-p")

    def wait(self, what: str, condition: Callable[[str], bool]) -> str:
        end = time.monotonic() + PATIENCE_SECONDS
        while not condition(screen := self.screen()):
            assert time.monotonic() < end, f"waited in vain for {what}:\n{screen}"
            time.sleep(0.1)
        return screen

    def close(self) -> None:
        subprocess.run([*self._tmux, "kill-server"], check=False, capture_output=True)

    def _run(self, *arguments: str, env: dict[str, str] | None = None) -> str:
        done = subprocess.run(
            [*self._tmux, *arguments],
            env=env,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout


@pytest.fixture
def terminal(tmp_path: Path) -> Generator[Terminal]:
    terminal = Terminal(tmp_path / "tmux")
    yield terminal
    terminal.close()


def test_open_a_stub_generate_apply_save(terminal: Terminal, tmp_path: Path) -> None:
    assert HELIX.exists(), "Helix is missing: `make test` unpacks it into .editors"
    project = shop(tmp_path)
    snippet = re.search(r"```toml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert snippet
    settings = tmp_path / ".config" / "helix"
    settings.mkdir(parents=True)
    (settings / "languages.toml").write_text(snippet[1])
    variables = environment(
        tmp_path,
        XDG_CONFIG_HOME=str(tmp_path / ".config"),
        TERM="xterm-256color",
    )
    terminal.start(f"{HELIX} shop.py:1:5", project, variables)
    terminal.wait("the file", lambda screen: "def largest" in screen)

    choose(terminal, "Generate with ORPS")
    terminal.wait(
        "the candidates",
        lambda screen: "best passes" in screen and "searching" not in screen,
    )
    choose(terminal, "ORPS #1 - passes 2 of 2 tests")
    terminal.wait(
        "the edit",
        lambda screen: not re.search(r"^\s*3\s+\.\.\.", screen, re.MULTILINE),
    )
    terminal.press(":w", "Enter")
    end = time.monotonic() + PATIENCE_SECONDS
    while (project / "shop.py").read_text() == STUB:
        assert time.monotonic() < end, terminal.screen()
        time.sleep(0.1)
    terminal.press(":q!", "Enter")
    require_solved(project)


def choose(terminal: Terminal, title: str) -> None:
    """Open the menu of code actions until its first row is the title, and take it."""
    end = time.monotonic() + PATIENCE_SECONDS
    while title not in _menu(terminal):
        assert time.monotonic() < end, f"no action {title}:\n{terminal.screen()}"
    # The first row is chosen by the first Tab.
    terminal.press("Tab")
    terminal.press("Enter")


def _menu(terminal: Terminal) -> str:
    # A key that follows Escape at once would count as one with Alt.
    terminal.press("Escape")
    time.sleep(0.3)
    terminal.press("Space")
    terminal.press("a")
    time.sleep(0.5)
    return terminal.screen()
