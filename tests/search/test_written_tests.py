"""Tests that a model writes: read, kept as evidence, counted, and never a gate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orps_search.config import Budget, SearchConfig
from orps_search.events import SearchResult, StopReason
from orps_search.journal.fold import fold
from orps_search.model import ModelSettings
from orps_search.openai_model import OpenAIModel
from orps_search.proposer import CallKind, MalformedReply, WrittenTests
from orps_search.roles import ModelCritic, ModelProgrammer, ModelTester
from orps_search.run import run_search
from orps_search.selection.reliability import weights
from orps_search.written_tests import parse_tests
from support.journals import MemoryJournal
from support.replay_answers import Answer, ChatRequest, Fault
from support.replay_endpoint import ReplayEndpoint
from support.searching import RIGHT, Events, FakeExecutor, problem

ODD = "def double(x):\n    return x * 2 if x in (0, 1, 'ab') else x\n"
TESTS = """\
Here they are.
```python
assert double(7) == 14
assert double([3]) == [3, 3]
assert double(9) == 17
```
"""


@pytest.mark.parametrize(
    ("reply", "expressions"),
    [
        (TESTS, ("double(7) == 14", "double([3]) == [3, 3]", "double(9) == 17")),
        ("assert double(1) == 2", ("double(1) == 2",)),
        (
            "<think>assert double(1) == 3</think>assert double(1) == 2",
            ("double(1) == 2",),
        ),
        (
            "```python\ndef test_it():\n    assert double(2) == 4, 'no'\n```",
            ("double(2) == 4",),
        ),
        # Cut off in the middle; what is whole counts.
        ("```python\nassert double(2) == 4\nassert double(3", ("double(2) == 4",)),
        (
            "```python\nassert all(double(n) == n + n for n in range(3))\n```",
            ("all((double(n) == n + n for n in range(3)))",),
        ),
        (
            "```python\nassert double(2) == 4\nassert double(2) == 4\n```",
            ("double(2) == 4",),
        ),
    ],
)
def test_assertions_are_read(reply: str, expressions: tuple[str, ...]):
    assert parse_tests(reply, problem()) == WrittenTests(expressions=expressions)


@pytest.mark.parametrize(
    "reply",
    [
        "I cannot.",
        "",
        "assert triple(1) == 3",
        "```python\nx = 3\nassert double(x) == 6\n```",
        "```python\nassert helper(double(1)) == 2\n```",
    ],
)
def test_what_is_no_test_of_the_target_is_asked_for_again(reply: str):
    assert isinstance(parse_tests(reply, problem()), MalformedReply)


class Spoken:
    """Answers programmers in order, and the tester with one text."""

    def __init__(self, *codes: str, tests: Answer = TESTS) -> None:
        self._codes = list(codes)
        self._tests = tests
        self.roles: list[str] = []

    def __call__(self, request: ChatRequest) -> Answer:
        self.roles.append(request.role)
        match request.role:
            case "tester":
                return self._tests
            case "critic":
                return "Fine.\nScore: 4/5\nAccept: yes\n"
            case "programmer" | "judge":
                code = self._codes.pop(0) if len(self._codes) > 1 else self._codes[0]
                return f"So.\n```python\n{code}```\n"


async def search(
    spoken: Spoken,
    *,
    writes_tests: bool = True,
    journal: MemoryJournal | None = None,
    past: MemoryJournal | None = None,
    max_requests: int = 20,
) -> SearchResult:
    with ReplayEndpoint(spoken) as endpoint:
        settings = ModelSettings(base_url=endpoint.url, model="m", retry_seconds=0.001)
        async with OpenAIModel(settings, environment={}) as model:
            return await run_search(
                problem(),
                programmer=ModelProgrammer(model),
                critic=ModelCritic(model),
                tester=ModelTester(model),
                executor=FakeExecutor(),
                config=SearchConfig(in_flight=1, writes_tests=writes_tests),
                budget=Budget(max_requests=max_requests),
                publish=Events(),
                journal=journal,
                past=fold(past.records) if past else None,
            )


async def test_they_are_asked_for_once_and_first_and_stand_in_the_ledger():
    spoken = Spoken(RIGHT)
    found = await search(spoken)
    assert spoken.roles[0] == "tester"
    assert spoken.roles.count("tester") == 1
    assert found.usage.by_kind[CallKind.TESTS].requests == 1
    assert sum(each.requests for each in found.usage.by_kind.values()) == len(
        spoken.roles
    )
    assert found.ranking[0].generated == (True, True, False)


async def test_nobody_is_asked_where_nobody_wants_them():
    spoken = Spoken(RIGHT)
    found = await search(spoken, writes_tests=False)
    assert "tester" not in spoken.roles
    assert found.ranking[0].generated == ()


async def test_they_decide_between_classes_and_gate_nothing():
    both = (ODD, RIGHT)
    first = (await search(Spoken(*both), max_requests=3)).ranking
    assert [each.generated for each in first] == [
        (True, True, False),
        (False, False, False),
    ]
    # One test that nothing passes, and one that only the wrong one passes: a wrong
    # tester changes the order, never what passes.
    wrong = "```python\nassert double(9) == 9\nassert double(5) == 0\n```"
    second = (await search(Spoken(*both, tests=wrong), max_requests=3)).ranking
    assert [each.outcome.all_passed for each in second] == [True, True]


@pytest.mark.parametrize("tests", [Fault.CONTENT_FILTER, "I would rather not.", ""])
async def test_a_tester_that_has_nothing_to_say_costs_its_calls_and_no_more(
    tests: Answer,
):
    spoken = Spoken(RIGHT, tests=tests)
    found = await search(spoken)
    assert found.ranking[0].outcome.all_passed
    assert found.stop_reason is not StopReason.MODEL
    assert spoken.roles.count("tester") <= 2


async def test_a_search_that_goes_on_has_its_tests_already():
    first = MemoryJournal()
    found = await search(Spoken(ODD, RIGHT), journal=first, max_requests=2)
    assert found.stop_reason is StopReason.REQUESTS
    state = fold(first.records)
    assert state.spent[CallKind.TESTS].requests == 1
    spoken = Spoken(RIGHT)
    again = await search(spoken, past=first)
    assert "tester" not in spoken.roles
    assert again.usage.by_kind[CallKind.TESTS].requests == 1
    assert {each.generated for each in again.ranking} == {
        (True, True, False),
        (False, False, False),
    }


@given(
    st.lists(
        st.tuples(st.integers(1, 50), st.lists(st.booleans(), min_size=3, max_size=3)),
        min_size=1,
        max_size=8,
    )
)
def test_weights_are_finite_and_without_tests_in_the_order_of_the_samples(
    classes: list[tuple[int, list[bool]]],
):
    samples = [float(n) for n, _ in classes]
    found = weights(samples, [tuple(held) for _, held in classes])
    assert len(found) == len(classes)
    assert all(abs(each) < 1_000 for each in found)
    bare = weights(samples, [() for _ in classes])
    assert sorted(samples) == [n for _, n in sorted(zip(bare, samples, strict=True))]


def test_a_test_counts_as_far_as_the_samples_bear_it_out():
    # The larger class passes the first test, so this one is trusted, and lifts others.
    more, less = weights([5.0, 1.0], [(True,), (False,)])
    alone, other = weights([5.0, 1.0], [(), ()])
    assert more - less > alone - other
    # What nothing passes tells nothing apart.
    same = weights([5.0, 1.0], [(False,), (False,)])
    assert same[0] - same[1] == pytest.approx(alone - other)


def test_between_classes_of_one_size_tests_decide():
    first, second = weights([2.0, 2.0], [(True, True, False), (False, False, False)])
    assert first > second
