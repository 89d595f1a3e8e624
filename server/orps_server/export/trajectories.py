"""Format `trajectories`: process-supervised data (docs/export.md).

A trajectory is a path of the search's tree from a draft to a candidate that nobody
rewrote: what was thought, written, seen and judged at each step, and what it was worth.
"""

from collections.abc import Iterator

from orps_sandbox.outcome import ExecutionOutcome
from orps_search.candidate import Candidate
from orps_search.journal.fold import Cost, SearchState
from orps_search.journal.playback import ranking

SCHEMA = "orps.trajectory/1"

Json = dict[str, object]


def export(state: SearchState) -> Iterator[Json]:
    """One object for each leaf of the tree, best first."""
    began = state.began
    parents = {each.parent for each in state.candidates.values()}
    problem: Json = {
        "file": began.module_path,
        "qualname": began.qualname,
        "source": began.source,
        "context": began.context,
        "tests": dict(began.tests),
        "case_ids": list(began.case_ids),
    }
    for rank, leaf in enumerate(ranking(state), start=1):
        if leaf.id in parents:
            continue
        path = _path(state, leaf)
        yield {
            "schema": SCHEMA,
            "search_id": state.search_id,
            "problem": problem,
            "policy": state.config.policy,
            "model": began.programmer,
            "rank": rank,
            "is_solved": leaf.outcome.all_passed,
            "final_reward": leaf.outcome_reward,
            "steps": [
                _step(state, idx, path[idx - 1] if idx else None, each)
                for idx, each in enumerate(path)
            ],
        }


def _path(state: SearchState, leaf: Candidate) -> list[Candidate]:
    path = [leaf]
    while path[-1].parent is not None:
        path.append(state.candidates[path[-1].parent])
    return path[::-1]


def _step(
    state: SearchState, idx: int, before: Candidate | None, candidate: Candidate
) -> Json:
    outcome, critique = candidate.outcome, candidate.critique
    cost = state.costs.get(candidate.id, Cost())
    gained = outcome.success_ratio - (before.outcome.success_ratio if before else 0.0)
    return {
        "step": idx,
        "candidate": candidate.id,
        "action": "rewrite" if before else "draft",
        "reasoning": candidate.reasoning,
        "code": candidate.code,
        "outcome": _outcome(outcome),
        "critique": critique.text if critique else None,
        "rewards": {
            "success_ratio": outcome.success_ratio,
            "outcome": candidate.outcome_reward,
            "process": critique.process_reward if critique else None,
            "gain": round(gained, 6),
        },
        "cost": {
            "requests": cost.usage.requests,
            "input_tokens": cost.usage.input_tokens,
            "output_tokens": cost.usage.output_tokens,
            "seconds": round(cost.seconds, 3),
        },
    }


def _outcome(outcome: ExecutionOutcome) -> Json:
    return {
        "passed": outcome.n_passed,
        "total": outcome.n_total,
        "termination": outcome.termination.value,
        "detail": outcome.detail,
        "tier": outcome.tier.value,
        "judge": outcome.judge.value,
        "tests": [
            {"id": case.id, "status": case.status.value, "message": case.message}
            for case in outcome.cases
        ],
        "cpu_seconds": outcome.profile.cpu_seconds,
        "peak_memory_bytes": outcome.profile.peak_memory_bytes,
    }
