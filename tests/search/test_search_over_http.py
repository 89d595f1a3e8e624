"""A whole search with the model roles over the real client and a replayed endpoint."""

import json
import subprocess
import sys
from pathlib import Path

import anyio
import pytest

from orps_search.config import Budget, SearchConfig
from orps_search.errors import ModelRejected
from orps_search.events import ReplyRejected, SearchResult, StopReason
from orps_search.model import Message, ModelSettings
from orps_search.openai_model import OpenAIModel
from orps_search.problem import Problem
from orps_search.roles import ModelCritic, ModelProgrammer
from orps_search.run import run_search
from support.replay_answers import Answer, ChatRequest, Fault, Scripted
from support.replay_endpoint import ReplayEndpoint
from support.replay_recordings import Recordings, recorded_task
from support.searching import (
    HALF_RIGHT,
    RIGHT,
    STUB,
    WRONG,
    Events,
    FakeExecutor,
    problem,
)

CONFIG = SearchConfig(
    policy="orps-code", samples_per_round=1, beam_width=1, max_rounds=2
)
BUDGET = Budget(max_requests=20, max_tokens=100_000, max_seconds=30)


def coded(code: str, prose: str = "Let me see.") -> str:
    return f"{prose}\n\n```python\n{code}```\n"


DOUBLE = problem()


async def search(
    endpoint: ReplayEndpoint, events: Events, asked: Problem = DOUBLE
) -> SearchResult:
    settings = ModelSettings(base_url=endpoint.url, model="replay", retry_seconds=0.001)
    async with OpenAIModel(settings, environment={}) as model:
        return await run_search(
            asked,
            programmer=ModelProgrammer(model),
            critic=ModelCritic(model),
            executor=FakeExecutor(),
            config=CONFIG,
            budget=BUDGET,
            publish=events,
        )


async def test_draft_critique_repair() -> None:
    script: list[Answer] = [
        coded(WRONG, "Once will do."),
        "It returns x itself, which is not twice x.\n\nScore: 2/5\nAccept: no",
        Scripted(text=coded(RIGHT, "Then twice."), thinking="The reviewer is right."),
        "Score: 5/5\nAccept: yes",
    ]
    with ReplayEndpoint(script) as endpoint:
        result = await search(endpoint, Events())
        drafting, reviewing, repairing, _ = endpoint.requests
    assert result.stop_reason is StopReason.ACCEPTED
    best, first = result.ranking
    assert (best.parent, best.reasoning) == (first.id, "Then twice.")
    assert best.critique is not None
    assert best.critique.satisfied
    assert first.critique is not None
    assert first.critique.process_reward == 2
    assert result.usage.calls.requests == 4
    assert result.usage.calls.output_tokens > 0
    assert [r.role for r in endpoint.requests] == ["programmer", "critic"] * 2
    assert "Once will do." in reviewing.prompt
    assert "1 of 3 cases pass." in reviewing.prompt
    assert "It returns x itself" in repairing.prompt
    assert "It returns x itself" not in drafting.prompt


async def test_an_answer_that_is_all_thinking_is_read_there() -> None:
    script = [
        Scripted(text="", thinking=coded(RIGHT, "Twice.")),
        Scripted(text=" ", thinking="Right.\n\nScore: 5/5\nAccept: yes"),
    ]
    with ReplayEndpoint(script) as endpoint:
        result = await search(endpoint, Events())
    assert result.stop_reason is StopReason.ACCEPTED
    assert result.ranking[0].reasoning == "Twice."
    assert len(endpoint.requests) == 2


async def test_prose_is_asked_once_for_code() -> None:
    script: list[Answer] = ["Sure, happy to help!", coded(RIGHT), "Score: 5/5"]
    events = Events()
    with ReplayEndpoint(script) as endpoint:
        result = await search(endpoint, events)
        again = endpoint.requests[1].body["messages"]
    assert result.stop_reason is StopReason.ACCEPTED
    assert [message["role"] for message in again[2:]] == ["assistant", "user"]
    assert "no Python block" in again[3]["content"]
    assert events.of(ReplyRejected) == []


