"""The paper's two roles, and those of tester and judge, played by chat models."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from orps_search.candidate import Candidate, Critique
from orps_search.critique_replies import CRITIQUE_SCHEMA, parse_critique
from orps_search.errors import ModelRejected
from orps_search.journal.seam import overheard
from orps_search.judge_replies import parse_judgement
from orps_search.model import (
    ChatModel,
    FinishReason,
    Message,
    Reply,
    ReplySchema,
    characters,
    worst_case,
)
from orps_search.prices import FREE, Price, priced
from orps_search.problem import Problem
from orps_search.prompts import (
    critic_messages,
    judge_messages,
    messages_to_tester,
    programmer_messages,
    repair_messages,
)
from orps_search.proposer import (
    Difference,
    Expansion,
    Judgement,
    MalformedReply,
    Proposal,
    Usage,
    WrittenTests,
)
from orps_search.replies import parse_proposal
from orps_search.written_tests import parse_tests

_Write = Callable[..., tuple[Message, ...]]
"""Writes a prompt, given `limit_characters`."""


class ModelProgrammer:
    """Writes candidates by asking a model."""

    def __init__(
        self, model: ChatModel, *, seed: int | None = None, price: Price = FREE
    ) -> None:
        self._model = model
        self._prompter = _Prompter(model, price)
        self._seed = seed

    @property
    def name(self) -> str:
        return self._model.name

    def messages(self, problem: Problem, expansion: Expansion) -> tuple[Message, ...]:
        """Exactly what `propose` sends first."""
        return self._prompter.written(partial(programmer_messages, problem, expansion))

    def worst_case(self, problem: Problem, expansion: Expansion) -> Usage:
        return self._prompter.worst_case(self.messages(problem, expansion))

    async def propose(
        self,
        problem: Problem,
        expansion: Expansion,
        rejected: MalformedReply | None = None,
    ) -> tuple[Proposal | MalformedReply, Usage]:
        write = partial(programmer_messages, problem, expansion)
        # The same seed for every sample would make them all the same.
        seed = None if self._seed is None else self._seed + expansion.id
        reply = await self._prompter.ask(write, rejected, seed)
        proposal = parse_proposal(_spoken(reply), problem)
        if isinstance(proposal, MalformedReply):
            return _explained(proposal, reply.finish), reply.usage
        if not proposal.reasoning:
            return replace(proposal, reasoning=reply.thinking), reply.usage
        return proposal, reply.usage


class ModelCritic:
    """Judges candidates by asking a model, perhaps another one."""

    def __init__(
        self, model: ChatModel, *, seed: int | None = None, price: Price = FREE
    ) -> None:
        self._prompter = _Prompter(model, price)
        self._seed = seed

    def messages(self, problem: Problem, candidate: Candidate) -> tuple[Message, ...]:
        """Exactly what `review` sends first."""
        return self._prompter.written(partial(critic_messages, problem, candidate))

    def worst_case(self, problem: Problem, candidate: Candidate) -> Usage:
        return self._prompter.worst_case(self.messages(problem, candidate))

    async def review(
        self,
        problem: Problem,
        candidate: Candidate,
        rejected: MalformedReply | None = None,
    ) -> tuple[Critique | MalformedReply, Usage]:
        write = partial(critic_messages, problem, candidate)
        reply = await self._prompter.ask(
            write, rejected, self._seed, schema=CRITIQUE_SCHEMA
        )
        critique = parse_critique(_spoken(reply))
        if isinstance(critique, MalformedReply):
            return _explained(critique, reply.finish), reply.usage
        return critique, reply.usage


class ModelTester:
    """Writes tests by asking a model."""

    def __init__(
        self, model: ChatModel, *, seed: int | None = None, price: Price = FREE
    ) -> None:
        self._prompter = _Prompter(model, price)
        self._seed = seed

    def messages(self, problem: Problem) -> tuple[Message, ...]:
        """Exactly what `write` sends first."""
        return self._prompter.written(partial(messages_to_tester, problem))

    def worst_case(self, problem: Problem) -> Usage:
        return self._prompter.worst_case(self.messages(problem))

    async def write(
        self, problem: Problem, rejected: MalformedReply | None = None
    ) -> tuple[WrittenTests | MalformedReply, Usage]:
        write = partial(messages_to_tester, problem)
        reply = await self._prompter.ask(write, rejected, self._seed)
        tests = parse_tests(reply.text, problem)
        if isinstance(tests, MalformedReply):
            return _explained(tests, reply.finish), reply.usage
        return tests, reply.usage


class ModelJudge:
    """Compares candidates by asking a model."""

    def __init__(
        self, model: ChatModel, *, seed: int | None = None, price: Price = FREE
    ) -> None:
        self._prompter = _Prompter(model, price)
        self._seed = seed

    def worst_case(
        self,
        problem: Problem,
        pair: tuple[Candidate, Candidate],
        difference: Difference | None,
    ) -> Usage:
        write = partial(judge_messages, problem, pair, difference)
        return self._prompter.worst_case(self._prompter.written(write))

    async def judge(
        self,
        problem: Problem,
        pair: tuple[Candidate, Candidate],
        difference: Difference | None,
        rejected: MalformedReply | None = None,
    ) -> tuple[Judgement | MalformedReply, Usage]:
        write = partial(judge_messages, problem, pair, difference)
        reply = await self._prompter.ask(write, rejected, self._seed)
        judgement = parse_judgement(reply.text)
        if isinstance(judgement, MalformedReply):
            return _explained(judgement, reply.finish), reply.usage
        return judgement, reply.usage


class _Prompter:
    """Writes prompts that fit, and learns how long they may be.

    The settings may promise more context than the endpoint has. A prompt that it
    refuses as too long is shortened to the half, once; so are all that follow.
    """

    def __init__(self, model: ChatModel, price: Price) -> None:
        self._model = model
        self._price = price
        self._limit_characters = characters(model.prompt_tokens)

    def written(self, write: _Write) -> tuple[Message, ...]:
        return write(limit_characters=self._limit_characters)

    async def ask(
        self,
        write: _Write,
        rejected: MalformedReply | None,
        seed: int | None,
        *,
        schema: ReplySchema | None = None,
    ) -> Reply:
        messages = self._asked(write, rejected)
        try:
            return await self._complete(messages, seed, schema)
        except ModelRejected as error:
            if error.kind != "contextTooLong":
                raise
        half = sum(len(message.content) for message in messages) // 2
        self._limit_characters = min(self._limit_characters, half)
        return await self._complete(self._asked(write, rejected), seed, schema)

    async def _complete(
        self,
        messages: tuple[Message, ...],
        seed: int | None,
        schema: ReplySchema | None,
    ) -> Reply:
        reply = await self._model.complete(messages, seed=seed, schema=schema)
        overheard([message.content for message in messages], reply.text)
        return replace(reply, usage=priced(reply.usage, self._price))

    def worst_case(self, messages: tuple[Message, ...]) -> Usage:
        return priced(worst_case(self._model, messages), self._price)

    def _asked(
        self, write: _Write, rejected: MalformedReply | None
    ) -> tuple[Message, ...]:
        messages = self.written(write)
        return messages if rejected is None else repair_messages(messages, rejected)


def _spoken(reply: Reply) -> str:
    """Endpoints that take everything for thinking leave the answer itself empty."""
    return reply.text if reply.text.strip() else reply.thinking


def _explained(rejected: MalformedReply, finish: FinishReason) -> MalformedReply:
    match finish:
        case FinishReason.STOP:
            return rejected
        case FinishReason.LENGTH:
            reason = f"it was cut off before it was complete ({rejected.reason})"
            return replace(rejected, reason=f"{reason}; be much shorter")
