"""What a chat model is to the search: messages in, one reply out."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from orps_search.proposer import Usage

_CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplySchema:
    """The form of a reply as JSON, for endpoints that can be held to one."""

    name: str
    schema: Mapping[str, object]


class FinishReason(enum.Enum):
    STOP = "stop"
    LENGTH = "length"
    """The reply was cut off: by the token limit, or by the connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    text: str
    usage: Usage
    finish: FinishReason = FinishReason.STOP
    thinking: str = ""
    """What a thinking model sent apart from its answer."""


class ChatModel(Protocol):
    """Answers messages, or raises `ModelError`."""

    @property
    def name(self) -> str: ...

    @property
    def prompt_tokens(self) -> int:
        """How long a prompt may be so that the reply still has room."""
        ...

    @property
    def max_output_tokens(self) -> int: ...

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        seed: int | None = None,
        schema: ReplySchema | None = None,
    ) -> Reply:
        """`schema` is a wish: where the endpoint knows none, the text format holds."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """One model behind one endpoint that speaks the chat-completions API."""

    base_url: str
    """Up to and with `/v1`, such as `http://127.0.0.1:11434/v1`."""
    model: str
    api_key_env: str = "OPENAI_API_KEY"
    """The *name* of the variable that holds the key; loopback needs none."""
    max_output_tokens: int = 4096
    context_tokens: int = 32_768
    """Prompt and reply together; prompts are shortened to fit."""
    temperature: float | None = None
    """`None` leaves it to the endpoint."""
    timeout_seconds: float = 120.0
    """For one answer to begin, and between two pieces of it."""
    concurrency: int = 4
    max_retries: int = 3
    retry_seconds: float = 0.5
    """The pause before the first retry; it doubles with each further one."""
    ca_bundle: Path | None = None
    extra_headers: Mapping[str, str] = field(default_factory=dict[str, str])


def estimated_tokens(text: str) -> int:
    """About four characters a token: for endpoints that count none themselves."""
    return len(text) // _CHARACTERS_PER_TOKEN + 1


def worst_tokens(text: str) -> int:
    """More than any usual tokenizer makes of a text, whatever its language."""
    return len(text.encode()) // 3 + 8


def characters(tokens: int) -> int:
    """How long a text of so many tokens is, about."""
    return tokens * _CHARACTERS_PER_TOKEN


def worst_case(model: ChatModel, messages: Sequence[Message]) -> Usage:
    """What one call may spend at most."""
    return Usage(
        requests=1,
        input_tokens=sum(worst_tokens(message.content) for message in messages),
        output_tokens=model.max_output_tokens,
    )
