"""What an execution showed, in words that a model can use."""

from orps_sandbox.outcome import (
    CaseResult,
    ExecutionOutcome,
    Termination,
)
from orps_search.blame import BlamedLine
from orps_search.candidate import Candidate
from orps_search.prompt_sections import shortened
from orps_search.reward import run_seconds
from orps_search.verdicts import failures

_SHOWN_FAILURES = 3
_SHOWN_BLAMED = 3
_MESSAGE_CHARACTERS = 1_000
_DETAIL_CHARACTERS = 1_500
_OUTPUT_CHARACTERS = 500

_ENDINGS = {
    Termination.COMPLETED: "",
    Termination.TIMED_OUT: "The run was stopped because it took too long.",
    Termination.OUT_OF_MEMORY: "The run was stopped because it used too much memory.",
    Termination.CRASHED: "The interpreter crashed.",
    Termination.OUTPUT_LIMIT: "The run was stopped because it printed too much.",
    Termination.PROCESS_LIMIT: "The run was stopped because it started too many processes.",
}


def describe_outcome(outcome: ExecutionOutcome) -> str:
    """How many cases pass, and why the first ones that do not failed."""
    failed = failures(outcome)
    parts = [
        f"{outcome.n_passed} of {outcome.n_total} cases pass.",
        _ENDINGS[outcome.termination],
        shortened(outcome.detail.strip(), _DETAIL_CHARACTERS),
        *(_describe_case(case) for case in failed[:_SHOWN_FAILURES]),
        _more(len(failed) - _SHOWN_FAILURES),
        _describe_output(outcome) if failed else "",
    ]
    return "\n\n".join(part for part in parts if part)


def describe_blame(candidate: Candidate) -> str:
    """The lines that execution makes suspicious, the worst first, and why."""
    lines = [
        f"- `{each.text}`: {evidence(each)}" for each in candidate.blame[:_SHOWN_BLAMED]
    ]
    return "\n".join(lines)


def evidence(blamed: BlamedLine) -> str:
    """The counts behind a suspicion."""
    changed = (
        f"; {blamed.repaired_by} small changes of it make a failing case pass"
        if blamed.repaired_by
        else ""
    )
    return (
        f"executed by {blamed.n_failing} failing and {blamed.n_passing} passing cases"
        f"{changed}"
    )


def describe_metrics(candidate: Candidate) -> str:
    """Time, memory and size, as far as they could be measured."""
    profile = candidate.outcome.profile
    metrics = candidate.static_metrics
    seconds = run_seconds(profile)
    lines = [
        "" if seconds is None else f"Time: {seconds * 1000:.3g} ms",
        _line("Peak memory", profile.peak_memory_bytes, " bytes"),
        _line("Instructions", profile.instructions),
        _line("Branch misses", profile.branch_misses),
        _line("Page faults", profile.page_faults),
        _line("Lines of code", metrics.lines),
        _line("Cyclomatic complexity", metrics.cyclomatic),
        _line("Cognitive complexity", metrics.cognitive),
    ]
    return "\n".join(line for line in lines if line)


def _describe_case(case: CaseResult) -> str:
    message = shortened(case.message.strip(), _MESSAGE_CHARACTERS)
    heading = f"{case.id}: {case.status.value}"
    return f"{heading}\n{message}" if message else heading


def _describe_output(outcome: ExecutionOutcome) -> str:
    output = outcome.output.strip()[-_OUTPUT_CHARACTERS:]
    return f"The end of what it printed:\n{output}" if output else ""


def _more(n_hidden: int) -> str:
    return f"{n_hidden} more do not pass." if n_hidden > 0 else ""


def _line(label: str, amount: int | None, unit: str = "") -> str:
    return "" if amount is None else f"{label}: {amount:,}{unit}"
