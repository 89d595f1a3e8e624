"""The unit of work that is spread: one problem with all searches on it.

The hidden tests are written to disk only when the last search has ended, into another
folder than the searches had.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from orps_server.bench.folder import scoring_task
from orps_server.bench.live import play_live
from orps_server.bench.played import scored, to_score
from orps_server.bench.recorded import play_recorded
from orps_server.bench.recording import RecordedRow, read_recording
from orps_server.bench.result import Run, RunKey
from orps_server.bench.scoring import score
from orps_server.bench.task import LeftOut, Problem
from orps_server.errors import RequestFault
from orps_server.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which searches there are on each problem."""

    policies: tuple[str, ...]
    budgets: tuple[int, ...]
    n_seeds: int

    def keys(self, task: str, model: str) -> tuple[RunKey, ...]:
        return tuple(
            RunKey(task=task, model=model, policy=policy, budget=budget, seed=seed)
            for policy in self.policies
            for budget in self.budgets
            for seed in range(self.n_seeds)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    problem: Problem
    recorded: RecordedRow | None
    """Who answers; `None` for the model that the settings name."""
    keys: tuple[RunKey, ...]
    """The searches that are not finished yet."""

    @property
    def model(self) -> str:
        return self.recorded.model if self.recorded else ""


Outcome = tuple[Run, ...] | LeftOut


@dataclass(frozen=True, slots=True, kw_only=True)
class Playing:
    """A job as work that can be done anywhere."""

    job: Job
    settings: Settings

    async def perform(self) -> Outcome:
        return await perform(self.job, self.settings)


async def perform(job: Job, settings: Settings) -> Outcome:
    """Play one problem, then score it.

    Raises `SandboxError` where this host is at fault, `ModelError` for the endpoint.
    """
    task = job.problem.task
    try:
        if job.recorded is None:
            played = await play_live(task, job.keys, settings)
        else:
            recording = read_recording(job.recorded)
            played = await play_recorded(task, recording, job.keys, settings)
        scoring = scoring_task(task, job.problem.hidden.tests)
        right = await score(scoring, to_score(played), settings)
    except RequestFault as fault:
        return LeftOut(id=task.id, reason=str(fault).rstrip("."))
    return tuple(scored(each, task, right) for each in played)


def live_jobs(
    problems: Sequence[Problem], plan: Plan, finished: Collection[RunKey]
) -> tuple[Job, ...]:
    """A job for each problem, answered by the model of the settings."""
    return tuple(
        Job(
            problem=problem,
            recorded=None,
            keys=_left(plan.keys(problem.task.id, ""), finished),
        )
        for problem in problems
    )


def replay_jobs(
    problems: Sequence[Problem],
    recordings: Sequence[RecordedRow],
    plan: Plan,
    finished: Collection[RunKey],
) -> tuple[tuple[Job, ...], tuple[LeftOut, ...]]:
    """A job for each recording of each problem, and the problems without one."""
    by_task: dict[str, list[RecordedRow]] = {}
    for recorded in recordings:
        by_task.setdefault(recorded.task_id, []).append(recorded)
    jobs: list[Job] = []
    left_out: list[LeftOut] = []
    for problem in problems:
        rows = by_task.get(problem.task.id)
        if rows is None:
            reason = "no row of a replay is about it"
            left_out.append(LeftOut(id=problem.task.id, reason=reason))
            continue
        for recorded in rows:
            wanted = plan.keys(problem.task.id, recorded.model)
            jobs.append(
                Job(
                    problem=problem,
                    recorded=recorded,
                    keys=_left(wanted, finished),
                )
            )
    if problems and not jobs:
        raise RequestFault(
            "No row of the replays is about a problem of the data sets.",
            kind="badRequest",
            hint="Their `task_id` fields have to agree, such as HumanEval/4.",
        )
    return tuple(jobs), tuple(left_out)


def _left(wanted: Sequence[RunKey], finished: Collection[RunKey]) -> tuple[RunKey, ...]:
    return tuple(key for key in wanted if key not in finished)
