"""The search document: one search as JSON values (docs/search-document.md).

What the report prints, the editor's search view draws and `orps/tree` answers.
"""

import enum
from collections.abc import Iterator, Sequence
from typing import Any

from orps_sandbox.outcome import CaseResult, ExecutionProfile
from orps_search.candidate import Candidate, CandidateId, StaticMetrics
from orps_search.costs_document import costs_document
from orps_search.events import StopReason
from orps_search.feedback import describe_blame
from orps_search.journal.entries import AskedExpansion, Role
from orps_search.journal.fold import Cost, SearchState
from orps_search.journal.playback import ranking
from orps_search.proposer import Proposal

VERSION = 1

Json = dict[str, Any]


class NodeState(enum.Enum):
    """What became of a node of the search's tree."""

    PASSING = "passing"
    """It passes every case."""
    BEAM = "beam"
    """It does not, and was expanded."""
    TRUNCATED = "truncated"
    """It passes some cases, and was not expanded."""
    FAILED = "failed"
    """It passes none and was not expanded, or nothing came of its proposal."""
    RUNNING = "running"
    """It is being written or executed."""


def search_document(
    state: SearchState,
    *,
    now: str | None = None,
    position: int | None = None,
    fault: str | None = None,
) -> Json:
    """The whole search; `now` is its state's word where somebody knows better.

    A search that was not ended may run, or may have been killed: only who runs it
    knows. Without a word from there it counts as interrupted.
    """
    word = now or stored_word(state)
    began, config, usage = state.began, state.config, state.usage
    ranked = ranking(state)
    outcome = next((each.outcome for each in ranked), None)
    stopped = state.stopped
    return {
        "version": VERSION,
        "searchId": state.search_id,
        "target": {
            "file": began.module_path,
            "qualname": began.qualname,
            "source": began.source,
        },
        "state": word,
        "position": position,
        "stopReason": stopped.reason.value if stopped else None,
        "resumable": word not in _LIVE
        and (stopped is None or stopped.reason.may_go_on),
        "failure": fault or (stopped.failure if stopped else None),
        "policy": config.policy,
        "proposer": began.programmer,
        "budget": {
            "requests": state.budget.max_requests,
            "tokens": state.budget.max_tokens,
            "seconds": state.budget.max_seconds,
        },
        "usage": {
            "requests": usage.requests,
            "inputTokens": usage.input_tokens,
            "outputTokens": usage.output_tokens,
            "executions": len(state.candidates),
            "seconds": round(state.seconds, 3),
        },
        "started": state.started,
        "updated": state.updated,
        "resumed": state.n_resumed,
        "tier": outcome.tier.value if outcome else None,
        "judge": outcome.judge.value if outcome else None,
        "tests": list(began.case_ids),
        "flaky": [
            {"id": case.id, "passed": case.n_passed, "runs": case.n_runs}
            for case in began.flaky
        ],
        "candidates": [
            *_executed(state, ranked),
            *_unfinished(state, is_live=word in _LIVE),
        ],
    }


def stored_word(state: SearchState) -> str:
    """The state of a search that nobody runs."""
    if state.stopped is None:
        return "interrupted"
    if state.stopped.reason is StopReason.CANCELLED:
        return "cancelled"
    if state.stopped.failure and not state.candidates:
        return "failed"
    return "done"


_LIVE = frozenset({"queued", "awaitingConsent", "running"})


def _executed(state: SearchState, ranked: Sequence[Candidate]) -> Iterator[Json]:
    parents = {each.parent for each in state.expansions.values()}
    for rank, candidate in enumerate(ranked, start=1):
        outcome, critique = candidate.outcome, candidate.critique
        yield {
            "id": candidate.id,
            "parent": candidate.parent,
            "round": candidate.round,
            "state": node_state(candidate, candidate.id in parents).value,
            "rank": rank,
            "passed": outcome.n_passed,
            "total": outcome.n_total,
            "code": candidate.code,
            "reasoning": candidate.reasoning,
            "critique": critique.text if critique else None,
            "processReward": critique.process_reward if critique else None,
            "outcomeReward": candidate.outcome_reward,
            "termination": outcome.termination.value,
            "detail": outcome.detail,
            "tests": [_case(case) for case in outcome.cases],
            "profile": _profile(outcome.profile),
            "metrics": _metrics(candidate.static_metrics),
            "costs": costs_document(candidate.costs),
            "blame": describe_blame(candidate) or None,
            "cost": _cost(state.costs.get(candidate.id, Cost())),
            "reason": None,
        }


def _unfinished(state: SearchState, *, is_live: bool) -> Iterator[Json]:
    """What was asked for and is no candidate: on its way, or lost."""
    reasons = {each.candidate: each.reason for each in state.rejections}
    for name, expansion in state.expansions.items():
        if name in state.candidates:
            continue
        if name in state.told:
            yield _node(state, expansion, NodeState.FAILED, reasons.get(name))
        elif is_live:
            yield _node(state, expansion, NodeState.RUNNING, None)


def _node(
    state: SearchState,
    expansion: AskedExpansion,
    node_state: NodeState,
    reason: str | None,
) -> Json:
    return {
        "id": expansion.candidate,
        "parent": expansion.parent,
        "round": expansion.round,
        "state": node_state.value,
        "rank": None,
        "passed": 0,
        "total": 0,
        "code": _proposed(state, expansion.candidate),
        "reasoning": "",
        "critique": None,
        "processReward": None,
        "outcomeReward": 0.0,
        "termination": None,
        "detail": "",
        "tests": [],
        "profile": None,
        "metrics": None,
        "costs": None,
        "cost": _cost(state.costs.get(expansion.candidate, Cost())),
        "reason": reason,
    }


def _proposed(state: SearchState, name: CandidateId) -> str:
    for answer in reversed(state.answers.get((Role.PROGRAMMER, name), ())):
        match answer:
            case Proposal(code=code):
                return code
            case _:
                pass
    return ""


def node_state(candidate: Candidate, is_parent: bool) -> NodeState:
    if candidate.outcome.all_passed:
        return NodeState.PASSING
    if is_parent:
        return NodeState.BEAM
    return NodeState.TRUNCATED if candidate.outcome.n_passed else NodeState.FAILED


def _case(case: CaseResult) -> Json:
    return {
        "id": case.id,
        "status": case.status.value,
        "message": case.message,
        "ms": _milliseconds(case.wall_seconds),
    }


def _profile(profile: ExecutionProfile) -> Json:
    return {
        "wallMs": _milliseconds(profile.wall_seconds),
        "cpuMs": _milliseconds(profile.cpu_seconds),
        "peakMemoryBytes": profile.peak_memory_bytes,
        "pageFaults": profile.page_faults,
        "instructions": profile.instructions,
        "branchMisses": profile.branch_misses,
    }


def _metrics(metrics: StaticMetrics) -> Json:
    return {
        "lines": metrics.lines,
        "astNodes": metrics.ast_nodes,
        "cyclomatic": metrics.cyclomatic,
        "cognitive": metrics.cognitive,
    }


def _cost(cost: Cost) -> Json:
    return {
        "requests": cost.usage.requests,
        "tokens": cost.usage.input_tokens + cost.usage.output_tokens,
        "seconds": round(cost.seconds, 3),
    }


def _milliseconds(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 3)
