"""The result document `orps.result/1` (docs/result-schema.md)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orps_sandbox.outcome import Judge, Tier
from orps_search.candidate import Candidate
from orps_search.costs_document import costs_document
from orps_search.events import SearchUsage
from orps_search.problem import Problem
from orps_search.proposer import Usage
from orps_server.diff import candidate_text, unified_diff

SCHEMA = "orps.result/1"
BYTE_ORDER_MARK = "\ufeff"

NOTHING_USED = SearchUsage(calls=Usage(), executions=0, seconds=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What the command line has to tell once a search or a check has ended."""

    problem: Problem
    file: str
    """The target's file as the person named it."""
    encoding: str
    """Of that file."""
    policy: str
    proposer: str
    stop_reason: str
    usage: SearchUsage
    ranking: Sequence[Candidate]
    failure: str | None = None
    search_id: str | None = None
    """What `report` and `resume` call it; `None` where nothing was searched for."""

    def diff(self, candidate: Candidate) -> str:
        """The change that a candidate is; nothing when it is what is there."""
        text = candidate_text(self.problem, candidate)
        if text is None:
            return ""
        # The mark is no part of the text, but of the first line that patches see.
        mark = BYTE_ORDER_MARK if self.encoding == "utf-8-sig" else ""
        path = self.problem.module_path
        return unified_diff(mark + self.problem.module_text, mark + text, path)

    @property
    def best(self) -> Candidate | None:
        return self.ranking[0] if self.ranking else None


def document(result: Result) -> dict[str, object]:
    """The result as JSON values, best candidate first."""
    outcome = result.best.outcome if result.best else None
    return {
        "schema": SCHEMA,
        "target": {"file": result.file, "qualname": result.problem.target.qualname},
        "tests": {
            "ids": list(result.problem.case_ids),
            "sha256": tests_digest(result.problem.test_sources),
            "flaky": [
                {"id": case.id, "passed": case.n_passed, "runs": case.n_runs}
                for case in result.problem.flaky
            ],
        },
        "policy": result.policy,
        "proposer": result.proposer,
        "search_id": result.search_id,
        "stop_reason": result.stop_reason,
        "usage": {
            "requests": result.usage.calls.requests,
            "input_tokens": result.usage.calls.input_tokens,
            "output_tokens": result.usage.calls.output_tokens,
            "usd": round(result.usage.calls.usd, 6),
            "by_kind": {
                kind.value: spent.requests
                for kind, spent in result.usage.by_kind.items()
            },
            "executions": result.usage.executions,
            "seconds": round(result.usage.seconds, 3),
        },
        "sandbox": {
            "tier": (outcome.tier if outcome else Tier.C).value,
            "judge": (outcome.judge if outcome else Judge.IN_PROCESS).value,
        },
        "candidates": [
            _candidate(result, candidate, rank)
            for rank, candidate in enumerate(result.ranking, start=1)
        ],
    }


def tests_digest(sources: Mapping[str, str]) -> str:
    """Changes with the text or the place of any selected test."""
    digest = hashlib.sha256()
    for path, text in sorted(sources.items()):
        digest.update(f"{path}\0{text}\0".encode(errors="surrogatepass"))
    return digest.hexdigest()


def _candidate(result: Result, candidate: Candidate, rank: int) -> dict[str, object]:
    critique = candidate.critique
    return {
        "rank": rank,
        "id": candidate.id,
        "parent": candidate.parent,
        "round": candidate.round,
        "code": candidate.code,
        "passed": candidate.outcome.n_passed,
        "total": candidate.outcome.n_total,
        "verdicts": {case.id: case.status.value for case in candidate.outcome.cases},
        "judge": candidate.outcome.judge.value,
        "reasoning": candidate.reasoning,
        "critique": critique.text if critique else None,
        "process_reward": critique.process_reward if critique else None,
        "outcome_reward": candidate.outcome_reward,
        "metrics": _metrics(candidate),
        "costs": costs_document(candidate.costs),
        "diff": result.diff(candidate),
    }


def _metrics(candidate: Candidate) -> dict[str, float | int | None]:
    profile, static = candidate.outcome.profile, candidate.static_metrics
    return {
        "wall_seconds": profile.wall_seconds,
        "cpu_seconds": profile.cpu_seconds,
        "peak_memory_bytes": profile.peak_memory_bytes,
        "page_faults": profile.page_faults,
        "instructions": profile.instructions,
        "branch_misses": profile.branch_misses,
        "lines": static.lines,
        "ast_nodes": static.ast_nodes,
        "cyclomatic": static.cyclomatic,
        "cognitive": static.cognitive,
    }
