"""Plays recorded outputs of real models back as if a model had just sent them.

A recording is one JSON row per task: `task_id`, `samples` (whole programs) and
`repairs` (`parent`, `code`, perhaps `thought`). The task of a request is the one
whose entry point is defined in the prompt. A request that shows code which was
recorded with a repair gets that repair; all others get the task's next draft.
How a recorded program did is never looked at: a search must find that out.

No recording holds numeric scores, so the critic's part is a rule: it reads how many
cases pass out of the prompt.
"""

import ast
import gzip
import json
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from support.replay_answers import Answer, ChatRequest, Fault

_FENCED = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
_PASSED = re.compile(r"(\d+) of (\d+) cases pass")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedTask:
    task_id: str
    entry_point: str
    clues: tuple[str, ...]
    """Texts that a prompt for this task is likely to hold, such as its tests."""
    samples: tuple[str, ...]
    repairs: Mapping[str, str]
    """Normalized code that was shown -> the reply that was recorded for it."""


class Recordings:
    """Answers chat requests out of recorded rows."""

    def __init__(self, tasks: Iterable[RecordedTask]) -> None:
        self._tasks: dict[str, list[RecordedTask]] = defaultdict(list)
        for task in tasks:
            self._tasks[task.entry_point].append(task)
        self._n_drafted: Counter[str] = Counter()
        self._lock = threading.Lock()

    @classmethod
    def load(cls, replays: Path, problems: Path) -> Self:
        """Read a `.jsonl` or `.jsonl.gz` of rows and the problems they belong to."""
        rows = {row["task_id"]: row for row in _rows(problems)}
        return cls(
            recorded_task(rows[row["task_id"]], row)
            for row in _rows(replays)
            if row["task_id"] in rows
        )

    def answer(self, request: ChatRequest) -> Answer:
        if request.role == "critic":
            return _critique(request.prompt)
        task = self._task_of(request.prompt)
        if task is None:
            return Fault.SERVER_ERROR
        shown = [_normalized(code, task.entry_point) for code in _shown(request)]
        repairs = [task.repairs[code] for code in shown if code in task.repairs]
        return repairs[-1] if repairs else self._next_draft(task)

    def _next_draft(self, task: RecordedTask) -> str:
        with self._lock:
            idx = self._n_drafted[task.task_id]
            self._n_drafted[task.task_id] += 1
        return _reply("", task.samples[idx % len(task.samples)])

    def _task_of(self, prompt: str) -> RecordedTask | None:
        names = dict.fromkeys(re.findall(r"\b(?:def|class) (\w+)", prompt))
        tasks = [task for name in names for task in self._tasks.get(name, ())]
        return max(
            tasks,
            key=lambda task: sum(clue in prompt for clue in task.clues),
            default=None,
        )


def recorded_task(problem: Mapping[str, Any], row: Mapping[str, Any]) -> RecordedTask:
    """Join one problem with what a model answered to it."""
    entry_point = problem.get("entry_point") or problem["class_name"]
    samples: Sequence[str] = row["samples"]
    recorded: Sequence[Mapping[str, Any]] = row.get("repairs") or ()
    repairs: dict[str, str] = {}
    for repair in recorded:
        shown = _parent_code(repair, samples, recorded)
        if shown is not None:
            thought = repair.get("thought") or ""
            reply = _reply(thought, repair["code"])
            repairs.setdefault(_normalized(shown, entry_point), reply)
    tests = problem.get("visible_tests") or ()
    return RecordedTask(
        task_id=problem["task_id"],
        entry_point=entry_point,
        clues=tuple(test for test in tests if isinstance(test, str)),
        samples=tuple(samples),
        repairs=repairs,
    )


def _parent_code(
    repair: Mapping[str, Any],
    samples: Sequence[str],
    repairs: Sequence[Mapping[str, Any]],
) -> str | None:
    match repair.get("parent"):
        case {"sample": int(idx)}:
            return samples[idx]
        case {"repair": int(idx)}:
            return repairs[idx]["code"]
        case _:
            return None


def _shown(request: ChatRequest) -> list[str]:
    return [match[1] for match in _FENCED.finditer(request.prompt)]


def _normalized(code: str, entry_point: str) -> str:
    """The entry point's syntax tree without docstrings, or the text itself."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return code.strip()
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for node in ast.walk(tree):
        if isinstance(node, kinds) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    named = [
        node
        for node in tree.body
        if isinstance(node, kinds) and node.name == entry_point
    ]
    return ast.dump(named[-1] if named else tree)


def _reply(thought: str, code: str) -> str:
    return f"{thought}\n\n```python\n{code.strip()}\n```\n".lstrip()


def _critique(prompt: str) -> str:
    match = _PASSED.search(prompt)
    n_passed, n_total = (int(match[1]), int(match[2])) if match else (0, 0)
    if n_total and n_passed == n_total:
        return "Every case passes.\n\nScore: 5/5\nAccept: yes\n"
    score = 1 + round(3 * n_passed / n_total) if n_total else 1
    return f"{n_passed} of {n_total} pass.\n\nScore: {score}/5\nAccept: no\n"


def _rows(path: Path) -> list[dict[str, Any]]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    return [json.loads(line) for line in text.splitlines()]
