"""One problem, all searches on it, with a real model: play, then score.

Nothing of a search is played again for another one: every call is made and paid for,
and executions are real. The results are as repeatable as the model is.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from orps_search.candidate import Candidate, CandidateId
from orps_search.config import Budget
from orps_search.errors import ModelRefused
from orps_search.events import (
    Progressed,
    SearchEvent,
    SearchResult,
    SearchUsage,
    StopReason,
)
from orps_search.proposer import Usage
from orps_search.run import run_search
from orps_server.bench.folder import open_task
from orps_server.bench.game import Best
from orps_server.bench.pickers import picked
from orps_server.bench.played import Played
from orps_server.bench.result import RunKey
from orps_server.bench.spending import config_for
from orps_server.bench.task import Task
from orps_server.engine import Workbench, present_body
from orps_server.proposers import open_proposers
from orps_server.settings import Settings


async def play_live(
    task: Task, keys: Sequence[RunKey], settings: Settings
) -> list[Played]:
    """Raises `ModelError` where the endpoint fails, before anything was found."""
    async with open_task(task, settings) as workbench:
        return [await _search(workbench, key, settings) for key in keys]


class _Watch:
    """Notes what a search would have returned after each call."""

    def __init__(self) -> None:
        self.bests: list[Best] = []
        self.first_pass: int | None = None
        self.usage = SearchUsage(calls=Usage(), executions=0, seconds=0.0)
        """So far."""

    async def publish(self, event: SearchEvent) -> None:
        if not isinstance(event, Progressed):
            return
        self.usage = event.usage
        if not event.ranking:
            return
        best, n_calls = event.ranking[0], event.usage.calls.requests
        if self.first_pass is None and best.outcome.all_passed:
            self.first_pass = n_calls
        if not self.bests or self.bests[-1].candidate.id != best.id:
            self.bests.append(Best(n_calls=n_calls, candidate=best))


async def _search(workbench: Workbench, key: RunKey, settings: Settings) -> Played:
    watch = _Watch()
    seeded = replace(settings, search=replace(settings.search, seed=key.seed))
    async with open_proposers(workbench.problem, seeded) as proposers:
        try:
            found = await run_search(
                workbench.problem,
                programmer=proposers.programmer,
                critic=proposers.critic,
                executor=workbench.executor,
                config=replace(
                    config_for(key.policy, key.budget, key.seed),
                    in_flight=proposers.config.in_flight,
                    workers=proposers.config.workers,
                    # What it learns are times, which differ from run to run.
                    cascade=False,
                ),
                budget=Budget(
                    max_requests=key.budget, max_tokens=None, max_seconds=None
                ),
                publish=watch.publish,
                initial=present_body(workbench.problem),
            )
        except ModelRefused:
            # All that it said to this problem; to others it may say more.
            found = SearchResult(
                ranking=(), stop_reason=StopReason.MODEL, usage=watch.usage
            )
    return _played(key, watch, found, workbench)


def _played(
    key: RunKey, watch: _Watch, found: SearchResult, workbench: Workbench
) -> Played:
    usage = found.usage.calls
    return Played(
        key=key,
        bests=tuple(watch.bests),
        picks=picked(found.ranking, _once(found.ranking)),
        n_calls=usage.requests,
        n_tokens=usage.input_tokens + usage.output_tokens,
        n_executed=found.usage.executions,
        first_pass=watch.first_pass,
        stop_reason=found.stop_reason.value,
        cpu_seconds=sum(
            each.outcome.profile.cpu_seconds or 0.0 for each in found.ranking
        ),
        tier=workbench.executor.confinement.tier.value,
    )


def _once(ranking: Sequence[Candidate]) -> Counter[CandidateId]:
    """How often a program came is not told by a running search."""
    return Counter(each.id for each in ranking)
