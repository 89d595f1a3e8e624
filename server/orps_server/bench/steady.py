"""Outcomes that are the same on every machine, so that searches are; pure.

Policies look at times, and times differ from run to run. For a comparison that can be
repeated they count in steps so coarse that they differ only where programs do.
"""

from dataclasses import replace

from orps_sandbox.observation import Observation
from orps_sandbox.outcome import ExecutionOutcome, ExecutionProfile
from orps_sandbox.program import Program
from orps_search.execution import Runner
from orps_search.reward import run_seconds

_STEPS_SECONDS = (0.25, 1.0, 4.0, 16.0, 64.0)
"""A time counts as the first of these that is no shorter."""


class SteadyRunner:
    """Runs programs, and rounds what was measured."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self.cpu_seconds = 0.0
        """What was measured for the last program."""

    async def run(self, program: Program) -> ExecutionOutcome:
        outcome = await self._runner.run(program)
        self.cpu_seconds = run_seconds(outcome.profile) or 0.0
        return steady(outcome)

    async def observe(
        self, program: Program, calls: tuple[str, ...], *, module_path: str
    ) -> tuple[Observation, ...]:
        return await self._runner.observe(program, calls, module_path=module_path)


def steady(outcome: ExecutionOutcome) -> ExecutionOutcome:
    seconds = run_seconds(outcome.profile)
    if seconds is not None:
        longest = _STEPS_SECONDS[-1]
        seconds = next((step for step in _STEPS_SECONDS if seconds <= step), longest)
    cases = tuple(
        replace(case, wall_seconds=None, cpu_seconds=None) for case in outcome.cases
    )
    return replace(outcome, cases=cases, profile=ExecutionProfile(cpu_seconds=seconds))
