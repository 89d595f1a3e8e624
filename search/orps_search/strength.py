"""What the tests pin down: the winner is changed, and the tests should notice.

A mutant that passes every test is either another way to say the same, or something that
the tests leave open. Execution decides: only a mutant that was seen to differ on some
call counts as a gap, and that call shows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import anyio

from orps_sandbox.observation import Observation
from orps_sandbox.program import Program
from orps_search.candidate import Candidate
from orps_search.distinguish.answers import answer
from orps_search.distinguish.edges import edges, simpler
from orps_search.execution import OBSERVED_SECONDS, Runner, case_seconds_after
from orps_search.inputs import calls_to_observe
from orps_search.mutation import Mutant, mutants
from orps_search.problem import Problem
from orps_search.selection.outputs import normal_output

DEFAULT_MUTANTS = 24
DEFAULT_SECONDS = 20.0
_MAX_CALLS = 60
_PATIENCE = 10.0
"""A mutant that takes so many times as long as the winner is noticed, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A change that no test notices, and a call that does."""

    line: int
    """In the module with the winner in place, from 1."""
    before: str
    after: str
    """The lines as they were, and as they were changed."""
    call: str
    was: str
    now: str
    """What the call gives, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    n_noticed: int
    n_changes: int
    """Noticed, or seen to differ; mutants that nothing told from the winner are left out."""
    n_alike: int
    """Passed every test and differed on no call: as good as the winner, as far as seen."""
    gaps: tuple[Gap, ...]
    complete: bool
    """Whether all the mutants that were wanted were run within the time."""

    def text(self) -> str:
        """`your tests catch 17 of 21 changes; line 7 is not pinned down`."""
        if not self.n_changes:
            return "no change of it could be told from it"
        said = f"your tests catch {self.n_noticed} of {self.n_changes} changes"
        lines = sorted({gap.line for gap in self.gaps})
        if not lines:
            return said
        listed = ", ".join(map(str, lines))
        return (
            f"{said}; line {listed} is not pinned down"
            if len(lines) == 1
            else f"{said}; lines {listed} are not pinned down"
        )


async def measure_strength(
    problem: Problem,
    winner: Candidate,
    program: Program,
    runner: Runner,
    *,
    seed: int = 0,
    n_mutants: int = DEFAULT_MUTANTS,
    max_seconds: float = DEFAULT_SECONDS,
) -> Strength:
    """Run mutants of the winner; `program` is the one that it was executed as.

    Raises `SandboxError`; may be cancelled at any time.
    """
    measuring = _Measuring(problem, winner, program, runner, seed)
    with anyio.move_on_after(max_seconds) as scope:
        await measuring.run(n_mutants)
    return measuring.result(complete=not scope.cancelled_caught)


class _Measuring:
    def __init__(
        self,
        problem: Problem,
        winner: Candidate,
        program: Program,
        runner: Runner,
        seed: int,
    ) -> None:
        self._problem = problem
        self._winner = winner
        self._text = program.files[problem.module_path]
        self._program = program
        self._runner = runner
        self._seed = seed
        self._case_seconds = case_seconds_after(winner.outcome, _PATIENCE)
        self._n_noticed = 0
        self._n_alike = 0
        self._gaps: list[Gap] = []

    async def run(self, n_mutants: int) -> None:
        made = mutants(self._text, self._problem.target.qualname, seed=self._seed)
        calls = self._calls()
        expected = await self._observed(self._text, calls)
        for mutant in islice(made, n_mutants):
            outcome = await self._runner.run(
                self._changed(mutant.source, self._case_seconds)
            )
            if not outcome.all_passed:
                self._n_noticed += 1
                continue
            gap = await self._gap(mutant, calls, expected)
            if gap is None:
                self._n_alike += 1
            else:
                self._gaps.append(gap)

    def result(self, *, complete: bool) -> Strength:
        return Strength(
            n_noticed=self._n_noticed,
            n_changes=self._n_noticed + len(self._gaps),
            n_alike=self._n_alike,
            gaps=tuple(self._gaps),
            complete=complete,
        )

    async def _gap(
        self,
        mutant: Mutant,
        calls: tuple[str, ...],
        expected: Sequence[Observation],
    ) -> Gap | None:
        seen = await self._observed(mutant.source, calls)
        found = _shortest_difference(calls, expected, seen)
        if found is None:
            return None
        call, was, now = found
        shorter = simpler((call,))
        if shorter:
            found = _shortest_difference(
                shorter,
                await self._observed(self._text, shorter),
                await self._observed(mutant.source, shorter),
            )
            call, was, now = found or (call, was, now)
        before, after = _changed_lines(self._text, mutant)
        return Gap(
            line=mutant.line,
            before=before,
            after=after,
            call=call,
            was=answer(was).words,
            now=answer(now).words,
        )

    def _calls(self) -> tuple[str, ...]:
        made = calls_to_observe(self._problem, seed=self._seed, limit=_MAX_CALLS // 2)
        return tuple(dict.fromkeys((*made, *edges(made))))[:_MAX_CALLS]

    async def _observed(
        self, text: str, calls: tuple[str, ...]
    ) -> tuple[Observation, ...]:
        return await self._runner.observe(
            self._changed(text, OBSERVED_SECONDS),
            calls,
            module_path=self._problem.module_path,
        )

    def _changed(self, text: str, case_seconds: float | None) -> Program:
        return Program(
            files={**self._program.files, self._problem.module_path: text},
            selection=self._program.selection,
            case_ids=self._program.case_ids,
            case_seconds=case_seconds,
        )


def _shortest_difference(
    calls: Sequence[str],
    expected: Sequence[Observation],
    seen: Sequence[Observation],
) -> tuple[str, Observation, Observation] | None:
    differing = [
        (call, was, now)
        for call, was, now in zip(calls, expected, seen, strict=True)
        if normal_output(was) != normal_output(now)
    ]
    return min(differing, key=lambda found: len(found[0]), default=None)


def _changed_lines(text: str, mutant: Mutant) -> tuple[str, str]:
    first, last = mutant.lines
    growth = mutant.source.count("\n") - text.count("\n")
    before = text.split("\n")[first - 1 : last]
    after = mutant.source.split("\n")[first - 1 : last + growth]
    return "\n".join(before).strip(), "\n".join(after).strip()
