"""ORPS as a state machine: rounds, beams, order, and any order of tells."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from orps_search.candidate import Candidate, CandidateId, Critique
from orps_search.config import SearchConfig
from orps_search.events import StopReason
from orps_search.policies.orps import BeamSearch
from orps_search.policy import Contest, Review
from orps_search.proposer import Expansion, ExpansionId
from orps_search.reward import code_order, quality
from support.searching import state

CONFIG = SearchConfig(samples_per_round=2, beam_width=2, max_rounds=2)


def beam_search(config: SearchConfig = CONFIG) -> BeamSearch:
    return BeamSearch(config, order=code_order)


def expansions(beam: BeamSearch) -> tuple[Expansion, ...]:
    """What it asks for; there is nothing to review in these tests."""
    works = beam.ask()
    assert all(isinstance(work, Expansion) for work in works)
    return tuple(work for work in works if isinstance(work, Expansion))


def answered(
    expansion: Expansion, *, process: int | None = 3, reward: float = 0.0
) -> Candidate:
    parent = expansion.parent
    return replace(
        state(
            f"c{expansion.id}", process=process, reward=reward, round=expansion.round
        ),
        parent=parent.id if parent else None,
    )


def play_round(beam: BeamSearch, *rewards: float) -> tuple[Expansion, ...]:
    batch = expansions(beam)
    for expansion, reward in zip(batch, rewards, strict=True):
        beam.tell(expansion.id, answered(expansion, reward=reward))
    return batch


def ids(states: tuple[Candidate, ...]) -> list[str]:
    return [state.id for state in states]


def test_round_zero_drafts_from_the_root() -> None:
    batch = expansions(beam_search())
    assert [(e.parent, e.round, e.sample) for e in batch] == [
        (None, 0, 0),
        (None, 0, 1),
    ]


def test_later_rounds_expand_each_beam() -> None:
    beam = beam_search()
    play_round(beam, 0.1, 0.2)
    batch = expansions(beam)
    assert [(e.parent.id if e.parent else None, e.round, e.sample) for e in batch] == [
        ("c2", 1, 0),
        ("c2", 1, 1),
        ("c1", 1, 0),
        ("c1", 1, 1),
    ]


def test_a_round_waits_for_all_of_the_last_one() -> None:
    beam = beam_search()
    first, second = expansions(beam)
    beam.tell(first.id, answered(first))
    assert beam.ask() == ()
    beam.tell(second.id, None)
    assert [e.round for e in expansions(beam)] == [1, 1]


def test_parents_stay_until_better_states_exist() -> None:
    beam = beam_search()
    play_round(beam, 0.5, 0.9)
    play_round(beam, 0.1, 0.2, 0.7, 0.3)
    assert ids(beam.beam()) == ["c2", "c5"]


def test_ends_after_the_last_round() -> None:
    beam = beam_search()
    n_expansions = 0
    while batch := expansions(beam):
        n_expansions += len(batch)
        for expansion in batch:
            beam.tell(expansion.id, answered(expansion))
    assert n_expansions == beam.n_max == 2 * (2 * 2 + 1)
    assert beam.stop_reason is StopReason.ROUNDS


def test_a_round_without_states_drafts_again() -> None:
    beam = beam_search()
    for expansion in expansions(beam):
        beam.tell(expansion.id, None)
    assert [(e.parent, e.round) for e in expansions(beam)] == [(None, 1), (None, 1)]


def test_a_satisfied_critic_retires_a_state() -> None:
    beam = beam_search()
    first, second = expansions(beam)
    beam.tell(first.id, state("c1", process=5, satisfied=True))
    beam.tell(second.id, state("c2", process=1))
    assert ids(beam.beam()) == ["c2"]
    assert len(beam.ranking()) == 2


def test_ties_go_to_the_earlier_one_whatever_the_order_of_tells() -> None:
    config = replace(CONFIG, samples_per_round=12)
    forward, backward = beam_search(config), beam_search(config)
    for expansion in expansions(forward):
        forward.tell(expansion.id, answered(expansion))
    for expansion in reversed(expansions(backward)):
        backward.tell(expansion.id, answered(expansion))
    assert ids(forward.beam()) == ids(backward.beam()) == ["c1", "c2"]
    assert ids(backward.ranking()) == [f"c{n}" for n in range(1, 13)]


def test_the_initial_body_is_a_state_like_any_other() -> None:
    beam = beam_search()
    present = state("c0", reward=1.0)
    beam.begin(present)
    review, first, second = beam.ask()
    assert review == Review(candidate=present)
    assert isinstance(first, Expansion)
    assert isinstance(second, Expansion)
    beam.tell(first.id, answered(first, reward=0.1))
    beam.tell(second.id, answered(second, reward=0.2))
    assert beam.ask() == ()
    beam.tell_critique(present.id, Critique(text="Fine.", process_reward=5))
    assert ids(beam.beam()) == ["c0", "c2"]


def test_every_candidate_is_reviewed_once_and_the_round_waits_for_it() -> None:
    beam = beam_search()
    first, second = expansions(beam)
    found = answered(first, process=None)
    beam.tell(first.id, found)
    assert beam.best() == found
    assert beam.ask() == (Review(candidate=found),)
    beam.tell(second.id, answered(second, process=4))
    assert beam.ask() == ()
    beam.tell_critique(found.id, Critique(text="Hm.", process_reward=5))
    assert ids(beam.beam()) == ["c1", "c2"]
    assert len(expansions(beam)) == 4


def test_a_critique_that_could_not_be_had_is_not_asked_for_again() -> None:
    beam = beam_search()
    first, second = expansions(beam)
    beam.tell(first.id, answered(first, process=None))
    beam.tell(second.id, answered(second, process=2))
    assert len(beam.ask()) == 1
    beam.tell_critique(CandidateId("c1"), None)
    assert ids(beam.beam()) == ["c1", "c2"]
    assert len(expansions(beam)) == 4


def test_telling_twice_changes_nothing_and_a_twin_is_no_second_state() -> None:
    beam = beam_search()
    first, second = expansions(beam)
    found = answered(first, reward=1.0)
    beam.tell(first.id, found)
    beam.tell(first.id, answered(first, reward=2.0))
    beam.tell(second.id, found)
    assert beam.ranking() == (found,)
    assert [e.round for e in expansions(beam)] == [1, 1]


def accepted(name: str) -> Candidate:
    return state(name, process=4, passed=(True,))


def test_a_find_ends_the_search_at_once() -> None:
    beam = beam_search()
    first, _ = expansions(beam)
    beam.tell(first.id, accepted("c1"))
    assert beam.stop_reason is StopReason.ACCEPTED
    assert beam.ask() == ()


def test_a_find_may_wait_for_its_round() -> None:
    beam = beam_search(replace(CONFIG, finish_round=True))
    first, second = expansions(beam)
    beam.tell(first.id, accepted("c1"))
    assert beam.stop_reason is None
    assert beam.ask() == ()
    beam.tell(second.id, None)
    assert beam.stop_reason is StopReason.ACCEPTED
    assert beam.ask() == ()


def test_only_what_beats_the_present_body_is_a_find() -> None:
    beam = beam_search()
    beam.begin(state("c0", passed=(True,), process=5, seconds=0.001))
    works = beam.ask()
    ids_ = [work.id for work in works if isinstance(work, Expansion)]
    beam.tell(ids_[0], state("c1", passed=(True,), process=5, seconds=0.002))
    assert beam.stop_reason is None
    beam.tell(ids_[1], state("c2", passed=(True,), process=5, seconds=0.0005))
    assert beam.stop_reason is StopReason.ACCEPTED


PAPER = SearchConfig(samples_per_round=20, beam_width=3, max_rounds=5)


def test_the_paper_s_search_is_640_calls() -> None:
    """2N(KT + 1), one of two being a review."""
    beam = BeamSearch(PAPER, order=quality)
    n_calls = 0
    while works := beam.ask():
        n_calls += len(works)
        for work in works:
            match work:
                case Expansion():
                    beam.tell(work.id, answered(work, process=None))
                case Review(candidate=candidate):
                    beam.tell_critique(
                        candidate.id, Critique(text="Hm.", process_reward=3)
                    )
                case Contest():
                    raise AssertionError("the paper knows no judge")
    assert n_calls == 2 * 20 * (3 * 5 + 1) == 640
    assert beam.stop_reason is StopReason.ROUNDS


DRAFTS = (
    # Process reward, outcome reward, share of cases passed, and q by hand:
    state("c1", process=4, reward=0.2, passed=(True, False, False)),  # .375 + .05
    state("c2", process=2, reward=1.6, passed=(True, True, True)),  # .125 + .4
    state("c3", process=5, reward=0.0, passed=(False, False, False)),  # .5 + 0
    state("c4", process=3, reward=0.8, passed=(True, True, False)),  # .25 + .2
)


def test_a_hand_worked_round_in_both_orders() -> None:
    config = SearchConfig(samples_per_round=4, beam_width=3, max_rounds=1)
    beams = {"orps": quality, "orps-code": code_order}
    expanded: dict[str, list[str]] = {}
    for name, order in beams.items():
        beam = BeamSearch(config, order=order)
        for expansion, draft in zip(expansions(beam), DRAFTS, strict=True):
            beam.tell(expansion.id, draft)
        parents = [e.parent.id for e in expansions(beam) if e.parent]
        expanded[name] = list(dict.fromkeys(parents))
        assert ids(beam.ranking()) == ["c2", "c4", "c1", "c3"]
    assert expanded == {
        "orps": ["c2", "c3", "c4"],
        "orps-code": ["c3", "c1", "c4"],
    }


def test_nothing_is_best_before_there_is_something() -> None:
    assert beam_search().best() is None


_configs = st.builds(
    SearchConfig,
    samples_per_round=st.integers(1, 4),
    beam_width=st.integers(1, 3),
    max_rounds=st.integers(0, 3),
)


# The machine may be busy with other things: a slow example is no failure.
@settings(deadline=None, max_examples=60)
@given(config=_configs, data=st.data())
def test_any_order_and_any_failures_end_within_the_bound(
    config: SearchConfig, data: st.DataObject
) -> None:
    beam = beam_search(config)
    n_expansions, told = 0, 0
    asked: set[ExpansionId] = set()
    while batch := expansions(beam):
        n_expansions += len(batch)
        assert asked.isdisjoint(e.id for e in batch)
        asked |= {e.id for e in batch}
        for expansion in data.draw(st.permutations(batch)):
            assert beam.ask() == ()
            succeeds = data.draw(st.booleans())
            process = data.draw(st.sampled_from([1, 3, 5]))
            found = answered(expansion, process=process) if succeeds else None
            beam.tell(expansion.id, found)
            told += found is not None
            assert len(beam.ranking()) == told
    n, k, t = config.samples_per_round, config.beam_width, config.max_rounds
    assert n_expansions <= beam.n_max == n * (k * t + 1)
    assert beam.stop_reason is StopReason.ROUNDS


# The machine may be busy with other things: a slow example is no failure.
@settings(deadline=None, max_examples=60)
@given(
    states=st.lists(
        st.builds(
            state,
            st.from_regex(r"c[1-9][0-9]?", fullmatch=True).map(CandidateId),
            process=st.sampled_from([None, 1, 3, 5]),
            reward=st.sampled_from([0.0, 0.5, 1.0]),
            passed=st.lists(st.booleans(), min_size=1, max_size=2),
            seconds=st.sampled_from([None, 0.1, 0.2]),
        ),
        unique_by=lambda found: found.id,
        max_size=8,
    ),
    data=st.data(),
)
def test_ranking_does_not_depend_on_order(
    states: list[Candidate], data: st.DataObject
) -> None:
    one, other = beam_search(), beam_search()
    for found in states:
        one.tell(ExpansionId(0), found)
    for found in data.draw(st.permutations(states)):
        other.tell(ExpansionId(0), found)
    assert one.ranking() == other.ranking()
    assert one.beam() == other.beam()
