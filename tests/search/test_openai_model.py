"""The real client against a real server, well-behaved and not."""

import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Self

import anyio
import pytest

from orps_search.critique_replies import CRITIQUE_SCHEMA
from orps_search.errors import (
    ModelError,
    ModelRefused,
    ModelRejected,
    ModelUnavailable,
)
from orps_search.model import FinishReason, Message, ModelSettings, Reply
from orps_search.openai_model import OpenAIModel
from orps_search.proposer import Usage
from support.replay_answers import Answer, ChatRequest, Fault, Scripted
from support.replay_endpoint import API_KEY, ReplayEndpoint

ASKED = (
    Message(role="system", content="Be brief."),
    Message(role="user", content="Say hello to me."),
)


class Conversation:
    """A model connected to a scripted endpoint."""

    def __init__(self, *script: Answer, **endpoint: Any) -> None:
        self._script = script
        self._endpoint = endpoint
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self.endpoint = self._stack.enter_context(
            ReplayEndpoint(self._script, **self._endpoint)
        )
        self.model = await self._stack.enter_async_context(self._connected({}))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    def _connected(self, environment: dict[str, str], **fields: Any) -> OpenAIModel:
        fields = {"model": "replay", "retry_seconds": 0.001, **fields}
        settings = ModelSettings(base_url=self.endpoint.url, **fields)
        return OpenAIModel(settings, environment=environment)

    async def another(
        self, environment: dict[str, str] | None = None, **fields: Any
    ) -> OpenAIModel:
        return await self._stack.enter_async_context(
            self._connected(environment or {}, **fields)
        )

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [request.body for request in self.endpoint.requests]


async def ask(*script: Answer, **endpoint: Any) -> Reply:
    async with Conversation(*script, **endpoint) as talk:
        return await talk.model.complete(ASKED)


async def ask_in_vain(*script: Answer, **endpoint: Any) -> ModelError:
    async with Conversation(*script, **endpoint) as talk:
        with pytest.raises(ModelError) as caught:
            await talk.model.complete(ASKED)
        return caught.value


async def test_streamed_reply_with_usage() -> None:
    text = "Hello. " * 50
    async with Conversation(text) as talk:
        reply = await talk.model.complete(ASKED, seed=7)
    assert reply.text == text
    assert reply.finish is FinishReason.STOP
    assert reply.usage == Usage(requests=1, input_tokens=6, output_tokens=50)
    (body,) = talk.bodies
    assert body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Say hello to me."},
    ]
    assert body["model"] == "replay"
    assert body["seed"] == 7
    assert body["max_tokens"] == talk.model.max_output_tokens
    assert "temperature" not in body


async def test_usage_is_estimated_where_none_is_told() -> None:
    reply = await ask(Scripted(text="x" * 400, with_usage=False))
    # Nine and sixteen characters asked, 400 answered; about four a token.
    assert reply.usage == Usage(requests=1, input_tokens=8, output_tokens=101)


async def test_thinking_is_kept_apart() -> None:
    for ignore_stream in (False, True):
        reply = await ask(
            Scripted(text="4", thinking="2 + 2", ignore_stream=ignore_stream)
        )
        assert (reply.text, reply.thinking) == ("4", "2 + 2")


async def test_a_cut_off_reply_is_still_a_reply() -> None:
    reply = await ask(Scripted(text="Once upon", finish="length"))
    assert (reply.text, reply.finish) == ("Once upon", FinishReason.LENGTH)


async def test_a_reply_without_end_is_cut_off() -> None:
    async with Conversation("bla " * 100_000) as talk:
        model = await talk.another(max_output_tokens=10)
        reply = await model.complete(ASKED)
    assert reply.finish is FinishReason.LENGTH
    assert len(reply.text) < 1_000


