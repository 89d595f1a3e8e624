"""The ranking in words: what each candidate passes, costs and is said to be."""

import textwrap

from orps_sandbox.limits import MIB
from orps_sandbox.outcome import ExecutionProfile, Tier
from orps_search.candidate import Candidate
from orps_search.reward import run_seconds
from orps_search.verdicts import (
    complaint,
    counted,
    failures,
    flaky_words,
    judge_words,
    passes,
)
from orps_server.costs import costs_text
from orps_server.document import Result

MAX_SHOWN = 5
MAX_FAILURES = 3
MAX_CRITIQUE = 400
WIDTH = 88

TIER_WORDS = {
    Tier.A: "fully confined",
    Tier.B: "confined without namespaces",
    Tier.M: "confined by Seatbelt",
    Tier.C: "limits only",
}


def ranking_text(result: Result) -> str:
    """The whole report as plain text."""
    lines = [headline(result)]
    lines += [flaky_words(case) for case in result.problem.flaky]
    if result.ranking:
        lines.append("")
    for rank, candidate in enumerate(result.ranking[:MAX_SHOWN], start=1):
        lines.append(f"{rank}. {evidence(candidate)}")
        lines += [f"   {line}" for line in remarks(candidate)]
    if len(result.ranking) > MAX_SHOWN:
        lines.append(f"   and {len(result.ranking) - MAX_SHOWN} more; see --json")
    if result.best and (diff := result.diff(result.best)):
        lines += ["", diff.rstrip("\n").replace("\r\n", "\n")]
    lines += ["", footer(result)]
    return "\n".join(lines) + "\n"


def headline(result: Result) -> str:
    n_candidates, n_cases = len(result.ranking), len(result.problem.case_ids)
    return (
        f"{result.problem.target.qualname} in {result.file}: "
        f"{counted(n_candidates, 'candidate')} by {result.proposer}, "
        f"{counted(n_cases, 'test')}"
    )


def evidence(candidate: Candidate) -> str:
    """One line: tests, time, memory, and the critic's reward."""
    outcome = candidate.outcome
    parts = [passes(outcome), *_costs(outcome.profile)]
    critique = candidate.critique
    if critique and critique.process_reward is not None:
        parts.append(f"critic {critique.process_reward} of 5")
    if doubt := judge_words(outcome):
        parts.append(doubt)
    return ", ".join(parts)


def remarks(candidate: Candidate) -> list[str]:
    """What failed, what it costs, and what the critic says."""
    failed = failures(candidate.outcome)
    lines = [
        f"{case.status.value} {case.id}: {_short(complaint(case))}".rstrip(": ")
        for case in failed[:MAX_FAILURES]
    ]
    if len(failed) > MAX_FAILURES:
        lines.append(f"and {len(failed) - MAX_FAILURES} more do not pass")
    if costs := costs_text(candidate.costs):
        lines += textwrap.wrap(costs, WIDTH)
    if candidate.critique:
        text = " ".join(candidate.critique.text.split())
        shortened = textwrap.shorten(text, MAX_CRITIQUE, placeholder=" ...")
        lines += textwrap.wrap(shortened, WIDTH)
    return lines


def footer(result: Result) -> str:
    usage = result.usage
    parts = [f"stopped: {result.stop_reason}"]
    if usage.calls.requests:
        tokens = usage.calls.input_tokens + usage.calls.output_tokens
        parts += [counted(usage.calls.requests, "request"), counted(tokens, "token")]
    parts += [counted(usage.executions, "execution"), f"{usage.seconds:.1f} s"]
    if result.best:
        tier = result.best.outcome.tier
        parts.append(f"sandbox tier {tier.value} ({TIER_WORDS[tier]})")
    return "; ".join(parts)


def _costs(profile: ExecutionProfile) -> list[str]:
    costs: list[str] = []
    seconds = run_seconds(profile)
    if seconds is not None:
        costs.append(f"{seconds * 1000:.1f} ms")
    if profile.peak_memory_bytes is not None:
        costs.append(f"{profile.peak_memory_bytes / MIB:.1f} MiB")
    return costs


def _short(line: str) -> str:
    return textwrap.shorten(line, WIDTH, placeholder=" ...")
