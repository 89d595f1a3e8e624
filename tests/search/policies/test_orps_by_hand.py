"""ORPS against an example worked out on paper, and against a second reading of it.

The paper: q = 0.5 rho + 0.5 omega over all states, K of them expanded N times each in
T rounds, one critique for each: 2N(KT + 1) calls. The released code: rho, then omega.
"""

from dataclasses import dataclass
from itertools import groupby
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orps_search.candidate import Candidate, Critique
from orps_search.config import SearchConfig
from orps_search.events import StopReason
from orps_search.policies import POLICIES
from orps_search.proposer import Expansion
from support.policies import Game
from support.searching import state

# Candidate -> rho, omega. With N = 3, K = T = 2:
#         rho  omega   (rho - 1) / 4 and omega / 2, their mean
TABLE = {
    1: (5, 0.4),  # 1.00  0.20  0.600   round 0
    2: (2, 1.6),  # 0.25  0.80  0.525
    3: (4, 0.2),  # 0.75  0.10  0.425
    4: (1, 0.0),  # 0.00  0.00  0.000   round 1
    5: (3, 1.0),  # 0.50  0.50  0.500
    6: (5, 0.6),  # 1.00  0.30  0.650
    7: (4, 1.2),  # 0.75  0.60  0.675
    8: (3, 1.9),  # 0.50  0.95  0.725
    9: (1, 2.0),  # 0.00  1.00  0.500
} | dict.fromkeys(range(10, 16), (3, 0.5))
PASSED = {9: 3, 12: 3, 13: 3}
"""Of four cases; all others pass two."""
SECONDS = {12: 0.1, 13: 0.2}
"""All others take half a second."""


def by_table(expansion: Expansion) -> Candidate:
    number = int(expansion.id)
    return state(
        f"c{number}",
        round=expansion.round,
        reward=TABLE[number][1],
        passed=[idx < PASSED.get(number, 2) for idx in range(4)],
        seconds=SECONDS.get(number, 0.5),
    )


def review_by_table(candidate: Candidate) -> Critique:
    reward = TABLE[int(candidate.id.removeprefix("c"))][0]
    return Critique(text="Hm.", process_reward=reward)


def beams(game: Game) -> list[list[str]]:
    """The parents of each round after the first, in order, each once."""
    rounds = groupby(game.expansions, key=lambda each: each.round)
    return [
        list(dict.fromkeys(each.parent.id for each in batch if each.parent))
        for number, batch in rounds
        if number
    ]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("orps", [["c1", "c2"], ["c8", "c7"]]),
        ("orps-code", [["c1", "c3"], ["c6", "c1"]]),
    ],
)
def test_the_example(policy: str, expected: list[list[str]]) -> None:
    config = SearchConfig(samples_per_round=3, beam_width=2, max_rounds=2)
    game = Game(POLICIES[policy].make(config))
    game.play(by_table, review_by_table)
    assert beams(game) == expected
    assert len(game.works) == 2 * 3 * (2 * 2 + 1) == 30
    assert game.policy.stop_reason is StopReason.ROUNDS
    # c9, c12 and c13 pass most; c12 is the fastest of them.
    assert [each.id for each in game.policy.ranking()[:3]] == ["c12", "c13", "c9"]


def test_the_papers_own_parameters_are_640_calls() -> None:
    config = SearchConfig(samples_per_round=20, beam_width=3, max_rounds=5)
    game = Game(POLICIES["orps"].make(config))
    assert config.n_calls == 640
    game.play(lambda each: state(f"c{each.id}", round=each.round))
    assert len(game.works) == 640
    assert len(game.expansions) == len(game.reviews) == 320


@dataclass(frozen=True, kw_only=True)
class Marks:
    rho: int
    omega: float
    n_passed: int
    seconds: float


def marks(seed: int, number: int) -> Marks:
    random = Random(f"{seed} {number}")
    return Marks(
        rho=random.randint(1, 5),
        omega=random.randint(0, 20) / 10,
        n_passed=random.randint(0, 3),
        seconds=random.choice((0.001, 0.05, 0.5, 4.0)),
    )


# The machine may be busy with other things: a slow example is no failure.
@settings(deadline=None, max_examples=60)
@given(
    policy=st.sampled_from(["orps", "orps-code"]),
    n=st.integers(1, 5),
    k=st.integers(1, 3),
    t=st.integers(0, 3),
    seed=st.integers(0, 999),
)
def test_beams_calls_and_choice_as_read_a_second_time(
    policy: str, n: int, k: int, t: int, seed: int
) -> None:
    def answer(expansion: Expansion) -> Candidate:
        mark = marks(seed, int(expansion.id))
        return state(
            f"c{expansion.id}",
            round=expansion.round,
            reward=mark.omega,
            passed=[idx < mark.n_passed for idx in range(4)],
            seconds=mark.seconds,
        )

    def read(candidate: Candidate) -> Critique:
        mark = marks(seed, int(candidate.id.removeprefix("c")))
        return Critique(text="", process_reward=mark.rho)

    def worth(number: int) -> tuple[float, ...]:
        mark = marks(seed, number)
        if policy == "orps":
            return (0.5 * (mark.rho - 1) / 4 + 0.5 * mark.omega / 2,)
        return (mark.rho, mark.omega)

    config = SearchConfig(samples_per_round=n, beam_width=k, max_rounds=t)
    game = Game(POLICIES[policy].make(config))
    game.play(answer, read)

    known = list(range(1, n + 1))
    expected: list[list[str]] = []
    for _ in range(t):
        best = sorted(known, key=lambda number: [-each for each in worth(number)])[:k]
        expected.append([f"c{number}" for number in best])
        known += range(len(known) + 1, len(known) + 1 + n * len(best))
    assert beams(game) == expected
    assert len(game.works) == 2 * len(known) <= config.n_calls
    if n >= k:
        assert len(game.works) == config.n_calls
    best = game.policy.best()
    assert best is not None
    chosen = marks(seed, int(best.id.removeprefix("c")))
    first = min((-marks(seed, m).n_passed, marks(seed, m).seconds) for m in known)
    assert (-chosen.n_passed, chosen.seconds) == first
