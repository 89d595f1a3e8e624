"""A small data set and recorded answers for it, written for these tests."""

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SENTINEL = "hidden-7391"
"""In the hidden tests of every problem, and nowhere else."""

_STACK_TESTS = f"""\
import unittest


class PushTests(unittest.TestCase):
    def setUp(self):
        self.pile = Pile()

    def test_push(self):
        self.assertEqual(self.pile.push(3), 1)

    def test_push_twice(self):
        self.pile.push("{SENTINEL}")
        self.assertEqual(self.pile.push(4), 2)


class SumTests(unittest.TestCase):
    def test_sum(self):
        pile = Pile()
        for item in [1, 2, 3]:
            pile.push(item)
        self.assertEqual(pile.total(), 6, "{SENTINEL}")
"""

PROBLEMS: Sequence[Mapping[str, Any]] = (
    {
        "task_id": "small/double",
        "benchmark": "small",
        "entry_point": "double",
        "stub": 'def double(x):\n    """Twice x."""\n',
        "preamble": "",
        "visible_tests": ["assert double(2) == 4"],
        "hidden_tests": ["assert double(3) == 6"],
        "hidden_plus": [f"assert double('ab') == 'abab', '{SENTINEL}'"],
        "reference": "def double(x):\n    return x * 2\n",
    },
    {
        "task_id": "small/largest",
        "benchmark": "small",
        "entry_point": "largest",
        "stub": "from typing import List\n\n\ndef largest(items: List[int]) -> int:\n"
        '    """The largest item; 0 for none."""\n',
        "preamble": "from typing import List\n",
        "visible_tests": ["assert largest([1, 3, 2]) == 3"],
        "hidden_tests": [f"assert largest([]) == 0, '{SENTINEL}'"],
    },
    {
        "task_id": "small/shout",
        "benchmark": "small",
        "entry_point": "shout",
        "stub": "def shout(text: str) -> str:\n    pass\n",
        "instruction": "Write a function that returns the text in capitals.",
        "visible_tests": ["assert shout('a') == 'A'", "assert shout('a') == 'b'"],
        "visible_ok": [True, False],
        "hidden_tests": [f"said = '{SENTINEL}'\nassert shout(said) == said.upper()"],
    },
    {
        "task_id": "small/lines",
        "benchmark": "small",
        "entry_point": "lines",
        "stub": 'def lines(text):\n    """How many lines the text has."""\n',
        "visible_tests": ['text = """a\n  b\nc"""\nassert lines(text) == 3'],
        "hidden_tests": [f"assert lines('{SENTINEL}') == 1"],
    },
    {
        "task_id": "small/Pile",
        "benchmark": "small",
        "class_name": "Pile",
        "stub": 'class Pile:\n    """A pile of numbers."""\n\n'
        "    def __init__(self):\n        self.items = []\n\n"
        '    def push(self, item):\n        """Add, and say how many there are."""\n\n'
        '    def total(self):\n        """The sum of all."""\n',
        "imports": [],
        "test_file": _STACK_TESTS,
        "visible_tests": ["PushTests.test_push"],
        "hidden_tests": ["PushTests.test_push_twice", "SumTests.test_sum"],
        "reference": "",
    },
)

DOUBLE_WRONG = "def double(x):\n    return x + 2\n"
"""Passes the visible test and fails a hidden one."""
DOUBLE_BROKEN = "def double(x):\n    return x\n"
DOUBLE_RIGHT = "def double(x):\n    return x * 2\n"
_PILE = (
    "class Pile:\n    def __init__(self):\n        self.items = []\n"
    "    def push(self, item):\n        self.items.append(item)\n"
    "        return len(self.items)\n"
    "    def total(self):\n        return {total}\n"
)

REPLAY: Sequence[Mapping[str, Any]] = (
    {
        "task_id": "small/double",
        "model": "someone",
        "samples": [DOUBLE_BROKEN, DOUBLE_WRONG, DOUBLE_BROKEN, DOUBLE_RIGHT],
        "repairs": [
            {"parent": {"sample": 0}, "code": DOUBLE_RIGHT, "thought": "Twice."},
            {"parent": {"repair": 0}, "code": DOUBLE_WRONG},
        ],
        "n_ok": 1,
    },
    {
        "task_id": "small/largest",
        "model": "someone",
        "samples": [
            "def largest(items):\n    return max(items)\n",
            "def largest(items):\n    return max(items, default=0)\n",
            "def largest(items):\n    return max([0, *items])\n",
            "def largest(items):\n    return items[1]\n",
        ],
        "repairs": [],
    },
    {
        "task_id": "small/shout",
        "model": "someone",
        "samples": ["def shout(text):\n    return text\n"] * 3,
    },
    {
        "task_id": "small/lines",
        "model": "someone",
        "samples": ["def lines(text):\n    return len(text.splitlines())\n", "no code"],
    },
    {
        "task_id": "small/Pile",
        "model": "someone",
        "samples": [_PILE.format(total="sum(self.items)"), _PILE.format(total="0")],
    },
)


def write_lines(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    data = text.encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path
