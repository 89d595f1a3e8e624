from dataclasses import replace

import pytest

from orps_search.candidate import Candidate, CandidateId, Critique
from orps_search.config import Budget
from orps_search.evidence import evidence_of
from orps_search.execution import execute_candidate, normal_form
from orps_search.policies import POLICIES
from orps_search.policy import Contest, Review
from orps_search.proposer import Exhausted, Expansion, ExpansionId, Proposal, Usage
from orps_search.run import run_search
from orps_server.bench.game import Game
from orps_server.bench.recorded import critique_of
from orps_server.bench.recording import RecordedRow, Recording, read_recording
from orps_server.bench.replay import Replay
from orps_server.bench.spending import config_for
from support.bench_data import DOUBLE_BROKEN, DOUBLE_RIGHT, DOUBLE_WRONG, REPLAY
from support.searching import (
    ALSO_RIGHT,
    HALF_RIGHT,
    RIGHT,
    WRONG,
    Events,
    FakeCritic,
    FakeExecutor,
    FakeProgrammer,
    Written,
    outcome,
    problem,
    state,
)


def recording(samples: list[str], repairs: list[object]) -> Recording:
    row = RecordedRow(
        task_id="t", model="m", samples=tuple(samples), repairs=tuple(repairs)
    )
    return read_recording(row)


def expansion(number: int, parent: Candidate | None = None) -> Expansion:
    return Expansion(id=ExpansionId(number), parent=parent, round=0, sample=0)


def test_drafts_come_once_each_in_an_order_of_the_seed():
    recorded = recording([f"x = {number}" for number in range(20)], [])

    def drawn(seed: int) -> list[str]:
        replay = Replay(recorded, seed=seed)
        answers = [replay.answer(expansion(number)) for number in range(20)]
        assert replay.answer(expansion(20)) is None
        return [answer.code for answer in answers if answer]

    assert sorted(drawn(0)) == sorted(each.code for each in recorded.drafts)
    assert drawn(0) == drawn(0) != drawn(1)


def test_a_repair_is_answered_by_what_was_recorded_for_its_parent_then_by_a_draft():
    row = REPLAY[0]
    recorded = recording(row["samples"], row["repairs"])
    replay = Replay(recorded, seed=0)
    broken = next(each for each in recorded.drafts if each.code == DOUBLE_BROKEN)
    parent = state("c1")
    replay.note(parent.id, broken)
    first, second = (replay.answer(expansion(n, parent)) for n in (2, 3))
    assert first is not None
    assert (first.code, first.thought) == (DOUBLE_RIGHT, "Twice.")
    assert second in recorded.drafts
    child = state("c2")
    replay.note(child.id, first)
    again = replay.answer(expansion(4, child))
    assert again is not None
    assert again.code == DOUBLE_WRONG


def play(policy: str, n_calls: int, codes: list[str]) -> Game:
    """Code `p` passes, everything else fails."""
    made = POLICIES[policy].make(config_for(policy, n_calls, 0))
    game = Game(made, n_calls=n_calls)
    answers = iter(codes)
    while (work := game.next()) is not None:
        match work:
            case Review(candidate=candidate):
                game.tell_critique(work, critique_of(candidate))
            case Contest():
                raise AssertionError("nobody has asked for contests")
            case Expansion():
                code = next(answers, None)
                if code is None:
                    game.tell_exhausted(work)
                else:
                    game.tell(work, code, state("", passed=[code.startswith("p")]))
    return game


def test_no_game_makes_more_calls_than_its_budget():
    for policy in POLICIES:
        for n_calls in (1, 5, 12, 40):
            game = play(policy, n_calls, [f"f{number}" for number in range(50)])
            assert game.n_calls <= n_calls, policy


def test_what_is_asked_in_vain_costs_nothing():
    game = play("bon", 10, ["a", "b", "p"])
    assert (game.n_calls, game.n_executed, game.first_pass) == (3, 3, 3)


def test_a_twin_is_a_call_and_no_execution():
    game = play("bon", 4, ["a", "p", "p", "a"])
    assert (game.n_calls, game.n_executed) == (4, 2)
    assert sorted(game.n_samples.values()) == [2, 2]
    assert [best.n_calls for best in game.bests] == [1, 2]


def test_a_critique_is_a_rule_over_the_visible_outcome():
    half = state("c", passed=[True, False])
    assert critique_of(half).process_reward == 1 + round(1.5)
    assert critique_of(state("c", passed=[True])).satisfied
    assert outcome(True).all_passed


CODES = (
    WRONG,
    HALF_RIGHT,
    WRONG,
    "def double(x):\n    return x - x\n",
    ALSO_RIGHT,
    RIGHT,
)


@pytest.mark.parametrize("name", ["rex", "reflexion", "opal", "cot"])
@pytest.mark.parametrize("n_calls", [1, 3, 6, 12])
async def test_a_game_is_what_a_search_with_one_call_at_a_time_is(
    name: str, n_calls: int
):
    """The rules of `Game` are those of `run_search`, call by call."""
    config = replace(config_for(name, n_calls, 5), in_flight=1, workers=1)
    script: list[Written] = [*CODES, Exhausted(reason="that is all")]
    executor, cost = FakeExecutor(), Usage(requests=1)
    found = await run_search(
        problem(),
        programmer=FakeProgrammer(script=script, cost=cost),
        critic=FakeCritic(cost=cost),
        executor=executor,
        config=config,
        budget=Budget(max_requests=n_calls, max_tokens=None, max_seconds=None),
        publish=Events(),
    )
    game = Game(POLICIES[name].make(config), n_calls=n_calls)
    evidence = evidence_of(problem(), seed=config.seed, limit=config.n_inputs)
    answers = iter(CODES)
    while (work := game.next()) is not None:
        match work:
            case Review(candidate=candidate):
                reward = 5 if candidate.outcome.all_passed else 2
                critique = Critique(text="As it is.", process_reward=reward)
                game.tell_critique(work, critique)
            case Contest():
                raise AssertionError("nobody has asked for contests")
            case Expansion():
                code = next(answers, None)
                if code is None:
                    game.tell_exhausted(work)
                    continue
                executed = await execute_candidate(
                    problem(),
                    Proposal(reasoning="Because.", code=code),
                    executor,
                    id=CandidateId(""),
                    evidence=evidence,
                )
                assert isinstance(executed, Candidate)
                game.tell(work, normal_form(code), executed)
    assert [each.id for each in game.candidates] == [each.id for each in found.ranking]
    assert game.n_executed == found.usage.executions
    # A programmer that has nothing more to say is asked once to find that out.
    assert found.usage.calls.requests - game.n_calls in (0, 1)
