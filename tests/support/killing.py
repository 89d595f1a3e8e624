"""Searches that are killed in the middle, by SIGKILL, and what is left of them.

The endpoint decides when: at the arrival of the n-th request, or a moment after. Its
replies depend on the request alone, so a search that goes on can be compared with one
that nobody disturbed. One request at a time is in flight, so one call may be lost.
"""

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from orps_search.journal.codec import decode
from orps_search.journal.entries import Called
from orps_search.journal.fold import SearchState, fold
from support.cli import Folder
from support.replay_answers import ChatRequest
from support.replay_endpoint import ReplayEndpoint

STUB = '"""M."""\n\n\ndef double(x):\n    """Twice x."""\n    pass\n'
TESTS = """\
import unittest

from m import double


class DoubleTest(unittest.TestCase):
    def test_two(self):
        self.assertEqual(double(2), 4)

    def test_three(self):
        self.assertEqual(double(3), 6)
"""
FILES = {"m.py": STUB, "test_m.py": TESTS, "pyproject.toml": "[project]\nname='m'\n"}
SETTINGS = "[llm]\nconcurrency = 1\n"
SEED = 100
FLAGS = ("--model", "replay", "--seed", str(SEED), "--policy", "orps")
SEARCH_FLAGS = ("--samples", "3", "--rounds", "1", "--beam", "1")
N_EXPANSIONS = 6
CRITIQUE = "Not yet.\nScore: 3/5\nAccept: no\n"
BODIES = ("x", "x * x", "None", "x + 1", "4", "x + x")
REAP_SECONDS = 10.0
MAX_LOST = 1
"""The one in flight: the next one leaves when the last one's reply is on the disk."""


def by_request(request: ChatRequest) -> str:
    """The same question has the same answer, whoever asks it, and whenever."""
    if request.role == "critic":
        return CRITIQUE
    seed = int(request.body["seed"])
    body = BODIES[(seed - SEED - 1) % len(BODIES)]
    return f"Because.\n```python\ndef double(x):\n    return {body}\n```\n"


@dataclass
class Assassin:
    """Answers, and kills a process at its request."""

    at_request: int = 0
    """Counted from 1; 0 is never."""
    delay_seconds: float | None = None
    """After the request has come; `None` is before it is answered."""
    reply: Callable[[ChatRequest], str] = by_request
    sign: signal.Signals = signal.SIGKILL
    pid: int | None = None
    n_asked: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: ChatRequest) -> str:
        with self.lock:
            self.n_asked += 1
            is_due = self.n_asked == self.at_request
        if is_due and self.delay_seconds is None:
            self.kill()
        elif is_due and self.delay_seconds is not None:
            threading.Timer(self.delay_seconds, self.kill).start()
        return self.reply(request)

    def kill(self) -> None:
        assert self.pid is not None
        os.kill(self.pid, self.sign)


@contextmanager
def endpoint_of(assassin: Assassin) -> Generator[ReplayEndpoint]:
    with ReplayEndpoint(assassin.answer) as endpoint:
        yield endpoint


def kept_state(state_folder: Path) -> tuple[str, SearchState] | None:
    """Id and state of the only search; `None` if it was killed before it began.

    Reads the file as anybody could, not through the code under test.
    """
    file = state_folder / "orps-lsp" / "searches.sqlite3"
    if not file.exists():
        return None
    connection = sqlite3.connect(file)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        ids = connection.execute("SELECT id FROM searches").fetchall()
        if not ids:
            return None
        ((search_id,),) = ids
        bodies = connection.execute("SELECT body FROM records ORDER BY seq").fetchall()
    finally:
        connection.close()
    records = [decode(body) for (body,) in bodies]
    state = fold(records)
    n_completed = sum(isinstance(record.entry, Called) for record in records)
    assert state.usage.requests == n_completed
    return search_id, state


def strange_files(state_folder: Path) -> list[str]:
    """Whatever nobody should find there: temporary and half-written files."""
    folder = state_folder / "orps-lsp"
    expected = {f"searches.sqlite3{suffix}" for suffix in ("", "-wal", "-shm")}
    expected |= {"settings.toml", "grants.json", "tokens"}
    if not folder.exists():
        return []
    return [each.name for each in folder.iterdir() if each.name not in expected]


def gone_within(folder: Folder, seconds: float = REAP_SECONDS) -> None:
    """A killed process cannot tidy up; its workers notice, and end by themselves."""
    give_up = time.monotonic() + seconds
    while (left := folder.processes()) and time.monotonic() < give_up:
        time.sleep(0.05)
    assert not left, left
    assert not [p for p in psutil.Process().children(recursive=True) if _is_ours(p)]


def _is_ours(process: psutil.Process) -> bool:
    try:
        return "orps_server" in " ".join(process.cmdline())
    except psutil.Error:
        return False
