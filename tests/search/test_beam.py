"""The policy as a state machine: rounds, beams, order, and any order of tells."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from orps_search.beam import BeamSearch
from orps_search.candidate import Candidate, CandidateId
from orps_search.config import SearchConfig
from orps_search.proposer import Expansion, ExpansionId
from support.searching import state

CONFIG = SearchConfig(samples_per_round=2, beam_width=2, max_rounds=2)


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
    batch = beam.ask()
    for expansion, reward in zip(batch, rewards, strict=True):
        beam.tell(expansion.id, answered(expansion, reward=reward))
    return batch


def ids(states: tuple[Candidate, ...]) -> list[str]:
    return [state.id for state in states]


def test_round_zero_drafts_from_the_root() -> None:
    batch = BeamSearch(CONFIG).ask()
    assert [(e.parent, e.round, e.sample) for e in batch] == [
        (None, 0, 0),
        (None, 0, 1),
    ]


def test_later_rounds_expand_each_beam() -> None:
    beam = BeamSearch(CONFIG)
    play_round(beam, 0.1, 0.2)
    batch = beam.ask()
    assert [(e.parent.id if e.parent else None, e.round, e.sample) for e in batch] == [
        ("c2", 1, 0),
        ("c2", 1, 1),
        ("c1", 1, 0),
        ("c1", 1, 1),
    ]


def test_a_round_waits_for_all_of_the_last_one() -> None:
    beam = BeamSearch(CONFIG)
    first, second = beam.ask()
    beam.tell(first.id, answered(first))
    assert beam.ask() == ()
    beam.tell(second.id, None)
    assert [e.round for e in beam.ask()] == [1, 1]


def test_parents_stay_until_better_states_exist() -> None:
    beam = BeamSearch(CONFIG)
    play_round(beam, 0.5, 0.9)
    play_round(beam, 0.1, 0.2, 0.7, 0.3)
    assert ids(beam.beam()) == ["c2", "c5"]


def test_ends_after_the_last_round() -> None:
    beam = BeamSearch(CONFIG)
    n_expansions = 0
    while batch := beam.ask():
        n_expansions += len(batch)
        for expansion in batch:
            beam.tell(expansion.id, answered(expansion))
    assert n_expansions == beam.n_max == 2 * (2 * 2 + 1)
    assert beam.is_done


def test_a_round_without_states_drafts_again() -> None:
    beam = BeamSearch(CONFIG)
    for expansion in beam.ask():
        beam.tell(expansion.id, None)
    assert [(e.parent, e.round) for e in beam.ask()] == [(None, 1), (None, 1)]


def test_a_satisfied_critic_retires_a_state() -> None:
    beam = BeamSearch(CONFIG)
    first, second = beam.ask()
    beam.tell(first.id, state("c1", process=5, satisfied=True))
    beam.tell(second.id, state("c2", process=1))
    assert ids(beam.beam()) == ["c2"]
    assert len(beam.ranking()) == 2


def test_ties_go_to_the_earlier_one_whatever_the_order_of_tells() -> None:
    config = replace(CONFIG, samples_per_round=12)
    forward, backward = BeamSearch(config), BeamSearch(config)
    for expansion in forward.ask():
        forward.tell(expansion.id, answered(expansion))
    for expansion in reversed(backward.ask()):
        backward.tell(expansion.id, answered(expansion))
    assert ids(forward.beam()) == ids(backward.beam()) == ["c1", "c2"]
    assert ids(backward.ranking()) == [f"c{n}" for n in range(1, 13)]


def test_the_initial_body_is_a_state_like_any_other() -> None:
    beam = BeamSearch(CONFIG)
    beam.record(state("c0", process=5, reward=1.0))
    play_round(beam, 0.1, 0.2)
    assert ids(beam.beam()) == ["c0", "c2"]


def test_a_critique_may_come_later() -> None:
    beam = BeamSearch(CONFIG)
    first, second = beam.ask()
    beam.record(answered(first, process=None))
    assert beam.best() == answered(first, process=None)
    beam.tell(second.id, answered(second, process=4))
    beam.tell(first.id, answered(first, process=5))
    assert ids(beam.beam()) == ["c1", "c2"]


def test_telling_twice_changes_nothing_and_late_tells_are_kept() -> None:
    beam = BeamSearch(CONFIG)
    first, second = beam.ask()
    beam.tell(first.id, answered(first, reward=1.0))
    beam.tell(first.id, answered(first, reward=2.0))
    beam.tell(second.id, None)
    beam.ask()
    beam.tell(second.id, answered(second, reward=3.0))
    assert [found.outcome_reward for found in beam.ranking()] == [3.0, 1.0]
    assert beam.ask() == ()


def test_nothing_is_best_before_there_is_something() -> None:
    assert BeamSearch(CONFIG).best() is None


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
    beam = BeamSearch(config)
    n_expansions, told = 0, 0
    asked: set[ExpansionId] = set()
    while batch := beam.ask():
        n_expansions += len(batch)
        assert asked.isdisjoint(e.id for e in batch)
        asked |= {e.id for e in batch}
        for expansion in data.draw(st.permutations(batch)):
            assert beam.ask() == ()
            succeeds = data.draw(st.booleans())
            process = data.draw(st.sampled_from([None, 1, 3, 5]))
            found = answered(expansion, process=process) if succeeds else None
            beam.tell(expansion.id, found)
            told += found is not None
            assert len(beam.ranking()) == told
    n, k, t = config.samples_per_round, config.beam_width, config.max_rounds
    assert n_expansions <= beam.n_max == n * (k * t + 1)
    assert beam.is_done


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
    one, other = BeamSearch(CONFIG), BeamSearch(CONFIG)
    for found in states:
        one.record(found)
    for found in data.draw(st.permutations(states)):
        other.record(found)
    assert one.ranking() == other.ranking()
    assert one.beam() == other.beam()
