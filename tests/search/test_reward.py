"""The outcome reward by hand, and the two orders."""

import math
from dataclasses import replace

import pytest

from orps_sandbox.outcome import ExecutionProfile
from orps_search.candidate import StaticMetrics
from orps_search.reward import answer_key, code_order, outcome_reward, quality
from support.searching import outcome, state

STATIC = StaticMetrics(lines=50, ast_nodes=100, cyclomatic=1, cognitive=10)
"""Each amount equals its scale, so each term is one half."""
SIMPLE = StaticMetrics(lines=48, ast_nodes=97, cyclomatic=1, cognitive=10)
DYNAMIC = ExecutionProfile(
    cpu_seconds=0.01, instructions=100_000, branch_misses=1_000, page_faults=100
)


def test_everything_measured() -> None:
    # 2/4 * (1 + 1/2 * 1/2 + 1/2 * 1/2) = 1/2 * 3/2
    ran = outcome(True, True, False, False, profile=DYNAMIC)
    assert outcome_reward(ran, STATIC) == pytest.approx(0.75)


def test_terms_differ() -> None:
    # The static terms are 1/2, 1/4, 1 and 1/3, whose mean is 25/48; time gives 1/4.
    metrics = StaticMetrics(ast_nodes=100, cyclomatic=3, cognitive=0, lines=100)
    ran = outcome(True, profile=ExecutionProfile(cpu_seconds=0.03))
    assert outcome_reward(ran, metrics) == pytest.approx(1 + 25 / 96 + 1 / 8)


def test_an_unmeasured_term_is_left_out_of_its_mean() -> None:
    # dynamic is the one term 1/2, not (1/2 + 0 + 0 + 0) / 4 nor (1/2 + 1 + 1 + 1) / 4
    ran = outcome(True, profile=ExecutionProfile(cpu_seconds=0.01))
    assert outcome_reward(ran, STATIC) == pytest.approx(1.5)


def test_an_unmeasured_mean_leaves_its_weight_to_the_other() -> None:
    ran = outcome(True, profile=ExecutionProfile())
    assert outcome_reward(ran, STATIC) == pytest.approx(1.5)
    assert outcome_reward(ran, StaticMetrics()) == pytest.approx(1.0)


def test_wall_time_stands_in_for_cpu_time() -> None:
    ran = outcome(True, profile=ExecutionProfile(wall_seconds=0.01))
    assert outcome_reward(ran, StaticMetrics()) == pytest.approx(1.5)


def test_nothing_passes() -> None:
    assert outcome_reward(outcome(False, profile=DYNAMIC), STATIC) == 0.0


def test_the_critic_orders_beams_first() -> None:
    praised = state("c1", process=4, reward=0.1)
    passing = state("c2", process=2, reward=2.0)
    assert code_order(praised) > code_order(passing)
    assert code_order(replace(praised, outcome_reward=0.2)) > code_order(praised)


def test_the_paper_s_order_is_the_mean_of_both_rewards() -> None:
    # (4 - 1) / 4 = 0.75 and 0.1 / 2 = 0.05; (2 - 1) / 4 = 0.25 and 2 / 2 = 1.
    assert quality(state("c1", process=4, reward=0.1)) == (pytest.approx(0.4),)
    assert quality(state("c2", process=2, reward=2.0)) == (pytest.approx(0.625),)
    assert quality(state("c3", process=1)) == (0.0,)
    assert quality(state("c4", process=5, reward=2.0)) == (1.0,)
    assert quality(state("c5")) == (0.25,)


def test_a_missing_critique_counts_as_the_middle() -> None:
    unknown = state("c1")
    assert code_order(state("c2", process=4)) > code_order(unknown)
    assert code_order(unknown) > code_order(state("c3", process=2))


def test_answers_are_ordered_by_success_then_time_then_reward() -> None:
    ordered = [
        state("a", passed=(True, True), seconds=0.5, reward=1.0),
        state("b", passed=(True, True), seconds=0.7, metrics=SIMPLE),
        state("c", passed=(True, True), seconds=0.7, metrics=STATIC),
        state("d", passed=(True, True), seconds=None, reward=2.0),
        state("e", passed=(True, False), seconds=0.1, reward=2.0, process=5),
    ]
    shuffled = [ordered[idx] for idx in (3, 0, 4, 2, 1)]
    assert sorted(shuffled, key=answer_key) == ordered


@pytest.mark.parametrize(
    ("fast", "slow"),
    [(0.0010, 0.0014), (0.0098, 0.0103), (2.00, 2.05)],
)
def test_noise_puts_nothing_before_simpler_code(fast: float, slow: float) -> None:
    noisy = ExecutionProfile(cpu_seconds=slow, page_faults=300)
    lucky = ExecutionProfile(cpu_seconds=fast, page_faults=280)
    simple = replace(state("a", metrics=SIMPLE), outcome=outcome(True, profile=noisy))
    silly = replace(state("b", metrics=STATIC), outcome=outcome(True, profile=lucky))
    assert answer_key(simple) < answer_key(silly)


@pytest.mark.parametrize(("fast", "slow"), [(0.001, 0.003), (0.01, 0.012), (2.0, 3.0)])
def test_what_is_faster_comes_before_simpler_code(fast: float, slow: float) -> None:
    simple = state("a", passed=(True,), seconds=slow, metrics=SIMPLE)
    quick = state("b", passed=(True,), seconds=fast, metrics=STATIC)
    assert answer_key(quick) < answer_key(simple)


def test_unknown_time_is_not_zero() -> None:
    assert answer_key(state("a", seconds=None))[2] == math.inf
