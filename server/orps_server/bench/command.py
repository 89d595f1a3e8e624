"""A whole bench: read, plan, play, add up."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from orps_server.bench.dataset import load_data_sets
from orps_server.bench.document import document
from orps_server.bench.jobs import Job, Outcome, Plan, Playing, live_jobs, replay_jobs
from orps_server.bench.plot import Curves, svg_plot, text_plot
from orps_server.bench.recording import load_recordings
from orps_server.bench.result import Run, RunKey
from orps_server.bench.results_file import ResultsFile
from orps_server.bench.spending import available_policies, require_policies
from orps_server.bench.statistics import PolicyRow, mean_curve, policy_rows
from orps_server.bench.tables import tables
from orps_server.bench.task import LeftOut, Problem
from orps_server.endpoint import configured_endpoint
from orps_server.errors import RequestFault
from orps_server.settings import Settings
from orps_server.spread.run import run_works
from orps_server.spread.work import Place

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    data_sets: tuple[Path, ...]
    replays: tuple[Path, ...]
    policies: tuple[str, ...]
    """Empty for all that are installed."""
    reference: str | None
    budgets: tuple[int, ...]
    n_seeds: int
    place: Place
    limit: int | None
    out: Path | None


class Progress(Protocol):
    def started(self, n_total: int, what: str) -> None: ...

    def advanced(self, note: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of it, in every form in which it can be read."""

    rows: tuple[PolicyRow, ...]
    curves: Curves
    """At the largest budget."""
    budget: int
    source: str
    reference: str
    n_seeds: int
    left_out: tuple[LeftOut, ...]
    tiers: Mapping[str, int]
    """How many searches were confined how strongly."""
    nodes: Mapping[str, Mapping[str, int]]
    """The same for each node that took part this time."""

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(_summed_up(self.left_out))

    def text(self) -> str:
        n_problems = max(row.n_problems for row in self.rows)
        tiers = ", ".join(f"{name}" for name in sorted(self.tiers))
        head = (
            f"{n_problems} problems, {self.n_seeds} seeds, answered by {self.source}; "
            f"executed in tier {tiers}\n\n"
        )
        parts = (
            tables(self.rows, reference=self.reference),
            text_plot(self.curves, title=self._title),
        )
        if len(self.nodes) > 1:
            head = head.rstrip() + "\n" + _nodes_text(self.nodes) + "\n\n"
        return head + "\n".join(parts)

    def json_text(self) -> str:
        found = document(
            self.rows,
            source=self.source,
            reference=self.reference,
            n_seeds=self.n_seeds,
            left_out=self.left_out,
            curves=self.curves,
            tiers=self.tiers,
            nodes=self.nodes,
        )
        return json.dumps(found, indent=2) + "\n"

    def write_svg(self, path: Path) -> None:
        try:
            path.write_text(svg_plot(self.curves, title=self._title), encoding="utf-8")
        except OSError as error:
            raise RequestFault(
                f"{path} cannot be written: {error.strerror}.",
                kind="badRequest",
                hint="Name another file with --plot.",
            ) from error

    @property
    def _title(self) -> str:
        return f"share of problems solved, searches of at most {self.budget} calls"


async def run_bench(request: Request, settings: Settings, progress: Progress) -> Report:
    """Play what is not finished yet; raises `RequestFault` and `SandboxError`."""
    plan = _plan(request)
    reference = request.reference or plan.policies[0]
    source = _source(request, settings)
    data = load_data_sets(request.data_sets)
    problems = _limited(data.problems, request.limit)
    results = None
    if request.out is not None:
        results = ResultsFile.open(request.out, source=source)
    finished = results.runs if results else dict[RunKey, Run]()
    left_out = list(data.left_out)
    if request.replays:
        recordings = load_recordings(request.replays)
        jobs, unanswered = replay_jobs(problems, recordings, plan, finished)
        left_out += unanswered
    else:
        jobs = live_jobs(problems, plan, finished)
    found = {key: run for job in jobs for key, run in _finished(job, plan, finished)}
    pending = [job for job in jobs if job.keys]
    progress.started(len(pending), "problems to play")

    def done(number: int, outcome: Outcome, node: str) -> None:
        if isinstance(outcome, LeftOut):
            left_out.append(outcome)
        else:
            found.update({run.key: run for run in outcome})
            if results is not None:
                results.add(outcome)
            nodes.setdefault(node, Counter()).update(run.tier for run in outcome)
        progress.advanced(pending[number].problem.task.id)

    nodes: dict[str, Counter[str]] = {}
    works = [Playing(job=job, settings=settings) for job in pending]
    await run_works(works, request.place, done)
    return _report(
        tuple(found.values()),
        plan=plan,
        source=source,
        reference=reference,
        left_out=tuple(left_out),
        nodes=nodes,
    )


