"""How many tokens a call would have cost, where recordings answer it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

from orps_search.candidate import Candidate
from orps_search.model import Message, ReplySchema, estimated_tokens
from orps_search.problem import Problem
from orps_search.proposer import Expansion
from orps_search.roles import ModelCritic, ModelProgrammer
from orps_server.bench.recording import Recorded

_REVIEW_TOKENS = 150
"""Of a critique that nobody wrote."""


class Prices:
    """Prompts are written once for each program that is shown in them."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._programmer = ModelProgrammer(_Nobody())
        self._critic = ModelCritic(_Nobody())
        self._known: dict[tuple[str, str, bool], int] = {}

    def draft(self, expansion: Expansion, answer: Recorded) -> int:
        parent = expansion.parent
        key = ("", "", False)
        if parent is not None:
            key = ("repair", parent.code, parent.critique is not None)
        if key not in self._known:
            # Always of the same sample: what comes first must not make a difference.
            round_ = int(parent is not None)
            canonical = replace(expansion, sample=0, round=round_)
            messages = self._programmer.messages(self._problem, canonical)
            self._known[key] = _tokens(messages)
        reply = estimated_tokens(answer.thought) + estimated_tokens(answer.code)
        return self._known[key] + reply

    def review(self, candidate: Candidate) -> int:
        key = ("review", candidate.code, False)
        if key not in self._known:
            messages = self._critic.messages(self._problem, candidate)
            self._known[key] = _tokens(messages)
        return self._known[key] + _REVIEW_TOKENS


def _tokens(messages: Sequence[Message]) -> int:
    return sum(estimated_tokens(message.content) for message in messages)


class _Nobody:
    """A model that is never asked."""

    name = "nobody"
    prompt_tokens = 30_000
    max_output_tokens = 2_000

    async def complete(
        self,
        messages: Sequence[Message],  # noqa: ARG002 - the protocol's
        *,
        seed: int | None = None,  # noqa: ARG002 - the protocol's
        schema: ReplySchema | None = None,  # noqa: ARG002 - the protocol's
    ) -> NoReturn:
        raise AssertionError("prices are estimated, nobody is asked")
