"""Labels of many shapes, against plain pytest on each mutant, a process of its own."""

import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.cli import PLUGINLESS, Folder

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

MODULE = """\
import functools
from contextlib import suppress
from dataclasses import dataclass


def noted(function):
    @functools.wraps(function)
    def inner(*given, **named):
        return function(*given, **named)

    return inner


@dataclass
class Account:
    balance: int = 0

    def deposit(self, amount):
        if amount <= 0: raise ValueError("amount")
        self.balance += amount; return self.balance


@noted
def windows(row, size):
    for start in range(0, len(row) - size + 1):
        yield tuple(
            row[start : start + size]
        )


def digits(number):
    found = []
    while number > 0:
        found.append(number % 10)
        number = number // 10
    return found


async def inverted(shape):
    def turned(number):
        with suppress(ZeroDivisionError):
            return 10 // number
        return None

    match shape:
        case [first, *rest] if rest:
            return [turned(each) for each in (first, *rest)]
        case _:
            try:
                return turned(int(shape))
            except TypeError:
                return -1
"""
TESTS = """\
import asyncio
import unittest

import pytest

from m import Account, digits, inverted, windows


class AccountTest(unittest.TestCase):
    def test_deposit(self):
        self.assertEqual(Account(2).deposit(5), 7)

    def test_refused(self):
        with self.assertRaises(ValueError):
            Account().deposit(0)


@pytest.mark.parametrize(("row", "size", "count"), [("abc", 2, 2), ([], 1, 0)])
def test_windows(row, size, count):
    assert [len(each) for each in windows(row, size)] == [size] * count


def test_digits():
    assert digits(305) == [5, 0, 3]


def test_inverted():
    assert asyncio.run(inverted([5, 0])) == [2, None]
    assert asyncio.run(inverted("5")) == 2
    assert asyncio.run(inverted(None)) == -1
"""
CPU_SECONDS = 2
"""Pytest alone needs a fifth of one."""


def is_broken(folder: Path, source: str, tests: list[str]) -> bool:
    """What never ends is killed, and broken like what fails."""
    folder.mkdir()
    (folder / "m.py").write_text(source)
    (folder / "test_m.py").write_text(TESTS)
    done = subprocess.run(
        [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests],
        cwd=folder,
        env=os.environ | PLUGINLESS | {"PYTHONHASHSEED": "0"},
        capture_output=True,
        check=False,
        preexec_fn=_bounded,
    )
    assert done.returncode <= 1, done.stdout.decode()
    return done.returncode != 0


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


@pytest.mark.parametrize("target", ["Account.deposit", "windows", "digits", "inverted"])
def test_each_verdict_is_that_of_plain_pytest(target: str, tmp_path: Path):
    files = {"m.py": MODULE, "test_m.py": TESTS}
    labels = Folder(tmp_path, files).run(
        "label", f"m.py::{target}", "--json", "--max-mutants", "8"
    )
    mutants: list[dict[str, Any]] = labels.document["mutants"]
    assert len(mutants) >= 2
    for idx, mutant in enumerate(mutants):
        edit = mutant["edit"]
        head, tail = MODULE[: edit["start"]], MODULE[edit["end"] :]
        assert mutant["source"] == head + edit["replacement"] + tail
        folder = tmp_path / f"plain{idx}"
        broken = is_broken(folder, mutant["source"], labels.document["tests"])
        assert (mutant["verdict"] == "broken") == broken, mutant["what"]