def _finished(
    job: Job, plan: Plan, finished: Mapping[RunKey, Run]
) -> list[tuple[RunKey, Run]]:
    keys = plan.keys(job.problem.task.id, job.model)
    return [(key, finished[key]) for key in keys if key in finished]


def _report(
    runs: Sequence[Run],
    *,
    plan: Plan,
    source: str,
    reference: str,
    left_out: tuple[LeftOut, ...],
    nodes: Mapping[str, Mapping[str, int]],
) -> Report:
    if not runs:
        reasons = "; ".join(_summed_up(left_out)) or "the data sets are empty"
        raise RequestFault(
            f"No problem could be played: {reasons}.",
            kind="badRequest",
            hint="docs/bench.md says what a problem needs.",
        )
    # The order in which machines were done must not show.
    place = {name: idx for idx, name in enumerate(plan.policies)}
    ordered = sorted(runs, key=lambda run: (place[run.key.policy], run.key))
    budget = max(plan.budgets)
    return Report(
        rows=policy_rows(ordered, reference=reference),
        curves={
            name: mean_curve([run for run in ordered if run.key.policy == name], budget)
            for name in plan.policies
        },
        budget=budget,
        source=source,
        reference=reference,
        n_seeds=plan.n_seeds,
        left_out=tuple(sorted(left_out, key=lambda each: each.id)),
        tiers=Counter(run.tier for run in ordered),
        nodes=nodes,
    )


def _nodes_text(nodes: Mapping[str, Mapping[str, int]]) -> str:
    return "\n".join(
        f"node {node}: "
        + ", ".join(f"{n} searches in tier {tier}" for tier, n in sorted(found.items()))
        for node, found in sorted(nodes.items())
    )


def _plan(request: Request) -> Plan:
    policies = tuple(dict.fromkeys(request.policies or available_policies()))
    if request.reference is not None and request.reference not in policies:
        policies = (*policies, request.reference)
    require_policies(policies)
    return Plan(policies=policies, budgets=request.budgets, n_seeds=request.n_seeds)


def _limited(problems: Sequence[Problem], limit: int | None) -> Sequence[Problem]:
    if limit is None or limit >= len(problems):
        return problems
    return [problems[idx * len(problems) // limit] for idx in range(limit)]


def _source(request: Request, settings: Settings) -> str:
    """Who answers, in words that tell one from another."""
    if request.replays:
        digest = hashlib.sha256()
        for path in request.replays:
            digest.update(_content(path))
        names = ", ".join(path.name for path in request.replays)
        return f"{names} ({digest.hexdigest()[:12]})"
    endpoint = configured_endpoint(settings.llm)
    if endpoint is None:
        raise RequestFault(
            "There is nobody to answer.",
            kind="badRequest",
            hint="Give --replay REPLAY.jsonl, or --base-url URL and --model NAME.",
        )
    return f"{endpoint.model or 'the only model'} at {endpoint.base_url}"


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RequestFault(
            f"{path} cannot be read: {error.strerror}.",
            kind="badRequest",
            hint="Name a replay, as docs/bench.md describes it.",
        ) from error


def _summed_up(left_out: Sequence[LeftOut]) -> list[str]:
    """One line per reason, with the first names."""
    by_reason: dict[str, list[str]] = {}
    for each in left_out:
        by_reason.setdefault(each.reason, []).append(each.id)
    return [
        f"left out {len(ids)}: {reason} ({', '.join(ids[:_MOST_NAMED])}"
        f"{', ...' if len(ids) > _MOST_NAMED else ''})"
        for reason, ids in by_reason.items()
    ]