async def test_refused_parameters_are_left_out_from_then_on() -> None:
    refused = ["stream_options", "max_tokens", "seed"]
    async with Conversation("a", "b", refused_parameters=refused) as talk:
        assert (await talk.model.complete(ASKED, seed=1)).text == "a"
        n_learning = len(talk.bodies)
        assert (await talk.model.complete(ASKED, seed=1)).text == "b"
    assert n_learning == 4
    assert len(talk.bodies) == n_learning + 1
    assert "max_completion_tokens" in talk.bodies[-1]


async def test_an_endpoint_that_cannot_stream() -> None:
    assert (await ask("Hello.", refused_parameters=["stream"])).text == "Hello."
    assert (await ask(Scripted(text="Hello.", ignore_stream=True))).text == "Hello."


@pytest.mark.parametrize(
    "fault",
    [
        Fault.RATE_LIMITED,
        Fault.SERVER_ERROR,
        Fault.DROPPED,
        Fault.TRUNCATED,
        Fault.ERROR_IN_STREAM,
    ],
)
async def test_a_passing_fault_is_retried(fault: Fault) -> None:
    assert (await ask(fault, fault, "Hello.")).text == "Hello."


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.RATE_LIMITED, "rateLimited"),
        (Fault.SERVER_ERROR, "badEndpoint"),
        (Fault.DROPPED, "badEndpoint"),
        (Fault.TRUNCATED, "badEndpoint"),
        (Fault.NO_CHOICES, "badEndpoint"),
    ],
)
async def test_retries_are_bounded(fault: Fault, kind: str) -> None:
    async with Conversation(fault) as talk:
        with pytest.raises(ModelUnavailable) as caught:
            await talk.model.complete(ASKED)
    assert caught.value.kind == kind
    assert 4 <= len(talk.bodies) <= 5


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (Fault.UNAUTHORIZED, "auth", "OPENAI_API_KEY"),
        (Fault.NO_SUCH_MODEL, "badEndpoint", "'replay'"),
        (Fault.CONTEXT_TOO_LONG, "contextTooLong", "4096"),
    ],
)
async def test_a_lasting_fault_is_told_at_once(
    fault: Fault, kind: str, words: str
) -> None:
    async with Conversation(fault) as talk:
        with pytest.raises(ModelRejected, match=words) as caught:
            await talk.model.complete(ASKED)
    assert caught.value.kind == kind
    assert len(talk.bodies) == 1


async def test_a_refusal_without_a_reason_is_tried_once_more_plainly() -> None:
    async with Conversation(Fault.INVALID, "Hello.") as talk:
        assert (await talk.model.complete(ASKED, seed=1)).text == "Hello."
        await talk.model.complete(ASKED, seed=1)
        n_full, *plain = (len(body) for body in talk.bodies)
    assert n_full > 2
    # The model and the messages, from then on.
    assert plain == [2, 2]


async def test_a_schema_is_the_first_thing_to_go_without() -> None:
    async with Conversation(Fault.INVALID, "Score: 4/5") as talk:
        await talk.model.complete(ASKED, schema=CRITIQUE_SCHEMA)
        asked, again = talk.bodies
    assert asked.keys() - again.keys() == {"response_format"}


async def test_a_refusal_of_the_messages_leaves_the_parameters_alone() -> None:
    async with Conversation(Fault.INVALID, Fault.INVALID, "Hello.") as talk:
        with pytest.raises(ModelRejected, match="no such field") as caught:
            await talk.model.complete(ASKED, seed=1)
        assert len(talk.bodies) == 2
        await talk.model.complete(ASKED, seed=1)
    assert caught.value.kind == "badEndpoint"
    assert talk.bodies[2].keys() == talk.bodies[0].keys()


