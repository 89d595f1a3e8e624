"""Search policies over recorded verdicts: minutes instead of hours, nothing is executed.

`orps-lsp bench` executes every recorded program. Recordings also hold what each program
did when it was recorded: a verdict for each visible test and a digest of its outputs on
further inputs, which is what a policy looks at, and whether it is right, which only
scores a finished search. A program's outputs on single inputs are not recorded, so the
choice among those that pass is by class alone here. Everything else is the bench's own:
games, replays, pickers and tables.

    python benchmarks/recorded_verdicts.py [--pool NAME]... [--policy NAME]...
        [--budget N,N,...] [--seeds N] [--half 0|1]

`--half` takes one half of the tasks, by a digest of their names: constants are tuned on
0 and checked on 1. The recordings are not part of this repository; without them this
says so and ends.
"""

import argparse
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orps_sandbox.outcome import (
    CaseResult,
    CaseStatus,
    ExecutionOutcome,
    ExecutionProfile,
    Judge,
    Termination,
    Tier,
)
from orps_search.candidate import Candidate, CandidateId
from orps_search.execution import normal_form
from orps_search.policies import POLICIES
from orps_search.policy import Review
from orps_search.reward import outcome_reward
from orps_search.static_metrics import measure
from orps_server.bench.game import Game
from orps_server.bench.pickers import picked
from orps_server.bench.played import Played, scored
from orps_server.bench.recorded import critique_of
from orps_server.bench.recording import Recording, load_recordings, read_recording
from orps_server.bench.replay import Replay
from orps_server.bench.result import Run, RunKey
from orps_server.bench.rows import read_rows
from orps_server.bench.spending import config_for
from orps_server.bench.statistics import policy_rows
from orps_server.bench.tables import tables
from orps_server.bench.task import Task

REPLAYS = Path(__file__).parents[2] / "shared" / "data" / "replays"
POOLS = (
    "contested_gpt35",
    "codet_codegen16b",
    "mint_multiturn",
    "selfdebug_chains",
    "murdza",
    "strongpool",
)
"""`classeval_multi` holds no digests of outputs."""
STATUS = {"P": CaseStatus.PASSED, "T": CaseStatus.TIMEOUT}


@dataclass(frozen=True, kw_only=True)
class Known:
    """One row of a replay, and what it says of each program."""

    recording: Recording
    executed: Mapping[str, Candidate]
    """By form; as if it had just been run."""
    right: Mapping[str, bool]
    """By code; only for scoring."""


def known_rows(pool: str, half: int | None) -> Iterator[Known]:
    path = REPLAYS / f"{pool}.jsonl.gz"
    rows = (row for _, row in read_rows(path, what="a replay"))
    for recorded, row in zip(load_recordings([path]), rows, strict=True):
        if half in {None, half_of(recorded.task_id)}:
            yield _known(read_recording(recorded), dict(row))


def half_of(task: str) -> int:
    digest = hashlib.md5(f"x{task}".encode(), usedforsecurity=False).digest()
    return digest[-1] % 2


def _known(recording: Recording, row: dict[str, Any]) -> Known:
    results = list(zip(row["samples"], row["results"], strict=True))
    results += [(each["code"], each.get("result")) for each in row["repairs"] or ()]
    executed: dict[str, Candidate] = {}
    right: dict[str, bool] = {}
    for code, result in results:
        form = normal_form(code)
        if result is not None and form not in executed:
            executed[form] = as_run(code, result["v"], result.get("sig") or "")
            right[code] = bool(result["ok"])
    return Known(recording=recording, executed=executed, right=right)


def as_run(code: str, verdicts: str, digest: str) -> Candidate:
    outcome = ExecutionOutcome(
        cases=tuple(
            CaseResult(id=f"{idx}", status=STATUS.get(each, CaseStatus.FAILED))
            for idx, each in enumerate(verdicts)
        ),
        termination=Termination.COMPLETED,
        profile=ExecutionProfile(cpu_seconds=0.25),
        tier=Tier.A,
        judge=Judge.SPLIT,
    )
    metrics = measure(code)
    return Candidate(
        id=CandidateId(""),
        parent=None,
        round=0,
        reasoning="",
        code=code,
        outcome=outcome,
        static_metrics=metrics,
        outcome_reward=outcome_reward(outcome, metrics),
        outputs=(digest,) if outcome.all_passed else (),
    )


def play(known: Known, key: RunKey) -> Run:
    policy = POLICIES[key.policy].make(config_for(key.policy, key.budget, key.seed))
    game = Game(policy, n_calls=key.budget)
    replay = Replay(known.recording, seed=key.seed)
    while (work := game.next()) is not None:
        if isinstance(work, Review):
            game.tell_critique(work, critique_of(work.candidate))
            continue
        answer = replay.answer(work)
        if answer is None:
            game.tell_exhausted(work)
            continue
        told = game.tell(work, answer.form, known.executed.get(answer.form))
        if told is not None:
            replay.note(told.id, answer)
    played = Played(
        key=key,
        bests=tuple(game.bests),
        picks=picked(game.candidates, game.n_samples),
        n_calls=game.n_calls,
        n_tokens=0,
        n_executed=game.n_executed,
        first_pass=game.first_pass,
        stop_reason=game.stop_reason.value,
        cpu_seconds=0.0,
        tier="none",
    )
    task = Task(id=key.task, benchmark="", qualname="", module="", tests="")
    return scored(played, task, known.right)


def runs(
    pool: str,
    policies: Sequence[str],
    budgets: Sequence[int],
    *,
    n_seeds: int,
    half: int | None,
) -> list[Run]:
    return [
        play(
            known,
            RunKey(
                task=known.recording.task_id,
                model=known.recording.model,
                policy=policy,
                budget=budget,
                seed=seed,
            ),
        )
        for known in known_rows(pool, half)
        for policy in policies
        for budget in budgets
        for seed in range(n_seeds)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pool", action="append", choices=POOLS)
    parser.add_argument("--policy", action="append", choices=list(POLICIES))
    parser.add_argument("--budget", default="5,10,20,50,100")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--half", type=int, choices=(0, 1))
    arguments = parser.parse_args()
    if not REPLAYS.is_dir():
        print(f"There are no recordings in {REPLAYS}.")
        return
    policies = arguments.policy or [name for name in POLICIES if name != "abmcts"]
    budgets = [int(part) for part in arguments.budget.split(",")]
    for pool in arguments.pool or POOLS:
        found = runs(
            pool, policies, budgets, n_seeds=arguments.seeds, half=arguments.half
        )
        rows = policy_rows(found, reference=policies[0])
        print(f"{pool}: {rows[0].n_problems} problems, {arguments.seeds} seeds\n")
        print(tables(rows, reference=policies[0]), flush=True)


if __name__ == "__main__":
    main()
