"""The offline critic: says in words what the execution outcome says in numbers."""

from typing import Final

from orps_sandbox.outcome import CaseResult, CaseStatus, ExecutionOutcome, Termination
from orps_search.candidate import Candidate, Critique
from orps_search.problem import Problem
from orps_search.proposer import MalformedReply, Usage
from orps_search.verdicts import complaint, failures, passes

_MAX_NAMED: Final = 3
_MAX_MESSAGE: Final = 160
_BEST: Final = 5


class OfflineCritic:
    """A rule, not a reader: its process reward follows the share of passed cases.

    5 where all pass, else 1 + floor(3 * share). It stands in for a model's judgment
    of the reasoning, which no rule can give.
    """

    def worst_case(
        self,
        problem: Problem,  # noqa: ARG002 - the protocol's
        candidate: Candidate,  # noqa: ARG002 - the protocol's
    ) -> Usage:
        """Nothing is requested from anyone."""
        return Usage()

    async def review(
        self,
        problem: Problem,  # noqa: ARG002 - the protocol's
        candidate: Candidate,
        rejected: MalformedReply | None = None,  # noqa: ARG002 - the protocol's
    ) -> tuple[Critique | MalformedReply, Usage]:
        """Judge by the outcome alone."""
        outcome = candidate.outcome
        critique = Critique(
            text=critique_of(outcome),
            process_reward=stand_in_reward(outcome),
            satisfied=outcome.all_passed,
        )
        return critique, Usage()


def stand_in_reward(outcome: ExecutionOutcome) -> int:
    """Return 1 to 5 without having read anything but the verdicts."""
    return _BEST if outcome.all_passed else 1 + int(3 * outcome.success_ratio)


def critique_of(outcome: ExecutionOutcome) -> str:
    """Say what failed, or that nothing did."""
    if outcome.all_passed:
        return f"{_sentence_of(passes(outcome))} No model read it."
    parts = [_sentence_of(passes(outcome))]
    if outcome.termination is not Termination.COMPLETED:
        parts.append(f"The run ended early: {outcome.termination.value}.")
    if outcome.detail:
        parts.append(_shortened(outcome.detail.strip().partition("\n")[0]))
    failing = failures(outcome)
    parts += [_sentence(case) for case in failing[:_MAX_NAMED]]
    if len(failing) > _MAX_NAMED:
        parts.append(f"And {len(failing) - _MAX_NAMED} more.")
    return "\n".join(parts)


def _sentence(case: CaseResult) -> str:
    name = case.id.rpartition("::")[2]
    match case.status:
        case CaseStatus.FAILED | CaseStatus.ERROR:
            return f"{name} fails: {_shortened(complaint(case))}"
        case CaseStatus.TIMEOUT:
            return f"{name} takes too long: look for a loop that does not end."
        case CaseStatus.MEMORY:
            return f"{name} needs too much memory."
        case _:
            return f"{name} does not finish: {case.status.value}."


def _sentence_of(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def _shortened(line: str) -> str:
    return line if len(line) <= _MAX_MESSAGE else line[: _MAX_MESSAGE - 1] + "…"
