"""What holds for every policy, whatever it is told and in whatever order."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orps_search.candidate import Candidate, Critique
from orps_search.config import SearchConfig
from orps_search.events import StopReason
from orps_search.policies import POLICIES
from orps_search.policy import Work
from orps_search.proposer import Expansion
from support.policies import Game
from support.searching import state

NAMES = st.sampled_from(sorted(POLICIES))

CONFIGS = st.builds(
    SearchConfig,
    samples_per_round=st.integers(1, 4),
    beam_width=st.integers(1, 3),
    max_rounds=st.integers(0, 3),
    in_flight=st.integers(1, 5),
    seed=st.integers(0, 99),
    finish_round=st.booleans(),
)


class Chance:
    """Answers with anything: wrong, right, known or no code, in any order."""

    def __init__(self, seed: int, *, may_pass: bool = True) -> None:
        self._random = Random(seed)
        self._shares = (0, 1, 2) if may_pass else (0, 1)
        self.found: list[Candidate] = []

    def answer(self, expansion: Expansion) -> Candidate | None:
        kind = self._random.choice(["nothing", "known", "new", "new", "new"])
        if kind == "nothing":
            return None
        if kind == "known" and self.found:
            return self._random.choice(self.found)
        n_passed = self._random.choice(self._shares)
        candidate = state(
            f"c{expansion.id}",
            round=expansion.round,
            passed=[idx < n_passed for idx in range(2)],
            reward=self._random.random(),
            seconds=self._random.choice([0.001, 0.5]),
        )
        self.found.append(candidate)
        return candidate

    def read(self, candidate: Candidate) -> Critique | None:
        score = self._random.choice([None, 1, 3, 5])
        if self._random.random() < 0.2:
            return None
        return Critique(text="Hm.", process_reward=score, satisfied=score == 5)

    def pick(self, works: Sequence[Work]) -> Work:
        return self._random.choice(works)


# The machine may be busy with other things: a slow example is no failure.
@settings(deadline=None, max_examples=200)
@given(name=NAMES, config=CONFIGS, seed=st.integers(0, 10_000))
def test_any_answers_in_any_order_end_within_the_bound(
    name: str, config: SearchConfig, seed: int
) -> None:
    policy = POLICIES[name].make(config)
    game, chance = Game(policy), Chance(seed)
    game.play(chance.answer, chance.read, chance.pick)
    assert policy.stop_reason is not None
    assert policy.ask() == ()
    assert 0 < len(game.expansions) <= policy.n_max
    ids = [expansion.id for expansion in game.expansions]
    assert len(ids) == len(set(ids))
    # Nobody is asked twice about the same candidate.
    reviewed = [review.candidate.id for review in game.reviews]
    assert len(reviewed) == len(set(reviewed))
    ranking = policy.ranking()
    assert {c.id for c in ranking} == {c.id for c in chance.found}
    assert policy.best() == (ranking[0] if ranking else None)
    shares = [c.outcome.success_ratio for c in ranking]
    assert shares == sorted(shares, reverse=True)


# The machine may be busy with other things: a slow example is no failure.
@settings(deadline=None, max_examples=100)
@given(name=NAMES, config=CONFIGS, seed=st.integers(0, 10_000))
def test_the_same_tells_give_the_same_asks(
    name: str, config: SearchConfig, seed: int
) -> None:
    games = [Game(POLICIES[name].make(config)) for _ in range(2)]
    for game in games:
        chance = Chance(seed)
        game.play(chance.answer, chance.read, chance.pick)
    one, other = games
    assert one.asked == other.asked
    assert one.policy.ranking() == other.policy.ranking()


# The machine may be busy with other things: a slow example is no failure.
@settings(deadline=None, max_examples=50)
@given(name=NAMES, config=CONFIGS, seed=st.integers(0, 10_000))
def test_best_is_valid_at_every_instant(
    name: str, config: SearchConfig, seed: int
) -> None:
    policy = POLICIES[name].make(config)
    game, chance = Game(policy), Chance(seed)

    def read(candidate: Candidate) -> Critique | None:
        check()
        return chance.read(candidate)

    def answer(expansion: Expansion) -> Candidate | None:
        check()
        return chance.answer(expansion)

    def check() -> None:
        best = policy.best()
        shares = [found.outcome.success_ratio for found in chance.found]
        assert (best.outcome.success_ratio if best else None) == max(
            shares, default=None
        )

    game.play(answer, read, chance.pick)


@pytest.mark.parametrize("name", sorted(POLICIES))
def test_nothing_is_best_before_there_is_something(name: str) -> None:
    policy = POLICIES[name].make(SearchConfig())
    assert policy.best() is None
    assert policy.ranking() == ()
    assert policy.stop_reason is None


@pytest.mark.parametrize("name", sorted(POLICIES))
def test_a_present_body_that_passes_is_no_find(name: str) -> None:
    policy = POLICIES[name].make(SearchConfig(max_rounds=1))
    present = state("c0", passed=(True,), seconds=0.001)
    policy.begin(present)
    game = Game(policy)
    game.play(lambda e: state(f"c{e.id}", passed=(True,), seconds=9.0, round=e.round))
    assert policy.ranking()[0].id == "c0"
    finds = {StopReason.ACCEPTED, StopReason.SOLVED, StopReason.CONVERGED}
    assert policy.stop_reason not in finds


@pytest.mark.parametrize("name", sorted(POLICIES))
def test_each_policy_says_what_it_is_in_one_line(name: str) -> None:
    summary = POLICIES[name].summary
    assert summary
    assert "\n" not in summary
