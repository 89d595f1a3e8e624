"""Costs decide among equals, beyond the noise, and nowhere else."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from orps_sandbox.metrics import Measurement
from orps_sandbox.outcome import Judge
from orps_sandbox.program import Program
from orps_search.candidate import Candidate, StaticMetrics
from orps_search.finalists import (
    finalists,
    measured_costs,
    settled,
    settled_reward,
    with_costs,
)
from support.costs import costs
from support.searching import ALSO_RIGHT, RIGHT, problem, state

SHORT = StaticMetrics(lines=50, ast_nodes=100, cyclomatic=1, cognitive=10)
LONG = StaticMetrics(lines=500, ast_nodes=1000, cyclomatic=9, cognitive=90)


def passing(
    name: str,
    seconds: float | None,
    *,
    spread: float = 0.0,
    instructions: float | None = None,
    metrics: StaticMetrics = SHORT,
) -> Candidate:
    measured = costs(seconds, spread=spread, instructions=instructions)
    return replace(state(name, passed=(True,), metrics=metrics), costs=measured)


def names(ranking: Sequence[Candidate]) -> list[str]:
    return [str(each.id) for each in ranking]


def test_what_is_measurably_quicker_comes_first():
    assert names(settled([passing("a", 0.02), passing("b", 0.01)])) == ["b", "a"]


def test_within_the_noise_simpler_code_comes_first():
    noisy = passing("a", 0.010, spread=0.001, metrics=LONG)
    simple = passing("b", 0.012, spread=0.001)
    assert names(settled([noisy, simple])) == ["b", "a"]
    # Three spreads of each are six milliseconds.
    assert names(settled([noisy, passing("b", 0.017, spread=0.001)])) == ["a", "b"]


def test_the_order_of_ties_is_that_of_the_ranking():
    ranking = [passing(name, 0.0101 - place / 1e5) for place, name in enumerate("abc")]
    assert names(settled(ranking)) == ["a", "b", "c"]


def test_ties_are_those_of_the_quickest():
    """0.8 ms apart each; with half a millisecond of noise each, one is the bound."""
    chain = [passing("a", 0.0116), passing("b", 0.0108), passing("c", 0.0100)]
    assert names(settled(chain)) == ["b", "c", "a"]


def test_what_does_something_else_keeps_its_place():
    slow = replace(passing("a", 0.9), outputs=("1",))
    other = replace(passing("b", 0.1), outputs=("2",))
    quick = replace(passing("c", 0.2), outputs=("1",))
    assert names(settled([slow, other, quick])) == ["c", "b", "a"]
    assert names(settled([slow, other, quick], alike=lambda _: 0)) == ["b", "c", "a"]


def test_a_verdict_that_can_be_forged_is_not_made_up_for_by_speed():
    slow = passing("a", 0.9)
    split = replace(slow, outcome=replace(slow.outcome, judge=Judge.SPLIT))
    assert names(settled([split, passing("b", 0.1)])) == ["a", "b"]


def test_unknown_is_neither_free_nor_a_tie():
    unknown, slow = passing("a", None), passing("b", 9.0)
    assert names(settled([unknown, slow])) == ["b", "a"]


def test_without_costs_nothing_moves():
    ranking = [state("a", passed=(True,), seconds=9.0), passing("b", 0.1)]
    assert settled(ranking) == tuple(ranking)


def test_counts_decide_ties_only_where_all_have_them():
    many = passing("a", 0.01, instructions=1e6)
    few = passing("b", 0.01, instructions=1e5)
    assert names(settled([many, few])) == ["b", "a"]
    assert names(settled([many, passing("b", 0.01)])) == ["a", "b"]


def test_the_reward_that_settles_ties_by_hand():
    # Static terms are 1/2 each; 1e5 instructions give 1/2: 1 + 1/4 + 1/4.
    counted = passing("a", 0.01, instructions=1e5)
    assert settled_reward(counted, counted=True) == pytest.approx(1.5)
    # 3e5 instructions give 1/4: 1 + 1/4 + 1/8.
    many = passing("a", 0.01, instructions=3e5)
    assert settled_reward(many, counted=True) == pytest.approx(1.375)
    # Left out, they leave their weight to the static half: 1 + 1/2.
    assert settled_reward(many, counted=False) == pytest.approx(1.5)


class FakeProfiler:
    def __init__(self, *found: Measurement) -> None:
        self._found = found
        self.programs: Sequence[Program] = ()

    async def profile(
        self, programs: Sequence[Program], *, seconds: float
    ) -> tuple[Measurement, ...]:
        assert seconds == 3
        self.programs = programs
        return self._found


async def test_finalists_are_measured_in_their_module():
    ranking = [
        replace(state("c1", passed=(True,)), code=RIGHT),
        replace(state("c2", passed=(True,)), code=ALSO_RIGHT),
        state("c3", passed=(False,)),
    ]
    profiler = FakeProfiler(costs(0.5), costs(0.1))
    chosen = finalists(ranking)
    assert names(chosen) == ["c1", "c2"]
    found = await measured_costs(problem(), chosen, profiler, seconds=3)
    assert "x + x" in profiler.programs[1].files["m.py"]
    assert names(with_costs(ranking, found)) == ["c2", "c1", "c3"]
    assert names(finalists(ranking, 1)) == ["c1"]
