"""Finds the suspicious lines of a candidate that fails, by a few more executions.

One run with its lines traced gives the spectrum. Where the executor can screen, the
likeliest changes of the most suspicious lines are tried on a failing case: a line that
can be changed so that it passes is more suspicious than its neighbors.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Protocol, runtime_checkable

from orps_sandbox.outcome import CaseStatus, ExecutionOutcome
from orps_sandbox.program import Program
from orps_sandbox.screening import Screened, Variant
from orps_search.blame import MAX_BLAMED, BlamedLine, spectrum
from orps_search.mutation import (
    REFACTORINGS,
    Edit,
    edits_of,
    sources_of,
    step_at,
    steps_of,
)

_MAX_CASES: Final = 12
"""Of those that fail, and as many of those that pass."""
_CASE_SECONDS: Final = 1.0
_SCREENED_CASE_SECONDS: Final = 0.2
_MAX_TRIED: Final = 32


class Tracer(Protocol):
    async def run(self, program: Program) -> ExecutionOutcome: ...


@runtime_checkable
class Screener(Protocol):
    async def screen(
        self,
        program: Program,
        variants: Sequence[Variant],
        *,
        module_path: str,
        stops_at_failure: bool = True,
    ) -> tuple[Screened, ...]: ...


async def blamed_lines(
    program: Program,
    outcome: ExecutionOutcome,
    executor: Tracer,
    *,
    module_path: str,
    qualname: str,
) -> tuple[BlamedLine, ...]:
    """Return the lines of the target to look at first; raises `SandboxError`.

    `outcome` is that of the program. Nothing is blamed where no case ran to an end.
    """
    cases = _chosen_cases(outcome)
    if not cases:
        return ()
    traced = await executor.run(
        replace(program, case_ids=cases, trace_lines=True, case_seconds=_CASE_SECONDS)
    )
    text = program.files[module_path]
    own = _lines_of(text, qualname)
    lines = text.splitlines()
    found = [
        replace(each, text=lines[each.line - 1].strip())
        for each in spectrum(traced)
        if each.line in own and each.line <= len(lines)
    ]
    found.sort(key=lambda each: (-each.suspicion, each.line))
    found = found[:MAX_BLAMED]
    if found and isinstance(executor, Screener):
        failing = replace(
            program, case_ids=cases[:1], case_seconds=_SCREENED_CASE_SECONDS
        )
        found = await _with_evidence(found, failing, executor, module_path, qualname)
    return tuple(found)


async def _with_evidence(
    blamed: list[BlamedLine],
    program: Program,
    screener: Screener,
    module_path: str,
    qualname: str,
) -> list[BlamedLine]:
    """Count by line the changes that make the failing case pass; more come first."""
    edits = _likely_edits(
        program.files[module_path], qualname, {each.line for each in blamed}
    )
    screened = await screener.screen(
        program,
        [((edit.start, edit.end, edit.replacement),) for _, edit in edits],
        module_path=module_path,
    )
    counts: dict[int, int] = {}
    for (line, _), each in zip(edits, screened, strict=True):
        counts[line] = counts.get(line, 0) + (each.passed == (True,))
    known = [replace(each, repaired_by=counts.get(each.line, 0)) for each in blamed]
    known.sort(key=lambda each: (not each.repaired_by, -each.suspicion, each.line))
    return known


def _likely_edits(text: str, qualname: str, lines: set[int]) -> list[tuple[int, Edit]]:
    found: list[tuple[int, Edit]] = []
    for source in sources_of(text, qualname):
        steps = steps_of(source)
        for edit in edits_of(source) if steps else ():
            line = step_at(steps, max(edit.start, steps[0].start)).line
            if line in lines and edit.operator not in REFACTORINGS:
                found.append((line, edit))
    found.sort(key=lambda pair: pair[1].weight)
    return found[:_MAX_TRIED]


def _lines_of(text: str, qualname: str) -> set[int]:
    return {
        line
        for source in sources_of(text, qualname)
        for line in range(source.function.lineno, (source.function.end_lineno or 0) + 1)
    }


def _chosen_cases(outcome: ExecutionOutcome) -> tuple[str, ...]:
    """Choose cases that ran; a failing one first. None where that tells nothing."""
    failing = [case for case in outcome.cases if case.status is CaseStatus.FAILED]
    # One that hangs costs its whole time again, so that one has to do.
    hanging = [case for case in outcome.cases if case.status is CaseStatus.TIMEOUT]
    failing = failing or hanging[:1]
    passing = [case for case in outcome.cases if case.status is CaseStatus.PASSED]
    if not failing or not outcome.n_total:
        return ()
    return tuple(case.id for case in (*failing[:_MAX_CASES], *passing[:_MAX_CASES]))
