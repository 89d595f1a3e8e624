"""OPAL: what it asks for, when it stops, and how it orders."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orps_sandbox.outcome import Judge
from orps_search.candidate import Candidate, CandidateId, Critique
from orps_search.config import SearchConfig
from orps_search.events import StopReason
from orps_search.policies.behavior import Classes, Finds
from orps_search.policies.opal import Opal
from orps_search.policy import Review
from orps_search.proposer import Expansion
from support.policies import Game, unimpressed
from support.searching import state

CONFIG = SearchConfig(in_flight=1)


def game(config: SearchConfig = CONFIG) -> Game:
    return Game(Opal(config))


def found(expansion: Expansion, *passed: bool, code: str | None = None) -> Candidate:
    candidate = state(f"c{expansion.id}", round=expansion.round, passed=passed)
    return replace(candidate, code=code or f"{expansion.id}")


def right(expansion: Expansion) -> Candidate:
    return found(expansion, True, True)


def half(expansion: Expansion) -> Candidate:
    return found(expansion, True, False)


def nothing_passes(expansion: Expansion) -> Candidate:
    return found(expansion, False, False)


def test_it_keeps_as_many_in_flight_as_it_may_and_waits_for_no_round() -> None:
    played = game(SearchConfig(in_flight=3))
    played.ask()
    assert len(played.open) == 3
    assert {work.parent for work in played.expansions} == {None}
    first = played.expansions[0]
    played.policy.tell(first.id, half(first))
    assert len(played.policy.ask()) == 1
    assert played.policy.ask() == ()


def test_three_samples_that_agree_are_enough_and_the_critic_reads_the_best() -> None:
    played = game()
    played.play(right)
    assert [work for work, *_ in played.asked] == ["expand"] * 3 + ["review"]
    assert played.asked[-1] == ("review", "c1", None)
    assert played.policy.stop_reason is StopReason.CONVERGED
    best = played.policy.best()
    assert best is not None
    assert best.critique == unimpressed(best)


def test_a_slow_winner_is_worth_a_rewrite_that_does_the_same() -> None:
    def slow(expansion: Expansion) -> Candidate:
        seconds = 2.0 if expansion.parent is None or expansion.id < 4 else 0.1
        told = state(f"c{expansion.id}", round=expansion.round, seconds=seconds)
        return replace(
            told, outcome=state("c", passed=(True,), seconds=seconds).outcome
        )

    played = game()
    played.play(slow)
    *_, rewrite = played.expansions
    assert len(played.expansions) == 4
    assert rewrite.parent is not None
    assert rewrite.parent.outcome.all_passed
    assert played.policy.ranking()[0].id == f"c{rewrite.id}"
    assert played.policy.stop_reason is StopReason.CONVERGED
    # One that does something else is shown, behind what it was to be faster than.
    other = game()
    other.play(lambda e: replace(slow(e), outputs=("1",) if e.id < 4 else ("2",)))
    assert other.policy.ranking()[-1].id == "c4"
    assert other.policy.stop_reason is StopReason.CONVERGED


def test_rewrites_are_calls_like_any_others() -> None:
    def slow(expansion: Expansion) -> Candidate:
        told = state(f"c{expansion.id}", passed=(True,), seconds=2.0)
        # Three in the last four of twenty agree, and nothing before passes.
        return told if expansion.id > 16 else nothing_passes(expansion)

    played = game(replace(CONFIG, samples_per_round=2))
    played.play(slow)
    assert played.policy.n_max == 20
    assert len(played.expansions) <= 20


def test_the_same_program_again_is_another_sample() -> None:
    played = game()
    first: list[Candidate] = []

    def same(expansion: Expansion) -> Candidate:
        first.append(right(expansion))
        return first[0]

    played.play(same)
    assert len(played.expansions) == 3
    assert played.policy.stop_reason is StopReason.CONVERGED
    assert len(played.policy.ranking()) == 1


def test_agreement_against_the_docstring_is_no_reason_to_stop() -> None:
    def against(expansion: Expansion) -> Candidate:
        return replace(right(expansion), kept=0.5)

    def later(expansion: Expansion) -> Candidate:
        return replace(right(expansion), kept=1.0, outputs=("2",))

    played = game(replace(CONFIG, samples_per_round=20))
    played.play(lambda e: against(e) if e.id <= 5 else later(e))
    assert len(played.expansions) > 5
    best = played.policy.best()
    assert best is not None
    assert best.kept == 1.0
    # Where the docstring itself is wrong, agreement ends the search all the same.
    alone = game(replace(CONFIG, samples_per_round=20))
    alone.play(against)
    assert alone.policy.stop_reason is StopReason.CONVERGED
    assert len(alone.expansions) == 20


def test_a_repair_under_way_counts_as_failed_until_it_is_told() -> None:
    reached = Classes().add(state("c1", passed=(True, False)))
    assert reached.beta == (3.0, 7.0)
    reached.n_in_flight += 2
    assert reached.beta == (3.0, 9.0)
    reached.n_in_flight -= 2
    reached.note_repair(Classes().add(state("c2", passed=(True, True))), is_new=True)
    assert reached.beta == (4.0, 7.0)
    reached.note_repair(None, is_new=False)
    assert reached.beta == (4.0, 8.5)


def test_it_converges_where_no_critique_can_be_had() -> None:
    played = game()
    played.play(right, lambda _: None)
    assert played.policy.stop_reason is StopReason.CONVERGED


def test_one_lucky_sample_is_not_enough() -> None:
    played = game(replace(CONFIG, samples_per_round=1))
    played.play(lambda e: right(e) if e.id == 3 else nothing_passes(e))
    assert played.policy.stop_reason is StopReason.ROUNDS
    assert len(played.expansions) == played.policy.n_max == 10
    best = played.policy.best()
    assert best is not None
    assert best.id == "c3"


@pytest.mark.parametrize(("n_samples", "n_calls"), [(4, 40), (10, 100), (20, 100)])
def test_it_gives_up_when_nothing_passes_for_long(n_samples: int, n_calls: int) -> None:
    played = game(replace(CONFIG, samples_per_round=n_samples))
    played.play(half)
    assert played.policy.stop_reason is StopReason.GIVEN_UP
    # And then the critic reads the best, unless it was read before.
    assert n_calls <= len(played.works) <= n_calls + 1
    best = played.policy.best()
    assert best is not None
    assert best.critique is not None


def test_who_says_the_same_for_ever_has_nothing_new() -> None:
    played = game(replace(CONFIG, samples_per_round=20))
    wrong = state("c1", passed=(True, False))
    played.play(lambda _: wrong)
    assert played.policy.stop_reason is StopReason.EXHAUSTED
    assert len(played.expansions) == 13
    assert [review.candidate.id for review in played.reviews] == ["c1"]
    silent = game(replace(CONFIG, samples_per_round=20))
    silent.play(lambda _: None)
    assert silent.policy.stop_reason is StopReason.EXHAUSTED
    assert len(silent.works) == 12


def test_repairs_go_to_what_passes_most() -> None:
    played = game(replace(CONFIG, in_flight=4))
    played.play(lambda e: half(e) if e.parent is None else nothing_passes(e))
    parents = [e.parent for e in played.expansions if e.parent is not None]
    halves = [p for p in parents if p.outcome.success_ratio > 0]
    assert len(halves) >= 4


def test_two_drafts_for_each_repair_until_something_passes() -> None:
    played = game(replace(CONFIG, samples_per_round=10))
    # Nearly right, each in another way: a bandit alone would repair at once.
    played.play(lambda e: found(e, *(idx != e.id for idx in range(200))))
    early = [e.parent is not None for e in played.expansions[:20]]
    for n in range(1, len(early) + 1):
        assert 2 * sum(early[:n]) <= n - sum(early[:n])
    assert sum(early) >= 3
    # Later the arms alone decide.
    late = [e.parent is not None for e in played.expansions[20:40]]
    assert sum(late) > len(late) / 3


def test_a_body_that_is_there_is_repaired_after_two_drafts() -> None:
    policy = Opal(CONFIG)
    policy.begin(state("c0", passed=[True] * 9 + [False]))
    played = Game(policy)
    played.play(nothing_passes)
    first, second, *others = played.expansions
    assert first.parent is second.parent is None
    assert any(e.parent is not None and e.parent.id == "c0" for e in others[:4])


def test_no_program_is_repaired_more_than_four_times() -> None:
    played = game(replace(CONFIG, samples_per_round=20))
    played.play(half)
    n_repairs: dict[str, int] = {}
    for expansion in played.expansions:
        if expansion.parent is not None:
            id_ = expansion.parent.id
            n_repairs[id_] = n_repairs.get(id_, 0) + 1
    assert 0 < max(n_repairs.values()) <= 4


def test_the_critic_is_not_asked_among_the_first_calls() -> None:
    played = game(replace(CONFIG, samples_per_round=20))
    # Each draft fails another case, and no repair is any better.
    played.play(lambda e: found(e, *(not e.parent and i != e.id for i in range(200))))
    reviews = [i for i, work in enumerate(played.works) if isinstance(work, Review)]
    assert len(reviews) > 1
    assert reviews[0] >= 20
    for review in played.reviews:
        assert not review.candidate.outcome.all_passed


def test_outcome_comes_before_whatever_the_critic_says() -> None:
    policy = Opal(replace(CONFIG, in_flight=3))
    first, second, third = (w for w in policy.ask() if isinstance(w, Expansion))
    policy.tell(first.id, state("c1", passed=(True, False), process=5))
    policy.tell(second.id, state("c2", passed=(True, True), process=1))
    policy.tell(third.id, state("c3", passed=(False, False), process=5))
    assert [c.id for c in policy.ranking()] == ["c2", "c1", "c3"]


def test_among_equals_the_critic_decides_and_then_brevity() -> None:
    policy = Opal(replace(CONFIG, in_flight=3))
    works = [work for work in policy.ask() if isinstance(work, Expansion)]
    codes = ("a longer one", "short", "a longer one still")
    rewards = (None, None, 5)
    for work, code, process in zip(works, codes, rewards, strict=True):
        told = state(f"c{work.id}", passed=(True,), process=process)
        policy.tell(work.id, replace(told, code=code))
    assert [c.id for c in policy.ranking()] == ["c3", "c2", "c1"]


def test_telling_twice_changes_nothing() -> None:
    policy = Opal(replace(CONFIG, in_flight=2))
    work, _ = policy.ask()
    assert isinstance(work, Expansion)
    policy.tell(work.id, right(work))
    policy.tell(work.id, right(work))
    policy.tell_critique(CandidateId("c1"), Critique(text="Hm.", process_reward=5))
    assert policy.stop_reason is None
    assert policy.ranking() == (right(work),)


def test_candidates_of_one_behavior_are_one_class() -> None:
    classes = Classes()
    one = classes.add(state("c1", passed=(True, False)))
    other = classes.add(state("c2", passed=(False, True)))
    assert one is not other
    assert classes.add(state("c3", passed=(True, False))) is one
    assert classes.add(state("c1", passed=(True, False)), is_known=True) is one
    assert (one.n_samples, one.members) == (3, ["c1", "c3"])
    assert len(classes) == 2


def test_outputs_on_generated_inputs_tell_passing_candidates_apart() -> None:
    classes = Classes()
    passing = state("c1", passed=(True,))
    one = classes.add(replace(passing, outputs=("1", "2")))
    other = classes.add(replace(passing, id=CandidateId("c2"), outputs=("1", "3")))
    assert one is not other
    assert len(classes) == 2


def test_agreement_input_by_input_comes_before_the_size_of_a_class() -> None:
    policy = Opal(replace(CONFIG, in_flight=5))
    works = [work for work in policy.ask() if isinstance(work, Expansion)]
    # Three agree but for one input each; two agree in everything, and are odd.
    outputs = ("aax", "aay", "aaz", "bbb", "bbb")
    for work, seen in zip(works, outputs, strict=True):
        told = replace(state(f"c{work.id}", passed=(True,)), outputs=tuple(seen))
        policy.tell(work.id, told)
    assert [c.id for c in policy.ranking()] == ["c1", "c2", "c3", "c4", "c5"]
    # Raising is agreement, too, and counts less.
    policy = Opal(replace(CONFIG, in_flight=4))
    works = [work for work in policy.ask() if isinstance(work, Expansion)]
    for work, seen in zip(works, ("!!a", "!!a", "bca", "bca"), strict=True):
        told = replace(state(f"c{work.id}", passed=(True,)), outputs=tuple(seen))
        policy.tell(work.id, told)
    assert policy.ranking()[0].id == "c3"


def test_what_ran_beside_its_tests_never_leads_however_many_agree() -> None:
    policy = Opal(replace(CONFIG, in_flight=3))
    works = [work for work in policy.ask() if isinstance(work, Expansion)]
    judges = (Judge.IN_PROCESS, Judge.IN_PROCESS, Judge.SPLIT)
    for work, judge in zip(works, judges, strict=True):
        told = state(f"c{work.id}", passed=(True,))
        outcome = replace(told.outcome, judge=judge)
        policy.tell(work.id, replace(told, outcome=outcome, outputs=(judge.value,)))
    assert [each.id for each in policy.ranking()] == ["c3", "c1", "c2"]


def test_a_lead_is_not_safe_while_another_behavior_would_be_shown() -> None:
    # The most frequent behavior, and five that agree with each other on two inputs.
    outputs = ("aav", "aaw", "bbb", "aax", "bbb", "aay", "aaz", "bbb", "aas", "aat")

    def answer(expansion: Expansion) -> Candidate:
        return replace(right(expansion), outputs=tuple(outputs[expansion.id - 1]))

    played = game(replace(CONFIG, samples_per_round=1))
    for _ in range(8):
        (work,) = played.policy.ask()
        assert isinstance(work, Expansion)
        played.policy.tell(work.id, answer(work))
    assert played.policy.ranking()[0].id == "c1"
    assert isinstance(played.policy.ask()[0], Expansion)
    assert played.policy.stop_reason is None
    # With nobody to agree with each other, the three are shown, and their lead is safe.
    outputs = ("cde", "fgh", "bbb", "ijk", "bbb", "lmn", "opq", "bbb", "rst", "uvw")
    played = game(replace(CONFIG, samples_per_round=1))
    played.play(answer)
    assert len(played.expansions) == 8
    assert played.policy.stop_reason is StopReason.CONVERGED


def test_a_search_with_many_passing_behaviors_still_knows_its_best() -> None:
    policy = Opal(replace(CONFIG, in_flight=100, samples_per_round=20))
    works = [work for work in policy.ask() if isinstance(work, Expansion)]
    assert len(works) == 100
    for work in works:
        seen = ("same", f"{work.id}") if work.id in {80, 81} else (f"{work.id}",) * 2
        told = replace(state(f"c{work.id}", passed=(True,)), outputs=seen)
        policy.tell(work.id, told)
    policy.tell_critique(CandidateId("c9"), Critique(text="Hm.", process_reward=5))
    assert len(policy.ranking()) == 100
    assert policy.best() == policy.ranking()[0]


def finds(sizes: Sequence[int]) -> Finds:
    found = Finds()
    for idx, size in enumerate(sizes):
        for _ in range(size):
            found.add(f"class {idx}")
    return found


def test_confidence_by_hand() -> None:
    assert finds([]).confidence == 0.0
    # One sample, one class seen once: 1 * (1 - 1.5 / 2).
    assert finds([1]).confidence == pytest.approx(0.25)
    # Two that agree: 1 * (1 - 0.5 / 3).
    assert finds([2]).confidence == pytest.approx(5 / 6)
    # Three of four agree: 0.75 * (1 - 1.5 / 5).
    assert finds([3, 1]).confidence == pytest.approx(0.525)


@given(st.lists(st.integers(1, 50), max_size=20))
def test_confidence_is_a_share_and_agreement_raises_it(sizes: list[int]) -> None:
    found = finds(sizes)
    now = found.confidence
    assert 0 <= now < 1
    if sizes:
        largest = sizes.index(max(sizes))
        found.add(f"class {largest}")
        assert found.confidence > now


@pytest.mark.parametrize(
    ("sizes", "share_to_come", "expect"),
    [
        # Two that agree are no lead, however little is to come.
        ([2], 0.01, False),
        # n = 30, first = 3.5 of 4: lead 3 + 22.5, deviation 2 sqrt(30 * 7/64 * 34/5).
        ([3], 10.0, True),
        # n = 40, first = 3.5 of 5: lead 2 + 16, deviation 2 sqrt(40 * .21 * 45/6).
        ([3, 1], 10.0, False),
        # n = 70, first = 6.5 of 8: lead 5 + 43.75, deviation 2 sqrt(70 * 39/256 * 78/9).
        ([6, 1], 10.0, True),
        # Nothing to come: whoever leads stays ahead.
        ([3, 2], 0.0, True),
        # A tie is none.
        ([5, 5], 1.0, False),
    ],
)
def test_a_safe_lead_by_hand(
    sizes: list[int], share_to_come: float, expect: bool
) -> None:
    assert finds(sizes).is_lead_safe(share_to_come) is expect


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=80),
    st.floats(0, 50, allow_nan=False),
)
def test_a_lead_depends_on_the_two_largest_only(
    names: list[int], share_to_come: float
) -> None:
    found = Finds()
    for name in names:
        found.add(f"class {name}")
    sizes = sorted((names.count(name) for name in set(names)), reverse=True)
    assert found.is_lead_safe(share_to_come) is finds(sizes[:2]).is_lead_safe(
        share_to_come
    )


TIERS = st.tuples(
    st.lists(st.booleans(), min_size=2, max_size=2),
    st.sampled_from([None, 0.0, 0.5, 1.0]),
    st.sampled_from(["1", "2", "3"]),
    st.sampled_from([(), ("missing",)]),
)


@given(st.lists(TIERS, min_size=1, max_size=12), st.randoms())
def test_no_later_tier_overrules_an_earlier_one_whatever_comes_when(
    made: list[tuple[list[bool], float | None, str, tuple[str, ...]]], order: Random
) -> None:
    policy = Opal(SearchConfig(in_flight=len(made)))
    asked = [work for work in policy.ask() if isinstance(work, Expansion)]
    pairs = list(zip(asked, made, strict=True))
    order.shuffle(pairs)
    for expansion, (passed, kept, output, unresolved) in pairs:
        told = replace(
            found(expansion, *passed),
            kept=kept if all(passed) else None,
            outputs=(f"{output}{kept}",) if all(passed) else (),
            unresolved=unresolved,
        )
        policy.tell(expansion.id, told)
        ranked = policy.ranking()
        assert policy.best() == ranked[0]
        keys = [(each.outcome.success_ratio, each.kept or 0.0) for each in ranked]
        assert keys == sorted(keys, reverse=True)
        for one, other in pairwise(ranked):
            if one.outputs and one.outputs == other.outputs:
                assert len(one.unresolved) <= len(other.unresolved)
    assert len({each.id for each in policy.ranking()}) == len(made)