async def test_what_one_request_found_out_serves_those_beside_it() -> None:
    """Four that were sent before anybody knew what this endpoint understands."""

    def answer(request: ChatRequest) -> Answer:
        return Fault.INVALID if len(request.body) > 2 else "Hello."

    replies: list[str] = []
    with ReplayEndpoint(answer) as endpoint:
        settings = ModelSettings(base_url=endpoint.url, model="m", concurrency=4)
        async with OpenAIModel(settings, environment={}) as model:

            async def ask_again() -> None:
                replies.append((await model.complete(ASKED, seed=1)).text)

            async with anyio.create_task_group() as tasks:
                for _ in range(4):
                    tasks.start_soon(ask_again)
    assert replies == ["Hello."] * 4


async def test_json_that_nests_for_ever_is_no_reply() -> None:
    error = await ask_in_vain(Fault.NESTED)
    assert error.kind == "badEndpoint"
    assert "sent no chat completion" in str(error)


@pytest.mark.parametrize("fault", [Fault.ERROR_DOCUMENT, Fault.ERROR_IN_STREAM])
async def test_an_error_without_a_status_is_quoted(fault: Fault) -> None:
    error = await ask_in_vain(fault)
    assert error.kind == "badEndpoint"
    assert "the model is overloaded" in str(error)
    assert "Cannot reach" not in str(error)


async def test_html_is_no_reply() -> None:
    error = await ask_in_vain(Fault.HTML)
    assert error.kind == "badEndpoint"
    assert "--base-url" in str(error)


async def test_a_filtered_reply_is_refused() -> None:
    error = await ask_in_vain(Fault.CONTENT_FILTER)
    assert isinstance(error, ModelRefused)
    assert error.kind == "modelRefused"


async def test_nobody_listens() -> None:
    with socket.socket() as taken:
        # Bound but not listening: nothing else can answer on this port.
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        settings = ModelSettings(base_url=url, model="m", max_retries=0)
        async with OpenAIModel(settings) as model:
            with pytest.raises(ModelUnavailable, match="Cannot reach") as caught:
                await model.complete(ASKED)
    assert caught.value.kind == "badEndpoint"


@pytest.mark.parametrize(
    "base_url",
    ["http://[::1", "http://host:port/v1", "nonsense", "localhost:8080/v1", "http://"],
)
async def test_a_url_that_is_none(base_url: str) -> None:
    async with OpenAIModel(ModelSettings(base_url=base_url, model="m")) as model:
        with pytest.raises(ModelRejected, match=r"--base-url.* not valid"):
            await model.complete(ASKED)


async def test_an_answer_that_does_not_come() -> None:
    async with Conversation(Fault.HANG) as talk:
        impatient = await talk.another(timeout_seconds=0.05, max_retries=0)
        with pytest.raises(ModelUnavailable, match=r"within 0\.05 s"):
            await impatient.complete(ASKED)


async def test_a_key_is_asked_for_before_anything_is_sent_abroad() -> None:
    settings = ModelSettings(
        base_url="https://models.invalid/v1", model="m", api_key_env="MY_KEY"
    )
    async with OpenAIModel(settings, environment={"MY_KEY": ""}) as model:
        with pytest.raises(ModelRejected, match="MY_KEY") as caught:
            await model.complete(ASKED)
    assert caught.value.kind == "noApiKey"


async def test_the_key_is_sent_and_never_told() -> None:
    async with Conversation("Hello.", require_key=True) as talk:
        knowing = await talk.another({"MY_KEY": API_KEY}, api_key_env="MY_KEY")
        assert (await knowing.complete(ASKED)).text == "Hello."
        wrong = await talk.another({"MY_KEY": "Incorrect"}, api_key_env="MY_KEY")
        with pytest.raises(ModelRejected) as caught:
            await wrong.complete(ASKED)
    assert caught.value.kind == "auth"
    assert "MY_KEY" in str(caught.value)
    # The endpoint's message quotes the key's only word; it is masked.
    assert "Incorrect" not in str(caught.value)


