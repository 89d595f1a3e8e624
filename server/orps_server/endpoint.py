"""Which endpoint and model the settings name."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from orps_search.errors import ModelUnavailable
from orps_search.model import ModelSettings
from orps_search.openai_model import OpenAIModel
from orps_server.settings import LLMSettings

OPENAI_URL = "https://api.openai.com/v1"
MAX_NAMES = 5

_REPLIES_PER_SEARCH = 4
"""So many of the longest replies the budget has to bear: two prompts and two replies."""
_MIN_REPLY_TOKENS = 256
"""Shorter ones hold no function."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    base_url: str
    model: str
    """Empty when the endpoint is to be asked what it has."""


def configured_endpoint(llm: LLMSettings) -> Endpoint | None:
    """`None` means that nobody is configured: the offline proposer's turn."""
    if not (llm.base_url or llm.model):
        return None
    return Endpoint(base_url=llm.base_url or OPENAI_URL, model=llm.model)


async def listed_models(
    llm: LLMSettings, endpoint: Endpoint, environment: Mapping[str, str] = os.environ
) -> tuple[str, ...]:
    """Ask the endpoint what it has; raises `ModelError`."""
    described = model_settings(llm, endpoint, model="")
    async with OpenAIModel(described, environment=environment) as model:
        return await model.list_models()


async def only_model(
    llm: LLMSettings, endpoint: Endpoint, environment: Mapping[str, str] = os.environ
) -> str:
    """The model that an endpoint must mean; raises `ModelError` if there is a choice."""
    names = await listed_models(llm, endpoint, environment)
    if len(names) == 1:
        return names[0]
    how = "name one with --model or orps.llm.model"
    listed = f"lists {len(names)} models" if names else "lists no models"
    shown = ", ".join(names[:MAX_NAMES]) + (", ..." if len(names) > MAX_NAMES else "")
    raise ModelUnavailable(
        f"The endpoint {endpoint.base_url} {listed}; {how}"
        + (f": {shown}." if names else "."),
        kind="badEndpoint",
    )


def model_settings(
    llm: LLMSettings,
    endpoint: Endpoint,
    model: str,
    *,
    max_search_tokens: int | None = None,
) -> ModelSettings:
    """One role's model; programmer and critic share all but its name.

    A request is made only if the budget bears its longest reply. So the replies of a
    search with a small budget are shorter, rather than there being none.
    """
    return ModelSettings(
        base_url=endpoint.base_url,
        model=model,
        api_key_env=llm.api_key_env,
        max_output_tokens=_reply_tokens(llm, max_search_tokens),
        context_tokens=llm.context_tokens,
        temperature=llm.temperature,
        timeout_seconds=llm.timeout_seconds,
        concurrency=llm.concurrency,
        ca_bundle=Path(llm.ca_bundle).expanduser() if llm.ca_bundle else None,
        extra_headers=llm.extra_headers,
    )


def _reply_tokens(llm: LLMSettings, max_search_tokens: int | None) -> int:
    if max_search_tokens is None:
        return llm.max_output_tokens
    share = max(_MIN_REPLY_TOKENS, max_search_tokens // _REPLIES_PER_SEARCH)
    return min(llm.max_output_tokens, share)
