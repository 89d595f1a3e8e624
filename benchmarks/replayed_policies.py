"""Every search policy on recorded outputs of a real model, at equal numbers of calls.

Nothing is executed and nobody is asked: each recorded program comes with what its
visible tests showed, and that is all that a policy sees. Drafts are drawn without
replacement in an order that the seed decides, the same for every policy; a repair is
played where one was recorded for its parent, else it is another draft. Hidden tests
only score the program that a policy ranks first. A critique is a rule over the visible
outcome, and costs a call like any other: recordings hold no scores.

    python benchmarks/replayed_policies.py [--tasks 400] [--seeds 3] [--json]

The recordings are not part of this repository; without them this says so and ends.
"""

import argparse
import ast
import gzip
import json
import random
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from orps_sandbox.outcome import ExecutionProfile  # noqa: E402
from orps_search.candidate import (  # noqa: E402
    Candidate,
    CandidateId,
    Critique,
    StaticMetrics,
)
from orps_search.config import SearchConfig  # noqa: E402
from orps_search.policies import POLICIES  # noqa: E402
from orps_search.policy import Review  # noqa: E402
from orps_search.proposer import Expansion  # noqa: E402
from orps_search.reward import outcome_reward  # noqa: E402
from support.searching import outcome  # noqa: E402

REPLAYS = ROOT.parent / "shared" / "data" / "replays" / "contested_gpt35.jsonl.gz"
BUDGETS = (10, 20, 40, 100)
PEER = "orps-code"
N_RESAMPLES = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One recorded program; `is_right` only scores."""

    form: str
    candidate: Candidate
    is_right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    name: str
    drafts: Sequence[Program]
    repairs: Mapping[str, Sequence[Program]]
    """The parent's form -> what was recorded for it."""


@dataclass(slots=True, kw_only=True)
class Score:
    solved: dict[str, int] = field(default_factory=dict[str, int])
    """Task -> seeds in which rank 1 passes visible and hidden tests."""
    false_accepts: int = 0
    """Rank 1 passes the visible tests only."""
    calls: int = 0
    calls_to_pass: int = 0
    n_passed: int = 0


def form_of(code: str) -> str:
    try:
        return ast.dump(ast.parse(code))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return code.strip()


def program(code: str, result: Mapping[str, Any]) -> Program:
    passed = [letter == "P" for letter in result.get("v") or "F"]
    seconds = (result.get("ms") or 0) / 1000 or None
    ran = outcome(*passed, profile=ExecutionProfile(cpu_seconds=seconds))
    metrics = StaticMetrics(lines=len(code.strip().splitlines()))
    candidate = Candidate(
        id=CandidateId(""),
        parent=None,
        round=0,
        reasoning="",
        code=code,
        outcome=ran,
        static_metrics=metrics,
        outcome_reward=outcome_reward(ran, metrics),
    )
    return Program(
        form=form_of(code), candidate=candidate, is_right=bool(result.get("ok"))
    )


def task(row: Mapping[str, Any]) -> Task:
    drafts = [
        program(code, result)
        for code, result in zip(row["samples"], row["results"], strict=True)
    ]
    recorded = row.get("repairs") or []
    repairs = [program(repair["code"], repair["result"]) for repair in recorded]
    by_parent: dict[str, list[Program]] = defaultdict(list)
    for repair, repaired in zip(recorded, repairs, strict=True):
        match repair["parent"]:
            case {"sample": int(idx)}:
                by_parent[drafts[idx].form].append(repaired)
            case {"repair": int(idx)}:
                by_parent[repairs[idx].form].append(repaired)
            case _:
                pass
    return Task(name=row["task_id"], drafts=drafts, repairs=by_parent)


class Replay:
    """One task as a policy finds it: answers until the calls are spent."""

    def __init__(self, played: Task, seed: int) -> None:
        order = list(played.drafts)
        random.Random(f"{seed} {played.name}").shuffle(order)
        self._drafts = iter(order)
        self._repairs = {form: iter(found) for form, found in played.repairs.items()}
        self._known: dict[str, CandidateId] = {}
        self._programs: dict[CandidateId, Program] = {}
        self._candidates: dict[CandidateId, Candidate] = {}

    def answer(self, expansion: Expansion) -> Candidate | None:
        found = self._repair(expansion.parent) or next(self._drafts, None)
        if found is None:
            return None
        id_ = CandidateId(f"c{expansion.id}")
        known = self._known.setdefault(found.form, id_)
        if known == id_:
            self._programs[id_] = found
            parent = expansion.parent
            self._candidates[id_] = replace(
                found.candidate,
                id=id_,
                parent=parent.id if parent else None,
                round=expansion.round,
            )
        return self._candidates[known]

    def is_right(self, candidate: Candidate) -> bool:
        return self._programs[candidate.id].is_right

    def _repair(self, parent: Candidate | None) -> Program | None:
        if parent is None:
            return None
        return next(self._repairs.get(self._programs[parent.id].form, iter(())), None)


