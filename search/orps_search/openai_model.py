"""A chat model behind an OpenAI-compatible endpoint, by way of the `openai` client.

The only module that knows that client. Importing it takes about a second, so it is
imported at the first request, in a thread. Retries are our own: they are bounded,
honour `Retry-After`, and end when the caller's scope is cancelled.
"""

import json
import os
import random
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast
from urllib.parse import urlsplit

import anyio

from orps_search.dialect import MAX_STEPS, Dialect
from orps_search.endpoint_faults import (
    EndpointFailure,
    missing_key,
    model_error,
    pause_seconds,
    retry_after_seconds,
)
from orps_search.errors import ModelRefused, ModelRejected, ModelUnavailable
from orps_search.gathered_answer import GatheredAnswer
from orps_search.model import Message, ModelSettings, Reply, ReplySchema

if TYPE_CHECKING:
    from openai import APIError, AsyncOpenAI

_CONNECT_SECONDS = 10.0
_LEAST_PROMPT_TOKENS = 1_024
_MOST_CHARACTERS_PER_TOKEN = 32
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_NO_KEY = "none"
_SERVER_ERROR = 500


_Wishes = tuple[int | None, ReplySchema | None]
"""A seed and a schema, as far as the endpoint knows these."""


class OpenAIModel:
    """Answers messages; one instance per model, used from one event loop.

    `async with` it, or call `aclose`, so that its connections are closed.
    """

    def __init__(
        self, settings: ModelSettings, *, environment: Mapping[str, str] = os.environ
    ) -> None:
        self._settings = settings
        self._key = environment.get(settings.api_key_env) or None
        self._limiter = anyio.CapacityLimiter(settings.concurrency)
        self._connecting = anyio.Lock()
        self._client: AsyncOpenAI | None = None
        self._dialect = Dialect()

    @property
    def name(self) -> str:
        return self._settings.model

    @property
    def prompt_tokens(self) -> int:
        room = self._settings.context_tokens - self._settings.max_output_tokens
        return max(_LEAST_PROMPT_TOKENS, room)

    @property
    def _most_characters(self) -> int:
        """What no reply within its limit has: the endpoint ignores the limit."""
        return _MOST_CHARACTERS_PER_TOKEN * self._settings.max_output_tokens

    @property
    def max_output_tokens(self) -> int:
        return self._settings.max_output_tokens

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        seed: int | None = None,
        schema: ReplySchema | None = None,
    ) -> Reply:
        """Raise `ModelError` when there is no reply within the retries."""
        async with self._limiter:
            client = await self._connected()
            return await self._complete(client, messages, (seed, schema))

    async def list_models(self) -> tuple[str, ...]:
        """The endpoint's models by name, in its own order."""
        client = await self._connected()
        from openai import APIError  # noqa: PLC0415 - see the module's docstring

        try:
            page = await client.models.list()
            return tuple(model.id for model in page.data)
        except APIError as error:
            failure = self._failure(error)
        except (AttributeError, TypeError):
            # The client does not validate; a page that is HTML has no `data`.
            failure = EndpointFailure(
                trouble="not-json", message="not a list of models"
            )
        raise self._error(failure)

    async def _complete(
        self, client: "AsyncOpenAI", messages: Sequence[Message], wishes: _Wishes
    ) -> Reply:
        outcome = await self._exchange(client, messages, wishes)
        for attempt in range(self._settings.max_retries):
            if isinstance(outcome, Reply) or not outcome.is_retryable:
                break
            pause = pause_seconds(
                outcome,
                attempt=attempt,
                first_pause=self._settings.retry_seconds,
                jitter=random.random(),  # noqa: S311 - spreads load, hides nothing
            )
            await anyio.sleep(pause)
            outcome = await self._exchange(client, messages, wishes)
        if isinstance(outcome, Reply):
            return outcome
        raise self._error(outcome)

    async def _exchange(
        self, client: "AsyncOpenAI", messages: Sequence[Message], wishes: _Wishes
    ) -> Reply | EndpointFailure:
        """One request, repeated only while the endpoint refuses a parameter."""
        for _ in range(MAX_STEPS):
            used = self._dialect
            outcome = await self._request(client, messages, wishes, used)
            simpler = None if isinstance(outcome, Reply) else used.without(outcome)
            if simpler is None and wishes[1] and _may_be_the_schema(outcome, used):
                simpler = replace(used, response_format=False)
            if simpler is None:
                if isinstance(outcome, Reply):
                    return outcome
                return await self._plainly(client, messages, wishes, used, outcome)
            self._dialect = simpler
        return await self._request(client, messages, wishes, self._dialect)

    async def _plainly(
        self,
        client: "AsyncOpenAI",
        messages: Sequence[Message],
        wishes: _Wishes,
        used: Dialect,
        failure: EndpointFailure,
    ) -> Reply | EndpointFailure:
        """Once more with fewer parameters, if the refusal may be about one of them.

        Only what was answered is kept: a refusal may also be about the messages.
        """
        plainest = used.plainest(failure)
        if plainest is None:
            return failure
        if used != self._dialect:
            # Another request has found out meanwhile what is understood.
            return await self._request(client, messages, wishes, self._dialect)
        steps = [plainest]
        if wishes[1] and used.response_format:
            steps.insert(0, replace(used, response_format=False))
        for simpler in steps:
            outcome = await self._request(client, messages, wishes, simpler)
            if isinstance(outcome, Reply):
                self._dialect = simpler
                return outcome
        return failure

    async def _request(
        self,
        client: "AsyncOpenAI",
        messages: Sequence[Message],
        wishes: _Wishes,
        dialect: Dialect,
    ) -> Reply | EndpointFailure:
        from openai import APIError  # noqa: PLC0415 - see the module's docstring

        parameters = dialect.parameters(
            max_output_tokens=self._settings.max_output_tokens,
            temperature=self._settings.temperature,
            seed=wishes[0],
            schema=wishes[1],
        )
        create = cast("Any", client.chat.completions.create)
        answer = GatheredAnswer()
        try:
            response = await create(
                model=self._settings.model,
                messages=[_wire_message(message) for message in messages],
                **parameters,
            )
            if dialect.stream:
                async with response:
                    async for chunk in response:
                        answer.add(chunk)
                        if answer.n_characters > self._most_characters:
                            break
            else:
                answer.add(response)
        except APIError as error:
            return self._failure(error)
        except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
            return EndpointFailure(trouble="not-json", message=str(error))
        if not answer.n_choices:
            return EndpointFailure(
                trouble="empty" if answer.is_document else "not-json",
                message=answer.complaint or "the answer holds no choices",
                is_empty_stream=dialect.stream,
            )
        if answer.refusal is not None:
            raise ModelRefused(
                f"{self.name} declines to answer: {answer.refusal}", kind="modelRefused"
            )
        return answer.reply(messages, streamed=dialect.stream)

    async def _connected(self) -> "AsyncOpenAI":
        _check_url(self._settings.base_url)
        if self._key is None and not _is_loopback(self._settings.base_url):
            raise missing_key(self._settings)
        async with self._connecting:
            if self._client is None:
                self._client = await anyio.to_thread.run_sync(self._new_client)
            return self._client

    def _new_client(self) -> "AsyncOpenAI":
        """Runs in a thread: it imports the client and reads certificates."""
        from openai import (  # noqa: PLC0415 - see the module's docstring
            AsyncOpenAI,
            DefaultAsyncHttpxClient,
            Timeout,
        )

        settings = self._settings
        verify: bool | ssl.SSLContext = True
        if settings.ca_bundle is not None:
            verify = _trusting(settings.ca_bundle)
        # A proxy from the environment cannot reach this machine's own loopback.
        trust_env = not _is_loopback(settings.base_url)
        return AsyncOpenAI(
            api_key=self._key or _NO_KEY,
            base_url=settings.base_url,
            default_headers=dict(settings.extra_headers),
            max_retries=0,
            timeout=Timeout(settings.timeout_seconds, connect=_CONNECT_SECONDS),
            http_client=DefaultAsyncHttpxClient(verify=verify, trust_env=trust_env),
        )

    def _failure(self, error: "APIError") -> EndpointFailure:
        from openai import (  # noqa: PLC0415 - see the module's docstring
            APIConnectionError,
            APIResponseValidationError,
            APIStatusError,
            APITimeoutError,
        )

        message = self._without_key(_words(error))
        match error:
            case APIStatusError():
                retry_after = error.response.headers.get("retry-after")
                return EndpointFailure(
                    trouble="status",
                    message=message,
                    status=error.status_code,
                    code=error.code,
                    retry_after_seconds=retry_after_seconds(
                        retry_after, datetime.now(UTC)
                    ),
                )
            case APITimeoutError():
                return EndpointFailure(trouble="timeout", message=message)
            case APIResponseValidationError():
                return EndpointFailure(trouble="not-json", message=message)
            case APIConnectionError():
                causes = list(_causes(error))
                is_tls = any(isinstance(cause, ssl.SSLError) for cause in causes)
                root = self._without_key(str(causes[-1]) or message)
                return EndpointFailure(
                    trouble="tls" if is_tls else "connection", message=root
                )
            case _:
                # An error in the middle of a stream comes without a status.
                return EndpointFailure(trouble="empty", message=message)

    def _without_key(self, text: str) -> str:
        return text if self._key is None else text.replace(self._key, "***")

    def _error(self, failure: EndpointFailure) -> Exception:
        return model_error(failure, self._settings, has_key=self._key is not None)


