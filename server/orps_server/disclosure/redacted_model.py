"""A chat model that is never sent a secret: the last door before the network."""

from collections.abc import Sequence
from dataclasses import replace

from orps_search.model import ChatModel, Message, Reply, ReplySchema
from orps_server.disclosure.redaction import Redactor


class RedactedModel:
    """Redacts every message, whatever it is made of, such as a failing test's words."""

    def __init__(self, model: ChatModel, redactor: Redactor) -> None:
        self._model = model
        self._redactor = redactor

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def prompt_tokens(self) -> int:
        return self._model.prompt_tokens

    @property
    def max_output_tokens(self) -> int:
        return self._model.max_output_tokens

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        seed: int | None = None,
        schema: ReplySchema | None = None,
    ) -> Reply:
        return await self._model.complete(
            redacted(messages, self._redactor), seed=seed, schema=schema
        )


def redacted(messages: Sequence[Message], redactor: Redactor) -> tuple[Message, ...]:
    return tuple(
        replace(message, content=redactor(message.content)) for message in messages
    )
