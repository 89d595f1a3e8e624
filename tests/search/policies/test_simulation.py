"""The generative model behind `benchmarks/policy_simulation.py`, and its clock."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from orps_search.policies import POLICIES
from orps_server.bench.spending import config_for
from support.simulated_world import SETTINGS, Setting, World, Written
from support.virtual_time import Simulated, simulate

BASE = SETTINGS[0]
SCRIPT = Path(__file__).parents[3] / "benchmarks" / "policy_simulation.py"


def play(
    policy: str,
    number: int,
    *,
    budget: int = 20,
    workers: int = 1,
    setting: Setting = BASE,
) -> Simulated:
    config = replace(config_for(policy, budget, number), in_flight=workers)
    made = POLICIES[policy].make(config)
    return simulate(World(number, setting), made, budget=budget, workers=workers)


def drafts(number: int, setting: Setting = BASE, n: int = 60) -> list[Written]:
    world = World(number, setting)
    return [world.draft(nth) for nth in range(n)]


def test_who_asks_makes_no_difference():
    first, second = World(7, BASE), World(7, BASE)
    second.repair(second.draft(3), 0)
    assert [first.draft(nth) for nth in range(9)] == [
        second.draft(nth) for nth in range(9)
    ]
    draft = first.draft(0)
    assert first.repair(draft, 1) == second.repair(draft, 1)
    assert drafts(7) != drafts(8)


def test_a_search_is_the_same_each_time():
    for policy in ("opal", "orps", "rex"):
        assert play(policy, 3) == play(policy, 3)


def test_no_search_makes_more_calls_than_its_budget():
    for policy in ("opal", "orps", "bon", "rex", "reflexion"):
        for workers in (1, 8):
            assert play(policy, 5, budget=12, workers=workers).n_calls <= 12


def test_drafts_are_as_often_right_as_those_of_the_model_that_was_measured():
    """CodeGen-16B on HumanEval: 20.5 % of drafts, any of 5, 20, 100: 40, 55, 71 %."""
    found = [
        [draft.is_right for draft in drafts(number, n=100)] for number in range(150)
    ]
    assert 0.13 < sum(map(sum, found)) / 15_000 < 0.25
    for n, share in ((5, 0.40), (20, 0.55), (100, 0.71)):
        assert sum(any(each[:n]) for each in found) / 150 == pytest.approx(
            share, abs=0.12
        )


def test_settings_change_what_they_say():
    by_name = {setting.name: setting for setting in SETTINGS}
    n_base = sum(len({each.form for each in drafts(n)}) for n in range(20))
    few = by_name["many duplicates"]
    n_few = sum(len({each.form for each in drafts(n, few)}) for n in range(20))
    assert n_few < 0.6 * n_base

    def fixed(setting: Setting) -> int:
        worlds = [World(number, setting) for number in range(80)]
        wrong = [
            next(d for d in drafts(n, setting) if not d.is_right) for n in range(80)
        ]
        pairs = zip(worlds, wrong, strict=True)
        return sum(world.repair(each, 0).is_right for world, each in pairs)

    assert fixed(by_name["weak repairs"]) < fixed(by_name["strong repairs"])


def test_workers_shorten_a_search_and_rounds_wait_for_their_slowest_call():
    one = sum(play("bon", n, budget=32).seconds for n in range(5))
    eight = sum(play("bon", n, budget=32, workers=8).seconds for n in range(5))
    assert 1 / 8 < eight / one < 1 / 4


def test_the_benchmark_runs():
    command = [sys.executable, str(SCRIPT), "--problems", "2", "--json"]
    found = json.loads(subprocess.check_output(command))
    named = {row["setting"] for rows in found.values() for row in rows}
    assert named == {setting.name for setting in SETTINGS}
    assert {row["workers"] for row in found["timed"]} == {8, 16}
