"""Runs a program with its lines traced, then its mutants, each in a run of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

import anyio

from orps_sandbox.program import Program
from orps_search.execution import Runner, case_seconds_after
from orps_search.labels.values import (
    LabeledMutant,
    Labels,
    labeled_mutant,
    labeled_steps,
)
from orps_search.mutation import (
    MUTATIONS,
    REFACTORINGS,
    Mutant,
    Step,
    mutants,
    sources_of,
    steps_of,
)
from orps_search.problem import Problem

_PATIENCE: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelLimits:
    per_statement: int = 6
    """Mutations of each statement, on average."""
    total: int = 200
    """Mutants of the whole program, refactorings included."""
    seed: int = 0


async def label_lines(problem: Problem, runner: Runner, limits: LabelLimits) -> Labels:
    """Label the body that is there; raises `SandboxError` when the host is at fault."""
    text = problem.runnable_text
    sources = sources_of(text, problem.target.qualname)
    steps = sorted(
        (step for source in sources for step in steps_of(source)),
        key=lambda step: step.start,
    )
    program = Program(
        files={problem.module_path: text},
        selection=problem.selection,
        case_ids=problem.case_ids,
        trace_lines=True,
    )
    original = await runner.run(program)
    case_seconds = case_seconds_after(original, _PATIENCE)
    program = replace(program, trace_lines=False, case_seconds=case_seconds)
    chosen = list(_chosen(problem, len(steps), limits))
    ran: list[LabeledMutant | None] = [None] * len(chosen)

    async def run(index: int, mutant: Mutant) -> None:
        files = {problem.module_path: mutant.source}
        outcome = await runner.run(replace(program, files=files))
        step = _step_of(steps, mutant)
        ran[index] = labeled_mutant(mutant, outcome, original, step)

    async with anyio.create_task_group() as tasks:
        for index, mutant in enumerate(chosen):
            tasks.start_soon(run, index, mutant)
    tried = tuple(each for each in ran if each is not None)
    return Labels(
        text=text,
        outcome=original,
        steps=labeled_steps(text, steps, original, tried),
        mutants=tried,
        case_seconds=case_seconds,
    )


def _chosen(problem: Problem, n_steps: int, limits: LabelLimits) -> Iterator[Mutant]:
    """Yield refactorings first, since there are few, then mutations of all statements."""
    text, name = problem.runnable_text, problem.target.qualname
    kept = [*mutants(text, name, seed=limits.seed, operators=REFACTORINGS)]
    kept = kept[: min(n_steps, limits.total // 2)]
    yield from kept
    wanted = min(limits.per_statement * n_steps, limits.total - len(kept))
    yield from islice(
        mutants(text, name, seed=limits.seed, operators=MUTATIONS), wanted
    )


def _step_of(steps: list[Step], mutant: Mutant) -> Step:
    return next(step for step in steps if step.start == mutant.at)
