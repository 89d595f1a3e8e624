"""`orps-lsp prompt`: exactly what would be sent for a first draft; sends nothing."""

import argparse
import os
from dataclasses import dataclass
from typing import Self

from anyio import to_thread

from orps_search.config import Budget
from orps_search.model import estimated_tokens
from orps_search.openai_model import OpenAIModel
from orps_search.problem import Problem
from orps_search.proposer import Expansion, ExpansionId
from orps_search.roles import ModelProgrammer
from orps_server.cli.options import (
    Targeted,
    add_search,
    add_target,
    overrides,
    target_name,
    test_names,
)
from orps_server.cli.requests import request_of, settings_for
from orps_server.cli.status import ExitStatus
from orps_server.cli.streams import write_result
from orps_server.endpoint import (
    OPENAI_URL,
    Endpoint,
    configured_endpoint,
    model_settings,
)
from orps_server.preparation import prepare
from orps_server.proposers import search_budget
from orps_server.settings import Settings
from orps_server.workspace import folder_root


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt(Targeted):
    @classmethod
    def declare(cls, parser: argparse.ArgumentParser) -> None:
        add_target(parser)
        add_search(parser)

    @classmethod
    def read(cls, known: argparse.Namespace) -> Self:
        return cls(
            overrides=overrides(known),
            target=target_name(known.target),
            tests=test_names(known),
        )

    async def run(self) -> ExitStatus:
        return await prompt(self)


FIRST_DRAFT = Expansion(id=ExpansionId(0), parent=None, round=0, sample=0)


async def prompt(command: Prompt) -> ExitStatus:
    request = request_of(command.target, command.tests)
    settings = settings_for(folder_root(request.file.parent), command.overrides)
    preparation = await to_thread.run_sync(prepare, request, settings, os.environ)
    problem = preparation.problem(case_ids=())
    endpoint = configured_endpoint(settings.llm)
    write_result(prompt_text(problem, endpoint, settings))
    return ExitStatus.SOLVED


def prompt_text(problem: Problem, endpoint: Endpoint | None, settings: Settings) -> str:
    addressee = endpoint or Endpoint(base_url=OPENAI_URL, model="")
    model = OpenAIModel(
        model_settings(
            settings.llm,
            addressee,
            addressee.model,
            max_search_tokens=search_budget(Budget(), settings).max_tokens,
        )
    )
    messages = ModelProgrammer(model).messages(problem, FIRST_DRAFT)
    n_tokens = sum(estimated_tokens(message.content) for message in messages)
    files = ", ".join((problem.module_path, *sorted(problem.test_sources)))
    lines = [
        *_recipient(endpoint),
        f"# tokens: about {n_tokens}, and at most {model.max_output_tokens} in the reply",
        f"# files: {files}",
    ]
    for message in messages:
        lines += [f"--- {message.role} ---", message.content.rstrip("\n")]
    return "\n".join(lines) + "\n"


def _recipient(endpoint: Endpoint | None) -> tuple[str, str]:
    if endpoint is None:
        return (
            "# endpoint: none is configured; the offline proposer sends nothing",
            "# model: none; set --model and --base-url",
        )
    model = endpoint.model or "the only one that the endpoint lists"
    return f"# endpoint: {endpoint.base_url}", f"# model: {model}"


COMMAND = Prompt
