"""A person's words on a candidate bring other versions of it, and a kill loses nothing."""

from dataclasses import replace

import pytest

from orps_search.candidate import CandidateId
from orps_search.config import Budget, SearchConfig
from orps_search.events import SearchResult, StopReason
from orps_search.journal.codec import JournalFault, encode
from orps_search.journal.entries import Advice, Called, Record
from orps_search.journal.fold import fold
from orps_search.journal.playback import ranking
from orps_search.policies import POLICIES
from orps_search.proposer import Expansion, Usage
from orps_search.run import run_search
from support.journals import MemoryJournal
from support.searching import (
    RIGHT,
    Events,
    FakeCritic,
    FakeExecutor,
    FakeProgrammer,
    problem,
)

ONE = Usage(requests=1, input_tokens=10, output_tokens=5)
BUDGET = Budget(max_requests=12, max_tokens=None, max_seconds=None)
MORE = Budget(max_requests=30, max_tokens=None, max_seconds=None)
CONFIG = SearchConfig(samples_per_round=2, beam_width=1, max_rounds=1, in_flight=1)
WORDS = "Twice means plus itself, not a constant."


def heeding(expansion: Expansion) -> str:
    """Wrong, until somebody says how it should be."""
    critique = expansion.parent.critique if expansion.parent else None
    if critique and critique.text == WORDS:
        return RIGHT
    return f"def double(x):\n    return {expansion.id}\n"


class Search:
    def __init__(self, policy: str) -> None:
        self.config = replace(CONFIG, policy=policy)
        self.programmer = FakeProgrammer(script=heeding, cost=ONE)
        self.journal = MemoryJournal()

    async def play(
        self,
        past: list[Record] | None = None,
        advice: Advice | None = None,
        budget: Budget = BUDGET,
    ) -> SearchResult:
        self.journal.lines = [encode(record) for record in past or ()]
        return await run_search(
            problem(),
            programmer=self.programmer,
            critic=FakeCritic(cost=ONE),
            executor=FakeExecutor(),
            config=self.config,
            budget=budget,
            publish=Events(),
            journal=self.journal,
            past=fold(past) if past else None,
            advice=advice,
        )


def on(candidate: str) -> Advice:
    return Advice(candidate=CandidateId(candidate), text=WORDS, n_samples=2)


@pytest.mark.parametrize("policy", POLICIES)
async def test_words_on_a_candidate_of_an_ended_search_are_heeded(policy: str):
    search = Search(policy)
    before = await search.play()
    assert not before.ranking[0].outcome.all_passed
    worst = before.ranking[-1].id
    records = search.journal.records

    after = await search.play(records, on(worst), MORE)
    assert after.stop_reason is StopReason.SOLVED
    best = after.ranking[0]
    assert best.outcome.all_passed
    assert best.parent == worst
    # What was found before is still there.
    assert {each.id for each in before.ranking} <= {each.id for each in after.ranking}
    state = fold(search.journal.records)
    said = state.candidates[worst].critique
    assert said
    assert said.text == WORDS
    assert [each.id for each in ranking(state)] == [each.id for each in after.ranking]


async def test_killed_while_heeding_it_heeds_on():
    search = Search("opal")
    await search.play()
    ended = search.journal.records
    first = next(iter(fold(ended).candidates))
    wanted = await search.play(ended, on(first), MORE)
    records = search.journal.records
    for n_kept in range(len(ended) + 2, len(records)):
        again = Search("opal")
        found = await again.play(records[:n_kept], None, MORE)
        assert [each.code for each in found.ranking] == [
            each.code for each in wanted.ranking
        ], n_kept
        n_before = sum(isinstance(each.entry, Called) for each in records[:n_kept])
        n_all = sum(isinstance(each.entry, Called) for each in records)
        assert len(again.programmer.asked) <= n_all - n_before


async def test_words_on_nobody_are_a_fault():
    search = Search("orps")
    await search.play()
    with pytest.raises(JournalFault, match="no candidate c99"):
        await search.play(search.journal.records, on("c99"))
