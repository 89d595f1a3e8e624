"""A judge between the two best classes: asked last, in both orders, and never a gate."""

import pytest

from orps_search.config import Budget, SearchConfig
from orps_search.events import SearchResult
from orps_search.journal.codec import decode, encode
from orps_search.journal.entries import ToldWinner
from orps_search.journal.fold import fold
from orps_search.judge_replies import parse_judgement
from orps_search.model import ModelSettings
from orps_search.openai_model import OpenAIModel
from orps_search.proposer import CallKind, Judgement, MalformedReply
from orps_search.roles import ModelCritic, ModelJudge, ModelProgrammer
from orps_search.run import run_search
from support.journals import MemoryJournal
from support.replay_answers import Answer, ChatRequest, Fault
from support.replay_endpoint import ReplayEndpoint
from support.searching import RIGHT, WRONG, Events, FakeExecutor, problem

ODD = "def double(x):\n    return x * 2 if x in (0, 1, 'ab') else x\n"
MARK = "in (0, 1, 'ab')"


@pytest.mark.parametrize(
    ("reply", "is_first"),
    [
        ("Because.\nBetter: A", True),
        ("Better: B\n", False),
        ("**Better:** **B**", False),
        ("better: attempt a", True),
        ("The better is B.", False),
        ("You ask for Better: A or B.\nBetter: B", False),
        ("Better: A\nNo, wait.\nBetter: B", False),
        ("<think>Better: A</think>\nBetter: B", False),
    ],
)
def test_judgements_are_read(reply: str, *, is_first: bool):
    assert parse_judgement(reply) == Judgement(is_first=is_first)


@pytest.mark.parametrize("reply", ["", "Both.", "Better: A or B", "A better one: none"])
def test_what_names_neither_is_asked_for_again(reply: str):
    assert isinstance(parse_judgement(reply), MalformedReply)


class Court:
    """Two drafts that differ beyond the tests, and a judge that answers by content."""

    def __init__(self, verdict: Answer | None = None) -> None:
        self._verdict = verdict
        self.asked: list[ChatRequest] = []
        self._codes = [ODD, RIGHT]

    def __call__(self, request: ChatRequest) -> Answer:
        if request.role == "programmer":
            code = self._codes.pop(0) if self._codes else WRONG
            return f"So.\n```python\n{code}```\n"
        if request.role == "critic":
            return "Fine.\nScore: 4/5\nAccept: yes\n"
        self.asked.append(request)
        if self._verdict is not None:
            return self._verdict
        attempt_a = request.prompt.split("## Attempt A")[1].split("## Attempt B")[0]
        return "Better: B" if MARK in attempt_a else "Better: A"


async def search(
    court: Court,
    *,
    judges: bool = True,
    journal: MemoryJournal | None = None,
    past: MemoryJournal | None = None,
) -> SearchResult:
    with ReplayEndpoint(court) as endpoint:
        settings = ModelSettings(base_url=endpoint.url, model="m", retry_seconds=0.001)
        async with OpenAIModel(settings, environment={}) as model:
            return await run_search(
                problem(),
                programmer=ModelProgrammer(model),
                critic=ModelCritic(model),
                judge=ModelJudge(model),
                executor=FakeExecutor(),
                config=SearchConfig(in_flight=1, judges=judges),
                budget=Budget(max_requests=60, max_tokens=None),
                publish=Events(),
                journal=journal,
                past=fold(past.records) if past else None,
            )


async def test_it_is_asked_once_in_each_order_with_an_input_that_tells_them_apart():
    court, journal = Court(), MemoryJournal()
    found = await search(court, journal=journal)
    assert len(court.asked) == 2
    assert found.usage.by_kind[CallKind.JUDGEMENT].requests == 2
    assert MARK not in found.ranking[0].code
    assert found.ranking[0].outcome.all_passed
    first, second = (request.prompt for request in court.asked)
    assert first != second
    assert "## Where they differ" in first
    state = fold(journal.records)
    assert state.spent[CallKind.JUDGEMENT].requests == 2
    assert state.contests == ()
    told = [
        each.entry for each in journal.records if isinstance(each.entry, ToldWinner)
    ]
    assert {each.winner for each in told} == {found.ranking[0].id}


@pytest.mark.parametrize(
    "verdict", ["Better: A", Fault.CONTENT_FILTER, "Neither.", "Better: B"]
)
async def test_a_judge_of_habits_or_without_words_changes_nothing(verdict: Answer):
    ranked = await search(Court(verdict))
    unjudged = await search(Court(), judges=False)
    assert [each.code for each in ranked.ranking] == [
        each.code for each in unjudged.ranking
    ]
    assert [each.outcome.all_passed for each in ranked.ranking[:2]] == [True, True]


async def test_nobody_is_asked_where_nobody_wants_it():
    court = Court()
    found = await search(court, judges=False)
    assert court.asked == []
    assert CallKind.JUDGEMENT not in found.usage.by_kind


async def test_a_search_that_was_killed_between_two_judgements_asks_for_the_other():
    whole = MemoryJournal()
    found = await search(Court(), journal=whole)
    idx = next(
        idx
        for idx, record in enumerate(whole.records)
        if isinstance(record.entry, ToldWinner)
    )
    cut = MemoryJournal(lines=whole.lines[: idx + 1])
    court = Court()
    again = await search(court, past=cut)
    assert len(court.asked) <= 1
    assert again.usage.by_kind[CallKind.JUDGEMENT].requests == 2
    assert [each.code for each in again.ranking] == [
        each.code for each in found.ranking
    ]
    assert decode(encode(whole.records[idx])) == whole.records[idx]
