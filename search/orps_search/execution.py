"""From a proposal to a candidate: put the code into its module, run it, measure it."""

import ast
from dataclasses import replace
from typing import Protocol

import anyio

from orps_sandbox.observation import Observation
from orps_sandbox.outcome import CaseStatus, ExecutionOutcome
from orps_sandbox.program import Program
from orps_search.blame import BlamedLine
from orps_search.blaming import blamed_lines
from orps_search.candidate import Candidate, CandidateId
from orps_search.cascade import Cascade, is_killed, with_rest
from orps_search.config import MIN_CASE_SECONDS
from orps_search.evidence import NO_EVIDENCE, Evidence
from orps_search.problem import Problem
from orps_search.proposer import Proposal
from orps_search.reward import outcome_reward
from orps_search.selection.outputs import normal_output
from orps_search.source.fault import TargetFault
from orps_search.source.find import find_target
from orps_search.source.splice import Misplacement, Placement, apply_edits, place
from orps_search.source.unresolved import unresolved_names
from orps_search.static_metrics import measure

OBSERVED_SECONDS = 1.0
"""For one generated call: whoever needs longer differs in that."""


class Runner(Protocol):
    """Runs programs; `orps_sandbox.executor.Executor` is one."""

    async def run(self, program: Program) -> ExecutionOutcome:
        """Raise `SandboxError` when the host is at fault."""
        ...

    async def observe(
        self, program: Program, calls: tuple[str, ...], *, module_path: str
    ) -> tuple[Observation, ...]:
        """Raise `SandboxError` when the host is at fault."""
        ...


async def execute_candidate(
    problem: Problem,
    proposal: Proposal,
    executor: Runner,
    *,
    id: CandidateId,  # noqa: A002 - the field's name
    parent: CandidateId | None = None,
    round: int = 0,  # noqa: A002 - the field's name
    case_seconds: float | None = None,
    evidence: Evidence = NO_EVIDENCE,
    cascade: Cascade | None = None,
    blames: bool = False,
) -> Candidate | Misplacement:
    """Run the proposed code in place of the target; any shape that `place` reads.

    The `evidence` beyond the tests is only looked at where it passes. With a `cascade`
    a candidate that fails the first cases is not run against the others. With `blames`
    its suspicious lines are found where it fails.
    """
    target = find_target(problem.runnable_text, problem.target.qualname)
    if isinstance(target, TargetFault):
        return Misplacement(reason=target.message)
    placed = place(problem.runnable_text, target, proposal.code)
    if isinstance(placed, Misplacement):
        return placed
    program = _program(problem, placed, case_seconds)
    unresolved = unresolved_names(program.files[problem.module_path], placed.code)
    outcome = await _run(program, executor, cascade, is_suspect=bool(unresolved))
    outputs: tuple[str, ...] = ()
    if outcome.all_passed and evidence.expressions:
        brief = replace(program, case_seconds=OBSERVED_SECONDS)
        seen = await executor.observe(
            brief, evidence.expressions, module_path=problem.module_path
        )
        outputs = tuple(map(normal_output, seen))
    blame: tuple[BlamedLine, ...] = ()
    if blames and not outcome.all_passed:
        blame = await blamed_lines(
            program,
            outcome,
            executor,
            module_path=problem.module_path,
            qualname=problem.target.qualname,
        )
    metrics = measure(placed.code)
    return Candidate(
        id=id,
        parent=parent,
        round=round,
        reasoning=proposal.reasoning,
        code=placed.code,
        outcome=outcome,
        static_metrics=metrics,
        outcome_reward=outcome_reward(outcome, metrics),
        outputs=evidence.outputs(outputs),
        kept=evidence.kept(outputs),
        generated=evidence.held(outputs),
        unresolved=unresolved,
        blame=blame,
    )


async def _run(
    program: Program, executor: Runner, cascade: Cascade | None, *, is_suspect: bool
) -> ExecutionOutcome:
    """The cheapest look that may settle it first; all cases before anything passes."""
    if cascade is None:
        return await executor.run(program)
    probe = cascade.probe(is_suspect=is_suspect)
    if probe:
        seen = await executor.run(replace(program, case_ids=probe))
        if is_killed(seen):
            killed = with_rest(seen, program.case_ids)
            cascade.note(killed)
            return killed
    started = anyio.current_time()
    outcome = await executor.run(program)
    cascade.note(outcome, elapsed_seconds=anyio.current_time() - started)
    return outcome


def program_with(
    problem: Problem, code: str, *, case_seconds: float | None = None
) -> Program:
    """The program of a code that was placed before."""
    target = find_target(problem.runnable_text, problem.target.qualname)
    assert not isinstance(target, TargetFault)
    placed = place(problem.runnable_text, target, code)
    assert not isinstance(placed, Misplacement)
    return _program(problem, placed, case_seconds)


def _program(
    problem: Problem, placed: Placement, case_seconds: float | None
) -> Program:
    return Program(
        files={problem.module_path: apply_edits(problem.runnable_text, placed.edits)},
        selection=problem.selection,
        case_ids=problem.case_ids,
        case_seconds=case_seconds,
    )


def case_seconds_after(
    outcome: ExecutionOutcome, patience: float | None
) -> float | None:
    """The time that a case of the next candidates may take; `None` is no bound.

    Cases that ran to their end are measured; what hung says nothing.
    """
    ended = [
        case.wall_seconds
        for case in outcome.cases
        if case.status in _ENDED and case.wall_seconds is not None
    ]
    if patience is None or not ended:
        return None
    return max(MIN_CASE_SECONDS, patience * max(ended))


_ENDED = (CaseStatus.PASSED, CaseStatus.FAILED)


def normal_form(code: str) -> str:
    """Equal for codes that differ only in layout, comments and docstrings."""
    try:
        tree = ast.parse(code)
        for node in ast.walk(tree):
            if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False):
                node.body = node.body[1:]
        return ast.dump(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return code.strip()


_DOCUMENTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)