def _may_be_the_schema(outcome: Reply | EndpointFailure, used: Dialect) -> bool:
    """Some endpoints break over a schema rather than refuse it."""
    if isinstance(outcome, Reply) or not used.response_format:
        return False
    return outcome.status is not None and outcome.status >= _SERVER_ERROR


def _trusting(ca_bundle: Path) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(ca_bundle))
    except (OSError, ssl.SSLError) as error:
        message = f"The CA bundle {ca_bundle} cannot be used: {error}"
        raise ModelUnavailable(message, kind="tls") from error


def _words(error: "APIError") -> str:
    """The endpoint's own message; the client's text repeats status and document."""
    body = cast("Any", error.body)
    match body:
        case (
            {"message": str(message)}
            | {"error": str(message)}
            | {"detail": str(message)}
        ):
            return message
        case {"detail": _}:
            # FastAPI lists what it does not like about a body.
            return json.dumps(body["detail"])
        case _:
            return error.message


def _wire_message(message: Message) -> dict[str, str]:
    return {"role": message.role, "content": message.content}


def _check_url(base_url: str) -> None:
    try:
        parts = urlsplit(base_url)
        _ = parts.port
    except ValueError as error:
        raise _no_url(base_url, str(error)) from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise _no_url(base_url, "it has to begin with http:// or https:// and a host")


def _no_url(base_url: str, reason: str) -> ModelRejected:
    message = f"The base URL {base_url!r} (--base-url) is not valid: {reason}."
    return ModelRejected(message, kind="badEndpoint")


def _is_loopback(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    return host in _LOOPBACK or host.startswith("127.")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what caused it, and so on to the root."""
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__
