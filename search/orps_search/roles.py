"""The paper's two roles, played by chat models."""

from collections.abc import Sequence
from dataclasses import replace

from orps_search.candidate import Candidate, Critique
from orps_search.critique_replies import parse_critique
from orps_search.model import ChatModel, FinishReason, Message, characters, worst_case
from orps_search.problem import Problem
from orps_search.prompts import critic_messages, programmer_messages, repair_messages
from orps_search.proposer import Expansion, MalformedReply, Proposal, Usage
from orps_search.replies import parse_proposal


class ModelProgrammer:
    """Writes candidates by asking a model."""

    def __init__(self, model: ChatModel, *, seed: int | None = None) -> None:
        self._model = model
        self._seed = seed

    @property
    def name(self) -> str:
        return self._model.name

    def messages(self, problem: Problem, expansion: Expansion) -> tuple[Message, ...]:
        """Exactly what `propose` sends first."""
        return programmer_messages(
            problem, expansion, limit_characters=characters(self._model.prompt_tokens)
        )

    def worst_case(self, problem: Problem, expansion: Expansion) -> Usage:
        return worst_case(self._model, self.messages(problem, expansion))

    async def propose(
        self,
        problem: Problem,
        expansion: Expansion,
        rejected: MalformedReply | None = None,
    ) -> tuple[Proposal | MalformedReply, Usage]:
        messages = _asked(self.messages(problem, expansion), rejected)
        # The same seed for every sample would make them all the same.
        seed = None if self._seed is None else self._seed + expansion.id
        reply = await self._model.complete(messages, seed=seed)
        proposal = parse_proposal(reply.text, problem)
        if isinstance(proposal, MalformedReply):
            return _explained(proposal, reply.finish), reply.usage
        if not proposal.reasoning:
            return replace(proposal, reasoning=reply.thinking), reply.usage
        return proposal, reply.usage


class ModelCritic:
    """Judges candidates by asking a model, perhaps another one."""

    def __init__(self, model: ChatModel, *, seed: int | None = None) -> None:
        self._model = model
        self._seed = seed

    def messages(self, problem: Problem, candidate: Candidate) -> tuple[Message, ...]:
        """Exactly what `review` sends first."""
        return critic_messages(
            problem, candidate, limit_characters=characters(self._model.prompt_tokens)
        )

    def worst_case(self, problem: Problem, candidate: Candidate) -> Usage:
        return worst_case(self._model, self.messages(problem, candidate))

    async def review(
        self,
        problem: Problem,
        candidate: Candidate,
        rejected: MalformedReply | None = None,
    ) -> tuple[Critique | MalformedReply, Usage]:
        messages = _asked(self.messages(problem, candidate), rejected)
        reply = await self._model.complete(messages, seed=self._seed)
        critique = parse_critique(reply.text)
        if isinstance(critique, MalformedReply):
            return _explained(critique, reply.finish), reply.usage
        return critique, reply.usage


def _asked(
    messages: Sequence[Message], rejected: MalformedReply | None
) -> tuple[Message, ...]:
    return tuple(messages) if rejected is None else repair_messages(messages, rejected)


def _explained(rejected: MalformedReply, finish: FinishReason) -> MalformedReply:
    match finish:
        case FinishReason.STOP:
            return rejected
        case FinishReason.LENGTH:
            reason = f"it was cut off before it was complete ({rejected.reason})"
            return replace(rejected, reason=f"{reason}; be much shorter")
