"""Searches and candidates as JSON, for clients that opted in to `orps/` messages."""

import difflib

from orps_search.candidate import Candidate
from orps_search.config import Budget
from orps_search.reward import run_seconds
from orps_server.errors import RequestFault
from orps_server.lsp_ext import CommandName
from orps_server.searches import Search
from orps_server.to_proto import fault_data
from orps_server.wording import evidence, remark

MAX_CANDIDATES = 20


def search_snapshot(search: Search) -> dict[str, object]:
    """`SearchDidChangeParams` of docs/lsp-extensions.md: all of it, each time."""
    progress = search.progress
    usage = progress.usage
    return {
        "searchId": search.id,
        "revision": search.revision,
        "uri": search.uri,
        "function": search.key.qualname,
        "state": progress.state.value,
        "position": progress.position,
        "stored": progress.is_stored,
        "stopReason": progress.stop_reason.value if progress.stop_reason else None,
        "resumable": search.is_resumable,
        "proposer": progress.proposer,
        "expansions": {"done": progress.n_done, "max": progress.n_max},
        "usage": {
            "requests": usage.calls.requests,
            "inputTokens": usage.calls.input_tokens,
            "outputTokens": usage.calls.output_tokens,
            "executions": usage.executions,
            "seconds": usage.seconds,
            "usd": usage.calls.usd or None,
        },
        "budget": _budget(progress.budget),
        "candidates": [
            _summary(rank, candidate)
            for rank, candidate in enumerate(search.offered[:MAX_CANDIDATES], start=1)
        ],
        "outdated": progress.outdated,
        "verifying": progress.is_verifying,
        "verifiedAt": progress.verified_at,
        "testsHash": search.basis.tests if search.basis else None,
        "notes": list(progress.notes),
        "flaky": [
            {"id": case.id, "passed": case.n_passed, "runs": case.n_runs}
            for case in progress.flaky
        ],
        "error": _error(search, progress.fault) if progress.fault else None,
    }


def candidate_snapshot(search: Search, candidate: Candidate) -> dict[str, object]:
    """`CandidateDetails` of docs/lsp-extensions.md."""
    outcome = candidate.outcome
    rank = 1 + search.progress.ranking.index(candidate)
    # Editors write messages to their logs; the code is what would be put in place.
    clean = search.clean
    return {
        **_summary(rank, candidate),
        "code": candidate.code,
        "diff": _diff(search.origin.source, candidate.code),
        "reasoning": clean(candidate.reasoning),
        "critique": clean(candidate.critique.text) if candidate.critique else None,
        "tests": [
            {
                "id": case.id,
                "verdict": case.status.value,
                "message": clean(case.message),
            }
            for case in outcome.cases
        ],
        "output": clean(outcome.output),
        "detail": clean(outcome.detail),
        "sandbox": {"tier": outcome.tier.value, "judge": outcome.judge.value},
    }


def _budget(budget: Budget | None) -> dict[str, object] | None:
    if budget is None:
        return None
    return {
        "requests": budget.max_requests,
        "tokens": budget.max_tokens,
        "seconds": budget.max_seconds,
        "usd": budget.max_usd,
    }


def _error(search: Search, fault: RequestFault) -> dict[str, object]:
    """`OrpsError` with what to press once the hint has been followed."""
    title, name, arguments = (
        ("Resume", CommandName.RESUME, {"searchId": search.id})
        if fault.kind == "budget"
        else (
            "Generate again",
            CommandName.GENERATE,
            {"uri": search.uri, "name": search.key.qualname},
        )
    )
    command = {"title": title, "command": name.value, "arguments": [arguments]}
    return fault_data(fault) | {"command": command}


def _summary(rank: int, candidate: Candidate) -> dict[str, object]:
    outcome = candidate.outcome
    seconds = run_seconds(outcome.profile)
    critique = candidate.critique
    title = " - ".join(filter(None, (evidence(candidate), remark(candidate))))
    return {
        "id": candidate.id,
        "parent": candidate.parent,
        "round": candidate.round,
        "rank": rank,
        "title": title,
        "passed": outcome.n_passed,
        "total": outcome.n_total,
        "milliseconds": None if seconds is None else seconds * 1000,
        "peakMemoryBytes": outcome.profile.peak_memory_bytes,
        "processReward": critique.process_reward if critique else None,
        "outcomeReward": candidate.outcome_reward,
    }


def _diff(before: str, after: str) -> str:
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), "now", "candidate", lineterm=""
    )
    return "\n".join(lines)
