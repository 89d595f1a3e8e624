"""Policies over a recorded search: no calls, no runs, the same samples for all."""

from dataclasses import replace

import pytest

from orps_search.config import Budget, SearchConfig
from orps_search.journal.fold import SearchState, fold
from orps_search.journal.replay import replay
from orps_search.policies import POLICIES
from orps_search.proposer import Proposal, Usage
from orps_search.run import run_search
from support.journals import MemoryJournal
from support.searching import (
    HALF_RIGHT,
    RIGHT,
    WRONG,
    Events,
    FakeCritic,
    FakeExecutor,
    FakeProgrammer,
    problem,
)

CONFIG = SearchConfig(
    policy="orps", samples_per_round=3, beam_width=1, max_rounds=2, in_flight=1
)


UNBOUNDED = Budget(max_requests=None, max_tokens=None, max_seconds=None)


async def recorded(config: SearchConfig = CONFIG) -> SearchState:
    journal = MemoryJournal()
    drafts = [WRONG, HALF_RIGHT, "def double(x):\n    return None\n", WRONG]
    await run_search(
        problem(),
        programmer=FakeProgrammer(script=[*drafts, RIGHT], cost=Usage(requests=1)),
        critic=FakeCritic(cost=Usage(requests=1)),
        executor=FakeExecutor(),
        config=config,
        budget=UNBOUNDED,
        publish=Events(),
        initial=Proposal(reasoning="", code="def double(x):\n    return 1\n"),
        journal=journal,
    )
    return fold(journal.records)


async def test_the_same_policy_makes_the_same_of_it():
    state = await recorded()
    played = replay(state, CONFIG)
    assert played.n_unrecorded == 0
    assert played.n_calls == state.usage.requests
    assert played.ranking[0].outcome.all_passed
    assert {each.code for each in played.ranking} == {
        each.code for each in state.candidates.values()
    }


@pytest.mark.parametrize("policy", POLICIES)
async def test_any_policy_ends_over_it(policy: str):
    state = await recorded()
    played = replay(state, replace(CONFIG, policy=policy))
    assert played.policy == policy
    assert played.n_calls <= state.usage.requests
    assert played.ranking
    again = replay(state, replace(CONFIG, policy=policy))
    assert again == played


async def test_what_is_not_recorded_brings_nothing_and_costs_nothing():
    state = await recorded(replace(CONFIG, policy="bon"))
    played = replay(state, CONFIG)
    assert played.n_unrecorded > 0
    assert played.n_calls <= state.usage.requests


async def test_the_first_pass_is_counted_in_calls():
    state = await recorded()
    played = replay(state, CONFIG)
    first = played.calls_to_first_passing
    assert first is not None
    assert 4 <= first <= played.n_calls
