"""Drafts, the chain, and the bandit: what each asks for."""

from orps_search.candidate import Candidate
from orps_search.config import SearchConfig
from orps_search.events import StopReason
from orps_search.policies import POLICIES
from orps_search.policies.arms import Arms
from orps_search.proposer import Expansion
from support.policies import Game
from support.searching import state

CONFIG = SearchConfig(samples_per_round=5, beam_width=1, max_rounds=3, in_flight=1)


def game(name: str, config: SearchConfig = CONFIG) -> Game:
    return Game(POLICIES[name].make(config))


def wrong(expansion: Expansion) -> Candidate:
    return state(f"c{expansion.id}", round=expansion.round, passed=(True, False))


def right(expansion: Expansion) -> Candidate:
    return state(f"c{expansion.id}", round=expansion.round, passed=(True, True))


def test_best_of_n_drafts_n_times_and_never_asks_the_critic() -> None:
    played = game("bon")
    played.play(right)
    assert [e.parent for e in played.expansions] == [None] * 5
    assert [e.sample for e in played.expansions] == [0, 1, 2, 3, 4]
    assert played.reviews == []
    assert played.policy.stop_reason is StopReason.ROUNDS


def test_best_of_n_picks_by_the_tests_and_then_by_time() -> None:
    drafts = [
        state("c1", passed=(True, False), seconds=0.001),
        state("c2", passed=(True, True), seconds=0.5),
        state("c3", passed=(True, True), seconds=0.1),
    ]
    played = game("bon", SearchConfig(samples_per_round=3))
    played.play(lambda expansion: drafts[expansion.id - 1])
    assert [c.id for c in played.policy.ranking()] == ["c3", "c2", "c1"]


def test_chain_of_thought_is_one_draft() -> None:
    played = game("cot")
    played.play(wrong)
    assert played.asked == [("expand", 1, None)]


def test_reflexion_is_a_chain_of_draft_critique_and_rewrite() -> None:
    played = game("reflexion")
    played.play(lambda e: right(e) if e.id == 3 else wrong(e))
    assert played.asked == [
        ("expand", 1, None),
        ("review", "c1", None),
        ("expand", 2, "c1"),
        ("review", "c2", None),
        ("expand", 3, "c2"),
    ]
    rewrites = [e.parent for e in played.expansions if e.parent]
    assert all(parent.critique for parent in rewrites)
    assert played.policy.stop_reason is StopReason.SOLVED


def test_reflexion_ends_after_its_rewrites() -> None:
    played = game("reflexion")
    played.play(wrong)
    assert len(played.expansions) == 1 + 3
    assert len(played.reviews) == 3
    assert played.policy.stop_reason is StopReason.ROUNDS


def test_reflexion_goes_on_where_no_critique_and_no_code_could_be_had() -> None:
    played = game("reflexion")
    played.play(lambda e: wrong(e) if e.id == 1 else None, lambda _: None)
    assert played.asked == [
        ("expand", 1, None),
        ("review", "c1", None),
        ("expand", 2, "c1"),
        ("expand", 3, "c1"),
        ("expand", 4, "c1"),
    ]


def test_reflexion_begins_with_the_present_body() -> None:
    played = game("reflexion")
    played.policy.begin(state("c0"))
    played.play(right)
    assert played.asked == [("review", "c0", None), ("expand", 1, "c0")]


def test_rex_drafts_first_and_then_refines_what_passes_most() -> None:
    played = game("rex")
    played.play(wrong)
    first, *others = played.expansions
    assert first.parent is None
    # Half of the cases against none: the root is hardly ever pulled again.
    refined = [e for e in others if e.parent is not None]
    assert len(refined) > 0.8 * len(others)
    assert len(played.expansions) == CONFIG.n_calls == played.policy.n_max == 40
    assert played.reviews == []


def test_rex_drafts_again_while_nothing_passes_anything() -> None:
    played = game("rex")
    played.play(lambda e: state(f"c{e.id}", passed=(False,), round=e.round))
    drafts = [e for e in played.expansions if e.parent is None]
    assert 1 < len(drafts) < len(played.expansions)


def test_rex_ends_with_the_first_that_passes() -> None:
    played = game("rex", SearchConfig(in_flight=3))
    played.play(lambda e: right(e) if e.id == 4 else wrong(e))
    assert played.policy.stop_reason is StopReason.SOLVED
    assert played.policy.ranking()[0].id == "c4"


def test_rex_keeps_as_many_in_flight_as_it_may() -> None:
    played = game("rex", SearchConfig(in_flight=3))
    played.ask()
    assert len(played.open) == 3
    played.policy.tell(played.expansions[0].id, None)
    assert len(played.policy.ask()) == 1
    assert played.policy.ask() == ()


def test_arms_prefer_what_is_likely_and_forget_what_was_dropped() -> None:
    arms = Arms(seed=7)
    arms.put("poor", 1, 50)
    arms.put("good", 50, 1)
    chosen = [arms.choose() for _ in range(200)]
    assert chosen.count("good") > 190
    arms.put("good", 1, 500)
    assert [arms.choose() for _ in range(200)].count("poor") > 120
    arms.drop("poor")
    arms.drop("poor")
    assert "poor" not in arms
    assert {arms.choose() for _ in range(9)} == {"good"}


def test_a_crowd_of_poor_arms_does_not_hide_a_good_one() -> None:
    arms = Arms(seed=7)
    for idx in range(100):
        arms.put(f"poor {idx}", 1, 50)
    arms.put("good", 50, 1)
    assert [arms.choose() for _ in range(100)].count("good") > 90
