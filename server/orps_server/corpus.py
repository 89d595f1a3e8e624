"""Runs a folder of hostile programs and says whether each ended as its author expects.

A program's first line is `# EXPECT: PASS|ERROR; what must not happen`; it defines
`solve(x)`, which is to double its argument.
"""

import io
import logging
import re
import tempfile
import time
import tokenize
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import anyio

from orps_sandbox.executor import Executor, open_executor
from orps_sandbox.limits import Limits
from orps_sandbox.outcome import (
    CaseResult,
    CaseStatus,
    ExecutionOutcome,
    Termination,
    Tier,
)
from orps_sandbox.program import CaseSelection, Program, Project
from orps_search.verdicts import complaint, failures
from orps_server.canary import Canary, set_up
from orps_server.errors import RequestFault

logger = logging.getLogger(__name__)

LIMITS = Limits(wall_seconds=10.0, case_seconds=2.0, cpu_seconds=8.0)
"""Short, since many of the programs hang on purpose."""

_MODULE = "solution.py"
_TESTS = "test_solution.py"
_STUB = "def solve(x):\n    raise NotImplementedError\n"
_HONEST = "def solve(x):\n    return 2 * x\n"
_CASES = """\
import pytest

from solution import solve


@pytest.mark.parametrize(("x", "doubled"), [(3, 6), (10, 20), (0, 0), (-7, -14)])
def test_solve(x, doubled):
    assert solve(x) == doubled
"""
_EXPECTATION = re.compile(r"#\s*EXPECT:\s*([A-Z]+(?:\s*\|\s*[A-Z]+)*)\s*(?:;|$)")
_SELECTION = CaseSelection(node_ids=(_TESTS,))

# The worst that happened to a case names the whole, in this order.
_WORDS = (
    (CaseStatus.TIMEOUT, "TIMEOUT"),
    (CaseStatus.MEMORY, "MEMORY"),
    (CaseStatus.CRASH, "CRASH"),
    (CaseStatus.ERROR, "ERROR"),
    (CaseStatus.FAILED, "FAIL"),
    (CaseStatus.SKIPPED, "FAIL"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One program."""

    name: str
    expected: tuple[str, ...]
    got: str
    side_effects: tuple[str, ...]
    milliseconds: float
    tier: Tier
    detail: str = ""
    """What the first case that did not pass says of it."""

    @property
    def is_ok(self) -> bool:
        return self.got in self.expected and not self.side_effects


async def run_corpus(
    folder: Path, interpreter: Path, *, tier: Tier | None
) -> AsyncGenerator[Row]:
    """Run every program, each followed by an honest one.

    Raises:
        RequestFault: the folder holds no program, or one without an expectation.
        SandboxError: the tier does not work here, or nothing does.
    """
    programs = await anyio.to_thread.run_sync(_programs, folder)
    with tempfile.TemporaryDirectory(prefix="orps-corpus-") as root, set_up() as canary:
        project = Project(root=Path(root), interpreter=interpreter)
        await anyio.to_thread.run_sync(_write_project, project.root)
        async with open_executor(
            project, limits=LIMITS, slots=1, tier=tier
        ) as executor:
            case_ids = (await executor.collect(_SELECTION)).case_ids
            for path in programs:
                # What waits for a run would look like what one has left.
                await executor.rest()
                canary.settle()
                yield await _row(path, executor, canary, case_ids)


def verdict_of(outcome: ExecutionOutcome) -> str:
    """The whole outcome as the one word that an expectation has for it."""
    if outcome.termination is Termination.OUTPUT_LIMIT:
        return "OUTPUT"
    statuses = {case.status for case in outcome.cases}
    word = next((word for status, word in _WORDS if status in statuses), "PASS")
    if word == "CRASH" and not any(map(_is_by_signal, outcome.cases)):
        return "ERROR"
    return word


def _is_by_signal(case: CaseResult) -> bool:
    """Expectations call only that a crash; an interpreter that left is an error."""
    return case.status is CaseStatus.CRASH and "was killed by" in case.message


def expectation_of(text: str) -> tuple[str, ...]:
    """Verdicts that are as they should be; none if the first line names none."""
    match = _EXPECTATION.match(text.partition("\n")[0])
    return tuple(word.strip() for word in match[1].split("|")) if match else ()


def program_text(path: Path) -> str:
    """As the interpreter reads it; bytes that are no text stay what they are."""
    data = path.read_bytes()
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding)
    except (SyntaxError, UnicodeDecodeError):
        return data.decode("utf-8", "surrogateescape")


async def _row(
    path: Path, executor: Executor, canary: Canary, case_ids: tuple[str, ...]
) -> Row:
    text = await anyio.to_thread.run_sync(program_text, path)
    started = time.perf_counter()
    outcome = await executor.run(_program(text, case_ids))
    seconds = time.perf_counter() - started
    honest = await executor.run(_program(_HONEST, case_ids))
    await executor.rest()
    effects = await anyio.to_thread.run_sync(canary.side_effects, outcome.output)
    if not honest.all_passed:
        effects.append("an honest program fails after it")
    return Row(
        name=path.name,
        expected=expectation_of(text),
        got=verdict_of(outcome),
        side_effects=tuple(effects),
        milliseconds=seconds * 1000,
        tier=outcome.tier,
        detail=next((complaint(case) for case in failures(outcome)), ""),
    )


def _program(text: str, case_ids: tuple[str, ...]) -> Program:
    return Program(files={_MODULE: text}, selection=_SELECTION, case_ids=case_ids)


def _programs(folder: Path) -> list[Path]:
    files = sorted(path for path in folder.glob("*.py") if path.is_file())
    programs = [path for path in files if expectation_of(program_text(path))]
    if not programs:
        raise RequestFault(
            f"{folder} holds no program that begins with `# EXPECT: PASS`, or another "
            "verdict.",
            kind="badRequest",
            hint="docs/sandbox.md describes the form of such programs.",
        )
    for path in files:
        if path not in programs:
            logger.warning("%s was not run: its first line expects nothing", path.name)
    return programs


def _write_project(root: Path) -> None:
    for name, text in ((_MODULE, _STUB), (_TESTS, _CASES)):
        (root / name).write_text(text, encoding="utf-8")
