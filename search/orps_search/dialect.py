"""What a chat-completions endpoint understands, learned from what it refuses.

"OpenAI-compatible" endpoints differ in optional parameters. A request begins with
all of them; each one that a refusal names is left out, or renamed, from then on.
"""

import re
from dataclasses import dataclass, replace
from typing import Any

from orps_search.endpoint_faults import EndpointFailure
from orps_search.model import ReplySchema

_REFUSALS = {400, 405, 415, 422, 501}
"""Statuses with which endpoints answer to a parameter that they do not know."""

_VAGUE = {400, 422}
"""Those that some endpoints send with no word about which parameter it was."""

MAX_STEPS = 6
"""No dialect can be simplified more often than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    stream: bool = True
    stream_usage: bool = True
    """`stream_options`, without which a stream tells no usage."""
    limit_parameter: str | None = "max_tokens"
    temperature: bool = True
    seed: bool = True
    response_format: bool = True
    """A JSON schema that replies are held to."""

    def parameters(
        self,
        *,
        max_output_tokens: int,
        temperature: float | None,
        seed: int | None,
        schema: ReplySchema | None = None,
    ) -> dict[str, Any]:
        parameters: dict[str, Any] = {"stream": True} if self.stream else {}
        if self.stream and self.stream_usage:
            parameters["stream_options"] = {"include_usage": True}
        if self.limit_parameter is not None:
            parameters[self.limit_parameter] = max_output_tokens
        if self.temperature and temperature is not None:
            parameters["temperature"] = temperature
        if self.seed and seed is not None:
            parameters["seed"] = seed
        if self.response_format and schema is not None:
            named = {"name": schema.name, "schema": schema.schema, "strict": True}
            parameters["response_format"] = {
                "type": "json_schema",
                "json_schema": named,
            }
        return parameters

    def without(self, failure: EndpointFailure) -> "Dialect | None":
        """What to speak after this refusal; `None` if no parameter is to blame."""
        if failure.is_empty_stream and self.stream:
            return replace(self, stream=False)
        if failure.status not in _REFUSALS:
            return None
        if self.stream_usage and _names("stream_options", failure):
            return replace(self, stream_usage=False)
        if self.limit_parameter and self._blames_limit(failure):
            return self._with_next_limit(failure)
        for name in ("response_format", "temperature", "seed", "stream"):
            if getattr(self, name) and _names(name, failure):
                return replace(self, **{name: False})
        return None

    def plainest(self, failure: EndpointFailure) -> "Dialect | None":
        """Nothing but model and messages: for a refusal that says not what it is about.

        `None` where that was said, or cannot be said more plainly.
        """
        plain = Dialect(
            stream=False,
            stream_usage=False,
            limit_parameter=None,
            temperature=False,
            seed=False,
            response_format=False,
        )
        is_vague = failure.status in _VAGUE and not failure.is_context_too_long
        return plain if is_vague and self != plain else None

    def _blames_limit(self, failure: EndpointFailure) -> bool:
        if failure.is_context_too_long:
            return _REPLY_LIMIT.search(failure.message) is not None
        return bool(self.limit_parameter) and _names(self.limit_parameter, failure)

    def _with_next_limit(self, failure: EndpointFailure) -> "Dialect":
        if failure.is_context_too_long or self.limit_parameter != "max_tokens":
            # Prompt and limit together exceed a small context. Without a limit the
            # reply gets what the prompt leaves, if the prompt alone fits.
            return replace(self, limit_parameter=None)
        # Newer models of OpenAI's know the limit only by its newer name.
        return replace(self, limit_parameter="max_completion_tokens")


_SCHEMA = re.compile(
    r"response_format|json_?\s?schema|structured.?output|grammar|guided", re.IGNORECASE
)
"""How endpoints complain about a schema, whatever they make of it."""

_STREAM = re.compile(r"\bstream(?:ing|ed)?\b", re.IGNORECASE)

_REPLY_LIMIT = re.compile(r"\bcompletion\b|\bmax_(?:completion_)?tokens\b")
"""How a complaint about the context says that the reply's limit is a part of it."""


def _names(parameter: str, failure: EndpointFailure) -> bool:
    match parameter:
        case "response_format":
            pattern = _SCHEMA
        case "stream":
            pattern = _STREAM
        case _:
            pattern = re.compile(rf"\b{parameter}\b")
    return pattern.search(failure.message) is not None
