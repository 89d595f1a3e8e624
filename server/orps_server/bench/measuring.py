"""Runs programs to see what they cost, beside their tests or on larger inputs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from orps_sandbox.outcome import ExecutionOutcome
from orps_search.candidate import Candidate
from orps_search.reward import run_seconds
from orps_server.bench.case_files import functions_file
from orps_server.bench.efficiency import Amounts
from orps_server.bench.folder import open_task
from orps_server.bench.task import MODULE, Problem, Task
from orps_server.errors import RequestFault
from orps_server.settings import Settings

N_RUNS = 3
"""The fastest counts: whatever else this machine does only ever adds."""

StressCalls = Mapping[str, Sequence[str]]
"""Task -> calls with large inputs."""


def load_stress_calls(path: Path) -> StressCalls:
    """Read a JSON object from task to `[{"call": ...}, ...]`; `RequestFault` else."""
    try:
        document: object = json.loads(path.read_text(encoding="utf-8"))
        rows = cast("dict[str, list[dict[str, str]]]", document)
        return {task: [row["call"] for row in calls] for task, calls in rows.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise RequestFault(
            f"{path} holds no stress calls: {error}.",
            kind="badRequest",
            hint='It has to be {"TASK": [{"call": "f(...)"}, ...], ...}.',
        ) from error


async def measured(
    problem: Problem, codes: Sequence[str], calls: Sequence[str], settings: Settings
) -> tuple[Amounts, dict[str, Amounts]]:
    """What the reference costs, and each of the programs.

    Raises `RequestFault` where the reference does not get through.
    """
    task = _measured_task(problem, calls)
    async with open_task(task, settings) as workbench:
        runs: dict[str, list[Candidate]] = {}
        for code in (problem.hidden.reference, *codes):
            runs[code] = [await workbench.verify(code) for _ in range(N_RUNS)]
    reference = runs.pop(problem.hidden.reference)
    if not any(each.outcome.all_passed for each in reference):
        raise RequestFault(
            f"The reference of {problem.task.id} does not get through.",
            kind="badRequest",
        )
    return _amounts(reference), {code: _amounts(found) for code, found in runs.items()}


def _measured_task(problem: Problem, calls: Sequence[str]) -> Task:
    if not calls:
        return replace(problem.task, tests=problem.hidden.tests)
    name = Path(MODULE).stem
    return replace(problem.task, tests=functions_file(name, problem.task.module, calls))


def _amounts(runs: Sequence[Candidate]) -> Amounts:
    ended = [each.outcome for each in runs if each.outcome.all_passed]
    metrics = runs[0].static_metrics
    values: dict[str, float | None] = {
        "lines": metrics.lines,
        "ast_nodes": metrics.ast_nodes,
        "cyclomatic": metrics.cyclomatic,
        "cognitive": metrics.cognitive,
    }
    if ended:
        fastest = min(ended, key=_seconds)
        profile = fastest.profile
        values |= {
            "time": run_seconds(profile),
            "instructions": profile.instructions,
            "branch_misses": profile.branch_misses,
            "page_faults": profile.page_faults,
        }
    known = {name: value for name, value in values.items() if value is not None}
    return Amounts(values=known, is_too_slow=not ended)


def _seconds(outcome: ExecutionOutcome) -> float:
    return run_seconds(outcome.profile) or 0.0
