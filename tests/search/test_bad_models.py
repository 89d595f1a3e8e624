"""Models that are no help: each search ends with a clear reason, within its budget.

Over the real client and a real endpoint. What a model takes minutes for elsewhere, it
takes fractions of a second for here.
"""

from collections.abc import Callable
from dataclasses import replace

import anyio
import pytest

from orps_search.config import Budget, SearchConfig
from orps_search.errors import ModelError
from orps_search.events import ReplyRejected, SearchResult, StopReason
from orps_search.model import ModelSettings
from orps_search.openai_model import OpenAIModel
from orps_search.policies import POLICIES
from orps_search.roles import ModelCritic, ModelProgrammer
from orps_search.run import run_search
from support.replay_answers import Answer, ChatRequest, Scripted
from support.replay_endpoint import ReplayEndpoint
from support.searching import (
    HALF_RIGHT,
    RIGHT,
    WRONG,
    Events,
    FakeExecutor,
    problem,
)

CONFIG = SearchConfig(samples_per_round=2, beam_width=1, max_rounds=2)
BUDGET = Budget(max_requests=20, max_tokens=100_000, max_seconds=30)
ENDS = {
    StopReason.EXHAUSTED,
    StopReason.GIVEN_UP,
    StopReason.ROUNDS,
    StopReason.REQUESTS,
}
"""What a person is told when nothing passes: each says what to do about it."""
SEARCHING = ["opal", "orps", "orps-code", "reflexion", "rex"]


def coded(code: str) -> str:
    return f"Let me see.\n\n```python\n{code}```\n"


async def search(
    answer: Callable[[ChatRequest], Answer],
    policy: str = "opal",
    *,
    budget: Budget = BUDGET,
    timeout_seconds: float = 5.0,
    events: Events | None = None,
) -> tuple[SearchResult, int]:
    """The result, and how many requests the endpoint saw."""
    with ReplayEndpoint(answer) as endpoint:
        settings = ModelSettings(
            base_url=endpoint.url,
            model="bad",
            retry_seconds=0.001,
            timeout_seconds=timeout_seconds,
        )
        async with OpenAIModel(settings, environment={}) as model:
            result = await run_search(
                problem(),
                programmer=ModelProgrammer(model),
                critic=ModelCritic(model),
                executor=FakeExecutor(),
                config=replace(CONFIG, policy=policy),
                budget=budget,
                publish=events or Events(),
            )
        return result, len(endpoint.requests)


def nonsense(request: ChatRequest) -> Answer:
    """Writes something that half works; reviews with words that mean nothing."""
    if request.role == "critic":
        return "Blue seven, and the moon. Score: eleven out of yes $$ \x00 ```"
    return coded(HALF_RIGHT)


@pytest.mark.parametrize("policy", SEARCHING)
async def test_a_critic_that_answers_nonsense(policy: str) -> None:
    result, n_requests = await search(nonsense, policy)
    assert n_requests <= 20
    assert result.stop_reason in ENDS
    (best,) = result.ranking
    assert best.outcome.n_passed == 2
    # Its words are kept, and no score is made of them.
    if best.critique is not None:
        assert best.critique.process_reward is None
        assert not best.critique.satisfied


@pytest.mark.parametrize("policy", sorted(POLICIES))
@pytest.mark.parametrize("code", [WRONG, RIGHT])
async def test_a_model_that_writes_the_same_for_ever(policy: str, code: str) -> None:
    def same(request: ChatRequest) -> Answer:
        return "Again.\nScore: 3/5" if request.role == "critic" else coded(code)

    result, n_requests = await search(same, policy)
    assert n_requests <= 20
    assert len(result.ranking) == result.usage.executions == 1
    if policy == "opal":
        right, wrong = StopReason.CONVERGED, StopReason.GIVEN_UP
        assert result.stop_reason is (right if code == RIGHT else wrong)


@pytest.mark.parametrize("policy", SEARCHING)
async def test_a_model_that_refuses(policy: str) -> None:
    refusals = "I'm sorry, but I can't help with that."
    events = Events()
    result, n_requests = await search(lambda _: refusals, policy, events=events)
    assert n_requests <= 20
    assert result.ranking == ()
    assert result.stop_reason in ENDS
    assert {event.reason for event in events.of(ReplyRejected)} == {
        "it holds no Python block"
    }


async def test_a_model_that_refuses_after_a_first_answer() -> None:
    first = iter([coded(HALF_RIGHT)])
    result, _ = await search(lambda _: next(first, "No."))
    assert [candidate.outcome.n_passed for candidate in result.ranking] == [2]
    assert result.stop_reason in ENDS


@pytest.mark.parametrize("policy", SEARCHING)
async def test_a_model_that_is_slower_than_the_search_may_be(policy: str) -> None:
    """A reply takes a fifth of the time there is; as 60 s of 300 s would."""
    budget = replace(BUDGET, max_seconds=1.0)

    def slow(request: ChatRequest) -> Answer:
        text = "Hm.\nScore: 2/5" if request.role == "critic" else coded(HALF_RIGHT)
        return Scripted(text=text, delay_seconds=0.2)

    with anyio.fail_after(10):
        result, _ = await search(slow, policy, budget=budget)
    assert result.stop_reason in {
        StopReason.SECONDS,
        StopReason.GIVEN_UP,
        StopReason.ROUNDS,
    }
    assert [candidate.outcome.n_passed for candidate in result.ranking] == [2]


async def test_a_model_that_never_answers_in_time() -> None:
    def silent(_: ChatRequest) -> Answer:
        return Scripted(text="Too late.", delay_seconds=3.0)

    budget = replace(BUDGET, max_seconds=0.5)
    with anyio.fail_after(10):
        result, _ = await search(silent, budget=budget)
    assert result.stop_reason is StopReason.SECONDS
    assert result.ranking == ()
    with anyio.fail_after(10), pytest.raises(ModelError, match="time"):
        await search(silent, timeout_seconds=0.05)