async def test_a_reply_without_room_for_code_is_told_to_be_shorter() -> None:
    cut_off = Scripted(text="```python\ndef double(x):\n    return (", finish="length")
    with ReplayEndpoint([cut_off, coded(RIGHT), "Score: 5/5"]) as endpoint:
        await search(endpoint, Events())
        again = endpoint.requests[1].body["messages"]
    assert "cut off" in again[3]["content"]


async def test_a_prompt_that_is_too_long_is_shortened_once() -> None:
    wide = problem(context="# context\n" * 1_000)
    script: list[Answer] = [Fault.CONTEXT_TOO_LONG, coded(RIGHT), "Score: 5/5"]
    with ReplayEndpoint(script) as endpoint:
        result = await search(endpoint, Events(), wide)
        lengths = [len(request.prompt) for request in endpoint.requests]
    assert result.stop_reason is StopReason.ACCEPTED
    assert lengths[1] < 0.6 * lengths[0]


async def test_a_model_that_finds_every_prompt_too_long() -> None:
    with (
        ReplayEndpoint([Fault.CONTEXT_TOO_LONG]) as endpoint,
        pytest.raises(ModelRejected, match="too long") as caught,
    ):
        await search(endpoint, Events())
    assert caught.value.kind == "contextTooLong"


async def test_the_endpoint_dies_in_the_middle() -> None:
    with ReplayEndpoint([coded(HALF_RIGHT), Fault.DROPPED]) as endpoint:
        result = await search(endpoint, Events())
    assert result.stop_reason is StopReason.MODEL
    assert result.failure is not None
    assert "Cannot reach" in result.failure
    assert [candidate.outcome.n_passed for candidate in result.ranking] == [2]


PROBLEM_ROW = {
    "task_id": "T/1",
    "entry_point": "double",
    "visible_tests": ["assert double(1) == 2"],
}
REPLAY_ROW = {
    "task_id": "T/1",
    "samples": [STUB.replace("...", "return x")],
    "repairs": [
        {"parent": {"sample": 0}, "code": HALF_RIGHT, "thought": "Multiply."},
        {"parent": {"repair": 0}, "code": RIGHT},
    ],
}


async def test_recordings_are_played_along_their_chain() -> None:
    recordings = Recordings([recorded_task(PROBLEM_ROW, REPLAY_ROW)])
    with ReplayEndpoint(recordings.answer) as endpoint:
        result = await search(endpoint, Events())
    assert result.stop_reason is StopReason.ACCEPTED
    assert [c.outcome.n_passed for c in result.ranking] == [3, 2, 1]
    rewards = [c.critique.process_reward for c in result.ranking if c.critique]
    assert rewards == [5, 3, 2]
    assert result.ranking[1].reasoning == "Multiply."


def asked(prompt: str) -> ChatRequest:
    body = {"messages": [{"role": "user", "content": prompt}]}
    return ChatRequest(body=body, headers={})


def test_recordings_know_their_task_by_its_tests() -> None:
    other = {
        **PROBLEM_ROW,
        "task_id": "T/2",
        "visible_tests": ["assert double(2) == 9"],
    }
    rows = [
        recorded_task(PROBLEM_ROW, {"samples": ["first"]}),
        recorded_task(other, {"samples": ["second", "third"]}),
    ]
    recordings = Recordings(rows)
    prompt = "def double(x): ...\nassert double(2) == 9"
    drafts = [recordings.answer(asked(prompt)) for _ in range(3)]
    assert [str(draft).split()[1] for draft in drafts] == ["second", "third", "second"]
    assert recordings.answer(asked("def triple(x): ...")) is Fault.SERVER_ERROR


async def greeting(url: str) -> str:
    settings = ModelSettings(base_url=url, model="m", retry_seconds=0.001)
    async with OpenAIModel(settings, environment={}) as model:
        return (await model.complete([Message(role="user", content="Hi.")])).text


def test_the_endpoint_as_a_process(tmp_path: Path) -> None:
    replies = tmp_path / "replies.jsonl"
    lines = [{"fault": "server-error"}, {"text": "Hello.", "role": "programmer"}]
    replies.write_text("\n".join(map(json.dumps, lines)))
    process = subprocess.Popen(
        [sys.executable, "-m", "support.replay_endpoint", "--replies", str(replies)],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert anyio.run(greeting, url) == "Hello."
        process.stdin.close()
        assert process.wait(timeout=10) == 0
