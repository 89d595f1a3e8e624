"""A finished search before and after it was scored; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orps_search.candidate import Candidate
from orps_server.bench.game import Best
from orps_server.bench.result import OWN, Pick, Run, RunKey, Step
from orps_server.bench.task import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A finished search that nobody has scored yet."""

    key: RunKey
    bests: tuple[Best, ...]
    picks: Mapping[str, Candidate]
    n_calls: int
    n_tokens: int
    n_executed: int
    first_pass: int | None
    stop_reason: str
    cpu_seconds: float
    tier: str


def to_score(played: Sequence[Played]) -> tuple[str, ...]:
    """The programs that a search would have shown and that pass the visible tests."""
    shown = [best.candidate for each in played for best in each.bests]
    shown += [pick for each in played for pick in each.picks.values()]
    return tuple(dict.fromkeys(each.code for each in shown if each.outcome.all_passed))


def scored(played: Played, task: Task, right: Mapping[str, bool]) -> Run:
    """Join a search with what the hidden tests said about each program."""
    own = played.picks.get(OWN)
    return Run(
        key=played.key,
        benchmark=task.benchmark,
        picks={
            name: Pick(
                visible=pick.outcome.all_passed, solved=right.get(pick.code, False)
            )
            for name, pick in played.picks.items()
        },
        curve=tuple(
            Step(
                calls=best.n_calls,
                visible=best.candidate.outcome.all_passed,
                solved=right.get(best.candidate.code, False),
            )
            for best in played.bests
        ),
        calls=played.n_calls,
        tokens=played.n_tokens,
        executions=played.n_executed,
        calls_to_pass=played.first_pass,
        stop_reason=played.stop_reason,
        code=own.code if own else "",
        cpu_seconds=played.cpu_seconds,
        tier=played.tier,
    )