async def test_list_models() -> None:
    async with Conversation("", models=["small", "large"], require_key=True) as talk:
        model = await talk.another({"OPENAI_API_KEY": API_KEY})
        assert await model.list_models() == ("small", "large")
        with pytest.raises(ModelRejected):
            await talk.model.list_models()


async def test_a_base_url_without_its_last_part() -> None:
    async with Conversation("Hello.") as talk:
        url = talk.endpoint.url.removesuffix("/v1")
        async with OpenAIModel(ModelSettings(base_url=url, model="m")) as model:
            with pytest.raises(ModelRejected, match="--base-url"):
                await model.complete(ASKED)
            with pytest.raises(ModelRejected, match="--base-url"):
                await model.list_models()
        async with OpenAIModel(ModelSettings(base_url=url, model="")) as model:
            with pytest.raises(ModelRejected, match=r"lists no models.*--model"):
                await model.list_models()


async def test_a_ca_bundle_that_is_none(tmp_path: Path) -> None:
    async with Conversation("Hello.") as talk:
        trusting = await talk.another(ca_bundle=tmp_path / "missing.pem")
        with pytest.raises(ModelUnavailable, match=r"missing\.pem") as caught:
            await trusting.complete(ASKED)
    assert caught.value.kind == "tls"


async def test_requests_wait_for_their_turn() -> None:
    async with Conversation(Scripted(text="Hello.", delay_seconds=0.05)) as talk:
        single = await talk.another(concurrency=1)
        n_open = 0
        replies: list[str] = []

        async def complete() -> None:
            replies.append((await single.complete(ASKED)).text)

        async with anyio.create_task_group() as tasks:
            for _ in range(3):
                tasks.start_soon(complete)
            while len(replies) < 3:
                n_open = max(n_open, len(talk.bodies) - len(replies))
                await anyio.lowlevel.checkpoint()
    # One is answered, and the next may have been sent already.
    assert n_open <= 2


async def test_cancelling_hangs_up() -> None:
    async with Conversation(Fault.HANG) as talk:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(talk.model.complete, ASKED)
            while not talk.bodies:
                await anyio.lowlevel.checkpoint()
            tasks.cancel_scope.cancel()
        with anyio.fail_after(5):
            while not talk.endpoint.n_hung_up:
                await anyio.lowlevel.checkpoint()


def test_importing_the_module_does_not_import_the_client() -> None:
    search = Path(__file__).parents[2] / "search"
    assert search.is_dir()
    code = "import sys, orps_search.openai_model; sys.exit('openai' in sys.modules)"
    command: Sequence[str] = (sys.executable, "-c", code)
    assert subprocess.run(command, check=False).returncode == 0


async def test_a_schema_is_sent_where_the_endpoint_knows_one() -> None:
    async with Conversation('{"critique": "Good.", "score": 4}') as talk:
        await talk.model.complete(ASKED, schema=CRITIQUE_SCHEMA)
        await talk.model.complete(ASKED)
        asked, plain = talk.bodies
    assert asked["response_format"]["type"] == "json_schema"
    wanted = asked["response_format"]["json_schema"]
    assert wanted["schema"]["required"] == ["critique", "score", "accept"]
    assert "response_format" not in plain


@pytest.mark.parametrize(
    ("script", "endpoint"),
    [
        (("Score: 4/5",), {"refused_parameters": ["response_format"]}),
        ((Fault.SERVER_ERROR, "Score: 4/5"), {}),
    ],
)
async def test_an_endpoint_without_schemas_is_asked_in_plain_text(
    script: tuple[Answer, ...], endpoint: dict[str, Any]
) -> None:
    async with Conversation(*script, **endpoint) as talk:
        first = await talk.model.complete(ASKED, schema=CRITIQUE_SCHEMA)
        second = await talk.model.complete(ASKED, schema=CRITIQUE_SCHEMA)
        formats = ["response_format" in body for body in talk.bodies]
    assert first.text == second.text == "Score: 4/5"
    assert formats == [True, False, False]