def critique(candidate: Candidate) -> Critique:
    if candidate.outcome.all_passed:
        return Critique(text="", process_reward=5, satisfied=True)
    score = 1 + round(3 * candidate.outcome.success_ratio)
    return Critique(text="", process_reward=score)


def config_of(name: str, budget: int, seed: int) -> SearchConfig:
    """The policy's own way of spending so many calls."""
    if name == "bon":
        return SearchConfig(samples_per_round=budget, seed=seed)
    if name == "reflexion":
        return SearchConfig(max_rounds=budget // 2, seed=seed)
    # 2N(KT + 1) with K = T = 2 is ten calls a sample.
    return SearchConfig(samples_per_round=budget // 10, seed=seed, in_flight=1)


def play(name: str, played: Task, budget: int, seed: int, score: Score) -> None:
    policy = POLICIES[name].make(config_of(name, budget, seed))
    replay, n_calls, first_pass = Replay(played, seed), 0, None
    works = list(policy.ask())
    while works and policy.stop_reason is None and n_calls < budget:
        work = works.pop(0)
        n_calls += 1
        match work:
            case Expansion():
                policy.tell(work.id, replay.answer(work))
            case Review(candidate=candidate):
                policy.tell_critique(candidate.id, critique(candidate))
        best = policy.best()
        if first_pass is None and best is not None and best.outcome.all_passed:
            first_pass = n_calls
        works += policy.ask()
    best = policy.best()
    passes = best is not None and best.outcome.all_passed
    solved = best is not None and replay.is_right(best)
    score.solved[played.name] = score.solved.get(played.name, 0) + solved
    score.false_accepts += passes and not solved
    score.calls += n_calls
    if first_pass is not None:
        score.n_passed += 1
        score.calls_to_pass += first_pass


def interval(
    ours: Mapping[str, int], peer: Mapping[str, int], n_seeds: int
) -> tuple[float, float]:
    """95 % of a paired bootstrap over tasks of the difference, in points."""
    differences = [ours[name] - peer[name] for name in ours]
    rng = random.Random(0)
    n = len(differences)
    means = sorted(
        100 * sum(rng.choices(differences, k=n)) / n / n_seeds
        for _ in range(N_RESAMPLES)
    )
    return means[N_RESAMPLES // 40], means[-1 - N_RESAMPLES // 40]


def load(n_tasks: int) -> list[Task]:
    lines = gzip.decompress(REPLAYS.read_bytes()).splitlines()
    rows = [json.loads(line) for line in lines]
    step = max(1, len(rows) // n_tasks)
    return [task(row) for row in rows[::step][:n_tasks]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--tasks", type=int, default=400)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if not REPLAYS.exists():
        print("No recordings beside this checkout; nothing to play back.")
        return
    tasks = load(arguments.tasks)
    rows = [
        row
        for budget in BUDGETS
        for row in compared(tasks, budget, n_seeds=arguments.seeds)
    ]
    if arguments.json:
        print(json.dumps(rows, indent=1))
        return
    print(f"{len(tasks)} tasks, {arguments.seeds} seeds; shares in %, calls a task;")
    print(f"the interval is of solved minus what {PEER} solved, in points")
    print(
        f"{'policy':12}{'budget':>8}{'solved':>9}{'95 % interval':>17}{'false':>8}"
        f"{'calls':>8}{'to pass':>9}"
    )
    for row in rows:
        low, high = row["solved_minus_peer"]
        print(
            f"{row['policy']:12}{row['budget']:8}{row['solved']:9.1f}"
            f"{low:+11.1f}{high:+6.1f}{row['false_accepts']:8.1f}"
            f"{row['calls']:8.1f}{row['calls_to_pass']:9.1f}"
        )


def compared(
    tasks: Sequence[Task], budget: int, *, n_seeds: int
) -> list[dict[str, Any]]:
    scores = {name: Score() for name in POLICIES}
    for name, score in scores.items():
        for seed in range(n_seeds):
            for played in tasks:
                play(name, played, budget, seed, score)
    n = len(tasks) * n_seeds
    return [
        {
            "policy": name,
            "budget": budget,
            "solved": 100 * sum(score.solved.values()) / n,
            "solved_minus_peer": interval(score.solved, scores[PEER].solved, n_seeds),
            "false_accepts": 100 * score.false_accepts / n,
            "calls": score.calls / n,
            "calls_to_pass": score.calls_to_pass / max(1, score.n_passed),
        }
        for name, score in scores.items()
    ]


if __name__ == "__main__":
    main()
