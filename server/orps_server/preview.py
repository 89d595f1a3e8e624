"""Exactly what the first requests would hold, for people to read before it leaves."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from orps_search.config import Budget
from orps_search.model import Message, estimated_tokens
from orps_search.openai_model import OpenAIModel
from orps_search.problem import Problem
from orps_search.proposer import Expansion, ExpansionId
from orps_search.roles import ModelProgrammer, ModelTester
from orps_server.disclosure.redacted_model import redacted
from orps_server.endpoint import (
    OPENAI_URL,
    Endpoint,
    configured_endpoint,
    model_settings,
)
from orps_server.parsing_thread import in_parsing_thread
from orps_server.preparation import GenerateRequest, Preparation, prepare, with_pieces
from orps_server.proposers import redactor_of, search_budget
from orps_server.settings import Settings

FIRST_DRAFT = Expansion(id=ExpansionId(0), parent=None, round=0, sample=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFile:
    """How much of a file a prompt holds."""

    path: str
    n_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    endpoint: Endpoint | None
    """`None`: the offline proposer's turn, which sends nothing."""
    messages: tuple[Message, ...]
    files: tuple[ShownFile, ...]
    n_redactions: int
    n_tokens: int
    """Estimated, of the messages."""
    max_reply_tokens: int


def preview(
    preparation: Preparation,
    settings: Settings,
    environment: Mapping[str, str] = os.environ,
) -> Preview:
    """Write what is sent first; nothing is sent, nothing is started.

    That is the prompt of a draft, after that for tests if a model may be asked for these.
    """
    problem = preparation.problem(case_ids=())
    endpoint = configured_endpoint(settings.llm)
    assumed = endpoint or Endpoint(base_url=OPENAI_URL, model="")
    budget = search_budget(Budget(), settings)
    described = model_settings(
        settings.llm, assumed, assumed.model, max_search_tokens=budget.max_tokens
    )
    model = OpenAIModel(described)
    written = ModelProgrammer(model).messages(problem, FIRST_DRAFT)
    if settings.search.generated_tests != "off":
        written = (*ModelTester(model).messages(problem), *written)
    redactor = redactor_of(problem, settings, environment)
    messages = redacted(written, redactor)
    return Preview(
        endpoint=endpoint,
        messages=messages,
        files=_files(preparation, problem),
        n_redactions=sum(redactor.redact(each.content).count for each in written),
        n_tokens=sum(estimated_tokens(message.content) for message in messages),
        max_reply_tokens=model.max_output_tokens,
    )


async def written_prompt(
    request: GenerateRequest, settings: Settings, environment: Mapping[str, str]
) -> Preview:
    """The same for what was asked in an editor; raises `RequestFault`."""
    # In threads, since the project's files may lie on a slow disk.
    bare = await in_parsing_thread(prepare, request, settings, environment)
    preparation = await with_pieces(bare, settings)
    return await in_parsing_thread(preview, preparation, settings, environment)


def preview_text(shown: Preview) -> str:
    """The preview as one text: a header for people, then the messages."""
    files = ", ".join(f"{each.path} ({each.n_bytes} bytes)" for each in shown.files)
    secrets = "secret" if shown.n_redactions == 1 else "secrets"
    lines = [
        *_recipient(shown.endpoint),
        f"# tokens: about {shown.n_tokens}, at most {shown.max_reply_tokens} in the reply",
        f"# files: {files}",
        f"# taken out: {shown.n_redactions} {secrets}",
    ]
    for message in shown.messages:
        lines += [f"--- {message.role} ---", message.content.rstrip("\n")]
    return "\n".join(lines) + "\n"


def _files(preparation: Preparation, problem: Problem) -> tuple[ShownFile, ...]:
    texts = {problem.module_path: problem.context + problem.target.source}
    for path, text in problem.test_sources.items():
        texts[path] = texts.get(path, "") + text
    for piece in preparation.pieces:
        texts[piece.path] = texts.get(piece.path, "") + piece.text
    return tuple(
        ShownFile(path=path, n_bytes=len(text.encode())) for path, text in texts.items()
    )


def _recipient(endpoint: Endpoint | None) -> tuple[str, str]:
    if endpoint is None:
        return (
            "# endpoint: none is configured; the offline proposer sends nothing",
            "# model: none; set --model and --base-url",
        )
    model = endpoint.model or "the only one that the endpoint lists"
    return f"# endpoint: {endpoint.base_url}", f"# model: {model}"
