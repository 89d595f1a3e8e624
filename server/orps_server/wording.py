"""What is said about candidates and searches, in the same words everywhere.

All meaning is in the words, none in color or position: titles are read aloud by
screen readers and shown as plain lines by half of the editors.
"""

from typing import assert_never

from orps_sandbox.outcome import CaseStatus
from orps_search.candidate import Candidate
from orps_search.reward import run_seconds
from orps_search.verdicts import counted, failures, judge_words, passes
from orps_server.searches import Progress, State

_TITLE_CHARACTERS = 60


def evidence(candidate: Candidate) -> str:
    """Tests and time: `passes 3 of 3 tests, 12 ms`, and a doubt if there is one."""
    seconds = run_seconds(candidate.outcome.profile)
    parts = (
        passes(candidate.outcome),
        "" if seconds is None else duration(seconds),
        judge_words(candidate.outcome),
    )
    return ", ".join(part for part in parts if part)


def duration(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.1f} s"
    milliseconds = seconds * 1000
    return f"{milliseconds:.0f} ms" if milliseconds >= 1 else "under 1 ms"


def remark(candidate: Candidate) -> str:
    """What to know beside the numbers: the first failing test, else the critique."""
    for case in failures(candidate.outcome):
        return f"{_FAILURES[case.status]} {case.id.rpartition('::')[2]}"
    if candidate.critique is None:
        return ""
    words = shortened(candidate.critique.text)
    return f'"{words}"' if words else ""


def shortened(text: str, n_characters: int = _TITLE_CHARACTERS) -> str:
    """One line of bounded length."""
    line = " ".join(text.split())
    return line if len(line) <= n_characters else line[: n_characters - 3] + "..."


def done_of(progress: Progress) -> str:
    """`12 of 40`, or nothing before the first expansion is done."""
    return f"{progress.n_done} of {progress.n_max}" if progress.n_max else ""


def _waiting(progress: Progress) -> str:
    if progress.state is State.QUEUED:
        return f"queued, number {progress.position} in line"
    return "waiting for your consent"


def summary(progress: Progress) -> str:
    """The state of a search in one line."""
    found = _found(progress)
    verifying = "verifying again" if progress.is_verifying else ""
    after = [part for part in (progress.outdated, verifying) if part]
    match progress.state:
        case State.QUEUED | State.AWAITING_CONSENT:
            return _waiting(progress)
        case State.RUNNING:
            done = done_of(progress)
            searching = f"searching, {done}" if done else "searching"
            return f"{found} ({searching})" if progress.ranking else searching
        case State.DONE:
            ended = ["stopped: budget"] if _is_spent(progress) else []
            said = [*ended, *after]
            return f"{found} ({', '.join(said)})" if said else found
        case State.INTERRUPTED:
            return f"{found} (interrupted)"
        case State.CANCELLED:
            return f"{found} (cancelled)" if progress.ranking else "cancelled"
        case State.FAILED:
            return f"failed: {progress.fault}"
        case _:
            assert_never(progress.state)


def _is_spent(progress: Progress) -> bool:
    return progress.fault is not None and progress.fault.kind == "budget"


def account(progress: Progress) -> str:
    """How it went and what it cost, for a log."""
    usage = progress.usage
    calls = usage.calls
    return (
        f"{summary(progress)}; {counted(calls.requests, 'request')}, "
        f"{calls.input_tokens} tokens in and {calls.output_tokens} out, "
        f"{counted(usage.executions, 'execution')}, {usage.seconds:.1f} s"
    )


def _found(progress: Progress) -> str:
    if not progress.ranking:
        return "no candidate found"
    best = progress.ranking[0].outcome
    parts = [f"{counted(len(progress.ranking), 'candidate')}; best {passes(best)}"]
    parts += filter(None, [judge_words(best)])
    if progress.flaky:
        parts.append(f"{counted(len(progress.flaky), 'flaky test')} left out")
    return ", ".join(parts)


_FAILURES = {
    CaseStatus.FAILED: "fails",
    CaseStatus.ERROR: "has an error in",
    CaseStatus.TIMEOUT: "times out in",
    CaseStatus.MEMORY: "runs out of memory in",
    CaseStatus.CRASH: "crashes in",
}
