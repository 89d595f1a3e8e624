"""A search that was killed goes on as if it had not been."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from orps_search.config import Budget, SearchConfig
from orps_search.errors import ModelUnavailable
from orps_search.events import Progressed, SearchResult, StopReason
from orps_search.journal.codec import JournalFault, encode
from orps_search.journal.entries import Asked, Called, Record, Stopped, Told
from orps_search.journal.fold import SearchState, fold
from orps_search.journal.past import past_of
from orps_search.journal.playback import played_back, ranking
from orps_search.policies import POLICIES
from orps_search.proposer import Expansion, MalformedReply, Proposal, Usage
from orps_search.run import run_search
from support.journals import MemoryJournal
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
    problem,
)

ONE = Usage(requests=1, input_tokens=10, output_tokens=5)
UNBOUNDED = Budget(max_requests=None, max_tokens=None, max_seconds=None)
CONFIG = SearchConfig(samples_per_round=2, beam_width=1, max_rounds=2, in_flight=1)
MALFORMED = MalformedReply(reply="Hm.", reason="it holds no Python block")


def by_number(expansion: Expansion) -> Written:
    """The same answer for the same expansion, whoever asks, and some of each kind."""
    constant = f"def double(x):\n    return {expansion.id}\n"
    late = (RIGHT, ALSO_RIGHT) if expansion.id > 6 else (constant, constant)
    kinds = (constant, WRONG, HALF_RIGHT, MALFORMED, WRONG, *late)
    return kinds[expansion.id % len(kinds)]


class Sitting:
    """One go at a search, from the beginning or from records."""

    def __init__(self, config: SearchConfig, budget: Budget = UNBOUNDED) -> None:
        self.config, self.budget = config, budget
        self.journal = MemoryJournal()
        self.programmer = FakeProgrammer(script=by_number, cost=ONE)
        self.critic = FakeCritic(cost=ONE)
        self.executor = FakeExecutor()
        self.events = Events()

    async def play(
        self, past: Sequence[Record] = (), *, initial: str | None = WRONG
    ) -> SearchResult:
        self.journal.lines = [_line(record) for record in past]
        return await run_search(
            problem(),
            programmer=self.programmer,
            critic=self.critic,
            executor=self.executor,
            config=self.config,
            budget=self.budget,
            publish=self.events,
            initial=None if initial is None else Proposal(reasoning="", code=initial),
            journal=self.journal,
            past=fold(past) if past else None,
        )

    @property
    def n_calls(self) -> int:
        return len(self.programmer.asked) + len(self.critic.asked)


def _line(record: Record) -> str:
    return encode(record)


def n_calls(records: Sequence[Record]) -> int:
    return sum(isinstance(record.entry, Called) for record in records)


def codes(result: SearchResult) -> list[str]:
    return [candidate.code for candidate in result.ranking]


@pytest.mark.parametrize("policy", POLICIES)
async def test_killed_after_any_record_it_ends_the_same(policy: str):
    config = replace(CONFIG, policy=policy)
    whole = Sitting(config)
    wanted = await whole.play()
    records = whole.journal.records
    for n_kept in range(1, len(records) + 1):
        again = Sitting(config)
        found = await again.play(records[:n_kept])
        assert codes(found) == codes(wanted), n_kept
        assert found.stop_reason is wanted.stop_reason
        # What was completed is not paid for again; what was in flight is.
        assert again.n_calls == whole.n_calls - n_calls(records[:n_kept])
        assert found.usage.calls == wanted.usage.calls


@pytest.mark.parametrize("policy", POLICIES)
async def test_records_hold_the_ranking_of_every_moment(policy: str):
    sitting = Sitting(replace(CONFIG, policy=policy, in_flight=3))
    await sitting.play()
    shown = [event.ranking for event in sitting.events.of(Progressed)]
    told = [
        idx
        for idx, record in enumerate(sitting.journal.records)
        if type(record.entry).__name__ in {"Told", "ToldCritique"}
    ]
    for idx, expected in zip(told, shown, strict=True):
        policy_then = played_back(fold(sitting.journal.records[: idx + 1]))
        assert policy_then.ranking() == expected


async def test_a_reply_that_was_not_executed_yet_is_not_asked_for_again():
    whole = Sitting(replace(CONFIG, policy="cot"))
    await whole.play(initial=None)
    records = whole.journal.records
    called = next(i for i, r in enumerate(records) if isinstance(r.entry, Called))
    again = Sitting(replace(CONFIG, policy="cot"))
    await again.play(records[: called + 1], initial=None)
    assert again.n_calls == 0
    assert len(again.executor.asked) == 1


async def test_what_the_budget_forbade_is_asked_for_when_there_is_more():
    config = replace(CONFIG, policy="bon", samples_per_round=4)
    first = Sitting(config, Budget(max_requests=2))
    ended = await first.play(initial=None)
    assert ended.stop_reason is StopReason.REQUESTS
    more = Sitting(config, Budget(max_requests=8))
    found = await more.play(first.journal.records, initial=None)
    unbounded = Sitting(config)
    assert codes(found) == codes(await unbounded.play(initial=None))
    assert first.n_calls + more.n_calls == unbounded.n_calls


async def test_a_bound_holds_for_all_sittings_together():
    config = replace(CONFIG, policy="bon", samples_per_round=6)
    first = Sitting(config, Budget(max_requests=2))
    await first.play(initial=None)
    second = Sitting(config, Budget(max_requests=3))
    found = await second.play(first.journal.records, initial=None)
    assert second.n_calls == 1
    assert found.usage.calls.requests == 3
    assert found.stop_reason is StopReason.REQUESTS


async def test_more_rounds_may_be_played():
    first = Sitting(replace(CONFIG, policy="orps", max_rounds=1))
    first.programmer.script = [WRONG, HALF_RIGHT, WRONG]
    await first.play(initial=None)
    more = Sitting(replace(CONFIG, policy="orps", max_rounds=2))
    more.programmer.script = [RIGHT]
    state = fold(first.journal.records)
    assert state.stopped == Stopped(reason=StopReason.ROUNDS)
    found = await resumed_with_rounds(more, first.journal.records, 2)
    assert found.ranking[0].outcome.all_passed
    assert found.ranking[0].round == 2


async def resumed_with_rounds(
    sitting: Sitting, past: Sequence[Record], max_rounds: int
) -> SearchResult:
    state = fold(past)
    sitting.journal.lines = [_line(record) for record in past]
    return await run_search(
        problem(),
        programmer=sitting.programmer,
        critic=sitting.critic,
        executor=sitting.executor,
        config=replace(state.config, max_rounds=max_rounds),
        budget=UNBOUNDED,
        publish=sitting.events,
        journal=sitting.journal,
        past=replace(state, config=replace(state.config, max_rounds=max_rounds)),
    )


async def test_an_endpoint_that_came_back_gets_the_same_question():
    config = replace(CONFIG, policy="bon")
    first = Sitting(config)
    first.programmer.script = [
        WRONG,
        ModelUnavailable("It is down.", kind="badEndpoint"),
    ]
    ended = await first.play(initial=None)
    assert ended.stop_reason is StopReason.MODEL
    again = Sitting(config)
    await again.play(first.journal.records, initial=None)
    assert [expansion.id for expansion, _ in again.programmer.asked] == [2]


async def test_a_policy_that_decides_otherwise_is_a_fault():
    whole = Sitting(replace(CONFIG, policy="orps"))
    await whole.play()
    state = fold(whole.journal.records)
    other = replace(state, config=replace(state.config, samples_per_round=3))
    with pytest.raises(JournalFault, match="decides otherwise"):
        past_of(other)
    # What was found is still shown, in the order that needs no policy.
    assert {each.id for each in ranking(other)} == set(state.candidates)


async def test_a_resumed_search_tells_first_what_it_has():
    whole = Sitting(replace(CONFIG, policy="orps"))
    await whole.play()
    records = whole.journal.records
    middle = len(records) // 2
    again = Sitting(replace(CONFIG, policy="orps"))
    await again.play(records[:middle])
    first = next(iter(again.events.of(Progressed)))
    assert first.n_done == sum(isinstance(r.entry, Told) for r in records[:middle])
    assert {c.id for c in first.ranking} <= set(candidates(fold(records[:middle])))


def candidates(state: SearchState) -> list[str]:
    return list(state.candidates)


async def test_asking_is_written_down_even_if_nothing_was_wanted():
    sitting = Sitting(replace(CONFIG, policy="cot"))
    await sitting.play(initial=None)
    kinds = [type(record.entry) for record in sitting.journal.records]
    assert kinds.count(Asked) == 1
